// Random pairs of schemas from a seed, statement by statement against a server: what it refuses is not in the script. Old and new
// share most of their pieces; the mutations between them are named.
//
//   PGA_TRY(auto pair, fuzz::generate(server, 42));     // pair.old_sql, pair.new_sql, pair.mutations
//
// The same seed gives the same pair on servers of one major. The roles fuzz_a and fuzz_b are made on the server.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "postgres/server.h"

namespace pga::fuzz {

struct Pair {
  std::string old_sql, new_sql;
  std::vector<std::string> mutations;
  std::set<std::string> kinds;  // of pieces that are in either script
};

Status make_roles(postgres::Server& server);
Result<Pair> generate(postgres::Server& server, uint64_t seed);
// All kinds of pieces that this generator knows for a major.
std::set<std::string> all_piece_kinds(int major);

// Statements that mutate what is in the database now, one after another, each accepted by the server (mutations.cpp). They are
// run inside the connection's transaction. `names`: what was done, added to.
Result<std::vector<std::string>> mutate(postgres::Connection& connection, uint64_t seed, int count,
                                        std::vector<std::string>& names);
// A pair from a real schema: its text, and the same with statements that change it behind it.
Result<Pair> mutate_schema(postgres::Server& server, const std::string& sql, const std::string& file, uint64_t seed);

}  // namespace pga::fuzz
