// What others must hear of, written with what they hear of.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string kind = choose(draft, "outbox-reader", "How do events leave?",
                                  {{"poll", "a program asks for what is new", "Plain SQL; some hundred milliseconds late."},
                                   {"decoding", "from the write-ahead log (logical decoding)",
                                    "At once and without a second write of who reads; a slot that nobody reads fills the disk."}},
                                  "A query needs nothing but the table.", 2);
  Table& table = draft.table(statement.object.empty() ? "outbox" : statement.object);
  table.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
  table.column({"xid", "xid8", true, "DEFAULT pg_current_xact_id()",
                "The transaction: ids are given before the commit, so an id alone would be passed over when it commits late"});
  table.text("topic", 1, 200, true, "'order.placed'");
  table.text("key", 0, 200, true, "What must stay in order: the order's id");
  table.find("key")->tail = "DEFAULT ''";
  table.column({"payload", "jsonb", true, "", "All that the others need: they do not look here"});
  table.check("payload", "object", "jsonb_typeof(payload) = 'object'");
  table.created_at();
  table.column({"published_at", "timestamptz", false, "", "NULL until it left"});
  table.key({"id"});
  table.index({"xid", "id"}, "what is new, in order", "published_at IS NULL");
  table.index({"published_at"}, "the purge of what left long ago", "published_at IS NOT NULL");
  table.storage = "WITH (autovacuum_vacuum_scale_factor = 0.01)";
  table.says("Events for other programs, written in the same transaction as what they tell of");
  if (kind == "poll") {
    draft.query("What is new: only what no open transaction can still overtake",
                "SELECT id, topic, key, payload FROM " + table.sql_name() +
                    " WHERE published_at IS NULL AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, id LIMIT 100 "
                    "FOR UPDATE SKIP LOCKED",
                "idx_" + table.name + "_xid_id");
    draft.query("It left", "UPDATE " + table.sql_name() + " SET published_at = now() WHERE id = ANY ($1)", table.name + "_pkey");
  } else {
    draft.warn("slot", "A replication slot keeps the log until somebody reads it: the disk fills.",
               "watch pg_replication_slots; max_slot_wal_keep_size");
  }
  draft.query("Once an hour: what left a week ago",
              fmt::format("DELETE FROM {0} WHERE id IN (SELECT id FROM {0} WHERE published_at < now() - interval '7 days' ORDER "
                          "BY published_at LIMIT 10000)",
                          table.sql_name()),
              "idx_" + table.name + "_published_at");
  draft.warn("at-least-once", "An event may be sent twice: a crash between sending and the UPDATE.",
             "who receives remembers its id");
  if (!statement.subject.empty())
    draft.elsewhere("Writing the event in the transaction that changes " + plural_of(statement.subject) +
                    ", and sending it, belong to the application.");
}

}  // namespace

extern const Pattern pattern_outbox;
const Pattern pattern_outbox = {"outbox", "Events for others, in the transaction that makes them", &build};

}  // namespace pga::design
