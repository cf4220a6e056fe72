#include "sql/parse.h"

#include <pg_query.h>
#include <pthread.h>
#include <simdjson.h>

#include <charconv>
#include <functional>

#include "sql/json.h"
#include "sql/split.h"

namespace pga::sql {
namespace {

constexpr size_t kStack = 256UL * 1024 * 1024;

// Runs `work` in a thread with a big stack (only what is used of it takes memory).
Status with_big_stack(std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  pthread_t thread;
  auto* body = +[](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  const int failed = pthread_create(&thread, &attributes, body, &work);
  pthread_attr_destroy(&attributes);
  if (failed != 0) return fail("out-of-memory", "no thread could be started to parse SQL");
  pthread_join(thread, nullptr);
  return {};
}

Status check_size(std::string_view statement) {
  if (statement.size() > kLargestStatement) {
    return fail("statement-too-large", "the statement has " + std::to_string(statement.size()) + " bytes; at most " +
                                           std::to_string(kLargestStatement) + " are parsed");
  }
  if (statement.find('\0') != std::string_view::npos) return fail("nul-byte", "the statement holds a NUL byte");
  return {};
}

// libpg_query's cursor position is 1-based, in characters.
Error error_of(const PgQueryError& error, std::string_view statement) {
  Error out;
  out.code = "syntax-error";
  out.message = error.message == nullptr ? "syntax error" : error.message;
  size_t at = 0;
  for (int seen = 1; seen < error.cursorpos && at < statement.size(); ++seen) {
    do {
      ++at;
    } while (at < statement.size() && (static_cast<unsigned char>(statement[at]) & 0xC0) == 0x80);
  }
  if (error.cursorpos > 0) out.place = place_at(statement, at, {});
  return out;
}

Node to_node(simdjson::dom::element element) {
  Node node;
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT:
      node.type = NodeType::object;
      for (const auto field : simdjson::dom::object(element)) node.fields.emplace_back(field.key, to_node(field.value));
      break;
    case simdjson::dom::element_type::ARRAY:
      node.type = NodeType::list;
      for (const auto item : simdjson::dom::array(element)) node.items.push_back(to_node(item));
      break;
    case simdjson::dom::element_type::STRING:
      node.type = NodeType::text;
      node.value = std::string_view(element);
      break;
    case simdjson::dom::element_type::BOOL:
      node.type = NodeType::boolean;
      node.value = bool(element) ? "true" : "false";
      break;
    case simdjson::dom::element_type::NULL_VALUE:
      break;
    default:
      node.type = NodeType::number;
      node.value = simdjson::minify(element);
  }
  return node;
}

Result<Node> read_tree(const std::string& json) {
  simdjson::dom::parser parser;
  if (parser.allocate(json.size() + 64, kDeepestTree) != simdjson::SUCCESS)
    return fail("out-of-memory", "no memory to parse SQL");
  simdjson::dom::element root;
  const auto error = parser.parse(json.data(), json.size()).get(root);
  if (error == simdjson::DEPTH_ERROR || error == simdjson::TAPE_ERROR) {
    return fail("statement-too-deep", "the statement is nested more than " + std::to_string(kDeepestTree) + " levels deep");
  }
  if (error != simdjson::SUCCESS) return fail("unreadable-tree", simdjson::error_message(error));
  simdjson::dom::array statements;
  if (root["stmts"].get(statements) != simdjson::SUCCESS || statements.size() != 1) {
    return fail("syntax-error", "exactly one statement is expected");
  }
  simdjson::dom::element statement;
  if (statements.at(0)["stmt"].get(statement) != simdjson::SUCCESS) return fail("syntax-error", "the statement is empty");
  return to_node(statement);
}

}  // namespace

const Node* Node::child(std::string_view name) const {
  for (const auto& [key, node] : fields) {
    if (key == name) return &node;
  }
  return nullptr;
}

std::string Node::text(std::string_view name) const {
  const Node* node = child(name);
  return node == nullptr ? std::string() : node->value;
}

long long Node::integer(std::string_view name) const {
  const std::string digits = text(name);
  long long out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

double Node::number(std::string_view name) const {
  const std::string digits = text(name);
  double out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

bool Node::flag(std::string_view name) const {
  return text(name) == "true";
}

Result<Node> parse_json(std::string_view text) {
  simdjson::dom::parser parser;
  if (parser.allocate(text.size() + 64, kDeepestTree) != simdjson::SUCCESS)
    return fail("out-of-memory", "no memory to read JSON");
  simdjson::dom::element root;
  if (const auto error = parser.parse(text.data(), text.size()).get(root); error != simdjson::SUCCESS) {
    return fail("bad-json", std::string("this is not JSON: ") + simdjson::error_message(error));
  }
  return to_node(root);
}

Result<Node> parse(std::string_view statement) {
  PGA_CHECK(check_size(statement));
  const std::string text(statement);
  Result<Node> out;
  PGA_CHECK(with_big_stack([&] {
    PgQueryParseResult result = pg_query_parse(text.c_str());
    out = result.error != nullptr ? Result<Node>(fail(error_of(*result.error, text))) : read_tree(result.parse_tree);
    pg_query_free_parse_result(result);
  }));
  return out;
}

Result<std::string> fingerprint(std::string_view statement) {
  PGA_CHECK(check_size(statement));
  const std::string text(statement);
  Result<std::string> out;
  PGA_CHECK(with_big_stack([&] {
    PgQueryFingerprintResult result = pg_query_fingerprint(text.c_str());
    out = result.error != nullptr ? Result<std::string>(fail(error_of(*result.error, text))) : result.fingerprint_str;
    pg_query_free_fingerprint_result(result);
  }));
  return out;
}

Result<std::string> normalize(std::string_view statement) {
  PGA_CHECK(check_size(statement));
  const std::string text(statement);
  Result<std::string> out;
  PGA_CHECK(with_big_stack([&] {
    PgQueryNormalizeResult result = pg_query_normalize(text.c_str());
    out = result.error != nullptr ? Result<std::string>(fail(error_of(*result.error, text))) : result.normalized_query;
    pg_query_free_normalize_result(result);
  }));
  return out;
}

Result<std::string> deparse(std::string_view statement) {
  PGA_CHECK(check_size(statement));
  const std::string text(statement);
  Result<std::string> out;
  PGA_CHECK(with_big_stack([&] {
    PgQueryProtobufParseResult tree = pg_query_parse_protobuf(text.c_str());
    if (tree.error != nullptr) {
      out = fail(error_of(*tree.error, text));
    } else {
      PgQueryDeparseResult result = pg_query_deparse_protobuf(tree.parse_tree);
      out = result.error != nullptr ? Result<std::string>(fail(error_of(*result.error, text))) : result.query;
      pg_query_free_deparse_result(result);
    }
    pg_query_free_protobuf_parse_result(tree);
  }));
  return out;
}

}  // namespace pga::sql
