// What people are told, each once, read or not.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string who = users.one + "_id";
  const std::string kept = choose(draft, "notification-retention", "How long are notifications kept?",
                                  {{"90-days", "90 days", "A purge by the thousand, once a day."},
                                   {"for-ever", "for ever", "It grows with every person and every event."}},
                                  "Nobody reads old ones.", 1);
  Table& table = thing(draft, statement.object.empty() ? "notification" : statement.object);
  table.reference(who, users, OnDelete::cascade, true, "Who is told", false);
  table.text("kind", 1, 60, true, "'comment.added'");
  table.check("kind", "shape", "kind ~ '^[a-z0-9_]+([.][a-z0-9_]+)*$'");
  table.reference("actor_id", users, OnDelete::set_null, false, "Who did it");
  table.column({"payload", "jsonb", true, "DEFAULT '{}'", "What the sentence needs: ids and names as they were"});
  table.check("payload", "object", "jsonb_typeof(payload) = 'object'");
  table.column({"read_at", "timestamptz", false, "", "NULL while it is unread"});
  table.index({who, "id DESC"}, "the notifications of one, newest first");
  table.index({who}, "how many are unread", "read_at IS NULL");
  table.says("What people were told, and whether they read it");
  Table& prefs = draft.table("notification_preference");
  prefs.reference(who, users, OnDelete::cascade, true, "", false);
  prefs.text("kind", 1, 60);
  prefs.one_of("channel", {"app", "email", "push"}, "");
  prefs.column({"enabled", "boolean", true, "", "No row: what the application does by itself"});
  prefs.key({who, "kind", "channel"});
  prefs.says("Who wants to be told what, and how");
  if (kept == "90-days") {
    table.index({"created_at"}, "the daily purge of what is older than 90 days");
    draft.query("Every minute of the night, until 0 rows go",
                fmt::format("DELETE FROM {0} WHERE id IN (SELECT id FROM {0} WHERE created_at < now() - interval '90 days' ORDER "
                            "BY created_at LIMIT 1000)",
                            table.sql_name()),
                "idx_" + table.name + "_created_at");
  }
  draft.query("The newest of one",
              fmt::format("SELECT id, kind, payload, created_at, read_at FROM {} WHERE {} = $1 ORDER BY id DESC LIMIT 30",
                          table.sql_name(), ident(who)),
              "idx_" + table.name + "_" + who + "_id");
  draft.query("How many are unread",
              fmt::format("SELECT count(*) FROM {} WHERE {} = $1 AND read_at IS NULL", table.sql_name(), ident(who)),
              "idx_" + table.name + "_" + who);
  draft.warn("fan-out", "Telling a million people is a million rows.",
             "one row for the group, and what each has read, for announcements");
  draft.elsewhere("Sending mail and push messages belongs to the application; attempts can be kept in a job queue.");
}

}  // namespace

extern const Pattern pattern_notifications;
const Pattern pattern_notifications = {"notifications", "Notifications with preferences, unread ones found at once", &build};

}  // namespace pga::design
