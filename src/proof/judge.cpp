#include "proof/judge.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace pga::proof {
namespace {

const std::string& text_of(const Snapshot& snapshot, const std::string& object) {
  static const std::string none;
  const auto found = snapshot.objects.find(object);
  return found == snapshot.objects.end() ? none : found->second;
}

// The name is the first word; a quoted one may hold spaces.
std::string column_name(const std::string& column) {
  if (!column.starts_with('"')) return column.substr(0, column.find(' '));
  size_t end = 1;
  while (end < column.size() && (column[end] != '"' || (end + 1 < column.size() && column[end + 1] == '"'))) {
    end += column[end] == '"' ? 2 : 1;
  }
  return column.substr(0, end + 1);
}

std::vector<std::string> names_of(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column_name(column));
  return names;
}

// A column was added, or made anew, in a table that was there before: it stands at the end, whatever is wanted.
bool may_differ(const std::string& table, const std::vector<std::string>& wanted, const Snapshot* start) {
  if (start == nullptr) return false;
  const auto before = start->columns.find(table);
  if (before == start->columns.end()) return false;
  const std::set<std::string> had(before->second.begin(), before->second.end());
  return std::ranges::any_of(wanted, [&](const auto& column) { return !had.contains(column); });
}

// Lists of columns that PostgreSQL keeps by position: the order follows that of the table.
bool follows_columns(const std::string& object) {
  return object.starts_with("statistics ") || object.starts_with("publication table ");
}

// The entries of an access list have no order that means anything.
bool is_set_of_lines(const std::string& object) {
  return object.starts_with("privileges of ");
}

std::string sorted_lines(const std::string& text) {
  auto lines = split(text, '\n');
  std::ranges::sort(lines);
  return join(lines, "\n");
}

std::string in_any_order(const std::string& text) {
  std::string words = text;
  for (char& c : words) {
    if (c == ',' || c == '(' || c == ')' || c == ';' || c == '\n') c = ' ';
  }
  auto parts = split(words, ' ');
  std::ranges::sort(parts);
  return join(parts, " ");
}

}  // namespace

Result<Snapshot> snapshot(const postgres::Server& server, const std::string& database, const JudgeOptions& options) {
  // pg_dump is handed a connection string on its command line, where a password would be seen: private servers only.
  if (!options.catalog_queries && server.is_private() && has_pg_dump(server.major())) return dump_snapshot(server, database);
  return catalog_snapshot(server, database);
}

Comparison compare(const Snapshot& found, const Snapshot& wanted, const Snapshot* start) {
  Comparison out;
  out.observer = found.observer;
  for (const auto& [table, columns] : wanted.columns) {
    const auto other = found.columns.find(table);
    if (other == found.columns.end()) continue;
    const auto names = names_of(columns);
    const auto other_names = names_of(other->second);
    if (names == other_names || !std::ranges::is_permutation(names, other_names)) continue;
    if (may_differ(table, columns, start)) {
      out.column_order.push_back(table);
    } else {
      out.differences.push_back({"column order of " + table, join(other_names, "\n"), join(names, "\n")});
    }
  }
  std::set<std::string> objects;
  for (const auto& [object, text] : found.objects) objects.insert(object);
  for (const auto& [object, text] : wanted.objects) objects.insert(object);
  for (const auto& object : objects) {
    const auto& left = text_of(found, object);
    const auto& right = text_of(wanted, object);
    if (left == right) continue;
    if (is_set_of_lines(object) && sorted_lines(left) == sorted_lines(right)) continue;
    if (!out.column_order.empty() && follows_columns(object) && in_any_order(left) == in_any_order(right)) continue;
    out.differences.push_back({object, left, right});
  }
  std::ranges::sort(out.differences, {}, &Difference::object);
  return out;
}

std::string to_text(const Difference& difference) {
  if (difference.wanted.empty()) return "is there and should not be:\n  + " + replace_all(difference.found, "\n", "\n  + ");
  if (difference.found.empty()) return "is missing:\n  - " + replace_all(difference.wanted, "\n", "\n  - ");
  const auto found = split(difference.found, '\n');
  const auto wanted = split(difference.wanted, '\n');
  // The texts are short: what the two have in common at both ends is left out, the rest is shown whole.
  size_t head = 0, tail = 0;
  const size_t shorter = std::min(found.size(), wanted.size());
  while (head < shorter && found[head] == wanted[head]) ++head;
  while (tail < shorter - head && found[found.size() - 1 - tail] == wanted[wanted.size() - 1 - tail]) ++tail;
  std::string out = "differs (- wanted, + found):";
  const std::set<std::string> here(found.begin(), found.end()), there(wanted.begin(), wanted.end());
  for (size_t i = head; i < wanted.size() - tail; ++i) {
    if (!here.contains(wanted[i])) out += "\n  - " + wanted[i];
  }
  for (size_t i = head; i < found.size() - tail; ++i) {
    if (!there.contains(found[i])) out += "\n  + " + found[i];
  }
  if (out.find('\n') == std::string::npos) out += "\n  the same lines in another order";
  return out;
}

}  // namespace pga::proof
