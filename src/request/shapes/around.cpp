// S55 to S60, and what does not belong to a database.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

void seed(Reading& reading, const Captures& captures) {
  auto subject = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::seed, subject);
  if (captures.has('n')) statement.count = static_cast<std::int64_t>(reading.number(captures.at('n')).value_or(0));
}

// ", 20% inactive", "of which 70% published"
void share(Reading& reading, const Captures& captures) {
  auto* last = reading.last();
  if (last == nullptr || last->meaning != Meaning::seed) return reading.reject();
  last->options[snake_case(reading.tokens()[captures.at('w').begin].text)] =
      fmt::format("{}", reading.number(captures.at('n')).value_or(0));
  last->span.end = span_of(reading.tokens(), reading.range()).end;
}

bool percent(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('n');
  return tokens[range.end - 1].text == "%" || tokens[range.end - 1].text == "percent";
}

void realistic(Reading& reading, const Captures& captures) {
  auto* last = reading.last();
  if (last == nullptr || last->meaning != Meaning::seed) return reading.reject();
  last->options["realistic"] = captures.has('L') ? join(reading.values(captures.at('L')), ",") : "yes";
  last->span.end = span_of(reading.tokens(), reading.range()).end;
}

void question(Reading& reading, const Captures& captures) {
  const auto range = reading.range();
  auto& statement = reading.add(Meaning::question);
  statement.condition = reading.words(range);
  statement.action = reading.has(range, {"compare"}) || reading.has(range, {"versus", "vs"}) ? "compare"
                     : reading.has(range, {"options", "alternatives", "choices"})            ? "options"
                     : reading.has({range.begin, range.begin + 1}, {"why"})                  ? "why"
                                                                                             : "what_if";
  if (captures.has('X')) reading.last()->subject = reading.entity(captures.at('X')).name;
  if (captures.has('A')) reading.last()->names = {reading.attribute(captures.at('A')).name};
  if (captures.has('B')) reading.last()->others = {reading.attribute(captures.at('B')).name};
}

void withdraw(Reading& reading, const Captures& captures) {
  auto& statement = reading.add(Meaning::withdraw);
  statement.negated = true;
  if (captures.has('X')) reading.last()->subject = reading.entity(captures.at('X')).name;
  if (captures.has('R')) reading.last()->condition = reading.words(captures.at('R'));
  if (!captures.has('X') && !captures.has('R')) reading.last()->condition = "the last statement";
}

void convention(Reading& reading, const Captures& captures) {
  const auto range = reading.range();
  auto& statement = reading.add(Meaning::convention);
  if (reading.has(range, {"postgres", "postgresql", "pg"})) {
    statement.name = "target";
    statement.condition = "postgres " + (captures.has('n') ? reading.words(captures.at('n')) : std::string());
    if (captures.has('m')) statement.condition += ".." + reading.words(captures.at('m'));
  } else if (reading.has(range, {"uuid", "uuids", "uuidv7", "bigint", "bigints", "serial", "identity"})) {
    statement.name = "ids";
    statement.condition =
        reading.has(range, {"uuid", "uuids", "uuidv7"}) ? (reading.has(range, {"uuidv7", "v7"}) ? "uuid v7" : "uuid") : "bigint";
    if (reading.has(range, {"public", "external"})) statement.name = "public ids";
  } else if (reading.has(range, {"singular", "plural"})) {
    statement.name = "naming";
    statement.condition = reading.has(range, {"singular"}) ? "singular" : "plural";
  } else if (reading.has(range, {"snake", "snake_case", "camel", "camelcase"})) {
    statement.name = "naming";
    statement.condition = reading.has(range, {"snake", "snake_case"}) ? "snake_case" : "camelCase";
  } else if (reading.has(range, {"utc"})) {
    statement.name = "times";
    statement.condition = "UTC";
  } else if (reading.has(range, {"cents", "minor", "numeric", "decimal", "money"})) {
    statement.name = "money";
    statement.condition = reading.has(range, {"cents", "minor"}) ? "minor units" : "numeric";
  } else {
    statement.name = "schema";
    statement.condition = reading.words(captures.has('w') ? captures.at('w') : range);
  }
}

void review(Reading& reading, const Captures& captures) {
  auto& statement = reading.add(Meaning::review);
  (void)statement;
  if (captures.has('X')) reading.last()->subject = reading.entity(captures.at('X')).name;
}

void document(Reading& reading, const Captures& captures) {
  reading.add(Meaning::document);
  if (captures.has('X')) reading.last()->subject = reading.entity(captures.at('X')).name;
}

