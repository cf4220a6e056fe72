#include "advise/access.h"

#include <algorithm>
#include <functional>

#include "advise/expression.h"
#include "base/quote.h"
#include "base/text.h"
#include "sql/lexer.h"

namespace pga::advise {
namespace {

using sql::Node;

void walk(const Node& plan, const std::function<void(const Node&, bool limited)>& visit, bool limited = false) {
  visit(plan, limited);
  const bool below = limited || plan.text("Node Type") == "Limit";
  if (const auto* inner = plan.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) walk(child, visit, below);
  }
}

std::vector<std::string> texts(const Node& plan, const char* name) {
  std::vector<std::string> out;
  if (const auto* list = plan.child(name); list != nullptr) {
    for (const auto& item : list->items) out.push_back(item.value);
  }
  return out;
}

// "o.at DESC NULLS LAST", "(o.place <-> '(1,1)'::point)"
OrderKey order_key(std::string text) {
  OrderKey out;
  std::optional<bool> nulls_first;
  const auto cut = [&](std::string_view tail) {
    if (!text.ends_with(tail)) return false;
    text.resize(text.size() - tail.size());
    return true;
  };
  if (cut(" NULLS FIRST")) nulls_first = true;
  if (cut(" NULLS LAST")) nulls_first = false;
  out.descending = cut(" DESC");
  out.nulls_first = nulls_first.value_or(out.descending);
  out.expression = text;
  return out;
}

// EXPLAIN leaves the alias out of Output where the query has one table only: it is put before every word that may be a column.
// Keywords get one as well; they name no column of the table.
std::string with_alias(std::string_view text, const std::string& alias) {
  std::string out;
  size_t copied = 0;
  sql::Lexer lexer(text);
  char before = '\0';
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    const bool name = token.type == sql::TokenType::word || token.type == sql::TokenType::quoted_word;
    const char after = token.end < text.size() ? text[token.end] : '\0';
    if (name && before != '.' && before != ':' && after != '(' && after != '.') {
      out += text.substr(copied, token.begin - copied);
      out += alias + ".";
      copied = token.begin;
    }
    before = text[token.end - 1];
  }
  return out + std::string(text.substr(copied));
}

class Harvest {
 public:
  explicit Harvest(const std::map<TableName, TableName>& parents) : parents_(parents) {}
  std::vector<Access> run(const Node& plan);

 private:
  Access* find(const std::string& alias) {
    const auto it = by_alias_.find(alias);
    return it == by_alias_.end() ? nullptr : &out_[it->second];
  }
  // The one table that an expression is about; nullptr: none or several.
  Access* only_table(std::string_view text) {
    Access* found = nullptr;
    for (const auto& name : columns_of(text)) {
      auto* access = find(name.alias);
      if (access == nullptr || (found != nullptr && access != found)) return nullptr;
      found = access;
    }
    return found;
  }
  std::string alias_of(std::string_view text) {
    const auto names = columns_of(text);
    return names.empty() ? "" : names.begin()->alias;
  }
  std::string bare(std::string_view text) {
    std::string out(text);
    for (const auto& name : columns_of(text)) out = without_alias(out, name.alias);
    return std::string(without_parentheses(out));
  }
  void scan(const Node& node, bool limited);
  void condition(std::string_view text, bool alternative);
  void compare(const Comparison& comparison, const std::string& text, bool alternative);
  void need(std::string_view text) {
    for (const auto& name : columns_of(text)) {
      if (auto* access = find(name.alias); access != nullptr) access->needed.insert(name.column);
    }
  }
  void orders(const Node& node, bool limited);

  const std::map<TableName, TableName>& parents_;
  std::vector<Access> out_;
  std::map<std::string, size_t> by_alias_;
};

