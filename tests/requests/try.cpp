// Shows how a text is understood.   request_try [--schema] [--short] < text
#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "request/notation.h"

int main(int argc, char** argv) {
  pga::request::Vocabulary vocabulary;
  bool brief = false;
  for (int at = 1; at < argc; ++at) {
    if (std::string_view(argv[at]) == "--short") brief = true;
    if (std::string_view(argv[at]) == "--schema") {
      vocabulary.tables = {{"public", "users", {"id", "name", "email", "created_at", "active", "phone"}, {}},
                           {"public",
                            "events",
                            {"id", "title", "type", "city", "starts_at", "ends_at", "organiser_id", "created_at"},
                            {{"organiser_id", "users"}}}};
    }
  }
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const auto understood = pga::request::understand(text, vocabulary);
  for (const auto& one : understood.statements) {
    fmt::print("{:4} {}\n", one.shape, notation(one));
    if (!brief) fmt::print("       {}\n", one.paraphrase);
  }
  for (const auto& one : understood.assumptions) fmt::print("  assumed [{}] {} ({})\n", one.rule, one.text, one.override);
  for (const auto& one : understood.decisions) {
    fmt::print("  ? {}: {}\n", one.id, one.question);
  }
  for (const auto& one : understood.not_understood)
    fmt::print("  !! {}“{}” nearest {} e.g. {}\n", one.blocks ? "BLOCKS " : "", one.quoted, one.nearest, one.example);
  fmt::print("  coverage {}/{}\n", understood.understood_words, understood.content_words);
}
