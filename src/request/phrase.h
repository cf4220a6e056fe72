// Phrases: the little language in which shapes say how they are worded. A phrase is compiled once and matched against tokens.
//
//   each <X> has [many] <Y>
//
//   word        this word in any inflection ("link": links, linked, linking; "table": tables); a|b: any of them
//   =word       exactly this word
//   @class      any word of a class of words/classes.txt; @a|@b
//   [p]  {p}    optional; group. p / q: alternatives, the first that matches
//   $           the end of the clause
//   <X> <Y> <Z>  an entity: up to four words with their determiners and quantifiers, or a pronoun (the entity spoken of last). At
//   the
//                very beginning of a phrase it may be left out when the reading goes on with an entity ("… and has a name")
//   <A> <B>     an attribute: "date of birth", "users.email", "customer's SSN"
//   <L> <M>     a list of attributes or entities: "a name, an email (unique) and several phones"
//   <V>         a list of values: "draft, in review or done"
//   <n> <m>     a number or a number word, with million, k, %
//   <p>         a period: "90 days", "a year", "two weeks"
//   <K>         a pattern of words/patterns.txt by one of its synonyms
//   <v>         a verb, with its prepositions ("sign up for")
//   <w>         any one word or quoted text
//   <W>         any words, as few as possible (at most 12)
//   <R>         the rest of the clause (not empty)
//   <P>         a group in parentheses
//
// Words of the class filler are passed over anywhere. Matching is bounded: a phrase gives up after kSteps steps.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "request/token.h"

namespace pga::request {

struct Captures {
  std::vector<std::pair<char, Range>> ranges;
  const Range* find(char slot) const;
  bool has(char slot) const { return find(slot) != nullptr; }
  Range at(char slot) const;  // empty range when it is not there
};

// A clause while it is matched: tokens and what is remembered about noun phrases in it.
class Scanner {
 public:
  Scanner(const Tokens& tokens, Range clause)
      : tokens_(tokens), clause_(clause), memory_(clause.size()), list_memory_(clause.size()) {}
  const Tokens& tokens() const { return tokens_; }
  Range clause() const { return clause_; }
  // Where a noun phrase, an attribute or a list that begins at `at` may end; longest first.
  const std::vector<size_t>& noun_ends(size_t at);
  std::vector<size_t> attribute_ends(size_t at);
  const std::vector<size_t>& list_ends(size_t at);
  std::vector<size_t> value_ends(size_t at) const;
  std::vector<size_t> verb_ends(size_t at) const;
  size_t number_end(size_t at) const;  // at: none
  size_t period_end(size_t at) const;
  size_t pattern_end(size_t at) const;  // the longest synonym that begins here
  size_t determiners_end(size_t at) const;
  bool noun_word(size_t at) const;  // may be a word of a noun phrase

 private:
  size_t item_end(size_t at) const;
  bool begins_predicate(size_t at) const;
  const Tokens& tokens_;
  Range clause_;
  std::vector<std::optional<std::vector<size_t>>> memory_, list_memory_;
};

size_t quantifier_end(const Tokens& tokens, size_t at, size_t end);  // "one or more", "at least 3", "any number of"

class Phrase {
 public:
  static constexpr int kSteps = 4000;
  explicit Phrase(std::string_view text);  // a mistake in it is an internal error

  struct Result {
    size_t end = 0;
    Captures captures;
    int literals = 0;  // words that matched a literal or a class
    size_t rest = 0;   // tokens in <R> and <W>
  };
  // implicit: <X> at the beginning may be left out.
  std::optional<Result> match(Scanner& scanner, size_t at, bool implicit) const;
  // Cheap: false when a word that it cannot do without is missing. A signature has one bit set for each form in the clause.
  using Signature = std::array<std::uint64_t, 4>;
  static void add(Signature& signature, const Token& token);
  bool possible(const Signature& signature, std::uint64_t classes) const;
  int in_common(const Signature& signature) const;  // how many of the words that it needs are there
  const std::vector<WordId>& words() const { return all_words_; }

 private:
  struct Op {
    enum class Kind : std::uint8_t { word, slot, split, jump, end, accept } kind = Kind::accept;
    std::vector<WordId> words;
    bool exact = false;
    std::uint64_t classes = 0;
    char slot = 0;
    size_t first = 0, second = 0;
  };
  struct Run;
  size_t parse_sequence(std::string_view text, size_t at, char close);
  size_t parse_element(std::string_view text, size_t at);
  void parse_word(std::string_view word);
  void collect_needed();
  bool run(Run& run, size_t op, size_t at) const;
  bool run_slot(Run& run, const Op& op, size_t next, size_t at) const;
  std::vector<size_t> slot_ends(Scanner& scanner, char slot, size_t at) const;
  std::vector<Op> ops_;
  std::vector<WordId> all_words_;
  std::vector<std::pair<Signature, std::uint64_t>> needed_;  // each must be there: any word of it, or any class of it
};

}  // namespace pga::request
