// Sentences of our own, as people write them, each with its meaning written by hand before it was tried.
#include "request/table_test.h"

namespace pga::request {
namespace {

const std::vector<Sentence> kOwn = {
    {"every invoice has a number, an issue date and a total", {"attributes s=invoice attrs=number,issue_date,total"}},
    {"please add a tickets table", {"entity s=ticket"}},
    {"drop the phone column from users", {"drop s=users names=phone"}},
    {"rename events.title to headline", {"rename s=events name=headline names=title"}},
    {"make the phone of users required", {"change s=users names=phone act=required"}},
    {"the city of events is optional", {"nullability s=events names=city not"}},
    {"event type is one of concert, talk or meetup", {"closed_list s=events names=type values=concert,talk,meetup"}},
    {"the end date must be after the start date", {"check names=end_date cond='end_date > start_date'"}},
    {"soft delete events", {"soft_delete s=events"}},
    {"audit changes to users", {"audit s=users"}},
    {"keep events for 2 years then archive them", {"retain s=events act=archive count=730"}},
    {"each company sees only its own data", {"tenant s=company"}},
    {"seed 500 users", {"seed s=users count=500"}},
    {"a team has many players", {"relation s=team o=player sides=one/many"}},
    {"a player belongs to exactly one team", {"relation s=player o=team sides=many/one"}},
    {"an employee reports to another employee", {"relation s=employee o=employee sides=many/maybe role=report"}},
    {"list events by city, newest first, 50 per page", {"access s=events by=city:equal order=-created_at page=50"}},
    {"we expect 300 orders per day", {"volume s=order growth=300"}},
    {"users.phone is personal data", {"personal s=users names=phone"}},
    {"add an index on events(city, starts_at)", {"index s=events names=city,starts_at"}},
    {"partition events by starts_at", {"partition s=events names=starts_at"}},
    {"only admins can delete events", {"policy s=events role=admin names=delete"}},
    {"an invoice can not be changed after it is sent", {"immutable s=invoice cond='after it is sent'"}},
    {"a ticket goes from new to open to closed", {"workflow s=ticket names=status steps=new>open,open>closed"}},
    {"no overlapping bookings per room", {"exclude s=booking names=during scope=room"}},
    {"turn type of events into a lookup table", {"turn_into s=events names=type act=lookup"}},
    {"use uuid keys", {"convention name=ids cond=uuid"}},
    {"zip determines city", {"determines names=zip others=city"}},
    {"a truck is a kind of vehicle", {"subtype s=truck o=vehicle"}},
    {"merge customers and clients", {"merge s=customer o=client"}},
};

TEST(Own, Sentences) {
  for (const auto& one : kOwn) expect_meaning(one, known_schema());
}

}  // namespace
}  // namespace pga::request
