// An index with another definition under the same name: the new one is built beside the old one, the names are swapped in one
// transaction, and the old one goes when no query uses it any more. Queries always have one of the two.
// ALTER INDEX … RENAME only takes SHARE UPDATE EXCLUSIVE on the index itself.
#include "base/quote.h"
#include "plan/online/parts.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

class ReplaceIndexConcurrently : public Form {
 public:
  std::string_view slug() const override { return "replace-index-concurrently"; }
  std::string_view meaning() const override {
    return "An index whose definition changes is built concurrently under another name, takes over the name in one transaction, "
           "and "
           "the old one is dropped concurrently.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::replace || action.id.kind != schema::KindId::index || action.fresh) return std::nullopt;
    const schema::Object &from = *action.from, &to = *action.to;
    if (!possible(from, to, situation) || !situation.from.dependents(action.id).empty() ||
        !situation.to.dependents(action.id).empty()) {
      return std::nullopt;
    }
    return swap(action, situation);
  }

 private:
  // The tree of a partitioned index is dropped at once; a foreign key holds on to the index that it was made with.
  static bool possible(const schema::Object& from, const schema::Object& to, const Situation& situation) {
    const bool tree = from.flag("partitioned") || to.flag("partitioned") || from.value("attached_to") || to.value("attached_to");
    return !tree && to.flag("valid") && from.parent && situation.to.find(*from.parent) != nullptr;
  }

  static Expansion swap(const Action& action, const Situation& situation) {
    Expansion out;
    const schema::Object& to = *action.to;
    const std::string& schema = action.id.path[0];
    const std::string& name = action.id.name();
    schema::Object built = to;
    built.id.path.set(1, helper_name("pga_new", {schema, name}));
    const std::vector<std::string> old_path = {schema, helper_name("pga_old", {schema, name})};
    const std::string sql = schema::kind_of(action.id.kind).create(built, situation.to).front().sql;
    out.prepare.push_back(build_index(action.id, concurrent_definition(sql, built.id.name()), built.id.path,
                                      "Built beside the old one, which queries use meanwhile; reads and writes go on."));
    if (needs_stay(*action.from, situation, true)) {
      out.main.push_back(say(action.id, "ALTER INDEX " + schema::qualified(action.id.path) + " RENAME TO " + ident(old_path[1]),
                             "Swap of the names, in one transaction."));
      out.finish.push_back(drop_index_concurrently(action.id, old_path));
    } else {
      out.main.push_back(strong(say(action.id, "DROP INDEX " + schema::qualified(action.id.path),
                                    "Goes now: something that it needs goes too. The new one is ready.")));
    }
    out.main.push_back(say(action.id, "ALTER INDEX " + schema::qualified(built.id.path) + " RENAME TO " + ident(name),
                           "The new index takes the name."));
    schema::Statements statements = schema::kind_of(action.id.kind).create(to, situation.to);
    statements.erase(statements.begin());
    append(out.main, settings(statements, action.id));
    if (to.comment) append(out.main, plain(schema::comment_sql(to), action.id, "The comment stayed with the old index."));
    return out;
  }
};

}  // namespace

const Form& form_replace_index_concurrently() {
  static const ReplaceIndexConcurrently form;
  return form;
}

}  // namespace pga::plan
