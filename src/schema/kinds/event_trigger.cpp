// Event triggers. Only the state and the owner can be altered. They fire for the statements of a migration too, therefore they
// are the last but a few in registry.def. https://www.postgresql.org/docs/current/sql-createeventtrigger.html
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kEventTriggerFields = {
    Field{"event", FieldType::text, "ddl_command_start, ddl_command_end, sql_drop, table_rewrite or login (17 and newer)."},
    Field{"tags", FieldType::list, "Commands that it fires for; NULL: all of them."},
    Field{"function", FieldType::sql, "The function that it runs."},
    Field{"enabled", FieldType::text, "origin (the default), disabled, replica or always."},
};

class EventTriggerKind : public Kind {
 public:
  KindId id() const override { return KindId::event_trigger; }
  std::string_view slug() const override { return "event_trigger"; }
  std::string_view keyword() const override { return "EVENT TRIGGER"; }
  std::string_view catalog() const override { return "pg_event_trigger"; }
  std::string_view query() const override { return embedded::schema::kinds_event_trigger; }
  std::span<const Field> fields() const override { return kEventTriggerFields; }

  Statements create(const Object& object, const Database&) const override {
    std::string sql = "CREATE EVENT TRIGGER " + address(object) + " ON " + ident(object.text("event"));
    std::vector<std::string> tags;
    for (const auto& tag : object.list("tags")) tags.push_back(literal(tag));
    if (!tags.empty()) sql += "\n  WHEN TAG IN (" + join(tags, ", ") + ")";
    Statements out = {{sql + "\n  EXECUTE FUNCTION " + object.text("function") + "()"}};
    if (object.text("enabled") != "origin") out.push_back(enable(object));
    return out;
  }
  Alteration alter(const Object&, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    if (changed.size() > 1 || changed.front() != "enabled") return Alteration::recreate();
    return Alteration::in_place({enable(to)});
  }

 private:
  Statement enable(const Object& object) const {
    const std::string state = object.text("enabled");
    const std::string words = state == "disabled"  ? "DISABLE"
                              : state == "origin"  ? "ENABLE"
                              : state == "replica" ? "ENABLE REPLICA"
                                                   : "ENABLE ALWAYS";
    return {"ALTER EVENT TRIGGER " + address(object) + " " + words};
  }
};

}  // namespace

const Kind& make_event_trigger() {
  static const EventTriggerKind kind;
  return kind;
}

}  // namespace pga::schema
