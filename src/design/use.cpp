// How the data is read: indexes for the paths that were said, each with its query.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "design/build.h"
#include "design/columns.h"

namespace pga::design {
namespace {

using request::Filter;
using request::Meaning;
using request::Statement;

// The column that the words mean: as said, with _id, or one that ends so; "" none.
std::string resolve(Build& build, Table& table, const std::string& said) {
  for (const auto& name : {said, said + "_id", said + "_at", said + "_on"}) {
    if (table.has(name)) return name;
  }
  // "in time order" of what has a range of time: by its beginning.
  if (said == "starts_at" || said == "time" || said == "date" || said == "start") {
    for (const auto& column : table.columns) {
      if (column.type == "tstzrange" || column.type == "daterange") return "lower(" + ident(column.name) + ")";
    }
  }
  if (table.existing) {
    const auto* known = build.draft.current().find(table.schema + "." + table.name);
    for (const auto& column : known->columns) {
      if (column.name.ends_with("_" + said) || column.name.starts_with(said + "_")) return column.name;
    }
    return "";
  }
  add_attribute(build.draft, table, {.name = said});
  return table.has(said) ? said : "";
}

// A column, or an expression as it is.
std::string written(const std::string& column) {
  return column.find('(') == std::string::npos ? ident(column) : column;
}

struct Path {
  std::vector<std::string> equal, order;
  std::string range, special;  // special: a column searched by its words or parts
  std::string special_kind;
};

Path path_of(Build& build, Table& table, const Statement& statement) {
  Path out;
  for (const auto& filter : statement.filters) {
    const std::string column = resolve(build, table, filter.column);
    if (column.empty()) {
      build.draft.warn("no-column-" + table.name + "-" + filter.column,
                       "No column of " + table.name + " is what the request calls " + filter.column + ".",
                       "name the column, or say what it is");
      continue;
    }
    if (filter.kind == "contains" || filter.kind == "text") {
      out.special = column;
      out.special_kind = filter.kind;
    } else if (filter.kind == "range" || filter.kind == "prefix" || filter.kind == "overlap" || filter.kind == "near") {
      out.range = column;
    } else if (std::ranges::find(out.equal, column) == out.equal.end()) {
      out.equal.push_back(column);
    }
  }
  for (const auto& order : statement.order) {
    const std::string column = resolve(build, table, order.column);
    if (!column.empty()) out.order.push_back(column + (order.descending ? " DESC" : ""));
  }
  return out;
}

void add_path(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  Table* found = draft.find(statement.subject);
  if (found == nullptr) {
    draft.warn("no-table-" + statement.subject, "There is no table of " + statement.subject + " to read.", "describe it first");
    return;
  }
  Table& table = *found;
  Path path = path_of(build, table, statement);
  if (!path.special.empty()) {
    if (!draft.current().has_extension("pg_trgm")) draft.before("pg_trgm", "CREATE EXTENSION IF NOT EXISTS pg_trgm;");
    table.special_index({"idx_" + table.name + "_" + path.special + "_trgm", false,
                         "USING gin (" + ident(path.special) + " gin_trgm_ops)", statement.paraphrase + " (LIKE '%…%')"});
  }
  std::vector<std::string> columns = path.equal;
  const auto already = [&](const std::string& name) {
    return std::ranges::any_of(columns, [&](const std::string& c) { return c == name || c.starts_with(name + " "); });
  };
  std::string order_by;
  if (path.order.empty() && !path.range.empty() && statement.meaning == Meaning::slow) {
    std::string order = "range";
    for (const auto& decision : build.understood.decisions) {
      if (decision.id.ends_with("-query-order")) order = draft.decide(decision);
      if (decision.id.ends_with("-type-share") || decision.id.ends_with("-share")) (void)draft.decide(decision);
    }
    if (order == "range") order_by = " ORDER BY " + written(path.range);
  }
  // Order before another range: an index that ends in the order spares the sort; when both are the same column it does both.
  for (const auto& order : path.order) {
    if (!already(order.substr(0, order.find(' ')))) columns.push_back(order);
  }
  if (!path.range.empty() && !already(path.range)) columns.push_back(path.range);
  if (columns.empty()) return;
  const auto* known = table.existing ? draft.current().find(table.schema + "." + table.name) : nullptr;
  std::vector<std::string> plain;
  for (const auto& column : columns) plain.push_back(column.substr(0, column.find(' ')));
  const auto covers = [&](const std::vector<std::string>& index) {
    return index.size() >= plain.size() && std::equal(plain.begin(), plain.end(), index.begin());
  };
  if (known != nullptr && std::ranges::any_of(known->indexes, covers)) {
    draft.warn("index-exists",
               fmt::format("An index of {} begins with ({}) already: it serves this query.", table.name, join(plain, ", ")),
               "if it is still slow, look at the plan: EXPLAIN (ANALYZE, BUFFERS)");
    return;
  }
  table.index(columns, statement.paraphrase);
  std::vector<std::string> conditions;
  int parameter = 1;
  for (const auto& column : path.equal) conditions.push_back(fmt::format("{} = ${}", written(column), parameter++));
  if (!path.range.empty()) {
    conditions.push_back(
        fmt::format("{} >= ${} AND {} < ${}", written(path.range), parameter, written(path.range), parameter + 1));
  }
  if (!path.order.empty()) {
    std::vector<std::string> items;
    for (const auto& order : path.order)
      items.push_back(written(order.substr(0, order.find(' '))) + (order.ends_with(" DESC") ? " DESC" : ""));
    order_by = " ORDER BY " + join(items, ", ");
  }
  draft.query(
      statement.paraphrase,
      fmt::format("SELECT * FROM {}{}{}{}", table.sql_name(), conditions.empty() ? "" : " WHERE " + join(conditions, " AND "),
                  order_by, statement.page ? fmt::format(" LIMIT {}", *statement.page) : ""),
      "idx_" + table.name + "_" + join(plain, "_"));
  if (!path.equal.empty() && !path.range.empty())
    draft.assume(
        "I-order",
        fmt::format(
            "the index leads with {}, then {}: rows that share the first stand together, so the range is one stretch of it",
            join(path.equal, ", "), path.range),
        "`pgarchitect index --db …` weighs it by the statistics of your rows");
  draft.warn(
      "write-cost",
      fmt::format("Each insert into {} writes one index more; an UPDATE of {} cannot be HOT.", table.name, join(plain, " or ")),
      "");
}

// "orders per customer": counted by an index of what it is asked for; the sum itself is calculated.
void aggregate(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  std::string subject = statement.subject;
  if (subject.empty() && !statement.names.empty()) subject = statement.names[0];
  Table* table = draft.find(subject);
  if (table == nullptr) {
    draft.warn("aggregate-" + subject, "Nothing is called " + subject + " that could be summed: " + statement.paraphrase,
               "say of which table: `count orders per customer`");
    return;
  }
  std::vector<std::string> columns, shown;
  for (const auto& filter : statement.filters) {
    static constexpr std::array<std::string_view, 5> kPeriods = {"day", "week", "month", "quarter", "year"};
    if (std::ranges::find(kPeriods, filter.column) != kPeriods.end()) {
      for (const char* at : {"placed_at", "paid_at", "at", "starts_at", "created_at"}) {
        if (!table->has(at)) continue;
        shown.push_back("date_trunc('" + filter.column + "', " + ident(at) + ")");
        columns.emplace_back(at);
        break;
      }
      continue;
    }
    for (const auto& name : {filter.column, filter.column + "_id"}) {
      if (!table->has(name)) continue;
      columns.push_back(name);
      shown.push_back(ident(name));
      break;
    }
  }
  const bool counts = statement.action == "count" || singular_of(subject) == singular_of(table->name);
  std::string what = "count(*)";
  if (!counts || (!statement.names.empty() && table->has(statement.names[0]))) {
    const std::string name = statement.names.empty() ? "" : statement.names[0];
    if (table->has(name)) what = (statement.action == "average" ? "avg(" : "sum(") + ident(name) + ")";
  }
  if (columns.empty()) return;
  table->index(columns, statement.paraphrase);
  draft.query(statement.paraphrase,
              fmt::format("SELECT {0}, {1} FROM {2} GROUP BY {0}", join(shown, ", "), what, table->sql_name()),
              "idx_" + table->name + "_" + join(columns, "_"));
}

}  // namespace

void build_use(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.negated) continue;
    because(build, statement);
    switch (statement.meaning) {
      case Meaning::slow:
      case Meaning::access:
        add_path(build, statement);
        break;
      case Meaning::index: {
        Table* table = build.draft.find(statement.subject);
        if (table == nullptr) break;
        std::vector<std::string> columns;
        for (const auto& name : statement.names) {
          if (const auto column = resolve(build, *table, name); !column.empty()) columns.push_back(column);
        }
        if (!columns.empty()) table->index(columns, statement.paraphrase);
        break;
      }
      case Meaning::ranking: {
        Table* table = build.draft.find(statement.subject);
        if (table == nullptr || statement.names.empty()) break;
        std::vector<std::string> columns;
        if (!statement.scope.empty()) {
          if (const auto scope = resolve(build, *table, statement.scope); !scope.empty()) columns.push_back(scope);
        }
        if (const auto by = resolve(build, *table, statement.names[0]); !by.empty()) columns.push_back(by + " DESC");
        if (!columns.empty()) table->index(columns, statement.paraphrase);
        break;
      }
      case Meaning::aggregate:
        aggregate(build, statement);
        break;
      default:
        break;
    }
  }
}

}  // namespace pga::design
