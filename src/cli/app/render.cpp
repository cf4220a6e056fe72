#include "cli/app/render.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "schema/kind.h"
#include "sql/lexer.h"

namespace pga::app {
namespace {

void value_json(Json& json, const schema::Field& field, const schema::Object& object) {
  const auto& value = object.value(field.name);
  json.key(field.name);
  if (!value) {
    json.null();
  } else if (field.type == schema::FieldType::boolean) {
    json.value(*value == "t");
  } else if (field.type == schema::FieldType::integer) {
    json.value(object.integer(field.name));
  } else if (field.type == schema::FieldType::list) {
    json.array();
    for (const auto& item : object.list(field.name)) json.value(item);
    json.end();
  } else {
    json.value(*value);
  }
}

bool is_keyword(std::string_view word) {
  static constexpr std::array<std::string_view, 40> kWords = {
      "create", "alter",  "drop",       "table",   "index",  "view",    "function",   "procedure",    "trigger",  "policy",
      "add",    "column", "constraint", "primary", "key",    "foreign", "references", "unique",       "check",    "default",
      "not",    "null",   "on",         "delete",  "update", "cascade", "set",        "concurrently", "validate", "using",
      "where",  "as",     "type",       "rename",  "to",     "begin",   "commit",     "comment",      "grant",    "revoke"};
  return std::ranges::find(kWords, word) != kWords.end();
}

}  // namespace

void id_json(Json& json, const schema::Id& id) {
  json.field("kind", schema::kind_of(id.kind).slug()).strings("name", id.path);
}

void object_json(Json& json, const schema::Object& object) {
  json.object();
  id_json(json, object.id);
  if (object.parent) {
    json.key("parent").object();
    id_json(json, *object.parent);
    json.end();
  }
  if (object.owner) json.field("owner", *object.owner);
  if (object.comment) json.field("comment", *object.comment);
  if (!object.privileges.empty()) {
    json.key("privileges").array();
    for (const auto& p : object.privileges) {
      json.object().field("granted", p.granted).key("grantee");
      if (p.grantee) {
        json.value(p.grantee->empty() ? std::string("PUBLIC") : *p.grantee);
      } else {
        json.null();
      }
      json.field("privilege", p.privilege).field("grantable", p.grantable).end();
    }
    json.end();
  }
  json.key("fields").object();
  for (const auto& field : schema::kind_of(object.id.kind).fields()) value_json(json, field, object);
  json.end().end();
}

void script_json(Json& json, const plan::Script& script) {
  json.array();
  for (const auto& section : script) {
    json.object()
        .field("transaction", section.transactional)
        .field("phase", plan::to_text(section.phase))
        .field("why", section.why)
        .key("steps")
        .array();
    for (const auto& step : section.steps) {
      std::vector<std::string> hazards;
      for (const auto hazard : step.hazards) hazards.emplace_back(plan::to_text(hazard));
      json.object().field("sql", step.sql).field("why", step.why).field("object", step.object).strings("hazards", hazards);
      json.field("strong_lock", step.strong_lock).field("batched", step.batched);
      if (!step.concurrent_index.empty()) json.field("concurrent_index", step.concurrent_index);
      json.end();
    }
    json.end().end();
  }
  json.end();
}

std::string paint_sql(const Terminal& out, std::string_view sql) {
  if (!out.colors()) return std::string(sql);
  std::string painted;
  size_t last = 0;
  sql::Lexer lexer(sql);
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    painted += sql.substr(last, token.begin - last);
    const auto text = token.text(sql);
    if (token.is_comment()) {
      painted += out.paint(Style::dim, text);
    } else if (token.type == sql::TokenType::string || token.type == sql::TokenType::dollar) {
      painted += out.paint(Style::green, text);
    } else if (token.type == sql::TokenType::word && is_keyword(to_lower(text))) {
      painted += out.paint(Style::blue, text);
    } else {
      painted += text;
    }
    last = token.end;
    if (token.type == sql::TokenType::unterminated) break;
  }
  return painted + std::string(sql.substr(last));
}

void candidates_text(Terminal& out, const std::vector<diff::Candidate>& candidates) {
  for (const auto& candidate : candidates) {
    out.line("  " + out.paint(Style::yellow, diff::to_text(candidate.rename)) + "  " +
             out.paint(Style::dim, join(candidate.evidence, ", ")));
  }
}

}  // namespace pga::app
