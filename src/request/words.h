// The dictionaries (words/*.txt) and what they tell about a word: its classes, its base form, its singular.
//
//   const Words& words = Words::get();
//   words.singular("categories")  // "category"
//   words.verb_base("linked")     // "link"
//
// Loaded once, then constant; safe for threads. All words are lower-case ASCII, or any UTF-8 that is in no dictionary.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pga::request {

using WordId = std::uint32_t;  // 0: in no dictionary

// The order is that of kClassNames in words.cpp.
enum class WordClass : std::uint8_t {
  det,
  quant,
  modal,
  have,
  be,
  include,
  record,
  create,
  link,
  drop,
  list,
  restrict,
  prep,
  conj,
  pron,
  neg,
  wh,
  filler,
  time,
  op,
  stop,
  noun,
  attribute,
  verb,
  common,
};
constexpr std::uint64_t bit(WordClass word_class) {
  return std::uint64_t{1} << static_cast<unsigned>(word_class);
}

struct PatternName {
  int number = 0;
  std::string slug;
  std::vector<std::string> synonyms;  // singular words, separated by one space
};

class Words {
 public:
  static const Words& get();

  WordId id(std::string_view word) const;  // 0 when it is in no dictionary
  std::uint64_t classes(WordId id) const { return classes_[id]; }
  std::uint64_t classes(std::string_view word) const { return classes(id(word)); }
  bool is(std::string_view word, WordClass word_class) const { return (classes(word) & bit(word_class)) != 0; }
  std::string singular(std::string_view word) const;   // "users" -> "user"; a singular stays as it is
  std::string plural(std::string_view word) const;     // "user" -> "users"
  std::string verb_base(std::string_view word) const;  // "linked" -> "link"; "" when it is no verb that we know
  bool known(std::string_view word) const;             // the word or one of its base forms is in a dictionary
  int class_of_name(std::string_view name) const;      // -1 when there is none
  const std::vector<PatternName>& patterns() const { return patterns_; }
  std::vector<std::string> pattern_names(std::string_view slug) const;  // what a request may call it; none: no such pattern
  const PatternName* pattern(std::string_view slug) const;
  // The pattern that has this synonym (words as in PatternName::synonyms); -1 when none.
  int pattern_by_synonym(std::string_view words) const;
  std::string attribute_synonym(std::string_view name) const;       // "dob" -> "date_of_birth"; "" when there is none
  const std::vector<std::string>& all() const { return spelled_; }  // by id; [0] is ""

  // The words that phrases are made of are known as well; called while the shapes are loaded, before the first reading.
  WordId intern(std::string_view word);
  static Words& mutable_get();

 private:
  Words();
  void load_classes(std::string_view text);
  void load_irregular(std::string_view text);
  void load_words(std::string_view text, WordClass word_class);
  void load_patterns(std::string_view text);
  std::string regular_singular(std::string_view word) const;
  bool is_verb(std::string_view word) const;
  std::unordered_map<std::string, WordId> ids_;
  std::vector<std::uint64_t> classes_{0};
  std::vector<std::string> spelled_{""};
  std::unordered_map<std::string, std::string> verb_forms_, singulars_, plurals_, attribute_synonyms_;
  std::vector<PatternName> patterns_;
  std::unordered_map<std::string, int> synonyms_;
};

}  // namespace pga::request
