// Prices by list, quantity and time: what was and what will be are rows too.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = first_known(draft, {statement.subject, "product_variant", "variant", "product"});
  const auto product = draft.target(what.empty() ? "product" : what);
  const std::string on = product.one + "_id";
  const std::string kind = choose(
      draft, product.one + "-prices", "Where does a price stand?",
      {{"rows", "a row for each list and period", "What was and what will be are data; the current price is one index scan."},
       {"percent", "a base price and a percentage a list", "Few rows; a price that is an exception has no place."},
       {"column", "a column of the " + product.one, "One price, no history, no lists; adding them later moves the column."}},
      "Prices are scheduled, differ by customer and are asked about afterwards.", 3);
  if (kind == "column") {
    Table& table = draft.table(product.one);
    table.column({"price", "numeric(12,2)", !table.existing, "", "In the shop's one currency"});
    table.check("price", "range", "price >= 0");
    return;
  }
  Table& lists = thing(draft, "price_list");
  lists.text("code", 1, 40, true, "'retail', 'wholesale'");
  lists.unique({"code"});
  lists.column({"currency", "text", true, "", "One currency a list: amounts of one list can be compared"});
  lists.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
  if (kind == "percent") {
    lists.column({"percent", "numeric(6,3)", true, "DEFAULT 100", "Of the base price"});
    lists.check("percent", "range", "percent BETWEEN 0 AND 1000");
  }
  lists.says("Who pays which prices");
  if (kind == "percent") {
    Table& table = draft.table(product.one);
    table.column({"base_price", "numeric(12,2)", !table.existing, "", "What the percentages are of"});
    table.check("base_price", "range", "base_price >= 0");
    return;
  }
  needs_extension(draft, "btree_gist");
  Table& prices = thing(draft, product.one + "_price");
  prices.reference(on, product, OnDelete::cascade, true, "What is sold", false);
  prices.reference("price_list_id", draft.target(lists.name), OnDelete::cascade, true, "For whom");
  prices.column({"min_qty", "integer", true, "DEFAULT 1", "From this quantity on"});
  prices.check("min_qty", "range", "min_qty > 0");
  prices.column({"amount", "numeric(12,2)", true, "", "For one, in the list's currency"});
  prices.check("amount", "range", "amount >= 0");
  prices.column({"valid", "tstzrange", true, "DEFAULT tstzrange(now(), NULL)",
                 "From (included) to (excluded); without an end until further notice"});
  prices.check("valid", "not_empty", "NOT isempty(valid)", "An empty range would escape the rule below");
  prices.rule({prices.name + "_no_overlap",
               fmt::format("EXCLUDE USING gist ({} WITH =, price_list_id WITH =, min_qty WITH =, valid WITH &&)", ident(on)),
               "One price at a time: only a constraint stops two editors"});
  prices.says("What something costs, in which list, from which quantity, when");
  draft.query(
      "What it costs now",
      fmt::format("SELECT amount FROM {} WHERE {} = $1 AND price_list_id = $2 AND min_qty <= $3 AND valid @> now() ORDER BY "
                  "min_qty DESC LIMIT 1",
                  prices.sql_name(), ident(on)),
      prices.name + "_no_overlap");
  draft.query(
      "The price ends on a day (then INSERT the new one from that day)",
      fmt::format("UPDATE {} SET valid = tstzrange(lower(valid), $4) WHERE {} = $1 AND price_list_id = $2 AND min_qty = $3 AND "
                  "upper_inf(valid)",
                  prices.sql_name(), ident(on)),
      prices.name + "_no_overlap");
  draft.warn("price-of-orders", "An order keeps the price that it was placed at: copy it, never join to what holds today.", "");
}

}  // namespace

extern const Pattern pattern_price_lists;
const Pattern pattern_price_lists = {"price-lists", "Prices for each list, quantity and period, without overlaps", &build};

}  // namespace pga::design
