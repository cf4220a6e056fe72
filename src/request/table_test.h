// Tables of sentences: what each must mean, written by hand. A case fails with the difference of the lines.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "request/notation.h"

namespace pga::request {

struct Sentence {
  std::string_view text;
  std::vector<std::string_view> means;         // lines of notation.h, in order
  std::vector<std::string_view> asks = {};     // ids of decisions that must be there
  std::vector<std::string_view> assumes = {};  // rules of assumptions that must be there
};

// A schema of users, events and a shop: what the sentences of the tables are said about.
inline const Vocabulary& known_schema() {
  static const Vocabulary vocabulary{{
      {"public", "users", {"id", "name", "email", "phone", "active", "created_at"}, {}},
      {"public",
       "events",
       {"id", "title", "type", "city", "starts_at", "ends_at", "organiser_id", "created_at"},
       {{"organiser_id", "users"}}},
  }};
  return vocabulary;
}

inline void expect_meaning(const Sentence& sentence, const Vocabulary& vocabulary) {
  SCOPED_TRACE(std::string(sentence.text));
  const auto understood = understand(sentence.text, vocabulary);
  std::string wanted;
  for (const auto line : sentence.means) wanted += std::string(line) + "\n";
  EXPECT_EQ(notation(understood), wanted);
  for (const auto& item : understood.not_understood) ADD_FAILURE() << "not understood: " << item.quoted;
  for (const auto id : sentence.asks) {
    EXPECT_TRUE(std::ranges::any_of(understood.decisions, [&](const Decision& one) { return one.id == id; }))
        << "not asked: " << id;
  }
  for (const auto rule : sentence.assumes) {
    EXPECT_TRUE(std::ranges::any_of(understood.assumptions, [&](const Assumption& one) { return one.rule == rule; }))
        << "not assumed: " << rule;
  }
  for (const auto& one : understood.statements) {
    EXPECT_FALSE(one.paraphrase.empty());
    EXPECT_LE(one.span.end, sentence.text.size());
  }
}

}  // namespace pga::request
