// The order of a plan: nodes (one thing to do with one object) and what must come before what. From pg_depend of both sides,
// never from a fixed list of kinds; the order of kinds only decides between nodes that do not care, so that output reads well.
#pragma once
#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "plan/changes.h"

namespace pga::plan {

enum class Part : uint8_t {
  drop,          // the old form goes (for a sheltered column: it becomes text)
  shell,         // a placeholder that breaks a cycle
  prepare,       // Expansion::prepare
  make,          // create or alter
  attach,        // a new partition joins a parent that existed before
  fill,          // Expansion::fill: rows come back into a table
  attach_index,  // an index joins the index of the parent table
  own,           // OWNED BY of a sequence
  describe,      // owner, comment, privileges, labels
  finish,        // Expansion::finish
};

struct Node {
  Part part{};
  schema::Id id;
  const Fate* fate = nullptr;
  std::set<int> after;  // nodes that must come before
  std::set<int> soft;   // nodes that had better come before
  int stage = 2;
  bool interrupts = false;  // some of its statements cannot share a transaction with others (CONCURRENTLY, VALIDATE, batches)
  std::vector<std::string> key;  // order among nodes that do not care
};

struct Graph {
  std::vector<Node> nodes;
  std::vector<int> order;                                                  // of the nodes that are to be emitted
  std::array<std::unordered_map<schema::Id, int, schema::IdHash>, 10> at;  // of each part
  int find(Part part, const schema::Id& id) const;                         // -1: none
};

// Builds the nodes and edges of the changes and orders them. May decide that further objects must be made again (to break a
// cycle): then `changes` is found anew. Errors: cycle, naming the objects.
Result<Graph> order_changes(const Situation& situation, Changes& changes);

// Whether a table is created by this plan (or made again), so that it has no rows and nobody waits.
bool is_fresh_table(const schema::Id& table, const Changes& changes);
// How a partition that is created comes to its parent: in one statement when the parent is new as well.
schema::Id top_of(const schema::Object& object, const schema::Database& in);

}  // namespace pga::plan
