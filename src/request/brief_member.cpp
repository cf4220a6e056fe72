#include "request/brief_member.h"

#include <algorithm>

#include "base/text.h"
#include "request/reading.h"
#include "request/repair.h"

namespace pga::request {

namespace {

// Cuts the text into words; comparison signs, commas, ? and ! are words of their own.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t') {
      ++at;
      continue;
    }
    size_t end = at + 1;
    if (c == '>' || c == '<' || c == '=' || c == '!') {
      if (end < text.size() && (text[end] == '=' || text[end] == '>')) ++end;
    } else if (c != ',' && c != '?' && c != '(' && c != ')') {
      while (end < text.size() && std::string_view(" \t,?><=!()").find(text[end]) == std::string_view::npos) ++end;
    }
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool comparison(std::string_view word) {
  return word == ">" || word == "<" || word == ">=" || word == "<=" || word == "<>";
}

bool name_like(std::string_view word) {
  return !word.empty() && ((word[0] >= 'a' && word[0] <= 'z') || (word[0] >= 'A' && word[0] <= 'Z') || word[0] == '_' ||
                           static_cast<unsigned char>(word[0]) >= 0x80);
}

std::string joined(const std::vector<std::string_view>& words, size_t begin, size_t end) {
  std::string text;
  for (size_t at = begin; at < end; ++at) text += (text.empty() || words[at] == "," ? "" : " ") + std::string(words[at]);
  return text;
}

class Member {
 public:
  Member(std::string_view text, const std::string& subject, std::vector<Statement>& into)
      : words_(words_of(text)), subject_(subject), into_(into) {}
  std::string run();

