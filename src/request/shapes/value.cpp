// S8 and S9: which values an attribute can have.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

struct Owned {
  std::string owner;
  std::vector<std::string> names;
};

// "rating of a review", "order status", "users.state": the attribute and whose it is.
Owned attribute_in(Reading& reading, const Captures& captures) {
  Owned result;
  const auto range = captures.at('A');
  if (captures.has('X') && !captures.at('X').empty()) result.owner = reading.entity(captures.at('X')).name;
  if (range.size() == 1 && (reading.tokens()[range.begin].is(WordClass::pron) || reading.tokens()[range.begin].text == "that")) {
    if (result.owner.empty()) result.owner = reading.subject();
    result.names = {reading.last_attribute()};
    return result;
  }
  const auto noun = reading.attribute(range);
  result.names = {noun.name};
  if (result.owner.empty() && noun.owner.empty()) {
    // "order status": the status of orders when orders are known or spoken of.
    const auto underscore = noun.name.rfind('_');
    if (underscore != std::string::npos) {
      const auto front = noun.name.substr(0, underscore);
      const auto* table = reading.tables().find(front);
      const auto last = noun.name.substr(underscore + 1);
      const bool whole = table != nullptr && std::ranges::find(table->columns, noun.name) != table->columns.end();
      if (!whole && (table != nullptr || reading.subject_declared(entity_name(front)))) {
        result.owner = table != nullptr ? table->name : entity_name(front);
        result.names = {last};
        return result;
      }
    }
  }
  if (result.owner.empty()) result.owner = reading.owner_of(noun);
  return result;
}

