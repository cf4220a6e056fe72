// A draft as SQL that runs on the current schema: functions and types, tables with their rules, comments, indexes, triggers and
// policies, then what stands on several tables. A table comes after those that it references.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "base/quote.h"
#include "base/text.h"
#include "design/draft.h"

namespace pga::design {
namespace {

std::string column_sql(const Column& column) {
  const bool identity = column.tail.find("AS IDENTITY") != std::string::npos;
  return ident(column.name) + " " + column.type + (column.required && !identity ? " NOT NULL" : "") +
         (column.tail.empty() ? "" : " " + column.tail);
}

// A comment's text never ends the line that it stands in.
std::string one_line(const std::string& text) {
  return replace_all(replace_all(text, "\n", " "), "\r", " ");
}

// When the row was written, changed and deleted stand last, as people look for them there.
int place_of(const Column& column) {
  static constexpr std::array<std::string_view, 4> kLast = {"created_at", "updated_at", "edited_at", "deleted_at"};
  const auto found = std::ranges::find(kLast, column.name);
  return found == kLast.end() ? 0 : 1 + static_cast<int>(found - kLast.begin());
}

void create_table(const Table& table, std::string& out) {
  std::vector<std::string> lines;
  auto columns = table.columns;
  std::ranges::stable_sort(columns, {}, place_of);
  for (const auto& column : columns) lines.push_back("  " + column_sql(column));
  for (const auto& rule : table.rules) {
    const std::string sql = "  CONSTRAINT " + ident(rule.name) + " " + rule.sql;
    lines.push_back(rule.why.empty() ? sql : "  -- " + one_line(rule.why) + "\n" + sql);
  }
  out += "CREATE TABLE " + table.sql_name() + " (\n";
  for (size_t i = 0; i < lines.size(); ++i) out += lines[i] + (i + 1 < lines.size() ? ",\n" : "\n");
  out += ")" + (table.storage.empty() ? std::string() : " " + table.storage) + ";\n";
}

void alter_table(const Table& table, std::string& out) {
  const std::string head = "ALTER TABLE " + table.sql_name() + " ADD ";
  for (const auto& column : table.columns) out += head + "COLUMN " + column_sql(column) + ";\n";
  for (const auto& rule : table.rules) {
    if (!rule.why.empty()) out += "-- " + one_line(rule.why) + "\n";
    out += head + "CONSTRAINT " + ident(rule.name) + " " + rule.sql + ";\n";
  }
}

std::string table_sql(const Table& table) {
  std::string out;
  if (table.existing) {
    alter_table(table, out);
  } else {
    create_table(table, out);
  }
  if (!table.comment.empty()) out += "COMMENT ON TABLE " + table.sql_name() + " IS " + literal(table.comment) + ";\n";
  for (const auto& column : table.columns) {
    if (column.comment.empty()) continue;
    out += "COMMENT ON COLUMN " + table.sql_name() + "." + ident(column.name) + " IS " + literal(column.comment) + ";\n";
  }
  for (const auto& index : table.indexes) {
    out += "-- Serves: " + one_line(index.serves) + "\n";
    out += std::string("CREATE ") + (index.unique ? "UNIQUE " : "") + "INDEX " + ident(index.name) + " ON " + table.sql_name() +
           " " + index.tail + ";\n";
  }
  for (const auto& sql : table.afters) out += sql + "\n";
  return out;
}

bool changes(const Table& table) {
  return !table.existing || !table.columns.empty() || !table.rules.empty() || !table.indexes.empty() || !table.afters.empty();
}

// The tables in an order in which each comes after those that its rules name; a circle is left as it stands.
std::vector<const Table*> in_order(const std::deque<Table>& tables) {
  std::vector<const Table*> out;
  std::set<const Table*> seen;
  const std::function<void(const Table&)> visit = [&](const Table& table) {
    if (!seen.insert(&table).second) return;
    for (const auto& other : tables) {
      const std::string needle = "REFERENCES " + other.sql_name() + " ";
      const bool needed =
          std::ranges::any_of(table.rules, [&](const Rule& r) { return r.sql.find(needle) != std::string::npos; });
      if (&other != &table && needed) visit(other);
    }
    out.push_back(&table);
  };
  for (const auto& table : tables) visit(table);
  return out;
}

Status check_answers(const Options& options, const std::vector<request::Decision>& decisions) {
  for (const auto& [id, answer] : options.answers) {
    const auto found = std::ranges::find(decisions, id, &request::Decision::id);
    std::vector<std::string> known;
    if (found == decisions.end()) {
      for (const auto& one : decisions) known.push_back(one.id);
      return fail("unknown-answer", "no question has the id '" + id + "'",
                  known.empty() ? "this request raises no question" : "there are: " + join(known, ", "));
    }
    if (std::ranges::find(found->options, answer, &request::Option::id) != found->options.end()) continue;
    for (const auto& one : found->options) known.push_back(one.id);
    return fail("unknown-answer", "'" + answer + "' is no option of " + id, "there are: " + join(known, ", "));
  }
  return {};
}

}  // namespace

Result<Designed> Draft::write(const request::Understood& understood) {
  out_.statements = understood.statements;
  out_.assumptions.insert(out_.assumptions.begin(), understood.assumptions.begin(), understood.assumptions.end());
  PGA_CHECK(check_answers(options_, out_.decisions));
  std::ranges::stable_sort(out_.decisions, std::greater<>(), &request::Decision::weight);
  std::vector<std::string> parts;
  for (const auto& [name, sql] : before_) parts.push_back(sql + "\n");
  for (const Table* table : in_order(tables_)) {
    if (!changes(*table)) continue;
    const std::string sql = table_sql(*table);
    out_.tables.push_back({table->schema == "public" ? table->name : table->schema + "." + table->name, table->existing, sql,
                           table->relationships});
    parts.push_back(sql);
  }
  for (const auto& [name, sql] : behind_) parts.push_back(sql + "\n");
  out_.sql = join(parts, "\n");
  return std::move(out_);
}

}  // namespace pga::design
