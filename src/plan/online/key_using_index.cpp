// PRIMARY KEY and UNIQUE on a table that has rows: ADD CONSTRAINT alone builds the index under ACCESS EXCLUSIVE. Here the unique
// index is built concurrently and ADD CONSTRAINT … USING INDEX only writes the catalogs (the columns of a primary key were made
// NOT NULL before, by an action of their own). The same for a key whose columns change under its name. Partitioned: ADD
// CONSTRAINT on ONLY the parent scans nothing; each partition's key is an action of its own.
// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
#include "base/quote.h"
#include "base/text.h"
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

std::string unique_index(const schema::Object& key, const std::string& name) {
  std::string sql = "CREATE UNIQUE INDEX CONCURRENTLY " + ident(name) + " ON " + schema::table_name(key) + " (" +
                    ident_list(key.list("columns")) + ")";
  if (const auto included = key.list("included"); !included.empty()) sql += " INCLUDE (" + ident_list(included) + ")";
  if (key.flag("nulls_not_distinct")) sql += " NULLS NOT DISTINCT";
  if (const auto options = key.list("options"); !options.empty()) sql += " WITH (" + schema::storage_parameters(options) + ")";
  if (key.value("tablespace")) sql += " TABLESPACE " + ident(key.text("tablespace"));
  return sql;
}

bool is_key(const schema::Object& object) {
  return object.id.kind == schema::KindId::constraint &&
         (object.text("type") == "PRIMARY KEY" || object.text("type") == "UNIQUE");
}

class KeyUsingIndex : public Form {
 public:
  std::string_view slug() const override { return "key-using-index"; }
  std::string_view meaning() const override {
    return "A primary key or unique constraint of an existing table is backed by a unique index that was built concurrently.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    const bool makes = action.verb == Verb::create || action.verb == Verb::replace;
    if (!makes || action.fresh || action.to == nullptr || !is_key(*action.to) || action.to->flag("temporal")) return std::nullopt;
    if (action.verb == Verb::replace && !replaceable(action, situation)) return std::nullopt;
    return action.to->flag("on_partitioned") ? on_parent(action, situation) : on_table(action, situation);
  }

 private:
  // A foreign key that refers to the old key goes with it: then the planner drops and makes all of them.
  static bool replaceable(const Action& action, const Situation& situation) {
    const bool tree = action.to->flag("on_partitioned") || action.from->value("attached_to") || action.to->value("attached_to");
    const bool check = action.from->text("type") == "FOREIGN KEY";
    return !tree && !check && situation.from.dependents(action.id).empty() && situation.to.dependents(action.id).empty();
  }

  static schema::Object unattached(const schema::Object& key) {
    schema::Object out = key;
    out.set("attached_to", std::nullopt);  // the planner attaches it when both sides are there
    return out;
  }

  static std::optional<Expansion> on_parent(const Action& action, const Situation& situation) {
    if (action.verb != Verb::create) return std::nullopt;
    Expansion out;
    auto statements = schema::kind_of(action.id.kind).create(unattached(*action.to), situation.to);
    out.main.push_back(strong(say(action.id, std::move(statements.front().sql),
                                  "ON ONLY: builds nothing; becomes valid when every partition's key is attached.")));
    statements.erase(statements.begin());
    append(out.main, settings(statements, action.id));
    return out;
  }

  static Expansion on_table(const Action& action, const Situation& situation) {
    Expansion out;
    const schema::Object& key = *action.to;
    const std::string& schema = action.id.path[0];
    const std::string& name = action.id.name();
    const std::string table = "ALTER TABLE " + schema::table_name(key);
    const bool taken = relation_exists(situation.from, schema, name);
    const std::string built = taken ? helper_name("pga_new", {schema, action.id.path[1], name}) : name;
    out.prepare.push_back(build_index(action.id, unique_index(key, built), {schema, built},
                                      "CONCURRENTLY: reads and writes go on while the rows are found to be unique."));
    if (action.verb == Verb::replace) {
      out.main.push_back(strong(say(action.id, table + " DROP CONSTRAINT " + ident(name),
                                    "The new index is ready: the old key goes in the same transaction.")));
    }
    std::string add = table + " ADD CONSTRAINT " + ident(name) + " " + key.text("type") + " USING INDEX " + ident(built);
    if (key.flag("deferrable")) add += key.flag("deferred") ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
    out.main.push_back(strong(say(action.id, std::move(add), "USING INDEX: nothing is built or scanned under the lock.")));
    append(out.main, settings(schema::constraint_settings(unattached(key)), action.id));
    if (action.verb == Verb::replace && key.comment) {
      append(out.main, plain(schema::comment_sql(key), action.id, "The comment went with the old key."));
    }
    return out;
  }
};

}  // namespace

const Form& form_key_using_index() {
  static const KeyUsingIndex form;
  return form;
}

}  // namespace pga::plan
