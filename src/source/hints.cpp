// Rename hints in comments: see rename_hints() in script.h and source.h.
#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "source/script.h"

namespace pga::source {
namespace {

constexpr std::string_view kMark = "pgarchitect:";

// The statement that a comment belongs to: the one around it, or the next one below it.
const sql::Item* statement_at(const sql::Script& script, size_t offset) {
  for (const auto& item : script.items) {
    if (item.type == sql::ItemType::statement && item.offset + item.text.size() >= offset) return &item;
  }
  return nullptr;
}

// CREATE … TABLE [IF NOT EXISTS] a.b: "a.b", with the place where the name ends.
std::string table_of(const std::vector<sql::Word>& words, size_t& next) {
  size_t at = 0;
  while (at < words.size() && !words[at].is("table")) ++at;
  if (words.empty() || !words[0].is("create") || at >= words.size()) return {};
  ++at;
  if (at + 2 < words.size() && words[at].is("if")) at += 3;
  std::string name;
  while (at < words.size() && words[at].is_name()) {
    name += ident(words[at].text);
    if (at + 1 >= words.size() || !words[at + 1].is_symbol('.')) break;
    name += '.';
    at += 2;
  }
  next = at + 1;
  return name;
}

// The first name of the line of the comment (or, for a comment that stands alone, of the next line with one).
std::string hint_of(const sql::Item& item, const sql::Comment& comment, std::string_view text, const std::string& old) {
  const auto words = sql::words(item.text);
  size_t next = 0;
  const std::string table = table_of(words, next);
  if (table.empty()) return {};
  if (comment.offset < item.offset) {  // above the statement: the table itself
    const size_t dot = table.rfind('.');
    const std::string parent = dot == std::string::npos || old.find('.') != std::string::npos ? "" : table.substr(0, dot + 1);
    return parent + old + "=" + (dot == std::string::npos ? table : table.substr(dot + 1));
  }
  const size_t line = comment.offset == 0 ? 0 : text.rfind('\n', comment.offset - 1) + 1;
  const size_t from = comment.alone ? comment.offset : line;
  for (size_t i = next; i < words.size(); ++i) {
    if (item.offset + words[i].begin < from || !words[i].is_name()) continue;
    return table + "." + old + "=" + ident(words[i].text);
  }
  return {};
}

}  // namespace

std::vector<std::string> rename_hints(const sql::Script& script, std::string_view text) {
  std::vector<std::string> out;
  for (const auto& comment : script.comments) {
    auto body = trim(comment.text.substr(2));
    if (!starts_with_nocase(body, kMark)) continue;
    body = trim(body.substr(kMark.size()));
    std::string hint;
    if (starts_with_nocase(body, "rename ")) {
      hint = std::string(trim(body.substr(7)));
    } else if (starts_with_nocase(body, "renamed from ")) {
      const std::string old(trim(body.substr(13)));
      if (const auto* item = statement_at(script, comment.offset)) hint = hint_of(*item, comment, text, old);
    }
    if (!hint.empty() && std::find(out.begin(), out.end(), hint) == out.end()) out.push_back(std::move(hint));
  }
  return out;
}

}  // namespace pga::source
