// What filling must know about a database, read from its catalogs by OID: tables with their columns, checks, keys and foreign
// keys, and the types of their values. The model names what is to be filled; this says what PostgreSQL will accept.
//
//   PGA_TRY(auto catalog, read_tables(connection));
//
// Runs no user code. Columns are named by attnum inside one table.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/connection.h"
#include "seed/hints.h"

namespace pga::seed {

using Oid = unsigned;

struct Check {
  std::string name;
  std::string expression;
  bool partition = false;    // the bounds of a partition
  std::vector<int> columns;  // positions in Table::columns that it reads
  std::set<int> deciding;    // the same, with what generated ones are made of instead of them
  Hints hints;
};

struct Type {
  std::string name;  // as SQL wants it
  std::string plain_name;
  char type = 'b';  // pg_type.typtype: b e d c r m
  char category = 'U';
  bool built_in = true;
  bool not_null = false;  // of a domain
  Oid base = 0;           // of a domain
  int modifier = -1;      // of a domain: that of its base type
  Oid element = 0;        // of an array
  Oid subtype = 0;        // of a range or multirange
  std::vector<std::string> labels;
  std::vector<Oid> attributes;  // of a composite type
  std::vector<int> attribute_modifiers;
  std::vector<Check> checks;  // of a domain; its value is the column "value"
};

struct Column {
  int number = 0;
  std::string name;
  Oid type = 0;
  int modifier = -1;
  bool not_null = false;
  bool generated = false;
  bool identity_always = false;
  bool sequence = false;  // gets its value from a sequence when none is given
  bool indexed = false;
  bool unique = false;     // alone or with others, or excluded
  std::string expression;  // default, or what it is generated from
};

struct Key {
  std::string name;
  std::vector<int> columns;  // positions in Table::columns
  bool plain = true;         // unique, no expression, no predicate: can be told from the values
  bool nulls_not_distinct = false;
};

struct ForeignKey {
  std::string name;          // of the constraint
  std::string qualified;     // with its schema, quoted
  std::vector<int> columns;  // positions in Table::columns
  Oid target = 0;
  std::vector<std::string> target_columns;
  bool deferrable = false;
  bool match_full = false;
};

struct Table {
  Oid oid = 0;
  std::string schema, plain_name;
  std::string name;  // qualified and quoted
  char kind = 'r';   // r, p, f
  Oid root = 0;      // of a partition: the table at the top
  Oid partition_of = 0;
  bool triggers = false;
  std::vector<Column> columns;
  std::vector<Check> checks;
  std::vector<Key> keys;
  std::vector<ForeignKey> foreign_keys;

  int position(std::string_view column) const;  // -1: there is none
  int position(int number) const;
};

struct Catalog {
  std::map<Oid, Table> tables;
  std::map<Oid, Type> types;

  const Type& type(Oid oid) const;
  // The type below domains, and the modifier that holds there.
  Oid base_of(Oid oid, int& modifier) const;
  bool nullable(const Column& column) const;
};

Result<Catalog> read_tables(postgres::Connection& connection);

}  // namespace pga::seed