// An endpoint, a page, code: said to belong elsewhere, never dropped.
void outside(Reading& reading, const Captures& captures) {
  const auto range = reading.range();
  std::string name = "application code";
  static const std::vector<std::pair<std::string_view, std::string_view>> kKinds = {{"endpoint", "an endpoint"},
                                                                                    {"api", "an API"},
                                                                                    {"page", "a page"},
                                                                                    {"screen", "a screen"},
                                                                                    {"form", "a form"},
                                                                                    {"button", "a button"},
                                                                                    {"middleware", "middleware"},
                                                                                    {"controller", "a controller"},
                                                                                    {"component", "a component"},
                                                                                    {"ui", "the user interface"},
                                                                                    {"frontend", "the front end"},
                                                                                    {"dashboard", "a dashboard"},
                                                                                    {"graphql", "GraphQL"},
                                                                                    {"email", "sending mail"},
                                                                                    {"mail", "sending mail"},
                                                                                    {"css", "styling"},
                                                                                    {"react", "the front end"},
                                                                                    {"response", "a response format"},
                                                                                    {"sms", "sending messages"}};
  for (const auto& [word, kind] : kKinds) {
    if (reading.has(range, {word})) {
      name = kind;
      break;
    }
  }
  auto& statement = reading.add(Meaning::outside);
  statement.name = name;
  statement.condition = reading.words(range);
  if (captures.has('X')) {
    const auto noun = reading.entity(captures.at('X'));
    reading.last()->subject = noun.name;
  }
}

// Said about the whole text, or where the words are all about what follows: nothing to build.
void introduction(Reading&, const Captures&) {}

// "create 5 users" and "add users" are not about sample data unless a number or a word says so.
bool seed_words(const Tokens& tokens, const Captures& captures) {
  static constexpr std::string_view kSeeds[] = {"seed", "generate", "populate", "fill", "sample",  "fake",
                                                "demo", "dummy",    "test",     "mock", "example", "realistic"};
  const size_t begin = captures.ranges.empty() ? 0 : captures.ranges.front().second.begin;
  const size_t end = captures.ranges.empty() ? 0 : captures.ranges.back().second.end;
  for (size_t at = begin >= 4 ? begin - 4 : 0; at < std::min(end, tokens.size()); ++at) {
    if (std::ranges::find(kSeeds, tokens[at].text) != std::end(kSeeds)) return true;
  }
  return false;
}

bool convention_word(const Tokens& tokens, const Captures& captures) {
  return !captures.has('n') || tokens[captures.at('n').begin].number < 100;
}

}  // namespace

