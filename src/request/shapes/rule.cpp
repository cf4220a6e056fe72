// S27 to S33: rules over rows.
#include <algorithm>

#include "base/text.h"
#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

// "no double booking of rooms": what may not overlap is a booking, per room.
void exclude(Reading& reading, const Captures& captures) {
  std::string subject, scope;
  const auto range = reading.range();
  const bool double_booking = !captures.has('X');
  std::string state;
  if (captures.has('X')) {
    const auto noun = reading.entity(captures.at('X'));
    subject = noun.name, state = noun.state;
  }
  if (captures.has('Y')) scope = reading.entity(captures.at('Y')).name;
  if (double_booking) {
    for (const auto* name : {"booking", "reservation", "appointment"}) {
      if (const auto* table = reading.tables().find(name)) subject = subject.empty() ? table->name : subject;
      if (subject.empty() && reading.subject_declared(name)) subject = name;
    }
    if (subject.empty()) subject = reading.has(range, {"reserve", "reserved"}) ? "reservation" : "booking";
  }
  auto& statement = reading.add(Meaning::exclude);
  statement.subject = subject;
  statement.names = {"during"};
  statement.scope = scope;
  statement.condition = captures.has('R') ? "unless " + reading.words(captures.at('R')) : state.empty() ? "" : "only " + state;
  reading.about(subject);
  const auto entity = entity_name(subject);
  if (!captures.has('R') && state.empty()) {
    Decision decision;
    decision.id = dashed(entity + "-overlap-cancelled");
    decision.question = "Do cancelled " + replace_all(Words::get().plural(entity), "_", " ") + " still block the time?";
    decision.options = {{"free", "no, the time is free again", "The constraint leaves cancelled rows out."},
                        {"block", "yes", "The constraint holds for every row."}};
    decision.reason = "A cancelled row should not stop anybody.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
  Decision zone;
  zone.id = dashed(entity + "-time-zone");
  zone.question = "Are the times instants, or local times of the place?";
  zone.options = {{"instants", "instants", "timestamptz: never ambiguous; shown in the zone of whoever looks."},
                  {"local", "local times with the zone of the place",
                   "Needed when a rule like “every Monday at 9” must survive a change of the clocks."}};
  zone.reason = "An instant can not be ambiguous.";
  zone.weight = 1;
  reading.ask(std::move(zone));
}

void workflow(Reading& reading, const Captures& captures) {
  std::string subject, column = "status";
  if (captures.has('A')) {
    const auto noun = reading.attribute(captures.at('A'));
    const auto& tail = Words::get();
    const auto underscore = noun.name.rfind('_');
    const auto last = underscore == std::string::npos ? noun.name : noun.name.substr(underscore + 1);
    (void)tail;
    if (last == "status" || last == "state" || last == "stage") {
      column = last;
      subject = !noun.owner.empty()               ? noun.owner
                : underscore != std::string::npos ? noun.name.substr(0, underscore)
                                                  : reading.subject();
      if (const auto* table = reading.tables().find(subject)) subject = table->name;
    } else {
      subject = noun.pronoun ? reading.subject() : reading.entity(captures.at('A')).name;
    }
  }
  if (captures.has('X')) subject = reading.entity(captures.at('X')).name;
  const auto range = captures.at('R');
  auto& statement = reading.add(Meaning::workflow);
  statement.subject = subject;
  statement.names = {column};
  statement.transitions = reading.steps(range);
  reading.about(subject);
}

// "a held booking expires after 10 minutes": held -> expired.
void expires(Reading& reading, const Captures& captures) {
  const auto noun = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::workflow, noun);
  statement.names = {"status"};
  statement.transitions = {{noun.state.empty() ? "open" : noun.state, "expired"}};
  statement.condition = "after " + reading.words(captures.at('p'));
}

// "only paid orders can be shipped": paid -> shipped.
void only_state(Reading& reading, const Captures& captures) {
  const auto& tokens = reading.tokens();
  const auto thing = captures.at('X');
  Scanner scanner(tokens, thing);
  const size_t first = scanner.determiners_end(thing.begin);
  if (first + 1 >= thing.end) return;
  const auto subject = reading.entity({first + 1, thing.end});
  const auto verb = captures.at('w');
  auto& statement = reading.add(Meaning::workflow, subject);
  statement.names = {"status"};
  statement.transitions = {{snake_case(tokens[first].text), snake_case(tokens[verb.begin].text)}};
}

bool state_before_noun(const Tokens& tokens, const Captures& captures) {
  const auto thing = captures.at('X');
  for (size_t at = thing.begin; at + 1 < thing.end; ++at) {
    const auto& token = tokens[at];
    if (token.forms[2] != 0 || token.is(WordClass::common)) return !token.is(WordClass::det);
  }
  return false;
}

