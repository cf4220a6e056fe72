#include "request/reading.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace pga::request {

std::string snake_case(std::string_view words) {
  std::string name;
  for (const char c : words) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      name += c;
    } else if (c >= 'A' && c <= 'Z') {
      name += static_cast<char>(c - 'A' + 'a');
    } else if (!name.empty() && name.back() != '_' && (c == ' ' || c == '-' || c == '.' || c == '/')) {
      name += '_';
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name;
}

std::string entity_name(std::string_view words) {
  const auto name = snake_case(words);
  const auto underscore = name.rfind('_');
  if (underscore == std::string::npos) return Words::get().singular(name);
  return name.substr(0, underscore + 1) + Words::get().singular(std::string_view(name).substr(underscore + 1));
}

Side side_of(const Noun& noun) {
  if (noun.side != Side::unknown) return noun.side;
  return noun.plural ? Side::many : Side::one;
}

std::string Reading::words(Range range) const {
  const auto span = span_of(tokens_, range);
  std::string text(text_.substr(span.begin, span.end - span.begin));
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  while (text.find("  ") != std::string::npos) text = replace_all(text, "  ", " ");
  return text;
}

std::string Reading::snake(Range range) const {
  std::string name;
  for (size_t at = range.begin; at < range.end; ++at) {
    const auto& token = tokens_[at];
    if (token.kind == Token::Kind::punctuation || (range.size() > 1 && token.is(WordClass::filler))) continue;
    if (range.size() > 1 && (token.text == "the" || token.text == "a" || token.text == "an")) continue;
    name += (name.empty() ? "" : "_") + snake_case(token.text);
  }
  return name;
}

bool Reading::has(Range range, std::initializer_list<std::string_view> wanted) const {
  for (size_t at = range.begin; at < range.end; ++at) {
    for (const auto& word : wanted) {
      const WordId id = Words::get().id(word);
      if (tokens_[at].text == word || (id != 0 && std::ranges::find(tokens_[at].forms, id) != tokens_[at].forms.end()))
        return true;
    }
  }
  return false;
}

bool Reading::open_list(Range range) const {
  return has(range, {"etc", "..."});
}

// What the words before a noun say: "one or more" at_least_one, "at most 3" many with high 3, "a single" one …
void Reading::quantify(Noun& noun, Range range) const {
  size_t at = range.begin;
  while (at < range.end) {
    const size_t end = quantifier_end(tokens_, at, range.end);
    const std::string_view word = tokens_[at].text;
    if (end == at) {
      noun.each = noun.each || word == "each" || word == "every";
      noun.determined = noun.determined || word == "the" || word == "this" || word == "that";
      if (word == "a" || word == "an" || word == "another") noun.side = Side::one;
      ++at;
      continue;
    }
    std::optional<double> first, second;
    for (size_t here = at; here < end; ++here) {
      if (!tokens_[here].has_number) continue;
      if (!first) {
        first = tokens_[here].number;
      } else {
        second = tokens_[here].number;
      }
    }
    const Range quantifier{at, end};
    const auto number = first ? static_cast<std::int64_t>(*first) : 0;
    if (word == "at-least" || (word == "at" && has(quantifier, {"least"}))) {
      noun.side = Side::at_least_one;
      if (number > 1) noun.low = number;
    } else if (word == "at" || word == "up" || word == "no") {
      noun.side = number <= 1 ? Side::at_most_one : Side::many;
      if (number > 1) noun.high = number;
    } else if (has(quantifier, {"more", "many", "several"}) && first) {
      noun.side = number >= 1 && has(quantifier, {"or", "to"}) ? (number == 0 ? Side::many : Side::at_least_one) : Side::many;
    } else if (first && second) {
      noun.side = *first < 1 && *second <= 1 ? Side::at_most_one : *first >= 1 ? Side::at_least_one : Side::many;
      if (*second > 1) noun.high = static_cast<std::int64_t>(*second);
      if (*second <= 1 && *first >= 1) noun.side = Side::one;
    } else if (first) {
      noun.side = number == 1 ? Side::one : Side::many;
      if (number > 1) noun.low = noun.high = number;
    } else if (word == "exactly" || word == "single" || word == "only" || has(quantifier, {"single", "one"})) {
      noun.side = Side::one;
    } else {
      noun.side = Side::many;
    }
    at = end;
  }
}

