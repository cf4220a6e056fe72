#include "request/token.h"

#include <charconv>
#include <cmath>
#include <map>

#include "base/text.h"
#include "base/utf8.h"

namespace pga::request {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

enum class Glyph : std::uint8_t { letter, digit, space, apostrophe, quote, dash, arrow, bullet, other };

struct Character {
  Glyph glyph = Glyph::other;
  size_t length = 1;
};

Glyph glyph_of(std::uint32_t value) {
  switch (value) {
    case 0x2018:
    case 0x2019:
      return Glyph::apostrophe;
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0xAB:
    case 0xBB:
      return Glyph::quote;
    case 0x2013:
    case 0x2014:
      return Glyph::dash;
    case 0x2192:
    case 0x21D2:
      return Glyph::arrow;
    case 0x2022:
    case 0xB7:
      return Glyph::bullet;
    case 0xA0:
    case 0x200B:
    case 0x2009:
    case 0x202F:
    case 0x3000:
    case 0xFEFF:
      return Glyph::space;
    case 0x2264:
    case 0x2265:
    case 0x2026:
    case 0x3002:
    case 0xFF0C:
      return Glyph::other;
    default:
      return Glyph::letter;
  }
}

Character character_at(std::string_view text, size_t at) {
  const char c = text[at];
  if (static_cast<unsigned char>(c) >= 0x80) {
    const auto decoded = decode_utf8(text, at);
    return {decoded.valid ? glyph_of(decoded.value) : Glyph::other, decoded.length};
  }
  if (is_letter(c)) return {Glyph::letter, 1};
  if (is_digit(c)) return {Glyph::digit, 1};
  if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v') return {Glyph::space, 1};
  if (c == '\'') return {Glyph::apostrophe, 1};
  if (c == '"' || c == '`') return {Glyph::quote, 1};
  return {Glyph::other, 1};
}

const std::map<std::string, double, std::less<>>& number_words() {
  static const std::map<std::string, double, std::less<>> words = {
      {"zero", 0},      {"one", 1},         {"two", 2},       {"three", 3},    {"four", 4},    {"five", 5},    {"six", 6},
      {"seven", 7},     {"eight", 8},       {"nine", 9},      {"ten", 10},     {"eleven", 11}, {"twelve", 12}, {"dozen", 12},
      {"fifteen", 15},  {"twenty", 20},     {"thirty", 30},   {"forty", 40},   {"fifty", 50},  {"sixty", 60},  {"ninety", 90},
      {"hundred", 100}, {"thousand", 1000}, {"million", 1e6}, {"billion", 1e9}};
  return words;
}

class Tokeniser {
 public:
  explicit Tokeniser(std::string_view text) : text_(text) {}
  Tokens run();

 private:
  bool space();
  void word();
  void number();
  bool quoted();
  void punctuation();
  void push(Token::Kind kind, size_t begin, std::string text);
  bool letter_at(size_t at) const { return at < text_.size() && character_at(text_, at).glyph == Glyph::letter; }
  bool joined(size_t at) const;
  void end_word(size_t begin, std::string word, bool possessive);

