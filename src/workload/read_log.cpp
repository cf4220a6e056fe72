#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/text.h"
#include "sql/json.h"
#include "sql/lexer.h"
#include "workload/workload.h"

namespace pga::workload {
namespace {

// One entry of a log, whatever its format.
struct Entry {
  std::string message;
  std::string detail;
  int line = 0;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool begins_with_date(std::string_view line) {
  return line.size() > 19 && is_digit(line[0]) && is_digit(line[3]) && line[4] == '-' && line[7] == '-' && line[10] == ' ' &&
         line[13] == ':';
}

// "… LOG:  message", continued on lines that begin with a tab; "… DETAIL:  parameters: …" belongs to the entry before.
std::vector<Entry> read_stderr(std::string_view text) {
  std::vector<Entry> out;
  bool detail = false, inside = false;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (line.starts_with("\t") && inside) {
      auto& to = detail ? out.back().detail : out.back().message;
      to += "\n" + line.substr(1);
      continue;
    }
    inside = false;
    if (const size_t at = line.find("LOG:  "); at != std::string::npos) {
      out.push_back({line.substr(at + 6), {}, number});
      inside = true;
      detail = false;
    } else if (const size_t more = line.find("DETAIL:  "); more != std::string::npos && !out.empty()) {
      out.back().detail = line.substr(more + 9);
      inside = detail = true;
    }
  }
  return out;
}

// RFC 4180 with newlines in quotes; message is field 13, detail field 14 (the same in 13 to 18).
std::vector<Entry> read_csv(std::string_view text) {
  std::vector<Entry> out;
  std::vector<std::string> fields(1);
  bool quoted = false;
  int number = 1, begun = 1;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++number;
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        fields.back() += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        fields.back() += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      if (fields.size() > 14) out.push_back({fields[13], fields[14], begun});
      fields.assign(1, {});
      begun = number;
    } else {
      fields.back() += c;
    }
  }
  if (fields.size() > 14) out.push_back({fields[13], fields[14], begun});
  return out;
}

std::vector<Entry> read_json(std::string_view text) {
  std::vector<Entry> out;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (!line.starts_with("{")) continue;
    if (const auto node = sql::parse_json(line)) out.push_back({node->text("message"), node->text("detail"), number});
  }
  return out;
}

struct Statement {
  std::string text;
  double ms = 0;
};

// "duration: 1.5 ms  statement: …", "statement: …", "duration: 1.5 ms  execute name: …", "execute <unnamed>: …",
// "duration: 1.5 ms  plan:\nQuery Text: …\nSeq Scan on …" and the same in JSON.
std::optional<Statement> statement_of(std::string_view message) {
  Statement out;
  if (message.starts_with("duration: ")) {
    std::from_chars(message.data() + 10, message.data() + message.size(), out.ms);
    const size_t unit = message.find(" ms  ");
    if (unit == std::string_view::npos) return std::nullopt;
    message = message.substr(unit + 5);
  }
  if (message.starts_with("statement: ")) {
    out.text = message.substr(11);
    return out;
  }
  if (message.starts_with("execute ")) {
    const size_t colon = message.find(": ");
    if (colon == std::string_view::npos) return std::nullopt;
    out.text = message.substr(colon + 2);
    return out;
  }
  if (!message.starts_with("plan:")) return std::nullopt;
  const auto plan = trim(message.substr(5));
  if (plan.starts_with("{")) {
    const auto node = sql::parse_json(plan);
    if (!node || node->text("Query Text").empty()) return std::nullopt;
    out.text = node->text("Query Text");
    return out;
  }
  constexpr std::string_view kText = "Query Text: ";
  if (!plan.starts_with(kText)) return std::nullopt;
  // The plan begins at the first line with "(cost=" on it.
  std::vector<std::string> kept;
  for (const auto& line : split(plan.substr(kText.size()), '\n')) {
    if (line.find("  (cost=") != std::string::npos) break;
    kept.push_back(line);
  }
  out.text = join(kept, "\n");
  return out;
}

// "parameters: $1 = 'a', $2 = NULL" (from 16 on "Parameters: ")
std::map<int, std::string> parameters_in(std::string_view detail) {
  std::map<int, std::string> out;
  if (!starts_with_nocase(detail, "parameters: ")) return out;
  int number = 0;
  sql::Lexer lexer(detail, 12);
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    const auto text = token.text(detail);
    if (token.type == sql::TokenType::number && text[0] == '$')
      std::from_chars(text.data() + 1, text.data() + text.size(), number);
    if (number > 0 && (token.type == sql::TokenType::string || text == "NULL")) out[number] = text;
  }
  return out;
}

std::string with_parameters(const std::string& text, const std::map<int, std::string>& values) {
  std::string out;
  size_t copied = 0;
  sql::Lexer lexer(text);
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    if (token.type != sql::TokenType::number || text[token.begin] != '$') continue;
    int number = 0;
    std::from_chars(text.data() + token.begin + 1, text.data() + token.end, number);
    const auto it = values.find(number);
    if (it == values.end()) continue;
    out += text.substr(copied, token.begin - copied) + it->second;
    copied = token.end;
  }
  return out + text.substr(copied);
}

enum class Format : uint8_t { sql, text_log, csv, json };

Format format_of(std::string_view text) {
  for (const auto& line : split(text.substr(0, 65536), '\n')) {
    if (trim(line).empty()) continue;
    if (line.starts_with("{\"timestamp\"")) return Format::json;
    if (line.find("LOG:  ") != std::string::npos) return Format::text_log;
    if (begins_with_date(line) && line.find(',') < 40) return Format::csv;
    if (line.find("DETAIL:  ") == std::string::npos && !begins_with_date(line)) return Format::sql;
  }
  return Format::sql;
}

}  // namespace

Result<Workload> read_log(std::string_view text, const std::string& file) {
  const auto format = format_of(text);
  const auto entries = format == Format::json ? read_json(text) : format == Format::csv ? read_csv(text) : read_stderr(text);
  Workload out;
  std::map<std::string, size_t> known;
  for (const auto& entry : entries) {
    const auto found = statement_of(entry.message);
    if (!found) continue;
    std::string statement(trim(found->text));
    while (statement.ends_with(";")) statement.pop_back();
    if (!has_plan(statement)) {
      ++out.utility;
      continue;
    }
    // What libpg_query does not parse (newer syntax) is told apart by its text.
    const auto key = sql::fingerprint(statement).value_or(statement);
    const auto [it, fresh] = known.try_emplace(key, out.queries.size());
    if (fresh) {
      Query query;
      query.name = file + ":" + std::to_string(entry.line);
      query.text = with_parameters(statement, parameters_in(entry.detail));
      query.weight = 0;
      out.queries.push_back(std::move(query));
    }
    auto& query = out.queries[it->second];
    query.mean_ms = (query.mean_ms * query.weight + found->ms) / (query.weight + 1);
    query.weight += 1;
  }
  return out;
}

Result<Workload> read_any(std::string_view text, const std::string& file) {
  return format_of(text) == Format::sql ? read_sql(text, file) : read_log(text, file);
}

}  // namespace pga::workload
