// Subscriptions, without their secrets: the connection string is never read, so a subscription is created with a placeholder, not
// connected and disabled; somebody who knows the string sets it and enables the subscription. For the same reason whether it is
// enabled is information, not a difference. https://www.postgresql.org/docs/current/sql-createsubscription.html
#include <algorithm>
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kSubscriptionFields = {
    Field{"publications", FieldType::list, "Publications that it receives."},
    Field{"slot_name", FieldType::text, "Replication slot on the publisher; NULL: none."},
    Field{"is_binary", FieldType::boolean, "Values come in binary form (14 and newer)."},
    Field{"streaming", FieldType::text, "off, on or parallel (14 and newer)."},
    Field{"synchronous_commit", FieldType::text, "Setting of its workers; NULL: off, or not readable (13)."},
    Field{"two_phase", FieldType::boolean, "Prepared transactions come at PREPARE (15 and newer)."},
    Field{"disable_on_error", FieldType::boolean, "Disabled by an error of a worker (15 and newer)."},
    Field{"origin", FieldType::text, "any or none (16 and newer)."},
    Field{"password_required", FieldType::boolean, "The connection string must hold a password (16 and newer)."},
    Field{"run_as_owner", FieldType::boolean, "Changes are applied as the subscription's owner (16 and newer)."},
    Field{"failover", FieldType::boolean, "The slot is synchronized to standbys (17 and newer)."},
    Field{"enabled", FieldType::boolean, "Whether it runs; depends on a connection that is not read.", Compare::no},
};

std::string on_off(bool value) {
  return value ? "true" : "false";
}

// name = value items; those of the defaults only with `all`.
std::vector<std::string> parameters(const Object& object, const std::vector<std::string_view>* only) {
  std::vector<std::string> out;
  const auto wanted = [&](std::string_view field, bool differs) {
    return only == nullptr ? differs : std::ranges::find(*only, field) != only->end();
  };
  const auto say = [&](std::string_view field, bool differs, const std::string& text) {
    if (wanted(field, differs)) out.push_back(text);
  };
  say("slot_name", true, "slot_name = " + (object.value("slot_name") ? literal(object.text("slot_name")) : "NONE"));
  say("is_binary", object.flag("is_binary"), "binary = " + on_off(object.flag("is_binary")));
  say("streaming", object.value("origin") || object.text("streaming") != "off", "streaming = " + object.text("streaming"));
  say("synchronous_commit", object.value("synchronous_commit").has_value(),
      "synchronous_commit = " + literal(object.value("synchronous_commit").value_or("off")));
  say("two_phase", object.flag("two_phase"), "two_phase = " + on_off(object.flag("two_phase")));
  say("disable_on_error", object.flag("disable_on_error"), "disable_on_error = " + on_off(object.flag("disable_on_error")));
  say("origin", object.value("origin") && object.text("origin") != "any", "origin = " + object.text("origin"));
  say("password_required", object.value("password_required") && !object.flag("password_required"),
      "password_required = " + on_off(object.flag("password_required")));
  say("run_as_owner", object.flag("run_as_owner"), "run_as_owner = " + on_off(object.flag("run_as_owner")));
  say("failover", object.flag("failover"), "failover = " + on_off(object.flag("failover")));
  return out;
}

class SubscriptionKind : public Kind {
 public:
  KindId id() const override { return KindId::subscription; }
  std::string_view slug() const override { return "subscription"; }
  std::string_view keyword() const override { return "SUBSCRIPTION"; }
  std::string_view catalog() const override { return "pg_subscription"; }
  std::string_view query() const override { return embedded::schema::kinds_subscription; }
  std::span<const Field> fields() const override { return kSubscriptionFields; }

  Statements create(const Object& object, const Database&) const override {
    auto with = parameters(object, nullptr);
    with.insert(with.begin(), "connect = false");
    return {
        {"-- The connection string is a placeholder: set it with ALTER SUBSCRIPTION … CONNECTION, then ENABLE and REFRESH.\n"
         "CREATE SUBSCRIPTION " +
         address(object) + " CONNECTION 'dbname=placeholder' PUBLICATION " + ident_list(object.list("publications")) + " WITH (" +
         join(with, ", ") + ")"}};
  }

  // DROP SUBSCRIPTION would connect to the publisher to drop the slot, and could not run in a transaction.
  Statements drop(const Object& object, const Database&) const override {
    const std::string alter = "ALTER SUBSCRIPTION " + address(object);
    return {{alter + " DISABLE"},
            {"-- The replication slot stays on the publisher and must be dropped there.\n" + alter + " SET (slot_name = NONE)"},
            {"DROP SUBSCRIPTION " + address(object)}};
  }

  Alteration alter(const Object&, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    const auto has = [&](std::string_view field) { return std::ranges::find(changed, field) != changed.end(); };
    if (has("two_phase") || has("failover")) return Alteration::recreate();  // fixed, or need the publisher
    const std::string alter = "ALTER SUBSCRIPTION " + address(to);
    Statements out;
    if (has("publications")) {
      out.push_back({alter + " SET PUBLICATION " + ident_list(to.list("publications")) + " WITH (refresh = false)"});
    }
    if (const auto with = parameters(to, &changed); !with.empty()) out.push_back({alter + " SET (" + join(with, ", ") + ")"});
    return Alteration::in_place(std::move(out));
  }
};

}  // namespace

const Kind& make_subscription() {
  static const SubscriptionKind kind;
  return kind;
}

}  // namespace pga::schema
