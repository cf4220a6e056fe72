// Tables, partitioned tables and foreign tables. A change of form (table to partitioned, …), of the partition key, or of the
// parents cannot be made in place: the planner moves the rows.
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFields = {
    Field{"form", FieldType::text, "table, partitioned or foreign."},
    Field{"unlogged", FieldType::boolean, "UNLOGGED: not written to WAL, empty after a crash."},
    Field{"access_method", FieldType::text, "Table access method, where it is not heap."},
    Field{"tablespace", FieldType::text, "Tablespace, where it is not the database's."},
    Field{"options", FieldType::list, "Storage parameters, those of the TOAST table with the prefix toast."},
    Field{"replica_identity", FieldType::text, "DEFAULT, FULL, NOTHING or INDEX (which one is told by the index)."},
    Field{"row_security", FieldType::boolean, "ROW LEVEL SECURITY is enabled."},
    Field{"force_row_security", FieldType::boolean, "Row security also applies to the owner."},
    Field{"partition_key", FieldType::sql, "Strategy and key of a partitioned table."},
    Field{"partition_of", FieldType::list, "Schema and name of the table that this one is a partition of."},
    Field{"partition_bound", FieldType::sql, "FOR VALUES … or DEFAULT."},
    Field{"inherits", FieldType::list, "Parents (plain inheritance), in order."},
    Field{"of_type", FieldType::text, "Composite type of a typed table."},
    Field{"server", FieldType::text, "Foreign server of a foreign table."},
    Field{"server_options", FieldType::list, "Options of a foreign table."},
};

class TableKind : public Kind {
 public:
  KindId id() const override { return KindId::table; }
  std::string_view slug() const override { return "table"; }
  std::string_view keyword() const override { return "TABLE"; }
  std::string_view catalog() const override { return "pg_class"; }
  std::string_view query() const override { return embedded::schema::kinds_table; }
  std::span<const Field> fields() const override { return kFields; }
  bool holds_data() const override { return true; }

  Statements create(const Object& object, const Database& in) const override {
    return create_table(object, in, {}, natural_partition_form(object, in));
  }
  Statements drop(const Object& object, const Database&) const override {
    return {{std::string(object.text("form") == "foreign" ? "DROP FOREIGN TABLE " : "DROP TABLE ") + address(object)}};
  }
  std::string comment_target(const Object& object) const override {
    return (object.text("form") == "foreign" ? "FOREIGN TABLE " : "TABLE ") + address(object);
  }
  std::string owner_target(const Object& object) const override { return comment_target(object); }
  std::string grant_target(const Object& object) const override { return "TABLE " + address(object); }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override;
};

// Leaves one partitioned table and joins another (either may be none), with the rules that a partition must have or leaves with.
void change_parent(const Object& from, const Object& to, const Database& from_db, const Database& to_db, Statements& out) {
  const std::string table = "ALTER TABLE " + qualified(to.id.path);
  if (from.value("partition_of")) {
    out.push_back({"ALTER TABLE " + qualified(from.list("partition_of")) + " DETACH PARTITION " + qualified(to.id.path)});
    for (const auto& name : rules_left_behind(from, to, from_db, to_db)) {
      out.push_back({table + " DROP CONSTRAINT IF EXISTS " + ident(name)});
    }
  }
  if (!to.value("partition_of")) return;
  const auto had = rules_of_parents(from, from_db);
  for (const Object* rule : rules_of_parents(to, to_db)) {
    const auto named = [&](const Object* other) { return other->id.name() == rule->id.name(); };
    if (rule->text("type") != "CHECK" || std::ranges::any_of(had, named)) continue;  // foreign keys come along by themselves
    const Object own = rule_for(*rule, to);
    if (from_db.find(own.id) == nullptr) out.push_back({table + " ADD " + constraint_definition(own, !own.flag("validated"))});
  }
  out.push_back(attach_partition(to));
}

Alteration TableKind::alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed,
                            const Database& from_db, const Database& to_db) const {
  Statements out;
  const std::string table = "ALTER TABLE " + address(to);
  const std::string only = "ALTER TABLE ONLY " + address(to);
  const bool foreign = to.text("form") == "foreign";
  bool attached = false;
  for (const auto field : changed) {
    const bool on = to.flag(field);
    if (field == "form" || field == "partition_key" || field == "of_type" || field == "server") return Alteration::recreate();
    if (field == "unlogged") {
      out.push_back({table + (on ? " SET UNLOGGED" : " SET LOGGED")});
    } else if (field == "access_method") {
      if (to_db.major() < 15) return Alteration::recreate();
      out.push_back({table + " SET ACCESS METHOD " + ident(to.value(field).value_or("heap"))});
    } else if (field == "tablespace") {
      out.push_back({table + " SET TABLESPACE " + ident(to.value(field).value_or("pg_default"))});
    } else if (field == "options") {
      for (const auto& clause : storage_parameters_change(from.list(field), to.list(field))) out.push_back({only + " " + clause});
    } else if (field == "replica_identity") {
      if (to.text(field) != "INDEX") out.push_back({only + " REPLICA IDENTITY " + to.text(field)});
    } else if (field == "row_security") {
      out.push_back({table + (on ? " ENABLE" : " DISABLE") + " ROW LEVEL SECURITY"});
    } else if (field == "force_row_security") {
      out.push_back({only + (on ? " FORCE" : " NO FORCE") + " ROW LEVEL SECURITY"});
    } else if (field == "server_options" && foreign) {
      out.push_back(
          {"ALTER FOREIGN TABLE " + address(to) + " OPTIONS (" + generic_options_change(from.list(field), to.list(field)) + ")"});
    } else if ((field == "partition_of" || field == "partition_bound") && !attached) {
      attached = true;  // the two fields change together
      change_parent(from, to, from_db, to_db, out);
    } else if (field == "inherits") {
      const auto before = from.list(field), after = to.list(field);
      for (const auto& parent : before) {
        if (std::ranges::find(after, parent) == after.end()) out.push_back({table + " NO INHERIT " + parent});
      }
      for (const auto& parent : after) {
        if (std::ranges::find(before, parent) == before.end()) out.push_back({table + " INHERIT " + parent});
      }
    }
  }
  return Alteration::in_place(std::move(out));
}

}  // namespace

const Kind& make_table() {
  static const TableKind kind;
  return kind;
}

}  // namespace pga::schema
