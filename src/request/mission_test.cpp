// The requests of the mission, against a schema that has users and events.
#include "request/table_test.h"

namespace pga::request {
namespace {

const std::vector<Sentence> kMission = {
    {"I need to add a comments table that links to both users and events",
     {"entity s=comment", "relation s=comment o=users sides=many/one role=author", "relation s=comment o=events sides=many/one",
      "pattern s=events o=comment role=users name=comments"},
     {"comment-parents-required"}},
    {"The events query is slow when filtering by date and type",
     {"slow s=events by=starts_at:range,type:equal"},
     {"event-query-order", "event-type-share"},
     {"R-column"}},
    {"We need to track user activity logs in the database",
     {"pattern s=users o=activity name=user-activity"},
     {"activity-or-audit"}},
    {"track user activity, keep it 90 days",
     {"pattern s=users o=activity name=user-activity", "retain s=activity count=90"},
     {"activity-or-audit", "activity-retention-action"}},
    {"track user activity with retention",
     {"pattern s=users o=activity name=user-activity", "retain s=activity"},
     {"activity-retention-period", "activity-retention-action"}},
    {"Can you create a migration to add email verification to users?", {"pattern s=users name=email-verification"}},
    {"create a migration to add email verification to users", {"pattern s=users name=email-verification"}},
};

TEST(Mission, Sentences) {
  for (const auto& sentence : kMission) expect_meaning(sentence, known_schema());
}

// The same without a schema: entities are singular.
TEST(Mission, WithoutASchema) {
  expect_meaning({"add a comments table that links to users and events",
                  {"entity s=comment", "relation s=comment o=user sides=many/one role=author",
                   "relation s=comment o=event sides=many/one", "pattern s=event o=comment role=user name=comments"}},
                 {});
  expect_meaning({"the events query is slow when filtering by date and type", {"slow s=event by=date:range,type:equal"}}, {});
}

}  // namespace
}  // namespace pga::request