std::vector<Rule> around_rules() {
  return {
      {"S55",
       {"seed|generate|create|insert|make|need|want|add|populate|fill [me] [about] <n> "
        "[realistic|fake|sample|demo|dummy|test|random|example|mock] <X>",
        "seed|populate|fill [the] <X> [table] with [about] <n> [realistic|fake|sample|demo|dummy|test|random] "
        "[rows|records|entries]",
        "generate|create|need|want|add|make [some|realistic|a] [few] sample|fake|demo|dummy|test|seed|example|mock "
        "[data|rows|records] [for|of|in] <X>",
        "seed [the] <X> [table] like|with production|data", "seed [the] <X> [table]", "seed like production",
        "<n> sample|fake|demo|dummy|test <X>", "sample|seed|test|demo data for <X>"},
       seed,
       seed_words},
      {"S55", {"[of] [which|them] <n> [are|is|of|being] [them] <w>", "with <n> <w> [ones]"}, share, percent, true},
      {"S55", {"with realistic <L>", "with realistic data"}, realistic, nullptr, true},
      {"S56",
       {"compare <A> with|to|and|versus|against|or <B> [for|on|in] [the|our|storing] <X>",
        "compare <A> with|to|and|versus|against <B>", "why [is|are|does|do|did|not|should|a|an] <R>", "what if <R>",
        "what happens if|when <R>", "options|alternatives for [storing|the|our|a] <X>",
        "what are [the|my|our] options|alternatives for [storing|the|our|a] <X>", "<A> or|vs|versus <B> for [the|our] <X>",
        "should [i|we] use <A> or <B> [for [the|our] <X>]", "what is better [,|:] <A> or <B>"},
       question},
      {"S57",
       {"no <X> [table] [please|needed|wanted|required]", "without [a|an|any|the] <X> [table]",
        "[do] not|dont [want|need|add|create|include|use] [a|an|any|the] <X> [table]", "[do] not|dont want|need [to] <R>",
        "never mind <R>", "undo [that|this|it|the] [last] [change|step|statement]", "scrap|forget [that|this|it]",
        "except [for] [the] <X> $", "not <X> $"},
       withdraw},
      {"S58",
       {"use|prefer|want [a|the] uuid|uuids|uuidv7|bigint|bigints|serial|identity [v7] [keys|key|ids|primary|as|for] "
        "[keys|ids|primary|columns] [keys|key|everywhere]",
        "[primary] keys|ids [should|must|are|is|as] [be] [of] [type] uuid|uuids|bigint|uuidv7",
        "public|external ids [should|must|are] [be] [uuid|uuids]",
        "[we|use|using|target|on|for|with|are|is] [use|are|run|running|on] [using] postgres|postgresql|pg [version] <n> "
        "[to|-|..] [<m>]",
        "[we|use|using|on|target] [use|run] postgres|postgresql <n>",
        "[use|we|prefer|table] [use|names] singular|plural [table] names [for] [tables|everywhere]",
        "table names [should|must|are|in] [be] [in] singular|plural", "[use|we] [use] snake_case|camelcase [names]",
        "[use|all|store] [all] [times|dates] [should|must|are] [be] [stored] in utc",
        "[use|store] [prices|amounts|money] [as|in|should|are] [be] [stored] [in] cents|minor|numeric|decimal [units|cents]",
        "use [the] schema <w>", "put everything in|into [the] schema <w>"},
       convention,
       convention_word},
      {"S59",
       {"review|check|critique [the|our|my|this] <X> [table|schema|design]", "what is|are wrong with [the|our|my] <X> [table]",
        "what 's wrong with [the|our|my] <X>", "whats wrong with [the|our|my] <X>",
        "any problems|issues with [the|our|my] <X> [table]", "improve [the|our|my] <X> [table] $",
        "is [the|our|my] <X> [table] [design] ok|good|fine|normalised|normalized", "can <X> [be] improved",
        "review [the|our|my] schema|database|design"},
       review},
      {"S60",
       {"document|draw|describe|diagram|explain|visualise|visualize [the|our|my] schema|database|model|everything|tables",
        "document|draw|describe|diagram|visualise|visualize [the|our|my|a|an] [diagram|er|erd|picture] [of|for] [the|our] <X> "
        "[table|schema]",
        "[create|make|draw|generate|show|need] [me] [an|a|the] er|erd|entity-relationship|schema diagram|diagrams [of|for] [the] "
        "[<X>]",
        "[create|make|write|generate|need] [me] [the|a] documentation|docs|data [dictionary] [of|for|about] [the|our] <X>",
        "show [me] [an|the] erd"},
       document},
      {"outside",
       {"@create|write|implement|expose|provide|show|design|generate [a|an|the|some] "
        "[new|rest|graphql|http|json|login|web|admin|nice|simple|react|vue|html] [rest|http|web|login|graphql] "
        "endpoint|endpoints|api|page|pages|screen|screens|button|middleware|controller|component|ui|frontend|website|css|form|"
        "resolver|route|routes [that|which|to|for|where|with|of|in] [<R>]",
        "@create|write|implement [a|an|the] <w> endpoint|page|screen|component|controller|button|middleware [for|of|to|that] "
        "[the|our] [<R>]",
        "return|respond [the|a|an] [response|json|result] [as|in|with] <R>",
        "@create|write|implement|expose [a|an|the] endpoint|page|api|screen for [the|our] <X>",
        "[show|display|render] <W> on|in the page|screen|dashboard|ui|website|app [<R>]", "log [the] user|users in|out with <R>",
        "<X> must|can|should|may [be] [able] [to] log in|out [to|with|using|by] [<R>]",
        "<X> must|can|should [be] [able] [to] log in|out",
        "send|sends [an|a|them|out] email|emails|mail|mails|sms|newsletter|reminders|receipts [to|for|when|by|with] <R>",
        "we send <R>", "[the] response|json|output should|must <R>"},
       outside},
      {"intro",
       {"@create|design|need|want|build|set [up|a|me] [a|an|the|our] [new|online|web|simple|small] [<w>] [<w>] "
        "database|schema|system|app|application|platform|shop|website|helpdesk|tool [for|to|that|of] <R> $",
        "@create|design|need|want|build [a|an|the] [new|simple] database|schema|system|app|application|platform [for] "
        "[it|this|that|them|us] $",
        "we 're <R> $", "we are [a|an|the] <R> $",
        "we 're|run|have|operate|own|organise|manage [a|an|the] [small|big|large] <w> [<w>] [with|in|for <R>] $",
        "[to] replace [our] <R> $", "multi - location <R> $", "the following $", "thanks|thank [you] [in] [advance]",
        "hi|hello|hey", "please help [me|us]"},
       introduction},
  };
}

}  // namespace pga::request