  std::string_view text_;
  size_t at_ = 0;
  bool line_start_ = true;
  Tokens tokens_;
};

void Tokeniser::push(Token::Kind kind, size_t begin, std::string text) {
  Token token;
  token.kind = kind;
  token.span = {begin, at_};
  token.text = std::move(text);
  token.line_start = line_start_;
  token.capital = begin < text_.size() && text_[begin] >= 'A' && text_[begin] <= 'Z';
  line_start_ = false;
  tokens_.push_back(std::move(token));
}

bool Tokeniser::space() {
  const auto character = character_at(text_, at_);
  if (character.glyph != Glyph::space) return false;
  if (text_[at_] == '\n') line_start_ = true;
  at_ += character.length;
  return true;
}

// Inside a word: a hyphen or a dot between letters, an apostrophe before a letter.
bool Tokeniser::joined(size_t at) const {
  const char c = text_[at];
  if (c != '-' && c != '.') return false;
  if (at + 1 >= text_.size()) return false;
  const auto next = character_at(text_, at + 1).glyph;
  return next == Glyph::letter || (c == '-' && next == Glyph::digit);
}

void Tokeniser::word() {
  const size_t begin = at_;
  std::string word;
  bool possessive = false;
  while (at_ < text_.size()) {
    const auto character = character_at(text_, at_);
    if (character.glyph == Glyph::letter || character.glyph == Glyph::digit) {
      word += text_.substr(at_, character.length);
      at_ += character.length;
    } else if (character.glyph == Glyph::apostrophe && letter_at(at_ + character.length)) {
      at_ += character.length;  // don't, customer's
      const char next = text_[at_];
      if ((next == 's' || next == 'S') && !letter_at(at_ + 1)) {
        possessive = true;
        at_ += 1;
        break;
      }
    } else if (character.glyph == Glyph::apostrophe && !word.empty() && (word.back() == 's' || word.back() == 'S')) {
      possessive = true;  // customers'
      at_ += character.length;
      break;
    } else if (joined(at_)) {
      word += text_[at_++];
    } else {
      break;
    }
  }
  end_word(begin, to_lower(word), possessive);
}

void Tokeniser::end_word(size_t begin, std::string word, bool possessive) {
  static const std::map<std::string, std::string, std::less<>> kAbbreviations = {
      {"e.g", "e.g"},        {"eg", "e.g"},    {"i.e", "i.e"}, {"etc", "etc"}, {"approx", "approximately"},
      {"incl", "including"}, {"nr", "number"}, {"min", "min"}, {"max", "max"}, {"vs", "vs"}};
  static const std::map<std::string, std::string, std::less<>> kContractions = {
      {"wed", "would"},        {"id", "i"},      {"im", "i"},  {"were", "were"}, {"theyre", "they"},
      {"atleast", "at-least"}, {"youre", "you"}, {"ive", "i"}, {"weve", "we"},   {"ill", "i"}};
  const bool contracted = at_ - begin > word.size() && !possessive;
  if (contracted) {
    if (const auto known = kContractions.find(word); known != kContractions.end() && known->second != word) word = known->second;
    if (word == "were") word = "we";  // we're; "were" has no apostrophe
  }
  const bool dot = at_ < text_.size() && text_[at_] == '.';
  if (const auto known = kAbbreviations.find(word);
      known != kAbbreviations.end() && (dot || word == "e.g" || word == "eg" || word == "etc")) {
    size_t next = at_ + (dot ? 1 : 0);
    while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\n')) ++next;
    const bool sentence_ends = next < text_.size() && text_[next] >= 'A' && text_[next] <= 'Z' && word == "etc";
    if (dot && !sentence_ends) ++at_;
    word = known->second;
  }
  if (word == "atleast") word = "at-least";
  if (possessive && (word == "it" || word == "that" || word == "there" || word == "let")) possessive = false;
  push(Token::Kind::word, begin, std::move(word));
  tokens_.back().possessive = possessive;
  const auto number = number_words().find(tokens_.back().text);
  if (number != number_words().end()) {
    tokens_.back().has_number = true;
    tokens_.back().number = number->second;
  }
}

// 1,000  2.5  5M  50k  20ms  90d; not 1..200 (two numbers) and not 2fa (a word).
void Tokeniser::number() {
  const size_t begin = at_;
  std::string digits;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool digit_follows = at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
    if (is_digit(c)) {
      digits += c;
    } else if ((c == ',' && digit_follows && at_ + 3 < text_.size() && is_digit(text_[at_ + 2]) && is_digit(text_[at_ + 3]) &&
                (at_ + 4 >= text_.size() || !is_digit(text_[at_ + 4])) && digits.find('.') == std::string::npos) ||
               (c == '_' && digit_follows)) {
      // a separator of thousands
    } else if (c == '.' && digit_follows && digits.find('.') == std::string::npos) {
      digits += c;
    } else {
      break;
    }
    ++at_;
  }
  const size_t number_end = at_;
  while (letter_at(at_)) ++at_;
  const std::string suffix = to_lower(text_.substr(number_end, at_ - number_end));
  static const std::map<std::string, double, std::less<>> kMultipliers = {{"", 1},      {"k", 1e3},  {"m", 1e6},
                                                                          {"mio", 1e6}, {"bn", 1e9}, {"b", 1e9}};
  static const std::map<std::string, std::string, std::less<>> kUnits = {
      {"ms", "ms"},    {"s", "second"}, {"d", "day"},    {"h", "hour"},  {"min", "minute"},
      {"yrs", "year"}, {"y", "year"},   {"days", "day"}, {"x", "times"}, {"w", "week"}};
  const auto multiplier = kMultipliers.find(suffix);
  const auto unit = kUnits.find(suffix);
  if (multiplier == kMultipliers.end() && unit == kUnits.end()) {  // 2fa, 3rd: a word
    while (at_ < text_.size() && (letter_at(at_) || is_digit(text_[at_]))) ++at_;
    push(Token::Kind::word, begin, to_lower(text_.substr(begin, at_ - begin)));
    return;
  }
  if (unit != kUnits.end()) at_ = number_end;
  push(Token::Kind::number, begin, digits);
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  tokens_.back().has_number = true;
  tokens_.back().number = value * (unit == kUnits.end() ? multiplier->second : 1);
  if (unit != kUnits.end()) {
    at_ = number_end + suffix.size();
    push(Token::Kind::word, number_end, unit->second);
  }
}

