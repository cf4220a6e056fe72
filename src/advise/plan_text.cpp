#include "advise/plan_text.h"

#include <fmt/core.h>

namespace pga::advise {
namespace {

void add(const sql::Node& plan, size_t depth, std::vector<std::string>& out) {
  const std::string indent(depth * 2, ' ');
  std::string line = plan.text("Node Type");
  if (line == "ModifyTable") line = plan.text("Operation");
  if (const auto join = plan.text("Join Type"); !join.empty() && join != "Inner") line += " (" + join + ")";
  if (const auto index = plan.text("Index Name"); !index.empty()) line += " using " + index;
  if (const auto table = plan.text("Relation Name"); !table.empty()) {
    line += " on " + table;
    if (plan.text("Alias") != table) line += " " + plan.text("Alias");
  }
  out.push_back(indent + line + fmt::format("  (cost={:.2f} rows={:.0f})", plan.number("Total Cost"), plan.number("Plan Rows")));
  for (const char* name : {"Index Cond", "Recheck Cond", "Order By", "Hash Cond", "Merge Cond", "Join Filter", "Filter"}) {
    if (const auto text = plan.text(name); !text.empty()) out.push_back(indent + "    " + name + ": " + text);
  }
  if (const auto* keys = plan.child("Sort Key"); keys != nullptr) {
    std::string list;
    for (const auto& key : keys->items) list += (list.empty() ? "" : ", ") + key.value;
    out.push_back(indent + "    Sort Key: " + list);
  }
  if (const auto* inner = plan.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) add(child, depth + 1, out);
  }
}

}  // namespace

std::vector<std::string> plan_text(const sql::Node& plan) {
  std::vector<std::string> out;
  add(plan, 0, out);
  return out;
}

}  // namespace pga::advise
