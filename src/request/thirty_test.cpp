// The test sentences of shared/spec/requests.md: what each means, and what must be asked.
#include "request/table_test.h"

namespace pga::request {
namespace {

const std::vector<Sentence> kThirty = {
    {"add a comments table that links to users and events",
     {"entity s=comment", "relation s=comment o=users sides=many/one role=author", "relation s=comment o=events sides=many/one",
      "pattern s=events o=comment role=users name=comments"},
     {"comment-parents-required"}},
    {"the events query is slow when filtering by date and type",
     {"slow s=events by=starts_at:range,type:equal"},
     {"event-query-order", "event-type-share"},
     {"R-column"}},
    {"track user activity with retention",
     {"pattern s=users o=activity name=user-activity", "retain s=activity"},
     {"activity-retention-period", "activity-retention-action"}},
    {"add email verification to users", {"pattern s=users name=email-verification"}},
    {"Users should be able to follow each other", {"pattern s=users name=follows"}, {"user-follow-approval"}},
    {"a cusotmer can place many orders, each order must have atleast one item",
     {"relation s=customer o=order sides=one/many role=place", "relation s=order o=item sides=one/some"},
     {"order-item-at-least"},
     {"R-typo"}},
    {"orders have status (pending, paid, shipped, cancelled)",
     {"closed_list s=order names=status values=pending,paid,shipped,cancelled"},
     {"order-status-transitions"},
     {"C46"}},
    {"price must be > 0 and currency is required", {"check names=price cond='> 0'", "nullability names=currency"}},
    {"EACH EMPLOYEE HAS A MANAGER WHO IS ALSO AN EMPLOYEE",
     {"relation s=employee o=employee sides=many/maybe role=manager"},
     {},
     {"R-top"}},
    {"Products belongs to one or more categories", {"relation s=product o=category sides=many/some"}},
    {"email should be unique, case insensitive", {"unique s=users names=email case_insensitive=yes"}},
    {"no double booking of rooms",
     {"exclude s=booking names=during scope=room"},
     {"booking-overlap-cancelled", "booking-time-zone"}},
    {"keep audit logs for 2 years then delete them", {"retain s=audit_log act=drop count=730"}},
    {"each company sees only their own data", {"tenant s=company"}, {"tenant-shared-tables"}},
    {"rename users.name to full_name without downtime", {"rename s=users name=full_name names=name online=yes"}},
    {"split address into street, city and zip", {"split names=address others=street,city,zip"}, {"address-split-failures"}},
    {"merge customers and clients, they are the same",
     {"merge s=customer o=client"},
     {"customer-client-merge-key", "customer-client-merge-wins"}},
    {"phone should be text not integer", {"change s=users names=phone cond=text act=type"}, {"user-phone-lost-zeros"}},
    {"we expect about 5 million events per month, mostly inserts",
     {"volume s=events growth=164384 append=yes"}},  // 60 million a year / 365
    {"list upcoming events by city, soonest first, 20 per page",
     {"access s=events by='starts_at:range:after now,city:equal' order=starts_at page=20"}},
    {"top 10 sellers per month", {"ranking s=seller scope=month count=10"}, {"seller-ranking-by"}},
    {"dont delete users, just mark them as deleted", {"withdraw s=users cond='deleting rows' not", "soft_delete s=users"}},
    {"Comments can have replies, max 3 levels", {"pattern o=comment name=comments replies='3 levels'"}},
    {"A book is written by one or more authors and an author writes many books",
     {"relation s=book o=author sides=many/some role=write"}},
    {"student info includes id, name, sex, DOB, major and phone no.",
     {"entity s=student attrs=id,name,gender,date_of_birth,major,phone"},
     {"student-major-table"}},
    {"only admins and the owner can edit a project",
     {"policy s=project role=admin names=update", "policy s=project role=owner names=update cond=own"},
     {"project-policy-where", "project-own"}},
    {"if order is paid then paid_at must be set",
     {"implication s=order cond='order is paid' act='paid_at must be set'"},
     {"order-implication-both-ways"}},
    {"seed 1000 users with realistic names, 20% inactive", {"seed s=users count=1000 inactive=20 realistic=names"}},
    {"store the customer's SSN", {"attributes s=customer attrs=ssn"}},
};

TEST(Thirty, Sentences) {
  for (const auto& sentence : kThirty) expect_meaning(sentence, known_schema());
}

}  // namespace
}  // namespace pga::request
