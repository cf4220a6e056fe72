#include "plan/graph.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "plan/graph_build.h"

namespace pga::plan {
namespace {

using schema::Id;

// Tarjan's strongly connected components, iteratively kept simple: plans are small compared to what recursion can take, and the
// depth is bounded by the number of nodes. Returns the components with more than one node, or with an edge to itself.
std::vector<std::vector<int>> cycles(const std::vector<Node>& nodes) {
  const int n = static_cast<int>(nodes.size());
  std::vector<int> index(nodes.size(), -1), low(nodes.size(), 0), stack;
  std::vector<bool> on_stack(nodes.size(), false);
  std::vector<std::vector<int>> out;
  int next = 0;
  struct Frame {
    int node;
    std::set<int>::const_iterator at;
  };
  for (int root = 0; root < n; ++root) {
    if (index[static_cast<size_t>(root)] >= 0) continue;
    std::vector<Frame> frames;
    const auto enter = [&](int v) {
      index[static_cast<size_t>(v)] = low[static_cast<size_t>(v)] = next++;
      stack.push_back(v);
      on_stack[static_cast<size_t>(v)] = true;
      frames.push_back({v, nodes[static_cast<size_t>(v)].after.begin()});
    };
    enter(root);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      const auto v = static_cast<size_t>(frame.node);
      if (frame.at != nodes[v].after.end()) {
        const int w = *frame.at++;
        if (index[static_cast<size_t>(w)] < 0) {
          enter(w);
        } else if (on_stack[static_cast<size_t>(w)]) {
          low[v] = std::min(low[v], index[static_cast<size_t>(w)]);
        }
        continue;
      }
      if (low[v] == index[v]) {
        std::vector<int> component;
        for (;;) {
          const int w = stack.back();
          stack.pop_back();
          on_stack[static_cast<size_t>(w)] = false;
          component.push_back(w);
          if (w == frame.node) break;
        }
        if (component.size() > 1 || nodes[v].after.contains(frame.node)) out.push_back(std::move(component));
      }
      const int done = frame.node;
      frames.pop_back();
      if (!frames.empty()) {
        auto& above = low[static_cast<size_t>(frames.back().node)];
        above = std::min(above, low[static_cast<size_t>(done)]);
      }
    }
  }
  return out;
}

// Depth first in the order of the keys: what a node needs comes right before it; then what belongs to it, then whatever was
// dropped and waits to be made again, so that it is away for as short as possible: in one transaction, unless the server does not
// allow it. What cannot share a transaction therefore comes before the first such drop, or after the last is made again.
class Sorter {
 public:
  explicit Sorter(std::vector<Node>& nodes) : nodes_(nodes), state_(nodes.size(), 0) {
    for (size_t i = 0; i < nodes_.size(); ++i) {
      groups_[nodes_[i].key.empty() ? std::string() : nodes_[i].key[1]].push_back(static_cast<int>(i));
    }
    for (auto& [group, list] : groups_) sort(list);
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].part == Part::make) makers_[nodes_[i].id] = static_cast<int>(i);
      if (nodes_[i].part == Part::prepare) preparers_[nodes_[i].id] = static_cast<int>(i);
    }
  }

  std::vector<int> run() {
    std::vector<int> roots(nodes_.size());
    for (size_t i = 0; i < roots.size(); ++i) roots[i] = static_cast<int>(i);
    sort(roots);
    for (const int root : roots) {
      visit(root);
      remake();
      for (const int late : std::exchange(late_, {})) visit(late);
    }
    return std::move(out_);
  }

 private:
  bool before(int a, int b) const {
    const Node& x = nodes_[static_cast<size_t>(a)];
    const Node& y = nodes_[static_cast<size_t>(b)];
    if (x.stage != y.stage) return x.stage < y.stage;
    return x.key != y.key ? x.key < y.key : a < b;
  }
  void sort(std::vector<int>& list) const {
    std::ranges::sort(list, [&](int a, int b) { return before(a, b); });
  }

  void visit(int v) {
    auto& state = state_[static_cast<size_t>(v)];
    if (state != 0) return;
    state = 1;
    const Node& node = nodes_[static_cast<size_t>(v)];
    if (opens(node) && waiting_.empty()) interrupt_before(node);
    std::vector<int> first(node.after.begin(), node.after.end());
    sort(first);
    for (const int w : first) visit(w);
    std::vector<int> wished(node.soft.begin(), node.soft.end());
    sort(wished);
    for (const int w : wished) {
      if (state_[static_cast<size_t>(w)] == 0 && !reaches_open(w)) visit(w);
    }
    if (node.interrupts) remake();
    state_[static_cast<size_t>(v)] = 2;
    out_.push_back(v);
    if (opens(node)) waiting_.push_back(node.id);
    if (node.part == Part::make) follow(node);
  }

  // Whether a hard path leads from this node to one that is being visited: then it cannot come now.
  bool reaches_open(int v) {
    std::vector<int> todo = {v};
    std::set<int> seen = {v};
    while (!todo.empty()) {
      const int at = todo.back();
      todo.pop_back();
      if (state_[static_cast<size_t>(at)] == 1) return true;
      if (state_[static_cast<size_t>(at)] == 2) continue;
      for (const int w : nodes_[static_cast<size_t>(at)].after) {
        if (seen.insert(w).second) todo.push_back(w);
      }
    }
    return false;
  }

  // What belongs to the same table and is ready.
  void follow(const Node& node) {
    const auto group = groups_.find(node.key[1]);
    if (group == groups_.end()) return;
    for (const int w : group->second) {
      const Node& next = nodes_[static_cast<size_t>(w)];
      if (state_[static_cast<size_t>(w)] != 0 || next.stage != node.stage) continue;
      if (next.interrupts && !waiting_.empty()) continue;
      const bool ready = std::ranges::all_of(next.after, [&](int p) { return state_[static_cast<size_t>(p)] == 2; });
      const bool wished = std::ranges::all_of(next.soft, [&](int p) { return state_[static_cast<size_t>(p)] == 2; });
      if (ready && wished) visit(w);
    }
  }

  void remake() {
    while (!waiting_.empty()) {
      const Id id = waiting_.back();
      const auto it = makers_.find(id);
      const bool done = it == makers_.end() || state_[static_cast<size_t>(it->second)] != 0;
      if (!done && (interrupted(it->second) || reaches_open(it->second))) {
        late_.push_back(it->second);
      } else if (!done) {
        visit(it->second);
      }
      std::erase(waiting_, id);
    }
  }

  // It, or what prepares it and has not been done before the drops, cannot share a transaction with others.
  bool interrupted(int maker) const {
    const Node& node = nodes_[static_cast<size_t>(maker)];
    if (node.interrupts) return true;
    const auto it = preparers_.find(node.id);
    return it != preparers_.end() && state_[static_cast<size_t>(it->second)] != 2 &&
           nodes_[static_cast<size_t>(it->second)].interrupts;
  }

  static bool opens(const Node& node) {
    return node.part == Part::drop && node.fate != nullptr && (node.fate->again || node.fate->sheltered);
  }

  // Everything that must be done until what this drop opens is whole again, further drops of this kind included.
  std::set<int> until_whole(const Node& node) const {
    std::set<int> seen;
    std::vector<int> todo;
    const auto add = [&](int v) {
      if (state_[static_cast<size_t>(v)] != 2 && seen.insert(v).second) todo.push_back(v);
    };
    const auto add_maker = [&](const Id& id) {
      if (const auto it = makers_.find(id); it != makers_.end()) add(it->second);
    };
    add_maker(node.id);
    while (!todo.empty()) {
      const Node& at = nodes_[static_cast<size_t>(todo.back())];
      todo.pop_back();
      for (const int w : at.after) add(w);
      if (opens(at)) add_maker(at.id);
    }
    return seen;
  }

  bool needs_opening(int v) const {
    std::vector<int> todo = {v};
    std::set<int> seen = {v};
    while (!todo.empty()) {
      const Node& at = nodes_[static_cast<size_t>(todo.back())];
      if (opens(at) || state_[static_cast<size_t>(todo.back())] == 1) return true;
      todo.pop_back();
      for (const int w : at.after) {
        if (state_[static_cast<size_t>(w)] != 2 && seen.insert(w).second) todo.push_back(w);
      }
    }
    return false;
  }

  void interrupt_before(const Node& node) {
    std::vector<int> early;
    for (const int v : until_whole(node)) {
      if (nodes_[static_cast<size_t>(v)].interrupts && state_[static_cast<size_t>(v)] == 0) early.push_back(v);
    }
    sort(early);
    for (const int v : early) {
      if (state_[static_cast<size_t>(v)] == 0 && !needs_opening(v)) visit(v);
    }
  }

  std::vector<Node>& nodes_;
  std::vector<char> state_;  // 0 new, 1 being visited, 2 emitted
  std::map<std::string, std::vector<int>> groups_;
  std::unordered_map<Id, int, schema::IdHash> makers_, preparers_;
  std::vector<Id> waiting_;  // dropped, to be made again
  std::vector<int> late_;    // of those: what cannot share a transaction
  std::vector<int> out_;
};