Noun Reading::noun(Range range) const {
  Scanner scanner(tokens_, range);
  Noun result;
  result.range = range;
  const size_t first = scanner.determiners_end(range.begin);
  quantify(result, {range.begin, first});
  size_t end = range.end;
  // "comments table", "user records": the thing itself.
  while (end > first + 1 && has({end - 1, end}, {"table", "entity", "record", "relation"}) && !tokens_[end - 1].possessive &&
         tokens_[end - 2].kind != Token::Kind::punctuation &&
         !(has({end - 1, end}, {"record"}) && has({end - 2, end - 1}, {"medical", "health"})))
    --end;
  size_t begin = first;
  for (size_t at = first; at < end; ++at) {
    if (tokens_[at].possessive && at + 1 < end) {
      result.owner = entity_name(snake({begin, at + 1}));
      begin = at + 1;
    }
  }
  if (begin < end && tokens_[begin].is_word() && begin + 1 == end) {
    const auto dot = tokens_[begin].text.find('.');
    if (dot != std::string::npos) {
      result.owner = entity_name(tokens_[begin].text.substr(0, dot));
      result.name = tokens_[begin].text.substr(dot + 1);
      result.said = result.name;
      return result;
    }
  }
  result.name = snake({begin, end});
  result.said = words({begin, end});
  if (begin < end)
    result.plural = Words::get().singular(tokens_[end - 1].text) != tokens_[end - 1].text && !tokens_[end - 1].possessive;
  return result;
}

// "cancelled events" where events are known: the state is apart from the thing.
bool Reading::state_before(Range& range, std::string& state) const {
  Scanner scanner(tokens_, range);
  const size_t first = scanner.determiners_end(range.begin);
  if (first + 1 >= range.end) return false;
  const auto& word = tokens_[first];
  static constexpr std::string_view kStates[] = {"open", "active", "inactive", "old",      "raw",  "overdue",
                                                 "due",  "draft",  "pending",  "upcoming", "past", "current"};
  const bool participle = word.forms[2] != 0 && (word.text.ends_with("ed") || word.text.ends_with("en") || word.text == "paid" ||
                                                 word.text == "held" || word.text == "sold");
  if (!participle && std::ranges::find(kStates, word.text) == std::end(kStates)) return false;
  const auto rest = noun({first + 1, range.end});
  if (tables_.find(rest.name) == nullptr && !subjects_.contains(entity_name(rest.name))) return false;
  state = snake_case(word.text);
  range.begin = first + 1;
  return true;
}

Noun Reading::entity(Range range) {
  if (range.empty()) {
    Noun left_out;
    left_out.name = subject_;
    left_out.pronoun = true;
    return left_out;
  }
  const auto& first = tokens_[range.begin];
  const bool pronoun = range.size() == 1 && (first.is(WordClass::pron) || first.is(WordClass::det));
  if (pronoun) {
    Noun result;
    result.pronoun = true;
    result.range = range;
    result.said = first.text;
    result.name = (first.text == "that" || first.text == "which" || first.text == "who") ? nearest() : subject_;
    return result;
  }
  Noun result = noun(range);
  const auto* table = tables_.find(result.name);
  if (table == nullptr && !subject_declared(entity_name(result.name)) && state_before(range, result.state)) {
    auto state = std::move(result.state);
    result = noun(range);
    result.state = std::move(state);
    table = tables_.find(result.name);
  }
  if (table == nullptr && !result.owner.empty()) table = tables_.find(result.owner + "." + result.name);
  if (table != nullptr) {
    result.known = true;
    result.name = table->name;
  } else {
    result.name = entity_name(result.name);
  }
  nearest_ = result.name;
  return result;
}

Noun Reading::attribute(Range range) const {
  Noun result = noun(range);
  if (range.size() == 1 && tokens_[range.begin].is(WordClass::pron)) result.pronoun = true;
  // "status of an order": the order's status. "date of birth", "number of rooms" are names.
  for (size_t at = range.begin + 1; at + 1 < range.end; ++at) {
    if (tokens_[at].text != "of") continue;
    const Noun owner = noun({at + 1, range.end});
    const auto* table = tables_.find(owner.name);
    if (table != nullptr || subjects_.contains(entity_name(owner.name))) {
      if (owner.plural && has({range.begin, at}, {"number", "count", "sum"})) break;
      result = noun({range.begin, at});
      result.owner = table != nullptr ? table->name : entity_name(owner.name);
      return result;
    }
  }
  const auto synonym = Words::get().attribute_synonym(result.name);
  if (!synonym.empty()) result.name = synonym;
  if (!result.owner.empty()) {
    const auto* table = tables_.find(result.owner);
    if (table != nullptr) result.owner = table->name;
  }
  return result;
}

std::string Reading::owner_of(const Noun& attribute) {
  if (!attribute.owner.empty()) {
    subject_ = attribute.owner;
    return attribute.owner;
  }
  if (!subject_.empty()) return subject_;
  const KnownTable* only = nullptr;
  for (const auto& table : tables_.vocabulary().tables) {
    if (std::ranges::find(table.columns, attribute.name) == table.columns.end()) continue;
    if (only != nullptr) return "";
    only = &table;
  }
  return only == nullptr ? "" : only->name;
}

