// S47: a pattern of the catalogue by one of its names.
#include <algorithm>
#include <cmath>
#include <utility>

#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/life.h"
#include "request/shapes/relate.h"
#include "request_embedded.h"

namespace pga::request {

namespace {

std::string slug_of(const Reading& reading, Range range) {
  const auto& words = Words::get();
  std::string key;
  for (size_t at = range.begin; at < range.end; ++at) key += (key.empty() ? "" : " ") + words.singular(reading.tokens()[at].text);
  const int index = words.pattern_by_synonym(key);
  return index < 0 ? "" : words.patterns()[static_cast<size_t>(index)].slug;
}

std::string users(const Reading& reading) {
  for (const auto* name : {"user", "account", "member", "customer"}) {
    if (const auto* table = reading.tables().find(name)) return table->name;
  }
  return "user";
}

// "track" and "log" may mean the changes of rows or what people do.
void ask_activity_or_audit(Reading& reading) {
  Decision decision;
  decision.id = "activity-or-audit";
  decision.question = "Is it what people do in the application that is logged, or who changed which row?";
  decision.options = {{"activity", "what people do: views, clicks, logins",
                       "One append-only table that the application writes; partitions by time."},
                      {"audit", "who changed which row, with the values before and after",
                       "A trigger on each table writes the log; every write costs a second one."},
                      {"both", "both, in two tables", "Two logs with their own retention."}};
  decision.reason = "The words speak of users and activity, not of changes to rows.";
  decision.weight = 3;
  reading.ask(std::move(decision));
}

// Patterns that make a table of their own, and its name when it is spoken of again.
std::string own_table(const std::string& slug) {
  static const std::vector<std::pair<std::string_view, std::string_view>> kTables = {
      {"user-activity", "activity"}, {"audit-log", "audit_log"}, {"comments", "comment"}, {"notifications", "notification"},
      {"sessions", "session"},       {"api-keys", "api_key"},    {"reviews", "review"},   {"webhooks", "webhook"},
      {"job-queue", "job"},          {"outbox", "outbox"},       {"messaging", "message"}};
  for (const auto& [name, table] : kTables) {
    if (name == slug) return std::string(table);
  }
  return "";
}

void make(Reading& reading, const Captures& captures, const std::string& slug) {
  auto& statement = reading.add(Meaning::pattern);
  statement.name = slug;
  if (captures.has('L')) {
    std::vector<std::string> names;
    for (const auto& item : reading.items(captures.at('L'), "")) names.push_back(reading.entity(item.noun.range).name);
    auto& pattern = *reading.last();
    if (!names.empty()) pattern.subject = names[0];
    pattern.others.assign(names.empty() ? names.end() : names.begin() + 1, names.end());
  } else if (captures.has('X')) {
    reading.last()->subject = reading.entity(captures.at('X')).name;
  }
  auto& made = *reading.last();
  static constexpr std::string_view kOfUsers[] = {
      "user-activity", "email-verification", "password-reset", "sessions", "mfa",       "oauth",
      "accounts",      "friendships",        "notifications",  "rbac",     "messaging", "gdpr-erasure"};
  if (made.subject.empty() && std::ranges::find(kOfUsers, slug) != std::end(kOfUsers)) made.subject = users(reading);
  made.object = own_table(slug);
  if (const auto* table = reading.tables().find(made.object); table != nullptr && !made.object.empty()) made.object = table->name;
  if (slug == "user-activity") ask_activity_or_audit(reading);
  reading.about(!made.object.empty() ? made.object : made.subject);
}

void pattern(Reading& reading, const Captures& captures) {
  make(reading, captures, slug_of(reading, captures.at('K')));
}

// words/asked.txt: how people ask for it without its name.
void asked(Reading& reading, const Captures& captures, const std::string& slug) {
  make(reading, captures, slug);
  auto& made = *reading.last();
  if (captures.has('Y')) {  // "the number of comments of each event": on the event
    made.others = {made.subject};
    made.subject = reading.entity(captures.at('Y')).name;
  } else if (slug == "counters") {
    made.others = {std::exchange(made.subject, "")};
  }
  if (captures.has('n')) {
    if (const auto number = reading.number(captures.at('n'))) made.count = static_cast<std::int64_t>(*number);
  }
  if (captures.has('m')) {
    if (const auto number = reading.number(captures.at('m'))) made.high = static_cast<std::int64_t>(*number);
  }
  if (captures.has('p')) {
    if (const auto days = reading.days(captures.at('p')))
      made.options["days"] = std::to_string(static_cast<long long>(std::ceil(*days)));
  }
}

void pattern_with_retention(Reading& reading, const Captures& captures) {
  pattern(reading, captures);
  Noun subject;
  subject.name = reading.subject();
  auto& statement = reading.add(Meaning::retain, subject);
  statement.shape = "S42";
  if (captures.has('p')) {
    if (const auto days = reading.days(captures.at('p'))) statement.count = static_cast<std::int64_t>(std::ceil(*days));
  }
  statement.action = retention_action(reading, reading.range());
  ask_retention(reading, Statement(statement));
}

// "comments can have replies, max 3 levels"
void replies(Reading& reading, const Captures& captures) {
  const auto object = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::pattern);
  statement.name = "comments";
  statement.object = object.name;
  const auto levels = captures.has('n') ? static_cast<int>(reading.number(captures.at('n')).value_or(1)) : 0;
  statement.options["replies"] = levels == 0 ? "unlimited" : std::to_string(levels) + (levels == 1 ? " level" : " levels");
  reading.about(object.name);
  if (levels != 0) return;
  Decision decision;
  decision.id = dashed(entity_name(object.name) + "-replies-depth");
  decision.question = "How deep may replies go?";
  decision.options = {{"unlimited", "as deep as people like", "A parent column; the tree is read with a recursive query."},
                      {"one", "one level", "A reply to a reply is refused by a trigger; two queries read everything."}};
  decision.reason = "No depth is named.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

}  // namespace

std::vector<Rule> pattern_rules() {
  std::vector<Rule> rules = {
      {"S47",
       {"<X> can|may|should|must [also] [have|get|be] replies|reply|nested|threaded|replied [to] [,|up|at|with|to] [and] "
        "[max|maximum|most|only|up|to|at|nested] [to|most|of|depth] [<n> [level|levels|deep] [deep]]",
        "<X> [can] [have] replies [,] max|maximum <n> levels|level", "reply|replying to <X>"},
       replies},
      {"S47",
       {"@create|@record|support|enable|use|allow|offer|include|log|capture [a|an|the] <K> {with [a] retention [of <p>] / for "
        "<p>} [then|and <R>]"},
       pattern_with_retention},
      {"S47",
       {"@create|@record|support|enable|use|allow|offer|include|log|capture|want|provide [a|an|the|some] <K> "
        "[system|feature|functionality|support|table|capability] [{in|into|to|inside [the|our] database|db|schema|system|app / "
        "to|for|on|of|in|into|with [the|our|all|each|every] <L>}] [{in|into|to [the|our] database|db|schema|system|app}]",
        "[we|i|it|they] [also] need [a|an|the|some] <K> [{in|into|to [the|our] database|db|schema|system|app / to|for|on|of|in "
        "[the|our|all] <L>}]",
        "<K> {for|on|of [the|our|all|each] <L>} $", "[a|an|the] <K> $"},
       pattern},
  };
  for (std::string_view rest = embedded::request::words_asked; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || line.starts_with('#')) continue;
    const std::string slug(line.substr(0, colon));
    rules.push_back({"S47", {line.substr(colon + 2)}, [slug](Reading& reading, const Captures& captures) {
                       asked(reading, captures, slug);
                     }});
    for (const std::string_view no : {": no ", " not ", " not|", " without ", " no|", "avoid", "prevent"})
      rules.back().denies = rules.back().denies || line.find(no) != std::string_view::npos;
  }
  return rules;
}

}  // namespace pga::request
