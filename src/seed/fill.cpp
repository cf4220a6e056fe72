// The whole of a database, in one transaction: tables in the order of their foreign keys, then what had to wait.
#include "seed/fill.h"

#include <algorithm>
#include <memory>

#include "base/quote.h"
#include "base/text.h"
#include "seed/finish.h"
#include "seed/order.h"
#include "seed/table_filler.h"

namespace pga::seed {
namespace {

class Filler {
 public:
  Filler(postgres::Connection& connection, const FillOptions& options, Catalog catalog)
      : connection_(connection), options_(options), catalog_(std::move(catalog)), values_(catalog_) {}
  Result<Filled> run(const schema::Database& model);

 private:
  Status settings(const schema::Database& model);
  void fill_table(const Stop& stop);
  Wish wish_for(const Table& table, const Stop& stop) const;
  void read_keys(const Table& target);
  void keep_promises(const Table& table, const Stop& stop, const std::vector<Row>& rows);
  void report(const schema::Database& model, const std::map<Oid, long long>& counts, Filled& out) const;

  postgres::Connection& connection_;
  const FillOptions& options_;
  Catalog catalog_;
  Values values_;
  ParentKeys parents_;
  std::map<Oid, TakenKeys> taken_;
  std::map<Oid, std::vector<std::pair<std::vector<int>, ParentKeys::Tuples>>> forced_;
  std::map<Oid, std::string> reasons_;
  std::set<Oid> without_triggers_;
  Finish finish_;
};

// What the session is set to, for this transaction: names resolve as the application's own do, then in every schema there is.
Status Filler::settings(const schema::Database& model) {
  std::string path = "\"$user\", public";
  for (const auto& [id, object] : model.objects) {
    if (id.kind == schema::KindId::schema && id.name() != "public") path += ", " + ident(id.name());
  }
  PGA_CHECK(
      connection_.execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = postgres; "
                          "SET LOCAL standard_conforming_strings = on; SET LOCAL row_security = off; SET LOCAL jit = off; "
                          "SET LOCAL client_min_messages = error; SET LOCAL statement_timeout = '30s'; "
                          "SET LOCAL check_function_bodies = off; SET LOCAL search_path = " +
                          path));
  // Messages are read for the names in them. Both need a superuser, as private servers have.
  if (!connection_.execute(
          "SAVEPOINT pga_seed; SET LOCAL lc_messages = 'C'; SET LOCAL session_replication_role = origin; RELEASE pga_seed")) {
    PGA_CHECK(connection_.execute("ROLLBACK TO pga_seed; RELEASE pga_seed"));
  }
  return {};
}

Wish Filler::wish_for(const Table& table, const Stop& stop) const {
  Wish wish{options_.rows, options_.null_share, stop.left_null, stop.promised, {}};
  if (table.root != 0) {
    const auto siblings = std::ranges::count_if(
        catalog_.tables, [&](const auto& each) { return each.second.root == table.root && each.second.kind == 'r'; });
    wish.rows = std::max(std::min(3, options_.rows), options_.rows / static_cast<int>(std::max<long>(siblings, 1)));
  }
  if (const auto forced = forced_.find(table.oid); forced != forced_.end()) {
    wish.forced = forced->second;
    for (const auto& [columns, tuples] : wish.forced) wish.rows = std::max(wish.rows, static_cast<int>(tuples.size()));
  }
  return wish;
}

void Filler::fill_table(const Stop& stop) {
  const Table& table = catalog_.tables.at(stop.table);
  if (table.kind == 'f') {
    reasons_[table.oid] = "a foreign table: its rows are on another server";
  } else if (table.kind == 'r') {
    const Table& through = table.root == 0 ? table : catalog_.tables.at(table.root);
    RowMaker maker(catalog_, values_, table, parents_, wish_for(table, stop), Random(options_.seed, table.name));
    TableFiller filler(connection_, catalog_, table, through, maker, taken_[through.oid]);
    if (!stop.promised.empty()) set_triggers(connection_, false);
    auto filled = filler.run();
    if (!stop.promised.empty()) set_triggers(connection_, true);
    if (filled.rows == 0) reasons_[table.oid] = filled.reason;
    if (filled.without_triggers) without_triggers_.insert(table.oid);
    for (const int column : filled.explicit_sequences)
      finish_.move_sequence(through, table.columns[static_cast<size_t>(column)].name);
    for (const size_t key : stop.left_null) finish_.set_later(table, key);
    keep_promises(table, stop, filled.promised);
    if (filled.without_triggers || !stop.promised.empty()) finish_.verify(table);
  }
  read_keys(table);
}

// Rows name keys that their targets do not have yet: the targets will be given them.
void Filler::keep_promises(const Table& table, const Stop& stop, const std::vector<Row>& rows) {
  for (const size_t place : stop.promised) {
    const auto& key = table.foreign_keys[place];
    const Table& target = catalog_.tables.at(key.target);
    std::vector<int> columns;
    for (const auto& name : key.target_columns) columns.push_back(target.position(name));
    ParentKeys::Tuples tuples;
    for (const auto& row : rows) {
      std::vector<std::string> tuple;
      for (const int column : key.columns) tuple.push_back(row[static_cast<size_t>(column)].text);
      if (std::ranges::find(tuples, tuple) == tuples.end()) tuples.push_back(std::move(tuple));
    }
    forced_[key.target].emplace_back(std::move(columns), std::move(tuples));
    for (const int column : forced_[key.target].back().first) {
      if (column >= 0 && target.columns[static_cast<size_t>(column)].sequence)
        finish_.move_sequence(target, target.columns[static_cast<size_t>(column)].name);
    }
  }
}

// The keys of a table that others refer to, for them to choose from.
void Filler::read_keys(const Table& target) {
  std::set<std::vector<std::string>> wanted;
  for (const auto& [id, table] : catalog_.tables) {
    for (const auto& key : table.foreign_keys) {
      if (key.target == target.oid) wanted.insert(key.target_columns);
    }
  }
  for (const auto& columns : wanted) {
    std::string filter;
    for (const auto& column : columns) filter += (filter.empty() ? " WHERE " : " AND ") + ident(column) + " IS NOT NULL";
    const auto rows = connection_.execute_rows("SELECT " + ident_list(columns) + " FROM " + (target.kind == 'p' ? "" : "ONLY ") +
                                               target.name + filter + " ORDER BY " + ident_list(columns) + " LIMIT 200");
    auto& tuples = parents_.of(target.oid, columns);
    for (int r = 0; rows && r < rows->size(); ++r) {
      std::vector<std::string> tuple;
      for (int c = 0; c < rows->columns(); ++c) tuple.emplace_back(rows->text(r, c));
      tuples.push_back(std::move(tuple));
    }
  }
}

void Filler::report(const schema::Database& model, const std::map<Oid, long long>& counts, Filled& out) const {
  std::map<std::vector<std::string>, Oid> by_name;
  for (const auto& [id, table] : catalog_.tables) by_name[{table.schema, table.plain_name}] = id;
  for (const auto& [id, object] : model.objects) {
    if (id.kind != schema::KindId::table) continue;
    const auto found = by_name.find(id.path);
    if (found == by_name.end()) {
      out.not_filled[id] = "it is not in this database";
      continue;
    }
    const auto count = counts.find(found->second);
    out.rows[id] = count == counts.end() ? 0 : count->second;
    const auto reason = reasons_.find(found->second);
    if (out.rows[id] == 0) {
      out.not_filled[id] = reason != reasons_.end() ? reason->second : "its rows were taken away again by a trigger or a rule";
      if (catalog_.tables.at(found->second).kind == 'p') out.not_filled[id] = "none of its partitions could be filled";
    } else if (without_triggers_.contains(found->second)) {
      out.notes[id] = "its triggers and rules were off while its rows were inserted: with them no row was accepted";
    }
  }
}

Result<Filled> Filler::run(const schema::Database& model) {
  PGA_CHECK(settings(model));
  PGA_CHECK(values_.prepare(connection_, options_.rows));
  for (const auto& stop : fill_order(catalog_)) fill_table(stop);
  finish_.run(connection_, catalog_, parents_, options_.seed);
  PGA_TRY(const auto counts, count_rows(connection_, catalog_));
  Filled out;
  report(model, counts, out);
  return out;
}

}  // namespace

Result<Filled> fill(postgres::Connection& connection, const schema::Database& model, const FillOptions& options) {
  PGA_CHECK(connection.execute("BEGIN; SET LOCAL search_path = ''"));
  auto catalog = read_tables(connection);
  Result<Filled> filled = tl::unexpected(Error{});
  if (catalog) {
    // Only the model's own tables: those of extensions are theirs.
    std::set<std::vector<std::string>> wanted;
    for (const auto& [id, object] : model.objects) {
      if (id.kind == schema::KindId::table) wanted.insert(id.path);
    }
    std::erase_if(catalog->tables, [&](const auto& each) {
      return !wanted.contains({each.second.schema, each.second.plain_name});
    });
    filled = Filler(connection, options, std::move(*catalog)).run(model);
  } else {
    filled = fail(catalog.error());
  }
  if (!filled) {
    (void)connection.execute("ROLLBACK");
    return filled;
  }
  PGA_CHECK(connection.execute("COMMIT"));
  return filled;
}

}  // namespace pga::seed
