// A new column of a table that has rows, where ADD COLUMN would write the table anew (a volatile default, serial, identity), or
// whose values wait to be brought back (down after a drop): the column is added empty, new rows get their value, old rows are
// filled in batches, then NOT NULL is proven without a scan under a strong lock.
// https://www.postgresql.org/docs/current/sql-altertable.html, "Notes"
#include <algorithm>
#include <array>
#include <cctype>

#include "base/quote.h"
#include "base/text.h"
#include "plan/online/not_null.h"
#include "plan/online/parked_column.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using namespace data;  // NOLINT(google-build-using-namespace): the helpers of this folder
using schema::Id;
using schema::KindId;
using schema::Object;

// A default that is no volatile function call: ADD COLUMN stores it once. Only used where nothing was observed.
bool looks_constant(const std::string& expression) {
  constexpr std::array<std::string_view, 5> kStable = {"now()", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_USER",
                                                       "transaction_timestamp()"};
  if (std::ranges::find(kStable, expression) != kStable.end()) return true;
  bool quoted = false, type = false;
  for (size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (c == ':' && i + 1 < expression.size() && expression[i + 1] == ':') type = true;
    const char before = i > 0 ? expression[i - 1] : ' ';
    const bool word = std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_' || before == '"';
    if (c == '(' && word && !type) return false;
    if (c == '+' || c == '*' || c == '|' || c == '/') type = false;
  }
  return true;
}

class AddColumn : public Form {
 public:
  std::string_view slug() const override { return "add-column"; }
  std::string_view meaning() const override {
    return "A column whose default would rewrite the table is added empty, filled in batches, then made NOT NULL; values that "
           "wait "
           "from a drop come back.";
  }
  bool keeps_data() const override { return true; }
  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override;
};

// What is being built for one column.
class Adding {
 public:
  Adding(const Object& to, const Situation& situation)
      : to_(to),
        s_(situation),
        id_(to.id),
        table_(table_id(to.id)),
        default_(situation.to.find(KindId::column_default, to.id.path)),
        alter_("ALTER TABLE " + table_of(to.id)),
        sequence_(ident({to.id.path[0], helper_name("pga_seq", to.id.path)})) {
    if (situation.kept.contains(to.id)) parked_.emplace(to, situation, situation.to, situation.from);
  }

  bool identity() const { return to_.value("identity").has_value(); }
  bool constant() const { return default_ != nullptr && looks_constant(default_->text("expression")); }
  bool rewrites() const {
    if (const Facts* facts = s_.facts_of(id_)) return facts->rewrites;
    return identity() || (default_ != nullptr && !constant());
  }
  bool restores() const { return parked_.has_value(); }
  // The default has to be computed for each old row.
  bool fills() const { return identity() || (default_ != nullptr && !constant()); }

  Drafts statements() {
    add();
    if (parked_) bring_back();
    if (fills()) backfill();
    finish_not_null();
    if (identity()) make_identity();
    if (parked_) append(parked_->drop());
    return std::move(out_);
  }

 private:
  void append(const Drafts& more) { out_.insert(out_.end(), more.begin(), more.end()); }
  void add();
  void bring_back();
  void backfill();
  void finish_not_null();
  void make_identity();
  std::string identity_options() const { return join(to_.list("identity_options"), " "); }

  const Object& to_;
  const Situation& s_;
  const Id& id_;
  Id table_;
  const Object* default_;
  std::optional<ParkedColumn> parked_;
  std::string alter_, sequence_;
  Drafts out_;
};

void Adding::add() {
  Object bare = to_;
  bare.set("not_null", "f");
  bare.set("identity", std::nullopt);
  bare.set("not_null_comment", std::nullopt);
  bare.set("identity_unlogged", "f");
  const bool with_default = default_ != nullptr && constant();
  out_.push_back(strong(draft(id_, Phase::expand, alter_ + " ADD COLUMN " + column_definition(bare, s_.to, with_default),
                              with_default ? "instant: the default is stored once, not in each row"
                                           : "instant: empty at first, so that the table is not written anew")));
  for (const auto& statement : column_settings(bare)) {
    out_.push_back(strong(draft(id_, Phase::expand, statement.sql, "a setting of the new column")));
  }
  std::string value;
  if (identity()) {
    out_.push_back(draft(id_, Phase::expand,
                         "CREATE SEQUENCE " + sequence_ + " AS " + to_.text("type") + " " + identity_options(),
                         "numbers for old and new rows until the column has its identity"));
    value = "nextval(" + literal(sequence_) + "::regclass)";
  } else if (default_ != nullptr && !with_default) {
    value = default_->text("expression");
  }
  if (value.empty()) return;
  out_.push_back(strong(draft(id_, Phase::expand, alter_ + " ALTER COLUMN " + ident(id_.name()) + " SET DEFAULT " + value,
                              "rows that come from now on have a value; old rows are not touched")));
}

void Adding::bring_back() {
  if (!s_.options.online || !parked_->keyed()) return append(parked_->restore_at_once(s_));
  out_.push_back(in_batches(id_, s_, table_, key_of(table_, s_.from), parked_->restore_work(),
                            "the values that waited come back; short transactions, may be run again"));
}

