#include "proof/rows.h"

#include <algorithm>
#include <optional>

#include "base/quote.h"
#include "base/text.h"
#include "proof_embedded.h"

namespace pga::proof {
namespace {

using postgres::Connection;

struct Column {
  std::string name;  // as it is
  std::string type;
};

struct Stored {
  std::string from;  // "ONLY public.users"; a partitioned table with all its parts
  std::vector<Column> columns;
};

using Tables = std::map<std::string, Stored>;  // by quoted name

// Partitions are counted in the table that they are parts of.
struct Storage {
  Tables tables;
  Tables leaves;                               // partitions that hold rows
  std::map<std::string, std::string> root_of;  // of each leaf; both quoted
};

struct Pair {  // a column on both sides
  std::string label;
  std::string before, after;  // expressions that give text
  bool converted = false;
};

struct Compared {  // a table on both sides
  std::string name;
  std::string before, after;  // FROM items
  std::vector<Pair> columns;
};

Result<Storage> storage_of(Connection& connection) {
  PGA_TRY(const auto rows, connection.query(embedded::proof::queries_row_columns));
  Storage out;
  for (int r = 0; r < rows.size(); ++r) {
    const std::string name = ident({rows.text(r, 0), rows.text(r, 1)});
    const bool partition = !rows.is_null(r, 5);
    if (partition && rows.text(r, 2) != "r") continue;
    if (partition) out.root_of[name] = ident({rows.text(r, 5), rows.text(r, 6)});
    auto& table = (partition ? out.leaves : out.tables)[name];
    table.from = (rows.text(r, 2) == "r" ? "ONLY " : "") + name;
    if (!rows.is_null(r, 3)) table.columns.push_back({std::string(rows.text(r, 3)), std::string(rows.text(r, 4))});
  }
  return out;
}

// The table with the others that hold rows which are its own on the other side: partitions that leave it or join it.
std::string together(const Stored& table, const std::vector<const Stored*>& others) {
  std::vector<std::string> columns;
  for (const auto& column : table.columns) columns.push_back(ident(column.name));
  const std::string list = join(columns, ", ");
  std::string out = "SELECT " + list + " FROM " + table.from;
  for (const Stored* other : others) {
    const auto has = [&](const Column& wanted) {
      return std::ranges::any_of(other->columns, [&](const Column& c) { return c.name == wanted.name; });
    };
    if (std::ranges::all_of(table.columns, has)) out += " UNION ALL SELECT " + list + " FROM " + other->from;
  }
  return "(" + out + ") AS rows_of_all_parts";
}

// Where the rows of a leaf of `root` are in `storage`, when they are not in `root` there; null: nowhere else.
const Stored* elsewhere(const Storage& storage, const std::string& leaf, const std::string& root) {
  if (const auto alone = storage.tables.find(leaf); alone != storage.tables.end()) return leaf == root ? nullptr : &alone->second;
  const auto part = storage.root_of.find(leaf);
  return part == storage.root_of.end() || part->second == root ? nullptr : &storage.leaves.at(leaf);
}

// The value cast to the type that it has later; as its own text where there is no such cast or type.
std::string converted(Connection& before, const Column& column, const std::string& type) {
  const std::string plain = ident(column.name) + "::text";
  const std::string cast = "(" + ident(column.name) + "::" + type + ")::text";
  const auto possible =
      before.query("SELECT " + cast + " FROM (SELECT NULL::" + column.type + " AS " + ident(column.name) + ") x");
  return possible ? cast : plain;
}

std::string new_name(const Renames& renames, const std::string& name) {
  const auto found = renames.find(name);
  return found == renames.end() ? name : found->second;
}

Compared pair_of(Connection& connection, const std::string& name, const Stored& before, const std::string& later,
                 const Stored& after, const Renames& renames) {
  Compared out{name, before.from, after.from, {}};
  for (const auto& column : before.columns) {
    const std::string label = name + "." + ident(column.name);
    std::string wanted = new_name(renames, label);
    if (wanted == label) wanted = later + "." + ident(column.name);
    const auto other =
        std::ranges::find_if(after.columns, [&](const Column& c) { return later + "." + ident(c.name) == wanted; });
    if (other == after.columns.end()) continue;
    const bool same = other->type == column.type;
    out.columns.push_back({label, same ? ident(column.name) + "::text" : converted(connection, column, other->type),
                           ident(other->name) + "::text", !same});
  }
  return out;
}

std::string sum_of(const std::string& from, const std::vector<std::string>& expressions) {
  return "SELECT count(*), COALESCE(sum(hashtextextended(ROW(" + join(expressions, ", ") +
         ")::text COLLATE \"C\", 0)::numeric), 0) FROM " + from;
}

std::vector<std::string> expressions(const Compared& table, bool before, bool with_converted) {
  std::vector<std::string> out;
  for (const auto& column : table.columns) {
    if (with_converted || !column.converted) out.push_back(before ? column.before : column.after);
  }
  return out;
}

std::string counted(long long before, long long after) {
  return std::to_string(before) + (before == 1 ? " row" : " rows") + " before, " + std::to_string(after) + " after";
}

class RowJudge {
 public:
  RowJudge(Connection& before, Connection& after) : before_(before), after_(after) {}