std::vector<std::string> operations(const Reading& reading, Range range) {
  std::vector<std::string> result;
  const auto add = [&](const char* operation) {
    if (std::ranges::find(result, operation) == result.end()) result.emplace_back(operation);
  };
  if (reading.has(range, {"read", "see", "view", "access", "list", "select", "look"})) add("select");
  if (reading.has(range, {"create", "add", "insert", "write", "post"})) add("insert");
  if (reading.has(range, {"edit", "update", "change", "modify", "write", "approve", "manage", "assign", "close"})) add("update");
  if (reading.has(range, {"delete", "remove", "manage"})) add("delete");
  if (reading.has(range, {"manage"})) add("select"), add("insert");
  return result;
}

void ask_policy(Reading& reading, const std::string& subject, bool own) {
  const auto entity = entity_name(subject);
  Decision decision;
  decision.id = dashed(entity + "-policy-where");
  decision.question = "Does the database enforce who may do this, or the application?";
  decision.options = {{"rls", "the database: row-level security",
                       "Holds for every query of the role; each query carries the condition, so it needs its index."},
                      {"application", "the application", "Nothing in the database stops a forgotten condition."}};
  decision.reason = "A rule that the database holds can not be forgotten.";
  decision.weight = 2;
  reading.ask(std::move(decision));
  if (!own) return;
  Decision owner;
  owner.id = dashed(entity + "-own");
  owner.question = "What makes " + with_article(entity) + " somebody's own?";
  owner.options = {{"owner", "its owner column", "One column, compared with the current user."},
                   {"member", "membership in its group", "A look-up of the membership in each query."}};
  owner.reason = "“Own” names one person.";
  owner.weight = 2;
  reading.ask(std::move(owner));
}

void policy(Reading& reading, const Captures& captures) {
  const auto things = reading.entity(captures.at('Y'));
  std::vector<std::string> roles;
  bool owner = false;
  for (const auto& item : reading.items(captures.at('L'), "")) {
    auto role = entity_name(item.noun.known               ? item.noun.name
                            : item.attribute.name.empty() ? item.noun.name
                                                          : item.attribute.name);
    owner = owner || role == "owner";
    roles.push_back(std::move(role));
  }
  const auto names = operations(reading, {captures.at('L').end, captures.at('Y').begin});
  if (names.empty()) return;
  const bool own = reading.has(captures.at('Y'), {"own", "their", "his", "her", "its"}) || reading.has(reading.range(), {"own"});
  for (const auto& role : roles) {
    auto& statement = reading.add(Meaning::policy);
    statement.subject = things.name;
    statement.role = role;
    statement.names = names;
    if (own || role == "owner") statement.condition = "own";
  }
  ask_policy(reading, things.name, own || owner);
  reading.about(things.name);
}

bool has_operation(const Tokens& tokens, const Captures& captures) {
  for (size_t at = captures.at('L').end; at < captures.at('Y').begin; ++at) {
    if (tokens[at].is(WordClass::op)) return true;
  }
  return false;
}

bool own_things(const Tokens& tokens, const Captures& captures) {
  const auto thing = captures.at('Y');
  const size_t begin = thing.begin;
  const auto possessive = [&](const Token& token) {
    return token.text == "own" || token.text == "their" || token.text == "his" || token.text == "her" || token.text == "its";
  };
  if (begin > 0 && (possessive(tokens[begin - 1]))) return has_operation(tokens, captures);
  for (size_t at = begin; at < thing.end; ++at) {
    if (possessive(tokens[at])) return has_operation(tokens, captures);
  }
  return false;
}

