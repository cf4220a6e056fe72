#include "advise/why_not.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::advise {
namespace {

constexpr double kLargeShare = 0.1;  // of a table's rows

const sql::Node* scan_of(const sql::Node& plan, double& dearest) {
  const sql::Node* found = nullptr;
  if (!plan.text("Relation Name").empty() && plan.text("Node Type") != "ModifyTable" && plan.number("Total Cost") > dearest) {
    dearest = plan.number("Total Cost");
    found = &plan;
  }
  if (const auto* inner = plan.child("Plans"); inner != nullptr) {
    for (const auto& child : inner->items) {
      if (const auto* one = scan_of(child, dearest); one != nullptr) found = one;
    }
  }
  return found;
}

}  // namespace

std::string why_not(const sql::Node& plan, const std::vector<Access>& accesses, Catalog& catalog, size_t candidates) {
  double cost = -1;
  const auto* scan = scan_of(plan, cost);
  if (scan == nullptr) return "it reads no table; each index makes it a little dearer";
  const std::string name = ident({scan->text("Schema"), scan->text("Relation Name")});
  const auto parent = catalog.parents().find({scan->text("Schema"), scan->text("Relation Name")});
  const auto* table = parent == catalog.parents().end() ? catalog.table(scan->text("Schema"), scan->text("Relation Name"))
                                                        : catalog.table(parent->second.first, parent->second.second);
  if (table != nullptr && table->blocks < 16)
    return name + " is so small (" + fmt::format("{:.0f}", table->blocks) + " blocks) that reading all of it is the fastest";
  for (const auto& access : accesses) {
    for (const auto& condition : access.conditions) {
      const bool infix = (condition.op == "~~" || condition.op == "~~*") && condition.constant.size() > 2 &&
                         (condition.constant[1] == '%' || condition.op == "~~*");
      if (!infix) continue;
      const auto& classes = catalog.classes(access.schema, access.table, condition.expression);
      const bool trigrams =
          std::ranges::any_of(classes, [](const OperatorClass& one) { return one.plain_name == "gin_trgm_ops"; });
      if (!trigrams)
        return "LIKE with a free beginning on " + condition.expression +
               " needs trigrams: CREATE EXTENSION pg_trgm, then ask again";
    }
  }
  if (scan->text("Node Type").find("Index") != std::string::npos || scan->text("Node Type").find("Bitmap") != std::string::npos)
    return "the index " + scan->text("Index Name") + (scan->text("Index Name").empty() ? "that is there" : "") +
           " serves it already";
  const double rows = scan->number("Plan Rows");
  const double share = table == nullptr || table->rows <= 0 ? 0 : rows / table->rows;
  if (scan->text("Filter").empty() && candidates == 0)
    return "it reads all of " + name + "; a materialised view or a table of sums that is kept up to date would make it cheaper";
  if (share > kLargeShare)
    return fmt::format(
        "it reads {:.0f} % of {}: rows one by one through an index cost more than reading the table; a narrower condition, a "
        "materialised view or partitions would help",
        share * 100, name);
  if (candidates == 0)
    return "no operator of its conditions on " + name +
           " can be looked up in an index; write the condition so that a column stands alone on one side";
  return "none of the candidates makes it cheaper by more than its upkeep, or none fits the budget";
}

}  // namespace pga::advise
