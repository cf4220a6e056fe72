// Relations: a foreign key where one side is one, a table of its own where both are many.
#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "design/build.h"
#include "design/columns.h"

namespace pga::design {
namespace {

using request::Meaning;
using request::Side;
using request::Statement;

bool is_many(Side side) {
  return side == Side::many || side == Side::at_least_one || side == Side::unknown;
}

OnDelete action_of(const std::string& said, bool required) {
  if (said == "delete" || said == "cascade") return OnDelete::cascade;
  if (said == "null" || said == "anonymise") return OnDelete::set_null;
  if (said == "keep") return required ? OnDelete::restrict_ : OnDelete::set_null;
  if (said == "refuse") return OnDelete::restrict_;
  return required ? OnDelete::restrict_ : OnDelete::set_null;
}

// "author" for a user: author_id; a verb or nothing: user_id.
std::string column_for(const Statement& statement, const Target& target, const std::string& role) {
  const bool noun = !role.empty() && role.find(' ') == std::string::npos && role != target.one &&
                    (role.ends_with("er") || role.ends_with("or") || role.ends_with("ee") || role.ends_with("ant") ||
                     role.ends_with("ist") || role.ends_with("lead") || role == "manager" || role == "parent" ||
                     role == "billing" || role == "shipping" || role == "home" || role == "away");
  (void)statement;
  return (noun ? role : target.one) + "_id";
}

std::string said_action(const Build& build, const Statement& statement, const std::string& child, const std::string& parent) {
  if (!statement.action.empty()) return statement.action;
  for (const auto& other : build.understood.statements) {
    if (other.meaning == Meaning::on_delete && singular_of(other.subject) == singular_of(child) &&
        singular_of(other.object) == singular_of(parent))
      return other.action;
  }
  return "";
}

void foreign_key(Build& build, const Statement& statement, const std::string& child, const std::string& parent, Side side,
                 bool one_to_one) {
  auto& draft = build.draft;
  Table& table = draft.table(child);
  if (!table.existing) table.id();
  const auto target = draft.target(parent);
  const bool self = singular_of(table.name) == target.one;
  std::string column = column_for(statement, target, statement.role);
  if (self && column == target.one + "_id") column = "parent_id";
  const bool required = side == Side::one && !self && !table.existing;
  const std::string said = said_action(build, statement, child, parent);
  OnDelete action = action_of(said, required);
  if (!table.has(column) && !table.existing && said.empty() && required) {
    // Nobody said: a part goes with its whole, what stands alone keeps its whole alive.
    action = OnDelete::restrict_;
    const std::string whole = with_article(replace_all(target.one, "_", " "));
    draft.assume("R-on-delete", fmt::format("{} that has {} cannot be deleted", whole, table.name),
                 fmt::format("say `when {} is deleted its {} go too`", whole, table.name));
  }
  if (table.existing && side == Side::one && !self) {
    draft.assume("R-existing-rows",
                 fmt::format("{}.{} may be missing at first: rows that are there have none yet", table.name, column),
                 "fill it, then say `" + column + " is required`");
  }
  table.reference(column, target, action, required);
  if (self) table.check(column, "not_itself", ident(column) + " <> id");
  if (one_to_one) table.unique({column}, "One each");
  table.created_at();
}

void junction(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  const std::string first = singular_of(statement.subject), second = singular_of(statement.object);
  const std::string name = statement.name.empty() ? first + "_" + second : statement.name;
  const auto one = draft.target(statement.subject), other = draft.target(statement.object);
  Table& table = draft.table(name);
  const bool self = one.one == other.one;
  const std::string a = (self ? "from_" : "") + one.one + "_id", b = (self ? "to_" : "") + other.one + "_id";
  const std::string said = said_action(build, statement, name, statement.subject);
  const OnDelete action = said.empty() ? OnDelete::cascade : action_of(said, true);
  table.reference(a, one, action, true, "", false);
  table.reference(b, other, action, true, "", false);
  bool own_key = false;
  for (const auto& attribute : statement.attributes) own_key = own_key || attribute.name == "id";
  if (own_key) {
    table.id();
    table.unique({a, b}, "A pair stands once");
  } else {
    table.key({a, b});
  }
  for (const auto& attribute : statement.attributes) add_attribute(draft, table, attribute);
  table.created_at();
  if (self) table.check("", "not_itself", ident(a) + " <> " + ident(b));
  table.index({b, a}, fmt::format("{} of one {}: the key begins with {}", plural_of(one.one), other.one, a));
  table.says(fmt::format("Which {} belong to which {}", plural_of(one.one), plural_of(other.one)));
  table.relates(fmt::format("Each {} has any number of {} and the other way round, through {}.", one.one, plural_of(other.one),
                            table.name));
}

// "a company keeps one owner": where owner is a value of somebody's role, it is no table of its own.
bool is_role(const Build& build, const std::string& entity) {
  return std::ranges::any_of(build.understood.statements, [&](const Statement& one) {
    return std::ranges::any_of(one.attributes, [&](const request::Attribute& attribute) {
      return attribute.name == "role" && std::ranges::find(attribute.values, singular_of(entity)) != attribute.values.end();
    });
  });
}

}  // namespace

void build_relations(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning == Meaning::relation && !statement.subject.empty() && !statement.object.empty()) {
      if (is_role(build, statement.subject) || is_role(build, statement.object)) continue;
      because(build, statement);
      const bool subject_many = is_many(statement.subject_side), object_many = is_many(statement.object_side);
      // Each subject has `object_side` objects; each object `subject_side` subjects.
      if (subject_many && object_many) {
        junction(build, statement);
      } else if (!object_many) {
        foreign_key(build, statement, statement.subject, statement.object, statement.object_side, !subject_many);
      } else {
        foreign_key(build, statement, statement.object, statement.subject, statement.subject_side, false);
      }
    } else if (statement.meaning == Meaning::ternary && !statement.others.empty()) {
      because(build, statement);
      Table& table = build.draft.table(
          statement.name.empty() ? singular_of(statement.subject) + "_" + singular_of(statement.object) : statement.name);
      std::vector<std::string> columns;
      for (const auto& entity : {statement.subject, statement.object, statement.others[0]}) {
        const auto target = build.draft.target(entity);
        columns.push_back(target.one + "_id");
        table.reference(columns.back(), target, OnDelete::cascade, true, "", false);
      }
      table.key(columns).created_at();
      table.index({columns[1]}, table.name + " of one " + statement.object);
      table.index({columns[2]}, table.name + " of one " + statement.others[0]);
    } else if (statement.meaning == Meaning::bound) {
      because(build, statement);
      if (statement.high)
        build.draft.warn(
            "bound-" + singular_of(statement.subject) + "-" + singular_of(statement.object),
            fmt::format("{} No CHECK can count rows: two sessions that insert at once would both see room.",
                        statement.paraphrase),
            "lock the parent row (SELECT … FOR UPDATE) before the insert, or number the places with a UNIQUE (parent, place)");
      if (statement.low)
        build.draft.warn("bound-" + singular_of(statement.subject) + "-" + singular_of(statement.object) + "-low",
                         statement.paraphrase + " At least one is checked at the end of a transaction only.",
                         "a deferrable constraint trigger that counts, with the parent locked");
    }
  }
}

}  // namespace pga::design
