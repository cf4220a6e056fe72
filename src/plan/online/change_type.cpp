// A change of type that writes the table anew: through a shadow column that a trigger keeps in step. It is filled in batches,
// gets the indexes, keys and checks of the old column, and takes its place in one short transaction. Where the conversion loses
// something, the old values wait in pgarchitect_parked (also with --offline), and down brings them back to the rows that were not
// changed since. https://www.postgresql.org/docs/current/sql-altertable.html, "Notes"
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "plan/changes.h"
#include "plan/online/column_text.h"
#include "plan/online/conversion.h"
#include "plan/online/not_null.h"
#include "plan/online/parked_column.h"
#include "plan/online/parked_sequence.h"
#include "plan/online/shadow_column.h"
#include "plan_embedded.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using namespace data;  // NOLINT(google-build-using-namespace): the helpers of this folder
using schema::Alteration;
using schema::Id;
using schema::KindId;
using schema::Object;
using schema::Statements;

void append(Drafts& to, const Drafts& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// The whole work on one column.
class Change {
 public:
  Change(const Action& action, const Situation& situation, Alteration alteration)
      : from_(*action.from),
        to_(*action.to),
        s_(situation),
        id_(action.id),
        table_(table_id(action.id)),
        alteration_(std::move(alteration)),
        alter_("ALTER TABLE " + table_of(action.id)),
        shadow_(helper_name("pga_new", action.id.path)),
        old_(helper_name("pga_old", action.id.path)),
        helper_(helper_name("zzz_pga_shadow", action.id.path)),
        function_(ident({action.id.path[0], helper_})) {
    const bool keeps = keeps_values(from_, to_, s_.from, s_.to);
    if (!s_.down && !s_.options.discard && !keeps) parked_.emplace(from_, s_, s_.from, s_.to);
    if (s_.down && s_.kept.contains(id_)) restored_.emplace(to_, s_, s_.to, s_.from);
  }

  bool parks() const { return parked_.has_value(); }
  bool restores() const { return restored_.has_value(); }
  // Why there is no online way; "" when there is one.
  std::string obstacle(const Object& table) const;
  Expansion online();
  Expansion in_place(const std::string& why_not) const;

 private:
  std::string convert(const std::string& value) const { return converted(from_, to_, value); }
  Draft say(Phase phase, std::string sql, std::string why) const { return draft(id_, phase, std::move(sql), std::move(why)); }
  // The value that came back, if the row still has what the parked value became.
  std::string came_back(const std::string& row) const;
  void check();
  void add_shadow();
  void fill();
  void build();
  void take_away_old();
  void swap();
  void give_keys();
  void give_indexes();
  void give_rest();
  void identity();
  void finish();

  const Object& from_;
  const Object& to_;
  const Situation& s_;
  const Id& id_;
  Id table_;
  Alteration alteration_;
  std::string alter_, shadow_, old_, helper_, function_;
  std::optional<ParkedColumn> parked_, restored_;
  Dependents dependents_ = dependents_of(from_, s_, alteration_);
  Expansion out_;
};

std::string Change::obstacle(const Object& table) const {
  if (table.text("form") != "table") return "the table is " + table.text("form");
  if (table.value("partition_of") || table.value("inherits") || has_children(table.id, s_.from)) {
    return "the table is part of a hierarchy";
  }
  const Object* later = s_.to.find(table.id);
  if (later != nullptr && (later->value("partition_of") || later->value("inherits"))) return "the table joins a hierarchy";
  if (table.value("of_type")) return "the table has the columns of a composite type";
  if (from_.value("generated") || to_.value("generated")) return "it is computed";
  if (restored_ && !restored_->keyed()) return "the values that wait are found by the other columns of their row";
  for (const Object* index : dependents_.indexes) {
    if (shadow_index(*index, from_, shadow_, s_.from).definition.empty()) return schema::to_text(index->id) + " is special";
  }
  return dependents_.obstacle;
}

std::string Change::came_back(const std::string& row) const {
  const std::string parked = restored_->value("p");
  // What the parked value became on the way up: that change goes from our `to` to our `from`.
  const std::string became = converted(to_, from_, parked);
  return "(SELECT " + parked + " FROM " + restored_->name() + " AS p WHERE " + restored_->matches(row) +
         " AND pg_catalog.record_image_eq(ROW(" + became + "), ROW(" + column(row, id_.name()) + ")))";
}

// Values that cannot be converted are found before anything is changed.
void Change::check() {
  if (always_converts(from_, to_)) return;
  const auto key = key_of(table_, s_.from);
  std::vector<std::string> values;
  if (key) {
    for (const auto& name : key->columns) values.push_back(column("t", name));
  }
  const std::string sql = fill_in(embedded::plan::online_check_conversion,
                                  {{"converted", convert(column("t", id_.name()))},
                                   {"table", table_of(id_)},
                                   {"key", key ? "pg_catalog.concat_ws(', ', " + join(values, ", ") + ")" : "t.ctid::text"},
                                   {"value", column("t", id_.name())},
                                   {"one_converted", convert("one.value")},
                                   {"column_text", literal(schema::to_text(id_))},
                                   {"key_text", literal(key ? join(key->columns, ", ") : std::string("ctid"))},
                                   {"type_text", literal(to_.text("type"))}});
  out_.prepare.push_back(alone(say(Phase::expand, "DO " + dollar_quote("\n" + sql),
                                   "a value that cannot be converted stops here, before anything is changed; only reads")));
}

void Change::add_shadow() {
  Object bare = to_;
  bare.id.path.set_back(shadow_);
  bare.set("not_null", "f");
  bare.set("identity", std::nullopt);
  bare.set("identity_unlogged", "f");
  bare.set("not_null_comment", std::nullopt);
  out_.prepare.push_back(strong(say(Phase::expand, alter_ + " ADD COLUMN " + column_definition(bare, s_.to, false),
                                    "the new column beside the old one: instant, because it is empty")));
  for (const auto& statement : column_settings(bare)) {
    out_.prepare.push_back(strong(say(Phase::expand, statement.sql, "a setting of the new column")));
  }
  const std::string name = column("NEW", id_.name());
  // A row whose exact value waits must get that one from the backfill, not the converted one.
  const std::string unchanged = restored_
                                    ? "IF TG_OP = 'UPDATE' THEN\n    IF pg_catalog.record_image_eq(ROW(" + name + "), ROW(" +
                                          column("OLD", id_.name()) + ")) THEN\n      RETURN NEW;\n    END IF;\n  END IF;"
                                    : "";
  const std::string body = fill_in(embedded::plan::online_shadow,
                                   {{"unchanged", unchanged}, {"shadow", column("NEW", shadow_)}, {"converted", convert(name)}});
  out_.prepare.push_back(
      say(Phase::expand,
          "CREATE FUNCTION " + function_ +
              "() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS " +
              dollar_quote("\n" + body),
          "computes the new value of a row from the old one"));
  out_.prepare.push_back(
      strong(say(Phase::expand,
                 "CREATE TRIGGER " + ident(helper_) + " BEFORE INSERT OR UPDATE ON " + table_of(id_) +
                     " FOR EACH ROW EXECUTE FUNCTION " + function_ + "()",
                 "rows that are written from now on have both values; its name makes it the last one to fire")));
  out_.prepare.push_back(
      strong(say(Phase::expand, alter_ + " ENABLE ALWAYS TRIGGER " + ident(helper_), "also for rows of logical replication")));
}

void Change::fill() {
  const std::string now = column("t", id_.name());
  const std::string value = restored_ ? "COALESCE(" + came_back("t") + ", " + convert(now) + ")" : convert(now);
  const Work work{"UPDATE ", " AS t SET " + ident(shadow_) + " = " + value + " WHERE ",
                  " AND " + column("t", shadow_) + " IS NULL AND " + now + " IS NOT NULL"};
  const auto key = key_of(table_, s_.from);
  out_.prepare.push_back(
      in_batches(id_, s_, table_, key, work, "old rows get the new value; short transactions, may be run again"));
  if (restored_) {
    out_.prepare.push_back(in_batches(id_, s_, table_, key, work, "rows whose key changed meanwhile; most often there are none"));
  }
}

void Change::build() {
  const auto concurrently = [&](const ShadowIndex& index, const std::string& of) {
    Draft one = say(Phase::migrate_data, index.definition, "as " + of + ", on the new column; others may write meanwhile");
    one.transactional = false;
    one.step.concurrent_index = ident({id_.path[0], index.name});
    one.step.hazards = {Hazard::index_build};
    out_.prepare.push_back(std::move(one));
  };
  for (const Object* key : dependents_.keys) concurrently(shadow_key(*key, from_, shadow_), schema::to_text(key->id));
  for (const Object* index : dependents_.indexes) {
    concurrently(shadow_index(*index, from_, shadow_, s_.from), schema::to_text(index->id));
  }
  append(out_.prepare, not_null(to_, shadow_, s_.major(), false).early);
  for (const Object* check : dependents_.checks) {
    const std::string name = ident(helper_name("pga_check", check->id.path));
    const std::string definition = rename_column(check->text("definition"), id_.name(), shadow_);
    const std::string not_valid = check->flag("enforced") ? " NOT VALID" : "";
    out_.prepare.push_back(strong(say(Phase::migrate_data, alter_ + " ADD CONSTRAINT " + name + " " + definition + not_valid,
                                      "the check for new rows; old rows are not looked at yet, so the lock is short")));
    if (!check->flag("validated") || !check->flag("enforced")) continue;
    out_.prepare.push_back(alone(say(Phase::migrate_data, alter_ + " VALIDATE CONSTRAINT " + name,
                                     "old rows are looked at under a lock that lets others read and write")));
  }
  Draft analyze = say(Phase::migrate_data, "ANALYZE " + table_of(id_) + " (" + ident(shadow_) + ")",
                      "the planner knows the new column before it is used");
  out_.prepare.push_back(alone(std::move(analyze)));
}

// Everything below is one transaction.
void Change::take_away_old() {
  auto& main = out_.main;
  main.push_back(strong(say(Phase::migrate_data, "LOCK TABLE " + table_of(id_) + " IN ACCESS EXCLUSIVE MODE",
                            "the swap: from here to the commit nothing waits but names")));
  if (parked_) append(main, parked_->stop_keeping());
  main.push_back(
      say(Phase::migrate_data, "DROP TRIGGER " + ident(helper_) + " ON " + table_of(id_), "every row has both values"));
  main.push_back(say(Phase::migrate_data, "DROP FUNCTION " + function_ + "()", "the helper goes"));
  for (const auto& list : {dependents_.checks, dependents_.keys}) {
    for (const Object* constraint : list) {
      main.push_back(say(Phase::migrate_data, alter_ + " DROP CONSTRAINT " + ident(constraint->id.name()),
                         "its name is for the one on the new column"));
    }
  }
  for (const Object* index : dependents_.indexes) {
    main.push_back(say(Phase::migrate_data, "DROP INDEX " + ident({index->id.path[0], index->id.path[1]}),
                       "its name is for the one on the new column"));
  }
  for (const Object* statistics : dependents_.statistics) {
    for (const auto& statement : schema::kind_of(statistics->id.kind).drop(*statistics, s_.from)) {
      main.push_back(say(Phase::migrate_data, statement.sql, "made again on the new column"));
    }
  }
  for (const Object* sequence : dependents_.sequences) {
    main.push_back(say(Phase::migrate_data, "ALTER SEQUENCE " + sequence_name(*sequence) + " OWNED BY NONE",
                       "it must not go with the old column"));
  }
}

void Change::identity() {
  const std::string name = ident(id_.name()), old = alter_ + " ALTER COLUMN " + ident(old_) + " DROP IDENTITY";
  if (!from_.value("identity") && !to_.value("identity")) return;
  if (!to_.value("identity")) {
    out_.main.push_back(say(Phase::migrate_data, old, "the target has no identity"));
    return;
  }
  const std::string add = alter_ + " ALTER COLUMN " + name + " ADD GENERATED " + to_.text("identity") +
                          " AS IDENTITY (SEQUENCE NAME " + to_.text("identity_sequence") + " " +
                          join(to_.list("identity_options"), " ") + ")";
  if (!from_.value("identity")) {
    out_.main.push_back(say(Phase::migrate_data, add, "numbers for new rows"));
  } else {
    const std::string body = "\nDECLARE\n  position record;\nBEGIN\n  SELECT s.last_value, s.is_called INTO position FROM " +
                             from_.text("identity_sequence") + " AS s;\n  " + old + ";\n  " + add +
                             ";\n  PERFORM pg_catalog.setval(" + literal(to_.text("identity_sequence")) +
                             "::regclass, position.last_value, position.is_called);\nEND\n";
    out_.main.push_back(
        say(Phase::migrate_data, "DO " + dollar_quote(body), "the identity moves over and goes on where it stands"));
  }
  if (to_.flag("identity_unlogged")) {
    out_.main.push_back(say(Phase::migrate_data, "ALTER SEQUENCE " + to_.text("identity_sequence") + " SET UNLOGGED",
                            "a setting of the sequence"));
  }
}

void Change::swap() {
  auto& main = out_.main;
  append(main, not_null(to_, shadow_, s_.major(), false).late);
  if (from_.flag("not_null") && !from_.value("identity")) {
    main.push_back(say(Phase::migrate_data, alter_ + " ALTER COLUMN " + ident(id_.name()) + " DROP NOT NULL",
                       "new rows have no value there any more"));
  }
  main.push_back(
      say(Phase::migrate_data, alter_ + " RENAME COLUMN " + ident(id_.name()) + " TO " + ident(old_), "out of the way"));
  main.push_back(say(Phase::migrate_data, alter_ + " RENAME COLUMN " + ident(shadow_) + " TO " + ident(id_.name()),
                     "the new column takes its place"));
  identity();
  if (from_.flag("not_null") && from_.value("identity")) {  // an identity column is NOT NULL as long as it is one
    main.push_back(say(Phase::migrate_data, alter_ + " ALTER COLUMN " + ident(old_) + " DROP NOT NULL",
                       "new rows have no value there any more"));
  }
  if (s_.major() >= 18 && to_.flag("not_null")) {
    main.push_back(
        say(Phase::migrate_data,
            alter_ + " RENAME CONSTRAINT " + ident(early_not_null_name(to_)) + " TO " + ident(to_.text("not_null_name")),
            "the name that it shall have"));
  }
}

void Change::give_keys() {
  for (const Object* key : dependents_.keys) {
    std::string sql = alter_ + " ADD CONSTRAINT " + ident(key->id.name()) + " " + key->text("type") + " USING INDEX " +
                      ident(shadow_key(*key, from_, shadow_).name);
    if (key->flag("deferrable")) sql += key->flag("deferred") ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
    out_.main.push_back(say(Phase::migrate_data, sql, "instant: the index is there"));
    const Object& to = *s_.to.find(key->id);
    for (const auto& statement : schema::constraint_settings(to)) {
      out_.main.push_back(say(Phase::migrate_data, statement.sql, "as before"));
    }
    if (!to.comment) continue;
    out_.main.push_back(say(Phase::migrate_data, schema::comment_sql(to).front().sql, "as before"));
  }
}

void Change::give_indexes() {
  for (const Object* index : dependents_.indexes) {
    const std::string built = ident({index->id.path[0], shadow_index(*index, from_, shadow_, s_.from).name});
    out_.main.push_back(
        say(Phase::migrate_data, "ALTER INDEX " + built + " RENAME TO " + ident(index->id.name()), "it takes the name"));
    const Object& to = *s_.to.find(index->id);
    Statements settings = schema::kind_of(to.id.kind).create(to, s_.to);
    settings.erase(settings.begin());
    if (to.comment) settings.push_back(schema::comment_sql(to).front());
    for (const auto& statement : settings) out_.main.push_back(say(Phase::migrate_data, statement.sql, "as before"));
  }
}

void Change::give_rest() {
  const auto give = [&](const Statements& statements) {
    for (const auto& statement : statements) out_.main.push_back(say(Phase::migrate_data, statement.sql, "as before"));
  };
  for (const Object* check : dependents_.checks) {
    const std::string name = ident(helper_name("pga_check", check->id.path));
    give({{alter_ + " RENAME CONSTRAINT " + name + " TO " + ident(check->id.name())}});
    if (const Object* to = s_.to.find(check->id); to->comment) give(schema::comment_sql(*to));
  }
  for (const Object* statistics : dependents_.statistics) {
    const Object& to = *s_.to.find(statistics->id);
    give(schema::kind_of(to.id.kind).create(to, s_.to));
    give(schema::owner_sql(to));
    if (to.comment) give(schema::comment_sql(to));
  }
  for (const Object* sequence : dependents_.sequences) {
    give({{"ALTER SEQUENCE " + sequence_name(*sequence) + " OWNED BY " + ident({id_.path[0], id_.path[1], id_.path[2]})}});
  }
  if (to_.comment) give(schema::comment_sql(to_));
  const Object* later = s_.to.find(table_);
  give(schema::privilege_sql(to_, {}, to_.privileges, later != nullptr ? later->owner : schema::Value()));
  give(schema::label_sql(to_, {}, to_.labels));
  if (to_.value("not_null_comment")) {
    give({{"COMMENT ON CONSTRAINT " + ident(to_.text("not_null_name")) + " ON " + table_of(id_) + " IS " +
           literal(to_.text("not_null_comment"))}});
  }
}

void Change::finish() {
  out_.finish.push_back(strong(say(Phase::contract, alter_ + " DROP COLUMN " + ident(old_), "the old column goes; instant")));
  if (restored_) append(out_.finish, restored_->drop());
}

Expansion Change::online() {
  check();
  if (parked_ && parked_->keyed()) {
    append(out_.prepare, parked_->create_empty());
    append(out_.prepare, parked_->keep_in_step());
    out_.prepare.push_back(parked_->copy_in_batches(s_));
  }
  add_shadow();
  fill();
  build();
  if (parked_ && !parked_->keyed()) {
    append(out_.main, parked_->copy_at_once());
    const ParkedColumn once = *parked_;
    parked_.reset();
    take_away_old();
    parked_.emplace(once);
  } else {
    take_away_old();
  }
  swap();
  give_keys();
  give_indexes();
  give_rest();
  finish();
  if (parked_) out_.kept.push_back(id_);
  out_.notes.push_back(schema::to_text(id_) +
                       ": changes its type through a second column, so it comes to stand last in its table");
  if (!always_converts(from_, to_)) {
    out_.notes.push_back(schema::to_text(id_) +
                         ": from the moment that the second column exists, a write of a value that cannot "
                         "become " +
                         to_.text("type") + " fails");
  }
  return std::move(out_);
}

Expansion Change::in_place(const std::string& why_not) const {
  Expansion out;
  if (parked_) {
    append(out.main, parked_->copy_at_once());
    out.kept.push_back(id_);
  }
  Drafts statements = plain(alteration_.statements, id_, "the table is written anew while nobody can use it");
  for (auto& one : statements) one = strong(std::move(one));
  const Facts* facts = s_.facts_of(id_);
  if (!statements.empty() && (facts == nullptr || facts->rewrites)) {
    statements.front() = with(with(std::move(statements.front()), Hazard::strong_lock), Hazard::table_rewrite);
  }
  append(out.main, statements);
  if (restored_) {
    append(out.main, restored_->restore_at_once(s_, converted(from_, to_, converted(to_, from_, restored_->value("p")))));
    append(out.main, restored_->drop());
  }
  if (!why_not.empty()) out.notes.push_back(schema::to_text(id_) + ": changes its type in place, because " + why_not);
  return out;
}

class ChangeType : public Form {
 public:
  std::string_view slug() const override { return "change-type"; }
  std::string_view meaning() const override {
    return "A change of type that would rewrite the table goes through a second column, filled in batches, swapped in an "
           "instant; "
           "values that the new type cannot hold wait for down.";
  }
  bool keeps_data() const override { return true; }
  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override;
};

std::optional<Expansion> ChangeType::expand(const Action& action, const Situation& situation) const {
  if (action.verb != Verb::alter || action.id.kind != KindId::column || action.fresh) return std::nullopt;
  const auto has = [&](std::string_view field) { return std::ranges::find(action.changed, field) != action.changed.end(); };
  if (!has("type") && !has("collation")) return std::nullopt;
  const Object* table = situation.from.find(table_id(action.id));
  if (table == nullptr || table->text("form") == "foreign" || has("generated")) return std::nullopt;
  // Its parent's change, unless they part.
  const Object* later = situation.to.find(table_id(action.id));
  const bool parts = later != nullptr && !same_parents(*table, *later);
  if (action.from->flag("inherited") && !action.from->flag("is_local") && !parts) return std::nullopt;
  Alteration alteration =
      schema::kind_of(action.id.kind).alter(*action.from, *action.to, action.changed, situation.from, situation.to);
  if (alteration.how != Alteration::How::in_place) return std::nullopt;
  Change change(action, situation, std::move(alteration));
  const Facts* facts = situation.facts_of(action.id);
  const bool rewrites = facts != nullptr ? facts->rewrites : has("type");
  if (!rewrites && !change.parks() && !change.restores()) return std::nullopt;
  if (!situation.options.online || !rewrites) {
    if (!change.parks() && !change.restores()) return std::nullopt;
    return change.in_place("");
  }
  const std::string obstacle = change.obstacle(*table);
  if (!obstacle.empty()) return change.in_place(obstacle);
  return change.online();
}

}  // namespace

const Form& form_change_type() {
  static const ChangeType form;
  return form;
}

}  // namespace pga::plan
