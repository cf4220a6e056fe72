// What is switched on, for whom, and what people prefer.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string who = users.one + "_id";
  const std::string tenant = first_known(draft, {"tenant", "organisation", "organization", "workspace", "company", "customer"});
  const std::string kind = choose(draft, "settings-kind", "How are preferences kept?",
                                  {{"rows", "a row for each that differs, with a list of what there is",
                                    "Another setting is data; defaults change for all at once."},
                                   {"columns", "a column each", "Types and rules for each; up to about twenty."},
                                   {"jsonb", "one JSONB object", "One read; nothing says what may be in it."}},
                                  "Settings come and go with every release.", 2);
  Table& flags = draft.table("feature_flag");
  flags.column({"key", "text", true, "", ""});
  flags.check("key", "shape", "key ~ '^[a-z][a-z0-9_.]*$'");
  flags.text("description", 0, 500, true);
  flags.find("description")->tail = "DEFAULT ''";
  flags.column({"enabled", "boolean", true, "DEFAULT false", "For those whom no target names"});
  flags.column(
      {"rollout_percent", "numeric(5,2)", true, "DEFAULT 100", "Of those: by a hash of who and key, so that it stays the same"});
  flags.check("rollout_percent", "range", "rollout_percent BETWEEN 0 AND 100");
  flags.column({"ends_at", "timestamptz", true, "", "Until when it has to be gone: flags that nobody removes rot"});
  flags.created_at();
  flags.key({"key"});
  flags.says("What can be switched");
  Table& targets = thing(draft, "feature_flag_target");
  targets.column({"flag_key", "text", true, "", ""});
  targets.rule({targets.name + "_flag_key_fkey",
                "FOREIGN KEY (flag_key) REFERENCES " + flags.sql_name() + " (key) ON DELETE CASCADE", ""});
  targets.reference(who, users, OnDelete::cascade, false, "One person", false);
  std::vector<std::string> one = {ident(who)};
  targets.index({who, "flag_key"}, "the flags of one person; once each", ident(who) + " IS NOT NULL", true);
  if (!tenant.empty() && singular_of(tenant) != users.one) {
    const auto owner = draft.target(tenant);
    targets.reference(owner.one + "_id", owner, OnDelete::cascade, false, "Or all of one", false);
    targets.index({owner.one + "_id", "flag_key"}, "the flags of one " + spoken(owner.one) + "; once each",
                  ident(owner.one + "_id") + " IS NOT NULL", true);
    one.push_back(ident(owner.one + "_id"));
  }
  targets.column({"enabled", "boolean", true, "", "Also off, for one"});
  targets.check("", "one_target", "num_nonnulls(" + join(one, ", ") + ") = 1", "For exactly one");
  targets.index({"flag_key"}, "whom a flag names; the check when it goes");
  targets.says("For whom a flag is on or off, whatever holds for the others");
  draft.query(
      "Is it on for one",
      fmt::format("SELECT coalesce((SELECT enabled FROM {} WHERE {} = $2 AND flag_key = f.key), f.enabled AND "
                  "mod(abs(hashtextextended(f.key || $3, 0)), 10000) < f.rollout_percent * 100) FROM {} f WHERE f.key = $1",
                  targets.sql_name(), ident(who), flags.sql_name()),
      flags.name + "_pkey");
  if (kind == "jsonb") {
    Table& settings = draft.table(users.one + "_settings");
    settings.reference(who, users, OnDelete::cascade, true, "", false);
    settings.column({"settings", "jsonb", true, "DEFAULT '{}'", ""});
    settings.check("settings", "object", "jsonb_typeof(settings) = 'object'");
    settings.key({who});
    return;
  }
  if (kind == "columns") {
    Table& settings = draft.table(users.one + "_settings");
    settings.reference(who, users, OnDelete::cascade, true, "", false);
    settings.one_of("theme", {"system", "light", "dark"}, "system");
    settings.column({"locale", "text", true, "DEFAULT 'en'", ""});
    settings.check("locale", "shape", "locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'");
    settings.column({"sends_newsletter", "boolean", true, "DEFAULT false", ""});
    settings.key({who});
    settings.says("What people prefer; another one is another column");
    return;
  }
  Table& defs = draft.table("setting");
  defs.column({"key", "text", true, "", ""});
  defs.check("key", "shape", "key ~ '^[a-z][a-z0-9_.]*$'");
  defs.one_of("kind", {"boolean", "number", "string"}, "");
  defs.column({"default_value", "jsonb", true, "", "For all who did not choose"});
  defs.check("default_value", "kind", "jsonb_typeof(default_value) = kind");
  defs.key({"key"});
  defs.unique({"key", "kind"}, "What the foreign key of values needs");
  defs.says("What can be set, of which kind");
  Table& values = draft.table(users.one + "_setting");
  values.reference(who, users, OnDelete::cascade, true, "", false);
  values.column({"key", "text", true, "", ""});
  values.column({"kind", "text", true, "", "Of the setting: the foreign key carries it"});
  values.column({"value", "jsonb", true, "", ""});
  values.check("value", "kind", "jsonb_typeof(value) = kind", "A number where a number belongs");
  values.key({who, "key"});
  values.rule({values.name + "_key_fkey",
               "FOREIGN KEY (key, kind) REFERENCES " + defs.sql_name() + " (key, kind) ON DELETE CASCADE", ""});
  values.index({"key", "kind"}, "who set it; the check when a setting goes");
  values.says("What people chose, where it differs");
  draft.query(
      "All settings of one",
      fmt::format("SELECT s.key, coalesce(v.value, s.default_value) FROM {} s LEFT JOIN {} v ON v.key = s.key AND v.{} = $1",
                  defs.sql_name(), values.sql_name(), ident(who)),
      values.name + "_pkey");
}

}  // namespace

extern const Pattern pattern_feature_flags;
const Pattern pattern_feature_flags = {"feature-flags", "Flags with targets and an end, and settings with definitions", &build};

}  // namespace pga::design