void implication(Reading& reading, const Captures& captures) {
  const auto condition = captures.at('W');
  const auto then = captures.at('R');
  // "order is paid": order is the subject when it is a thing.
  std::string subject = reading.subject();
  Scanner scanner(reading.tokens(), condition);
  for (const size_t end : scanner.noun_ends(condition.begin)) {
    const auto noun = reading.entity({condition.begin, end});
    const auto* table = reading.tables().find(noun.name);
    if (noun.pronoun) break;
    const auto classes = Words::get().classes(entity_name(noun.name));
    if (table != nullptr || reading.subject_declared(noun.name) ||
        ((classes & bit(WordClass::noun)) != 0 && (classes & bit(WordClass::attribute)) == 0)) {
      subject = noun.name;
      break;
    }
  }
  if (subject.empty()) {
    // "status is shipped": of the one table that has a status.
    const KnownTable* only = nullptr;
    size_t found = 0;
    for (const auto& table : reading.tables().vocabulary().tables) {
      const bool has = std::ranges::any_of(scanner.noun_ends(condition.begin), [&](size_t end) {
        return std::ranges::find(table.columns, reading.snake({condition.begin, end})) != table.columns.end();
      });
      if (has) only = &table, ++found;
    }
    if (found == 1) subject = only->name;
  }
  auto& statement = reading.add(Meaning::implication);
  statement.subject = subject;
  statement.condition = reading.words(condition);
  statement.action = reading.words(then);
  Decision decision;
  decision.id = dashed(subject.empty() ? "rule" : entity_name(subject)) + "-implication-both-ways";
  decision.question = "Does it hold the other way round too: if " + statement.action + ", then " + statement.condition + "?";
  decision.options = {
      {"both", "yes, both ways", "One CHECK with an equality: neither can be forgotten."},
      {"one-way", "no, only as it is written", "A CHECK with an OR; rows of the other kind may have the value as well."}};
  decision.reason = "A value that belongs to a state should be absent in the others.";
  decision.weight = 2;
  reading.ask(std::move(decision));
  reading.about(subject);
}

void one_flagged(Reading& reading, const Captures& captures) {
  const auto& tokens = reading.tokens();
  const auto flag = captures.at('w');
  const auto subject = reading.entity(captures.at('X'));
  const auto scope = captures.has('Y') ? reading.entity(captures.at('Y')).name : "";
  auto& statement = reading.add(Meaning::one_flagged);
  statement.subject = subject.name;
  statement.names = {snake_case(tokens[flag.begin].text)};
  statement.scope = scope;
  reading.about(subject.name);
}

void immutable(Reading& reading, const Captures& captures) {
  std::string owner = captures.has('X') ? reading.entity(captures.at('X')).name : "";
  std::vector<std::string> names;
  std::string condition = captures.has('W') ? "when " + reading.words(captures.at('W')) : "";
  if (captures.has('A')) {
    const auto noun = reading.attribute(captures.at('A'));
    const auto* table = reading.tables().find(noun.name);
    const auto name = entity_name(noun.name);
    const auto classes = Words::get().classes(name);
    const bool thing =
        table != nullptr || reading.subject_declared(name) ||
        ((classes & bit(WordClass::noun)) != 0 && (classes & bit(WordClass::attribute)) == 0 && noun.owner.empty());
    if (noun.pronoun) {
      owner = reading.subject();
    } else if (const auto entity = reading.entity(captures.at('A')); (thing || !entity.state.empty()) && owner.empty()) {
      owner = entity.name;
      if (!entity.state.empty()) condition = "when " + entity.state;
    } else {
      if (owner.empty()) owner = reading.owner_of(noun);
      names = {noun.name};
    }
  }
  const bool deleted = reading.has(reading.range(), {"delete", "remove"});
  const bool changed = reading.has(
      reading.range(), {"change", "edit", "modify", "update", "alter", "immutable", "overwrite", "read-only", "touch", "final"});
  auto& statement = reading.add(Meaning::immutable);
  statement.subject = owner;
  statement.names = names;
  statement.action = deleted && !changed ? "deleted" : deleted ? "changed or deleted" : "";
  statement.condition = captures.has('R') ? "after " + reading.words(captures.at('R')) : condition;
  reading.about(owner);
}

bool flag_word(const Tokens& tokens, const Captures& captures) {
  static constexpr std::string_view kFlags[] = {"default",  "current",  "active",    "primary",   "main",     "open",
                                                "live",     "accepted", "published", "preferred", "winning",  "latest",
                                                "featured", "approved", "billing",   "valid",     "selected", "running"};
  return std::ranges::find(kFlags, tokens[captures.at('w').begin].text) != std::end(kFlags);
}

// A wish that something may be changed is no rule of this kind: there must be a "not", or a word that says it alone.
bool forbids(const Tokens& tokens, const Captures& captures) {
  const size_t begin = captures.at('A').begin;
  const size_t clause_end = captures.has('R') ? captures.at('R').begin : std::min(tokens.size(), begin + 16);
  static constexpr std::string_view kAlone[] = {"immutable", "append-only", "read-only", "frozen", "final"};
  for (size_t at = begin >= 3 ? begin - 3 : 0; at < clause_end; ++at) {
    if (tokens[at].is(WordClass::neg) || std::ranges::find(kAlone, tokens[at].text) != std::end(kAlone)) return true;
    if (at > begin && (tokens[at].text == "." || tokens[at].text == ";")) break;
  }
  return false;
}

