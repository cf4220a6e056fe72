// The compact brief: one file that states a requirement, a line a statement. Three forms of the same statements: sentences,
// brief, and the brief's JSON.
//
//   PGA_TRY(const auto model, request::parse_brief(text, vocabulary, "shop.brief"));  // brief-syntax: line, column, corrected
//   example request::format_brief(text)    // the same brief, laid out; comments stay; formatting it again changes nothing
//   request::verbalise(model)      // statements to a brief that reads back as the same statements
//   request::to_json(model)        // and back with parse_brief: nothing is lost
//
// Lines: `brief NAME` first; `entity NAME rows 50k +2k/month` with its members indented by two spaces; `a -> b keep`, `a <-> b
// via t(…)`, `name: x, y` a closed list, `status: a > b` a workflow, `use pattern(option: value)`; `tenant by`, `audit`, `keep`,
// `rule`, `allow`, `access`, `seed`, `decide`, `open`, `say {…}` for what has no shorter form; any other line is a sentence. `;`
// separates statements of a line, `#` begins a comment. Statements read from a brief have the shape "brief", or that of their
// sentence.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "request/statement.h"

namespace pga::request {

bool looks_like_brief(std::string_view text);  // its first line is `brief NAME`, or it is the JSON form
// Mistakes are among not_understood, with line, column and a corrected example in `nearest` and `example`.
Understood understand_brief(std::string_view text, const Vocabulary& vocabulary);
Understood understand_sentences(std::string_view text, const Vocabulary& vocabulary);

Result<Understood> parse_brief(std::string_view text, const Vocabulary& vocabulary, std::string_view file = "");
std::string format_brief(std::string_view text);
std::string verbalise(const std::vector<Statement>& statements);
std::string to_json(const std::vector<Statement>& statements);
std::string to_json_line(const Statement& statement);  // on one line, without a line break
Result<std::vector<Statement>> statements_from_json(std::string_view text);

// Equal in meaning: spans, shapes and paraphrases are left aside.
bool same_meaning(const Statement& one, const Statement& other);

}  // namespace pga::request
