#include "request/words.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "request_embedded.h"

namespace pga::request {

namespace {

constexpr std::array<std::string_view, 25> kClassNames = {
    "det",  "quant", "modal", "have", "be",     "include", "record", "create", "link", "drop",      "list", "restrict", "prep",
    "conj", "pron",  "neg",   "wh",   "filler", "time",    "op",     "stop",   "noun", "attribute", "verb", "common"};

constexpr std::uint64_t kVerbs = bit(WordClass::verb) | bit(WordClass::have) | bit(WordClass::be) | bit(WordClass::include) |
                                 bit(WordClass::record) | bit(WordClass::create) | bit(WordClass::link) | bit(WordClass::drop) |
                                 bit(WordClass::list) | bit(WordClass::op);

// Calls take(name, words) for each line `name: words`; for a line without a name, name is "".
template <class Take>
void each_line(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) {
      take(std::string_view{}, line);
    } else {
      take(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
  }
}

template <class Take>
void each_word(std::string_view text, const Take& take) {
  for (size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    if (end > at) take(text.substr(at, end - at));
    at = end + 1;
  }
}

bool ends(std::string_view word, std::string_view suffix) {
  return word.size() > suffix.size() && word.ends_with(suffix);
}

}  // namespace

Words& Words::mutable_get() {
  static Words words;
  return words;
}

const Words& Words::get() {
  return mutable_get();
}

Words::Words() {
  load_irregular(embedded::request::words_irregular);
  load_classes(embedded::request::words_classes);
  load_words(embedded::request::words_nouns, WordClass::noun);
  load_words(embedded::request::words_attributes, WordClass::attribute);
  load_words(embedded::request::words_verbs, WordClass::verb);
  load_words(embedded::request::words_common, WordClass::common);
  load_patterns(embedded::request::words_patterns);
}

WordId Words::intern(std::string_view word) {
  const auto [at, added] = ids_.try_emplace(std::string(word), static_cast<WordId>(spelled_.size()));
  if (added) {
    spelled_.emplace_back(word);
    classes_.push_back(0);
  }
  return at->second;
}

void Words::load_classes(std::string_view text) {
  each_line(text, [&](std::string_view name, std::string_view line) {
    const int index = class_of_name(name);
    each_word(line, [&](std::string_view word) { classes_[intern(word)] |= std::uint64_t{1} << index; });
  });
}

// The verbs come first; the first line after `person` begins the nouns.
void Words::load_irregular(std::string_view text) {
  bool nouns = false;
  each_line(text, [&](std::string_view name, std::string_view line) {
    nouns = nouns || name == "person";
    intern(name);
    each_word(line, [&](std::string_view form) {
      if (nouns) {
        singulars_.try_emplace(std::string(form), std::string(name));
        plurals_.try_emplace(std::string(name), std::string(form));
      } else {
        verb_forms_.try_emplace(std::string(form), std::string(name));
      }
    });
  });
}

void Words::load_words(std::string_view text, WordClass word_class) {
  each_line(text, [&](std::string_view, std::string_view line) {
    const auto equals = line.find(" = ");
    if (equals != std::string_view::npos) {
      attribute_synonyms_[std::string(trim(line.substr(0, equals)))] = std::string(trim(line.substr(equals + 3)));
      intern(trim(line.substr(0, equals)));
      return;
    }
    each_word(line, [&](std::string_view word) { classes_[intern(word)] |= bit(word_class); });
  });
}

void Words::load_patterns(std::string_view text) {
  each_line(text, [&](std::string_view name, std::string_view line) {
    PatternName pattern;
    std::from_chars(name.data(), name.data() + name.size(), pattern.number);
    pattern.slug = std::string(trim(name.substr(name.find(' '))));
    for (const auto& synonym : split(line, ',')) {
      std::string words;
      each_word(trim(synonym), [&](std::string_view word) {
        if (id(word) == 0) classes_[intern(word)] |= bit(WordClass::common);
        words += (words.empty() ? "" : " ") + singular(word);
      });
      synonyms_.try_emplace(words, static_cast<int>(patterns_.size()));
      pattern.synonyms.push_back(std::move(words));
    }
    patterns_.push_back(std::move(pattern));
  });
}

std::vector<std::string> Words::pattern_names(std::string_view slug) const {
  const auto found = std::ranges::find(patterns_, slug, &PatternName::slug);
  return found == patterns_.end() ? std::vector<std::string>() : found->synonyms;
}

WordId Words::id(std::string_view word) const {
  const auto at = ids_.find(std::string(word));
  return at == ids_.end() ? 0 : at->second;
}

std::string Words::regular_singular(std::string_view word) const {
  if (word.size() < 4 || !word.ends_with('s') || ends(word, "ss") || ends(word, "us") || ends(word, "is"))
    return std::string(word);
  const auto without = [&](size_t count) { return std::string(word.substr(0, word.size() - count)); };
  if (ends(word, "ies") && word.size() > 4) return without(3) + "y";
  if (ends(word, "ches") || ends(word, "shes") || ends(word, "xes") || ends(word, "sses") || ends(word, "zzes"))
    return without(2);
  if (ends(word, "uses") && id(without(2)) != 0) return without(2);
  return without(1);
}

std::string Words::singular(std::string_view word) const {
  const auto irregular = singulars_.find(std::string(word));
  if (irregular != singulars_.end()) return irregular->second;
  if (plurals_.contains(std::string(word))) return std::string(word);
  return regular_singular(word);
}

std::string Words::plural(std::string_view word) const {
  const auto irregular = plurals_.find(std::string(word));
  if (irregular != plurals_.end()) return irregular->second;
  std::string text(word);
  if (text.empty()) return text;
  if (singular(word) != text) return text;
  if (text.size() > 1 && ends(word, "y") && std::string_view("aeiou").find(text[text.size() - 2]) == std::string_view::npos)
    return text.substr(0, text.size() - 1) + "ies";
  if (ends(word, "s") || ends(word, "x") || ends(word, "ch") || ends(word, "sh")) return text + "es";
  return text + "s";
}

bool Words::is_verb(std::string_view word) const {
  return (classes(word) & kVerbs) != 0;
}

std::string Words::verb_base(std::string_view word) const {
  const auto irregular = verb_forms_.find(std::string(word));
  if (irregular != verb_forms_.end()) return irregular->second;
  if (is_verb(word)) return std::string(word);
  const auto stem = [&](size_t count) { return std::string(word.substr(0, word.size() - count)); };
  const auto first_verb = [&](std::initializer_list<std::string> candidates) -> std::string {
    for (const auto& candidate : candidates) {
      if (candidate.size() > 1 && is_verb(candidate)) return candidate;
    }
    return "";
  };
  const auto undoubled = [](std::string text) {
    if (text.size() > 2 && text.back() == text[text.size() - 2]) text.pop_back();
    return text;
  };
  if (ends(word, "ies")) return first_verb({stem(3) + "y", stem(1)});
  if (ends(word, "es")) return first_verb({stem(1), stem(2)});
  if (ends(word, "s") && !ends(word, "ss")) return first_verb({stem(1)});
  if (ends(word, "ied")) return first_verb({stem(3) + "y"});
  if (ends(word, "ed")) return first_verb({stem(2), stem(1), undoubled(stem(2))});
  if (ends(word, "ing")) return first_verb({stem(3), stem(3) + "e", undoubled(stem(3))});
  return "";
}

bool Words::known(std::string_view word) const {
  if (id(word) != 0) return true;
  const auto one = singular(word);
  return id(one) != 0 || !verb_base(word).empty() || plurals_.contains(one) || singulars_.contains(std::string(word));
}

int Words::class_of_name(std::string_view name) const {
  const auto at = std::ranges::find(kClassNames, name);
  return at == kClassNames.end() ? -1 : static_cast<int>(at - kClassNames.begin());
}

const PatternName* Words::pattern(std::string_view slug) const {
  const auto at = std::ranges::find(patterns_, slug, &PatternName::slug);
  return at == patterns_.end() ? nullptr : &*at;
}

int Words::pattern_by_synonym(std::string_view words) const {
  const auto at = synonyms_.find(std::string(words));
  return at == synonyms_.end() ? -1 : at->second;
}

std::string Words::attribute_synonym(std::string_view name) const {
  const auto at = attribute_synonyms_.find(std::string(name));
  return at == attribute_synonyms_.end() ? "" : at->second;
}

}  // namespace pga::request
