// Plans with prices that never change, and subscriptions that name the price they were sold at.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string buyer =
      first_known(draft, {statement.subject, "organisation", "organization", "tenant", "company", "customer"});
  const auto customers = buyer.empty() ? draft.people() : draft.target(buyer);
  const std::string who = customers.one + "_id";
  const std::string many = choose(draft, "subscriptions-per-" + customers.one,
                                  "How many live subscriptions may one " + spoken(customers.one) + " have?",
                                  {{"one", "one", "A unique index refuses the second; an upgrade changes the row."},
                                   {"many", "several", "One for each product; every question asks which one."}},
                                  "Most products are one plan a customer; the index stops the double click.", 2);
  Table& plans = thing(draft, "plan");
  plans.text("code", 1, 60, true, "'pro'");
  plans.unique({"code"});
  plans.text("name", 1, 120);
  plans.column({"is_active", "boolean", true, "DEFAULT true", "Still sold"});
  plans.says("What is sold");
  needs_extension(draft, "btree_gist");
  Table& prices = thing(draft, "plan_price");
  prices.reference("plan_id", draft.target(plans.name), OnDelete::restrict_, true, "", false);
  prices.column({"currency", "text", true, "", "ISO 4217"});
  prices.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
  prices.column({"amount", "numeric(12,2)", true, "", "For one period"});
  prices.check("amount", "range", "amount >= 0");
  prices.one_of("every", {"month", "year"}, "month", true, "How long a period is");
  prices.column({"trial_days", "integer", true, "DEFAULT 0", ""});
  prices.check("trial_days", "range", "trial_days BETWEEN 0 AND 365");
  prices.column(
      {"valid", "tstzrange", true, "DEFAULT tstzrange(now(), NULL)", "When it is sold; who has it keeps it afterwards"});
  prices.check("valid", "not_empty", "NOT isempty(valid)");
  prices.rule({prices.name + "_no_overlap", "EXCLUDE USING gist (plan_id WITH =, currency WITH =, every WITH =, valid WITH &&)",
               "One price at a time is sold"});
  const std::string fixed = prices.name + "_fixed";
  trigger_function(draft, fixed,
                   fmt::format("BEGIN\n  RAISE EXCEPTION '{}: a price is never changed: end it and make another' USING ERRCODE = "
                               "'restrict_violation';\nEND",
                               fixed),
                   "what was sold keeps its price");
  trigger(prices, fixed, "BEFORE UPDATE OF amount, currency, every, plan_id",
          "FOR EACH ROW WHEN ((OLD.amount, OLD.currency, OLD.every, OLD.plan_id) IS DISTINCT FROM (NEW.amount, NEW.currency, "
          "NEW.every, NEW.plan_id))",
          fixed);
  prices.says("What a plan costs; a new price is a new row, and who has the old one keeps it");
  Table& subs = thing(draft, "subscription");
  subs.reference(who, customers, OnDelete::restrict_, true, "", false);
  subs.reference("plan_price_id", draft.target(prices.name), OnDelete::restrict_, true, "What was agreed");
  subs.one_of("status", {"trialing", "active", "past_due", "paused", "ended"}, "trialing");
  subs.column({"period", "tstzrange", true, "", "What is paid for now"});
  subs.check("period", "bounded", "NOT isempty(period) AND NOT lower_inf(period) AND NOT upper_inf(period)");
  subs.column(
      {"anchor_day", "smallint", true, "", "The day of the month on which it renews: 31 is the last day of shorter months"});
  subs.check("anchor_day", "range", "anchor_day BETWEEN 1 AND 31");
  subs.column({"quantity", "integer", true, "DEFAULT 1", "Seats"});
  subs.check("quantity", "range", "quantity > 0");
  subs.column({"cancel_at", "timestamptz", false, "", "When it ends, once somebody cancelled it"});
  subs.column({"ended_at", "timestamptz", false, "", ""});
  subs.check("ended_at", "given", "(status = 'ended') = (ended_at IS NOT NULL)", "Both directions");
  subs.index({who}, many == "one" ? "the live subscription: there is one" : "the live subscriptions of one", "status <> 'ended'",
             many == "one");
  subs.special_index({"idx_" + subs.name + "_renewal", false,
                      "(upper(period)) WHERE status IN ('trialing', 'active', 'past_due')", "the hourly run: what renews next"});
  subs.says("Who has which plan, at which price, until when");
  Table& changes = thing(draft, "subscription_change");
  changes.reference("subscription_id", draft.target(subs.name), OnDelete::cascade, true, "");
  changes.text("kind", 1, 40, true, "'upgraded', 'cancelled', 'renewed'");
  changes.reference("from_price_id", draft.target(prices.name), OnDelete::restrict_, false, "");
  changes.reference("to_price_id", draft.target(prices.name), OnDelete::restrict_, false, "");
  refuse_changes(draft, changes, "UPDATE");
  changes.says("What became of a subscription, in order");
  draft.query("What renews in the next hour",
              fmt::format("SELECT id FROM {} WHERE upper(period) <= now() + interval '1 hour' AND status IN ('trialing', "
                          "'active', 'past_due') FOR UPDATE SKIP LOCKED",
                          subs.sql_name()),
              "idx_" + subs.name + "_renewal");
  draft.warn("renewal-31", "interval '1 month' from the 31st of January is the 28th of February, and then the 28th for ever.",
             "calculate from anchor_day, not from the last renewal");
}

}  // namespace

extern const Pattern pattern_subscriptions;
const Pattern pattern_subscriptions = {"subscriptions", "Plans, immutable prices, subscriptions with one live per customer",
                                       &build};

}  // namespace pga::design