void Harvest::scan(const Node& node, bool limited) {
  const std::string name = node.text("Relation Name");
  if (name.empty() || node.text("Alias").empty() || node.text("Node Type") == "ModifyTable") return;
  const std::string alias = ident(node.text("Alias"));
  if (by_alias_.contains(alias)) return;
  TableName table{node.text("Schema"), name};
  const auto parent = parents_.find(table);
  const bool partition = parent != parents_.end();
  if (partition) table = parent->second;
  // Partitions of one reference: "events_1", "events_2" … all stand for the reference itself.
  if (partition) {
    const std::string stem = alias.substr(0, alias.rfind('_'));
    for (size_t i = 0; i < out_.size(); ++i) {
      if (TableName{out_[i].schema, out_[i].table} == table && out_[i].alias.substr(0, out_[i].alias.rfind('_')) == stem) {
        by_alias_[alias] = i;
        out_[i].rows += node.number("Plan Rows");
        return;
      }
    }
  }
  by_alias_[alias] = out_.size();
  Access access;
  access.schema = table.first;
  access.table = table.second;
  access.alias = alias;
  access.rows = node.number("Plan Rows");
  access.limited = limited;
  out_.push_back(std::move(access));
}

void Harvest::compare(const Comparison& comparison, const std::string& text, bool alternative) {
  const auto add = [&](Access* access, Use use, std::string_view expression, const std::string& op, const std::string& constant,
                       const std::string& predicate) {
    if (access != nullptr) access->conditions.insert({use, bare(expression), op, constant, predicate, alternative});
  };
  auto* left = only_table(comparison.left);
  auto* right = comparison.right.empty() ? nullptr : only_table(comparison.right);
  auto* whole = only_table(text);
  const std::string predicate = whole != nullptr && text.find("SubPlan") == std::string::npos &&
                                        text.find("InitPlan") == std::string::npos && text.find('$') == std::string::npos
                                    ? bare(text)
                                    : "";
  if (comparison.op.empty()) return add(left, Use::boolean, comparison.left, comparison.negated ? "NOT" : "", {}, predicate);
  if (comparison.negated) return add(whole, Use::filter, text, {}, {}, predicate);
  if (comparison.op == "IS NULL") return add(left, Use::is_null, comparison.left, comparison.op, {}, predicate);
  if (comparison.op == "IS NOT NULL") return add(left, Use::not_null, comparison.left, comparison.op, {}, predicate);
  const bool right_known = columns_of(comparison.right).empty();
  const bool left_known = columns_of(comparison.left).empty();
  const auto use_of = [](const std::string& op) {
    if (op == "=") return Use::equal;
    if (op == "= ANY") return Use::in;
    return op == "<" || op == "<=" || op == ">" || op == ">=" ? Use::range : Use::other;
  };
  if (right_known && left != nullptr) {
    const bool row = without_parentheses(comparison.left).starts_with("ROW(");
    if (row) {  // (a, b) > (1, 2): the first decides, all are in the order
      std::string inside(without_parentheses(comparison.left).substr(3));
      for (const auto& part : split(std::string(without_parentheses(inside)), ','))
        add(left, Use::range, trim(part), comparison.op, {}, {});
      return;
    }
    return add(left, use_of(comparison.op), comparison.left, comparison.op,
               is_constant(comparison.right) ? comparison.right : std::string(), predicate);
  }
  if (left_known && right != nullptr) {
    const auto op = commuted(comparison.op);
    return add(right, op.empty() ? Use::filter : use_of(op), op.empty() ? std::string_view(text) : comparison.right, op,
               is_constant(comparison.left) ? comparison.left : std::string(), predicate);
  }
  if (left != nullptr && left == right && alias_of(comparison.left) == alias_of(comparison.right))
    return add(left, Use::filter, text, {}, {}, predicate);
  const bool equality = comparison.op == "=";
  add(left, equality ? Use::join : Use::other, comparison.left, comparison.op, {}, {});
  if (equality || !commuted(comparison.op).empty())
    add(right, equality ? Use::join : Use::other, comparison.right, commuted(comparison.op), {}, {});
}

void Harvest::condition(std::string_view text, bool alternative) {
  for (const auto& part : conjuncts(text)) {
    const auto branches = disjuncts(part);
    if (branches.size() > 1) {
      for (const auto& branch : branches) condition(branch, true);
      continue;
    }
    if (std::string_view(part) != without_parentheses(part) && conjuncts(part).size() > 1) {
      condition(part, alternative);
      continue;
    }
    if (const auto comparison = comparison_of(part)) compare(*comparison, part, alternative);
  }
}

