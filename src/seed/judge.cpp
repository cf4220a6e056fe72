#include "seed/judge.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::seed {

std::string sql_of(const Cell& cell) {
  if (cell.what == Cell::What::text) return literal(cell.text);
  return cell.what == Cell::What::null ? "NULL" : "DEFAULT";
}

Judge::Judge(postgres::Connection& connection, const Catalog& catalog, const Table& table)
    : connection_(connection), catalog_(catalog), table_(table), how_(table.checks.size(), How::together) {
  std::set<int> wanted;
  for (size_t i = 0; i < table.checks.size(); ++i) {
    const auto& some = table.checks[i].deciding;
    wanted.insert(some.begin(), some.end());
    for (const int column : table.checks[i].columns) {
      const bool fresh = std::ranges::find(generated_, column) == generated_.end();
      if (fresh && table.columns[static_cast<size_t>(column)].generated) generated_.push_back(column);
    }
  }
  columns_.assign(wanted.begin(), wanted.end());
}

// Only the first row says its types: the others' literals take them over.
std::string Judge::cell(const Row& row, int column, uint64_t number, bool typed) const {
  const Column& at = table_.columns[static_cast<size_t>(column)];
  const Cell& value = row[static_cast<size_t>(column)];
  std::string out;
  if (value.what == Cell::What::by_default) {
    out = at.sequence ? std::to_string(number + 1) : "(" + at.expression + ")";
  } else {
    out = sql_of(value);
  }
  if (!typed) return out;
  int modifier = at.modifier;
  return "(" + out + ")::" + catalog_.type(catalog_.base_of(at.type, modifier)).name;
}

std::string Judge::from(const std::vector<const Row*>& rows) const {
  std::string out = "(VALUES ";
  for (size_t r = 0; r < rows.size(); ++r) {
    out += (r == 0 ? "(" : ",(") + std::to_string(r);
    for (const int column : columns_) out += "," + cell(*rows[r], column, r, r == 0);
    out += ")";
  }
  std::string names = "pga_row";
  for (const int column : columns_) names += ", " + ident(table_.columns[static_cast<size_t>(column)].name);
  const std::string alias = ident(table_.plain_name);
  out += ") AS " + alias + "(" + names + ")";
  if (generated_.empty()) return out;
  std::string computed;
  for (const int column : generated_) {
    const Column& at = table_.columns[static_cast<size_t>(column)];
    computed += ", (" + at.expression + ") AS " + ident(at.name);
  }
  return "(SELECT *" + computed + " FROM " + out + ") AS " + alias;
}

bool Judge::ask(const std::vector<size_t>& checks, const std::vector<const Row*>& rows, const std::vector<size_t>& places,
                std::vector<std::vector<size_t>>& out) {
  if (checks.empty() || rows.empty()) return true;
  std::string sql = "SAVEPOINT pga_judge; SELECT pga_row";
  for (const size_t check : checks) sql += ", (" + table_.checks[check].expression + ") IS NOT FALSE";
  const auto answers = connection_.execute_rows(sql + " FROM " + from(rows));
  if (answers) {
    (void)connection_.execute("RELEASE pga_judge");
  } else {
    (void)connection_.execute("ROLLBACK TO pga_judge; RELEASE pga_judge");
    return false;
  }
  for (int r = 0; r < answers->size(); ++r) {
    const auto row = static_cast<size_t>(answers->integer(r, 0));
    for (size_t c = 0; c < checks.size(); ++c) {
      if (!answers->flag(r, static_cast<int>(c) + 1)) out[places[row]].push_back(checks[c]);
    }
  }
  return true;
}

std::vector<std::vector<size_t>> Judge::failed(const std::vector<Row>& rows) {
  std::vector<std::vector<size_t>> out(rows.size());
  std::vector<const Row*> all;
  std::vector<size_t> places;
  for (size_t r = 0; r < rows.size(); ++r) {
    all.push_back(&rows[r]);
    places.push_back(r);
  }
  std::vector<size_t> together;
  for (size_t i = 0; i < how_.size(); ++i) {
    if (how_[i] == How::together) together.push_back(i);
  }
  if (!ask(together, all, places, out)) {
    for (const size_t check : together) how_[check] = together.size() == 1 ? How::each_row : How::alone;
  }
  for (size_t i = 0; i < how_.size(); ++i) {
    if (how_[i] == How::alone && !ask({i}, all, places, out)) how_[i] = How::each_row;
    if (how_[i] != How::each_row) continue;
    bool any = false;
    for (size_t r = 0; r < rows.size(); ++r) {
      const bool possible = ask({i}, {&rows[r]}, {r}, out);
      any |= possible;
      if (!possible) out[r].push_back(i);
    }
    if (any) continue;
    how_[i] = How::never;  // it wants the table's own row type, or the like: the insert will tell
    for (auto& each : out) std::erase(each, i);
  }
  return out;
}

}  // namespace pga::seed
