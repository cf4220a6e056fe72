#include "request/repair.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"

namespace pga::request {

namespace {

constexpr size_t kLongest = 32;        // longer words are no slips of the pen
constexpr size_t kMostRepairs = 2000;  // of distinct words; a text with more unknown words is not English

int limit_for(size_t length) {
  return length >= 8 ? 2 : length >= 4 ? 1 : 0;
}

struct Candidates {
  std::unordered_map<char, std::vector<std::pair<std::string, int>>> by_letter;  // rank: 0 of the schema, 1 of our dictionaries
};

void add_names(std::vector<std::string>& into, const std::string& name) {
  for (const auto& part : split(to_lower(name), '_')) {
    if (part.size() >= 4) into.push_back(part);
  }
}

std::vector<std::string> schema_words(const Vocabulary& vocabulary) {
  std::vector<std::string> words;
  for (const auto& table : vocabulary.tables) {
    add_names(words, table.name);
    for (const auto& column : table.columns) add_names(words, column);
  }
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  return words;
}

bool repairable(const Token& token) {
  if (!token.is_word() || token.text.size() < 4 || token.text.size() > kLongest) return false;
  return std::ranges::all_of(token.text, [](char c) { return c >= 'a' && c <= 'z'; });
}

class Repairer {
 public:
  explicit Repairer(const Vocabulary& vocabulary) : schema_(schema_words(vocabulary)) {
    for (const auto& word : schema_) add(word, 0);
    for (const auto& word : Words::get().all()) {
      if (word.size() >= 4) add(word, 1);
    }
  }
  bool known(const std::string& word) const {
    const auto& words = Words::get();
    const auto in_schema = [&](const std::string& one) { return std::ranges::binary_search(schema_, one); };
    return words.known(word) || in_schema(word) || in_schema(words.singular(word)) || in_schema(words.plural(word));
  }
  // "" when there is no single best one.
  std::string repair(const std::string& word, bool often) const;

 private:
  void add(const std::string& word, int rank) {
    candidates_.by_letter[word[0]].emplace_back(word, rank);
    const auto plural = Words::get().plural(word);
    if (plural != word && (rank == 0 || Words::get().is(word, WordClass::noun)))
      candidates_.by_letter[word[0]].emplace_back(plural, rank);
  }
  std::vector<std::string> schema_;
  Candidates candidates_;
};

std::string Repairer::repair(const std::string& word, bool often) const {
  const int limit = limit_for(word.size());
  const auto bucket = candidates_.by_letter.find(word[0]);
  if (bucket == candidates_.by_letter.end()) return "";
  std::string best;
  int best_distance = limit + 1, best_rank = 2;
  bool tie = false;
  for (const auto& [candidate, rank] : bucket->second) {
    if (often && rank > 0) continue;  // a word that is used again and again is meant
    if (candidate.size() + 2 < word.size() || candidate.size() > word.size() + 2) continue;
    const int distance = damerau_distance(word, candidate, limit);
    if (distance > limit || distance == 0) continue;
    if (distance < best_distance || (distance == best_distance && rank < best_rank)) {
      best = candidate, best_distance = distance, best_rank = rank, tie = false;
    } else if (distance == best_distance && rank == best_rank && candidate != best) {
      tie = true;
    }
  }
  return tie ? "" : best;
}

}  // namespace

int damerau_distance(std::string_view one, std::string_view other, int limit) {
  if (one.size() > kLongest + 2 || other.size() > kLongest + 2) return limit + 1;
  std::array<std::array<int, kLongest + 3>, 3> rows{};
  for (size_t at = 0; at <= other.size(); ++at) rows[0][at] = static_cast<int>(at);
  for (size_t row = 1; row <= one.size(); ++row) {
    auto& current = rows[row % 3];
    const auto& before = rows[(row - 1) % 3];
    const auto& two_before = rows[(row + 1) % 3];
    current[0] = static_cast<int>(row);
    int smallest = current[0];
    for (size_t at = 1; at <= other.size(); ++at) {
      const int cost = one[row - 1] == other[at - 1] ? 0 : 1;
      current[at] = std::min({before[at] + 1, current[at - 1] + 1, before[at - 1] + cost});
      if (row > 1 && at > 1 && one[row - 1] == other[at - 2] && one[row - 2] == other[at - 1])
        current[at] = std::min(current[at], two_before[at - 2] + 1);
      smallest = std::min(smallest, current[at]);
    }
    if (smallest > limit + 1) return limit + 1;
  }
  return std::min(rows[one.size() % 3][other.size()], limit + 1);
}

void repair_typos(Tokens& tokens, const Vocabulary& vocabulary, Understood& out) {
  std::unordered_map<std::string, int> unknown;
  std::optional<Repairer> repairer;
  std::unordered_map<std::string, std::string> repaired;
  for (const auto& token : tokens) {
    if (!repairable(token) || Words::get().known(token.text)) continue;
    ++unknown[token.text];
  }
  if (unknown.empty() || unknown.size() > kMostRepairs) return;
  for (auto& token : tokens) {
    if (!repairable(token) || !unknown.contains(token.text)) continue;
    if (!repairer) repairer.emplace(vocabulary);
    if (repairer->known(token.text)) continue;
    const auto [at, added] = repaired.try_emplace(token.text);
    if (added) at->second = repairer->repair(token.text, unknown[token.text] > 1);
    if (at->second.empty()) continue;
    if (added) {
      out.assumptions.push_back({"R-typo", "“" + token.text + "” is read as “" + at->second + "”",
                                 "write \"" + token.text + "\" in quotes to keep it", token.span});
    }
    token.text = at->second;
    classify(token);
  }
}

}  // namespace pga::request