void Adding::backfill() {
  const std::string name = ident(id_.name());
  std::string pending = " AND " + column("t", id_.name()) + " IS NULL";
  if (parked_ && parked_->keyed()) pending += " AND NOT " + parked_->row_is_parked("t");
  const Work work{"UPDATE ", " AS t SET " + name + " = DEFAULT WHERE ", pending};
  const std::string why = parked_ ? "rows that came in the meantime get their value" : "old rows get their value";
  if (s_.options.online) {
    out_.push_back(in_batches(id_, s_, table_, key_of(table_, s_.from), work, why + "; short transactions, may be run again"));
  } else {
    out_.push_back(with(draft(id_, Phase::migrate_data, quietly(table_, s_, at_once(table_, work)), why), Hazard::data_change));
  }
}

void Adding::finish_not_null() {
  if (!to_.flag("not_null")) return;
  if (s_.options.online) {
    const NotNull steps = not_null(to_, id_.name(), s_.major());
    append(steps.early);
    append(steps.late);
  } else {
    const bool named = to_.value("not_null_name") && s_.major() >= 18;
    const std::string sql = named ? " ADD CONSTRAINT " + ident(to_.text("not_null_name")) + " NOT NULL " + ident(id_.name()) +
                                        (to_.flag("not_null_no_inherit") ? " NO INHERIT" : "") +
                                        (to_.flag("not_null_valid") ? "" : " NOT VALID")
                                  : " ALTER COLUMN " + ident(id_.name()) + " SET NOT NULL";
    out_.push_back(with(strong(draft(id_, Phase::migrate_data, alter_ + sql, "every row has its value now")), Hazard::long_scan));
  }
  if (to_.value("not_null_comment")) {
    out_.push_back(draft(id_, Phase::migrate_data,
                         "COMMENT ON CONSTRAINT " + ident(to_.text("not_null_name")) + " ON " + table_of(id_) + " IS " +
                             literal(to_.text("not_null_comment")),
                         "the comment of the constraint"));
  }
}

// The identity's own sequence goes on where the helper's stands.
void Adding::make_identity() {
  const std::string name = ident(id_.name()), real = to_.text("identity_sequence");
  out_.push_back(strong(draft(id_, Phase::migrate_data, alter_ + " ALTER COLUMN " + name + " DROP DEFAULT",
                              "the helper's numbers end here, in the transaction that goes on with the identity's")));
  out_.push_back(strong(draft(id_, Phase::migrate_data,
                              alter_ + " ALTER COLUMN " + name + " ADD GENERATED " + to_.text("identity") +
                                  " AS IDENTITY (SEQUENCE NAME " + real + " " + identity_options() + ")",
                              "instant: every row has its number")));
  if (to_.flag("identity_unlogged")) {
    out_.push_back(draft(id_, Phase::migrate_data, "ALTER SEQUENCE " + real + " SET UNLOGGED", "a setting of the sequence"));
  }
  const std::string waits = parked_name("position", s_, id_);
  // A number that came back must not be given again: the helper started anew.
  const std::string from = parked_
                               ? "(SELECT last_value, is_called FROM " + waits + " UNION ALL SELECT last_value, is_called FROM " +
                                     sequence_ + " ORDER BY last_value DESC LIMIT 1) AS s"
                               : sequence_ + " AS s";
  out_.push_back(draft(id_, Phase::migrate_data,
                       "SELECT pg_catalog.setval(" + literal(real) + "::regclass, s.last_value, s.is_called) FROM " + from,
                       "it goes on behind the last number that was given"));
  out_.push_back(draft(id_, Phase::migrate_data, "DROP SEQUENCE " + sequence_, "the helper goes"));
  if (parked_) out_.push_back(draft(id_, Phase::contract, "DROP TABLE " + waits, "the position is restored"));
}

Expansion plainly(const Action& action, const Situation& situation, const std::string& why_not) {
  Expansion out;
  out.main = plain(schema::kind_of(action.id.kind).create(*action.to, situation.to), action.id, "the table is written anew");
  for (auto& one : out.main) one = strong(std::move(one));
  out.main.front() = with(with(std::move(out.main.front()), Hazard::table_rewrite), Hazard::strong_lock);
  out.notes.push_back(schema::to_text(action.id) + ": " + why_not);
  return out;
}

std::optional<Expansion> AddColumn::expand(const Action& action, const Situation& situation) const {
  if (action.verb != Verb::create || action.id.kind != KindId::column || action.fresh) return std::nullopt;
  const Object& to = *action.to;
  const Object* table = situation.from.find(table_id(action.id));
  if (table == nullptr || table->text("form") == "foreign" || !to.flag("is_local")) return std::nullopt;
  if (to.text("generated") == "STORED") {
    return plainly(action, situation,
                   "a stored generated column is computed for every row under an exclusive lock; there is no "
                   "online way");
  }
  if (to.value("generated")) return std::nullopt;
  Adding adding(to, situation);
  if (!adding.restores() && !(situation.options.online && adding.rewrites())) return std::nullopt;
  if (!adding.restores() && !adding.fills()) {
    return plainly(action, situation,
                   "its type makes PostgreSQL check every row (a domain with a CHECK); there is no online way");
  }
  Expansion out;
  // Made again under its own name: not before the old one is gone.
  (situation.from.find(action.id) == nullptr ? out.prepare : out.main) = adding.statements();
  if (has_triggers(table_id(action.id), situation)) {
    out.notes.push_back(schema::to_text(action.id) +
                        ": triggers of the table do not fire while its rows are filled, where the role may set "
                        "session_replication_role; otherwise they do");
  }
  return out;
}

}  // namespace

const Form& form_add_column() {
  static const AddColumn form;
  return form;
}

}  // namespace pga::plan
