// Foreign keys and checks on tables that have rows: ADD … NOT VALID only writes the catalogs (new rows are checked at once);
// VALIDATE reads the rows in a transaction of its own, under a lock that lets reads and writes go on. Another definition under
// the same name: the new one is added under a helper name and validated, then takes the name in one transaction, so that the rule
// never pauses. Foreign keys on partitioned tables before 18 cannot be NOT VALID (42809): each partition gets its own, validated,
// and the one on the parent adopts them without reading a row (observed on 13 to 18; it takes ACCESS EXCLUSIVE on the referenced
// table for an instant). https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
#include <algorithm>

#include "base/quote.h"
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using schema::KindId;
using schema::Object;

struct Names {
  const Action& action;
  const Object& to = *action.to;
  std::string table = "ALTER TABLE " + schema::table_name(to);
  const std::string& name = action.id.name();
};

std::string validate_reason(const Object& constraint) {
  return constraint.text("type") == "CHECK"
             ? "Reads the rows while reads and writes go on; alone, so that no stronger lock is held meanwhile."
             : "Looks up every row's referenced row while reads and writes go on; alone, so that no stronger lock is held "
               "meanwhile.";
}

Draft validate(const Names& n, const std::string& table, const std::string& name) {
  return alone(say(n.action.id, table + " VALIDATE CONSTRAINT " + ident(name), validate_reason(n.to)));
}

// "CONSTRAINT helper CHECK (…)" NOT VALID, whatever the target says of validation.
std::string definition_as(const Object& constraint, const std::string& name) {
  Object renamed = constraint;
  renamed.id.path.set_back(name);
  return schema::constraint_definition(renamed, true);
}

class ConstraintNotValid : public Form {
 public:
  std::string_view slug() const override { return "constraint-not-valid"; }
  std::string_view meaning() const override {
    return "A foreign key or check on an existing table is added NOT VALID and validated in a transaction of its own.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.id.kind != KindId::constraint || action.to == nullptr || action.fresh) return std::nullopt;
    const std::string type = action.to->text("type");
    if (type != "FOREIGN KEY" && type != "CHECK") return std::nullopt;
    if (action.verb != Verb::create && action.verb != Verb::replace) return std::nullopt;
    if (action.verb == Verb::replace && action.from->text("type") != type) return std::nullopt;
    if (is_shared(action, situation)) return std::nullopt;
    const Names names{action};
    if (action.verb == Verb::replace) {
      if (auto altered = alter_in_place(names)) return altered;
    }
    const bool by_partition = type == "FOREIGN KEY" && action.to->flag("on_partitioned") && situation.major() < 18;
    if (by_partition) return partition_by_partition(names, situation);
    return action.verb == Verb::create ? add(names) : swap(names);
  }

 private:
  // A table below has a constraint of this name as well: the two are merged or in each other's way.
  static bool is_shared(const Action& action, const Situation& situation) {
    if (!action.to->parent) return false;
    const auto named = [&](const schema::Database& in, const Object* table) {
      return in.find(KindId::constraint, {table->id.path[0], table->id.path[1], action.id.name()}) != nullptr;
    };
    const auto before = descendants(situation.from, *action.to->parent), after = descendants(situation.to, *action.to->parent);
    return std::ranges::any_of(before, [&](const Object* table) { return named(situation.from, table); }) ||
           std::ranges::any_of(after, [&](const Object* table) { return named(situation.to, table); });
  }

  static Expansion add(const Names& n) {
    Expansion out;
    const bool to_validate = n.to.flag("validated") && n.to.flag("enforced");
    out.main.push_back(
        strong(say(n.action.id, n.table + " ADD " + definition_as(n.to, n.name),
                   n.to.flag("enforced") ? "NOT VALID: existing rows are not read under the lock; new rows are checked."
                                         : "NOT ENFORCED: no row is read.")));
    if (to_validate) out.finish.push_back(validate(n, n.table, n.name));
    return out;
  }

