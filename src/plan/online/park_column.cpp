// A column that is dropped: its values are kept, by the key of their row, so that down brings them back. Online they are copied
// in batches while a trigger keeps them in step; then the drop is instant. The sequences that go with the column leave their
// position.
#include <algorithm>

#include "base/quote.h"
#include "plan/online/parked_column.h"
#include "plan/online/parked_sequence.h"

namespace pga::plan {
namespace {

using namespace data;  // NOLINT(google-build-using-namespace): the helpers of this folder
using schema::Id;
using schema::KindId;
using schema::Object;

class ParkColumn : public Form {
 public:
  std::string_view slug() const override { return "park-column"; }
  std::string_view meaning() const override { return "The values of a dropped column wait in pgarchitect_parked until down."; }
  bool keeps_data() const override { return true; }
  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override;
};

void append(Drafts& to, const Drafts& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Drafts dropped(const Action& action, const Situation& situation, const std::string& why) {
  Drafts out = plain(schema::kind_of(action.id.kind).drop(*action.from, situation.from), action.id, why);
  for (auto& one : out) {
    one = with(strong(std::move(one)), Hazard::breaks_dependents);
    one.phase = Phase::contract;
  }
  return out;
}

// Down of a column that up made again as a computed one: it is plain again, and what it had before comes back.
std::optional<Expansion> plain_again(const Action& action, const Situation& situation) {
  if (!situation.down || !situation.kept.contains(action.id)) return std::nullopt;
  if (!action.from->value("generated") || action.to->value("generated")) return std::nullopt;
  Expansion out;
  const auto& kind = schema::kind_of(action.id.kind);
  const auto alteration = kind.alter(*action.from, *action.to, action.changed, situation.from, situation.to);
  if (alteration.how != schema::Alteration::How::in_place) return std::nullopt;
  for (auto& one : plain(alteration.statements, action.id, "its values are its own again"))
    out.main.push_back(strong(std::move(one)));
  const ParkedColumn parked(*action.to, situation, situation.to, situation.from);
  append(out.main, parked.restore_at_once(situation));
  append(out.main, parked.drop());
  return out;
}

std::optional<Expansion> ParkColumn::expand(const Action& action, const Situation& situation) const {
  if (action.verb == Verb::alter && action.id.kind == KindId::column) return plain_again(action, situation);
  if (action.verb != Verb::drop || action.id.kind != KindId::column) return std::nullopt;
  const Object& column = *action.from;
  const Object* table = situation.from.find(table_id(action.id));
  if (table == nullptr || situation.to.find(table->id) == nullptr) return std::nullopt;  // its table goes: park-table
  if (table->text("form") == "foreign" || (column.flag("inherited") && !column.flag("is_local"))) return std::nullopt;
  if (schema::kind_of(action.id.kind).drop(column, situation.from).empty()) return std::nullopt;  // goes by itself: typed tables
  Expansion out;
  const bool again = situation.to.find(action.id) != nullptr;
  const bool keeps = !situation.down && !situation.options.discard;
  for (const Object* sequence : sequences_of(column, situation.from)) {
    if (again ? false : !keeps || situation.to.find(sequence->id) != nullptr) continue;
    append(out.main, park_position(sequence->id, sequence_name(*sequence), situation));
    if (!again) out.kept.push_back(sequence->id);
  }
  if (column.value("generated")) {  // down computes it again
    append(out.main, dropped(action, situation, "computed values: nothing is lost"));
    return out;
  }
  if (!keeps) {
    append(out.main, dropped(action, situation, situation.down ? "the way back: what up added goes" : "the values are not kept"));
    out.main.back() = with(std::move(out.main.back()), Hazard::data_loss);
    return out;
  }
  const ParkedColumn parked(column, situation, situation.from, situation.to);
  const bool triggers_reach = table->text("form") == "partitioned" || !has_children(table->id, situation.from);
  if (situation.options.online && parked.keyed() && triggers_reach && !again) {
    append(out.prepare, parked.create_empty());
    append(out.prepare, parked.keep_in_step());
    out.prepare.push_back(parked.copy_in_batches(situation));
    append(out.main, parked.stop_keeping());
  } else {
    append(out.main, parked.copy_at_once());
  }
  if (column.value("identity")) append(out.main, park_position(column.id, column.text("identity_sequence"), situation));
  append(out.main, dropped(action, situation, "instant; its values wait in " + parked.name()));
  out.kept.push_back(action.id);
  if (!parked.keyed()) {
    out.notes.push_back(
        schema::to_text(action.id) +
        ": its table has no key that stays, so the values are kept by the other columns of their row; down brings "
        "them back to the rows that nobody changed, and the copy needs an exclusive lock");
  }
  return out;
}

}  // namespace

const Form& form_park_column() {
  static const ParkColumn form;
  return form;
}

}  // namespace pga::plan
