#include "postgres/twin/statistics_json.h"

#include "base/json.h"
#include "sql/json.h"

namespace pga::postgres::twin {
namespace {

constexpr int kVersion = 1;
constexpr const char* kFormat = "pgarchitect-statistics";

void maybe(Json& json, const char* name, const std::optional<std::string>& value) {
  if (value) json.field(name, *value);
}

void write(Json& json, const ColumnStatistics& column) {
  json.object().field("schema", column.schema).field("relation", column.relation).field("column", column.column);
  json.field("position", column.position).field("inherited", column.inherited).field("null_fraction", column.null_fraction);
  json.field("width", column.width).field("distinct", column.distinct).key("slots").array();
  for (const auto& slot : column.slots) {
    json.object().field("kind", slot.kind).field("operator", slot.op).field("collation", slot.collation);
    maybe(json, "numbers", slot.numbers);
    maybe(json, "values", slot.values);
    json.end();
  }
  json.end().end();
}

void write(Json& json, const RelationStatistics& relation) {
  json.object().field("schema", relation.schema).field("name", relation.name).field("kind", std::string(1, relation.kind));
  json.field("tuples", relation.tuples).field("pages", relation.pages).field("all_visible", relation.all_visible);
  if (relation.blocks) json.field("blocks", *relation.blocks);
  if (!relation.method.empty()) json.field("method", relation.method);
  if (!relation.table.empty()) json.field("table_schema", relation.table_schema).field("table", relation.table);
  if (relation.height) json.field("height", *relation.height);
  if (relation.gin) {
    json.key("gin").object().field("pending", relation.gin->pending).field("total", relation.gin->total);
    json.field("entry", relation.gin->entry).field("data", relation.gin->data).field("entries", relation.gin->entries).end();
  }
  if (relation.last_revmap_page) json.field("last_revmap_page", *relation.last_revmap_page);
  json.end();
}

using sql::Node;

std::optional<std::string> maybe(const Node& node, const char* name) {
  const auto* child = node.child(name);
  return child == nullptr ? std::nullopt : std::optional(child->value);
}

const std::vector<Node>& list(const Node& node, const char* name) {
  static const std::vector<Node> kNone;
  const auto* child = node.child(name);
  return child == nullptr ? kNone : child->items;
}

std::vector<std::string> texts(const Node& node, const char* name) {
  std::vector<std::string> out;
  for (const auto& item : list(node, name)) out.push_back(item.value);
  return out;
}

ColumnStatistics read_column(const Node& node) {
  ColumnStatistics out;
  out.schema = node.text("schema");
  out.relation = node.text("relation");
  out.column = node.text("column");
  out.position = static_cast<int>(node.integer("position"));
  out.inherited = node.flag("inherited");
  out.null_fraction = node.text("null_fraction");
  out.width = node.text("width");
  out.distinct = node.text("distinct");
  for (const auto& slot : list(node, "slots")) {
    out.slots.push_back({static_cast<int>(slot.integer("kind")), slot.text("operator"), slot.text("collation"),
                         maybe(slot, "numbers"), maybe(slot, "values")});
  }
  return out;
}

RelationStatistics read_relation(const Node& node) {
  RelationStatistics out;
  out.schema = node.text("schema");
  out.name = node.text("name");
  out.kind = node.text("kind").empty() ? 'r' : node.text("kind")[0];
  out.tuples = node.text("tuples");
  out.pages = node.integer("pages");
  out.all_visible = node.integer("all_visible");
  if (node.child("blocks") != nullptr) out.blocks = node.integer("blocks");
  out.method = node.text("method");
  out.table_schema = node.text("table_schema");
  out.table = node.text("table");
  if (node.child("height") != nullptr) out.height = static_cast<int>(node.integer("height"));
  if (const auto* gin = node.child("gin"); gin != nullptr) {
    out.gin = GinPages{gin->integer("pending"), gin->integer("total"), gin->integer("entry"), gin->integer("data"),
                       gin->integer("entries")};
  }
  if (node.child("last_revmap_page") != nullptr) out.last_revmap_page = node.integer("last_revmap_page");
  return out;
}

}  // namespace

std::string to_json(const Statistics& statistics) {
  Json json;
  json.object().field("format", kFormat).field("version", kVersion).field("server_version", statistics.server_version);
  json.field("block_size", statistics.block_size).key("settings").array();
  for (const auto& setting : statistics.settings) json.object().field("name", setting.name).field("value", setting.value).end();
  json.end().strings("roles", statistics.roles).strings("statements", statistics.statements).key("relations").array();
  for (const auto& relation : statistics.relations) write(json, relation);
  json.end().key("columns").array();
  for (const auto& column : statistics.columns) write(json, column);
  json.end().key("extended").array();
  for (const auto& one : statistics.extended) {
    json.object().field("schema", one.schema).field("name", one.name).field("inherited", one.inherited);
    json.strings("keys", one.keys);
    maybe(json, "ndistinct", one.ndistinct);
    maybe(json, "dependencies", one.dependencies);
    maybe(json, "mcv", one.mcv);
    json.key("expressions").array();
    for (const auto& column : one.expressions) write(json, column);
    json.end().end();
  }
  json.end().key("oids").array();
  for (const auto& one : statistics.oids)
    json.object().field("oid", one.oid).field("type", one.type).field("label", one.label).end();
  json.end().key("ends").array();
  for (const auto& one : statistics.ends) {
    json.object().field("schema", one.schema).field("table", one.table).field("column", one.column);
    json.field("low", one.low).field("high", one.high).end();
  }
  json.end().strings("unseen", statistics.unseen).end();
  return json.take();
}

Result<Statistics> statistics_from_json(std::string_view text) {
  PGA_TRY(const auto root, sql::parse_json(text));
  if (root.text("format") != kFormat)
    return fail("bad-statistics", "this file holds no statistics of pgarchitect",
                "pgarchitect stats --db URL -o FILE writes one");
  if (root.integer("version") != kVersion)
    return fail("bad-statistics", "these statistics were written by another version of pgarchitect", "write them again");
  Statistics out;
  out.server_version = static_cast<int>(root.integer("server_version"));
  out.block_size = static_cast<int>(root.integer("block_size"));
  for (const auto& setting : list(root, "settings")) out.settings.push_back({setting.text("name"), setting.text("value")});
  out.roles = texts(root, "roles");
  out.statements = texts(root, "statements");
  for (const auto& relation : list(root, "relations")) out.relations.push_back(read_relation(relation));
  for (const auto& column : list(root, "columns")) out.columns.push_back(read_column(column));
  for (const auto& node : list(root, "extended")) {
    ExtendedStatistics one;
    one.schema = node.text("schema");
    one.name = node.text("name");
    one.inherited = node.flag("inherited");
    one.keys = texts(node, "keys");
    one.ndistinct = maybe(node, "ndistinct");
    one.dependencies = maybe(node, "dependencies");
    one.mcv = maybe(node, "mcv");
    for (const auto& column : list(node, "expressions")) one.expressions.push_back(read_column(column));
    out.extended.push_back(std::move(one));
  }
  for (const auto& node : list(root, "oids")) out.oids.push_back({node.text("oid"), node.text("type"), node.text("label")});
  for (const auto& node : list(root, "ends"))
    out.ends.push_back({node.text("schema"), node.text("table"), node.text("column"), node.text("low"), node.text("high")});
  out.unseen = texts(root, "unseen");
  return out;
}

}  // namespace pga::postgres::twin
