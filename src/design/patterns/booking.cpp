// Booking of things for a time: what is taken is refused by the database.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = first_known(
      draft, {statement.subject == "booking" ? "" : statement.subject, "room", "resource", "table", "court", "vehicle"});
  if (what.empty()) what = statement.subject.empty() || singular_of(statement.subject) == "booking" ? "room" : statement.subject;
  const auto resource = draft.target(what);
  const auto users = draft.people();
  const std::string on = resource.one + "_id", who = users.one + "_id";
  const std::string kind =
      choose(draft, resource.one + "-booking", "How is a double booking stopped?",
             {{"exclusion", "any times; an exclusion constraint refuses what overlaps",
               "Free choice of times; a GiST index, which costs more at an insert than a b-tree."},
              {"slots", "fixed slots, each taken once", "A unique key, cheap; times outside the grid cannot be said."}},
             "Two that book at once are stopped by a constraint only, and people want their own times.", 3);
  Table& bookings = thing(draft, "booking");
  bookings.reference(on, resource, OnDelete::restrict_, !bookings.existing, "What is booked", false);
  bookings.reference(who, users, OnDelete::restrict_, !bookings.existing, "Who booked");
  bookings.one_of("status", {"held", "confirmed", "cancelled"}, "held");
  bookings.column({"held_until", "timestamptz", false, "", "Until when a hold stands; the hourly purge cancels what is over"});
  bookings.check("held_until", "given", "(status = 'held') = (held_until IS NOT NULL)",
                 "Both directions: a hold ends, nothing else does");
  if (kind == "exclusion") {
    needs_extension(draft, "btree_gist");
    bookings.column({"during", "tstzrange", !bookings.existing, "",
                     "From (included) to (excluded): one that ends when the next begins does not overlap it"});
    bookings.check(
        "during", "shape",
        "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during) AND lower_inc(during) AND NOT upper_inc(during)",
        "An empty range would overlap nothing and escape the rule; closed ends would touch");
    bookings.rule({bookings.name + "_no_overlap",
                   fmt::format("EXCLUDE USING gist ({} WITH =, during WITH &&) WHERE (status <> 'cancelled')", ident(on)),
                   "Two sessions that write at once cannot both succeed"});
    draft.query("What is free is what has no booking then",
                fmt::format("SELECT r.* FROM {} r WHERE NOT EXISTS (SELECT FROM {} b WHERE b.{} = r.{} AND b.during && "
                            "tstzrange($1, $2) AND b.status <> 'cancelled')",
                            resource.table, bookings.sql_name(), ident(on), ident(resource.key.empty() ? "id" : resource.key[0])),
                bookings.name + "_no_overlap");
    draft.query("The bookings of one " + spoken(resource.one) + " in a week",
                fmt::format("SELECT * FROM {} WHERE {} = $1 AND during && tstzrange($2::timestamptz, $2 + interval '7 days') AND "
                            "status <> 'cancelled'",
                            bookings.sql_name(), ident(on)),
                bookings.name + "_no_overlap");
  } else {
    bookings.column({"starts_at", "timestamptz", !bookings.existing, "", "Beginning of the slot"});
    bookings.check("starts_at", "slot", "extract(epoch FROM starts_at)::bigint % 1800 = 0", "Slots of half an hour");
    bookings.index({on, "starts_at"}, "a slot is taken once; the bookings of one " + spoken(resource.one),
                   "status <> 'cancelled'", true);
  }
  bookings.index({"held_until"}, "the purge of holds that are over", "status = 'held'");
  bookings.says("Who has what, when");
  draft.query("Every minute: holds that are over",
              "UPDATE " + bookings.sql_name() +
                  " SET status = 'cancelled', held_until = NULL WHERE status = 'held' AND held_until < now()",
              "idx_" + bookings.name + "_held_until");
  draft.warn("booking-holds", "A hold that is over still blocks until it is cancelled: a constraint cannot look at the clock.",
             "cancel what is over in the same transaction, before the insert");
  draft.warn("booking-zone", "Times are instants (timestamptz); what people see is in the zone of the place.",
             "keep the zone with the " + spoken(resource.one));
}

}  // namespace

extern const Pattern pattern_booking;
const Pattern pattern_booking = {"booking", "Bookings that never overlap, with holds that expire", &build};

}  // namespace pga::design
