// A new index on a table that has rows: CREATE INDEX CONCURRENTLY, which blocks neither reads nor writes (it scans twice and
// waits for older transactions). Partitioned tables: ON ONLY the parent scans nothing; each partition's own index is an action of
// its own that is built concurrently and attached. https://www.postgresql.org/docs/current/sql-createindex.html
#include <iterator>

#include "base/quote.h"
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

class CreateIndexConcurrently : public Form {
 public:
  std::string_view slug() const override { return "create-index-concurrently"; }
  std::string_view meaning() const override {
    return "A new index on an existing table is built with CREATE INDEX CONCURRENTLY; on a partitioned table partition by "
           "partition, then attached.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::create || action.id.kind != schema::KindId::index || action.fresh) return std::nullopt;
    const schema::Object& index = *action.to;
    if (!index.flag("valid")) return std::nullopt;
    return index.flag("partitioned") ? on_parent(action, situation) : concurrently(action, situation);
  }

 private:
  static Expansion on_parent(const Action& action, const Situation& situation) {
    Expansion out;
    schema::Object index = *action.to;
    index.set("attached_to", std::nullopt);
    schema::Statements statements = schema::kind_of(action.id.kind).create(index, situation.to);
    out.main.push_back(strong(say(action.id, std::move(statements.front().sql),
                                  "ON ONLY: scans no partition; becomes valid when every partition's index is attached.")));
    statements.erase(statements.begin());
    append(out.main, settings(statements, action.id));
    return out;
  }

  static Expansion concurrently(const Action& action, const Situation& situation) {
    Expansion out;
    const std::string& schema = action.id.path[0];
    const std::string& name = action.id.name();
    // The name may still belong to something that the plan drops: then it is built beside it and takes the name after.
    const bool taken = relation_exists(situation.from, schema, name);
    schema::Object built = *action.to;
    built.set("attached_to", std::nullopt);  // the planner attaches it when both sides are there
    if (taken) built.id.path.set(1, helper_name("pga_new", {schema, name}));
    schema::Statements statements = schema::kind_of(action.id.kind).create(built, situation.to);
    out.prepare.push_back(build_index(action.id, concurrent_definition(statements.front().sql, built.id.name()), built.id.path,
                                      "CONCURRENTLY: reads and writes go on while the index is built."));
    statements.erase(statements.begin());
    if (taken) {
      out.main.push_back(say(action.id, "ALTER INDEX " + schema::qualified(built.id.path) + " RENAME TO " + ident(name),
                             "The name is free now: the index takes it."));
      built.id.path.set(1, name);
      statements = schema::kind_of(action.id.kind).create(built, situation.to);
      statements.erase(statements.begin());
    }
    append(out.main, settings(statements, action.id));
    return out;
  }
};

}  // namespace

const Form& form_create_index_concurrently() {
  static const CreateIndexConcurrently form;
  return form;
}

}  // namespace pga::plan
