// A table that is dropped: it is not dropped but stripped of all that ties it to others and moved to pgarchitect_parked; instant.
// When it is created again (down, or because the plan drops and creates it to change what cannot be altered) its rows move back
// before indexes, constraints and triggers exist.
#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "plan/neutral.h"
#include "plan/online/parked_column.h"
#include "plan/online/parked_sequence.h"

namespace pga::plan {
namespace {

using namespace data;  // NOLINT(google-build-using-namespace): the helpers of this folder
using schema::Database;
using schema::Id;
using schema::KindId;
using schema::Object;

void append(Drafts& to, const Drafts& more) {
  to.insert(to.end(), more.begin(), more.end());
}

bool has_rows(const Object& table) {
  return table.text("form") == "table";
}

// The partitioned table at the top, or the table itself.
const Object* root_of(const Object& table, const Database& in) {
  const Object* at = &table;
  for (int depth = 0; depth < 32; ++depth) {
    const auto above = at->list("partition_of");
    const Object* parent = above.empty() ? nullptr : in.find(Id{KindId::table, above});
    if (parent == nullptr) return at;
    at = parent;
  }
  return at;
}

// The table is in both models and has to be made again: its rows, those of its partitions included, move into the new one.
bool is_made_again(const Id& id, const Situation& situation) {
  const Object* from = situation.from.find(id);
  const Object* to = situation.to.find(id);
  if (from == nullptr || to == nullptr || to->text("form") == "foreign") return false;
  const auto changed = schema::changed_fields(*from, *to);
  if (changed.empty()) return false;
  return schema::kind_of(id.kind).alter(*from, *to, changed, situation.from, situation.to).how ==
         schema::Alteration::How::recreate;
}

// A partition whose whole table is made again.
bool moves_with_root(const Object& table, const Situation& situation) {
  const Object* root = root_of(table, situation.from);
  return root != &table && is_made_again(root->id, situation);
}

// Tables with rows that belong to this one: itself, or its partitions.
std::vector<const Object*> tables_with_rows(const Object& table, const Database& in) {
  if (has_rows(table)) return {&table};
  std::vector<const Object*> out;
  for (const Object* other : in.dependents(table.id)) {
    if (other->id.kind != KindId::table || other->list("partition_of") != table.id.path) continue;
    for (const Object* leaf : tables_with_rows(*other, in)) out.push_back(leaf);
  }
  return out;
}

// Something that the column needs (its type, its collation) does not stay as it is: its values wait as text.
bool loses_type(const Object& column, const Database& before, const Database& after) {
  return std::ranges::any_of(column.needs, [&](const Id& need) {
    if (need.kind == KindId::table || need.kind == KindId::schema || need.kind == KindId::sequence) return false;
    const Object* old = before.find(need);
    const Object* now = after.find(need);
    return now == nullptr || old == nullptr || !changed_fields(*old, *now).empty();
  });
}

class ParkTable : public Form {
 public:
  std::string_view slug() const override { return "park-table"; }
  std::string_view meaning() const override { return "A dropped table waits with its rows in pgarchitect_parked until down."; }
  bool keeps_data() const override { return true; }
  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.id.kind != KindId::table) return std::nullopt;
    if (action.verb == Verb::drop) return park(action, situation);
    if (action.verb == Verb::create) return restore(action, situation);
    return std::nullopt;
  }

 private:
  static std::optional<Expansion> park(const Action& action, const Situation& situation);
  static std::optional<Expansion> restore(const Action& action, const Situation& situation);
};

// Everything that ties the table to objects that may go or that would carry a name into the other schema.
class Stripping {
 public:
  Stripping(const Object& table, const Situation& situation) : table_(table), s_(situation), name_(table_of(table.id)) {}

