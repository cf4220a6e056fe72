// S7, S10 to S14: what holds of an attribute.
#include <algorithm>

#include "base/text.h"
#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

std::vector<std::string> names_of(Reading& reading, Range list, std::string& owner) {
  std::vector<std::string> names;
  const bool pronoun =
      list.size() == 1 && (reading.tokens()[list.begin].is(WordClass::pron) || reading.tokens()[list.begin].text == "that");
  if (pronoun || list.empty()) {
    owner = reading.subject();
    return {reading.last_attribute()};
  }
  for (const auto& item : reading.items(list, reading.subject())) {
    if (owner.empty()) owner = reading.owner_of(item.noun);
    names.push_back(item.attribute.name);
  }
  return names;
}

Noun noun_named(const std::string& name) {
  Noun noun;
  noun.name = name;
  return noun;
}

// The owner of the names in `list`, or X when it was said ("email of users").
std::string owner_in(Reading& reading, const Captures& captures, Range list, std::vector<std::string>& names) {
  std::string owner = captures.has('X') && !captures.at('X').empty() ? reading.entity(captures.at('X')).name : "";
  std::string found = owner;
  names = names_of(reading, list, found);
  return owner.empty() ? found : owner;
}

void nullability(Reading& reading, const Captures& captures) {
  std::vector<std::string> names;
  const auto owner = owner_in(reading, captures, captures.at('L'), names);
  auto& statement = reading.add(Meaning::nullability, noun_named(owner));
  statement.names = names;
  const Range said{captures.at('L').end, reading.range().end};
  const bool optional = reading.has(said, {"optional", "empty", "null", "nullable", "blank", "omitted", "unknown", "missing"});
  const bool negated = reading.has(said, {"not", "cannot", "never", "no", "cant", "isnt"});
  statement.negated = optional != negated;
}

void mandatory_first(Reading& reading, const Captures& captures) {
  std::vector<std::string> names;
  const auto owner = owner_in(reading, captures, captures.at('L'), names);
  auto& statement = reading.add(Meaning::nullability, noun_named(owner));
  statement.names = names;
  statement.negated = reading.has({reading.range().begin, captures.at('L').begin}, {"optional"});
}

