// script_to_sql and script_from_sql: marks are comment lines, values are escaped by % so that no name can end its comment.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/quote.h"
#include "base/text.h"
#include "migrate/format.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace pga::migrate {
namespace {

std::string escaped(std::string_view text) {
  const bool plain = comment_safe(text) == text && trim(text) == text;
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool keep = c != '%' && (plain || (byte > 0x20 && byte < 0x7f));
    out += keep ? std::string(1, c) : fmt::format("%{:02x}", byte);
  }
  return out;
}

std::string unescaped(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto high = i + 2 < text.size() ? kDigits.find(text[i + 1]) : std::string_view::npos;
    const auto low = i + 2 < text.size() ? kDigits.find(text[i + 2]) : std::string_view::npos;
    if (text[i] != '%' || high == std::string_view::npos || low == std::string_view::npos) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string step_marks(const plan::Step& step, size_t number) {
  std::string out = fmt::format("-- step {}: {}\n", number, escaped(step.object));
  if (!step.why.empty()) out += "-- why: " + escaped(step.why) + "\n";
  std::vector<std::string> hazards;
  for (const auto hazard : step.hazards) hazards.emplace_back(plan::to_text(hazard));
  if (!hazards.empty()) out += "-- hazards: " + join(hazards, ", ") + "\n";
  if (step.strong_lock) out += "-- step: strong-lock\n";
  if (step.batched) out += "-- step: batched\n";
  if (!step.concurrent_index.empty()) out += "-- concurrent-index: " + escaped(step.concurrent_index) + "\n";
  return out;
}

std::string section_marks(const plan::Section& section, size_t number) {
  std::string out = fmt::format("-- section {}: {}, phase: {}\n", number,
                                section.transactional ? "transaction" : "no transaction", plan::to_text(section.phase));
  if (!section.why.empty()) out += "-- because: " + escaped(section.why) + "\n";
  return out;
}

// psql replaces :name by a variable of its own, if there is one (the upper bound in a[1:n]); with a space it does not.
std::string psql_safe(std::string_view sql) {
  std::string out;
  size_t copied = 0;
  sql::Lexer lexer(sql);
  bool after_colon = false;
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    const bool colon = token.type == sql::TokenType::symbol && token.text(sql) == ":";
    const char next = token.end < sql.size() ? sql[token.end] : ' ';
    const bool name = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_' || next == '\'' ||
                      next == '"' || next == '{' || (static_cast<unsigned char>(next) & 0x80U) != 0;
    if (colon && !after_colon && name) {
      out += sql.substr(copied, token.end - copied);
      out += ' ';
      copied = token.end;
    }
    after_colon = colon && !after_colon;
  }
  return out += sql.substr(copied);
}

// A statement may end in a line comment of its own.
std::string terminated(const std::string& statement) {
  const auto last = statement.substr(statement.rfind('\n') + 1);
  return statement + (last.find("--") == std::string::npos ? ";\n" : "\n;\n");
}

bool is_word(const std::vector<sql::Word>& words, size_t at, std::string_view word) {
  return at < words.size() && words[at].is(word);
}

bool has_word(const std::vector<sql::Word>& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(), [&](const auto& w) { return w.is(word); });
}

enum class Control : uint8_t { none, begin, commit };
Control control_of(std::string_view text) {
  const auto words = sql::words(text, 4);
  if (is_word(words, 0, "begin") || (is_word(words, 0, "start") && is_word(words, 1, "transaction"))) return Control::begin;
  if (is_word(words, 0, "commit") && !is_word(words, 1, "prepared")) return Control::commit;
  return is_word(words, 0, "end") ? Control::commit : Control::none;
}

struct Reader {
  plan::Script script;
  plan::Step step;
  RunsAs runs = RunsAs::transaction;
  bool marked = false;  // a "-- step N:" line stands before the statement that comes
  bool ours = false;    // the section that is open was opened by a "-- section" line
  bool inside = false;  // between a BEGIN and its COMMIT
  bool closed = true;   // what comes next opens a section
  size_t loose = 0;     // statements that stand in no section of ours and in no explicit transaction

  void open(bool transactional) {
    script.emplace_back();
    script.back().transactional = transactional;
    closed = false;
  }

  void section(std::string_view text) {
    open(text.find("no transaction") == std::string_view::npos);
    ours = true;
    for (const auto phase : {plan::Phase::expand, plan::Phase::migrate_data, plan::Phase::contract})
      if (text.ends_with(plan::to_text(phase))) script.back().phase = phase;
  }

  void mark(std::string_view line) {
    const auto value = [&](std::string_view key) { return unescaped(trim(line.substr(key.size()))); };
    if (line.starts_with("section ") && line.find(": ") != std::string_view::npos) return section(trim(line));
    if (line.starts_with("because:") && !script.empty())
      script.back().why = value("because:");
    else if (line == "step: strong-lock")
      step.strong_lock = true;
    else if (line == "step: batched")
      step.batched = true;
    else if (line.starts_with("concurrent-index:"))
      step.concurrent_index = value("concurrent-index:");
    else if (line.starts_with("why:"))
      step.why = value("why:");
    else if (line.starts_with("hazards:")) {
      for (const auto& name : split(line.substr(8), ',')) {
        plan::Hazard hazard{};
        if (plan::parse_hazard(trim(name), hazard)) step.hazards.push_back(hazard);
      }
    } else if (line.starts_with("step ") && line.find(':') != std::string_view::npos) {
      step.object = unescaped(trim(line.substr(line.find(':') + 1)));
      marked = true;
    }
  }

