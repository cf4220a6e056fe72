// Discount codes, each used as often as it may be, by each customer once.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string buyer = first_known(draft, {statement.subject, "customer"});
  const auto customers = buyer.empty() ? draft.people() : draft.target(buyer);
  const auto order = draft.target("order");
  const std::string who = customers.one + "_id", on = order.one + "_id";
  const std::string kind = choose(
      draft, "coupon-codes", "Is one code used by many, or each by one?",
      {{"shared", "one code for many, with a limit",
        "A counter on the coupon's row: all who redeem it at once wait for that row."},
       {"single", "generated codes, each good once", "A row a code; nothing is hot, a campaign of a million is a million rows."}},
      "SUMMER10 is what people mean; a limit is one row.", 3);
  Table& coupons = thing(draft, "coupon");
  if (kind == "shared") {
    coupons.text("code", 3, 40, true, "As printed");
    coupons.special_index(
        {"idx_" + coupons.name + "_code", true, "(upper(code))", "the code at the checkout, however it is typed"});
  } else {
    coupons.text("name", 1, 120, true, "Of the campaign");
  }
  coupons.column({"percent_off", "numeric(5,2)", false, "", "Of the order"});
  coupons.check("percent_off", "range", "percent_off > 0 AND percent_off <= 100");
  coupons.column({"amount_off", "numeric(12,2)", false, "", "A fixed amount"});
  coupons.check("amount_off", "range", "amount_off > 0");
  coupons.column({"currency", "text", false, "", "Of the amount"});
  coupons.check("", "one_kind", "num_nonnulls(percent_off, amount_off) = 1", "A percentage or an amount");
  coupons.check("currency", "given", "(amount_off IS NULL) = (currency IS NULL)", "An amount is nothing without its currency");
  coupons.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
  coupons.column({"valid", "tstzrange", true, "DEFAULT tstzrange(now(), NULL)", ""});
  coupons.check("valid", "not_empty", "NOT isempty(valid)");
  if (kind == "shared") {
    coupons.column({"max_redemptions", "integer", false, "", "NULL: no limit"});
    coupons.check("max_redemptions", "range", "max_redemptions > 0");
    coupons.column({"redeemed", "integer", true, "DEFAULT 0", "How often it was used; kept by a trigger"});
    coupons.check("redeemed", "limit", "redeemed >= 0 AND (max_redemptions IS NULL OR redeemed <= max_redemptions)",
                  "The one too many is refused, however many come at once");
  }
  coupons.says("What is taken off, until when");
  const auto coupon = draft.target(coupons.name);
  Table& redemptions = draft.table("coupon_redemption");
  redemptions.reference("coupon_id", coupon, OnDelete::restrict_, true, "", false);
  redemptions.reference(on, order, OnDelete::cascade, true, "Of which " + spoken(order.one), false);
  redemptions.reference(who, customers, OnDelete::restrict_, true, "", false);
  if (kind == "single") {
    Table& codes = draft.table("coupon_code");
    codes.text("code", 6, 40, true, "Random");
    codes.reference("coupon_id", coupon, OnDelete::cascade, true, "The campaign");
    codes.key({"code"});
    codes.unique({"coupon_id", "code"}, "What the foreign key of a redemption needs");
    codes.says("Codes that are good once");
    redemptions.column({"code", "text", true, "", "Which one"});
    redemptions.rule({redemptions.name + "_code_fkey",
                      "FOREIGN KEY (coupon_id, code) REFERENCES " + codes.sql_name() + " (coupon_id, code)",
                      "A code of that campaign"});
    redemptions.unique({"code"}, "Good once");
  }
  redemptions.created_at();
  redemptions.key({"coupon_id", on});
  redemptions.unique({"coupon_id", who}, "Each " + spoken(customers.one) + " once");
  redemptions.index({on}, "what was taken off one " + spoken(order.one));
  redemptions.index({who}, "the check when one goes");
  redemptions.says("Which coupon was used on which " + spoken(order.one));
  if (kind == "shared") {
    const std::string count = redemptions.name + "_count";
    trigger_function(draft, count,
                     fmt::format("BEGIN\n  UPDATE {} SET redeemed = redeemed + CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END\n    "
                                 "WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.coupon_id ELSE OLD.coupon_id END;\n  "
                                 "RETURN NULL;\nEND",
                                 qualified(coupons)),
                     "counts the uses of a coupon");
    trigger(redemptions, count, "AFTER INSERT OR DELETE", "FOR EACH ROW", count);
    draft.query("The code at the checkout",
                "SELECT id FROM " + coupons.sql_name() + " WHERE upper(code) = upper($1) AND valid @> now()",
                "idx_" + coupons.name + "_code");
    draft.warn("hot-coupon", "Everybody who uses one code waits for its row, from the redemption to the commit.",
               "redeem last in the transaction; single codes for campaigns");
  } else {
    draft.query("The code at the checkout",
                "SELECT c.* FROM coupon_codes k JOIN " + coupons.sql_name() +
                    " c ON c.id = k.coupon_id WHERE k.code = $1 AND c.valid @> now()",
                "coupon_codes_pkey");
  }
  draft.warn("coupon-race", "Asking how often it was used, and then using it, is two statements: somebody comes between them.",
             "the CHECK decides");
}

}  // namespace

extern const Pattern pattern_coupons;
const Pattern pattern_coupons = {"coupons", "Coupons with a limit that holds, and redemptions", &build};

}  // namespace pga::design