void closed_list(Reading& reading, const Captures& captures) {
  auto owned = attribute_in(reading, captures);
  auto& statement = reading.add(Meaning::closed_list);
  statement.subject = owned.owner;
  statement.names = owned.names;
  statement.values = reading.values(captures.has('P') ? captures.at('P') : captures.at('V'));
  if (!owned.owner.empty()) reading.about(owned.owner);
  if (!owned.names.empty()) reading.about_attribute(owned.names[0]);
  const auto name = owned.names.empty() ? std::string("value") : owned.names[0];
  const auto entity = entity_name(owned.owner);
  const bool open = reading.has(reading.range(), {"etc", "...", "such", "like", "example", "e.g"});
  if (open) {
    reading.last()->options["open"] = "yes";
    Decision decision;
    decision.id = dashed(entity + "-" + name + "-open");
    decision.question = "Are these all the values of " + replace_all(name, "_", " ") + ", and who adds more?";
    decision.options = {
        {"closed", "all of them; more come with a release", "A CHECK that lists them; adding one is a short migration."},
        {"lookup", "more are added while it runs", "A lookup table and a foreign key; one more join for the label."}};
    decision.recommended = 1;
    decision.reason = "The list is said to go on.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
  if ((name == "status" || name == "state" || name == "stage") && reading.last()->values.size() > 1) {
    reading.assume("C46", "a new " + (entity.empty() ? std::string("row") : entity) + " is “" + reading.last()->values[0] + "”",
                   name + " defaults to " + reading.last()->values[1]);
    Decision decision;
    decision.id = dashed(entity + "-" + name + "-transitions");
    decision.question = "Which changes of " + name + " are allowed?";
    decision.options = {{"any", "any", "Only the list of values is checked."},
                        {"listed", "only the listed steps", "A table of allowed steps and a trigger that refuses others."}};
    decision.reason = "The order of the steps is not said.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
}

std::string comparison_sign(std::string_view word) {
  static const std::vector<std::pair<std::string_view, std::string_view>> kSigns = {
      {">", ">"}, {"<", "<"}, {">=", ">="}, {"<=", "<="}, {"=", "="}, {"<>", "<>"}, {"!=", "<>"}};
  for (const auto& [text, sign] : kSigns) {
    if (text == word) return std::string(sign);
  }
  return "";
}

std::string plain_number(const Reading& reading, Range range) {
  const auto number = reading.number(range);
  if (!number) return reading.words(range);
  auto text = fmt::format("{}", *number);
  return text;
}

// How a bound is worded, and the sign that it means.
std::string sign_of(const Reading& reading, Range words) {
  for (size_t at = words.begin; at < words.end; ++at) {
    const auto sign = comparison_sign(reading.tokens()[at].text);
    if (!sign.empty()) return sign;
  }
  const bool negated = reading.has(words, {"not", "never", "cannot", "no", "cant"});
  const bool or_equal = reading.has(words, {"equal"});
  if (reading.has(words, {"least", "at-least", "minimum", "min"})) return ">=";
  if (reading.has(words, {"most", "maximum", "max", "up"})) return "<=";
  if (reading.has(words,
                  {"greater", "more", "above", "larger", "bigger", "higher", "exceed", "over", "after", "later", "longer"}))
    return negated ? "<=" : or_equal ? ">=" : ">";
  if (reading.has(words, {"less", "below", "smaller", "lower", "under", "before", "earlier", "fewer", "shorter"}))
    return negated ? ">=" : or_equal ? "<=" : "<";
  return "";
}

void check(Reading& reading, const Captures& captures) {
  auto owned = attribute_in(reading, captures);
  const Range words{captures.at('A').end, captures.has('n')   ? captures.at('n').begin
                                          : captures.has('B') ? captures.at('B').begin
                                                              : reading.range().end};
  std::string condition;
  const bool characters = reading.has(reading.range(), {"character", "characters", "letters", "chars"});
  if (captures.has('n') && captures.has('m')) {
    condition = plain_number(reading, captures.at('n')) + ".." + plain_number(reading, captures.at('m'));
  } else if (captures.has('n')) {
    const auto sign = sign_of(reading, words);
    if (characters) {
      const auto number = plain_number(reading, captures.at('n'));
      condition = sign == "<=" || sign == "<"   ? "1.." + number
                  : sign == ">=" || sign == ">" ? number + ".."
                                                : number + ".." + number;
    } else {
      condition = (sign.empty() ? "=" : sign) + std::string(" ") + plain_number(reading, captures.at('n'));
    }
  } else if (captures.has('B')) {
    const auto other = reading.attribute(captures.at('B'));
    condition = owned.names[0] + " " + sign_of(reading, words) + " " + other.name;
  } else if (reading.has(words, {"future"})) {
    condition = reading.has(words, {"not", "never", "cannot", "cant"}) ? "<= now" : "> now";
  } else if (reading.has(words, {"past"})) {
    condition = reading.has(words, {"not", "never", "cannot", "cant"}) ? ">= now" : "< now";
  } else if (reading.has(words, {"negative"})) {
    condition = reading.has(words, {"not", "never", "cannot", "cant", "non", "non-negative", "nonnegative"}) ? ">= 0" : "< 0";
  } else if (reading.has(words, {"non-negative", "nonnegative"})) {
    condition = ">= 0";
  } else if (reading.has(words, {"positive"})) {
    condition = "> 0";
  } else if (reading.has(words, {"zero"})) {
    condition = "<> 0";
  } else if (reading.has(words, {"whole"})) {
    condition = "whole";
  } else if (reading.has(words, {"lowercase", "uppercase"})) {
    condition = reading.has(words, {"lowercase"}) ? "lowercase" : "uppercase";
  }
  auto& statement = reading.add(Meaning::check);
  statement.subject = owned.owner;
  statement.names = owned.names;
  statement.condition = condition;
  if (!owned.owner.empty()) reading.about(owned.owner);
}

bool list_column(const Tokens& tokens, const Captures& captures);

// "x, y or z": with an "or", a slash, or the commas after a status. Not "written by one or more authors".
bool has_list(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('V');
  for (size_t at = range.begin; at < range.end; ++at) {
    const auto& text = tokens[at].text;
    if (text == "by" || text == "each" || text == "every" || text == "have" || text == "has" || text == "if" ||
        text == "unique" || text == "required" || text == "same")
      return false;
    if (text == "or" && at + 1 < range.end && at > range.begin &&
        (tokens[at + 1].text == "more" || tokens[at + 1].text == "equal" || tokens[at + 1].text == "several" ||
         (tokens[at - 1].is_word() && tokens[at - 1].has_number)))
      return false;
    if (text == ">" || text == "->" || text == "to") return false;
  }
  size_t separators = 0;
  for (size_t at = range.begin; at < range.end; ++at) {
    const auto& text = tokens[at].text;
    separators += text == "," || text == "or" || text == "/" || text == "|" || text == "and" ? 1 : 0;
  }
  return separators > 0;
}

bool alternatives(const Tokens& tokens, const Captures& captures) {
  if (!has_list(tokens, captures) || tokens[captures.at('A').end - 1].kind != Token::Kind::word) return false;
  const auto range = captures.at('V');
  const bool things = !tokens[captures.at('A').end - 1].is(WordClass::attribute) &&
                      (tokens[range.begin].text == "a" || tokens[range.begin].text == "an");
  if (things) return false;  // "a vehicle is a car, a van or a truck": kinds of a thing
  for (size_t at = range.begin; at < range.end; ++at) {
    if (tokens[at].text == "or" || tokens[at].text == "/" || tokens[at].text == "|") return true;
  }
  static constexpr std::string_view kSaid[] = {"one", "either", "following", "values", "such", "like"};
  for (size_t at = captures.at('A').end; at < range.begin; ++at) {
    if (std::ranges::find(kSaid, tokens[at].text) != std::end(kSaid)) return true;
  }
  return list_column(tokens, captures);
}

// "status: draft, published": a name, not a heading of a list of columns.
bool list_column(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('A');
  const auto& last = tokens[range.end - 1].text;
  static constexpr std::string_view kLists[] = {"status",    "state",     "type",     "kind",   "role",   "level",
                                                "priority",  "stage",     "severity", "gender", "result", "outcome",
                                                "frequency", "condition", "class",    "grade",  "size",   "method"};
  return std::ranges::find(kLists, last) != std::end(kLists) && has_list(tokens, captures);
}

}  // namespace

std::vector<Rule> value_rules() {
  return {
      {"S8",
       {"<X> have|has [a|an] <A> <P> $", "<A> [of|for] [a|an|the|each] <X> <P> $", "<A> <P> $"},
       closed_list,
       [](const Tokens& tokens, const Captures& captures) {
         Captures list = captures;
         list.ranges.emplace_back('V', captures.at('P'));
         return list_column(tokens, list);
       }},
      {"S8",
       {"[the] <A> of|for|in [a|an|the|each|every|all] <X> {is / are / {can|may|must|should|could [only] be}} [either|one] [one] "
        "[of|:] [the|:] [following] [values] [:] <V>",
        "<A> {is / are / : / {can|may|must|should|could [only] be}} [either|one] [one] [of|:] [the] [following] [values] [:] <V>",
        "<A> {has the / takes [the] / with [the]} [possible|allowed|following] values|options [of|:] <V>",
        "[possible|allowed|valid] values|options of|for <A> are [:] <V>", "<A> such as|like <V>"},
       closed_list,
       alternatives},
      {"S8", {"<A> : <V> $"}, closed_list, list_column},
      {"S9",
       {"<A> [of|for|in] [a|an|the|each|every] <X> must|should|has|have|is|are|can|may|cannot|cant|needs "
        "[not|never|only|always|to] [to] [be] [not|always] between|from|within [from] <n> [and|to|-|..|until] <m> "
        "[inclusive|characters|percent|%]",
        "<A> must|should|has|have|is|are|can|may|needs|goes|go|ranges|range [not|never|only|always|to] [to] [be] [not|always] "
        "between|from|within|of [from] <n> and|to|-|..|until|through <m> [inclusive|characters|percent|%|stars]",
        "<A> between|from <n> and|to|-|.. <m> [inclusive|characters]",
        "<A> [must|should] [be] =in [the] range [of|from|:] <n> [and|to|-|..] <m>"},
       check},
      {"S9",
       {"<A> [of|for|in] [a|an|the|each|every] <X> must|should|has|have|is|are|can|may|cannot|cant|needs|shall "
        "[not|never|only|always|to] [to] [be|exceed|have] [not|always] at-least|>|<|>=|<=|=|<>|!= <n> "
        "[characters|letters|chars|days|hours|minutes|percent|%] [long]",
        "<A> must|should|has|have|is|are|can|may|cannot|cant|needs|shall|will [not|never|only|always|to] [to] [be|exceed|have] "
        "[not|always] {at-least / at least / at most / > / < / >= / <= / = / <> / != / greater than / more than / less than / "
        "lower than / higher than / above / below / under / over / bigger than / larger than / fewer than / smaller than / no "
        "more than / no less than / up to / longer than / shorter than / maximum / a maximum of / a minimum of} [or equal] [to] "
        "<n> [characters|letters|chars|days|hours|minutes|percent|%] [long]",
        "<A> must|should|can|may|cannot|cant|shall|never|will|has [not|never|to] [never] exceed|have|be <n> "
        "[characters|letters|chars|percent|%|hours|digits|minutes] [long|only]",
        "<A> > <n>", "<A> >= <n>", "<A> < <n>", "<A> <= <n>", "<A> of <n> characters|letters|digits",
        "minimum|maximum|max <A> [is|of|:] <n>"},
       check},
      {"S9",
       {"<A> must|should|has|have|is|are|can|may|cannot|cant|needs|shall [not|never|only|always|to] [to] [be] "
        "[not|always|strictly] {before / after / later than / earlier than / greater than / less than / above / below / more "
        "than / > / < / >= / <= / smaller than / at least / at most} [the|its|their] <B> $",
        "<A> > <B> $", "<A> < <B> $", "<A> >= <B> $", "<A> <= <B> $"},
       check},
      {"S9",
       {"<A> [of|for|in] [a|an|the|each|every] <X> must|should|has|have|is|are|can|may|cannot|cant|needs|shall|will "
        "[not|never|only|always|to] [to] [be] [not|never|always] [a] [in] [the] "
        "future|past|positive|negative|non-negative|nonnegative|zero [number|value|numbers]",
        "<A> must|should|has|have|is|are|can|may|cannot|cant|needs|shall|will [not|never|only|always|to] [to] [be] "
        "[not|never|always] [a] [in] [the] future|past|positive|negative|non-negative|nonnegative|zero [number|value|numbers]",
        "<A> must|should|can|is|has|are [always] [to] [be] [a] lowercase|uppercase|whole [number]",
        "<A> [is|are|be] always positive|negative|non-negative", "no negative <A> $"},
       check},
  };
}

}  // namespace pga::request
