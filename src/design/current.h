// The schema at hand, as a designer looks at it: its tables with their keys, and the habits that a new table should follow.
#pragma once
#include <string>
#include <vector>

#include "request/statement.h"
#include "schema/object.h"

namespace pga::design {

struct KnownColumn {
  std::string name, type;
  bool required = false;
};

struct KnownTable {
  std::string schema, name;
  std::vector<KnownColumn> columns;
  std::vector<std::string> key;                   // columns of the primary key
  std::vector<std::vector<std::string>> uniques;  // unique constraints and plain unique indexes
  std::vector<std::vector<std::string>> indexes;  // leading columns of every index, keys included
  bool partitioned = false;
  const KnownColumn* column(std::string_view name) const;
};

// What most tables of the schema do; the defaults where there are none.
struct Habits {
  bool plural = true;               // users, not user
  std::string key_type = "bigint";  // bigint identity, or uuid
  std::string schema = "public";    // where new tables go
  bool touches = false;             // updated_at is kept by a trigger function
  std::string touch_function;       // qualified; "" none
  std::vector<std::string> notes;   // each: what was learned, and what speaks against it
};

class Current {
 public:
  explicit Current(const schema::Database& database);
  const std::vector<KnownTable>& tables() const { return tables_; }
  // By name, "schema.name", singular or plural; the schema of the habits first.
  const KnownTable* find(std::string_view name) const;
  const KnownTable* people() const;  // users, accounts, people, members …; null: none
  const Habits& habits() const { return habits_; }
  bool has_relation(const std::string& schema,
                    const std::string& name) const;  // table, index, view, sequence: names that are taken
  bool has_function(const std::string& schema, const std::string& name) const;
  bool has_extension(std::string_view name) const;
  int version() const { return database_.version; }

 private:
  void read_tables();
  void learn();
  const schema::Database& database_;
  std::vector<KnownTable> tables_;
  Habits habits_;
};

// "order_item" <-> "order_items": the last word changes.
std::string plural_of(std::string_view name);
std::string singular_of(std::string_view name);
std::string with_article(const std::string& noun);  // "an event", "a user"

}  // namespace pga::design
