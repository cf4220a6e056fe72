// Aggregates. A change is CREATE OR REPLACE AGGREGATE, which keeps the OID and so every dependent; where PostgreSQL refuses it
// (other result, other argument names, other form) the aggregate is created anew.
// https://www.postgresql.org/docs/current/sql-createaggregate.html
#include <array>

#include "base/quote.h"
#include "base/text.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kAggregateFields = {
    Field{"form", FieldType::text, "normal, ordered_set or hypothetical."},
    Field{"arguments", FieldType::sql, "Arguments with names and types; those behind ORDER BY are aggregated."},
    Field{"direct_count", FieldType::integer, "Number of direct arguments of an ordered-set aggregate."},
    Field{"argument_names", FieldType::list, "Names of the arguments, empty where there is none.", Compare::no},
    Field{"result", FieldType::sql, "Result type.", Compare::no},
    Field{"sfunc", FieldType::sql, "State transition function."},
    Field{"stype", FieldType::sql, "Type of the state."},
    Field{"sspace", FieldType::integer, "Estimated size of the state in bytes; 0: the planner's own estimate."},
    Field{"finalfunc", FieldType::sql, "Makes the result of the state."},
    Field{"finalfunc_extra", FieldType::boolean, "The final function gets the arguments' types too."},
    Field{"finalfunc_modify", FieldType::text, "What the final function does to the state: read_only, shareable or read_write."},
    Field{"combinefunc", FieldType::sql, "Makes one state of two, for partial aggregation."},
    Field{"serialfunc", FieldType::sql, "Turns a state of type internal into bytea."},
    Field{"deserialfunc", FieldType::sql, "Turns bytea into a state of type internal."},
    Field{"initcond", FieldType::text, "First value of the state."},
    Field{"msfunc", FieldType::sql, "Transition function of the moving-aggregate form."},
    Field{"minvfunc", FieldType::sql, "Its inverse transition function."},
    Field{"mstype", FieldType::sql, "Its state type."},
    Field{"msspace", FieldType::integer, "Its estimated size of the state in bytes."},
    Field{"mfinalfunc", FieldType::sql, "Its final function."},
    Field{"mfinalfunc_extra", FieldType::boolean, "Its final function gets the arguments' types too."},
    Field{"mfinalfunc_modify", FieldType::text, "What its final function does to the state."},
    Field{"minitcond", FieldType::text, "First value of its state."},
    Field{"sortop", FieldType::sql, "Operator whose order the aggregate takes the first of, as min and max do."},
    Field{"parallel", FieldType::text, "safe, restricted or unsafe."},
};

std::string upper(std::string text) {
  for (auto& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

// The words of one of the two forms: prefix "" for the usual one, "m" for the moving aggregate.
void say_form(const Object& object, const std::string& prefix, std::vector<std::string>& out) {
  const auto field = [&](const char* name) { return prefix + name; };
  const auto say = [&](const std::string& name) {
    if (object.value(name)) out.push_back(upper(name) + " = " + object.text(name));
  };
  say(field("sfunc"));
  if (!prefix.empty()) say("minvfunc");
  say(field("stype"));
  if (object.integer(field("sspace")) != 0) say(field("sspace"));
  say(field("finalfunc"));
  if (object.flag(field("finalfunc_extra"))) out.push_back(upper(field("finalfunc_extra")));
  const std::string modify = object.text(field("finalfunc_modify"));
  const std::string usual = object.text("form") == "normal" ? "read_only" : "read_write";
  if (modify != usual) out.push_back(upper(field("finalfunc_modify")) + " = " + upper(modify));
  if (object.value(field("initcond"))) out.push_back(upper(field("initcond")) + " = " + literal(object.text(field("initcond"))));
}

std::string creation(const Object& object) {
  std::vector<std::string> words;
  say_form(object, "", words);
  for (const auto* name : {"combinefunc", "serialfunc", "deserialfunc"}) {
    if (object.value(name)) words.push_back(upper(name) + " = " + object.text(name));
  }
  if (object.value("msfunc")) say_form(object, "m", words);
  if (object.value("sortop")) words.push_back("SORTOP = " + object.text("sortop"));
  if (object.text("form") == "hypothetical") words.push_back("HYPOTHETICAL");
  if (object.text("parallel") != "unsafe") words.push_back("PARALLEL = " + upper(object.text("parallel")));
  const std::string arguments = object.text("arguments").empty() ? "*" : object.text("arguments");
  return "CREATE OR REPLACE AGGREGATE " + ident({object.id.path[0], object.id.path[1]}) + "(" + arguments + ") (\n  " +
         join(words, ",\n  ") + "\n)";
}

// As for functions: only an argument without a name may get one.
bool replaceable(const Object& from, const Object& to) {
  for (const auto* field : {"form", "direct_count", "result"}) {
    if (from.value(field) != to.value(field)) return false;
  }
  auto before = from.list("argument_names"), after = to.list("argument_names");
  after.resize(std::max(before.size(), after.size()));
  before.resize(after.size());
  for (size_t i = 0; i < after.size(); ++i) {
    if (before[i] != after[i] && !before[i].empty()) return false;
  }
  return true;
}

class AggregateKind : public Kind {
 public:
  KindId id() const override { return KindId::aggregate; }
  std::string_view slug() const override { return "aggregate"; }
  std::string_view keyword() const override { return "AGGREGATE"; }
  std::string_view catalog() const override { return "pg_proc"; }
  std::string_view query() const override { return embedded::schema::kinds_aggregate; }
  std::span<const Field> fields() const override { return kAggregateFields; }

  Statements create(const Object& object, const Database&) const override { return {{creation(object)}}; }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database&) const override {
    if (!replaceable(from, to)) return Alteration::recreate();
    return Alteration::in_place({{creation(to)}});
  }
  std::optional<Statement> rename(const Object& from, const Id& to, const Database&) const override {
    return Statement{"ALTER AGGREGATE " + address(from) + " RENAME TO " + ident(to.path[1])};
  }
  std::string address(const Object& object) const override {
    const auto& path = object.id.path;
    return ident({path[0], path[1]}) + "(" + (path[2].empty() ? "*" : path[2]) + ")";
  }
  // GRANT has no word for aggregates, and its list of arguments no '*'.
  std::string grant_target(const Object& object) const override {
    const auto& path = object.id.path;
    return "FUNCTION " + ident({path[0], path[1]}) + "(" + path[2] + ")";
  }
};

}  // namespace

const Kind& make_aggregate() {
  static const AggregateKind kind;
  return kind;
}

}  // namespace pga::schema
