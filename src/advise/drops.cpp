#include "advise/drops.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::advise {
namespace {

bool same_table(const ExistingIndex& a, const ExistingIndex& b) {
  return a.table_schema == b.table_schema && a.table == b.table;
}

bool protected_from_drop(const ExistingIndex& index) {
  return index.backs_constraint || index.backs_foreign_key || index.replica_identity || index.clustered;
}

bool same(const ExistingIndex& a, const ExistingIndex& b) {
  return same_table(a, b) && a.method == b.method && a.keys == b.keys && a.included == b.included && a.predicate == b.predicate;
}

// Everything that `small` answers, `large` answers: its keys are the first of the other's, what it includes is there as well.
bool covers(const ExistingIndex& large, const ExistingIndex& small) {
  if (!same_table(large, small) || large.method != "btree" || small.method != "btree" || large.predicate != small.predicate)
    return false;
  if (small.keys.size() > large.keys.size() || !std::equal(small.keys.begin(), small.keys.end(), large.keys.begin()))
    return false;
  if (small.keys.size() == large.keys.size() && small.included.size() >= large.included.size() &&
      small.included != large.included)
    return false;
  return std::ranges::all_of(small.included, [&](const std::string& column) {
    return std::ranges::find(large.included, column) != large.included.end() ||
           std::ranges::any_of(large.keys, [&](const std::string& key) { return key.starts_with(column + " "); });
  });
}

// The first keys of the index are the columns of the foreign key, in any order.
bool supports(const ExistingIndex& index, const ForeignKey& key) {
  if (index.table_schema != key.schema || index.table != key.table || index.method != "btree" || !index.predicate.empty())
    return false;
  if (index.columns.size() < key.columns.size() || index.columns.size() != index.keys.size()) return false;
  std::set<std::string> first(index.columns.begin(), index.columns.begin() + static_cast<long>(key.columns.size()));
  return first == std::set<std::string>(key.columns.begin(), key.columns.end());
}

std::string name_of(const ExistingIndex& index) {
  return ident({index.schema, index.name});
}

}  // namespace

Result<Usage> read_usage(postgres::Connection& connection) {
  PGA_CHECK(connection.execute("BEGIN READ ONLY; SET LOCAL statement_timeout = 60000; SET LOCAL search_path = ''"));
  auto rows = connection.query(
      "SELECT s.schemaname, s.indexrelname, s.idx_scan, i.indisvalid FROM pg_catalog.pg_stat_user_indexes s JOIN "
      "pg_catalog.pg_index i ON i.indexrelid = s.indexrelid ORDER BY 1, 2");
  auto since = connection.query(
      "SELECT extract(epoch FROM now() - coalesce(stats_reset, pg_catalog.pg_postmaster_start_time())) / 86400 FROM "
      "pg_catalog.pg_stat_database WHERE datname = current_database()");
  PGA_CHECK(connection.execute("ROLLBACK"));
  if (!rows) return fail(rows.error());
  if (!since) return fail(since.error());
  Usage out;
  for (int r = 0; r < rows->size(); ++r)
    out.indexes.push_back({std::string(rows->text(r, 0)), std::string(rows->text(r, 1)), rows->integer(r, 2), rows->flag(r, 3)});
  out.days = std::strtod(std::string(since->text(0, 0)).c_str(), nullptr);
  return out;
}

Result<std::vector<Drop>> drops_of(const Catalog& catalog, const Usage* usage, const std::vector<ExistingIndex>& advised,
                                   const std::function<Result<bool>(const std::set<long long>&)>& harmless,
                                   const DropOptions& options) {
  const auto& indexes = catalog.indexes();
  std::vector<Drop> out;
  std::set<long long> gone;
  // Whether each foreign key that the index supports has another support among what stays.
  const auto last_support = [&](const ExistingIndex& index) {
    return std::ranges::any_of(catalog.foreign_keys(), [&](const ForeignKey& key) {
      if (!supports(index, key)) return false;
      const auto other = [&](const ExistingIndex& one) {
        return one.oid != index.oid && !gone.contains(one.oid) && supports(one, key);
      };
      return std::ranges::none_of(indexes, other) && std::ranges::none_of(advised, other);
    });
  };
  const auto take = [&](const ExistingIndex& index, const char* kind, std::string reason) -> Status {
    if (gone.contains(index.oid) || last_support(index)) return {};
    auto all = gone;
    all.insert(index.oid);
    PGA_TRY(const bool free, harmless(all));
    if (!free) return {};
    gone = std::move(all);
    out.push_back({index.schema, index.name, kind, std::move(reason), index.definition, index.bytes, index.oid});
    return {};
  };
  const auto usage_of = [&](const ExistingIndex& index) -> const IndexUsage* {
    if (usage == nullptr) return nullptr;
    const auto it = std::ranges::find_if(
        usage->indexes, [&](const IndexUsage& one) { return one.schema == index.schema && one.name == index.name; });
    return it == usage->indexes.end() ? nullptr : &*it;
  };
  for (const auto& index : indexes) {
    const auto* used = usage_of(index);
    if (used == nullptr || used->valid || protected_from_drop(index)) continue;
    PGA_CHECK(take(index, "invalid",
                   "a concurrent build of it failed: it is kept up to date and never read; build it again or drop it"));
  }
  for (const auto& index : indexes) {
    if (protected_from_drop(index)) continue;
    for (const auto& other : indexes) {
      if (other.oid == index.oid || gone.contains(other.oid)) continue;
      // Of two that are the same the protected one stays, the unique one, then the older.
      const bool stays =
          protected_from_drop(other) || other.unique != index.unique ? (other.unique || !index.unique) : other.oid < index.oid;
      if (!same(index, other) || !stays || (index.unique && !other.unique)) continue;
      PGA_CHECK(take(index, "duplicate", "the same as " + name_of(other)));
      break;
    }
  }
  std::vector<const ExistingIndex*> larger;
  for (const auto& other : indexes) larger.push_back(&other);
  for (const auto& other : advised) larger.push_back(&other);
  for (const auto& index : indexes) {
    if (protected_from_drop(index) || index.unique) continue;
    for (const auto* other : larger) {
      if (other->oid == index.oid || gone.contains(other->oid) || same(*other, index) || !covers(*other, index)) continue;
      PGA_CHECK(take(index, "redundant",
                     "everything that it answers is answered by " + name_of(*other) + ", which begins with the same columns"));
      break;
    }
  }
  if (usage != nullptr && usage->days >= options.least_days) {
    for (const auto& index : indexes) {
      const auto* used = usage_of(index);
      if (used == nullptr || used->scans > 0 || protected_from_drop(index) || index.unique) continue;
      PGA_CHECK(take(index, "unused",
                     fmt::format("not read once in the {:.0f} days since the counters were reset (standbys count for themselves)",
                                 usage->days)));
    }
  }
  return out;
}

}  // namespace pga::advise
