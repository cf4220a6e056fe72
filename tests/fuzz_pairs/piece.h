// The building stones of random schemas. A Piece is one object with what belongs to it (its comment, owner, grants); its text is
// a pure function of its seeds and of what exists before it. So a schema is a list of pieces, and a mutation changes the list or
// a seed.
//
// Choices among existing objects are by highest hash (pick): when one of them goes away, the others are chosen as before.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seed/random.h"

namespace pga::fuzz {

using seed::Random;

struct ColumnSeed {
  int number = 0;
  uint64_t type = 0, value = 0, null = 0, extra = 0;  // its type, default or generation, NOT NULL, storage and the like
};

struct Piece {
  std::string kind;
  int number = 0;
  uint64_t seed = 0;                // what it is
  uint64_t detail = 0;              // comment, owner, grants, settings
  std::vector<ColumnSeed> columns;  // of tables
};

struct ColumnInfo {
  std::string name;  // quoted
  std::string type;
  char category =
      'o';  // n number, s text, d date or time, b boolean, j jsonb, a array, r range, g geometric, v tsvector, e enum, o other
  bool not_null = false;
  bool generated = false;
};

struct Relation {
  std::vector<ColumnInfo> columns;
  bool partitioned = false;
  std::vector<std::string> key;  // primary key
};

// What exists where a piece is made. Names are qualified and quoted.
struct Context {
  int major = 15;
  std::map<std::string, std::vector<std::string>> names;    // by kind: enum, domain, function, trigger_function, table, view, …
  std::map<std::string, Relation> relations;                // tables, views, materialised views, foreign tables
  std::map<std::string, std::vector<std::string>> labels;   // of enums
  std::map<std::string, std::vector<std::string>> uniques;  // table: "a, b" lists that a foreign key may refer to
};

struct Made {
  std::vector<std::string> statements;   // without semicolon; when the first is refused the piece is not there
  std::function<void(Context&)> exists;  // called when the first was accepted
};

struct PieceKind {
  std::string_view name;
  int weight;      // how often, of all
  int since = 13;  // PostgreSQL
  Made (*make)(const Context&, const Piece&);
};

std::span<const PieceKind> type_kinds();
std::span<const PieceKind> table_kinds();
std::span<const PieceKind> table_part_kinds();
std::span<const PieceKind> code_kinds();
std::span<const PieceKind> other_kinds();

// The element that this seed prefers; "" of an empty list.
std::string pick(const std::vector<std::string>& from, uint64_t seed);
std::string pick_kind(const Context& context, const std::string& kind, uint64_t seed);
// Columns of a relation in order of preference; those for which `fits` is false are left out.
std::vector<ColumnInfo> pick_columns(const Relation& relation, uint64_t seed, size_t most,
                                     const std::function<bool(const ColumnInfo&)>& fits = {});

// The name of a piece's object in one of the schemas; some are hostile.
std::string qualified(const Context& context, const Piece& piece, std::string_view prefix);
std::string bare(const Piece& piece, std::string_view prefix);
// Comment, owner and grants, by the piece's detail seed. `grants`: privileges that the kind knows; empty: none. owner: "" none.
void add_details(std::vector<std::string>& statements, const Piece& piece, const std::string& target,
                 std::vector<std::string> grants = {}, bool owner = true);
std::string words(uint64_t seed);  // text for a comment, also with quotes and lines
// A type for a column: built in or one of the user's.
ColumnInfo random_type(const Context& context, uint64_t seed);
std::string random_value(const Context& context, const ColumnInfo& column, uint64_t seed);      // a literal of its type
std::string random_condition(const Context& context, const ColumnInfo& column, uint64_t seed);  // a boolean expression
void register_name(Context& context, const std::string& kind, const std::string& name);

}  // namespace pga::fuzz