  Drafts statements() {
    say("LOCK TABLE " + name_ + " IN ACCESS EXCLUSIVE MODE", "nobody is in the table while it moves");
    out_.front().step.strong_lock = true;
    detach();
    for (const auto kind : {KindId::trigger, KindId::policy, KindId::rule, KindId::statistics}) drop_children(kind);
    for (const Object* constraint : s_.from.children(table_.id, KindId::constraint)) {
      if (constraint->text("type") == "FOREIGN KEY") drop_constraint(*constraint);
    }
    for (const Object* constraint : s_.from.children(table_.id, KindId::constraint)) {
      if (constraint->text("type") != "FOREIGN KEY") drop_constraint(*constraint);
    }
    for (const Object* index : s_.from.children(table_.id, KindId::index)) {
      say("DROP INDEX IF EXISTS " + ident({index->id.path[0], index->id.path[1]}), "it is built again with the table");
    }
    for (const Object* column : s_.from.children(table_.id, KindId::column)) strip_column(*column);
    if (table_.flag("row_security") || table_.flag("force_row_security")) {
      say("ALTER TABLE " + name_ + " DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
          "no row may be hidden when they come back; nobody else can enter the schema");
    }
    return std::move(out_);
  }

 private:
  void say(std::string sql, std::string why) {
    out_.push_back(draft(table_.id, Phase::contract, std::move(sql), std::move(why)));
  }
  void detach();
  void drop_children(KindId kind);
  void drop_constraint(const Object& constraint);
  void strip_column(const Object& column);

  const Object& table_;
  const Situation& s_;
  std::string name_;
  Drafts out_;
};

void Stripping::detach() {
  if (const auto parent = table_.list("partition_of"); !parent.empty()) {
    say("ALTER TABLE " + ident({parent[0], parent[1]}) + " DETACH PARTITION " + name_, "it is a table of its own from here on");
    out_.back().step.strong_lock = true;
  }
  for (const auto& parent : table_.list("inherits")) {
    say("ALTER TABLE " + name_ + " NO INHERIT " + parent, "it is a table of its own from here on");
  }
  if (table_.value("of_type")) say("ALTER TABLE " + name_ + " NOT OF", "its type may go");
  for (const Object* other : s_.from.dependents(table_.id)) {
    if (other->id.kind != KindId::publication) continue;
    const std::string publication = ident(other->id.name());
    const std::string body =
        "\nBEGIN\n  IF EXISTS (SELECT FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = "
        "r.prpubid\n              WHERE p.pubname = " +
        literal(other->id.name()) + " AND r.prrelid = " + literal(name_) + "::regclass) THEN\n    ALTER PUBLICATION " +
        publication + " DROP TABLE " + name_ + ";\n  END IF;\nEND\n";
    say("DO " + dollar_quote(body), "what waits is not published");
  }
}

void Stripping::drop_children(KindId kind) {
  const auto& how = schema::kind_of(kind);
  std::vector<const Object*> found = s_.from.children(table_.id, kind);
  if (kind == KindId::statistics) {  // they stand in a schema of their own choice
    for (const Object* other : s_.from.dependents(table_.id)) {
      if (other->id.kind == kind && std::ranges::find(found, other) == found.end()) found.push_back(other);
    }
  }
  for (const Object* child : found) {
    if (kind == KindId::trigger && child->flag("is_clone")) continue;
    say("DROP " + std::string(how.keyword()) + " IF EXISTS " + how.address(*child), "it is made again with the table");
  }
}

void Stripping::drop_constraint(const Object& constraint) {
  say("ALTER TABLE " + name_ + " DROP CONSTRAINT IF EXISTS " + ident(constraint.id.name()), "it is made again with the table");
}

void Stripping::strip_column(const Object& column) {
  const std::string alter = "ALTER TABLE " + name_ + " ALTER COLUMN " + ident(column.id.name());
  if (column.value("generated")) {
    say("ALTER TABLE " + name_ + " DROP COLUMN " + ident(column.id.name()), "computed values: down computes them again");
    return;
  }
  if (s_.from.find(KindId::column_default, column.id.path) != nullptr) say(alter + " DROP DEFAULT", "what it calls may go");
  for (const Object* sequence : sequences_of(column, s_.from)) {
    if (s_.to.find(sequence->id) != nullptr && s_.to.find(table_.id) == nullptr) continue;  // it stays, and was taken off before
    append(out_, park_position(sequence->id, sequence_name(*sequence), s_));
    say("DROP SEQUENCE IF EXISTS " + sequence_name(*sequence), "its position is kept");
  }
  if (column.value("identity")) {
    append(out_, park_position(column.id, column.text("identity_sequence"), s_));
    say(alter + " DROP IDENTITY", "its position is kept");
  }
  if (loses_type(column, s_.from, s_.to)) {
    say(alter + " TYPE text COLLATE \"default\" USING " + ident(column.id.name()) + "::text",
        "its type goes: the values wait as text");
    out_.back().step.hazards.push_back(Hazard::table_rewrite);
  }
}

