#include "schema/kinds/parts.h"

#include <algorithm>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "schema/table_ddl.h"

namespace pga::schema {
namespace {

bool listed(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

// privilege|grantable|o, p or r|role, as the reader's @acl@ writes them: a role may hold '|', so it is last.
struct ColumnGrant {
  std::string privilege, grantee;
  bool grantable = false;
};

ColumnGrant parse_grant(const Object& object, const std::string& item) {
  const auto parts = split(item, '|');
  PGA_ASSERT(parts.size() >= 4);
  ColumnGrant out{parts[0], "PUBLIC", parts[1] == "true"};
  if (parts[2] == "o") out.grantee = object.owner ? ident(*object.owner) : "CURRENT_USER";
  if (parts[2] == "r") out.grantee = ident(item.substr(parts[0].size() + parts[1].size() + parts[2].size() + 3));
  return out;
}

void grant_changes(const Object* from, const Object& to, const std::string& relation, Statements& out) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const Pairs before = from == nullptr ? Pairs{} : pairs(*from, "privilege_columns", "privilege_grants");
  const Pairs after = pairs(to, "privilege_columns", "privilege_grants");
  for (const auto& pair : before) {
    if (std::ranges::find(after, pair) != after.end()) continue;
    const auto columns = to.list("columns");
    if (!listed(columns, pair.first)) continue;
    const ColumnGrant grant = parse_grant(*from, pair.second);
    out.push_back({"REVOKE " + grant.privilege + " (" + ident(pair.first) + ") ON TABLE " + relation + " FROM " + grant.grantee});
  }
  for (const auto& pair : after) {
    if (std::ranges::find(before, pair) != before.end()) continue;
    const ColumnGrant grant = parse_grant(to, pair.second);
    out.push_back({"GRANT " + grant.privilege + " (" + ident(pair.first) + ") ON TABLE " + relation + " TO " + grant.grantee +
                   (grant.grantable ? " WITH GRANT OPTION" : "")});
  }
}

}  // namespace

std::vector<ListChange> list_changes(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  std::vector<ListChange> out;
  for (const auto& item : from) {
    if (!listed(to, item)) out.push_back({false, item});
  }
  for (const auto& item : to) {
    if (!listed(from, item)) out.push_back({true, item});
  }
  return out;
}

Statements options_change(const std::string& alter, const std::vector<std::string>& from, const std::vector<std::string>& to) {
  Statements out;
  for (const auto& clause : storage_parameters_change(from, to)) out.push_back({alter + " " + clause});
  return out;
}

std::vector<std::pair<std::string, std::string>> pairs(const Object& object, std::string_view names, std::string_view values) {
  const auto first = object.list(names), second = object.list(values);
  PGA_ASSERT(first.size() == second.size());
  std::vector<std::pair<std::string, std::string>> out;
  for (size_t i = 0; i < first.size(); ++i) out.emplace_back(first[i], second[i]);
  return out;
}

Statements column_extras(const Object* from, const Object& to) {
  Statements out;
  const std::string relation = kind_of(to.id.kind).address(to);
  std::map<std::string, std::string> before, after;
  if (from != nullptr) {
    for (auto& [column, text] : pairs(*from, "comment_columns", "comments")) before[column] = text;
  }
  for (auto& [column, text] : pairs(to, "comment_columns", "comments")) after[column] = text;
  const auto columns = to.list("columns");
  for (const auto& [column, text] : before) {
    if (!after.contains(column) && listed(columns, column)) {
      out.push_back({"COMMENT ON COLUMN " + relation + "." + ident(column) + " IS NULL"});
    }
  }
  for (const auto& [column, text] : after) {
    if (const auto it = before.find(column); it != before.end() && it->second == text) continue;
    out.push_back({"COMMENT ON COLUMN " + relation + "." + ident(column) + " IS " + literal(text)});
  }
  grant_changes(from, to, relation, out);
  return out;
}

std::vector<std::string> column_roles(const Object& object) {
  std::vector<std::string> out;
  for (const auto& item : object.list("privilege_grants")) {
    const auto parts = split(item, '|');
    if (parts.size() >= 4 && parts[2] == "r") {
      out.push_back(item.substr(parts[0].size() + parts[1].size() + parts[2].size() + 3));
    }
  }
  return out;
}

}  // namespace pga::schema