  // BEGIN, COMMIT and our own lock_timeout hold a section together; they are not steps of it.
  bool envelope(std::string_view text) {
    if (marked) return false;
    if (ours && !closed && text.starts_with("SET LOCAL lock_timeout = ")) return true;
    const auto control = control_of(text);
    if (control == Control::begin) {
      if (!ours || closed) open(true);
      inside = true;
    } else if (control == Control::commit) {
      inside = false;
      closed = true;
    }
    return control != Control::none;
  }

  void statement(std::string_view text) {
    if (!envelope(text)) {
      if (closed) {
        open(runs == RunsAs::transaction);
        ours = false;
      }
      if (!ours && !inside) ++loose;
      step.sql = std::string(text);
      script.back().steps.push_back(std::move(step));
    }
    step = {};
    marked = false;
  }

  plan::Script finish() {
    std::erase_if(script, [](const plan::Section& section) { return section.steps.empty(); });
    if (runs == RunsAs::plain)
      for (auto& section : script) section.transactional = false;
    // A file of one statement goes to the server as it is, without a transaction block around it.
    if (loose == 1 && script.size() == 1 && script[0].steps.size() == 1 && refuses_transaction(script[0].steps[0].sql))
      script[0].transactional = false;
    return std::move(script);
  }
};

}  // namespace

std::vector<std::string> script_to_statements(const plan::Script& script, const WriteOptions& options, bool wrapped) {
  std::vector<std::string> out;
  for (size_t s = 0; s < script.size(); ++s) {
    const auto& section = script[s];
    std::string before = section_marks(section, s + 1);
    const auto add = [&](const std::string& statement) {
      out.push_back(before + statement);
      before.clear();
    };
    if (section.transactional && wrapped) add("BEGIN");
    if (section.transactional) add("SET LOCAL lock_timeout = " + literal(options.lock_timeout));
    for (size_t i = 0; i < section.steps.size(); ++i) {
      before += step_marks(section.steps[i], i + 1);
      add(section.steps[i].sql);
    }
    if (section.transactional && wrapped) add("COMMIT");
  }
  return out;
}

std::string script_to_sql(const plan::Script& script, const WriteOptions& options, bool wrapped) {
  plan::Script safe = script;
  for (auto& section : safe)
    for (auto& step : section.steps) step.sql = psql_safe(step.sql);
  std::string out;
  for (const auto& statement : script_to_statements(safe, options, wrapped)) {
    if (statement.starts_with("-- ") && !out.empty()) out += "\n";
    out += terminated(statement);
  }
  return out;
}

bool refuses_transaction(std::string_view statement) {
  const auto words = sql::words(statement);
  if (words.empty()) return false;
  const auto first = [&](std::string_view a, std::string_view b = {}) {
    return words[0].is(a) && (b.empty() || is_word(words, 1, b));
  };
  if (first("create", "index") || first("drop", "index") || first("reindex") || (first("create") && is_word(words, 2, "index")))
    return has_word(words, "concurrently") || first("reindex", "database") || first("reindex", "system") ||
           first("reindex", "schema");
  if (first("alter", "table")) return has_word(words, "detach") && has_word(words, "concurrently");
  for (const std::string_view thing : {"database", "tablespace", "subscription"})
    if (first("create", thing) || first("drop", thing)) return true;
  if (first("vacuum") || first("alter", "system") || (first("cluster") && words.size() == 1) || first("call")) return true;
  if (!first("do")) return false;
  for (const auto& word : words) {
    if (word.type != sql::TokenType::dollar && word.type != sql::TokenType::string) continue;
    const auto open = word.type == sql::TokenType::dollar ? word.text.find('$', 1) + 1 : word.text.find('\'') + 1;
    const auto body = std::string_view(word.text).substr(open, word.text.size() - std::min(word.text.size(), 2 * open));
    const auto inner = sql::words(body);
    if (has_word(inner, "commit") || has_word(inner, "rollback")) return true;
  }
  return false;
}

Result<plan::Script> script_from_sql(std::string_view text, const std::string& file, RunsAs runs) {
  PGA_TRY(const auto parts, sql::split(text, file));
  Reader reader{.script = {}, .step = {}, .runs = runs};
  size_t next = 0;
  for (const auto& item : parts.items) {
    for (; next < parts.comments.size() && parts.comments[next].offset < item.offset + item.text.size(); ++next) {
      const auto& comment = parts.comments[next];
      if (!comment.alone || comment.offset >= item.offset) continue;  // inside the statement: not ours
      auto line = trim(comment.text);
      if (line.starts_with("--")) line = trim(line.substr(2));
      reader.mark(line);
    }
    if (item.type != sql::ItemType::statement)
      return fail("psql-only", "a migration may hold SQL statements only, no psql commands or COPY data", "write it as SQL",
                  sql::place_at(text, item.offset, file));
    reader.statement(item.text);
  }
  return reader.finish();
}

}  // namespace pga::migrate
