// Publications. Tables and schemas are added and dropped in place; FOR ALL TABLES cannot be changed.
// A table that the target does not have leaves the publication when it is dropped, so it is not taken out here.
// https://www.postgresql.org/docs/current/sql-alterpublication.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kPublicationFields = {
    Field{"all_tables", FieldType::boolean, "FOR ALL TABLES."},
    Field{"publish", FieldType::list, "Operations: insert, update, delete, truncate."},
    Field{"via_root", FieldType::boolean, "Changes of partitions are published as the partitioned table's."},
    Field{"generated_columns", FieldType::text, "stored: stored generated columns are published (18 and newer); NULL: none."},
    Field{"tables", FieldType::list, "Published tables, qualified and quoted."},
    Field{"table_columns", FieldType::list, "Their column lists (15 and newer), empty: all columns."},
    Field{"table_filters", FieldType::list, "Their row filters (15 and newer), empty: all rows."},
    Field{"schemas", FieldType::list, "Schemas all tables of which are published (15 and newer)."},
};

// What stands behind FOR, ADD or DROP, one item an element.
std::vector<std::string> table_items(const Object& object) {
  const auto tables = object.list("tables"), columns = object.list("table_columns"), filters = object.list("table_filters");
  PGA_ASSERT(tables.size() == columns.size() && tables.size() == filters.size());
  std::vector<std::string> out;
  for (size_t i = 0; i < tables.size(); ++i) {
    out.push_back("TABLE ONLY " + tables[i] + (columns[i].empty() ? "" : " (" + columns[i] + ")") +
                  (filters[i].empty() ? "" : " WHERE (" + filters[i] + ")"));
  }
  return out;
}

std::string schema_item(const std::string& schema) {
  return "TABLES IN SCHEMA " + ident(schema);
}

// What the first list has and the second has not.
std::vector<std::string> missing(const std::vector<std::string>& of, const std::vector<std::string>& in) {
  std::vector<std::string> out;
  for (const auto& item : of) {
    if (std::ranges::find(in, item) == in.end()) out.push_back(item);
  }
  return out;
}

std::string options_list(const Object& object, bool all) {
  std::vector<std::string> out = {"publish = " + literal(join(object.list("publish"), ", "))};
  if (all || object.flag("via_root")) {
    out.push_back(std::string("publish_via_partition_root = ") + (object.flag("via_root") ? "true" : "false"));
  }
  if (object.value("generated_columns")) out.push_back("publish_generated_columns = " + object.text("generated_columns"));
  return join(out, ", ");
}

class PublicationKind : public Kind {
 public:
  KindId id() const override { return KindId::publication; }
  std::string_view slug() const override { return "publication"; }
  std::string_view keyword() const override { return "PUBLICATION"; }
  std::string_view catalog() const override { return "pg_publication"; }
  std::string_view query() const override { return embedded::schema::kinds_publication; }
  std::span<const Field> fields() const override { return kPublicationFields; }

  // One table a statement, as pg_dump does: before 15 there is no list of several TABLE items.
  Statements create(const Object& object, const Database&) const override {
    Statements out = {{"CREATE PUBLICATION " + address(object) + (object.flag("all_tables") ? " FOR ALL TABLES" : "") +
                       " WITH (" + options_list(object, false) + ")"}};
    for (const auto& item : table_items(object)) out.push_back(change(object, " ADD ", item));
    for (const auto& schema : object.list("schemas")) out.push_back(change(object, " ADD ", schema_item(schema)));
    return out;
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database& to_db) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    if (has("all_tables")) return Alteration::recreate();
    Statements out;
    if (has("publish") || has("via_root") || has("generated_columns")) {
      std::string options = options_list(to, true);
      if (has("generated_columns") && !to.value("generated_columns")) options += ", publish_generated_columns = none";
      out.push_back({"ALTER PUBLICATION " + address(to) + " SET (" + options + ")"});
    }
    take_out(from, to, to_db, out);
    for (const auto& item : missing(table_items(to), table_items(from))) out.push_back(change(to, " ADD ", item));
    for (const auto& schema : missing(to.list("schemas"), from.list("schemas"))) {
      out.push_back(change(to, " ADD ", schema_item(schema)));
    }
    return Alteration::in_place(std::move(out));
  }

 private:
  // What is dropped with its table or schema needs no statement. The reader's name of a table is quoted as its
  // server's keywords want it, ours as those of all versions do, so quotes do not count.
  void take_out(const Object& from, const Object& to, const Database& to_db, Statements& out) const {
    const auto kept = [&](const std::string& table) {
      return std::ranges::any_of(to_db.objects, [&](const auto& entry) {
        const Id& id = entry.first;
        return id.kind == KindId::table && replace_all(ident({id.path[0], id.path[1]}), "\"", "") == replace_all(table, "\"", "");
      });
    };
    const auto before = table_items(from), after = table_items(to), tables = from.list("tables");
    for (size_t i = 0; i < tables.size(); ++i) {
      const bool stays = std::ranges::find(after, before[i]) != after.end();
      if (!stays && kept(tables[i])) out.push_back(change(to, " DROP ", "TABLE ONLY " + tables[i]));
    }
    for (const auto& schema : missing(from.list("schemas"), to.list("schemas"))) {
      if (to_db.find(KindId::schema, {schema}) != nullptr) out.push_back(change(to, " DROP ", schema_item(schema)));
    }
  }

  Statement change(const Object& object, const std::string& verb, const std::string& item) const {
    return {"ALTER PUBLICATION " + address(object) + verb + item};
  }
};

}  // namespace

const Kind& make_publication() {
  static const PublicationKind kind;
  return kind;
}

}  // namespace pga::schema