// "…" and `…` on one line, at most 80 bytes: a name or a value.
bool Tokeniser::quoted() {
  const auto open = character_at(text_, at_);
  const size_t begin = at_;
  size_t end = at_ + open.length;
  while (end < text_.size() && end - begin < 80 && text_[end] != '\n' && character_at(text_, end).glyph != Glyph::quote)
    end += character_at(text_, end).length;
  if (end >= text_.size() || character_at(text_, end).glyph != Glyph::quote) {
    at_ += open.length;
    push(Token::Kind::punctuation, begin, "\"");
    return true;
  }
  at_ = end + character_at(text_, end).length;
  push(Token::Kind::quoted, begin, std::string(text_.substr(begin + open.length, end - begin - open.length)));
  return true;
}

void Tokeniser::punctuation() {
  const size_t begin = at_;
  const auto character = character_at(text_, at_);
  if (character.glyph == Glyph::dash || character.glyph == Glyph::arrow || character.glyph == Glyph::bullet) {
    at_ += character.length;
    push(Token::Kind::punctuation, begin, character.glyph == Glyph::dash ? "-" : character.glyph == Glyph::arrow ? "->" : "*");
    return;
  }
  for (const std::string_view longer : {"<->", "->", "=>", ">=", "<=", "<>", "!=", "...", ".."}) {
    if (text_.substr(at_, longer.size()) == longer) {
      at_ += longer.size();
      push(Token::Kind::punctuation, begin, longer == "=>" ? "->" : std::string(longer));
      return;
    }
  }
  at_ += character.length;
  auto text = std::string(text_.substr(begin, character.length));
  if (text == "≥") text = ">=";
  if (text == "≤") text = "<=";
  if (text == "…") text = "...";
  if (text == "。") text = ".";
  push(Token::Kind::punctuation, begin, std::move(text));
}

Tokens Tokeniser::run() {
  while (at_ < text_.size()) {
    if (space()) continue;
    switch (character_at(text_, at_).glyph) {
      case Glyph::letter:
        word();
        break;
      case Glyph::digit:
        number();
        break;
      case Glyph::quote:
        quoted();
        break;
      default:
        punctuation();
    }
  }
  return std::move(tokens_);
}

}  // namespace