bool Reading::entity_like(const Noun& noun) const {
  const auto name = entity_name(noun.name);
  if (tables_.find(name) != nullptr || subjects_.contains(name)) return true;
  const auto underscore = noun.name.rfind('_');
  const auto last =
      Words::get().singular(std::string_view(noun.name).substr(underscore == std::string::npos ? 0 : underscore + 1));
  const auto classes = Words::get().classes(last);
  if (noun.plural && (noun.side == Side::many || noun.side == Side::at_least_one) && !noun.low) return true;  // "several phones"
  if ((classes & bit(WordClass::attribute)) != 0)
    return noun.plural && noun.side != Side::one && (classes & bit(WordClass::noun)) != 0 &&
           noun.name.find('_') == std::string::npos;
  if (mentioned_.contains(name)) return true;
  return (classes & bit(WordClass::noun)) != 0 && (noun.plural || noun.side == Side::many || noun.side == Side::at_least_one);
}

std::optional<double> Reading::number(Range range) const {
  std::optional<double> result;
  for (size_t at = range.begin; at < range.end; ++at) {
    const auto& token = tokens_[at];
    if (token.text == "a" && range.size() > 1) result = 1;
    if (!token.has_number) continue;
    const bool multiplier = result && token.is_word() && token.number >= 100;
    result = multiplier ? *result * token.number : token.number;
  }
  if (range.size() > 1 && (tokens_[range.end - 1].text == "k" || tokens_[range.end - 1].text == "m") && result) {
    *result *= tokens_[range.end - 1].text == "k" ? 1e3 : 1e6;
  }
  return result;
}

std::optional<double> Reading::days(Range range) const {
  if (range.empty()) return std::nullopt;
  auto count = number({range.begin, range.end - 1});
  if (!count) count = tokens_[range.begin].text == "half" ? 0.5 : 1;
  const auto unit = Words::get().singular(tokens_[range.end - 1].text);
  static const std::map<std::string, double, std::less<>> kDays = {{"second", 1.0 / 86400},
                                                                   {"sec", 1.0 / 86400},
                                                                   {"minute", 1.0 / 1440},
                                                                   {"min", 1.0 / 1440},
                                                                   {"hour", 1.0 / 24},
                                                                   {"hr", 1.0 / 24},
                                                                   {"day", 1},
                                                                   {"week", 7},
                                                                   {"quarter", 91.25},
                                                                   {"year", 365}};
  // Twelve months are a year; less are 30 days each.
  if (unit == "month") return std::fmod(*count, 12) == 0 ? *count / 12 * 365 : *count * 30 + std::floor(*count / 12) * 5;
  const auto known = kDays.find(unit);
  if (known == kDays.end()) return std::nullopt;
  return *count * known->second;
}

Statement& Reading::add(Meaning meaning) {
  Statement statement;
  statement.meaning = meaning;
  statement.shape = std::string(shape_);
  statement.span = span_of(tokens_, range_);
  out_.statements.push_back(std::move(statement));
  return out_.statements.back();
}

Statement& Reading::add(Meaning meaning, const Noun& subject) {
  if (!subject.name.empty()) subject_ = subject.name;
  auto& statement = add(meaning);
  statement.subject = subject.name;
  return statement;
}

Statement* Reading::last() {
  return out_.statements.size() > clause_first_ ? &out_.statements.back() : nullptr;
}

std::vector<Statement*> Reading::since(size_t before) {
  std::vector<Statement*> result;
  for (size_t at = before; at < out_.statements.size(); ++at) result.push_back(&out_.statements[at]);
  return result;
}

void Reading::ask(Decision decision) {
  decision.span = span_of(tokens_, range_);
  const auto same = std::ranges::find(out_.decisions, decision.id, &Decision::id);
  if (same == out_.decisions.end()) out_.decisions.push_back(std::move(decision));
}

void Reading::assume(std::string rule, std::string text, std::string override_with) {
  Assumption assumption{std::move(rule), std::move(text), std::move(override_with), span_of(tokens_, range_)};
  const bool again = std::ranges::any_of(
      out_.assumptions, [&](const Assumption& other) { return other.rule == assumption.rule && other.text == assumption.text; });
  if (!again) out_.assumptions.push_back(std::move(assumption));
}

void Reading::ask_side(const Statement& relation) {
  const auto& words = Words::get();
  const auto one = relation.subject, other = relation.object;
  Decision decision;
  decision.id = replace_all(entity_name(one) + "-" + entity_name(other) + "-cardinality", "_", "-");
  decision.question = "Can one " + entity_name(other) + " have several " + words.plural(entity_name(one)) + "?";
  decision.options = {
      {"many-to-many",
       "yes: each " + entity_name(one) + " has many " + words.plural(entity_name(other)) + " and the other way round",
       "A junction table with one row for each pair; one more join in each query; no change needed later."},
      {"one-to-many", "no: each " + entity_name(other) + " belongs to one " + entity_name(one),
       "A foreign key on " + entity_name(other) +
           "; smaller and faster; making it many-to-many later means a new table and a data migration."}};
  decision.recommended = 0;
  decision.reason = "The sentence names both sides in the plural, and a junction table never has to be undone.";
  decision.weight = 3;
  ask(std::move(decision));
}

}  // namespace pga::request