 private:
  std::string modifiers(Attribute& attribute);
  Statement& add(Meaning meaning) {
    Statement statement;
    statement.meaning = meaning;
    statement.subject = subject_;
    into_.push_back(std::move(statement));
    return into_.back();
  }
  void unique(const std::string& name, Attribute& attribute);
  std::string_view word(size_t offset = 0) const {
    return at_ + offset < words_.size() ? words_[at_ + offset] : std::string_view();
  }
  std::vector<std::string_view> words_;
  const std::string& subject_;
  std::vector<Statement>& into_;
  size_t at_ = 0;
};

// "unique", "unique per company, case insensitive, when given"
void Member::unique(const std::string& name, Attribute& attribute) {
  ++at_;
  Statement statement;
  statement.meaning = Meaning::unique;
  statement.subject = subject_;
  statement.names = {name};
  bool more = false;
  while (at_ < words_.size()) {
    if (word() == ",") {
      ++at_;
    } else if (word() == "per" && name_like(word(1))) {
      statement.scope = entity_name(word(1)), at_ += 2, more = true;
    } else if (word() == "case" && word(1) == "insensitive") {
      statement.options["case_insensitive"] = "yes", at_ += 2, more = true;
    } else if (word() == "when" && word(1) == "given") {
      statement.options["when_given"] = "yes", at_ += 2, more = true;
    } else {
      break;
    }
  }
  if (more) {
    into_.push_back(std::move(statement));
  } else {
    attribute.unique = true;
  }
}

std::string Member::modifiers(Attribute& one) {
  static constexpr std::string_view kTypes[] = {"text", "integer",  "bigint",      "smallint", "numeric", "boolean",
                                                "date", "time",     "timestamptz", "uuid",     "jsonb",   "bytea",
                                                "inet", "interval", "double",      "char",     "money"};
  while (at_ < words_.size()) {
    const auto now = word();
    if (now == "?") {
      one.optional = true, ++at_;
    } else if (now == "!" || now == "required") {
      one.optional = false, ++at_;
    } else if (now == "optional") {
      one.optional = true, ++at_;
    } else if (now == "personal") {
      one.personal = true, ++at_;
    } else if (now == "unique") {
      unique(one.name, one);
    } else if (comparison(now)) {
      if (word(1).empty()) return "a comparison needs a value";
      one.check += (one.check.empty() ? "" : " and ") + std::string(now) + " " + std::string(word(1)), at_ += 2;
    } else if (now == "=") {
      one.default_value = joined(words_, at_ + 1, words_.size()), at_ = words_.size();
      if (one.default_value.empty()) return "a default needs a value";
    } else if (now.find("..") != std::string_view::npos) {
      one.check += (one.check.empty() ? "" : " and ") + std::string(now), ++at_;
    } else if (now == "at" && word(1) == "least" && word(2) == "one" && word(3) == "of") {
      auto& statement = add(Meaning::at_least_one_of);
      for (at_ += 4; at_ < words_.size(); ++at_) {
        if (name_like(word())) statement.names.emplace_back(snake_case(word()));
      }
    } else if (now == "range" && word(1) == "of") {
      one.type = "range of " + std::string(word(2)), at_ += 3;
    } else if (now == "," && (word(1) == "at" || word(1) == "between")) {
      one.check = joined(words_, at_ + 1, words_.size()), at_ = words_.size();
    } else if (now == "copied" || now == "calculated") {
      one.check.clear();
      return "";
    } else if (std::ranges::find(kTypes, now) != std::end(kTypes)) {
      one.type = std::string(now), ++at_;
    } else if (name_like(now) && comparison(word(1)) && !word(2).empty()) {
      one.check += (one.check.empty() ? "" : " and ") + joined(words_, at_, at_ + 3), at_ += 3;
    } else {
      return "“" + std::string(now) + "” after " + one.name + " is no property";
    }
  }
  return "";
}

std::string Member::run() {
  std::vector<std::string> names;
  while (name_like(word())) {
    names.push_back(snake_case(word()));
    ++at_;
    if (word() != "," || !name_like(word(1)) || word(1) == "at") break;
    ++at_;
  }
  if (names.empty()) return "a name is missing";
  const size_t start = at_;
  const size_t before = into_.size();
  into_.emplace_back();  // the place of the attributes: before what is said about them
  for (const auto& name : names) {
    at_ = start;
    Attribute one;
    one.name = name;
    const auto wrong = modifiers(one);
    if (!wrong.empty()) return wrong;
    if (into_[before].subject.empty()) {
      into_[before].meaning = Meaning::attributes;
      into_[before].subject = subject_;
    }
    into_[before].attributes.push_back(std::move(one));
  }
  if (word() == "copied" || word() == "calculated") {
    auto& statement = add(Meaning::derived);
    statement.names = names;
    statement.condition = joined(words_, at_, words_.size());
  }
  return "";
}

std::vector<std::string> value_list(std::string_view text) {
  std::vector<std::string> values;
  for (const auto& part : split(text, ',')) {
    const auto value = trim(part);
    if (!value.empty()) values.emplace_back(value);
  }
  return values;
}

// "draft > published > finished"
std::vector<std::pair<std::string, std::string>> steps_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> result;
  const auto parts = split(text, '>');
  for (size_t at = 1; at < parts.size(); ++at) result.emplace_back(trim(parts[at - 1]), trim(parts[at]));
  return result;
}

}  // namespace

std::vector<std::string_view> split_outside(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  size_t begin = 0;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at < text.size() && text[at] == '(') ++depth;
    if (at < text.size() && text[at] == ')') --depth;
    if (at < text.size() && (text[at] != separator || depth > 0)) continue;
    if (const auto part = trim(text.substr(begin, at - begin)); !part.empty()) parts.push_back(part);
    begin = at + 1;
  }
  return parts;
}

