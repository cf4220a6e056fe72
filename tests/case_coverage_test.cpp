// No kind of object and no online form is without a named case: the registries (schema/kinds/registry.def,
// plan/online/registry.def) are compared with what the cases of online_a_test, online_data_test and kinds_*_test change. Those
// tests judge the cases; here they are only loaded and compared.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kinds_harness.h"
#include "plan/changes.h"

namespace pga {
namespace {

using plan::Hazard;
using testing::Pair;

struct Named {
  std::string name, from, to;  // SQL, for a database of its own or a schema of its own
};

struct Case {
  const char* name;
  std::vector<int> majors;
  std::string base, before, after, rows;
  std::vector<std::string> says = {}, never = {};
  bool scans = false;
  std::vector<Hazard> hazards = {};
  bool down_scans = false;
};

struct DataCase {
  const char* name;
  int since;
  const char *base, *from, *to, *rows, *same, *keeps_file;
};

struct PairSince {
  const char* name;
  int since;
  const char *base, *from, *to;
  int in_place;
};

constexpr DataCase kDataCases[] = {
#include "online_data_cases.inc"
};
constexpr Pair kTypePairs[] = {
#include "kinds_types_pairs.inc"
};
constexpr PairSince kMorePairs[] = {
#include "kinds_more_pairs.inc"
};
constexpr Pair kOtherPairs[] = {
#include "kinds_b_pairs.inc"
};
constexpr const char* kMorePrelude =
#include "kinds_more_prelude.inc"
    ;
constexpr const char* kOtherPrelude =
#include "kinds_b_prelude.inc"
    ;
constexpr const char* kTypeRoles =
    "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kt_reader') THEN CREATE ROLE kt_reader; CREATE ROLE \"kt "
    "Writer|x\"; CREATE ROLE kt_owner SUPERUSER; END IF; END$$; CREATE SCHEMA app;\n";

std::vector<Case> form_cases() {
  std::vector<Case> out;
#include "online_a_cases.inc"
  return out;
}

std::vector<Named> of_forms(int major) {
  std::vector<Named> out;
  const auto in_schema = [&](const std::string& sql) {
    const std::string schema = "n" + std::to_string(out.size());
    return "CREATE SCHEMA " + schema + "; SET search_path = " + schema + ";\n" + sql;
  };
  for (const auto& one : form_cases()) {
    if (std::ranges::find(one.majors, major) == one.majors.end()) continue;
    out.push_back({one.name, in_schema(one.base + one.before), in_schema(one.base + one.after)});
  }
  for (const auto& one : kDataCases) {
    if (one.since > major) continue;
    out.push_back(
        {one.name, in_schema(std::string(one.base) + "\n" + one.from), in_schema(std::string(one.base) + "\n" + one.to)});
  }
  return out;
}

template <typename Pairs>
std::vector<Named> of_pairs(const Pairs& pairs, const std::string& prelude, int major) {
  std::vector<Named> out;
  const auto placed = [&](std::string sql) {
    const std::string schema = "p" + std::to_string(out.size());
    sql = replace_all(replace_all(std::move(sql), "CREATE SCHEMA \"Odd Schema\";", ""), "\"Odd Schema\"", "app");
    return replace_all(replace_all(std::move(sql), "app.", schema + "."), "SCHEMA app", "SCHEMA " + schema);
  };
  for (const auto& pair : pairs) {
    if (pair.since > major) continue;
    const std::string both = prelude + pair.base + "\n";
    out.push_back({pair.name, placed(both + pair.from), placed(both + pair.to)});
  }
  return out;
}

struct Covered {
  size_t cases = 0;
  std::set<std::string> kinds, forms;
};

// The form that answers for a change, as the planner asks them.
void note_form(const schema::Id& id, const plan::Fate& fate, const plan::Situation& situation, Covered& covered) {
  const bool both = fate.from != nullptr && fate.to != nullptr;
  const bool anew = fate.alteration.how == schema::Alteration::How::recreate;
  const auto verb = fate.verb != plan::Verb::alter ? fate.verb : anew ? plan::Verb::replace : plan::Verb::alter;
  if (both && fate.changed.empty()) return;
  const plan::Action action{verb, id, fate.from, fate.to, fate.changed, false};
  for (const auto* form : plan::all_forms()) {
    if (!form->expand(action, situation)) continue;
    covered.forms.emplace(form->slug());
    return;
  }
}

schema::Database loaded(postgres::Server& server, const std::vector<Named>& cases, bool from) {
  const std::string name = testing::database(server);
  {
    auto db = postgres::Connection::open(server.url(name));
    EXPECT_TRUE(db) << to_text(db.error());
    for (const auto& one : cases) {
      auto done = db->execute(from ? one.from : one.to);
      EXPECT_TRUE(done) << one.name << ": " << to_text(done.error());
    }
  }
  auto model = testing::read(server, name);
  EXPECT_TRUE(model) << to_text(model.error());
  testing::remove(server, name);
  return model ? std::move(*model) : schema::Database{};
}

void cover(postgres::Server& server, const std::vector<Named>& cases, Covered& covered) {
  const auto from = loaded(server, cases, true), to = loaded(server, cases, false);
  const plan::Options options;
  const plan::Situation situation{from, to, options};
  covered.cases += cases.size();
  for (const auto& [id, fate] : plan::find_changes(situation).fates) {
    const bool told = fate.from != nullptr && fate.to != nullptr && fate.changed.empty();
    if (!told) covered.kinds.emplace(schema::kind_of(id.kind).slug());
    note_form(id, fate, situation, covered);
  }
}

TEST(CaseCoverage, EveryKindAndEveryForm) {
  auto* server = testing::server();
  if (server == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15";
  const int major = server->major();
  Covered covered;
  cover(*server, of_forms(major), covered);
  cover(*server, of_pairs(kTypePairs, kTypeRoles, major), covered);
  cover(*server, of_pairs(kMorePairs, kMorePrelude, major), covered);
  cover(*server,
        of_pairs(kOtherPairs,
                 std::string(kOtherPrelude) +
                     "CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n",
                 major),
        covered);
  EXPECT_GE(covered.cases, 120U);
  for (const auto* kind : schema::all_kinds()) {
    EXPECT_TRUE(covered.kinds.contains(std::string(kind->slug()))) << "no case changes a " << kind->slug();
  }
  for (const auto* form : plan::all_forms()) {
    EXPECT_TRUE(covered.forms.contains(std::string(form->slug()))) << "no case uses the form " << form->slug();
  }
  std::printf("%zu named cases, %zu kinds, %zu forms\n", covered.cases, covered.kinds.size(), covered.forms.size());
}

}  // namespace
}  // namespace pga