  Result<RowComparison> compare(const Renames& renames) {
    PGA_TRY(const auto had, storage_of(before_));
    PGA_TRY(const auto has, storage_of(after_));
    std::map<std::string, std::string> old_name;
    for (const auto& tables : {&had.tables, &had.leaves}) {
      for (const auto& [name, table] : *tables) old_name[new_name(renames, name)] = name;
    }
    std::vector<Compared> pairs;
    for (const auto& [name, table] : had.tables) {
      const std::string later = new_name(renames, name);
      const auto other = has.tables.find(later);
      if (other == has.tables.end()) continue;
      std::vector<const Stored*> left, joined;
      for (const auto& [leaf, root] : had.root_of) {
        const auto* stored = root == name ? elsewhere(has, new_name(renames, leaf), later) : nullptr;
        if (stored != nullptr) left.push_back(stored);
      }
      for (const auto& [leaf, root] : has.root_of) {
        const auto old = old_name.find(leaf);
        const auto* stored = root == later && old != old_name.end() ? elsewhere(had, old->second, name) : nullptr;
        if (stored != nullptr) joined.push_back(stored);
      }
      pairs.push_back(pair_of(before_, name, table, later, other->second, renames));
      if (!joined.empty()) pairs.back().before = together(table, joined);
      if (!left.empty()) pairs.back().after = together(other->second, left);
    }
    PGA_CHECK(sums(had.tables, pairs));
    PGA_CHECK(sequences(renames));
    return std::move(result_);
  }

 private:
  Status sums(const Tables& had, const std::vector<Compared>& pairs) {
    std::vector<std::string> counts, before, after;
    for (const auto& [name, table] : had) counts.push_back("SELECT EXISTS (SELECT FROM " + table.from + ")");
    for (const auto& pair : pairs) {
      before.push_back(sum_of(pair.before, expressions(pair, true, true)));
      after.push_back(sum_of(pair.after, expressions(pair, false, true)));
    }
    PGA_TRY(const auto exist, before_.pipeline(counts));
    size_t at = 0;
    for (const auto& [name, table] : had) {
      if (!exist[at++].flag(0, 0)) result_.empty_tables.push_back(name);
    }
    PGA_TRY(const auto left, before_.pipeline(before));
    PGA_TRY(const auto right, after_.pipeline(after));
    for (size_t i = 0; i < pairs.size(); ++i) {
      const long long rows = left[i].integer(0, 0);
      if (rows > 0) {
        ++result_.tables;
        result_.columns += static_cast<int>(pairs[i].columns.size());
      }
      if (rows != right[i].integer(0, 0)) {
        result_.differences.push_back({"table " + pairs[i].name, counted(rows, right[i].integer(0, 0))});
      } else if (left[i].text(0, 1) != right[i].text(0, 1)) {
        PGA_CHECK(find_columns(pairs[i]));
      }
    }
    return {};
  }

  // The sums of a table differ: in which columns?
  Status find_columns(const Compared& table) {
    bool found = false;
    for (const auto& column : table.columns) {
      PGA_TRY(const auto left, before_.query(sum_of(table.before, {column.before})));
      PGA_TRY(const auto right, after_.query(sum_of(table.after, {column.after})));
      if (left.text(0, 1) == right.text(0, 1)) continue;
      found = true;
      auto& list = column.converted ? result_.converted : result_.differences;
      list.push_back({"column " + column.label, column.converted ? "the values of its other type are not the same under a cast"
                                                                 : "other values than before"});
    }
    if (found) return {};
    result_.differences.push_back({"table " + table.name, "the same values, but not in the same rows"});
    return {};
  }

  Status sequences(const Renames& renames) {
    static constexpr std::string_view kQuery =
        "SELECT schemaname, sequencename, last_value, increment_by < 0 FROM pg_sequences WHERE last_value IS NOT NULL "
        "AND schemaname NOT IN ('pgarchitect', 'pgarchitect_parked') ORDER BY 1, 2";
    PGA_TRY(const auto had, before_.query(kQuery));
    PGA_TRY(const auto all, after_.query("SELECT schemaname, sequencename, last_value FROM pg_sequences"));
    std::map<std::string, std::optional<long long>> has;
    for (int r = 0; r < all.size(); ++r) {
      has[ident({all.text(r, 0), all.text(r, 1)})] = all.is_null(r, 2) ? std::optional<long long>() : all.integer(r, 2);
    }
    for (int r = 0; r < had.size(); ++r) {
      const std::string name = ident({had.text(r, 0), had.text(r, 1)});
      const auto other = has.find(new_name(renames, name));
      if (other == has.end()) continue;
      const long long before = had.integer(r, 2);
      const bool falls = had.flag(r, 3);
      if (other->second && (falls ? *other->second <= before : *other->second >= before)) continue;
      result_.differences.push_back(
          {"sequence " + name, "at " + std::to_string(before) + " before, " +
                                   (other->second ? "at " + std::to_string(*other->second) : "not used") +
                                   " after: it would give the same numbers again"});
    }
    return {};
  }

  Connection& before_;
  Connection& after_;
  RowComparison result_;
};

}  // namespace

Result<RowComparison> compare_rows(Connection& before, Connection& after, const Renames& renames) {
  for (Connection* connection : {&before, &after}) {
    PGA_CHECK(connection->execute("SET row_security = off; SET jit = off; SET max_parallel_workers_per_gather = 0"));
  }
  return RowJudge(before, after).compare(renames);
}

}  // namespace pga::proof
