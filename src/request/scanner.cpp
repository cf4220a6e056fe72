// Noun phrases, lists, numbers and periods in a clause.
#include <algorithm>

#include "request/phrase.h"

namespace pga::request {

namespace {

constexpr size_t kMaxNounWords = 4, kMaxItemWords = 7, kMaxItems = 60;

constexpr std::uint64_t kNever = bit(WordClass::modal) | bit(WordClass::be) | bit(WordClass::conj) | bit(WordClass::pron) |
                                 bit(WordClass::neg) | bit(WordClass::wh) | bit(WordClass::prep) | bit(WordClass::quant);
constexpr std::uint64_t kNominal = bit(WordClass::noun) | bit(WordClass::attribute) | bit(WordClass::common);
constexpr std::uint64_t kVerbal = bit(WordClass::verb) | bit(WordClass::have) | bit(WordClass::include) | bit(WordClass::record) |
                                  bit(WordClass::create) | bit(WordClass::link) | bit(WordClass::drop) | bit(WordClass::list);

bool ends_with_any(const std::string& text, std::initializer_list<std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return text.ends_with(suffix); });
}

bool only_verb(const Token& token) {
  return (token.classes & kVerbal) != 0 && (token.classes & kNominal) == 0;
}

bool is(const Token& token, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, token.text) != words.end();
}

bool participle(const Token& token) {
  return only_verb(token) && token.forms[2] != 0 && !ends_with_any(token.text, {"s"}) && !is(token, {"had", "having"});
}

// A plural ends its noun phrase: "users book rooms" is not one thing. Not so "sales order", "goods receipt".
bool plural_noun(const Token& token) {
  if (is(token, {"sales", "goods", "sports", "customs", "savings", "claims", "news", "series", "species", "data", "staff",
                 "equipment", "gps", "sms", "opening", "points"}))
    return false;
  return Words::get().singular(token.text) != token.text;
}

}  // namespace

size_t quantifier_end(const Tokens& tokens, size_t at, size_t end) {
  const auto text = [&](size_t offset) -> std::string_view {
    return at + offset < end ? std::string_view(tokens[at + offset].text) : std::string_view();
  };
  const auto number = [&](size_t offset) { return at + offset < end && tokens[at + offset].has_number; };
  if (text(0) == "at-least" && number(1)) return at + 2;
  if (text(0) == "at" && (text(1) == "least" || text(1) == "most") && number(2)) return at + 3;
  if (text(0) == "no" && text(1) == "more" && text(2) == "than" && number(3)) return at + 4;
  if (text(0) == "up" && text(1) == "to" && number(2)) return at + 3;
  if (text(0) == "exactly" && number(1)) return at + 2;
  if (text(0) == "only" && text(1) == "one") return at + 2;
  if (number(0) && (text(1) == "or" || text(1) == "to") &&
      (text(2) == "more" || text(2) == "many" || text(2) == "several" || number(2)))
    return at + 3;
  if (number(0) && text(1) == "and" && text(2) == "only" && text(3) == "one") return at + 4;
  if (text(0) == "any" && text(1) == "number" && text(2) == "of") return at + 3;
  if (text(0) == "a" && (text(1) == "lot" || text(1) == "list" || text(1) == "set" || text(1) == "couple") && text(2) == "of")
    return at + 3;
  if (text(0) == "a" && text(1) == "single") return at + 2;
  if (text(0) == "a" && text(1) == "few") return at + 2;
  if ((text(0) == "lots" || text(0) == "plenty") && text(1) == "of") return at + 2;
  if (text(0) == "single") return at + 1;
  if (at < end && tokens[at].is(WordClass::quant)) return at + 1;
  if (number(0) && at + 1 < end) return at + 1;
  return at;
}

