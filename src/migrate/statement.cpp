#include "migrate/statement.h"

#include <algorithm>

#include "base/quote.h"
#include "sql/lexer.h"

namespace pga::migrate {
namespace {

using Words = std::vector<sql::Word>;

bool is_at(const Words& words, size_t at, std::string_view text) {
  return at < words.size() && words[at].is(text);
}
// All of these, in a row.
bool are_at(const Words& words, size_t at, std::initializer_list<std::string_view> texts) {
  return std::ranges::all_of(texts, [&](auto text) { return is_at(words, at++, text); });
}
size_t find(const Words& words, std::string_view text, size_t from = 0) {
  while (from < words.size() && !words[from].is(text)) ++from;
  return from;
}

// name or schema.name at `at`, which moves behind it.
std::string name_at(const Words& words, size_t& at) {
  if (at >= words.size() || !words[at].is_name()) return {};
  std::string first = words[at++].text;
  if (at + 1 < words.size() && words[at].is_symbol('.') && words[at + 1].is_name()) {
    at += 2;
    return ident({first, words[at - 1].text});
  }
  return ident(first);
}

void skip(const Words& words, size_t& at, std::initializer_list<std::string_view> texts) {
  if (are_at(words, at, texts)) at += texts.size();
}

Statement create_index(const Words& words, size_t at) {
  Statement out{.nature = Nature::create_index};
  skip(words, at, {"if", "not", "exists"});
  if (!is_at(words, at, "on")) out.index = name_at(words, at);
  skip(words, at, {"on"});
  skip(words, at, {"only"});
  out.table = name_at(words, at);
  return out;
}

Statement reindex(const Words& words) {
  size_t at = 1;
  bool concurrently = false;
  if (at < words.size() && words[at].is_symbol('(')) {
    for (; at < words.size() && !words[at].is_symbol(')'); ++at) {
      const bool off = is_at(words, at + 1, "false") || is_at(words, at + 1, "off");
      concurrently |= words[at].is("concurrently") && !off;
    }
    ++at;
  }
  const std::string what = at < words.size() ? words[at].text : "";
  ++at;
  if (is_at(words, at, "concurrently")) {
    concurrently = true;
    ++at;
  }
  if (!concurrently) return {.nature = what == "index" || what == "table" ? Nature::plain : Nature::repeatable};
  Statement out{.nature = Nature::reindex};
  if (what == "index") out.index = name_at(words, at);
  if (what == "table") out.table = name_at(words, at);
  return out;
}

Statement alter(const Words& words) {
  if (is_at(words, 1, "system")) return {.nature = Nature::repeatable};
  if (is_at(words, 1, "database") && find(words, "tablespace") < words.size()) return {.nature = Nature::repeatable};
  if (is_at(words, 1, "subscription")) return {.nature = Nature::repeatable};
  if (!is_at(words, 1, "table")) return {};
  size_t at = 2;
  skip(words, at, {"if", "exists"});
  skip(words, at, {"only"});
  Statement out{.nature = Nature::detach, .table = name_at(words, at)};
  if (!are_at(words, at, {"detach", "partition"})) return {};
  at += 2;
  out.partition = name_at(words, at);
  return is_at(words, at, "concurrently") ? out : Statement{};
}

Statement drop(const Words& words) {
  if (is_at(words, 1, "database") || is_at(words, 1, "tablespace") || is_at(words, 1, "subscription"))
    return {.nature = Nature::alone};
  if (!are_at(words, 1, {"index", "concurrently"})) return {};
  size_t at = 3;
  skip(words, at, {"if", "exists"});
  return {.nature = Nature::drop_index, .index = name_at(words, at)};
}

Statement create(const Words& words) {
  if (is_at(words, 1, "database") || is_at(words, 1, "tablespace") || is_at(words, 1, "subscription"))
    return {.nature = Nature::alone};
  const size_t at = is_at(words, 1, "unique") ? 2 : 1;
  if (are_at(words, at, {"index", "concurrently"})) return create_index(words, at + 2);
  return {};
}

Nature simple_nature(const Words& words) {
  const auto& first = words.front();
  const auto any = [&](std::initializer_list<std::string_view> texts) {
    return std::ranges::any_of(texts, [&](auto text) { return first.is(text); });
  };
  if (first.is("set")) return is_at(words, 1, "constraints") || is_at(words, 1, "local") ? Nature::plain : Nature::session;
  if (any({"reset", "discard"})) return Nature::session;
  if (first.is("begin") || are_at(words, 0, {"start", "transaction"})) return Nature::begin;
  if (are_at(words, 0, {"commit", "prepared"}) || are_at(words, 0, {"rollback", "prepared"})) return Nature::alone;
  if (any({"commit", "end"})) return Nature::end;
  if (any({"rollback", "abort", "savepoint", "release"}) || are_at(words, 0, {"prepare", "transaction"}))
    return Nature::transaction;
  if (any({"vacuum", "checkpoint"}) || (first.is("cluster") && words.size() == 1)) return Nature::repeatable;
  if (any({"do", "call"})) return Nature::block;
  return Nature::plain;
}

// SELECT pg_catalog.set_config('search_path', '', false), as pg_dump writes it.
bool sets_config(const Words& words) {
  if (!is_at(words, 0, "select")) return false;
  const size_t at = find(words, "set_config");
  return at < words.size() && at <= 3 && find(words, "false", at) < words.size();
}

}  // namespace

Statement statement_of(std::string_view sql) {
  const Words words = sql::words(sql, 64);
  if (words.empty()) return {};
  if (words[0].is("create")) return create(words);
  if (words[0].is("drop")) return drop(words);
  if (words[0].is("alter")) return alter(words);
  if (words[0].is("reindex")) return reindex(words);
  if (sets_config(words)) return {.nature = Nature::session};
  return {.nature = simple_nature(words)};
}

Result<plan::Script> normalized(const plan::Script& script, const std::string& file) {
  plan::Script out;
  for (const auto& section : script) {
    plan::Section current = section;
    current.steps.clear();
    bool inside = false;
    const auto close = [&](bool transactional) {
      current.transactional = transactional;
      if (!current.steps.empty()) out.push_back(current);
      current.steps.clear();
    };
    for (const auto& step : section.steps) {
      const Nature nature = statement_of(step.sql).nature;
      if (nature == Nature::transaction || (nature == Nature::begin && inside) ||
          (nature == Nature::end && !inside && !section.transactional))
        return fail("transaction-control", "a migration may only begin and commit transactions: " + summary_of(step),
                    "take the statement out; pgarchitect rolls back what fails", {file});
      if (nature != Nature::begin && nature != Nature::end) {
        current.steps.push_back(step);
        continue;
      }
      // Statements between the transactions of a transactional section share one as well: that is what the format promises.
      close(inside || section.transactional);
      inside = nature == Nature::begin;
    }
    if (inside && !section.transactional)
      return fail("transaction-control", "a transaction is begun and never committed", "write COMMIT; at its end", {file});
    close(section.transactional);
  }
  return out;
}

bool is_planned(const plan::Script& script) {
  return std::ranges::any_of(script, [](const auto& section) {
    return std::ranges::any_of(section.steps, [](const auto& step) { return !step.object.empty(); });
  });
}

bool wants_lock_timeout(const plan::Section& section, bool planned) {
  return std::ranges::any_of(section.steps, [&](const plan::Step& step) {
    if (step.strong_lock || planned) return step.strong_lock;
    const Words words = sql::words(step.sql, 2);
    if (words.empty()) return false;
    const auto one_of = [&](size_t at, std::initializer_list<std::string_view> texts) {
      return std::ranges::any_of(texts, [&](auto text) { return is_at(words, at, text); });
    };
    return one_of(0, {"alter", "drop", "truncate", "lock", "cluster", "reindex", "refresh"}) ||
           (words[0].is("create") && !one_of(1, {"table", "schema", "extension", "function", "type", "sequence"}));
  });
}

std::vector<plan::Hazard> hazards_of(const plan::Step& step, bool planned) {
  if (planned || !step.hazards.empty()) return step.hazards;
  const Words words = sql::words(step.sql, 64);
  const bool drops = are_at(words, 0, {"drop", "table"}) || are_at(words, 0, {"drop", "schema"}) ||
                     are_at(words, 0, {"drop", "materialized"}) || is_at(words, 0, "truncate") || is_at(words, 0, "delete");
  bool column = false;
  if (are_at(words, 0, {"alter", "table"})) {
    // DROP [COLUMN] name, but not DROP CONSTRAINT, DROP DEFAULT, DROP NOT NULL …
    for (size_t at = find(words, "drop"); at < words.size(); at = find(words, "drop", at + 1)) {
      constexpr std::string_view kOthers[] = {"constraint", "default", "not", "identity", "expression"};
      column |= std::ranges::none_of(kOthers, [&](auto text) { return is_at(words, at + 1, text); });
    }
  }
  return drops || column ? std::vector{plan::Hazard::data_loss} : std::vector<plan::Hazard>{};
}

std::string summary_of(const plan::Step& step) {
  if (!step.object.empty()) return comment_safe(step.object);
  std::string out;
  for (const auto& word : sql::words(step.sql, 9)) {
    if (!word.is_name() && !(word.is_symbol('.') && !out.empty())) break;
    const bool glued = word.is_symbol('.') || out.ends_with('.');
    if (!out.empty() && !glued) out += ' ';
    std::string text = word.is_symbol('.') ? "." : word.text;
    if (out.empty() || (out.size() < 30 && word.type == sql::TokenType::word && out.find(' ') == std::string::npos))
      std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    out += text;
  }
  return comment_safe(out.empty() ? "a statement" : out);
}

}  // namespace pga::migrate
