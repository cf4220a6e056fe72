// From ordered nodes to drafts of steps: folds what may stand inside CREATE TABLE or ADD COLUMN into it, and says why. Internal
// to this room.
#pragma once
#include "plan/graph.h"

namespace pga::plan {

struct Emitted {
  Draft draft;
  schema::Id id;
  schema::Id top;     // the table (or what stands by itself) that it is about
  bool open = false;  // when it is done, something that was dropped still waits to be made again
};

class Emitter {
 public:
  Emitter(const Situation& situation, const Changes& changes, const Graph& graph)
      : s_(situation), changes_(changes), graph_(graph) {}
  std::vector<Emitted> run();
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  void emit(const Node& node);
  void emit_drop(const Node& node);
  void emit_make(const Node& node);
  void emit_describe(const Node& node);
  void emit_attach_index(const Node& node);
  void emit_own(const Node& node);
  void make_table(const Node& node);
  void make_column(const Node& node);
  void restore_sheltered(const Node& node);
  bool add_filled_column(const Node& node);
  bool add_numbered_column(const Node& node);
  void follow_default(const schema::Object& column);
  bool folds(const schema::Id& part, int into) const;
  bool same_default_as_parent(const schema::Object& value) const;
  void say(const Node& node, const schema::Statements& statements, std::string why, Phase phase = Phase::expand);
  void say(const Node& node, const Drafts& drafts);

  const Situation& s_;
  const Changes& changes_;
  const Graph& graph_;
  std::set<int> done_;  // nodes that are emitted, or folded into one that is
  std::vector<Emitted> out_;
  std::set<schema::Id> open_;  // dropped, not yet made again; without those that cannot be in the same transaction
  std::vector<std::string> notes_;
};

}  // namespace pga::plan