// Sequences that go with the table: those in `to` again have their position restored when they are made, the others by down.
void keep_positions(const Object& table, const Situation& situation, Expansion& out) {
  for (const Object* column : situation.from.children(table.id, KindId::column)) {
    for (const Object* sequence : sequences_of(*column, situation.from)) {
      append(out.main, park_position(sequence->id, sequence_name(*sequence), situation));
      if (situation.to.find(sequence->id) == nullptr) out.kept.push_back(sequence->id);
    }
    if (column->value("identity")) append(out.main, park_position(column->id, column->text("identity_sequence"), situation));
  }
}

Expansion dropped(const Object& table, const Situation& situation, const std::string& why, bool loses) {
  Expansion out;
  for (auto& one : plain(schema::kind_of(table.id.kind).drop(table, situation.from), table.id, why)) {
    one.phase = Phase::contract;
    one = with(strong(std::move(one)), Hazard::breaks_dependents);
    if (loses) one = with(std::move(one), Hazard::data_loss);
    out.main.push_back(std::move(one));
  }
  return out;
}

std::optional<Expansion> ParkTable::park(const Action& action, const Situation& situation) {
  const Object& table = *action.from;
  if (table.text("form") == "foreign") return std::nullopt;
  const Object* after = situation.to.find(action.id);
  const bool moves = (after != nullptr && after->text("form") != "foreign") || moves_with_root(table, situation);
  const bool keeps = moves || (!situation.down && !situation.options.discard);
  if (!keeps) {
    return dropped(table, situation, situation.down ? "the way back: what up added goes" : "its rows are not kept",
                   has_rows(table));
  }
  Expansion out;
  if (!has_rows(table)) {  // a partitioned table: its rows are its partitions'
    keep_positions(table, situation, out);
    append(out.main, dropped(table, situation, "its rows are those of its partitions", false).main);
    if (!moves) out.kept.push_back(action.id);
    return out;
  }
  const std::string bare = parked_bare_name("rows", situation, action.id);
  out.main.push_back(make_parked_schema(action.id));
  append(out.main, Stripping(table, situation).statements());
  out.main.push_back(draft(action.id, Phase::contract, "ALTER TABLE " + table_of(action.id) + " RENAME TO " + ident(bare),
                           "it waits under a name of its own"));
  out.main.push_back(draft(action.id, Phase::contract,
                           "ALTER TABLE " + ident({action.id.path[0], bare}) + " SET SCHEMA " + std::string(kParked),
                           moves ? "moved away; its rows move into the new table" : "moved away instead of dropped: instant"));
  out.main.back().step.hazards.push_back(moves ? Hazard::strong_lock : Hazard::breaks_dependents);
  if (moves) return out;
  out.kept.push_back(action.id);
  for (const Object* column : situation.from.children(action.id, KindId::column)) {
    for (const Object* sequence : sequences_of(*column, situation.from)) {
      if (situation.to.find(sequence->id) == nullptr) out.kept.push_back(sequence->id);
    }
  }
  out.notes.push_back(schema::to_text(action.id) + ": its rows wait in " + parked_name("rows", situation, action.id));
  return out;
}

// INSERT of all columns that both have. What waits has the columns of `old` in `source`, those as text whose type is not the same
// in `other`. A new column that must have a value and has no default gets one that means nothing.
std::string move_rows(const Id& old, const Id& table, const Database& source, const Database& other, const Situation& situation) {
  std::vector<std::string> names, values;
  for (const Object* column : situation.to.children(table, KindId::column)) {
    const Object* was = source.find(KindId::column, {old.path[0], old.path[1], column->id.name()});
    if (column->value("generated")) continue;
    if (was == nullptr || was->value("generated")) {
      const bool filled = column->value("identity") || situation.to.find(KindId::column_default, column->id.path) != nullptr;
      const auto value = neutral_value(*column, situation.to);
      if (!column->flag("not_null") || filled || !value) continue;
      names.push_back(ident(column->id.name()));
      values.push_back(*value);
      continue;
    }
    names.push_back(ident(column->id.name()));
    const bool text = loses_type(*was, source, other);
    const bool user = was->value("user_type") || column->value("user_type");
    std::string value = data::column("t", column->id.name());
    if (!text && was->value("type") != column->value("type") && user) value += "::text";
    if (text || was->value("type") != column->value("type")) value += "::" + column->text("type");
    values.push_back(value);
  }
  const std::string insert = "INSERT INTO " + table_of(table), from = " FROM " + parked_name("rows", situation, old) + " AS t";
  if (names.empty()) return insert + " SELECT" + from;
  return insert + " (" + join(names, ", ") + ") OVERRIDING SYSTEM VALUE SELECT " + join(values, ", ") + from;
}

