// What the planner knows of a database beside its structure: sizes, column statistics, extended statistics, settings. Read from
// a live server (read_statistics.h), kept as a file (statistics_json.h), put into a private one (twin.h).
//
// Everything is by name. Numbers that the catalogs keep as float4 stay text, so that they come back bit for bit.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace pga::postgres::twin {

// The counters of a GIN index's metapage, which its cost estimate reads.
struct GinPages {
  long long pending = 0, total = 0, entry = 0, data = 0, entries = 0;
  friend bool operator==(const GinPages&, const GinPages&) = default;
};

struct RelationStatistics {
  std::string schema, name;
  char kind = 'r';                  // pg_class.relkind: r, p, m, i, I
  std::string tuples = "-1";        // pg_class.reltuples
  long long pages = 0;              // pg_class.relpages
  long long all_visible = 0;        // pg_class.relallvisible
  std::optional<long long> blocks;  // the main fork as it is now, in blocks; none: no storage
  std::string method;               // of an index: its access method
  std::string table_schema, table;  // of an index
  std::optional<int> height;        // of a b-tree: levels above the leaves
  std::optional<GinPages> gin;
  std::optional<long long> last_revmap_page;  // of a BRIN index
  friend bool operator==(const RelationStatistics&, const RelationStatistics&) = default;
};

// One of the five slots of a pg_statistic row.
struct Slot {
  int kind = 0;
  std::string op;                      // as regoperator; "": what ANALYZE would take
  std::string collation;               // as regcollation; "": what ANALYZE would take
  std::optional<std::string> numbers;  // as float4[]
  std::optional<std::string> values;   // as an array of the column's, or of the element's, type
  friend bool operator==(const Slot&, const Slot&) = default;
};

struct ColumnStatistics {
  std::string schema, relation;
  std::string column;  // of a table: its name
  int position = 0;    // of an index: number of the expression's column; 0: by name
  bool inherited = false;
  std::string null_fraction = "0", width = "0", distinct = "0";
  std::vector<Slot> slots;
  friend bool operator==(const ColumnStatistics&, const ColumnStatistics&) = default;
};

struct ExtendedStatistics {
  std::string schema, name;
  bool inherited = false;
  std::vector<std::string> keys;                            // attribute numbers of its columns in the source
  std::optional<std::string> ndistinct, dependencies, mcv;  // bytea, in hex
  std::vector<ColumnStatistics> expressions;                // in order; only slots and numbers are used
  friend bool operator==(const ExtendedStatistics&, const ExtendedStatistics&) = default;
};

// Lowest and highest value of the leading column of a b-tree, which the planner looks up in the index.
struct Ends {
  std::string schema, table, column;
  std::string low, high;
  friend bool operator==(const Ends&, const Ends&) = default;
};

// A type that a user made, or a label of such an enum: lists of common combinations (pg_mcv_list) hold their OIDs.
struct NamedOid {
  std::string oid;
  std::string type;   // as regtype
  std::string label;  // of an enum; "": the type itself
  friend bool operator==(const NamedOid&, const NamedOid&) = default;
};

struct Setting {
  std::string name, value;
  friend bool operator==(const Setting&, const Setting&) = default;
};

struct Statistics {
  int server_version = 0;
  int block_size = 8192;
  std::vector<Setting> settings;              // that a plan depends on
  std::vector<RelationStatistics> relations;  // in the order of their OIDs: equal costs are decided by it
  std::vector<ColumnStatistics> columns;
  std::vector<ExtendedStatistics> extended;
  std::vector<NamedOid> oids;  // only where there are extended statistics
  std::vector<Ends> ends;
  std::vector<std::string> unseen;  // what the role could not read, in words
  // To build the structure where the source is not at hand.
  std::vector<std::string> roles, statements;
  int major() const { return server_version / 10000; }
  friend bool operator==(const Statistics&, const Statistics&) = default;
};

}  // namespace pga::postgres::twin