void unique(Reading& reading, const Captures& captures) {
  std::vector<std::string> names;
  auto owner = owner_in(reading, captures, captures.at('L'), names);
  const std::string scope = captures.has('Y') ? reading.entity(captures.at('Y')).name : "";
  if (owner.empty()) {
    // "email should be unique": whose? The people of the schema, else asked.
    for (const auto* people : {"user", "account", "customer", "member"}) {
      if (const auto* table = reading.tables().find(people); table != nullptr && owner.empty()) owner = table->name;
    }
    Decision decision;
    decision.id = dashed(names.empty() ? "unique" : names[0]) + "-of-what";
    decision.question = "Of which table is " + (names.empty() ? std::string("it") : replace_all(names[0], "_", " ")) + " unique?";
    for (const auto& table : reading.tables().vocabulary().tables)
      decision.options.push_back({dashed(table.name), table.name, "A unique index on " + table.name + "."});
    if (decision.options.empty()) decision.options.push_back({"users", "users", "A unique index on users."});
    decision.reason = "No table is named before.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
  auto& statement = reading.add(Meaning::unique, noun_named(owner));
  statement.names = names;
  statement.scope = scope;
  if (reading.has(reading.range(), {"insensitive", "insensitively", "casing", "case-insensitive", "case-insensitively"}) ||
      (reading.has(reading.range(), {"case"}) && reading.has(reading.range(), {"regardless", "ignore", "ignoring"})))
    statement.options["case_insensitive"] = "yes";
  if (reading.has(reading.range(), {"given", "present", "filled"})) statement.options["when_given"] = "yes";
  if (!names.empty() && names[0] == "name" && scope.empty()) {
    Decision decision;
    decision.id = dashed(entity_name(owner)) + "-name-scope";
    decision.question = "Is the name of " + with_article(entity_name(owner)) + " unique everywhere, and does case count?";
    decision.options = {{"everywhere-no-case", "everywhere, “Blue” and “blue” are the same", "A unique index on lower(name)."},
                        {"everywhere", "everywhere, exactly as written", "A unique constraint."}};
    decision.reason = "People do not see a difference in case.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
}

// "no two tickets of the same flight have the same seat number"
void no_two(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  std::vector<std::string> names;
  for (const auto& item : reading.items(captures.at('L'), owner.name)) names.push_back(item.attribute.name);
  const auto scope = captures.has('Y') ? reading.entity(captures.at('Y')).name : "";
  auto& statement = reading.add(Meaning::unique, owner);
  statement.names = names;
  statement.scope = scope;
}

// "only one review per product per customer", "a student may not enroll twice in the same course"
void one_per(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  std::vector<std::string> names;
  for (const char slot : {'Y', 'Z'}) {
    if (captures.has(slot)) names.push_back(entity_name(reading.entity(captures.at(slot)).name));
  }
  auto& statement = reading.add(Meaning::unique, owner);
  statement.names = names;
  reading.about(owner.name);
}

void default_value(Reading& reading, const Captures& captures) {
  std::vector<std::string> names;
  const auto owner = owner_in(reading, captures, captures.at('L'), names);
  auto& statement = reading.add(Meaning::default_value, noun_named(owner));
  statement.names = names;
  statement.condition = reading.words(captures.at(captures.has('n') ? 'n' : captures.has('W') ? 'W' : 'R'));
}

void derived(Reading& reading, const Captures& captures) {
  std::vector<std::string> names;
  const auto owner = owner_in(reading, captures, captures.at('L'), names);
  auto& statement = reading.add(Meaning::derived, noun_named(owner));
  statement.names = names;
  statement.condition = reading.words(captures.at('R'));
}

void determines(Reading& reading, const Captures& captures) {
  std::vector<std::string> names, others;
  const auto owner = owner_in(reading, captures, captures.at('L'), names);
  for (const auto& item : reading.items(captures.at('M'), owner)) others.push_back(item.attribute.name);
  auto& statement = reading.add(Meaning::determines, noun_named(owner));
  statement.names = names;
  statement.others = others;
}

void subtype(Reading& reading, const Captures& captures) {
  const auto kind = reading.entity(captures.at('X'));
  const auto whole = reading.entity(captures.at('Y'));
  auto& statement = reading.add(Meaning::subtype, kind);
  statement.object = whole.name;
}

// "a vehicle is a car, a van or a truck"
void subtypes(Reading& reading, const Captures& captures) {
  const auto whole = reading.entity(captures.at('X'));
  std::vector<std::string> kinds;
  for (const auto& item : reading.items(captures.at('L'), "")) kinds.push_back(reading.entity(item.noun.range).name);
  if (kinds.empty()) return;
  if (kinds.size() == 1) {
    auto& statement = reading.add(Meaning::subtype, whole);
    statement.object = kinds[0];
    return;
  }
  for (const auto& kind : kinds) {
    auto& statement = reading.add(Meaning::subtype);
    statement.subject = kind;
    statement.object = whole.name;
    for (const auto& other : kinds) {
      if (other != kind) statement.others.push_back(other);
    }
    reading.declare(kind, true);
  }
  reading.about(whole.name);
  Decision decision;
  decision.id = dashed(entity_name(whole.name)) + "-kinds-exclusive";
  decision.question = "Can one " + entity_name(whole.name) + " be several of " + join(kinds, ", ") + " at once?";
  decision.options = {{"one", "no, exactly one of them", "A kind column and one table for each kind, tied by the kind."},
                      {"several", "yes", "Independent tables that share the key."}};
  decision.reason = "The sentence says “or”.";
  decision.weight = 3;
  reading.ask(std::move(decision));
}

void temporal(Reading& reading, const Captures& captures) {
  std::vector<std::string> names;
  std::string owner = captures.has('X') ? reading.entity(captures.at('X')).name : "";
  if (captures.has('L')) {
    const auto items = reading.items(captures.at('L'), reading.subject());
    for (const auto& item : items) {
      if (!item.noun.owner.empty() && owner.empty()) owner = item.noun.owner;
      if (item.entity && owner.empty()) {
        owner = item.noun.name;
      } else {
        names.push_back(item.attribute.name);
      }
    }
    if (names.size() == 1 && names[0] == "it") names = {reading.last_attribute()};
  }
  if (captures.has('A')) {
    const auto attribute = reading.attribute(captures.at('A'));
    if (attribute.pronoun) {
      names = {reading.last_attribute()};
    } else if (reading.tables().find(attribute.name) != nullptr && owner.empty()) {
      owner = reading.tables().find(attribute.name)->name;
    } else {
      if (!attribute.owner.empty()) owner = attribute.owner;
      names = {attribute.name};
    }
  }
  if (owner.empty()) owner = reading.subject();
  auto& statement = reading.add(Meaning::temporal, noun_named(owner));
  statement.names = names;
  Decision decision;
  decision.id = dashed(entity_name(owner)) + "-history-kind";
  decision.question = "Are earlier values facts of the business (valid from, to) or a record of who changed what?";
  decision.options = {
      {"validity", "facts of the business: which value held when",
       "A version table with periods that may not overlap; past and future values can be entered."},
      {"audit", "a record of changes", "A history table that a trigger fills; nothing can be entered for the past."}};
  decision.reason = "People ask what held at a date.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

// The last word of a noun phrase names a thing ("car"), not a value ("paid") or an attribute ("price").
bool names_thing(const Tokens& tokens, Range range) {
  if (range.empty()) return false;
  const auto& last = tokens[range.end - 1];
  if (!last.is_word() || last.is(WordClass::attribute)) return false;
  return last.is(WordClass::noun) || (last.forms[0] == 0 && last.forms[1] == 0 && last.forms[2] == 0);
}

bool both_things(const Tokens& tokens, const Captures& captures) {
  return names_thing(tokens, captures.at('X')) && names_thing(tokens, captures.at('Y'));
}

bool list_of_things(const Tokens& tokens, const Captures& captures) {
  if (!names_thing(tokens, captures.at('X'))) return false;
  const auto list = captures.at('L');
  size_t begin = list.begin, items = 0;
  for (size_t at = list.begin; at <= list.end; ++at) {
    const bool ends = at == list.end || tokens[at].text == "," || tokens[at].text == "or" || tokens[at].text == "and" ||
                      tokens[at].text == "either";
    if (!ends) continue;
    if (at > begin && !names_thing(tokens, {begin, at})) return false;
    items += at > begin ? 1 : 0;
    begin = at + 1;
  }
  return items > 1;
}

void at_least_one_of(Reading& reading, const Captures& captures) {
  const auto owner = captures.has('X') && !captures.at('X').empty() ? reading.entity(captures.at('X')).name : reading.subject();
  std::vector<std::string> names;
  for (const auto& item : reading.items(captures.at('L'), owner)) names.push_back(item.attribute.name);
  reading.add(Meaning::at_least_one_of, noun_named(owner)).names = names;
}

// "one default address per customer" flags one of several: S31.
bool no_flag(const Tokens& tokens, const Captures& captures) {
  static constexpr std::string_view kFlags[] = {"default", "current", "active", "primary", "main", "live", "open"};
  const auto range = captures.at('X');
  for (size_t at = range.begin; at < range.end; ++at) {
    if (std::ranges::find(kFlags, tokens[at].text) != std::end(kFlags)) return false;
  }
  return true;
}

// "every customer is unique": said of a thing, not of a value.
bool of_value(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('L');
  if (range.empty()) return true;
  const bool each = tokens[range.begin].text == "each" || tokens[range.begin].text == "every";
  const auto& last = tokens[range.end - 1];
  return !each || !last.is(WordClass::noun) || last.is(WordClass::attribute);
}

// "optional extras of life": the word belongs to a name that follows.
bool ends_with_need(const Tokens& tokens, const Captures& captures) {
  static constexpr std::string_view kNeeds[] = {"required", "mandatory", "optional", "obligatory", "nullable", "compulsory"};
  for (size_t at = captures.at('L').end; at + 1 < tokens.size() && at < captures.at('L').end + 8; ++at) {
    if (std::ranges::find(kNeeds, tokens[at].text) == std::end(kNeeds)) continue;
    const auto& next = tokens[at + 1];
    return !next.is_word() || next.line_start || next.is(WordClass::stop) || next.is(WordClass::prep) ||
           next.is(WordClass::conj) || next.is(WordClass::filler);
  }
  return true;
}

}  // namespace

std::vector<Rule> attribute_rules() {
  return {
      {"S7",
       {"<L> is|are|be|remain|remains|was|were [always|both|all] required|mandatory|optional|obligatory|nullable|compulsory "
        "[for|on|in] [each|every|all] <X> $",
        "<L> [of|for|on|in] [each|every] <X> is|are required|mandatory|optional|nullable",
        "<L> is|are|should|must|can|may|will|need [be|to] [be] [always|both|all] [not] "
        "required|mandatory|optional|obligatory|nullable|compulsory",
        "<L> can|may|could|must|should|will|cannot|cant [not|never] [be] [left] empty|null|blank|omitted|missing|unknown",
        "<L> is|are [not|never] empty|null|nullable|blank [until|when|if|while] [<R>]",
        "<L> is|are|must|can|may|should [be] [not] empty|null|nullable|blank",
        "<L> must|should|needs|need [always] [to] [be] [given|present|provided|filled|specified|supplied|set] [in] $",
        "<L> can|may|must|should [not] [be] optional", "is|are [not] [required|mandatory|optional|nullable]"},
       nullability,
       ends_with_need},
      {"S7",
       {"required|mandatory [fields|attributes|columns] [are|:] <L>", "optional [fields|attributes|columns] [are|:] <L>"},
       mandatory_first},
      {"S12",
       {"no two|multiple|several <X> [of|in|with|for] [the] same <Y> [can|may|should|must] [not] [ever] [have|has|share|get|use] "
        "[the] same <L>",
        "no two|multiple|several <X> [can|may|should|must] [ever] [have|has|share|with|get|use] [the] same <L> "
        "[in|within|per|for] [the|one|a|each] [same] <Y> $",
        "no two|multiple|several <X> [can|may|should|must] [ever] [have|has|share|with|get|use] [the] same <L>",
        "<X> can|may|must|should|cannot|cant|never not|never|cannot [have|share|use] [the] same <L>",
        "no duplicate <L> [for|in|of] <X> $"},
       no_two},
      {"S12",
       {"[only|at] [most] one <X> per|for [each|every|the|a|one] <Y> per|and|, [per|each|every] <Z> $",
        "[only|at] [most] one <X> per|for [each|every] <Y> $",
        "<Y> can|may|must|should [only] @have|<v> [only|at] [most] one <X> per [each] <Z> $",
        "<Y> can|may|cannot|cant|must|should [not|never|only] <X> twice|once [in|for|per|on] [the] [same] <Z> $",
        "[a|an|each|every] <Y> can|may|cannot|must|should [not|only] <v> [the|a|each|one] [same] <Z> [only] once|twice $"},
       one_per,
       no_flag},
      {"S12",
       {"<L> [of|for] [a|an|the|each|every|all] <X> is|are|must|should|has|have|needs|shall [be|to] [be] [globally|always] "
        "unique [per|within|in|for|across|inside] [each|every|one|the|a|all] <Y>",
        "<L> [of|for] [a|an|the|each|every|all] <X> is|are|must|should|has|have|needs|shall [be|to] [be] [globally|always] "
        "unique [[,] [and] [case] [=insensitive|insensitively|case-insensitive]]",
        "<L> is|are|must|should|has|have|needs|shall|will|can [be|to] [be] [globally|always] unique "
        "[per|within|in|for|across|inside] [each|every|one|the|a|all] <Y> [[,] {case insensitive / case-insensitive / ignoring "
        "case / regardless of case / when given / if given}] [[,] when|if [given|present]]",
        "<L> is|are|must|should|has|have|needs|shall|will|can [be|to] [be] [globally|always] unique [[,] [and] {case insensitive "
        "/ case insensitively / case-insensitive / ignoring [the] case / regardless of case / when|if given|present}]",
        "unique <L> per|within|in|for [each|every] <Y> $", "make [the] <L> [of|for|on] [the|all|each] <X> unique",
        "make [the] <L> unique [per|within|in|for] [each] <Y>", "make [the] <L> unique",
        "<L> must|should|may|can|cannot|not|never not [be] [a|have] duplicate|duplicated|repeat|repeated|reused|twice|occur "
        "[twice]"},
       unique,
       of_value},
      {"S10",
       {"<L> [of|for|in] [each|every|a|an|the] [new] <X> defaults|default|starts|begins|start|begin to|at|as|with|is [be] <R> $",
        "<L> [should] defaults|default [to|is|as|:] <R> $", "<L> is|are|should|will|must|shall [be] <W> by default $",
        "[the] default [value] [of|for] [the] <L> is|should|must [be] <R> $", "[the] default <L> is|should|must [be] <R> $",
        "set [the] default [value] of|for <L> to <R> $", "<L> starts|begins|start|begin [out] at|as|with <R> $",
        "by default [the] <L> is|are|should [be] <R> $", "new <X> get|have|has|start with [a|an] <L> [of] <n> $"},
       default_value},
      {"S11",
       {"<L> [of|for] [a|an|the|each] <X> is|are|should|must|equals [be] [always] [the] [calculated|computed|derived] "
        "[from|as|by] [the] sum|number|average|total|count|product|difference|mean|maximum|minimum of <R> $",
        "<L> equals|= [always] [the] <R> $",
        "<L> is|are|should|must [be|always] [automatically] [be] calculated|computed|derived|worked|determined [out] "
        "[automatically] from|as|by|using <R> $",
        "<L> is|are|equals [always] [the] sum|number|average|total|count|product|difference|maximum|minimum of <R> $",
        "<L> is|are|equals [the] <A> times|minus|plus|multiplied|divided <R> $"},
       derived},
      {"S11",
       {"[the] <L> [of|for] [a|an|the|each] <X> determines|determine [the] <M> $",
        "<L> [uniquely] determines|determine|implies|imply [the] <M> $", "<M> depends|depend [only] on [the] <L> $"},
       determines},
      {"S13",
       {"<X> is|are [also] [a] kind|kinds|type|types|sort|sorts|form|subtype|special|specialisation|specialization "
        "[kind|case|form] of <Y> $",
        "<X> is|are [also|always] [also] =a|=an <Y> $", "<X> extends|inherits|inherit|extend [from] <Y> $"},
       subtype,
       both_things},
      {"S13",
       {"<X> is|are|can [be] either <L> $", "<X> is|are [either] <L> $", "<X> can|may|could [be] either <L> $",
        "<X> can|may|could be =a|=an <L> $", "there are two|three|four|several|five [kinds|types|sorts] of <X> [:] [,] <L> $",
        "<X> come|comes in|as [two|three|several] [kinds|types|forms] [:|,] <L> $", "<X> can be <L> $"},
       subtypes,
       list_of_things},
      {"S14",
       {"[the] history|histories of [the|all|each] <A> [[must|should|has|is|needs|will] [to] [be] "
        "[kept|stored|preserved|recorded|tracked|saved]]",
        "@record|keep|see|want|need|have [a|the|full|complete] history|histories of [the|all|each|every] <A> [{of|for} "
        "[each|every|all|the|a] <X>]",
        "<L> [of|for] [a|an|the|each|every] <X> changes|change|varies|vary over time|years",
        "<L> changes|change|varies|vary [over|with] time [[,] [and] [we] [need|want|keep|must] [to] [keep|see|know|store] "
        "[all|the] [old|previous|past|earlier] [values|ones|versions]]",
        "@record|keep|see|remember [all] [the] [old|previous|past|earlier] [values|versions] of <A>",
        "see|know|show|query [what] [the] <A> [was|were|of] [at|on|as] [of] [a|any|some] [given|certain|past] "
        "[date|time|point|day]",
        "<A> history"},
       temporal},
      {"S9",
       {"[<X>] [must|should|needs] have|has at-least one of [the|:] [following] [fields] <L> $",
        "at-least one of [the] <L> [must|should|is|needs|has] [to] [be] [given|present|set|filled|required|provided]",
        "<X> [must|should|needs] have|has at least one of [the|:] [following] [fields] <L> $",
        "at least one of [the] <L> [must|should|is|needs|has] [to] [be] [given|present|set|filled|required|provided]",
        "either <L> must|should be given|present|set|filled|provided"},
       at_least_one_of},
  };
}

}  // namespace pga::request
