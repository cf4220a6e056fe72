#include "seed/regex_sample.h"

#include <algorithm>
#include <vector>

#include "seed/random.h"

namespace pga::seed {
namespace {

const std::string kLower = "abcdefghijklmnopqrstuvwxyz";
const std::string kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const std::string kDigits = "0123456789";

std::string class_of(std::string_view name) {
  if (name == "alpha") return kLower + kUpper;
  if (name == "lower") return kLower;
  if (name == "upper") return kUpper;
  if (name == "digit") return kDigits;
  if (name == "alnum") return kLower + kUpper + kDigits;
  if (name == "xdigit") return kDigits + "abcdef";
  if (name == "space" || name == "blank") return " ";
  if (name == "punct") return ".,-!";
  return kLower;
}

// One pass of recursive descent that writes while it reads. A branch that is not taken is read with `quiet_` set.
class Sampler {
 public:
  Sampler(std::string_view pattern, uint64_t number) : pattern_(pattern), random_(number * 0x2545F4914F6CDD1DULL + number) {}
  std::string sample() {
    if (pattern_.starts_with("***:")) at_ = 4;
    alternatives(0);
    return out_;
  }

 private:
  bool done() const { return at_ >= pattern_.size(); }
  char peek() const { return pattern_[at_]; }
  bool skip(std::string_view what) {
    if (pattern_.substr(at_).substr(0, what.size()) != what) return false;
    at_ += what.size();
    return true;
  }

  // The places where the alternatives from here on begin, up to the closing parenthesis or the end.
  std::vector<size_t> branches() const {
    std::vector<size_t> out = {at_};
    int depth = 0;
    for (size_t i = at_; i < pattern_.size(); ++i) {
      if (pattern_[i] == '\\') {
        ++i;
      } else if (pattern_[i] == '[') {
        i = end_of_class(i);
      } else if (pattern_[i] == '(') {
        ++depth;
      } else if (pattern_[i] == ')') {
        if (depth-- == 0) break;
      } else if (pattern_[i] == '|' && depth == 0) {
        out.push_back(i + 1);
      }
    }
    return out;
  }
  size_t end_of_class(size_t i) const {
    size_t at = i + 1;
    if (at < pattern_.size() && pattern_[at] == '^') ++at;
    if (at < pattern_.size() && pattern_[at] == ']') ++at;
    for (; at < pattern_.size() && pattern_[at] != ']'; ++at) {
      if (pattern_[at] == '\\') ++at;
      if (pattern_.substr(at).substr(0, 2) == "[:") at = std::min(pattern_.find(":]", at), pattern_.size() - 2) + 1;
    }
    return std::min(at, pattern_.size());
  }

  void alternatives(int depth) {
    if (depth > 40) return;
    const auto starts = branches();
    const size_t chosen = random_.below(starts.size());
    for (size_t i = 0; i < starts.size(); ++i) {
      at_ = starts[i];
      const size_t before = out_.size();
      while (!done() && peek() != '|' && peek() != ')') piece(depth);
      if (i != chosen) out_.resize(before);
    }
  }

  void piece(int depth) {
    const size_t begin = at_;
    const size_t length = out_.size();
    atom(depth);
    const size_t after = at_;
    size_t least = 1;
    size_t most = 1;
    if (!quantifier(least, most)) return;
    const size_t behind = at_;
    const size_t count = least + random_.below(std::min<size_t>(most - least, 8) + 1);
    out_.resize(length);
    for (size_t i = 0; i < std::min<size_t>(count, 5000) && out_.size() < 20000; ++i) {
      at_ = begin;
      atom(depth);
      if (at_ != after) break;
    }
    at_ = behind;
  }

  bool quantifier(size_t& least, size_t& most) {
    if (done()) return false;
    if (skip("*")) {
      least = 0, most = 6;
    } else if (skip("+")) {
      least = 1, most = 8;
    } else if (skip("?")) {
      least = 0, most = 1;
    } else if (peek() == '{' && at_ + 1 < pattern_.size() && kDigits.find(pattern_[at_ + 1]) != std::string::npos) {
      bounds(least, most);
    } else {
      return false;
    }
    skip("?");  // not greedy: the same texts
    return true;
  }
  size_t number() {
    size_t value = 0;
    while (!done() && kDigits.find(peek()) != std::string::npos)
      value = std::min<size_t>(value * 10 + static_cast<size_t>(pattern_[at_++] - '0'), 5000);
    return value;
  }
  void bounds(size_t& least, size_t& most) {
    ++at_;
    most = least = number();
    if (skip(",")) most = !done() && peek() != '}' ? std::max(least, number()) : least + 6;
    skip("}");
  }