size_t Scanner::determiners_end(size_t at) const {
  while (at < clause_.end) {
    const size_t quantified = quantifier_end(tokens_, at, clause_.end);
    if (quantified > at) {
      at = quantified;
    } else if (tokens_[at].is(WordClass::det) || tokens_[at].is(WordClass::filler)) {
      if (tokens_[at].is(WordClass::noun)) break;
      ++at;
    } else if (is(tokens_[at], {"of"}) && at > 0 && is(tokens_[at - 1], {"all", "each", "some", "one", "many", "several"})) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

bool Scanner::noun_word(size_t at) const {
  if (at >= clause_.end) return false;
  const auto& token = tokens_[at];
  if (token.kind == Token::Kind::quoted) return true;
  const bool more = at + 1 < clause_.end;
  // "salary changes over time", "status defaults to open": what is said of it, not part of its name.
  if (at > clause_.begin && more && is(token, {"defaults", "changes", "varies"}) &&
      is(tokens_[at + 1], {"to", "over", "from", "with", "between"}))
    return false;
  const bool nominal_follows =
      more && tokens_[at + 1].is_word() && (tokens_[at + 1].is(WordClass::noun) || tokens_[at + 1].is(WordClass::attribute));
  const bool after_article = at > clause_.begin && is(tokens_[at - 1], {"a", "an", "the"});
  // "a make", "a hire date", "an hourly wage": a verb or a time after an article is part of a name.
  if (after_article && token.is_word() && only_verb(token) && !token.is(WordClass::be) && !token.is(WordClass::have) &&
      (nominal_follows || (more && is(tokens_[at + 1], {",", "and", "or"}))))
    return true;
  if (token.is_word() && is(token, {"hourly", "daily", "weekly", "monthly", "yearly"}) && nominal_follows) return true;
  if (!token.is_word() || (token.has_number && !token.is(WordClass::noun))) return false;
  if ((token.classes & kNever) != 0 && (token.classes & (bit(WordClass::noun) | bit(WordClass::attribute))) == 0) return false;
  if (token.is(WordClass::det) && (token.classes & bit(WordClass::noun)) == 0) return false;
  if (only_verb(token)) return participle(token);
  return true;
}

const std::vector<size_t>& Scanner::noun_ends(size_t at) {
  auto& memory = memory_[at - clause_.begin];
  if (memory) return *memory;
  memory.emplace();
  const size_t first = determiners_end(at);
  size_t end = first;
  while (end < clause_.end && end - first < kMaxNounWords && noun_word(end)) {
    const auto& token = tokens_[end];
    ++end;
    if (!participle(token) || token.text.ends_with("ing")) memory->push_back(end);
    if (plural_noun(token) && !token.possessive && !(end < clause_.end && is(tokens_[end], {"table", "tables"}))) break;
  }
  std::ranges::reverse(*memory);
  const bool pronoun =
      at < clause_.end && (tokens_[at].is(WordClass::pron) || is(tokens_[at], {"that", "this", "these", "those", "each"}));
  if (pronoun &&
      !is(tokens_[at], {"i", "we", "you", "me", "us", "there", "none", "nobody", "everyone", "anyone", "what", "mine"}))
    memory->push_back(at + 1);
  return *memory;
}

std::vector<size_t> Scanner::attribute_ends(size_t at) {
  std::vector<size_t> ends;
  for (const size_t end : noun_ends(at)) {
    if (end < clause_.end && is(tokens_[end], {"of"}) && end > determiners_end(at)) {
      for (const size_t longer : noun_ends(std::min(end + 1, clause_.end - 1))) {
        if (longer > end + 1) ends.push_back(longer);
      }
    }
    if (end < clause_.end && is(tokens_[end], {"at", "on", "from", "until", "by"}) && end - at < 4) ends.push_back(end + 1);
    ends.push_back(end);
  }
  std::ranges::sort(ends, std::greater{});
  ends.erase(std::ranges::unique(ends).begin(), ends.end());
  return ends;
}

// One item of a list: "a date of birth", "several phones (mobile, work)", "body:text", "price per night".
size_t Scanner::item_end(size_t at) const {
  const size_t first = determiners_end(at);
  size_t end = first;
  while (end < clause_.end && end - first < kMaxItemWords) {
    const auto& token = tokens_[end];
    if (is(token, {"in"}) && end + 1 < clause_.end &&
        (tokens_[end + 1].has_number || is(tokens_[end + 1], {"less", "under", "total"})))
      break;  // "by email in less than 50 ms"
    if (end > first && is(token, {"from"}) && end + 1 < clause_.end && tokens_[end + 1].is(WordClass::noun) &&
        plural_noun(tokens_[end + 1]))
      break;  // "city from customers"
    const bool joins = end > first && (is(token, {"of", "at", "on", "from", "until", "by", "per", "in", "to", "for"}) ||
                                       (is(token, {"the", "a", "an"}) && tokens_[end - 1].is(WordClass::prep)));
    if (joins) {
      // "of", "at" …: part of a name when the name goes on, or ends with it ("charged at").
    } else if (!noun_word(end)) {
      break;
    }
    ++end;
    if (end > first + 1 && tokens_[end - 1].possessive) continue;
  }
  while (end > first && (is(tokens_[end - 1], {"the", "a", "an", "of", "per", "in", "to", "for"}))) --end;
  if (end > first && participle(tokens_[end - 1]) && end - first == 1 && !tokens_[first].text.ends_with("ed") &&
      !tokens_[first].text.ends_with("ing"))
    return at;
  if (end == first) return at;
  // :type and the sign of an optional item
  if (end + 1 < clause_.end && tokens_[end].text == ":" && tokens_[end + 1].is_word() &&
      tokens_[end].span.begin == tokens_[end - 1].span.end)
    end += 2;
  if (end < clause_.end && tokens_[end].text == "(") {
    size_t close = end;
    while (close < clause_.end && tokens_[close].text != ")") ++close;
    if (close < clause_.end) end = close + 1;
  }
  return end;
}

// Is there a verb at `at`, so that what stands before it is its subject?
bool Scanner::begins_predicate(size_t at) const {
  if (at >= clause_.end) return false;
  const auto& token = tokens_[at];
  if ((token.classes & (bit(WordClass::modal) | bit(WordClass::be) | bit(WordClass::have))) != 0) return true;
  return only_verb(token) && !participle(token);
}

const std::vector<size_t>& Scanner::list_ends(size_t at) {
  auto& memory = list_memory_[at - clause_.begin];
  if (memory) return *memory;
  memory.emplace();
  while (at < clause_.end && memory->size() < kMaxItems) {
    const size_t end = item_end(at);
    if (end == at) break;
    if (!memory->empty() && is(tokens_[at], {"each", "every"})) break;  // the next clause begins with it
    if (is(tokens_[at],
           {"newest", "latest", "oldest", "earliest", "soonest", "cheapest", "dearest", "alphabetically", "sorted", "ordered"}))
      break;
    if (!memory->empty() && begins_predicate(end)) {  // rather the subject of what follows: tried last
      memory->insert(memory->begin(), end);
      break;
    }
    memory->push_back(end);
    size_t next = end;
    while (next < clause_.end && next - end < 3 &&
           (is(tokens_[next], {",", "and", "or", "&", "plus", "/", "+"}) || tokens_[next].is(WordClass::filler)))
      ++next;
    if (next < clause_.end && is(tokens_[next], {"etc", "..."})) {
      memory->push_back(next + 1);
      break;
    }
    if (next == end) break;
    at = next;
  }
  std::ranges::reverse(*memory);
  return *memory;
}

std::vector<size_t> Scanner::value_ends(size_t at) const {
  std::vector<size_t> ends;
  size_t end = at;
  while (end < clause_.end && end - at < 120) {
    const auto& token = tokens_[end];
    const bool separator = is(token, {",", "or", "and", "/", "|", "->", ">", "then", "to"}) || token.is(WordClass::filler);
    if (!separator) {
      const bool word =
          token.is_word() || token.kind == Token::Kind::number || token.kind == Token::Kind::quoted || token.text == "-";
      if (!word || ((token.classes & (bit(WordClass::modal) | bit(WordClass::be) | bit(WordClass::have))) != 0 && end > at) ||
          is(token, {"if", "when", "but", "because", "unless"}))
        break;
      ends.push_back(end + 1);
    }
    ++end;
  }
  if (end < clause_.end && is(tokens_[end], {"..."}) && !ends.empty()) ends.push_back(end + 1);
  std::ranges::reverse(ends);
  return ends;
}

std::vector<size_t> Scanner::verb_ends(size_t at) const {
  std::vector<size_t> ends;
  if (at >= clause_.end || !tokens_[at].is_word()) return ends;
  const auto& token = tokens_[at];
  const bool unknown_verb =
      token.forms[0] == 0 && token.forms[1] == 0 && ends_with_any(token.text, {"s", "ed", "ise", "ize", "ate"});
  if ((token.classes & kVerbal) == 0 && !unknown_verb) return ends;
  size_t end = at + 1;
  ends.push_back(end);
  while (end < clause_.end && end - at < 4 &&
         (is(tokens_[end], {"up", "out", "off", "down", "back", "over"}) ||
          (tokens_[end].is(WordClass::prep) && !is(tokens_[end], {"of", "per"}))))
    ends.push_back(++end);
  std::ranges::reverse(ends);
  return ends;
}

size_t Scanner::number_end(size_t at) const {
  if (at < clause_.end && is(tokens_[at], {"a"}) && at + 1 < clause_.end &&
      is(tokens_[at + 1], {"million", "thousand", "hundred", "billion", "dozen"}))
    return at + 2;
  if (at >= clause_.end || !tokens_[at].has_number) return at;
  size_t end = at + 1;
  while (end < clause_.end && is(tokens_[end], {"million", "thousand", "hundred", "billion", "%", "k", "percent", "m"})) ++end;
  return end;
}

size_t Scanner::period_end(size_t at) const {
  size_t end = number_end(at);
  if (end == at && at < clause_.end && is(tokens_[at], {"a", "an", "one", "each", "every", "half"})) end = at + 1;
  if (end == at) return at;
  if (end < clause_.end && tokens_[end].text == "-") ++end;
  if (end < clause_.end && tokens_[end].is_word() && tokens_[end].is(WordClass::time) &&
      !is(tokens_[end], {"daily", "weekly", "monthly", "yearly", "hourly"}))
    return end + 1;
  return at;
}

size_t Scanner::pattern_end(size_t at) const {
  const auto& words = Words::get();
  size_t best = at;
  std::string key;
  for (size_t end = at; end < clause_.end && end - at < 5 && tokens_[end].is_word(); ++end) {
    key += (key.empty() ? "" : " ") + words.singular(tokens_[end].text);
    if (words.pattern_by_synonym(key) >= 0) best = end + 1;
  }
  return best;
}

}  // namespace pga::request
