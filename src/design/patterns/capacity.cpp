// Registration for what has a number of seats, with a waiting list.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = first_known(draft, {statement.subject, "event", "course", "session", "class"});
  if (what.empty()) what = statement.subject.empty() ? "event" : statement.subject;
  const auto event = draft.target(what);
  const auto users = draft.people();
  const std::string on = event.one + "_id", who = users.one + "_id";
  const std::string kind = choose(draft, event.one + "-seats", "What keeps the number of seats?",
                                  {{"counter", "a counter on the " + spoken(event.one) + ", with a CHECK",
                                    "Exact however many come at once; they wait for one row, some milliseconds each."},
                                   {"lock", "the row is locked, and the registrations counted",
                                    "No counter that could drift; each registration reads all others."}},
                                  "Counting and then inserting lets two take the last seat; a CHECK does not.", 3);
  Table& events = draft.table(what);
  const std::string seats = statement.count ? std::to_string(*statement.count) : "100";
  if (!statement.count) draft.assume("P66", "there are 100 seats unless something else is said", "say how many: `max 50 seats`");
  events.column({"capacity", "integer", true, "DEFAULT " + seats, "Seats"});
  events.check("capacity", "range", "capacity >= 0");
  Table& list = draft.table("registration");
  list.reference(on, event, OnDelete::cascade, true, "", false);
  list.reference(who, users, OnDelete::cascade, true, "", false);
  list.one_of("status", {"registered", "waiting", "cancelled"}, "registered");
  list.created_at();
  list.key({on, who});
  list.index({who, "created_at DESC"}, "what one has registered for, newest first");
  list.index({on, "created_at"}, "the waiting list, in order", "status = 'waiting'");
  list.says("Who comes, and who waits");
  const std::string name = list.name + "_seats";
  if (kind == "counter") {
    events.column({"seats_taken", "integer", true, "DEFAULT 0", "Kept by a trigger on " + list.name});
    events.check("seats_taken", "capacity", "seats_taken BETWEEN 0 AND capacity",
                 "The one too many is refused, however many come at once");
    trigger_function(draft, name,
                     fmt::format("BEGIN\n  IF TG_OP <> 'INSERT' AND OLD.status = 'registered' THEN\n    UPDATE {0} SET "
                                 "seats_taken = seats_taken - 1 WHERE id = OLD.{1};\n  END IF;\n  IF TG_OP <> 'DELETE' AND "
                                 "NEW.status = 'registered' THEN\n    UPDATE {0} SET seats_taken = seats_taken + 1 WHERE id = "
                                 "NEW.{1};\n  END IF;\n  RETURN NULL;\nEND",
                                 qualified(events), ident(on)),
                     "counts the seats that are taken");
    trigger(list, name, "AFTER INSERT OR DELETE OR UPDATE OF status, " + ident(on), "FOR EACH ROW", name);
    draft.query("The next of the waiting list, when a seat is free",
                fmt::format("UPDATE {0} SET status = 'registered' WHERE ({1}, {2}) = (SELECT {1}, {2} FROM {0} WHERE {1} = $1 "
                            "AND status = 'waiting' ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)",
                            list.sql_name(), ident(on), ident(who)),
                "idx_" + list.name + "_" + on + "_created_at");
    draft.warn("hot-event",
               "Everybody who registers for one " + spoken(event.one) + " waits for its row, from the insert to the commit.",
               "register last in the transaction, and commit at once");
  } else {
    trigger_function(
        draft, name,
        fmt::format("DECLARE\n  room integer;\n  taken bigint;\nBEGIN\n  IF NEW.status <> 'registered' THEN\n    RETURN NULL;\n  "
                    "END IF;\n  SELECT capacity INTO room FROM {0} WHERE id = NEW.{1} FOR NO KEY "
                    "UPDATE;\n  SELECT count(*) INTO taken FROM {2} WHERE {1} = NEW.{1} AND status = 'registered';\n  IF taken > "
                    "room THEN\n    RAISE EXCEPTION '{3}: all % seats are taken', room USING "
                    "ERRCODE = 'check_violation', CONSTRAINT = '{3}';\n  END IF;\n  RETURN NULL;\nEND",
                    qualified(events), ident(on), qualified(list), name),
        "refuses the one too many");
    trigger(list, name, "AFTER INSERT OR UPDATE OF status, " + ident(on), "FOR EACH ROW", name);
  }
  draft.query("Who comes",
              fmt::format("SELECT {} FROM {} WHERE {} = $1 AND status = 'registered'", ident(who), list.sql_name(), ident(on)),
              list.name + "_pkey");
  draft.warn("count-then-insert",
             "Asking how many seats are left, and then registering, is two statements: somebody comes between them.",
             "insert, and take the refusal as the answer");
}

}  // namespace

extern const Pattern pattern_capacity;
const Pattern pattern_capacity = {"capacity", "Registrations that never exceed the seats, and a waiting list", &build};

}  // namespace pga::design
