// A materialised view with another query: the new one is filled beside the old one, with its indexes, and takes the name in one
// transaction. Readers always find rows. Only where nothing else is made of the old one and its indexes stay as they are.
#include <algorithm>

#include "base/quote.h"
#include "plan/online/parts.h"
#include "schema/fresh_privileges.h"
#include "schema/table_ddl.h"

namespace pga::plan {
namespace {

using schema::KindId;
using schema::Object;

class ReplaceMaterializedView : public Form {
 public:
  std::string_view slug() const override { return "replace-materialized-view"; }
  std::string_view meaning() const override {
    return "A materialised view whose query changes is built beside the old one and takes its name when it is filled.";
  }

  std::optional<Expansion> expand(const Action& action, const Situation& situation) const override {
    if (action.verb != Verb::replace || action.id.kind != KindId::materialized_view || action.fresh) return std::nullopt;
    if (!needs_stay(*action.from, situation, true) || !only_same_indexes(action, situation)) return std::nullopt;
    return swap(action, situation);
  }

 private:
  static bool only_same_indexes(const Action& action, const Situation& situation) {
    const auto before = situation.from.dependents(action.id), after = situation.to.dependents(action.id);
    const bool same = std::ranges::equal(before, after, [](const Object* a, const Object* b) {
      return a->id == b->id && a->fields == b->fields && a->comment == b->comment;
    });
    return same && std::ranges::all_of(after, [&](const Object* index) {
             return index->id.kind == KindId::index && situation.from.dependents(index->id).empty();
           });
  }

  static Object under(const Object& object, const std::string& name) {
    Object out = object;
    out.id.path.set(1, name);
    return out;
  }

  // "CREATE INDEX helper ON schema.helper USING …"
  static std::string index_definition(const Object& index, const std::string& sql, const std::string& name, const Object& view,
                                      const Object& built) {
    std::string out = concurrent_definition(sql, name);
    constexpr std::string_view kConcurrently = " CONCURRENTLY";
    out.erase(out.find(kConcurrently), kConcurrently.size());
    const std::string old = " ON " + schema::qualified(view.id.path) + " ";
    const size_t at = out.find(old);
    PGA_ASSERT(at != std::string::npos && index.id.kind == KindId::index);
    return out.replace(at, old.size(), " ON " + schema::qualified(built.id.path) + " ");
  }

  static Expansion swap(const Action& action, const Situation& situation) {
    Expansion out;
    const Object& view = *action.to;
    const auto& kind = schema::kind_of(view.id.kind);
    const std::string& schema = view.id.path[0];
    const Object built = under(view, helper_name("pga_new", view.id.path));
    append(out.prepare,
           plain(kind.create(built, situation.to), action.id, "Filled beside the old one, which is read meanwhile."));
    append(out.prepare, plain(schema::owner_sql(built), action.id, "Its owner as before."));
    append(out.prepare, plain(schema::privilege_sql(built, schema::fresh_privileges(built, situation.from), view.privileges),
                              action.id, "Its privileges as in the target."));
    if (view.comment) append(out.prepare, plain(schema::comment_sql(built), action.id, "Its comment as in the target."));
    append(out.prepare, plain(schema::label_sql(built, {}, view.labels), action.id, "Its labels as in the target."));
    Drafts renames;
    schema::Statements said;
    for (const Object* index : situation.to.dependents(view.id)) {
      const std::string name = helper_name("pga_new", index->id.path);
      auto statements = schema::kind_of(KindId::index).create(*index, situation.to);
      out.prepare.push_back(say(action.id, index_definition(*index, statements.front().sql, name, view, built),
                                "Its index, on rows that nobody reads yet."));
      renames.push_back(say(action.id, "ALTER INDEX " + ident({schema, name}) + " RENAME TO " + ident(index->id.name()),
                            "The index takes its name too."));
      statements.erase(statements.begin());
      std::ranges::move(statements, std::back_inserter(said));
      if (index->comment) std::ranges::move(schema::comment_sql(*index), std::back_inserter(said));
    }
    out.main.push_back(strong(say(action.id, "DROP MATERIALIZED VIEW " + schema::qualified(view.id.path),
                                  "The new one is filled: the old one goes in the same transaction.")));
    out.main.push_back(strong(
        say(action.id, "ALTER MATERIALIZED VIEW " + schema::qualified(built.id.path) + " RENAME TO " + ident(view.id.name()),
            "The new one takes the name.")));
    append(out.main, std::move(renames));
    append(out.main, settings(said, action.id));
    return out;
  }
};

}  // namespace

const Form& form_replace_materialized_view() {
  static const ReplaceMaterializedView form;
  return form;
}

}  // namespace pga::plan
