// Constraints of tables. Validation, deferrability of foreign keys, storage parameters and the clustered mark change in place;
// the rest is dropped and added.
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFields = {
    Field{"type", FieldType::text, "PRIMARY KEY, UNIQUE, FOREIGN KEY, CHECK or EXCLUDE."},
    Field{"definition", FieldType::sql, "The constraint as pg_get_constraintdef prints it, without NOT VALID."},
    Field{"validated", FieldType::boolean, "Every existing row was checked."},
    Field{"columns", FieldType::list, "Constrained columns.", Compare::no},
    Field{"referenced_table", FieldType::list, "Schema and name of the table that a foreign key refers to.", Compare::no},
    Field{"referenced_columns", FieldType::list, "Columns that a foreign key refers to.", Compare::no},
    Field{"expression", FieldType::sql, "Expression of a check.", Compare::no},
    Field{"deferrable", FieldType::boolean, "DEFERRABLE (in the definition as well).", Compare::no},
    Field{"deferred", FieldType::boolean, "INITIALLY DEFERRED (in the definition as well).", Compare::no},
    Field{"no_inherit", FieldType::boolean, "NO INHERIT check (in the definition as well).", Compare::no},
    Field{"enforced", FieldType::boolean, "ENFORCED (18 and newer; in the definition as well).", Compare::no},
    Field{"temporal", FieldType::boolean, "WITHOUT OVERLAPS or PERIOD (in the definition as well).", Compare::no},
    Field{"nulls_not_distinct", FieldType::boolean, "NULLS NOT DISTINCT (in the definition as well).", Compare::no},
    Field{"included", FieldType::list, "INCLUDE columns (in the definition as well).", Compare::no},
    Field{"options", FieldType::list, "Storage parameters of the index of the constraint."},
    Field{"tablespace", FieldType::text, "Tablespace of the index of the constraint."},
    Field{"clustered", FieldType::boolean, "CLUSTER uses this index."},
    Field{"replica_identity", FieldType::boolean, "The index is the replica identity of its table."},
    Field{"attached_to", FieldType::list, "Schema and name of the parent table's index, for a partition."},
    Field{"index_name", FieldType::text, "Name of the index, where it is not the constraint's."},
    Field{"index_comment", FieldType::text, "Comment on the index of the constraint."},
    Field{"is_local", FieldType::boolean, "Declared on this table (not only inherited).", Compare::no},
    Field{"on_partitioned", FieldType::boolean, "The table is partitioned.", Compare::no},
};

class ConstraintKind : public Kind {
 public:
  KindId id() const override { return KindId::constraint; }
  std::string_view slug() const override { return "constraint"; }
  std::string_view keyword() const override { return "CONSTRAINT"; }
  std::string_view catalog() const override { return "pg_constraint"; }
  std::string_view query() const override { return embedded::schema::kinds_constraint; }
  std::span<const Field> fields() const override { return kFields; }

  // Indexes of partitioned tables are made ON ONLY the parent and attached; foreign keys and checks always recurse.
  static std::string alter_table(const Object& object) {
    const bool index = object.text("type") != "FOREIGN KEY" && object.text("type") != "CHECK";
    return std::string(index && object.flag("on_partitioned") ? "ALTER TABLE ONLY " : "ALTER TABLE ") + table_name(object);
  }
  Statements create(const Object& object, const Database&) const override {
    Statements out = {{alter_table(object) + " ADD " + constraint_definition(object, !object.flag("validated"))}};
    std::ranges::move(constraint_settings(object), std::back_inserter(out));
    return out;
  }
  Statements drop(const Object& object, const Database&) const override {
    return {{"ALTER TABLE " + table_name(object) + " DROP CONSTRAINT " + ident(object.id.name())}};
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER TABLE " + table_name(from) + " RENAME CONSTRAINT " + ident(from.id.name()) + " TO " +
                     ident(to.name())};
  }
  std::string address(const Object& object) const override { return ident(object.id.name()) + " ON " + table_name(object); }
  std::string owner_target(const Object&) const override { return {}; }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override;
};

// The table is a partition of the same parent before and after.
bool stays_partition(const Object& object, const Database& from_db, const Database& to_db) {
  const Object* before = object.parent ? from_db.find(*object.parent) : nullptr;
  const Object* after = object.parent ? to_db.find(*object.parent) : nullptr;
  return before != nullptr && after != nullptr && after->value("partition_of") &&
         before->value("partition_of") == after->value("partition_of");
}

Alteration ConstraintKind::alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed,
                                 const Database& from_db, const Database& to_db) const {
  Statements out;
  const std::string table = "ALTER TABLE " + table_name(to);
  const std::string& schema = to.id.path[0];
  const std::string old_index = from.value("index_name").value_or(to.id.name());
  const std::string new_index = to.value("index_name").value_or(to.id.name());
  const std::string index = ident({schema, new_index});
  if (old_index != new_index) out.push_back({"ALTER INDEX " + ident({schema, old_index}) + " RENAME TO " + ident(new_index)});
  for (const auto field : changed) {
    if (field == "validated" && to.flag("validated")) {
      out.push_back({table + " VALIDATE CONSTRAINT " + ident(to.id.name())});
    } else if (field == "options") {
      for (const auto& clause : storage_parameters_change(from.list(field), to.list(field))) {
        out.push_back({"ALTER INDEX " + index + " " + clause});
      }
    } else if (field == "tablespace") {
      out.push_back({"ALTER INDEX " + index + " SET TABLESPACE " + ident(to.value(field).value_or("pg_default"))});
    } else if (field == "clustered") {
      out.push_back({table + (to.flag(field) ? " CLUSTER ON " + ident(new_index) : " SET WITHOUT CLUSTER")});
    } else if (field == "replica_identity") {
      if (to.flag(field))
        out.push_back({"ALTER TABLE ONLY " + table_name(to) + " REPLICA IDENTITY USING INDEX " + ident(new_index)});
    } else if (field == "attached_to" && !from.value(field)) {
      out.push_back({"ALTER INDEX " + qualified(to.list(field)) + " ATTACH PARTITION " + index});
    } else if (field == "attached_to" && !to.value(field)) {
      if (stays_partition(to, from_db, to_db)) return Alteration::recreate();  // goes with the index of the parent
      continue;                                                                // follows from DETACH PARTITION of the table
    } else if (field == "index_comment") {
      out.push_back({"COMMENT ON INDEX " + index + " IS " + (to.value(field) ? literal(to.text(field)) : "NULL")});
    } else if (field == "index_name") {
      continue;
    } else {
      return Alteration::recreate();
    }
  }
  return Alteration::in_place(std::move(out));
}

}  // namespace

const Kind& make_constraint() {
  static const ConstraintKind kind;
  return kind;
}

}  // namespace pga::schema
