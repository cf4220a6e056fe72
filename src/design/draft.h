// What is being designed: tables with columns, rules and indexes, other objects, and why each of them is there.
//
//   Draft draft(current, options);
//   auto& table = draft.make_table("comment");      // an existing one is found, and changed
//   table.id();
//   table.reference("event_id", draft.target("event"), OnDelete::cascade);
//   table.column({"body", "text"}).check("body", "length", "char_length(body) BETWEEN 1 AND 10000", "…");
//   draft.write();                                    // Designed: SQL that runs on the current schema
//
// Everything added is added once: asking again for a column, rule or index that is there changes nothing, so that patterns can be
// laid over each other. Names are snake_case words; all identifiers go through ident().
#pragma once
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "design/current.h"
#include "design/design.h"

namespace pga::design {

enum class OnDelete : std::uint8_t { no_action, cascade, restrict_, set_null };

struct Column {
  std::string name, type;
  bool required = true;
  std::string tail;     // "DEFAULT now()", "GENERATED ALWAYS AS (…) STORED"
  std::string comment;  // why it is there; "" none
};

struct Rule {
  std::string name, sql;  // "CHECK (…)", "FOREIGN KEY …"
  std::string why;        // a line above it; "" none
};

struct Index {
  std::string name;
  bool unique = false;
  std::string tail;    // "(event_id, created_at DESC)", "USING gin (search)", "(a) WHERE b IS NULL"
  std::string serves;  // the query
};

// Where a foreign key points.
struct Target {
  std::string table;               // as SQL says it: "users", "audit.log"
  std::string one;                 // singular, for the column's name
  std::vector<std::string> key;    // its primary key
  std::vector<std::string> types;  // of the key's columns
};

class Draft;

class Table {
 public:
  Table(Draft& draft, std::string schema, std::string name, bool existing);
  std::string sql_name() const;  // quoted; without the schema when that is public
  bool has(std::string_view column) const;
  Column* find(std::string_view column);  // of the new ones

  Table& column(Column column);
  Table& id();          // the key, as the schema's habit is
  Table& created_at();  // when the row was written
  Table& updated_at();  // with the trigger that keeps it
  // With its index unless `indexed` is false or a key or index already begins with it.
  Table& reference(const std::string& column, const Target& target, OnDelete action, bool required = true,
                   const std::string& comment = {}, bool indexed = true);
  Table& text(const std::string& name, int low, int high, bool required = true, const std::string& comment = {});
  Table& check(const std::string& about, const std::string& rule, const std::string& expression, const std::string& why = {});
  Table& one_of(const std::string& name, const std::vector<std::string>& values, const std::string& first = {},
                bool required = true, const std::string& comment = {});
  Table& key(const std::vector<std::string>& columns);
  Table& unique(const std::vector<std::string>& columns, const std::string& why = {});
  Table& rule(Rule rule);
  // idx_<table>_<columns>; `columns` may say "created_at DESC". `serves`: the query.
  Table& index(const std::vector<std::string>& columns, const std::string& serves, const std::string& where = {},
               bool unique = false);
  Table& special_index(Index index);
  Table& after(std::string sql);  // triggers, policies: behind the indexes
  Table& says(std::string comment);
  Table& relates(std::string words);

  std::string schema, name;
  bool existing = false;
  std::string comment, storage;  // storage: "PARTITION BY RANGE (at)"
  std::deque<Column> columns;
  std::vector<Rule> rules;
  std::vector<Index> indexes;
  std::vector<std::string> afters, relationships;
  std::vector<std::string> primary;  // columns of a new table's key

 private:
  friend class Draft;
  bool leads(const std::string& column) const;  // a key or index begins with it
  Draft& draft_;
  const KnownTable* known_ = nullptr;
};

class Draft {
 public:
  Draft(const Current& current, const Options& options);
  Draft(const Draft&) = delete;

  const Current& current() const { return current_; }
  int major() const { return options_.major; }

  // A new table for the entity, or the one that the schema or this draft already has.
  Table& table(const std::string& entity);
  Table* find(const std::string& entity);  // nullptr: neither designed nor there; one that is there is taken into the draft
  std::string table_name(const std::string& entity) const;  // as the habits of the schema have it
  std::vector<Table*> made_tables();                        // the new ones
  Target target(const std::string& entity);                 // makes a small table when nobody knows it
  Target people();                                          // users, or whatever they are called here
  // Functions, types, views: created before or behind the tables; once a name.
  void before(const std::string& name, std::string sql);
  void behind(const std::string& name, std::string sql);
  // Rows that have to change: one statement, run after the columns are there and before anything demands them.
  void data(std::string why, std::string sql);
  void rename(const Table& table, const std::string& column, const std::string& to);  // column "": the table
  std::string touch_function();                                                       // makes one when the schema has none

  // The answer, else the recommended option; recorded.
  std::string decide(request::Decision decision);
  std::string decided(const std::string& id) const;  // "" not asked
  void assume(std::string rule, std::string text, std::string otherwise);
  void warn(std::string id, std::string text, std::string todo);
  void query(std::string title, std::string sql, std::string served_by);
  void elsewhere(std::string line);
  // What follows is there because of this.
  void because(std::string what, std::string id, std::string reason);
  void cause(const std::string& object);
  std::string taken(const std::string& schema,
                    std::string name);  // the name, or with a number when it is taken; 63 bytes at most

  Result<Designed> write(const request::Understood& understood);

 private:
  friend class Table;
  const Current& current_;
  const Options& options_;
  std::deque<Table> tables_;
  std::vector<std::pair<std::string, std::string>> before_, behind_;
  Designed out_;
  Cause because_;
  std::set<std::string> names_, answered_;
};

}  // namespace pga::design
