#include "design/current.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "design/design.h"
#include "request/words.h"

namespace pga::design {
namespace {

using schema::KindId;
using schema::Object;

std::string last_word_as(std::string_view name, bool plural) {
  const auto& words = request::Words::get();
  const size_t cut = name.rfind('_');
  const std::string head(cut == std::string_view::npos ? std::string_view() : name.substr(0, cut + 1));
  const std::string_view last = cut == std::string_view::npos ? name : name.substr(cut + 1);
  const std::string one = words.singular(last);
  return head + (plural ? words.plural(one) : one);
}

// The columns of a key or index that are plain columns, in order; nothing when one is an expression.
std::vector<std::string> plain_columns(const Object& object) {
  return object.list("columns");
}

}  // namespace

std::string plural_of(std::string_view name) {
  // What nobody counts: a table of it is called as one of it.
  static constexpr std::array<std::string_view, 7> kUncounted = {"outbox",  "inbox",    "stock",   "history",
                                                                 "staging", "personal", "metadata"};
  const auto last = name.substr(name.rfind('_') == std::string_view::npos ? 0 : name.rfind('_') + 1);
  if (std::ranges::find(kUncounted, last) != kUncounted.end()) return std::string(name);
  return last_word_as(name, true);
}
std::string singular_of(std::string_view name) {
  return last_word_as(name, false);
}

std::string with_article(const std::string& noun) {
  const bool sounded = noun.starts_with("us") || noun.starts_with("uni") || noun.starts_with("eu") || noun.starts_with("one");
  const bool vowel = !noun.empty() && std::string_view("aeiou").find(noun[0]) != std::string_view::npos && !sounded;
  return (vowel || noun.starts_with("hour") ? "an " : "a ") + noun;
}

const KnownColumn* KnownTable::column(std::string_view wanted) const {
  const auto found = std::ranges::find(columns, wanted, &KnownColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

Current::Current(const schema::Database& database) : database_(database) {
  read_tables();
  learn();
}

void Current::read_tables() {
  for (const auto& [id, object] : database_.objects) {
    if (id.kind != KindId::table || object.value("partition_of") || object.text("form") == "foreign") continue;
    KnownTable table;
    table.schema = id.path[0];
    table.name = id.path[1];
    table.partitioned = object.value("partition_key").has_value();
    auto columns = database_.children(id, KindId::column);
    std::ranges::sort(columns, {}, [](const Object* c) { return c->integer("position"); });
    for (const Object* column : columns)
      table.columns.push_back({column->id.name(), column->text("type"), column->flag("not_null")});
    for (const Object* rule : database_.children(id, KindId::constraint)) {
      const auto type = rule->text("type");
      if (type == "PRIMARY KEY") table.key = rule->list("columns");
      if (type == "UNIQUE") table.uniques.push_back(rule->list("columns"));
      if (type == "PRIMARY KEY" || type == "UNIQUE") table.indexes.push_back(rule->list("columns"));
    }
    for (const Object* index : database_.children(id, KindId::index)) {
      if (index->value("predicate") || index->text("method") != "btree") continue;
      const auto names = plain_columns(*index);
      if (index->flag("unique") && !index->flag("has_expressions")) table.uniques.push_back(names);
      table.indexes.push_back(names);
    }
    tables_.push_back(std::move(table));
  }
}

void Current::learn() {
  if (tables_.empty()) return;
  size_t plurals = 0, uuids = 0, keyed = 0, timed = 0, untimed = 0;
  std::map<std::string, size_t> schemas;
  for (const auto& table : tables_) {
    plurals += plural_of(table.name) == table.name;
    ++schemas[table.schema];
    if (table.key.size() == 1) {
      const auto* key = table.column(table.key[0]);
      ++keyed;
      uuids += key != nullptr && key->type == "uuid";
    }
    for (const auto& column : table.columns) {
      timed += column.type.starts_with("timestamp with time zone");
      untimed += column.type.starts_with("timestamp without");
    }
  }
  habits_.plural = plurals * 2 >= tables_.size();
  if (!habits_.plural) habits_.notes.push_back("Table names are singular, as in most tables of this schema.");
  if (keyed > 0 && uuids * 2 > keyed) {
    habits_.key_type = "uuid";
    habits_.notes.push_back(
        "Keys are uuid, as in most tables of this schema; random ones scatter the inserts over the index, so bigint is leaner.");
  }
  if (untimed > timed) {
    habits_.notes.push_back(
        "This schema keeps times without a zone; new columns have one (timestamptz): an instant is the same everywhere.");
  }
  const auto most = std::ranges::max_element(schemas, {}, [](const auto& entry) { return entry.second; });
  habits_.schema = schemas.contains("public") && schemas["public"] * 2 >= most->second ? "public" : most->first;
  if (habits_.schema != "public")
    habits_.notes.push_back("New tables go to the schema " + habits_.schema + ", where most tables are.");
  for (const auto& [id, object] : database_.objects) {
    if (id.kind != KindId::function || id.path.size() < 2) continue;
    const auto& name = id.path[1];
    static constexpr std::array kNames = {"touch_updated_at", "set_updated_at", "update_updated_at_column",
                                          "trigger_set_timestamp", "moddatetime"};
    if (std::ranges::find(kNames, name) == kNames.end()) continue;
    habits_.touches = true;
    habits_.touch_function = id.path[0] == "public" ? ident(name) : ident({id.path[0], name});
  }
}

const KnownTable* Current::find(std::string_view name) const {
  const auto dot = name.find('.');
  if (dot != std::string_view::npos) {
    for (const auto& table : tables_) {
      if (table.schema == name.substr(0, dot) && table.name == name.substr(dot + 1)) return &table;
    }
    return nullptr;
  }
  for (const auto& wanted : {std::string(name), plural_of(name), singular_of(name)}) {
    const KnownTable* other = nullptr;
    for (const auto& table : tables_) {
      if (table.name != wanted) continue;
      if (table.schema == habits_.schema) return &table;
      if (other == nullptr) other = &table;
    }
    if (other != nullptr) return other;
  }
  return nullptr;
}

const KnownTable* Current::people() const {
  for (const char* name : {"users", "accounts", "people", "persons", "members", "profiles", "customers", "employees"}) {
    if (const auto* found = find(name)) return found;
  }
  return nullptr;
}

bool Current::has_relation(const std::string& schema, const std::string& name) const {
  return std::ranges::any_of(database_.objects, [&](const auto& entry) {
    const auto& id = entry.first;
    const bool relation = id.kind == KindId::table || id.kind == KindId::index || id.kind == KindId::view ||
                          id.kind == KindId::sequence || id.kind == KindId::materialized_view;
    return relation && id.path.size() == 2 && id.path[0] == schema && id.path[1] == name;
  });
}

bool Current::has_function(const std::string& schema, const std::string& name) const {
  return std::ranges::any_of(database_.objects, [&](const auto& entry) {
    return entry.first.kind == KindId::function && entry.first.path.size() >= 2 && entry.first.path[0] == schema &&
           entry.first.path[1] == name;
  });
}

bool Current::has_extension(std::string_view name) const {
  return std::ranges::any_of(
      database_.objects, [&](const auto& entry) { return entry.first.kind == KindId::extension && entry.first.name() == name; });
}

request::Vocabulary vocabulary_of(const schema::Database& database) {
  request::Vocabulary out;
  const Current current(database);
  for (const auto& table : current.tables()) {
    request::KnownTable known;
    known.schema = table.schema;
    known.name = table.name;
    for (const auto& column : table.columns) known.columns.push_back(column.name);
    const schema::Id id{KindId::table, {table.schema, table.name}};
    for (const Object* rule : database.children(id, KindId::constraint)) {
      if (rule->text("type") != "FOREIGN KEY") continue;
      const auto columns = rule->list("columns"), target = rule->list("referenced_table");
      if (columns.size() == 1 && target.size() == 2) known.references[columns[0]] = target[1];
    }
    out.tables.push_back(std::move(known));
  }
  return out;
}

}  // namespace pga::design
