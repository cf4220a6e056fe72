#include "base/result.h"

namespace pga {

std::string to_text(const Error& error) {
  std::string text;
  if (!error.place.file.empty()) {
    text += error.place.file;
    if (error.place.line > 0) text += ":" + std::to_string(error.place.line);
    if (error.place.column > 0) text += ":" + std::to_string(error.place.column);
    text += ": ";
  }
  text += "error [" + error.code + "]: " + error.message;
  if (!error.sqlstate.empty()) text += " (SQLSTATE " + error.sqlstate + ")";
  if (!error.detail.empty()) text += "\n  " + error.detail;
  if (!error.hint.empty()) text += "\n  hint: " + error.hint;
  return text;
}

}  // namespace pga
