#include "request/phrase.h"

#include <algorithm>

#include "base/result.h"

namespace pga::request {

const Range* Captures::find(char slot) const {
  const auto at = std::ranges::find(ranges, slot, &std::pair<char, Range>::first);
  return at == ranges.end() ? nullptr : &at->second;
}

Range Captures::at(char slot) const {
  const auto* range = find(slot);
  return range == nullptr ? Range{} : *range;
}

// A regular expression over words, compiled to split and jump as in Pike's machine, run with backtracking.
Phrase::Phrase(std::string_view text) {
  const size_t end = parse_sequence(text, 0, 0);
  PGA_ASSERT(end == text.size());
  ops_.push_back({Op::Kind::accept});
  collect_needed();
}

// Alternatives up to `close` (0: the end of the text). Returns where the closing sign is.
size_t Phrase::parse_sequence(std::string_view text, size_t at, char close) {
  std::vector<size_t> jumps;
  size_t begin = ops_.size();
  while (at < text.size() && text[at] != close) {
    if (text[at] == ' ') {
      ++at;
    } else if (text[at] == '/') {
      ops_.insert(ops_.begin() + static_cast<std::ptrdiff_t>(begin), Op{Op::Kind::split});
      for (size_t op = begin + 1; op < ops_.size(); ++op) {  // what was parsed moved by one
        if (ops_[op].kind == Op::Kind::split || ops_[op].kind == Op::Kind::jump) ++ops_[op].first, ++ops_[op].second;
      }
      for (auto& jump : jumps) {
        if (jump >= begin) ++jump;
      }
      jumps.push_back(ops_.size());
      ops_.push_back({Op::Kind::jump});
      ops_[begin].first = begin + 1;
      ops_[begin].second = ops_.size();
      begin = ops_.size();
      ++at;
    } else {
      at = parse_element(text, at);
    }
  }
  for (const size_t jump : jumps) ops_[jump].first = ops_[jump].second = ops_.size();
  return at;
}

size_t Phrase::parse_element(std::string_view text, size_t at) {
  const char c = text[at];
  if (c == '[' || c == '{') {
    const size_t split = ops_.size();
    if (c == '[') ops_.push_back({Op::Kind::split});
    at = parse_sequence(text, at + 1, c == '[' ? ']' : '}');
    PGA_ASSERT(at < text.size());
    if (c == '[') {
      ops_[split].first = split + 1;
      ops_[split].second = ops_.size();
    }
    return at + 1;
  }
  if (c == '$') {
    ops_.push_back({Op::Kind::end});
    return at + 1;
  }
  if (c == '<' && at + 2 < text.size() && text[at + 2] == '>') {
    Op op{Op::Kind::slot};
    op.slot = text[at + 1];
    ops_.push_back(std::move(op));
    return at + 3;
  }
  size_t end = at;
  while (end < text.size() && text[end] != ' ' && text[end] != ']' && text[end] != '}' && !(text[end] == '[' && end > at)) ++end;
  parse_word(text.substr(at, end - at));
  return end;
}

void Phrase::parse_word(std::string_view word) {
  auto& words = Words::mutable_get();
  Op op{Op::Kind::word};
  if (word.size() > 1 && word.front() == '=') {
    op.exact = true;
    word.remove_prefix(1);
  }
  while (!word.empty()) {
    const size_t bar = word == "|" ? word.size() : std::min(word.find('|'), word.size());
    auto part = word.substr(0, bar);
    if (part.size() > 1 && part.front() == '=') part.remove_prefix(1);  // =a|=b: exact for all
    if (part.size() > 1 && part.front() == '@') {
      const int index = words.class_of_name(part.substr(1));
      PGA_ASSERT(index >= 0);
      op.classes |= std::uint64_t{1} << index;
    } else {
      op.words.push_back(words.intern(part));
      all_words_.push_back(op.words.back());
    }
    word.remove_prefix(std::min(bar + 1, word.size()));
  }
  ops_.push_back(std::move(op));
}

void Phrase::add(Signature& signature, const Token& token) {
  for (const WordId form : token.forms) {
    if (form != 0) signature[(form >> 6) & 3] |= std::uint64_t{1} << (form & 63);
  }
}

// The words outside of any option: ops that every way through the program passes.
void Phrase::collect_needed() {
  size_t sure = 0;  // ops before this one may be jumped over
  for (size_t at = 0; at < ops_.size(); ++at) {
    const auto& op = ops_[at];
    if (op.kind == Op::Kind::split || op.kind == Op::Kind::jump) sure = std::max({sure, op.first, op.second});
    if (at < sure || op.kind != Op::Kind::word) continue;
    Signature signature{};
    for (const WordId word : op.words) signature[(word >> 6) & 3] |= std::uint64_t{1} << (word & 63);
    needed_.emplace_back(signature, op.classes);
  }
}

bool Phrase::possible(const Signature& signature, std::uint64_t classes) const {
  return std::ranges::all_of(needed_, [&](const auto& needed) {
    const auto& [words, any_class] = needed;
    if ((any_class & classes) != 0) return true;
    for (size_t at = 0; at < words.size(); ++at) {
      if ((words[at] & signature[at]) != 0) return true;
    }
    return false;
  });
}

int Phrase::in_common(const Signature& signature) const {
  int count = 0;
  for (const auto& [words, any_class] : needed_) {
    bool found = false;
    for (size_t at = 0; at < words.size(); ++at) found = found || (words[at] & signature[at]) != 0;
    count += found ? 1 : 0;
  }
  return count;
}

struct Phrase::Run {
  Scanner& scanner;
  bool implicit;
  size_t begin;
  int steps = 0;
  Result result{};
};

std::optional<Phrase::Result> Phrase::match(Scanner& scanner, size_t at, bool implicit) const {
  Run state{scanner, implicit, at};
  if (!run(state, 0, at) || state.result.end <= at) return std::nullopt;
  return std::move(state.result);
}

namespace {

bool matches(const Token& token, const std::vector<WordId>& words, bool exact, std::uint64_t classes) {
  if (token.kind == Token::Kind::quoted) return false;
  if ((token.classes & classes) != 0) return true;
  for (const WordId word : words) {
    if (token.forms[0] == word) return true;
    if (!exact && (token.forms[1] == word || token.forms[2] == word)) return true;
  }
  return false;
}

}  // namespace

bool Phrase::run(Run& run_state, size_t index, size_t at) const {
  if (++run_state.steps > kSteps) return false;
  const auto& tokens = run_state.scanner.tokens();
  const size_t end = run_state.scanner.clause().end;
  const Op& op = ops_[index];
  switch (op.kind) {
    case Op::Kind::accept:
      run_state.result.end = at;
      return true;
    case Op::Kind::jump:
      return run(run_state, op.first, at);
    case Op::Kind::split:
      return run(run_state, op.first, at) || run(run_state, op.second, at);
    case Op::Kind::end:
      while (at < end && tokens[at].is(WordClass::filler)) ++at;
      return at == end && run(run_state, index + 1, at);
    case Op::Kind::word:
      for (size_t here = at; here < end; ++here) {
        if (matches(tokens[here], op.words, op.exact, op.classes)) {
          ++run_state.result.literals;
          if (run(run_state, index + 1, here + 1)) return true;
          --run_state.result.literals;
        }
        if (!tokens[here].is(WordClass::filler)) break;
      }
      return false;
    case Op::Kind::slot:
      return run_slot(run_state, op, index + 1, at);
  }
  return false;
}

std::vector<size_t> Phrase::slot_ends(Scanner& scanner, char slot, size_t at) const {
  const size_t end = scanner.clause().end;
  if (at >= end) return {};
  const auto one = [&](size_t to) { return to > at ? std::vector<size_t>{to} : std::vector<size_t>{}; };
  switch (slot) {
    case 'X':
    case 'Y':
    case 'Z':
      return scanner.noun_ends(at);
    case 'A':
    case 'B':
    case 'C':
      return scanner.attribute_ends(at);
    case 'L':
    case 'M':
      return scanner.list_ends(at);
    case 'V':
    case 'U':
      return scanner.value_ends(at);
    case 'n':
    case 'm':
      return one(scanner.number_end(at));
    case 'p':
      return one(scanner.period_end(at));
    case 'K':
      return one(scanner.pattern_end(at));
    case 'v':
      return scanner.verb_ends(at);
    case 'w':
      return scanner.tokens()[at].kind == Token::Kind::punctuation ? std::vector<size_t>{} : one(at + 1);
    case 'R':
      return one(end);
    case 'W': {
      std::vector<size_t> ends;
      for (size_t to = at + 1; to <= end && to - at <= 12; ++to) ends.push_back(to);
      return ends;
    }
    case 'P': {
      if (scanner.tokens()[at].text != "(") return {};
      for (size_t to = at; to < end; ++to) {
        if (scanner.tokens()[to].text == ")") return one(to + 1);
      }
      return {};
    }
    default:
      PGA_ASSERT(false);
  }
  return {};
}

bool Phrase::run_slot(Run& run_state, const Op& op, size_t next, size_t at) const {
  auto& result = run_state.result;
  const bool rest = op.slot == 'R' || op.slot == 'W';
  size_t from = at;
  const auto& tokens = run_state.scanner.tokens();
  while (from < run_state.scanner.clause().end && tokens[from].is(WordClass::filler)) ++from;
  for (const size_t start : {at, from}) {
    if (start == from && from != at && start == at) continue;
    for (const size_t end : slot_ends(run_state.scanner, op.slot, start)) {
      result.captures.ranges.emplace_back(op.slot, Range{start, end});
      if (rest) result.rest += end - start;
      if (run(run_state, next, end)) return true;
      if (rest) result.rest -= end - start;
      result.captures.ranges.pop_back();
    }
    if (from == at) break;
  }
  if (run_state.implicit && at == run_state.begin && op.slot == 'X' && result.captures.ranges.empty())
    return run(run_state, next, at);
  return false;
}

}  // namespace pga::request
