// Columns. A type change rewrites and needs its dependents away; a change to or from a generation expression that PostgreSQL
// cannot make in place becomes drop and add.
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/sequence_ddl.h"
#include "schema/table_ddl.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFields = {
    Field{"position", FieldType::integer, "Order among the columns (attnum).", Compare::position},
    Field{"type", FieldType::text, "Data type with its modifiers."},
    Field{"collation", FieldType::text, "Collation, where it is not the type's own."},
    Field{"not_null", FieldType::boolean, "NOT NULL."},
    Field{"not_null_name", FieldType::text, "Name of the NOT NULL constraint (18 and newer)."},
    Field{"not_null_name_is_default", FieldType::boolean, "The name is the one that PostgreSQL would choose.", Compare::no},
    Field{"not_null_valid", FieldType::boolean, "The NOT NULL constraint is validated (18 and newer)."},
    Field{"not_null_no_inherit", FieldType::boolean, "The NOT NULL constraint is NO INHERIT (18 and newer)."},
    Field{"not_null_local", FieldType::boolean, "The NOT NULL constraint is declared on this table.", Compare::no},
    Field{"not_null_comment", FieldType::text, "Comment on the NOT NULL constraint (18 and newer)."},
    Field{"identity", FieldType::text, "ALWAYS or BY DEFAULT for an identity column."},
    Field{"identity_sequence", FieldType::text, "Name of the sequence of an identity column."},
    Field{"identity_options", FieldType::list, "Sequence options of an identity column."},
    Field{"identity_unlogged", FieldType::boolean, "The sequence is unlogged although the table is not."},
    Field{"generated", FieldType::text, "STORED or VIRTUAL for a generated column."},
    Field{"expression", FieldType::sql, "Expression of a generated column."},
    Field{"storage", FieldType::text, "Storage mode, where it is not the type's own."},
    Field{"type_storage", FieldType::text, "Storage mode of the type.", Compare::no},
    Field{"compression", FieldType::text, "Compression method, where one is set."},
    Field{"statistics_target", FieldType::integer, "Statistics target, where one is set."},
    Field{"options", FieldType::list, "n_distinct and n_distinct_inherited."},
    Field{"server_options", FieldType::list, "Options of a column of a foreign table."},
    Field{"is_local", FieldType::boolean, "Declared on this table (not only inherited)."},
    Field{"inherited", FieldType::boolean, "A parent table has it as well.", Compare::no},
    Field{"user_type", FieldType::list, "Schema and name of the user's type below arrays.", Compare::no},
};

// The columns of a typed table follow its type.
bool typed(const Object& column, const Database& in) {
  const Object* table = column.parent ? in.find(*column.parent) : nullptr;
  return table != nullptr && table->value("of_type");
}

class ColumnKind : public Kind {
 public:
  KindId id() const override { return KindId::column; }
  std::string_view slug() const override { return "column"; }
  std::string_view keyword() const override { return "COLUMN"; }
  std::string_view catalog() const override { return "pg_class"; }
  std::string_view query() const override { return embedded::schema::kinds_column; }
  std::span<const Field> fields() const override { return kFields; }
  bool holds_data() const override { return true; }

  Statements create(const Object& object, const Database& in) const override {
    Statements out;
    if (!typed(object, in)) {
      out.push_back({"ALTER TABLE " + table_name(object) + " ADD COLUMN " + column_definition(object, in, false)});
    } else if (object.flag("not_null")) {
      out.push_back({"ALTER TABLE " + table_name(object) + " ALTER COLUMN " + ident(object.id.name()) + " SET NOT NULL"});
    }
    std::ranges::move(column_settings(object), std::back_inserter(out));
    return out;
  }
  Statements drop(const Object& object, const Database& in) const override {
    if (typed(object, in)) return {};
    return {{"ALTER TABLE " + table_name(object) + " DROP COLUMN " + ident(object.id.name())}};
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER TABLE " + table_name(from) + " RENAME COLUMN " + ident(from.id.name()) + " TO " + ident(to.name())};
  }
  std::string owner_target(const Object&) const override { return {}; }
  std::string grant_target(const Object& object) const override { return "TABLE " + table_name(object); }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override;
};

bool is_foreign(const Object& column, const Database& in) {
  const Object* table = column.parent ? in.find(*column.parent) : nullptr;
  return table != nullptr && table->text("form") == "foreign";
}

