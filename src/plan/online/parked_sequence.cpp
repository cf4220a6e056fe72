// A sequence that goes leaves its position; one that comes back goes on from there.
#include "plan/online/parked_sequence.h"

#include "base/quote.h"

namespace pga::plan {

using schema::Id;
using schema::KindId;
using schema::Object;

namespace data {

std::string sequence_name(const Object& sequence) {
  return ident({sequence.id.path[0], sequence.id.path[1]});
}

std::vector<const Object*> sequences_of(const Object& column, const schema::Database& in) {
  std::vector<const Object*> out;
  for (const Object* other : in.dependents(column.id)) {
    if (other->id.kind == KindId::sequence && other->list("owned_by") == column.id.path) out.push_back(other);
  }
  return out;
}

Drafts park_position(const Id& id, const std::string& sequence, const Situation& situation) {
  return {make_parked_schema(id), draft(id, Phase::contract,
                                        "CREATE TABLE IF NOT EXISTS " + parked_name("position", situation, id) +
                                            " AS SELECT s.last_value, s.is_called FROM " + sequence + " AS s",
                                        "where the sequence stands, so that down goes on from there")};
}

Drafts restore_position(const Id& id, const std::string& sequence, const Situation& situation) {
  const std::string waits = parked_name("position", situation, id);
  return {
      draft(id, Phase::migrate_data,
            "SELECT pg_catalog.setval(" + literal(sequence) + "::regclass, s.last_value, s.is_called) FROM " + waits + " AS s",
            "it goes on where it stood"),
      draft(id, Phase::contract, "DROP TABLE " + waits, "the position is restored"), drop_parked_schema(id)};
}

}  // namespace data

namespace {

class ParkSequence : public Form {
 public:
  std::string_view slug() const override { return "park-sequence"; }
  std::string_view meaning() const override { return "A dropped sequence leaves its position in pgarchitect_parked until down."; }
  bool keeps_data() const override { return true; }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.id.kind != KindId::sequence) return std::nullopt;
    Expansion out;
    const bool again = situation.from.find(action.id) != nullptr && situation.to.find(action.id) != nullptr;
    if (action.verb == Verb::create && (again || situation.kept.contains(action.id))) {
      out.main = plain(schema::kind_of(action.id.kind).create(*action.to, situation.to), action.id, "the sequence comes back");
      for (auto& one : data::restore_position(action.id, data::sequence_name(*action.to), situation)) {
        out.main.push_back(std::move(one));
      }
      return out;
    }
    if (action.verb != Verb::drop) return std::nullopt;
    if (!again && (situation.down || situation.options.discard)) return std::nullopt;
    out.main = data::park_position(action.id, data::sequence_name(*action.from), situation);
    for (auto& one : plain(schema::kind_of(action.id.kind).drop(*action.from, situation.from), action.id,
                           "its position waits in " + data::parked_name("position", situation, action.id))) {
      one.phase = Phase::contract;
      out.main.push_back(data::with(std::move(one), Hazard::breaks_dependents));
    }
    if (!again) out.kept.push_back(action.id);
    return out;
  }
};

}  // namespace

const Form& form_park_sequence() {
  static const ParkSequence form;
  return form;
}

}  // namespace pga::plan
