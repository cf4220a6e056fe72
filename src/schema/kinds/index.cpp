// Indexes that back no constraint. What is in the definition cannot be altered: a new index is built and takes the name (the
// planner builds it concurrently first).
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFields = {
    Field{"table", FieldType::list, "Schema and name of the table or materialised view."},
    Field{"definition", FieldType::sql, "The index as pg_get_indexdef prints it."},
    Field{"valid", FieldType::boolean, "False: a concurrent build failed; the index is not used."},
    Field{"unique", FieldType::boolean, "UNIQUE (in the definition as well).", Compare::no},
    Field{"method", FieldType::text, "Access method (in the definition as well).", Compare::no},
    Field{"columns", FieldType::list, "Key and included columns or expressions (in the definition as well).", Compare::no},
    Field{"has_expressions", FieldType::boolean, "An expression is indexed.", Compare::no},
    Field{"predicate", FieldType::sql, "Predicate of a partial index (in the definition as well).", Compare::no},
    Field{"options", FieldType::list, "Storage parameters (in the definition as well).", Compare::no},
    Field{"tablespace", FieldType::text, "Tablespace, where it is not the database's."},
    Field{"clustered", FieldType::boolean, "CLUSTER uses this index."},
    Field{"replica_identity", FieldType::boolean, "The index is the replica identity of its table."},
    Field{"statistics_targets", FieldType::list, "Statistics targets of indexed expressions, as number=target."},
    Field{"attached_to", FieldType::list, "Schema and name of the parent table's index, for a partition."},
    Field{"partitioned", FieldType::boolean, "The index of a partitioned table (made ON ONLY it).", Compare::no},
};

class IndexKind : public Kind {
 public:
  KindId id() const override { return KindId::index; }
  std::string_view slug() const override { return "index"; }
  std::string_view keyword() const override { return "INDEX"; }
  std::string_view catalog() const override { return "pg_class"; }
  std::string_view query() const override { return embedded::schema::kinds_index; }
  std::span<const Field> fields() const override { return kFields; }
  std::string owner_target(const Object&) const override { return {}; }  // an index belongs to its table's owner

  Statements create(const Object& object, const Database&) const override {
    Statements out = {{definition(object)}};
    std::ranges::move(settings(object), std::back_inserter(out));
    return out;
  }
  static std::string definition(const Object& object) {
    std::string sql = object.text("definition");
    if (object.value("tablespace")) {
      const size_t where = sql.rfind(" WHERE ");
      sql.insert(object.value("predicate") && where != std::string::npos ? where : sql.size(),
                 " TABLESPACE " + ident(object.text("tablespace")));
    }
    return sql;
  }
  static Statements settings(const Object& object) {
    Statements out;
    const std::string index = ident({object.id.path[0], object.id.path[1]});
    for (const auto& target : object.list("statistics_targets")) {
      const auto parts = split(target, '=');
      out.push_back({"ALTER INDEX " + index + " ALTER COLUMN " + parts[0] + " SET STATISTICS " + parts[1]});
    }
    if (const auto parent = object.list("attached_to"); !parent.empty()) {
      out.push_back({"ALTER INDEX " + qualified(parent) + " ATTACH PARTITION " + index});
    }
    if (object.flag("clustered")) out.push_back({"ALTER TABLE " + table_name(object) + " CLUSTER ON " + ident(object.id.name())});
    if (object.flag("replica_identity")) {
      out.push_back({"ALTER TABLE ONLY " + table_name(object) + " REPLICA IDENTITY USING INDEX " + ident(object.id.name())});
    }
    return out;
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override;
};

// The definition without its storage parameters, which can be set in place.
std::string without_options(const Object& object) {
  std::string sql = object.text("definition");
  if (!object.value("options")) return sql;
  const size_t start = sql.rfind(" WITH (");
  if (start == std::string::npos) return sql;
  return sql.erase(start, sql.find(')', start) - start + 1);
}

// The table is a partition of the same parent before and after.
bool stays_partition(const Object& object, const Database& from_db, const Database& to_db) {
  const Object* before = object.parent ? from_db.find(*object.parent) : nullptr;
  const Object* after = object.parent ? to_db.find(*object.parent) : nullptr;
  return before != nullptr && after != nullptr && after->value("partition_of") &&
         before->value("partition_of") == after->value("partition_of");
}

Alteration IndexKind::alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed,
                            const Database& from_db, const Database& to_db) const {
  Statements out;
  const std::string index = address(to);
  for (const auto field : changed) {
    if (field == "definition" && without_options(from) == without_options(to)) {
      for (const auto& clause : storage_parameters_change(from.list("options"), to.list("options"))) {
        out.push_back({"ALTER INDEX " + index + " " + clause});
      }
    } else if (field == "tablespace") {
      out.push_back({"ALTER INDEX " + index + " SET TABLESPACE " + ident(to.value(field).value_or("pg_default"))});
    } else if (field == "clustered") {
      out.push_back({"ALTER TABLE " + table_name(to) +
                     (to.flag(field) ? " CLUSTER ON " + ident(to.id.name()) : std::string(" SET WITHOUT CLUSTER"))});
    } else if (field == "replica_identity") {
      if (to.flag(field)) {
        out.push_back({"ALTER TABLE ONLY " + table_name(to) + " REPLICA IDENTITY USING INDEX " + ident(to.id.name())});
      }
    } else if (field == "statistics_targets") {
      for (const auto& old : from.list(field)) {
        out.push_back({"ALTER INDEX " + index + " ALTER COLUMN " + split(old, '=')[0] + " SET STATISTICS -1"});
      }
      for (const auto& now : to.list(field)) {
        const auto parts = split(now, '=');
        out.push_back({"ALTER INDEX " + index + " ALTER COLUMN " + parts[0] + " SET STATISTICS " + parts[1]});
      }
    } else if (field == "attached_to" && !from.value(field)) {
      out.push_back({"ALTER INDEX " + qualified(to.list(field)) + " ATTACH PARTITION " + index});
    } else if (field == "attached_to" && !to.value(field)) {
      if (stays_partition(to, from_db, to_db)) return Alteration::recreate();  // goes with the index of the parent
      continue;                                                                // follows from DETACH PARTITION of the table
    } else {
      return Alteration::recreate();
    }
  }
  return Alteration::in_place(std::move(out));
}

}  // namespace

const Kind& make_index() {
  static const IndexKind kind;
  return kind;
}

}  // namespace pga::schema
