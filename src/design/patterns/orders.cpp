// Orders with lines that keep what was bought as it was then.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string buyer = first_known(draft, {statement.subject, "customer"});
  const auto customers = buyer.empty() || buyer == "order" ? draft.people() : draft.target(buyer);
  const std::string what = first_known(draft, {"product_variant", "variant", "product", "item"});
  const auto product = draft.target(what.empty() ? "product" : what);
  const std::string who = customers.one + "_id", on = product.one + "_id";
  const std::string copy = choose(
      draft, "order-snapshot", "What does a line keep of what was bought?",
      {{"copy", "its name, number and price as they were", "About 60 bytes a line; past orders never change."},
       {"reference", "a reference to the price row", "Smaller; needs price rows that are never changed (pattern price-lists)."}},
      "An invoice of last year must say what it said last year.", 3);
  Table& orders = thing(draft, "order");
  orders.reference(who, customers, OnDelete::restrict_, !orders.existing, "Who bought", false);
  orders.text("number", 1, 40, !orders.existing, "What people say on the telephone");
  orders.unique({"number"});
  orders.one_of("status", {"draft", "placed", "paid", "shipped", "delivered", "cancelled"}, "draft");
  orders.column({"currency", "text", !orders.existing, "", "ISO 4217; of all amounts of the order"});
  orders.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
  orders.column({"placed_at", "timestamptz", false, "", "NULL while it is a draft"});
  orders.check("placed_at", "given", "(status IN ('draft', 'cancelled')) OR placed_at IS NOT NULL",
               "What was placed was placed at some time");
  orders.index({who, "placed_at DESC"}, "the orders of one " + spoken(customers.one) + ", newest first");
  orders.index({"status", "placed_at"}, "what is to be done, oldest first", "status IN ('placed', 'paid')");
  orders.says("What was bought, by whom, when");
  const auto order = draft.target(orders.name);
  Table& lines = draft.table(order.one + "_line");
  lines.reference(order.one + "_id", order, OnDelete::cascade, true, "", false);
  lines.column({"line_no", "integer", true, "", "1, 2, 3 within the order"});
  lines.check("line_no", "range", "line_no > 0");
  lines.reference(on, product, OnDelete::restrict_, true, "What was bought; it can be retired, not deleted");
  if (copy == "copy") {
    lines.text("product_name", 1, 200, true, "As it was called then");
    lines.text("sku", 1, 60, true, "Its number then");
  }
  lines.column({"unit_price", "numeric(12,2)", true, "", copy == "copy" ? "As it was then" : "Of the price row"});
  lines.check("unit_price", "range", "unit_price >= 0");
  lines.column({"quantity", "integer", true, "", ""});
  lines.check("quantity", "range", "quantity > 0");
  lines.column({"tax_rate", "numeric(5,4)", true, "DEFAULT 0", "0.19 for 19 %"});
  lines.check("tax_rate", "range", "tax_rate BETWEEN 0 AND 1");
  lines.column({"line_total", "numeric(14,2)", true, "GENERATED ALWAYS AS (round(unit_price * quantity, 2)) STORED",
                "Before tax; calculated, so it cannot be wrong"});
  lines.key({order.one + "_id", "line_no"});
  if (copy == "reference") {
    const std::string prices = first_known(draft, {product.one + "_price", "price"});
    if (!prices.empty())
      lines.reference("price_id", draft.target(prices), OnDelete::restrict_, true, "The price that was agreed");
  }
  lines.says("What was bought, as it was then");
  draft.query(
      "One order with what it costs",
      fmt::format("SELECT o.*, (SELECT sum(line_total) FROM {} l WHERE l.{} = o.id) AS total FROM {} o WHERE o.number = $1",
                  lines.sql_name(), ident(order.one + "_id"), orders.sql_name()),
      orders.name + "_number_key");
  draft.query("The orders of one " + spoken(customers.one),
              fmt::format("SELECT id, number, status, placed_at FROM {} WHERE {} = $1 ORDER BY placed_at DESC LIMIT 20",
                          orders.sql_name(), ident(who)),
              "idx_" + orders.name + "_" + who + "_placed_at");
  draft.warn("stored-total",
             "A stored total is wrong as soon as a line changes: it is summed when asked (a page of lines is one index scan).",
             "store it when the order is placed and its lines are fixed");
  draft.warn("product-deleted", "A " + spoken(product.one) + " that was bought cannot be deleted: its orders name it.",
             "retire it with a flag");
}

}  // namespace

extern const Pattern pattern_orders;
const Pattern pattern_orders = {"orders", "Orders and lines, with name and price as they were when bought", &build};

}  // namespace pga::design