std::string name_cycle(const std::vector<Node>& nodes, const std::vector<int>& component) {
  std::set<std::string> names;
  for (const int v : component) names.insert(schema::to_text(nodes[static_cast<size_t>(v)].id));
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

int Graph::find(Part part, const Id& id) const {
  const auto& those = at[static_cast<size_t>(part)];
  const auto it = those.find(id);
  return it == those.end() ? -1 : it->second;
}

Result<Graph> order_changes(const Situation& situation, Changes& changes) {
  GraphChoices choices;
  for (int round = 0;; ++round) {
    GraphBuild build = build_graph(situation, changes, choices);
    const auto found = cycles(build.graph.nodes);
    if (found.empty()) {
      build.graph.order = Sorter(build.graph.nodes).run();
      return std::move(build.graph);
    }
    const size_t forced_before = choices.forced.size();
    bool moved = false;
    for (const auto& component : found) moved = break_cycle(build, component, changes, choices) || moved;
    if (!moved || round > 200) {
      return fail("cycle",
                  "these objects need each other in a way that no order of statements can build: " +
                      name_cycle(build.graph.nodes, found.front()),
                  "make one of them in two steps, or report this schema");
    }
    if (choices.forced.size() != forced_before) changes = find_changes(situation, choices.forced);
  }
}

}  // namespace pga::plan
