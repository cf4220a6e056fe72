// Nodes and edges of a plan's graph, and how cycles are broken. Internal to this room.
#pragma once
#include "plan/graph.h"

namespace pga::plan {

// What earlier rounds decided to break cycles.
struct GraphChoices {
  std::set<schema::Id> uncovered;  // parts that are dropped by themselves although their table goes too
  std::set<schema::Id> shells;     // objects that get a placeholder first
  std::set<schema::Id> forced;     // objects that are made again instead of altered
};

struct GraphBuild {
  Graph graph;
  std::map<std::pair<int, int>, std::set<schema::Id>> reasons;  // edge (earlier, later): the covered parts that it comes from
};

GraphBuild build_graph(const Situation& situation, const Changes& changes, const GraphChoices& choices);
// Adds a choice that may dissolve the cycle; false: nothing is left to try.
bool break_cycle(const GraphBuild& build, const std::vector<int>& component, const Changes& changes, GraphChoices& choices);

}  // namespace pga::plan