// Columns whose values stay behind when the rows of one table move into another.
std::vector<std::string> columns_not_in(const Object& old, const Object& table, const Situation& situation) {
  std::vector<std::string> out;
  for (const Object* column : situation.from.children(old.id, KindId::column)) {
    if (column->value("generated")) continue;
    if (situation.to.find(KindId::column, {table.id.path[0], table.id.path[1], column->id.name()}) == nullptr) {
      out.push_back(column->id.name());
    }
  }
  return out;
}

std::optional<Expansion> ParkTable::restore(const Action& action, const Situation& situation) {
  const Object& table = *action.to;
  if (table.text("form") == "foreign") return std::nullopt;
  const Object* before = situation.from.find(action.id);
  const bool again = before != nullptr && before->text("form") != "foreign";
  if (!again && !situation.kept.contains(action.id)) return std::nullopt;
  if (again && moves_with_root(*before, situation)) return std::nullopt;  // into the table that it is a part of
  Expansion out;
  const auto say = [&](Phase phase, std::string sql, std::string why) {
    out.fill.push_back(draft(action.id, phase, std::move(sql), std::move(why)));
  };
  const Database& source = again ? situation.from : situation.to;
  const Database& other = again ? situation.to : situation.from;
  const bool forced = table.flag("force_row_security");
  const std::string alter = "ALTER TABLE " + table_of(action.id);
  std::vector<const Object*> sources;
  if (again) {
    sources = tables_with_rows(*before, situation.from);
  } else if (has_rows(table)) {
    sources = {&table};
  }
  if (forced && !sources.empty()) say(Phase::migrate_data, alter + " NO FORCE ROW LEVEL SECURITY", "no row may be refused");
  for (const Object* old : sources) {
    say(Phase::migrate_data, move_rows(old->id, action.id, source, other, situation),
        again ? "the rows move over, before anything can fire or check"
              : "the rows come back, before anything can fire or check");
    out.fill.back().step.hazards.push_back(Hazard::data_change);
    if (again) out.fill.back().step.hazards.push_back(Hazard::strong_lock);
    say(Phase::contract, "DROP TABLE " + parked_name("rows", situation, old->id), "all its rows are in the table");
    if (!again || situation.down) continue;
    const auto lost = columns_not_in(*old, table, situation);
    if (lost.empty()) continue;
    out.fill.back().step.hazards.push_back(Hazard::data_loss);
    out.fill.back().step.hazards.push_back(Hazard::not_reversible);
    out.notes.push_back(schema::to_text(old->id) + ": it is made again without " + join(lost, ", ") +
                        "; those values are not kept for down (drop the column in a migration of its own to keep them)");
  }
  if (forced && !sources.empty()) say(Phase::migrate_data, alter + " FORCE ROW LEVEL SECURITY", "as it should be");
  for (const Object* column : situation.to.children(action.id, KindId::column)) {
    const Object* was = source.find(column->id);
    if (!column->value("identity")) continue;
    // An identity that this plan drops with the table and makes again, or that up took away with its table.
    const bool parked = (was != nullptr && was->value("identity")) || (situation.down && again && was != nullptr);
    if (!parked) continue;
    append(out.fill, restore_position(column->id, column->text("identity_sequence"), situation));
  }
  if (out.fill.empty()) return std::nullopt;
  out.fill.push_back(drop_parked_schema(action.id));
  return out;
}

}  // namespace

const Form& form_park_table() {
  static const ParkTable form;
  return form;
}

}  // namespace pga::plan
