#include "seed/hints.h"

#include <algorithm>

#include "sql/parse.h"

namespace pga::seed {
namespace {

using sql::Node;

void add(std::vector<std::string>& to, const std::string& value) {
  if (std::ranges::find(to, value) == to.end()) to.push_back(value);
}

std::string last_name(const Node* list) {
  if (list == nullptr || list->items.empty()) return {};
  const Node* name = list->items.back().child("String");
  return name == nullptr ? "" : name->text("sval");
}

void add_constant(const Node& constant, Hints& out) {
  if (const Node* value = constant.child("ival")) {
    const auto number = value->text("ival");
    add(out.numbers, number.empty() ? "0" : number);
  } else if (const Node* real = constant.child("fval")) {
    add(out.numbers, real->text("fval"));
  } else if (const Node* string = constant.child("sval")) {
    const auto value_text = string->text("sval");
    add(out.strings, value_text);
    const bool number = !value_text.empty() && value_text.find_first_not_of("+-.0123456789") == std::string::npos &&
                        value_text.find_first_of("0123456789") != std::string::npos && value_text.rfind('-') + 1 <= 1;
    if (number) add(out.numbers, value_text);
  }
}

// Every string constant below a node: the right side of ~ may be cast, concatenated, or an array.
void collect(const Node& node, std::vector<std::string>& out) {
  if (const Node* constant = node.child("A_Const")) {
    if (const Node* string = constant->child("sval")) add(out, string->text("sval"));
  }
  for (const auto& [name, field] : node.fields) collect(field, out);
  for (const auto& item : node.items) collect(item, out);
}

void walk(const Node& node, Hints& out) {
  if (const Node* reference = node.child("ColumnRef")) {
    const Node* fields = reference->child("fields");
    if (fields != nullptr && !fields->items.empty() && fields->items.back().child("A_Star") != nullptr) out.whole_row = true;
    add(out.columns, last_name(fields));
  }
  if (const Node* constant = node.child("A_Const")) add_constant(*constant, out);
  if (const Node* call = node.child("FuncCall")) add(out.functions, last_name(call->child("funcname")));
  if (const Node* operation = node.child("A_Expr")) {
    const auto name = last_name(operation->child("name"));
    const Node* right = operation->child("rexpr");
    if (right != nullptr && (name == "~" || name == "~*" || name == "!~" || name == "!~*")) collect(*right, out.patterns);
    if (right != nullptr && (name == "~~" || name == "~~*")) collect(*right, out.likes);
  }
  for (const auto& [name, field] : node.fields) walk(field, out);
  for (const auto& item : node.items) walk(item, out);
}

}  // namespace

std::vector<Hints> hints_of(const std::vector<std::string>& expressions) {
  std::vector<Hints> out(expressions.size());
  if (expressions.empty()) return out;
  std::string all;
  for (const auto& expression : expressions) all += (all.empty() ? "SELECT (" : ", (") + expression + ")";
  const auto tree = sql::parse(all);
  const Node* select = tree ? tree->child("SelectStmt") : nullptr;
  const Node* targets = select != nullptr ? select->child("targetList") : nullptr;
  if (targets != nullptr && targets->items.size() == expressions.size()) {
    for (size_t i = 0; i < expressions.size(); ++i) {
      out[i].parsed = true;
      walk(targets->items[i], out[i]);
    }
  } else if (expressions.size() > 1) {  // one of them is newer than the grammar
    for (size_t i = 0; i < expressions.size(); ++i) out[i] = hints_of(std::vector<std::string>{expressions[i]})[0];
  }
  return out;
}

void merge(Hints& into, const Hints& from) {
  for (const auto& v : from.strings) add(into.strings, v);
  for (const auto& v : from.numbers) add(into.numbers, v);
  for (const auto& v : from.patterns) add(into.patterns, v);
  for (const auto& v : from.likes) add(into.likes, v);
  for (const auto& v : from.functions) add(into.functions, v);
}

}  // namespace pga::seed