  static Expansion swap(const Names& n) {
    Expansion out;
    const std::string helper = helper_name("pga_new", n.action.id.path);
    out.prepare.push_back(strong(say(n.action.id, n.table + " ADD " + definition_as(n.to, helper),
                                     "The new rule beside the old one; NOT VALID: existing rows are not read under the lock.")));
    if (n.to.flag("validated") && n.to.flag("enforced")) out.prepare.push_back(validate(n, n.table, helper));
    out.main.push_back(
        strong(say(n.action.id, n.table + " DROP CONSTRAINT " + ident(n.name), "The new rule holds: the old one goes.")));
    out.main.push_back(strong(say(n.action.id, n.table + " RENAME CONSTRAINT " + ident(helper) + " TO " + ident(n.name),
                                  "In the same transaction the new one takes the name.")));
    if (n.to.comment) append(out.main, plain(schema::comment_sql(n.to), n.action.id, "The comment went with the old one."));
    return out;
  }

  static std::string without_deferral(std::string text) {
    for (const std::string_view tail : {" NOT ENFORCED", " INITIALLY DEFERRED", " DEFERRABLE"}) {
      if (text.ends_with(tail)) text.resize(text.size() - tail.size());
    }
    return text;
  }

  // Only when a foreign key is checked differs: the catalogs say so, no row is read.
  static std::optional<Expansion> alter_in_place(const Names& n) {
    const Object& from = *n.action.from;
    const bool fk = n.to.text("type") == "FOREIGN KEY";
    const bool same = without_deferral(from.text("definition")) == without_deferral(n.to.text("definition"));
    const bool enforce = !from.flag("enforced") && n.to.flag("enforced");
    if (!fk || !same || enforce || (n.to.flag("enforced") && from.value("validated") != n.to.value("validated")))
      return std::nullopt;
    std::string sql = n.table + " ALTER CONSTRAINT " + ident(n.name);
    if (from.value("deferrable") != n.to.value("deferrable") || from.value("deferred") != n.to.value("deferred")) {
      sql += n.to.flag("deferrable") ? " DEFERRABLE" : " NOT DEFERRABLE";
      sql += n.to.flag("deferred") ? " INITIALLY DEFERRED" : " INITIALLY IMMEDIATE";
    }
    if (from.value("enforced") != n.to.value("enforced")) sql += " NOT ENFORCED";
    Expansion out;
    out.main.push_back(strong(say(n.action.id, std::move(sql), "Changes in place: no row is read.")));
    return out;
  }

  static Expansion partition_by_partition(const Names& n, const Situation& situation) {
    Expansion out;
    const bool replace = n.action.verb == Verb::replace;
    // One of this name may be there and go with something else of this plan (a column of it): it goes first, in its own step.
    const bool goes = !replace && situation.from.find(n.action.id) != nullptr;
    const std::string helper = replace || goes ? helper_name("pga_new", n.action.id.path) : n.name;
    std::vector<std::string> leaves;
    for (const Object* table : descendants(situation.to, *n.to.parent)) {
      const Object* before = situation.from.find(table->id);
      if (before == nullptr || before->text("form") != "table" || table->text("form") != "table") continue;
      if (before->value("partition_of") != table->value("partition_of")) continue;  // comes with its ATTACH
      leaves.push_back("ALTER TABLE " + schema::qualified(table->id.path));
    }
    for (const auto& leaf : leaves) {
      out.prepare.push_back(
          strong(say(n.action.id, leaf + " ADD " + definition_as(n.to, helper),
                     "Partition by partition, because PostgreSQL before 18 has no NOT VALID on the whole table.")));
      out.prepare.push_back(validate(n, leaf, helper));
    }
    if (replace)
      out.main.push_back(
          strong(say(n.action.id, n.table + " DROP CONSTRAINT " + ident(n.name), "The new rule holds: the old one goes.")));
    if (replace || goes) {
      for (const auto& leaf : leaves) {
        out.main.push_back(strong(say(n.action.id, leaf + " RENAME CONSTRAINT " + ident(helper) + " TO " + ident(n.name),
                                      "The partition's takes the name.")));
      }
    }
    Object valid = n.to;
    out.main.push_back(strong(say(n.action.id, n.table + " ADD " + schema::constraint_definition(valid, false),
                                  "Adopts the partitions' foreign keys, which are valid: no row is read.")));
    if (replace && n.to.comment)
      append(out.main, plain(schema::comment_sql(n.to), n.action.id, "The comment went with the old one."));
    return out;
  }
};

}  // namespace

const Form& form_constraint_not_valid() {
  static const ConstraintNotValid form;
  return form;
}

}  // namespace pga::plan
