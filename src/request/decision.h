// What a good architect would weigh: a question, what can be answered, and what each answer costs. Decisions are data: the doors
// show them and carry answers back, the decision log is written from them.
#pragma once
#include <string>
#include <vector>

#include "request/span.h"

namespace pga::request {

struct Option {
  std::string id;           // kebab-case; stable: scripts answer with it (--answer comment-target=arc)
  std::string text;         // "one nullable key for each kind of parent, exactly one of them set"
  std::string consequence;  // storage, reads, writes, and what it costs to change later; one or two sentences
};

struct Decision {
  std::string id;        // kebab-case with the object: "comments-replies", "orders-status-values"
  std::string question;  // one sentence that ends in "?"
  std::vector<Option> options;
  size_t recommended = 0;  // index of the option that is taken unless somebody answers
  std::string reason;      // why that one
  // How much of the schema the answer changes: 3 tables and keys, 2 columns and constraints, 1 a name or a limit. The five with
  // the greatest weight are asked; the others are assumed and reported.
  int weight = 1;
  Span span;            // of the words that raised it
  std::string decided;  // id of the option taken; "" until then
  std::string by;       // "you" (an answer), "the brief" (a decide line), "recommended"
};

}  // namespace pga::request