void alter_type(const Object& from, const Object& to, const std::string& alter, bool foreign, Alteration& out) {
  std::string sql = alter + " TYPE " + to.text("type");
  if (to.value("collation")) sql += " COLLATE " + to.text("collation");
  // Through text where a user's type is met: enum to another enum, a domain, a composite; PostgreSQL has no cast of its own
  // there.
  const std::string column = ident(to.id.name());
  if (from.text("type") != to.text("type")) {
    const bool user_type = from.value("user_type") || to.value("user_type");
    if (!to.value("generated") && !foreign) {  // no rows there: PostgreSQL refuses USING
      sql += " USING " + (user_type ? column + "::text::" + to.text("type") : column + "::" + to.text("type"));
    }
  }
  out.statements.push_back({sql});
  out.rebuild = [](const Object& dependent) {
    if (dependent.id.kind == KindId::column) return dependent.value("generated").has_value();
    if (dependent.id.kind == KindId::constraint) return dependent.text("type") == "FOREIGN KEY";
    // PostgreSQL refuses the change while these depend on the column; indexes and other constraints it rebuilds itself.
    constexpr std::array<std::string_view, 8> kRefused = {"column_default", "view",    "materialized_view", "rule",
                                                          "policy",         "trigger", "function",          "publication"};
    return std::ranges::find(kRefused, kind_of(dependent.id.kind).slug()) != kRefused.end();
  };
}

void alter_not_null(const Object& from, const Object& to, const std::string& alter, const std::string& table, Statements& out) {
  const std::string column = ident(to.id.name());
  if (!to.flag("not_null")) {
    out.push_back({alter + " DROP NOT NULL"});
  } else if (!to.flag("not_null_valid")) {
    if (from.flag("not_null")) out.push_back({alter + " DROP NOT NULL"});
    out.push_back({table + " ADD CONSTRAINT " + ident(to.text("not_null_name")) + " NOT NULL " + column +
                   (to.flag("not_null_no_inherit") ? " NO INHERIT" : "") + " NOT VALID"});
  } else if (!from.flag("not_null")) {
    if (to.value("not_null_name") && (!to.flag("not_null_name_is_default") || to.flag("not_null_no_inherit"))) {
      out.push_back({table + " ADD CONSTRAINT " + ident(to.text("not_null_name")) + " NOT NULL " + column +
                     (to.flag("not_null_no_inherit") ? " NO INHERIT" : "")});
    } else {
      out.push_back({alter + " SET NOT NULL"});
    }
  } else {  // 18: the same rule under another name, or validated now
    if (from.text("not_null_name") != to.text("not_null_name")) {
      out.push_back(
          {table + " RENAME CONSTRAINT " + ident(from.text("not_null_name")) + " TO " + ident(to.text("not_null_name"))});
    }
    if (!from.flag("not_null_valid")) out.push_back({table + " VALIDATE CONSTRAINT " + ident(to.text("not_null_name"))});
    if (from.flag("not_null_no_inherit") != to.flag("not_null_no_inherit")) {
      out.push_back({table + " ALTER CONSTRAINT " + ident(to.text("not_null_name")) +
                     (to.flag("not_null_no_inherit") ? " NO INHERIT" : " INHERIT")});
    }
  }
}

// Numbers that rows have are not given again: a serial column that becomes an identity, or one that was numbered by hand.
Statement go_on_after_rows(const Object& column) {
  const std::string name = ident(column.id.name());
  return {
      "SELECT pg_catalog.setval(q.seqrelid::pg_catalog.regclass, r.number) FROM pg_catalog.pg_sequence AS q, LATERAL (SELECT "
      "CASE WHEN q.seqincrement > 0 THEN pg_catalog.max(t." +
      name + ") ELSE pg_catalog.min(t." + name + ") END::bigint AS number FROM " + table_name(column) +
      " AS t) AS r WHERE q.seqrelid = " + literal(column.text("identity_sequence")) +
      "::pg_catalog.regclass AND r.number BETWEEN q.seqmin AND q.seqmax"};
}

void alter_identity(const Object& from, const Object& to, const std::string& alter, Statements& out) {
  if (!to.value("identity")) {
    out.push_back({alter + " DROP IDENTITY"});
    return;
  }
  if (!from.value("identity")) {
    out.push_back({alter + " ADD GENERATED " + to.text("identity") + " AS IDENTITY (SEQUENCE NAME " +
                   to.text("identity_sequence") + " " + join(to.list("identity_options"), " ") + ")"});
    out.push_back(go_on_after_rows(to));
    return;
  }
  std::string sets;
  if (from.value("identity") != to.value("identity")) sets += " SET GENERATED " + to.text("identity");
  if (from.value("identity_options") != to.value("identity_options")) {
    const auto options = [](const Object& column) { return bounds_of(column.list("identity_options")); };
    for (auto& one : move_into_bounds(from.text("identity_sequence"), options(from), options(to))) out.push_back(std::move(one));
    for (const auto& option : to.list("identity_options")) sets += " SET " + option;
  }
  if (!sets.empty()) out.push_back({alter + sets});
  if (from.text("identity_sequence") != to.text("identity_sequence")) {
    const std::string target = to.text("identity_sequence");
    // Both names are quoted already; the schema of an identity sequence is its table's.
    out.push_back(
        {"ALTER SEQUENCE " + from.text("identity_sequence") + " RENAME TO " + target.substr(ident(to.id.path[0]).size() + 1)});
  }
  if (from.flag("identity_unlogged") != to.flag("identity_unlogged")) {
    out.push_back(
        {"ALTER SEQUENCE " + to.text("identity_sequence") + (to.flag("identity_unlogged") ? " SET UNLOGGED" : " SET LOGGED")});
  }
}