void currencies(Reading& reading, const Captures& captures) {
  auto& statement = reading.add(Meaning::domain_option);
  statement.subject = captures.has('X') && !captures.at('X').empty() ? reading.entity(captures.at('X')).name : reading.subject();
  statement.name = "currencies";
}

void time_zones(Reading& reading, const Captures& captures) {
  auto& statement = reading.add(Meaning::domain_option);
  statement.subject = captures.has('X') && !captures.at('X').empty() ? reading.entity(captures.at('X')).name : reading.subject();
  statement.name = "time_zones";
}

// "an order goes well" has no step.
bool has_steps(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('R');
  for (size_t at = range.begin; at < range.end; ++at) {
    for (const std::string_view step : {"to", "->", ">", ",", "then", "and"}) {
      if (tokens[at].text == step) return true;
    }
  }
  return range.begin > 0 &&
         (tokens[range.begin - 1].text == "->" || tokens[range.begin - 1].text == ">" || tokens[range.begin - 1].text == "then");
}

}  // namespace

std::vector<Rule> rule_rules() {
  return {
      {"S27",
       {"no double|duplicate|overlapping|parallel booking|bookings|reservation|reservations [are] [allowed] [of|for|per|in|on] "
        "[a|an|the|each|one|same|any] <Y>",
        "no|avoid|prevent|prohibit|without double booking|bookings|-booking|reservation|reservations [of|for|per] <Y>",
        "no double booking|bookings|reservations",
        "<Y> can|may|must|should|cannot|cant|could [not|never] [ever] [be] double booked|reserved|rented [twice] [at|for|in] "
        "[the] [same] [time|overlapping] [dates|times|period]",
        "<Y> can|may|must|should|cannot|cant [not|never] [ever] be booked|reserved|rented|used|assigned|double-booked twice "
        "[at|for|in] [the] [same] [overlapping] [time|dates|times|period|slot]",
        "<Y> can|may|must|should|cannot|cant [not|never] [ever] be booked|reserved|rented|used|double-booked [at|for|in] [the] "
        "[same] overlapping|same [time|dates|times|period|slot]",
        "<Y> can|may be rented|booked|reserved|used by [only] one <Z> at a time",
        "<Y> can|may be rented|booked|reserved|used by only one <Z> at a time", "avoid|prevent|no double - booking of <Y>"},
       exclude},
      {"S27",
       {"no [two|overlapping] <X> [can|may|should|must] [ever] overlap|overlapping [in|on|for|at|per|of|within] "
        "[the|one|a|each|same] [same] <Y> [unless|except <R>] $",
        "no overlapping <X> [are] [allowed] [in|on|for|at|per|of|within] [the|one|a|each|same] [same] <Y> [unless|except <R>] $",
        "no two <X> [on|in|of|at|for] [the] [same|one] <Y> [can|may|should|must] [ever] overlap [[in|unless|except] <R>] $",
        "<X> [of|for|on|in] [the|a|one|each] [same] <Y> can|may|must|should|cannot [not|never] overlap [unless|except <R>] $",
        "<X> can|may|must|should|cannot|cant [not|never] overlap [per|for|on|in|within] [the|each|a|one] [same] <Y> "
        "[unless|except <R>] $",
        "no overlapping <X> [unless|except <R>] $", "<X> can|may|must|should|cannot [not|never] overlap $",
        "<Y> can|may|must|should|cannot|cant [not|never] have|do|take [two|more|several|multiple|overlapping] <X> [that] "
        "[overlap|at] [the|same|at] [same] [time|moment]",
        "nobody works|has|does [two] <X> [that|which] [overlap|overlapping] $"},
       exclude},
      {"S28",
       {"<A> goes|go|moves|move|passes|pass|changes|change|transitions|transition|flows|proceeds|runs "
        "[always|only|through|as|follows] [:] [from] <R> $",
        "<A> [can] [only] go|move|change|transition [only] from <R> $", "<A> : [from] <w> -> <R> $",
        "[the] [work] workflow|lifecycle|flow|transitions of|for [a|an|the] <X> is|are|: [from] <R> $",
        "<A> [is] [first|initially|starts] [as] <w> , [and] then <R> $", "<A> starts [as|in|with] <w> [,] [and] then <R> $",
        "<A> > <R> $"},
       workflow,
       has_steps},
      {"S28", {"<X> [must|should|will] expire|expires|lapse|lapses after <p>"}, expires},
      {"S28",
       {"only <X> can|may be <w> $", "only <X> can|may be <w>", "[a|an] <X> can|may be <w> $"},
       only_state,
       state_before_noun},
      {"S29",
       {"only <L> can|may|should|are|is|must [be] [able|allowed] [to] @op [or|and|,|/] [@op] [or|and|,|/] [@op] "
        "[the|all|any|of|a|an|their|own|his] <Y>",
        "<L> can|may|should|are|is|must only [be] [able|allowed] [to] @op [or|and|,] [@op] [the|all|any|of|a|an|their|own|his] "
        "<Y>",
        "<Y> can|may|should|must|are|is only [be] [editable|visible] @op [or|and|,] [@op] by <L>",
        "nobody|none except|but <L> can|may @op [or|and|,] [@op] [the|all|a] <Y>", "restrict @op [or|and] [@op] [of] <Y> to <L>"},
       policy},
      {"S29",
       {"<L> can|may|should|must|are|is|shall [only] [be] [able|allowed] [to] [only] @op [or|and|,] [@op] [only] "
        "[the|all|any|of] [their|own|his|her|its] <Y>",
        "<L> [only] see|sees|view|read [only] [the|all] [their|its|his|her] [own] <Y>"},
       policy,
       own_things},
      {"S29",
       {"<L> can|may|are|is [not|never] [be] [allowed|able] [to] @op [or|and|,] [@op] [other|another] [people|users|others] <Y>"},
       policy,
       own_things},
      {"S30",
       {"if|when|once|whenever <W> [,] then <R> $", "if|when|once|whenever <W> , [the|a|an] <R> $",
        "if|when [a|an|the] <W> must|should <R> $"},
       implication,
       [](const Tokens& tokens, const Captures& captures) {
         const auto then = captures.at('R');
         for (size_t at = captures.at('W').end; at < then.end; ++at) {
           if (tokens[at].text == "must" || tokens[at].text == "should" || tokens[at].text == "required" ||
               tokens[at].text == "has" || tokens[at].text == "have" || tokens[at].text == "needs" ||
               tokens[at].text == "cannot" || tokens[at].text == "shall")
             return true;
         }
         return false;
       }},
      {"S31",
       {"[there] [only|exactly] [is|can|should|must|may] [be] [only|at|exactly] [most] one <w> <X> per|for|of "
        "[each|every|one|a|an] <Y>",
        "each|every|a|an <Y> has|have|can|may [have] [only|exactly|at] [most] one <w> <X> $",
        "only one <X> per|of|for [each|every|a|an] <Y> can|may be <w>", "only one <w> <X> $",
        "[each|every] <Y> must|should|can|may have [only|exactly|at] [most] one <w> <X> $"},
       one_flagged,
       flag_word},
      {"S32",
       {"<A> can|may|must|should|cannot|cant|shall|will|is|are [never|not] [ever] [allowed] [to] [be] [not] "
        "changed|edited|modified|updated|altered|deleted|removed|overwritten|immutable|read-only|final [or|and|nor] "
        "[changed|edited|modified|updated|altered|deleted|removed] [[any] [more|longer|anymore] once|after|when|if|as|later "
        "[soon] [as|than] <R>] $",
        "[never|not|do|dont] [not] [allow] change|edit|modify|delete|remove|changing|editing|deleting [of|to] <A> "
        "[once|after|when|later <R>] $",
        "<A> can|may|must|should|cannot be <w> and can|may|must|cannot never|not be changed|edited|modified|deleted $",
        "<A> never changes|change [once|after <R>] $",
        "<A> is|are|must|should [be] append-only|immutable|read-only|frozen [once|after <R>] $",
        "[a|an|the] <A> that|which is|are|has <W> can|may|must|cannot [not|never] [be] "
        "changed|edited|modified|updated|deleted|removed $"},
       immutable,
       forbids},
      {"S33",
       {"<X> [should|must|can|may|are|is] [be] [stored|have|in|support|supports|with] [in|with] several|multiple|many|different "
        "currencies|currency",
        "amounts|prices|totals [of|for <X>] [are|is|can] [be] in several|multiple|many|different currencies",
        "support|allow|handle multiple|several|different|many currencies [for <X>]",
        "amounts|prices|totals in several|multiple|different currencies"},
       currencies},
      {"S33",
       {"times|dates|time [of|for <X>] [are|is|should|must] [be] [shown|displayed|stored|kept|given] in [the|each|their] "
        "[user|customer|viewer|local|own|visitor|users] [local|own] zone|timezone|time [zone|zones]",
        "<X> [should|must] [see|have|are|show] [shown|times|displayed|stored] in [the|their|its|each] "
        "[user|users|customer|local|own] [own|local] timezone|time [zone]",
        "support|handle|different [different|multiple] timezones|time [zones] [for <X>]"},
       time_zones},
  };
}

}  // namespace pga::request