void classify(Token& token) {
  const auto& words = Words::get();
  token.forms = {};
  token.classes = 0;
  token.forms[0] = words.id(token.text);
  token.classes = words.classes(token.forms[0]);
  if (!token.is_word()) return;
  const auto singular = words.singular(token.text);
  if (singular != token.text) token.forms[1] = words.id(singular);
  const auto base = words.verb_base(token.text);
  if (!base.empty() && base != token.text) token.forms[2] = words.id(base);
  // A form shares the classes of its base that make sense for a form.
  constexpr auto kNominal = bit(WordClass::noun) | bit(WordClass::attribute) | bit(WordClass::time);
  constexpr auto kVerbal = bit(WordClass::verb) | bit(WordClass::have) | bit(WordClass::be) | bit(WordClass::include) |
                           bit(WordClass::record) | bit(WordClass::create) | bit(WordClass::link) | bit(WordClass::drop) |
                           bit(WordClass::list) | bit(WordClass::op);
  token.classes |= words.classes(token.forms[1]) & kNominal;
  token.classes |= words.classes(token.forms[2]) & kVerbal;
}

Tokens tokenise(std::string_view text) {
  auto tokens = Tokeniser(text).run();
  for (auto& token : tokens) classify(token);
  return tokens;
}

Span span_of(const Tokens& tokens, Range range) {
  if (range.empty() || range.end > tokens.size()) return {};
  return {tokens[range.begin].span.begin, tokens[range.end - 1].span.end};
}

namespace {

bool is_end(const Token& token) {
  return token.kind == Token::Kind::punctuation &&
         (token.text == "." || token.text == ";" || token.text == "!" || token.text == "?");
}

// "- ", "* ", "1. ", "1) ", "a) " at the beginning of a line. Returns how many tokens it takes.
size_t bullet(const Tokens& tokens, size_t at) {
  const auto& token = tokens[at];
  if (!token.line_start) return 0;
  if (token.kind == Token::Kind::punctuation && (token.text == "-" || token.text == "*" || token.text == "+")) return 1;
  const bool counter = token.kind == Token::Kind::number || (token.is_word() && token.text.size() == 1);
  if (counter && at + 1 < tokens.size() && (tokens[at + 1].text == "." || tokens[at + 1].text == ")")) return 2;
  return 0;
}

// Does the line that begins at `at` go on with the line before? Wrapped text does: a long line, no end mark, a small letter.
bool continues(const Tokens& tokens, size_t at, std::string_view text, size_t line_begin) {
  const auto& before = tokens[at - 1];
  const std::string_view gap = text.substr(before.span.end, tokens[at].span.begin - before.span.end);
  size_t breaks = 0;
  for (const char c : gap) breaks += c == '\n' ? 1 : 0;
  if (breaks > 1) return false;
  if (before.text == "," || before.text == ":" || before.is(WordClass::conj) || before.is(WordClass::det)) return true;
  if (tokens[at].text == "," || tokens[at].text == ")" || tokens[at].is(WordClass::conj)) return true;
  return before.span.end - tokens[line_begin].span.begin >= 60;
}

}  // namespace

std::vector<Range> clauses(const Tokens& tokens, std::string_view text) {
  std::vector<Range> result;
  size_t begin = 0, line_begin = 0;
  int depth = 0;
  const auto close = [&](size_t end) {
    if (end > begin) result.push_back({begin, end});
    depth = 0;
  };
  for (size_t at = 0; at < tokens.size(); ++at) {
    const auto& token = tokens[at];
    if (token.line_start && at > 0) {
      const size_t mark = bullet(tokens, at);
      if (mark > 0 || (begin < at && !continues(tokens, at, text, line_begin))) {
        close(at);
        begin = at + mark;
      }
      line_begin = at;
      if (mark > 0) {
        at += mark - 1;
        continue;
      }
    } else if (at == 0) {
      begin = bullet(tokens, 0);
      if (begin > 0) {
        at = begin - 1;
        continue;
      }
    }
    if (token.text == "(") ++depth;
    if (token.text == ")" && depth > 0) --depth;
    const bool too_long = at - begin >= kMaxClause;
    if ((is_end(token) && (depth == 0 || token.text == ";")) || too_long) {
      close(too_long && !is_end(token) ? at + 1 : at);
      begin = at + 1;
    }
  }
  close(tokens.size());
  return result;
}

}  // namespace pga::request