std::string read_member(std::string_view text, const std::string& subject, std::vector<Statement>& before,
                        std::vector<Statement>& into) {
  const auto colon = text.find(':');
  const auto head = trim(text.substr(0, std::min(colon, text.size())));
  const bool listed = colon != std::string_view::npos && head.find(' ') == std::string_view::npos && name_like(head);
  const auto body = listed ? trim(text.substr(colon + 1)) : std::string_view();
  const bool steps = (listed && body.find('>') != std::string_view::npos && body.find(',') == std::string_view::npos);
  if (steps) {
    Statement statement;
    statement.meaning = Meaning::workflow;
    statement.subject = subject;
    statement.names = {snake_case(head)};
    statement.transitions = steps_of(body);
    into.push_back(std::move(statement));
    return "";
  }
  // "published > cancelled" after a line of steps of the same entity: more steps.
  const auto more = steps_of(text);
  if (!listed && !more.empty() && !before.empty() && before.back().meaning == Meaning::workflow &&
      before.back().subject == subject && std::ranges::any_of(before.back().transitions, [&](const auto& step) {
        return step.first == more[0].first || step.second == more[0].first;
      })) {
    for (const auto& step : more) before.back().transitions.push_back(step);
    return "";
  }
  if (listed) {
    Statement statement;
    statement.meaning = Meaning::closed_list;
    statement.subject = subject;
    statement.names = {snake_case(head)};
    statement.values = value_list(body);
    if (statement.values.empty()) return "the list of " + std::string(head) + " is empty";
    if (statement.values.back() == "...") {
      statement.values.pop_back();
      statement.options["open"] = "yes";
    }
    into.push_back(std::move(statement));
    return "";
  }
  const size_t size = into.size();
  const auto wrong = Member(text, subject, into).run();
  if (!wrong.empty()) into.resize(size);
  return wrong;
}

// "ticket_no unique, status: confirmed, waitlisted, cancelled"
std::vector<Attribute> junction_members(std::string_view text) {
  std::vector<Attribute> result;
  for (const auto& part : split_outside(text, ',')) {
    const auto colon = part.find(':');
    if (colon != std::string_view::npos) {
      Attribute one;
      one.name = snake_case(trim(part.substr(0, colon)));
      one.values = {std::string(trim(part.substr(colon + 1)))};
      result.push_back(std::move(one));
      continue;
    }
    if (!result.empty() && !result.back().values.empty()) {
      result.back().values.emplace_back(part);
      continue;
    }
    std::vector<Statement> statements, none;
    if (read_member(part, "x", none, statements).empty() && !statements.empty()) {
      for (auto& one : statements[0].attributes) result.push_back(std::move(one));
    }
  }
  return result;
}

std::string pattern_slug(std::string_view name) {
  const auto& words = Words::get();
  const auto dashes = replace_all(to_lower(name), "_", "-");
  if (words.pattern(dashes) != nullptr) return dashes;
  std::string key;
  for (const auto& word : split(replace_all(dashes, "-", " "), ' ')) key += (key.empty() ? "" : " ") + words.singular(word);
  int index = words.pattern_by_synonym(key);
  if (index < 0) index = words.pattern_by_synonym(dashes);
  return index < 0 ? "" : words.patterns()[static_cast<size_t>(index)].slug;
}

std::string nearest_pattern(std::string_view name) {
  const auto wanted = replace_all(to_lower(name), "_", "-");
  std::string best = "comments";
  int distance = 99;
  for (const auto& pattern : Words::get().patterns()) {
    const int now = damerau_distance(wanted, pattern.slug, 8);
    if (now < distance) distance = now, best = pattern.slug;
  }
  return replace_all(best, "-", "_");
}

std::vector<std::pair<std::string, std::string>> pattern_options(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> result;
  std::string open_name;
  for (const auto& part : split_outside(text, ',')) {
    const auto colon = part.find(':');
    if (colon != std::string_view::npos) {
      result.emplace_back(std::string(trim(part.substr(0, colon))), std::string(trim(part.substr(colon + 1))));
      open_name = result.back().first;
    } else if (open_name == "on" || open_name == "oauth") {
      result.back().second += ", " + std::string(part);
    } else {
      result.emplace_back(std::string(part), "");
    }
  }
  return result;
}

}  // namespace pga::request