// A generation expression: dropped in place, changed in place since 17, otherwise the column is made anew.
bool alter_generation(const Object& from, const Object& to, const std::string& alter, int major, Statements& out) {
  if (from.value("generated") != to.value("generated")) {
    if (to.value("generated") || from.text("generated") == "VIRTUAL") return false;
    out.push_back({alter + " DROP EXPRESSION"});
    return true;
  }
  if (major < 17) return false;
  out.push_back({alter + " SET EXPRESSION AS (" + to.text("expression") + ")"});
  return true;
}

// 18: a NOT NULL that came from a parent goes with the parent's and cannot be dropped here.
bool goes_with_parents(const Object& from, const Object& to, const Database& from_db, const Database& to_db) {
  if (!from.flag("not_null") || from.flag("not_null_local") || to.flag("not_null")) return false;
  const Object* before = from.parent ? from_db.find(*from.parent) : nullptr;
  const Object* after = to.parent ? to_db.find(*to.parent) : nullptr;
  return before != nullptr && after != nullptr && before->value("partition_of") == after->value("partition_of") &&
         before->value("inherits") == after->value("inherits");
}

Alteration ColumnKind::alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed,
                             const Database& from_db, const Database& to_db) const {
  Alteration out = Alteration::in_place({});
  const std::string table = "ALTER TABLE " + table_name(to);
  const std::string alter = table + " ALTER COLUMN " + ident(to.id.name());
  const std::string only = "ALTER TABLE ONLY " + table_name(to) + " ALTER COLUMN " + ident(to.id.name());
  const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
  const bool follows_parent = (!to.flag("is_local") && !from.flag("is_local")) || (typed(from, from_db) && typed(to, to_db));
  const bool type = has("type") || has("collation");
  if (has("generated") || has("expression")) {
    if (follows_parent) return out;
    if (!alter_generation(from, to, alter, to_db.major(), out.statements)) return Alteration::recreate();
  }
  if (has("identity") && !to.value("identity")) alter_identity(from, to, alter, out.statements);
  const bool not_null = (has("not_null") || has("not_null_valid") || has("not_null_name") || has("not_null_no_inherit")) &&
                        !goes_with_parents(from, to, from_db, to_db);
  // That it is the parent's too follows from INHERIT or ATTACH; its type and NOT NULL are as the parent's before.
  const bool joins = has("is_local") && to.flag("inherited") && !from.flag("inherited");
  if (type && !follows_parent) alter_type(from, to, alter, is_foreign(to, to_db), out);
  if (not_null) alter_not_null(from, to, alter, table, out.statements);
  if (!joins && (has("identity") || has("identity_options") || has("identity_sequence") || has("identity_unlogged")) &&
      to.value("identity")) {
    alter_identity(from, to, alter, out.statements);
  }
  // A type change resets the storage and compression to the new type's: said again where they are set.
  if (has("storage") || (type && to.value("storage"))) {
    out.statements.push_back({only + " SET STORAGE " + to.value("storage").value_or(to.text("type_storage"))});
  }
  if (has("compression")) out.statements.push_back({only + " SET COMPRESSION " + to.value("compression").value_or("default")});
  if (has("statistics_target")) {
    out.statements.push_back({only + " SET STATISTICS " + to.value("statistics_target").value_or("-1")});
  }
  if (has("options")) {
    for (const auto& clause : storage_parameters_change(from.list("options"), to.list("options"))) {
      out.statements.push_back({only + " " + clause});
    }
  }
  if (has("server_options")) {
    out.statements.push_back({"ALTER FOREIGN TABLE " + table_name(to) + " ALTER COLUMN " + ident(to.id.name()) + " OPTIONS (" +
                              generic_options_change(from.list("server_options"), to.list("server_options")) + ")"});
  }
  if (has("not_null_comment") && to.value("not_null_name")) {
    out.statements.push_back({"COMMENT ON CONSTRAINT " + ident(to.text("not_null_name")) + " ON " + table_name(to) + " IS " +
                              (to.value("not_null_comment") ? literal(to.text("not_null_comment")) : "NULL")});
  }
  return out;
}

}  // namespace

const Kind& make_column() {
  static const ColumnKind kind;
  return kind;
}

}  // namespace pga::schema
