// Telling other systems, until they have heard it.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string tenant =
      first_known(draft, {statement.subject, "tenant", "organisation", "organization", "workspace", "company", "customer"});
  const auto owner = tenant.empty() || singular_of(tenant) == "webhook" ? draft.people() : draft.target(tenant);
  const std::string who = owner.one + "_id";
  const std::string gives_up = choose(
      draft, "webhook-gives-up", "When is an endpoint given up?",
      {{"after-failures", "after 100 failures in a row it is switched off", "A counter on the endpoint; its owner is told."},
       {"never", "never", "Deliveries to what is gone go on for ever."}},
      "Addresses die.", 1);
  Table& endpoints = thing(draft, "webhook_endpoint");
  endpoints.reference(who, owner, OnDelete::cascade, true, "Whose");
  endpoints.column({"url", "text", true, "", ""});
  endpoints.check("url", "shape", "url ~ '^https://' AND octet_length(url) <= 2048", "Encrypted only");
  endpoints.column({"secret", "bytea", true, "", "Signs what is sent; encrypted by the application, whose key is not here"});
  endpoints.column({"events", "text[]", true, "DEFAULT '{}'", "What it wants to hear of; empty: everything"});
  endpoints.check("events", "whole", "array_position(events, NULL) IS NULL");
  endpoints.column({"disabled_at", "timestamptz", false, "", ""});
  if (gives_up == "after-failures") {
    endpoints.column({"failures", "integer", true, "DEFAULT 0", "In a row"});
    endpoints.check("failures", "range", "failures >= 0");
  }
  endpoints.says("Addresses of others that are told what happens");
  const auto endpoint = draft.target(endpoints.name);
  Table& table = thing(draft, "webhook_delivery");
  table.reference("endpoint_id", endpoint, OnDelete::cascade, true, "", false);
  table.column({"event_id", "uuid", true, "", "The same in every attempt: who receives knows it by it"});
  table.text("event", 1, 100, true, "'order.placed'");
  table.column({"payload", "jsonb", true, "", ""});
  table.column({"attempt", "integer", true, "DEFAULT 1", ""});
  table.check("attempt", "range", "attempt BETWEEN 1 AND 20");
  table.one_of("status", {"pending", "succeeded", "failed"}, "pending");
  table.column({"next_at", "timestamptz", false, "DEFAULT now()", "When it is tried; later each time"});
  table.check("next_at", "given", "(status = 'pending') = (next_at IS NOT NULL)", "Both directions");
  table.column({"response_code", "integer", false, "", ""});
  table.text("response_body", 0, 2000, false, "Its beginning");
  table.unique({"endpoint_id", "event_id", "attempt"});
  table.index({"next_at"}, "what is to be sent now", "status = 'pending'");
  table.index({"endpoint_id", "created_at DESC"}, "what was sent to one, newest first");
  table.index({"created_at"}, "the purge of what is older than 30 days", "status <> 'pending'");
  table.says("Every attempt, and what came back");
  draft.query("What is to be sent",
              "SELECT * FROM " + table.sql_name() +
                  " WHERE status = 'pending' AND next_at <= now() ORDER BY next_at LIMIT 50 FOR UPDATE SKIP LOCKED",
              "idx_" + table.name + "_next_at");
  draft.query("What was sent to one",
              "SELECT * FROM " + table.sql_name() + " WHERE endpoint_id = $1 ORDER BY created_at DESC LIMIT 50",
              "idx_" + table.name + "_endpoint_id_created_at");
  draft.query("Once an hour: what is older than 30 days",
              fmt::format("DELETE FROM {0} WHERE id IN (SELECT id FROM {0} WHERE status <> 'pending' AND created_at < now() - "
                          "interval '30 days' ORDER BY created_at LIMIT 10000)",
                          table.sql_name()),
              "idx_" + table.name + "_created_at");
  draft.warn("webhook-bodies", "Answers of others can be of any length.", "2,000 characters are kept");
  draft.warn("webhook-inside", "An address may point into your own network.",
             "resolve and refuse private ones in the application");
  draft.elsewhere("Sending, signing and waiting longer each time belong to the application.");
}

}  // namespace

extern const Pattern pattern_webhooks;
const Pattern pattern_webhooks = {"webhooks", "Endpoints of others, and every attempt to reach them", &build};

}  // namespace pga::design
