// An existing table becomes a partition: ATTACH reads all its rows under ACCESS EXCLUSIVE, and those of the default partition,
// unless valid checks say that they fit. So the checks first, NOT VALID and validated alone; ATTACH then reads nothing; the
// checks go. A partition leaves: DETACH PARTITION … CONCURRENTLY (14 and newer, no default partition). It would leave a check
// with a name of PostgreSQL's choosing behind, unless one that says the same is there already: ours, which goes afterwards.
// https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "plan/online/partition_check.h"
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

struct Join {
  const Action& action;
  const Situation& situation;
  const Object& from = *action.from;
  const Object& to = *action.to;
  std::string table = "ALTER TABLE " + schema::qualified(to.id.path);
};

std::vector<const Object*> partitions(const Database& in, const Id& parent) {
  std::vector<const Object*> out;
  for (const auto& [id, object] : in.objects) {
    if (id.kind == KindId::table && object.list("partition_of") == parent.path) out.push_back(&object);
  }
  return out;
}

const Object* default_partition(const Database& in, const Id& parent) {
  for (const Object* partition : partitions(in, parent)) {
    if (partition->text("partition_bound") == "DEFAULT") return partition;
  }
  return nullptr;
}

class AttachPartition : public Form {
 public:
  std::string_view slug() const override { return "attach-partition"; }
  std::string_view meaning() const override {
    return "An existing table that becomes a partition has a validated check first, so that ATTACH reads no row; a partition "
           "that "
           "leaves is detached concurrently.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::alter || action.fresh) return std::nullopt;
    if (changes(action, "attached_to")) return follow_table(action, situation);
    if (action.id.kind != KindId::table) return std::nullopt;
    if (!changes(action, "partition_of") && !changes(action, "partition_bound")) return std::nullopt;
    const Join join{action, situation};
    if (join.to.text("form") == "foreign") return std::nullopt;
    return join.to.value("partition_of") ? attach(join) : detach(join);
  }

 private:
  // The index of a table that joins in this plan is attached by the table's ATTACH.
  static std::optional<Expansion> follow_table(const Action& action, const Situation& situation) {
    if (!action.to->value("attached_to") || !action.to->parent || !attached_by_plan(*action.to->parent, situation))
      return std::nullopt;
    Expansion out;
    const auto rest = without(action.changed, {"attached_to"});
    if (rest.empty()) return out;
    const auto other = schema::kind_of(action.id.kind).alter(*action.from, *action.to, rest, situation.from, situation.to);
    if (other.how != schema::Alteration::How::in_place) return std::nullopt;
    append(out.main, settings(other.statements, action.id));
    return out;
  }

  // Adds and validates a check on a table, and drops it in `after`.
  static void prove(const Join& j, const Object& table, const std::string& rule, Drafts& before, Drafts& after) {
    const std::string alter = "ALTER TABLE " + schema::qualified(table.id.path);
    const std::string name = ident(helper_name("pga_bound", {table.id.path[0], table.id.path[1], j.to.id.path[1]}));
    before.push_back(strong(say(j.action.id, alter + " ADD CONSTRAINT " + name + " CHECK (" + rule + ") NOT VALID",
                                "A check that says what the bound says, without reading the rows under the lock.")));
    before.push_back(
        alone(say(j.action.id, alter + " VALIDATE CONSTRAINT " + name,
                  "Reads the rows while reads and writes go on; fails if one does not fit, and nothing else has changed.")));
    after.push_back(strong(say(j.action.id, alter + " DROP CONSTRAINT " + name, "The check has done its work.")));
  }

  // The partition constraint of a hash partition has no collation, a check that a person writes has one where a column of the key
  // does: PostgreSQL then does not see that they say the same (observed on 13 to 18).
  static bool hash_is_plain(const Object& parent, const Database& in) {
    constexpr std::array<std::string_view, 16> kTypes = {"smallint",
                                                         "integer",
                                                         "bigint",
                                                         "numeric",
                                                         "real",
                                                         "double precision",
                                                         "boolean",
                                                         "uuid",
                                                         "date",
                                                         "timestamp without time zone",
                                                         "timestamp with time zone",
                                                         "time without time zone",
                                                         "bytea",
                                                         "inet",
                                                         "oid",
                                                         "interval"};
    const std::string key = parent.text("partition_key");
    const auto columns = in.children(parent.id, KindId::column);
    const auto names = split(key.substr(key.find('(') + 1, key.rfind(')') - key.find('(') - 1), ',');
    return std::ranges::all_of(names, [&](const std::string& name) {
      return std::ranges::any_of(columns, [&](const Object* column) {
        const std::string type = column->text("type");
        return ident(column->id.name()) == trim(name) &&
               std::ranges::find(kTypes, type.substr(0, type.find('('))) != kTypes.end();
      });
    });
  }

  static std::optional<std::string> rule_of(const Object& parent, const Object& partition, const Database& in) {
    const std::string key = parent.text("partition_key"), bound = partition.text("partition_bound");
    if (key.starts_with("HASH") && !hash_is_plain(parent, in)) return std::nullopt;
    if (bound != "DEFAULT") return partition_check(key, bound, literal(schema::qualified(parent.id.path)));
    std::vector<std::string> bounds;
    for (const Object* other : partitions(in, parent.id)) {
      if (other->id != partition.id) bounds.push_back(other->text("partition_bound"));
    }
    return default_partition_check(key, bounds);
  }

