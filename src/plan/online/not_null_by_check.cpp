// NOT NULL on a column of a table that has rows: SET NOT NULL alone scans under ACCESS EXCLUSIVE. With a valid CHECK (c IS NOT
// NULL) it does not scan (all majors), so: the check NOT VALID, VALIDATE alone, SET NOT NULL, the check goes. Since 18 the NOT
// NULL constraint itself can be NOT VALID and then validated. Other fields that change with it are left to the kind.
// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL
#include <algorithm>

#include "base/quote.h"
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using schema::KindId;
using schema::Object;

constexpr std::string_view kScan =
    "Reads the rows while reads and writes go on; fails if one is NULL, and nothing else has changed.";

struct Column {
  const Action& action;
  const Situation& situation;
  const Object& from = *action.from;
  const Object& to = *action.to;
  std::string table = "ALTER TABLE " + schema::table_name(to);
  std::string name = ident(to.id.name());
};

class NotNullByCheck : public Form {
 public:
  std::string_view slug() const override { return "not-null-by-check"; }
  std::string_view meaning() const override {
    return "NOT NULL on an existing column is proven by a validated check first (18: NOT NULL NOT VALID), so that the lock is "
           "held for "
           "an instant only.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::alter || action.id.kind != KindId::column || action.fresh) return std::nullopt;
    const Column c{action, situation};
    const bool becomes = changes(action, "not_null") && c.to.flag("not_null");
    const bool validated =
        changes(action, "not_null_valid") && c.from.flag("not_null") && c.to.flag("not_null") && c.to.flag("not_null_valid");
    if ((!becomes && !validated) || is_foreign(c)) return std::nullopt;
    Expansion out;
    if (becomes && !parent_does_it(c)) {
      const bool named = situation.major() >= 18 && c.to.value("not_null_name");
      named ? by_constraint(c, out) : by_check(c, out);
    }
    if (validated)
      out.finish.push_back(
          alone(say(action.id, c.table + " VALIDATE CONSTRAINT " + ident(c.to.text("not_null_name")), std::string(kScan))));
    rest(c, becomes, validated, out);
    return out;
  }

 private:
  static bool is_foreign(const Column& c) {
    const Object* table = c.to.parent ? c.situation.to.find(*c.to.parent) : nullptr;
    return table == nullptr || table->text("form") == "foreign" || c.to.value("generated") == "VIRTUAL";
  }

  // The rule of a parent table comes down to its partitions and children.
  static bool parent_does_it(const Column& c) {
    if (!c.to.flag("inherited") || !c.from.flag("inherited") || (c.situation.major() >= 18 && c.to.flag("not_null_local")))
      return false;
    const Object* table = c.situation.to.find(*c.to.parent);
    std::vector<std::vector<std::string>> parents;
    if (const auto of = table->list("partition_of"); !of.empty()) parents.push_back(of);
    for (const auto& need : table->needs) {
      if (need.kind == KindId::table && !table->list("inherits").empty()) parents.push_back(need.path);
    }
    return std::ranges::any_of(parents, [&](std::vector<std::string> path) {
      path.push_back(c.to.id.name());
      const Object *before = c.situation.from.find(KindId::column, path), *after = c.situation.to.find(KindId::column, path);
      return before != nullptr && after != nullptr && !before->flag("not_null") && after->flag("not_null") &&
             after->flag("not_null_valid") && !after->flag("not_null_no_inherit");
    });
  }

  static void by_constraint(const Column& c, Expansion& out) {
    const std::string constraint = ident(c.to.text("not_null_name"));
    out.prepare.push_back(strong(say(c.action.id,
                                     c.table + " ADD CONSTRAINT " + constraint + " NOT NULL " + c.name +
                                         (c.to.flag("not_null_no_inherit") ? " NO INHERIT" : "") + " NOT VALID",
                                     "NOT VALID: existing rows are not read under the lock; new rows are checked.")));
    if (!c.to.flag("not_null_valid")) return;
    out.prepare.push_back(alone(say(c.action.id, c.table + " VALIDATE CONSTRAINT " + constraint, std::string(kScan))));
  }

  // A check that is valid before and after and says the same.
  static bool proven(const Column& c) {
    return std::ranges::any_of(c.situation.from.children(*c.to.parent, KindId::constraint), [&](const Object* constraint) {
      const bool valid = constraint->flag("validated") && constraint->flag("enforced") && !constraint->flag("no_inherit");
      return valid && constraint->text("expression") == "(" + c.name + " IS NOT NULL)" &&
             c.situation.to.find(constraint->id) != nullptr;
    });
  }

  static void by_check(const Column& c, Expansion& out) {
    const std::string set = c.table + " ALTER COLUMN " + c.name + " SET NOT NULL";
    if (proven(c)) {
      out.main.push_back(strong(say(c.action.id, set, "A valid check says so already: no row is read.")));
      return;
    }
    const std::string helper = ident(helper_name("pga_not_null", c.to.id.path));
    out.prepare.push_back(
        strong(say(c.action.id, c.table + " ADD CONSTRAINT " + helper + " CHECK (" + c.name + " IS NOT NULL) NOT VALID",
                   "A check that proves it, without reading the rows under the lock.")));
    out.prepare.push_back(alone(say(c.action.id, c.table + " VALIDATE CONSTRAINT " + helper, std::string(kScan))));
    out.main.push_back(strong(say(c.action.id, set, "The valid check proves it: no row is read under the lock.")));
    out.main.push_back(strong(say(c.action.id, c.table + " DROP CONSTRAINT " + helper, "The check has done its work.")));
  }

  // What else changes. A NOT NULL that exists now under its name only has its comment left to say.
  static void rest(const Column& c, bool becomes, bool validated, Expansion& out) {
    auto fields = without(c.action.changed, {"not_null_valid"});
    if (becomes) fields = without(fields, {"not_null", "not_null_name", "not_null_no_inherit"});
    Object from = c.from;
    if (validated) from.set("not_null_valid", "t");
    if (!fields.empty()) {
      const auto other = schema::kind_of(c.action.id.kind).alter(from, c.to, fields, c.situation.from, c.situation.to);
      for (auto& draft : plain(other.statements, c.action.id, "Changes with it.")) out.main.push_back(strong(std::move(draft)));
    }
  }
};

}  // namespace

const Form& form_not_null_by_check() {
  static const NotNullByCheck form;
  return form;
}

}  // namespace pga::plan
