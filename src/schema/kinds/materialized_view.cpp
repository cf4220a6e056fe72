// Materialized views. Another definition creates the view anew (there is no OR REPLACE); storage, tablespace, columns' settings
// and whether it is populated change in place. https://www.postgresql.org/docs/current/sql-altermaterializedview.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kMaterializedViewFields = {
    Field{"definition", FieldType::sql, "The query, as pg_get_viewdef prints it."},
    Field{"populated", FieldType::boolean, "Holds the rows of its last refresh; false: WITH NO DATA."},
    Field{"access_method", FieldType::text, "Table access method."},
    Field{"tablespace", FieldType::text, "Tablespace; NULL: the database's."},
    Field{"options", FieldType::list, "Storage parameters as name=value, those of the TOAST table as toast.name=value."},
    Field{"columns", FieldType::list, "Names of the columns."},
    Field{"column_types", FieldType::list, "Types of the columns, with COLLATE where it is not the type's own."},
    Field{"column_storage", FieldType::list, "Storage that the types of the columns have by themselves.", Compare::no},
    Field{"comment_columns", FieldType::list, "Columns with a comment."},
    Field{"comments", FieldType::list, "The comments of comment_columns."},
    Field{"privilege_columns", FieldType::list, "Columns with privileges of their own, one entry a privilege."},
    Field{"privilege_grants", FieldType::list, "Their privileges: privilege|grantable|o, p or r|role."},
    Field{"setting_columns", FieldType::list, "Columns with settings of their own, one entry a setting."},
    Field{"settings", FieldType::list, "Their settings: statistics=n, storage=s, compression=c, option name=value."},
    Field{"depends_on_extensions", FieldType::list, "Extensions whose drop drops this too (DEPENDS ON EXTENSION)."},
};

std::string setting_action(const std::string& setting) {
  const size_t equals = setting.find('=');
  const std::string name = setting.substr(0, equals), value = setting.substr(equals + 1);
  if (name.starts_with("option ")) return "SET (" + storage_parameters({setting.substr(7)}) + ")";
  return (name == "statistics" ? "SET STATISTICS " : name == "storage" ? "SET STORAGE " : "SET COMPRESSION ") + value;
}

std::string reset_action(const Object& object, const std::string& column, const std::string& setting) {
  const std::string name = setting.substr(0, setting.find('='));
  if (name.starts_with("option ")) return "RESET (" + ident(name.substr(7)) + ")";
  if (name == "statistics") return "SET STATISTICS -1";
  if (name == "compression") return "SET COMPRESSION default";
  for (const auto& [of, storage] : pairs(object, "columns", "column_storage")) {
    if (of == column) return "SET STORAGE " + storage;
  }
  return "SET STORAGE EXTENDED";
}

class MaterializedViewKind : public Kind {
 public:
  KindId id() const override { return KindId::materialized_view; }
  std::string_view slug() const override { return "materialized_view"; }
  std::string_view keyword() const override { return "MATERIALIZED VIEW"; }
  std::string_view catalog() const override { return "pg_class"; }
  std::string_view query() const override { return embedded::schema::kinds_materialized_view; }
  std::span<const Field> fields() const override { return kMaterializedViewFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = "CREATE MATERIALIZED VIEW " + address(object);
    if (object.value("access_method")) sql += " USING " + ident(object.text("access_method"));
    if (const auto options = object.list("options"); !options.empty()) sql += " WITH (" + storage_parameters(options) + ")";
    if (object.value("tablespace")) sql += " TABLESPACE " + ident(object.text("tablespace"));
    sql += " AS\n" + object.text("definition") + (object.flag("populated") ? "\n  WITH DATA" : "\n  WITH NO DATA");
    Statements out = {{sql}};
    column_settings_change(nullptr, object, out);
    depend_on(object, {}, object.list("depends_on_extensions"), out);
    for (auto& statement : column_extras(nullptr, object)) out.push_back(std::move(statement));
    return out;
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    if (has("definition") || has("columns") || has("column_types")) return Alteration::recreate();
    const std::string alter = "ALTER MATERIALIZED VIEW " + address(to);
    Statements out;
    if (has("access_method")) {  // SET ACCESS METHOD came with 15
      if (from_db.major() < 15 || to_db.major() < 15 || !to.value("access_method")) return Alteration::recreate();
      out.push_back({alter + " SET ACCESS METHOD " + ident(to.text("access_method"))});
    }
    if (has("tablespace")) {
      out.push_back({alter + " SET TABLESPACE " + (to.value("tablespace") ? ident(to.text("tablespace")) : "pg_default")});
    }
    for (auto& statement : options_change(alter, from.list("options"), to.list("options"))) out.push_back(std::move(statement));
    column_settings_change(&from, to, out);
    depend_on(to, from.list("depends_on_extensions"), to.list("depends_on_extensions"), out);
    for (auto& statement : column_extras(&from, to)) out.push_back(std::move(statement));
    if (has("populated")) {
      out.push_back({"REFRESH MATERIALIZED VIEW " + address(to) + (to.flag("populated") ? "" : " WITH NO DATA")});
    }
    return Alteration::in_place(std::move(out));
  }

  std::string grant_target(const Object& object) const override { return "TABLE " + address(object); }
  std::vector<std::string> roles(const Object& object) const override { return column_roles(object); }

 private:
  void column_settings_change(const Object* from, const Object& to, Statements& out) const {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    const Pairs before = from == nullptr ? Pairs{} : pairs(*from, "setting_columns", "settings");
    const Pairs after = pairs(to, "setting_columns", "settings");
    const auto say = [&](const std::string& column, const std::string& action) {
      out.push_back({"ALTER MATERIALIZED VIEW " + address(to) + " ALTER COLUMN " + ident(column) + " " + action});
    };
    for (const auto& pair : before) {
      if (std::ranges::find(after, pair) == after.end()) say(pair.first, reset_action(to, pair.first, pair.second));
    }
    for (const auto& pair : after) {
      if (std::ranges::find(before, pair) == before.end()) say(pair.first, setting_action(pair.second));
    }
  }

  void depend_on(const Object& object, const std::vector<std::string>& from, const std::vector<std::string>& to,
                 Statements& out) const {
    for (const auto& change : list_changes(from, to)) {
      out.push_back({"ALTER MATERIALIZED VIEW " + address(object) + (change.added ? "" : " NO") + " DEPENDS ON EXTENSION " +
                     ident(change.item)});
    }
  }
};

}  // namespace

const Kind& make_materialized_view() {
  static const MaterializedViewKind kind;
  return kind;
}

}  // namespace pga::schema
