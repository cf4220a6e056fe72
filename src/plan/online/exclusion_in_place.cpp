// Exclusion constraints (and keys WITHOUT OVERLAPS, which are such): PostgreSQL can neither build their index concurrently for
// the constraint nor leave existing rows unchecked. Said plainly, with its hazards.
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

class ExclusionInPlace : public Form {
 public:
  std::string_view slug() const override { return "exclusion-in-place"; }
  std::string_view meaning() const override {
    return "An exclusion constraint or a key WITHOUT OVERLAPS has no gentle form in PostgreSQL: it is added in one step, and "
           "said so.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::create || action.fresh || action.id.kind != schema::KindId::constraint) return std::nullopt;
    const schema::Object& constraint = *action.to;
    const std::string type = constraint.text("type");
    if (type == "FOREIGN KEY" || (type != "EXCLUDE" && !constraint.flag("temporal")) || constraint.flag("on_partitioned")) {
      return std::nullopt;
    }
    schema::Object alone = constraint;
    alone.set("attached_to", std::nullopt);
    auto statements = schema::kind_of(action.id.kind).create(alone, situation.to);
    Expansion out;
    Draft add = strong(say(action.id, std::move(statements.front().sql),
                           "Builds its index while reads and writes wait: PostgreSQL has no concurrent form of it."));
    add.step.hazards = {Hazard::strong_lock, Hazard::index_build};
    out.main.push_back(std::move(add));
    statements.erase(statements.begin());
    append(out.main, settings(statements, action.id));
    out.notes.push_back(
        "constraint " + action.id.name() + " of " + schema::table_name(constraint) +
        " is built while reads and writes of the table wait, because PostgreSQL cannot add an exclusion constraint in "
        "another way: run it when the table is quiet");
    return out;
  }
};

}  // namespace

const Form& form_exclusion_in_place() {
  static const ExclusionInPlace form;
  return form;
}

}  // namespace pga::plan
