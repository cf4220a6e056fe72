// Payments and refunds, with what the provider said about them.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what = first_known(draft, {statement.subject, "order", "invoice", "booking"});
  const auto order = draft.target(what.empty() ? "order" : what);
  const std::string on = order.one + "_id";
  const std::string state = choose(
      draft, "payment-state", "Where does the state of a payment come from?",
      {{"status", "a status, and the provider's events beside it", "One column to read; the events tell how it came to be."},
       {"events", "from the events alone", "Nothing can disagree; every question reads the events."}},
      "Programs ask for the status all the time, and for the events when something went wrong.", 2);
  Table& payments = thing(draft, "payment");
  payments.reference(on, order, OnDelete::restrict_, true, "What is paid");
  payments.column({"amount", "numeric(12,2)", true, "", "What was asked for"});
  payments.check("amount", "range", "amount > 0");
  payments.column({"currency", "text", true, "", "ISO 4217"});
  payments.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
  if (state == "status") {
    payments.one_of("status", {"pending", "authorised", "succeeded", "failed", "cancelled"}, "pending");
    payments.index({"created_at"}, "payments that nobody has heard of: they are asked for again", "status = 'pending'");
  }
  payments.text("provider", 1, 40, true, "'stripe', 'paypal'");
  payments.text("provider_ref", 1, 200, false, "The provider's number of it; NULL until it has one");
  payments.text("idempotency_key", 1, 100, true, "Of the attempt: a second click is the same payment");
  payments.unique({"idempotency_key"});
  payments.unique({"provider", "provider_ref"});
  payments.says("Money asked for; several for one " + spoken(order.one) + " when some fail or it is paid in parts");
  const auto payment = draft.target(payments.name);
  Table& refunds = thing(draft, "refund");
  refunds.reference(payment.one + "_id", payment, OnDelete::restrict_, true, "Of which payment");
  refunds.column({"amount", "numeric(12,2)", true, "", "In the payment's currency"});
  refunds.check("amount", "range", "amount > 0");
  refunds.text("provider_ref", 1, 200, false, "The provider's number of it");
  refunds.text("reason", 0, 500, false, "");
  refunds.says("Money given back; never more than was paid");
  const std::string fits = refunds.name + "_within_payment";
  trigger_function(
      draft, fits,
      fmt::format("DECLARE\n  paid numeric;\n  back numeric;\nBEGIN\n  -- The lock: two refunds at once are counted one after "
                  "the other.\n  SELECT amount INTO paid FROM {0} WHERE id = NEW.{2} FOR UPDATE;\n  SELECT coalesce(sum(amount), "
                  "0) INTO back "
                  "FROM {1} WHERE {2} = NEW.{2};\n  IF back > paid THEN\n    RAISE EXCEPTION '{3}: % of % would be given back', "
                  "back, paid "
                  "USING ERRCODE = 'check_violation', CONSTRAINT = '{3}';\n  END IF;\n  RETURN NULL;\nEND",
                  qualified(payments), qualified(refunds), ident(payment.one + "_id"), fits),
      "refunds never exceed their payment");
  trigger(refunds, fits, "AFTER INSERT OR UPDATE OF amount, " + ident(payment.one + "_id"), "FOR EACH ROW", fits);
  Table& events = draft.table("provider_event");
  events.text("provider", 1, 40);
  events.text("event_id", 1, 200, true, "The provider's: what is sent twice is taken once");
  events.reference(payment.one + "_id", payment, OnDelete::set_null, false, "NULL until it is known which");
  events.text("kind", 1, 100, true, "");
  events.column({"payload", "jsonb", true, "", "As it came"});
  events.check("payload", "object", "jsonb_typeof(payload) = 'object'");
  events.column({"received_at", "timestamptz", true, "DEFAULT now()", ""});
  events.column({"handled_at", "timestamptz", false, "", "NULL while it is to be done"});
  events.key({"provider", "event_id"});
  events.index({"received_at"}, "what is still to be done, oldest first", "handled_at IS NULL");
  events.says("What the providers told, once each");
  draft.query("Take an event, once: no row back means it was here before",
              "INSERT INTO " + events.sql_name() +
                  " (provider, event_id, kind, payload) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING event_id",
              events.name + "_pkey");
  draft.query("What was paid for one " + spoken(order.one),
              fmt::format("SELECT * FROM {} WHERE {} = $1 ORDER BY created_at", payments.sql_name(), ident(on)),
              "idx_" + payments.name + "_" + on);
  draft.warn("card-data", "No card number and no security code belongs into this database: the provider keeps them.",
             "store its token only");
  draft.elsewhere("Talking to the provider and checking the signature of its events belong to the application.");
}

}  // namespace

extern const Pattern pattern_payments;
const Pattern pattern_payments = {"payments", "Payments, refunds that never exceed them, and the provider's events once each",
                                  &build};

}  // namespace pga::design