  // Checks and foreign keys of the parent: ATTACH wants the checks to be there, and would read the rows for a foreign key.
  static void rules(const Join& j, Drafts& before) {
    const auto had = schema::rules_of_parents(j.from, j.situation.from);
    for (const Object* rule : schema::rules_of_parents(j.to, j.situation.to)) {
      const auto same = [&](const Object* other) {
        const bool text = other->text("definition") == rule->text("definition");
        return text && (rule->text("type") == "FOREIGN KEY" || other->id.name() == rule->id.name());
      };
      if (std::ranges::any_of(had, same)) continue;
      if (std::ranges::any_of(j.situation.from.children(j.from.id, KindId::constraint), same)) continue;
      const Object own = schema::rule_for(*rule, j.to);
      before.push_back(strong(say(j.action.id, j.table + " ADD " + schema::constraint_definition(own, true),
                                  "The parent has this rule; NOT VALID: existing rows are not read under the lock.")));
      if (!rule->flag("validated") || !rule->flag("enforced")) continue;
      before.push_back(alone(say(j.action.id, j.table + " VALIDATE CONSTRAINT " + ident(rule->id.name()),
                                 "Reads the rows while reads and writes go on, so that ATTACH need not.")));
    }
  }

  static void leave_rules(const Join& j, Drafts& out) {
    for (const auto& name : schema::rules_left_behind(j.from, j.to, j.situation.from, j.situation.to)) {
      out.push_back(strong(say(j.action.id, j.table + " DROP CONSTRAINT IF EXISTS " + ident(name),
                               "DETACH leaves the parent's rules; the target has none.")));
    }
  }

  static std::optional<Expansion> attach(const Join& j) {
    const Id parent_id{KindId::table, j.to.list("partition_of")};
    const Object* parent = j.situation.to.find(parent_id);
    if (parent == nullptr) return std::nullopt;
    Expansion out;
    Drafts after;
    bool unproven = false;
    rules(j, out.prepare);
    if (const auto rule = rule_of(*parent, j.to, j.situation.to)) {
      prove(j, j.to, *rule, out.prepare, after);
    } else {
      unproven = true;
      out.notes.push_back("ATTACH of " + schema::qualified(j.to.id.path) +
                          " reads its rows under a lock that blocks it, because no check " + "can say what its bound means");
    }
    const Object* rest = default_partition(j.situation.to, parent_id);
    if (rest != nullptr && rest->id != j.to.id && j.situation.from.find(rest->id) != nullptr) {
      if (const auto rule = default_partition_check(parent->text("partition_key"), {j.to.text("partition_bound")})) {
        prove(j, *rest, *rule, out.prepare, after);
      } else {
        unproven = true;
      }
    }
    if (j.from.value("partition_of")) {
      out.main.push_back(strong(say(j.action.id,
                                    "ALTER TABLE " + schema::qualified(j.from.list("partition_of")) + " DETACH PARTITION " +
                                        schema::qualified(j.to.id.path),
                                    "In one transaction with ATTACH, so that its rows are never missing.")));
      leave_rules(j, out.main);
    }
    Draft join = strong(say(j.action.id, schema::attach_partition(j.to).sql,
                            unproven ? "The partition joins its table; its rows are read."
                                     : "The valid check says that every row fits: none is read."));
    if (unproven) join.step.hazards = {Hazard::strong_lock, Hazard::long_scan};
    out.main.push_back(std::move(join));
    append(out.main, std::move(after));
    others(j, out);
    return out;
  }

  static std::optional<Expansion> detach(const Join& j) {
    const Id parent_id{KindId::table, j.from.list("partition_of")};
    const Object* parent = j.situation.from.find(parent_id);
    const bool concurrent = j.situation.major() >= 14 && parent != nullptr && j.situation.to.find(parent_id) != nullptr &&
                            default_partition(j.situation.from, parent_id) == nullptr;
    if (!concurrent) return std::nullopt;
    Expansion out;
    Drafts after;
    if (!parent->text("partition_key").starts_with("HASH")) {  // of a hash partition no check stays behind
      const auto rule = rule_of(*parent, j.from, j.situation.from);
      if (!rule) return std::nullopt;
      prove(j, j.from, *rule, out.prepare, after);
    }
    out.main.push_back(outside(say(j.action.id,
                                   "ALTER TABLE " + schema::qualified(parent_id.path) + " DETACH PARTITION " +
                                       schema::qualified(j.to.id.path) + " CONCURRENTLY",
                                   "CONCURRENTLY: waits for queries on the parent without blocking them.")));
    out.notes.push_back("if DETACH PARTITION " + schema::qualified(j.to.id.path) +
                        " CONCURRENTLY is interrupted, end it with ALTER TABLE " + schema::qualified(parent_id.path) +
                        " DETACH PARTITION " + schema::qualified(j.to.id.path) + " FINALIZE");
    leave_rules(j, out.main);
    append(out.main, std::move(after));
    others(j, out);
    return out;
  }

  static void others(const Join& j, Expansion& out) {
    const auto rest = without(j.action.changed, {"partition_of", "partition_bound"});
    if (rest.empty()) return;
    const auto other = schema::kind_of(KindId::table).alter(j.from, j.to, rest, j.situation.from, j.situation.to);
    for (auto& draft : plain(other.statements, j.action.id, "Changes with it.")) out.main.push_back(strong(std::move(draft)));
  }
};

}  // namespace

const Form& form_attach_partition() {
  static const AttachPartition form;
  return form;
}

}  // namespace pga::plan
