// Lists in sentences: attributes and entities ("a name, an email (unique) and several phones"), values, steps.
#include <algorithm>

#include "base/text.h"
#include "request/reading.h"

namespace pga::request {

namespace {

bool separates(const Token& token) {
  return token.text == "," || token.text == "and" || token.text == "or" || token.text == "&" || token.text == "plus" ||
         token.text == "/" || token.text == "+" || token.text == "|";
}

// "one or more", "0 or 1" hold together.
bool separates_at(const Tokens& tokens, size_t at, size_t begin, size_t end) {
  if (!separates(tokens[at])) return false;
  if (tokens[at].text != "or" && tokens[at].text != "and") return true;
  if (at <= begin || at + 1 >= end || !tokens[at - 1].has_number) return true;
  const auto& next = tokens[at + 1];
  return !(next.has_number || next.text == "more" || next.text == "many" || next.text == "several" || next.text == "only");
}

bool word_in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// "(unique)", "(optional)", "(draft, published)": properties, else a closed list.
void read_group(const Reading& reading, Range group, Attribute& attribute) {
  const auto words = reading.values(group);
  const bool properties = !words.empty() && std::ranges::all_of(words, [](const std::string& word) {
    return word_in(word, {"unique",  "optional", "required",  "mandatory", "integer",  "int",     "text", "string",
                          "boolean", "bool",     "date",      "number",    "decimal",  "numeric", "uuid", "bigint",
                          "jsonb",   "json",     "timestamp", "not_null",  "nullable", "personal"});
  });
  if (!properties) {
    if (words.size() > 1) attribute.values = words;
    return;
  }
  for (const auto& word : words) {
    if (word == "unique") {
      attribute.unique = true;
    } else if (word == "personal") {
      attribute.personal = true;
    } else if (word_in(word, {"optional", "nullable"})) {
      attribute.optional = true;
    } else if (word_in(word, {"required", "mandatory", "not_null"})) {
      attribute.optional = false;
    } else {
      attribute.type = word;
    }
  }
}

// "first and last name" is two names.
bool shares_last_word(const std::string& first, const std::string& second) {
  const auto underscore = second.find('_');
  if (underscore == std::string::npos) return false;
  const auto lead = std::string_view(second).substr(0, underscore);
  static constexpr std::string_view kPairs[] = {
      "first",   "last",    "middle",  "start", "end", "begin", "shipping", "billing", "given", "family", "created",
      "updated", "minimum", "maximum", "min",   "max", "home",  "work",     "birth",   "death", "old",    "new"};
  const auto in = [&](std::string_view word) { return std::ranges::find(kPairs, word) != std::end(kPairs); };
  return in(first) && in(lead) && first != lead;
}

}  // namespace

Item Reading::item(Range range) {
  Item result;
  size_t end = range.end;
  for (size_t at = range.begin; at < range.end; ++at) {
    if (tokens_[at].text != "(") continue;
    read_group(*this, {at + 1, range.end - 1}, result.attribute);
    end = at;
    break;
  }
  if (end >= range.begin + 3 && tokens_[end - 2].text == ":") {
    result.attribute.type = tokens_[end - 1].text;
    end -= 2;
  }
  size_t begin = range.begin;
  for (; begin < end; ++begin) {
    const auto& word = tokens_[begin].text;
    if (word_in(word, {"optional", "optionally"})) {
      result.attribute.optional = true;
    } else if (word == "unique") {
      result.attribute.unique = true;
    } else if (word_in(word, {"required", "mandatory", "obligatory"}) && begin + 1 < end) {
      result.attribute.optional = false;
    } else if (!tokens_[begin].is(WordClass::filler) &&
               !(tokens_[begin].is(WordClass::det) && !tokens_[begin].is(WordClass::quant) && begin + 1 < end &&
                 word_in(tokens_[begin + 1].text, {"optional", "unique", "required", "mandatory"}))) {
      break;
    }
  }
  // "area in hectares", "price per night": the name ends before; "valid from", "date of birth" go on.
  for (size_t at = begin + 1; at + 1 < end; ++at) {
    if (word_in(tokens_[at].text, {"in", "per", "for", "to", "from", "by", "on", "at", "until"})) {
      end = at;
      break;
    }
  }
  result.noun = attribute({begin, end});
  result.noun.range = {begin, end};
  result.attribute.name = result.noun.name;
  result.attribute.span = span_of(tokens_, range);
  if (result.attribute.type == "references" || result.attribute.type == "belongs_to") {
    result.attribute.references = entity_name(result.noun.name);
    result.attribute.type.clear();
  }
  return result;
}

std::vector<Item> Reading::items(Range range, const std::string& owner) {
  std::vector<Item> result;
  const bool open = open_list(range);
  for (size_t at = range.begin; at < range.end;) {
    while (at < range.end && separates(tokens_[at])) ++at;
    size_t end = at;
    int depth = 0;
    while (end < range.end && (depth > 0 || !separates_at(tokens_, end, at, range.end))) {
      if (tokens_[end].text == "(") ++depth;
      if (tokens_[end].text == ")") --depth;
      ++end;
    }
    if (end > at && !has({at, end}, {"etc", "..."})) {
      auto one = item({at, end});
      one.open = open;
      if (!one.attribute.name.empty()) result.push_back(std::move(one));
    }
    at = std::max(end, at + 1);
  }
  for (size_t at = 0; at + 1 < result.size(); ++at) {
    const auto& next = result[at + 1].attribute.name;
    if (!shares_last_word(result[at].attribute.name, next)) continue;
    result[at].attribute.name += next.substr(next.find('_'));
    result[at].noun.name = result[at].attribute.name;
  }
  for (auto& one : result) {
    one.entity = one.attribute.type.empty() && one.attribute.values.empty() && entity_like(one.noun) &&
                 entity_name(one.noun.name) != entity_name(owner);
    if (one.entity)
      one.noun = [&] {
        auto noun = entity(one.noun.range);
        noun.range = one.noun.range;
        return noun;
      }();
  }
  if (!result.empty()) last_attribute_ = result.back().attribute.name;
  return result;
}

std::vector<std::string> Reading::values(Range range) const {
  std::vector<std::string> result;
  for (size_t at = range.begin; at < range.end;) {
    while (at < range.end && (separates(tokens_[at]) || tokens_[at].text == "(" || tokens_[at].text == ")" ||
                              tokens_[at].text == "either" || tokens_[at].text == "->" || tokens_[at].text == ">"))
      ++at;
    size_t end = at;
    while (end < range.end && !separates(tokens_[end]) && tokens_[end].text != ")" && tokens_[end].text != "->" &&
           tokens_[end].text != ">")
      ++end;
    if (end > at && !has({at, end}, {"etc", "..."})) {
      auto value = tokens_[at].kind == Token::Kind::quoted && end == at + 1 ? tokens_[at].text : snake({at, end});
      if (!value.empty()) result.push_back(std::move(value));
    }
    at = std::max(end, at + 1);
  }
  return result;
}

// "pending to paid to shipped", "new -> open -> closed", "draft > published, then archived", "open to approved or rejected and
// then closed": each of a step goes to each of the next.
std::vector<std::pair<std::string, std::string>> Reading::steps(Range range) const {
  std::vector<std::vector<std::string>> stages{{}};
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) stages.back().push_back(word);
    word.clear();
  };
  for (size_t at = range.begin; at < range.end; ++at) {
    const auto& token = tokens_[at];
    const bool arrow = word_in(token.text, {"->", ">", "to", "then", "from"});
    if (arrow || token.text == "," || token.text == "and") {
      end_word();
      if (!stages.back().empty()) stages.emplace_back();
    } else if (token.text == "or" || token.text == "/") {
      end_word();
    } else if (!token.is(WordClass::filler) && (!token.is(WordClass::det) || token.text == "new") &&
               token.kind != Token::Kind::punctuation) {
      word += (word.empty() ? "" : "_") + snake_case(token.text);
    }
  }
  end_word();
  std::vector<std::pair<std::string, std::string>> result;
  for (size_t at = 1; at < stages.size(); ++at) {
    for (const auto& from : stages[at - 1]) {
      for (const auto& to : stages[at]) result.emplace_back(from, to);
    }
  }
  return result;
}

}  // namespace pga::request
