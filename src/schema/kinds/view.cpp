// Views. A new definition that only appends columns is CREATE OR REPLACE, which states every option again because it replaces
// them all (a lost security_invoker would open the tables below). Any other change of columns creates the view anew.
// https://www.postgresql.org/docs/current/sql-createview.html
#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kViewFields = {
    Field{"definition", FieldType::sql, "The query, as pg_get_viewdef prints it."},
    Field{"options", FieldType::list, "security_barrier and security_invoker (15 and newer) as name=value."},
    Field{"check_option", FieldType::text, "local or cascaded; NULL: rows are not checked."},
    Field{"columns", FieldType::list, "Names of the columns."},
    Field{"column_types", FieldType::list, "Types of the columns, with COLLATE where it is not the type's own."},
    Field{"default_columns", FieldType::list, "Columns with a default of the view."},
    Field{"defaults", FieldType::list, "The defaults of default_columns."},
    Field{"comment_columns", FieldType::list, "Columns with a comment."},
    Field{"comments", FieldType::list, "The comments of comment_columns."},
    Field{"privilege_columns", FieldType::list, "Columns with privileges of their own, one entry a privilege."},
    Field{"privilege_grants", FieldType::list, "Their privileges: privilege|grantable|o, p or r|role."},
};

// Whether `from` is where `to` begins.
bool extends(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  return from.size() <= to.size() && std::equal(from.begin(), from.end(), to.begin());
}

Statements default_changes(const Object* from, const Object& to, const std::string& view) {
  std::map<std::string, std::string> before, after;
  if (from != nullptr) {
    for (auto& [column, text] : pairs(*from, "default_columns", "defaults")) before[column] = text;
  }
  for (auto& [column, text] : pairs(to, "default_columns", "defaults")) after[column] = text;
  Statements out;
  const std::string alter = "ALTER VIEW " + view + " ALTER COLUMN ";
  for (const auto& [column, text] : before) {
    if (!after.contains(column)) out.push_back({alter + ident(column) + " DROP DEFAULT"});
  }
  for (const auto& [column, text] : after) {
    if (const auto it = before.find(column); it != before.end() && it->second == text) continue;
    out.push_back({alter + ident(column) + " SET DEFAULT " + text});
  }
  return out;
}

std::vector<std::string> all_options(const Object& view) {
  auto out = view.list("options");
  if (view.value("check_option")) out.push_back("check_option=" + view.text("check_option"));
  return out;
}

class ViewKind : public Kind {
 public:
  KindId id() const override { return KindId::view; }
  std::string_view slug() const override { return "view"; }
  std::string_view keyword() const override { return "VIEW"; }
  std::string_view catalog() const override { return "pg_class"; }
  std::string_view query() const override { return embedded::schema::kinds_view; }
  std::span<const Field> fields() const override { return kViewFields; }

  Statements create(const Object& object, const Database&) const override {
    Statements out = {{creation(object)}};
    append(out, default_changes(nullptr, object, address(object)));
    append(out, column_extras(nullptr, object));
    return out;
  }

  // The same columns without the query, so that what it names may come later (pg_dump breaks cycles the same way).
  Statements shell(const Object& object) const override {
    std::vector<std::string> columns;
    for (const auto& [name, type] : pairs(object, "columns", "column_types")) {
      columns.push_back("NULL::" + type + " AS " + ident(name));
    }
    return {{"CREATE VIEW " + address(object) + " AS SELECT " + join(columns, ", ")}};
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    if (!extends(from.list("columns"), to.list("columns")) || !extends(from.list("column_types"), to.list("column_types"))) {
      return Alteration::recreate();
    }
    Statements out;
    if (has("definition") || has("columns") || has("column_types")) {
      out.push_back({creation(to)});
    } else {
      out = options_change("ALTER VIEW " + address(to), all_options(from), all_options(to));
    }
    append(out, default_changes(&from, to, address(to)));
    append(out, column_extras(&from, to));
    return Alteration::in_place(std::move(out));
  }

  std::string grant_target(const Object& object) const override { return "TABLE " + address(object); }
  std::vector<std::string> roles(const Object& object) const override { return column_roles(object); }

 private:
  static void append(Statements& to, Statements more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  std::string creation(const Object& object) const {
    std::string sql = "CREATE OR REPLACE VIEW " + address(object);
    if (const auto options = object.list("options"); !options.empty()) sql += " WITH (" + storage_parameters(options) + ")";
    sql += " AS\n" + object.text("definition");
    if (object.text("check_option") == "local") sql += "\n  WITH LOCAL CHECK OPTION";
    if (object.text("check_option") == "cascaded") sql += "\n  WITH CASCADED CHECK OPTION";
    return sql;
  }
};

}  // namespace

const Kind& make_view() {
  static const ViewKind kind;
  return kind;
}

}  // namespace pga::schema