void Harvest::orders(const Node& node, bool limited) {
  const auto keys = texts(node, "Sort Key");
  std::vector<OrderKey> order;
  Access* table = nullptr;
  for (size_t i = 0; i < keys.size(); ++i) {
    auto key = order_key(keys[i]);
    auto* access = only_table(key.expression);
    if (access == nullptr || (table != nullptr && access != table)) {
      order.clear();
      break;
    }
    table = access;
    const auto comparison = comparison_of(key.expression);
    key.expression = bare(key.expression);
    if (i == 0 && comparison && comparison->op.find("<->") != std::string::npos) {
      key.expression = bare(comparison->left);
      table->nearest.push_back(key);
      return;
    }
    order.push_back(std::move(key));
  }
  if (table != nullptr && !order.empty()) {
    table->orders.push_back(std::move(order));
    table->limited = table->limited || limited;
  }
  std::vector<std::string> group;
  table = nullptr;
  for (const auto& key : texts(node, "Group Key")) {
    auto* access = only_table(key);
    if (access == nullptr || (table != nullptr && access != table)) return;
    table = access;
    group.push_back(bare(key));
  }
  if (table != nullptr) table->groups.push_back(std::move(group));
}

// "min(o.at)" of an Aggregate's output.
std::vector<std::string> extremes_of(const std::string& text) {
  std::vector<std::string> out;
  for (const char* name : {"min(", "max("}) {
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      const size_t end = text.find(')', at);
      if (end != std::string::npos) out.push_back(text.substr(at + 4, end - at - 4));
    }
  }
  return out;
}

std::vector<Access> Harvest::run(const Node& plan) {
  walk(plan, [&](const Node& node, bool limited) { scan(node, limited); });
  walk(plan, [&](const Node& node, bool limited) {
    for (const char* name : {"Index Cond", "Recheck Cond", "Filter", "Join Filter", "Hash Cond", "Merge Cond"}) {
      const auto text = node.text(name);
      if (text.empty()) continue;
      condition(text, false);
      need(text);
    }
    orders(node, limited || node.text("Node Type") == "Limit");
    for (const char* name : {"Sort Key", "Presorted Key", "Group Key"}) {
      for (const auto& key : texts(node, name)) need(key);
    }
    // A scan below something else may give all columns, needed or not.
    const bool is_scan = !node.text("Relation Name").empty();
    if (!is_scan || &node == &plan) {
      for (const auto& printed : texts(node, "Output")) {
        const std::string text = by_alias_.size() == 1 ? with_alias(printed, by_alias_.begin()->first) : printed;
        need(text);
        if (node.text("Node Type") != "Aggregate") continue;
        for (const auto& column : extremes_of(text)) {
          if (auto* access = only_table(column); access != nullptr) access->extremes.insert(bare(column));
        }
      }
    }
  });
  return std::move(out_);
}

}  // namespace

std::vector<Access> accesses_of(const Node& plan, const std::map<TableName, TableName>& parents) {
  return Harvest(parents).run(plan);
}

std::vector<Write> writes_of(const Node& plan, const std::map<TableName, TableName>& parents) {
  std::vector<Write> out;
  walk(plan, [&](const Node& node, bool) {
    if (node.text("Node Type") != "ModifyTable") return;
    Write write;
    TableName table{node.text("Schema"), node.text("Relation Name")};
    if (const auto parent = parents.find(table); parent != parents.end()) table = parent->second;
    write.schema = table.first;
    write.table = table.second;
    write.operation = node.text("Operation");
    if (const auto* inner = node.child("Plans"); inner != nullptr) {
      for (const auto& child : inner->items) {
        const auto relation = child.text("Parent Relationship");
        if (relation == "Outer" || relation == "Member") write.rows += child.number("Plan Rows");
      }
    }
    out.push_back(std::move(write));
  });
  return out;
}

std::set<std::string> indexes_of(const Node& plan) {
  std::set<std::string> out;
  walk(plan, [&](const Node& node, bool) {
    if (const auto name = node.text("Index Name"); !name.empty()) out.insert(name);
  });
  return out;
}

}  // namespace pga::advise
