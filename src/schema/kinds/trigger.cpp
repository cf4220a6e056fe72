// Triggers, constraint triggers included. A trigger of a partition that was cloned from its parent's is in the model only when it
// is enabled differently: it is "created" and "dropped" by setting that state. Any statement on the parent's trigger sets the
// state of the clones too, so they are then set again (Alteration::rebuild).
// https://www.postgresql.org/docs/current/sql-createtrigger.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema/kinds/parts.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kTriggerFields = {
    Field{"definition", FieldType::sql,
          "CREATE TRIGGER as pg_get_triggerdef prints it: timing, events, columns, WHEN, arguments."},
    Field{"enabled", FieldType::text, "origin (the default), disabled, replica or always."},
    Field{"is_constraint", FieldType::boolean, "A constraint trigger, which may be deferred."},
    Field{"function", FieldType::sql, "The function that it runs.", Compare::no},
    Field{"depends_on_extensions", FieldType::list, "Extensions whose drop drops this too (DEPENDS ON EXTENSION)."},
    Field{"is_clone", FieldType::boolean, "A partition's copy of its parent's trigger, enabled differently."},
    Field{"parent_enabled", FieldType::text, "For a clone: the state of the trigger it was made from.", Compare::no},
};

std::string enable_words(const std::string& state) {
  if (state == "disabled") return "DISABLE TRIGGER ";
  if (state == "replica") return "ENABLE REPLICA TRIGGER ";
  return state == "always" ? "ENABLE ALWAYS TRIGGER " : "ENABLE TRIGGER ";
}

class TriggerKind : public Kind {
 public:
  KindId id() const override { return KindId::trigger; }
  std::string_view slug() const override { return "trigger"; }
  std::string_view keyword() const override { return "TRIGGER"; }
  std::string_view catalog() const override { return "pg_trigger"; }
  std::string_view query() const override { return embedded::schema::kinds_trigger; }
  std::span<const Field> fields() const override { return kTriggerFields; }

  Statements create(const Object& object, const Database&) const override {
    Statements out;
    if (!object.flag("is_clone")) out.push_back({object.text("definition")});
    if (object.text("enabled") != "origin" || object.flag("is_clone")) out.push_back(enable(object, object.text("enabled")));
    depend_on(object, {}, object.list("depends_on_extensions"), out);
    return out;
  }

  Statements drop(const Object& object, const Database& in) const override {
    if (object.flag("is_clone")) return {enable(object, object.text("parent_enabled"))};
    return Kind::drop(object, in);
  }

  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed, const Database& from_db,
                   const Database& to_db) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    Statements out;
    if (has("definition")) {
      // CREATE OR REPLACE TRIGGER came with 14, never for constraint triggers; it enables the trigger again.
      const bool replace = from_db.major() >= 14 && to_db.major() >= 14 && !from.flag("is_constraint") &&
                           !to.flag("is_constraint") && !from.flag("is_clone") && !to.flag("is_clone");
      const std::string sql = to.text("definition");
      if (!replace || !sql.starts_with("CREATE TRIGGER ")) return Alteration::recreate();
      out.push_back({"CREATE OR REPLACE " + sql.substr(7)});
      if (to.text("enabled") != "origin") out.push_back(enable(to, to.text("enabled")));
    } else if (has("is_constraint") || has("is_clone")) {
      return Alteration::recreate();
    } else if (has("enabled")) {
      out.push_back(enable(to, to.text("enabled")));
    }
    depend_on(to, from.list("depends_on_extensions"), to.list("depends_on_extensions"), out);
    Alteration done = Alteration::in_place(std::move(out));
    done.rebuild = [](const Object& other) { return other.id.kind == KindId::trigger && other.flag("is_clone"); };
    return done;
  }

  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    if (from.flag("is_clone")) return std::nullopt;  // renamed with its parent's
    return Statement{"ALTER TRIGGER " + address(from) + " RENAME TO " + ident(to.name())};
  }

  std::string address(const Object& object) const override { return ident(object.id.name()) + " ON " + table(object); }
  std::string owner_target(const Object&) const override { return {}; }

 private:
  static std::string table(const Object& object) { return ident({object.id.path[0], object.id.path[1]}); }

  static Statement enable(const Object& object, const std::string& state) {
    return {"ALTER TABLE " + table(object) + " " + enable_words(state) + ident(object.id.name())};
  }

  void depend_on(const Object& object, const std::vector<std::string>& from, const std::vector<std::string>& to,
                 Statements& out) const {
    for (const auto& change : list_changes(from, to)) {
      out.push_back(
          {"ALTER TRIGGER " + address(object) + (change.added ? "" : " NO") + " DEPENDS ON EXTENSION " + ident(change.item)});
    }
  }
};

}  // namespace

const Kind& make_trigger() {
  static const TriggerKind kind;
  return kind;
}

}  // namespace pga::schema