  void atom(int depth) {
    if (skip("(?i)") || skip("(?n)") || skip("(?s)") || skip("(?x)")) return;
    if (skip("(")) return group(depth);
    const char c = pattern_[at_++];
    if (c == '^' || c == '$') return;
    if (c == '.') return put(kLower + kDigits);
    if (c == '[') return char_class();
    if (c == '\\' && !done()) return escape(pattern_[at_++]);
    out_ += c;
  }
  void group(int depth) {
    const bool look = pattern_.substr(at_).starts_with("?=") || pattern_.substr(at_).starts_with("?!") ||
                      pattern_.substr(at_).starts_with("?<");
    skip("?:");
    if (look) at_ = std::min<size_t>(at_ + (pattern_[at_ + 1] == '<' ? 3 : 2), pattern_.size());
    const size_t before = out_.size();
    alternatives(depth + 1);
    if (look) out_.resize(before);
    skip(")");
  }
  void escape(char c) {
    if (c == 'd') return put(kDigits);
    if (c == 'w') return put(kLower + kUpper + kDigits);
    if (c == 's') return put(" ");
    if (c == 'D' || c == 'S') return put(kLower);
    if (c == 'W') return put("-.");
    if (c == 'n') return put("\n");
    if (c == 't') return put("\t");
    if (std::string("AZbBmMyY").find(c) != std::string::npos || kDigits.find(c) != std::string::npos) return;
    out_ += c;
  }
  void put(const std::string& from) { out_ += from[random_.below(from.size())]; }

  static std::string escaped_class(char c) {
    if (c == 'd') return kDigits;
    if (c == 'w') return kLower + kUpper + kDigits + "_";
    if (c == 's') return " ";
    return std::string(1, c);
  }
  void char_class() {
    const size_t end = end_of_class(at_ - 1);
    const bool negated = skip("^");
    std::string set;
    for (bool first = true; at_ < end; first = false) {
      if (pattern_.substr(at_).starts_with("[:")) {
        const size_t close = std::min(pattern_.find(":]", at_), end);
        set += class_of(pattern_.substr(at_ + 2, close - at_ - 2));
        at_ = close + 2;
        continue;
      }
      char c = pattern_[at_++];
      if (c == '\\' && at_ < end) {
        set += escaped_class(pattern_[at_++]);
        continue;
      }
      if (at_ + 1 < end && peek() == '-' && !(first && c == ']')) {
        const char last = pattern_[at_ + 1];
        at_ += 2;
        for (int code = static_cast<unsigned char>(c); code <= static_cast<unsigned char>(last) && code < 127; ++code) {
          set += static_cast<char>(code);
        }
      } else {
        set += c;
      }
    }
    at_ = std::min(end + 1, pattern_.size());
    put(negated ? without(set) : set.empty() ? kLower : set);
  }
  static std::string without(const std::string& set) {
    std::string left;
    for (const char c : kLower + kDigits + kUpper + "-_. ") {
      if (set.find(c) == std::string::npos) left += c;
    }
    return left.empty() ? "~" : left;
  }

  std::string_view pattern_;
  Random random_;
  std::string out_;
  size_t at_ = 0;
};

}  // namespace

std::string regex_sample(std::string_view pattern, uint64_t number) {
  return Sampler(pattern, number).sample();
}

std::string like_sample(std::string_view pattern, uint64_t number) {
  Random random(number);
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      out += pattern[++i];
    } else if (pattern[i] == '_') {
      out += kLower[random.below(kLower.size())];
    } else if (pattern[i] == '%') {
      for (size_t n = random.below(6); n > 0; --n) out += kLower[random.below(kLower.size())];
    } else {
      out += pattern[i];
    }
  }
  return out;
}

}  // namespace pga::seed
