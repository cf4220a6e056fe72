// A constraint that was NOT VALID and is validated in the target: VALIDATE reads the rows in a transaction of its own.
#include "base/quote.h"
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

class ValidateAlone : public Form {
 public:
  std::string_view slug() const override { return "validate-alone"; }
  std::string_view meaning() const override {
    return "A constraint that becomes valid is validated in a transaction of its own, after everything else.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::alter || action.id.kind != schema::KindId::constraint || action.fresh) return std::nullopt;
    if (!changes(action, "validated") || !action.to->flag("validated")) return std::nullopt;
    Expansion out;
    const auto rest = without(action.changed, {"validated"});
    if (!rest.empty()) {
      const auto other = schema::kind_of(action.id.kind).alter(*action.from, *action.to, rest, situation.from, situation.to);
      append(out.main, settings(other.statements, action.id));
    }
    out.finish.push_back(
        alone(say(action.id, "ALTER TABLE " + schema::table_name(*action.to) + " VALIDATE CONSTRAINT " + ident(action.id.name()),
                  "Reads the rows while reads and writes go on; alone, so that no stronger lock is held meanwhile.")));
    return out;
  }
};

}  // namespace

const Form& form_validate_alone() {
  static const ValidateAlone form;
  return form;
}

}  // namespace pga::plan
