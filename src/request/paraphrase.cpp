#include "request/paraphrase.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "request/words.h"

namespace pga::request {

namespace {

std::string spaced(std::string_view name) {
  return replace_all(std::string(name), "_", " ");
}

std::string singular(std::string_view entity) {
  const auto text = spaced(entity);
  const auto space = text.rfind(' ');
  if (space == std::string::npos) return Words::get().singular(text);
  return text.substr(0, space + 1) + Words::get().singular(std::string_view(text).substr(space + 1));
}

std::string plural(std::string_view entity) {
  const auto text = singular(entity);
  const auto space = text.rfind(' ');
  if (space == std::string::npos) return Words::get().plural(text);
  return text.substr(0, space + 1) + Words::get().plural(std::string_view(text).substr(space + 1));
}

std::string each(std::string_view entity) {
  return "each " + (entity.empty() ? "row" : singular(entity));
}

std::string list(const std::vector<std::string>& items, std::string_view last = "and") {
  std::string text;
  for (size_t at = 0; at < items.size(); ++at) {
    if (at > 0) text += at + 1 == items.size() ? fmt::format(" {} ", last) : ", ";
    text += spaced(items[at]);
  }
  return text;
}

std::string amount(double number) {
  if (number >= 1e6 && std::fmod(number, 1e5) == 0) return fmt::format("{} million", number / 1e6);
  return number == std::floor(number) ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
}

std::string period(std::int64_t days) {
  if (days % 365 == 0) return days == 365 ? "1 year" : fmt::format("{} years", days / 365);
  return days == 1 ? "1 day" : fmt::format("{} days", days);
}

std::string attribute(const Attribute& one) {
  std::vector<std::string> notes;
  if (!one.type.empty()) notes.push_back(one.type);
  if (one.optional) notes.push_back(*one.optional ? "optional" : "required");
  if (one.unique) notes.push_back("unique");
  if (one.personal) notes.push_back("personal");
  if (!one.values.empty()) notes.push_back("one of " + list(one.values, "or"));
  if (!one.check.empty()) notes.push_back(one.check);
  if (!one.default_value.empty()) notes.push_back("by default " + one.default_value);
  if (!one.references.empty()) notes.push_back("of " + plural(one.references));
  if (!one.on_delete.empty()) notes.push_back(one.on_delete + " on delete");
  return spaced(one.name) + (notes.empty() ? "" : " (" + join(notes, "; ") + ")");
}

std::string attributes(const std::vector<Attribute>& all) {
  std::vector<std::string> items;
  for (const auto& one : all) items.push_back(attribute(one));
  return list(items);
}

std::string side(Side side, std::string_view entity) {
  switch (side) {
    case Side::one:
      return "exactly one " + singular(entity);
    case Side::at_most_one:
      return "at most one " + singular(entity);
    case Side::many:
      return "any number of " + plural(entity);
    case Side::at_least_one:
      return "one or more " + plural(entity);
    case Side::unknown:
      return "some " + plural(entity) + " (how many is asked)";
  }
  return "";
}

std::string filters(const Statement& statement) {
  std::vector<std::string> items;
  for (const auto& filter : statement.filters) {
    items.push_back(spaced(filter.column) +
                    (filter.kind == "equal" ? "" : " (" + filter.kind + (filter.value.empty() ? "" : " " + filter.value) + ")"));
  }
  std::string text = items.empty() ? "" : " by " + list(items);
  std::vector<std::string> order;
  for (const auto& one : statement.order) order.push_back(spaced(one.column) + (one.descending ? " descending" : ""));
  if (!order.empty()) text += ", ordered by " + list(order);
  if (statement.page) text += fmt::format(", {} a page", *statement.page);
  if (statement.rate) text += fmt::format(", {} times a second", amount(*statement.rate));
  if (statement.target_ms) text += fmt::format(", within {} ms", amount(*statement.target_ms));
  return text;
}

std::string options(const Statement& statement) {
  std::vector<std::string> items;
  for (const auto& [name, value] : statement.options) items.push_back(value.empty() ? spaced(name) : spaced(name) + ": " + value);
  return items.empty() ? "" : " (" + join(items, ", ") + ")";
}

std::string of_subject(const Statement& statement) {
  return statement.subject.empty() ? "" : " of " + plural(statement.subject);
}

std::string structure(const Statement& s) {
  switch (s.meaning) {
    case Meaning::entity:
      return s.attributes.empty() ? "there is a table of " + plural(s.subject)
                                  : "there is a table of " + plural(s.subject) + " with " + attributes(s.attributes);
    case Meaning::attributes:
      return each(s.subject) + " has " + attributes(s.attributes);
    case Meaning::key:
      return each(s.subject) + " is identified by its " + list(s.names);
    case Meaning::unique:
      return "no two " + plural(s.subject) + (s.scope.empty() ? "" : " of one " + singular(s.scope)) + " have the same " +
             list(s.names) + options(s);
    case Meaning::nullability:
      return list(s.names) + of_subject(s) + (s.negated ? " may be empty" : " must be given");
    case Meaning::closed_list:
      return list(s.names) + of_subject(s) +
             (s.options.contains("open") ? " is one of " + list(s.values, "or") + " or others"
                                         : " is one of " + list(s.values, "or"));
    case Meaning::check:
      return list(s.names) + of_subject(s) + " must fulfil " + s.condition;
    case Meaning::default_value:
      return list(s.names) + of_subject(s) + " is " + s.condition + " unless it is said otherwise";
    case Meaning::derived:
      return list(s.names) + of_subject(s) + " is calculated: " + s.condition;
    case Meaning::determines:
      return "of " + plural(s.subject) + ", " + list(s.names) + " determines " + list(s.others);
    case Meaning::subtype:
      return each(s.subject) + " is a kind of " + singular(s.object) + (s.others.empty() ? "" : ", as are " + list(s.others));
    case Meaning::temporal:
      return "earlier values of " + (s.names.empty() ? "" : list(s.names)) + of_subject(s) + " are kept";
    default:
      return "";
  }
}

std::string relations(const Statement& s) {
  switch (s.meaning) {
    case Meaning::relation:
      return each(s.subject) + (s.role.empty() ? "" : " (" + spaced(s.role) + ")") + " has " + side(s.object_side, s.object) +
             "; " + each(s.object) + " has " + side(s.subject_side, s.subject) +
             (s.name.empty() ? "" : ", in the table " + s.name) +
             (s.attributes.empty() ? "" : ", with " + attributes(s.attributes));
    case Meaning::ternary:
      return fmt::format("{} {} {} together with {}", plural(s.subject), spaced(s.role), plural(s.object),
                         s.others.empty() ? "" : plural(s.others[0]));
    case Meaning::on_delete:
      return "when a " + singular(s.object) + " is deleted, its " + plural(s.subject) +
             (s.action == "keep"        ? " are kept"
              : s.action == "delete"    ? " are deleted too"
              : s.action == "anonymise" ? " are anonymised"
              : s.action == "null"      ? " lose the link"
                                        : " prevent that");
    case Meaning::bound:
      return each(s.subject) + " has " + (s.low ? fmt::format("at least {} ", *s.low) : "") + (s.low && s.high ? "and " : "") +
             (s.high ? fmt::format("at most {} ", *s.high) : "") + plural(s.object) +
             (s.condition.empty() ? "" : " (" + s.condition + ")");
    default:
      return "";
  }
}

std::string rules(const Statement& s) {
  switch (s.meaning) {
    case Meaning::exclude:
      return "no two " + plural(s.subject) + (s.scope.empty() ? "" : " of one " + singular(s.scope)) + " overlap" +
             (s.names.empty() ? "" : " in " + list(s.names)) + (s.condition.empty() ? "" : ", " + s.condition);
    case Meaning::workflow: {
      std::vector<std::string> steps;
      for (const auto& [from, to] : s.transitions) steps.push_back(from + " to " + to);
      return (s.names.empty() ? "status" : spaced(s.names[0])) + of_subject(s) + " goes only from " + list(steps) +
             (s.condition.empty() ? "" : " " + s.condition);
    }
    case Meaning::policy:
      return "only " + (s.role.empty() ? "anyone" : spaced(s.role)) + " may " + list(s.names, "or") + " " + plural(s.subject) +
             (s.condition.empty() ? "" : " (" + s.condition + ")");
    case Meaning::implication:
      return "of " + plural(s.subject) + ", if " + s.condition + " then " + s.action;
    case Meaning::one_flagged:
      return "only one " + singular(s.subject) + (s.scope.empty() ? "" : " of one " + singular(s.scope)) + " is " + list(s.names);
    case Meaning::immutable:
      return (s.names.empty() ? plural(s.subject) : list(s.names) + of_subject(s)) + " can not be " +
             (s.action.empty() ? "changed" : s.action) + (s.condition.empty() ? "" : " " + s.condition);
    case Meaning::domain_option:
      return plural(s.subject.empty() ? "rows" : s.subject) +
             (s.name == "currencies" ? " have amounts in several currencies" : " have times in the zone of their user");
    case Meaning::at_least_one_of:
      return each(s.subject) + " has at least one of " + list(s.names, "or");
    default:
      return "";
  }
}

std::string use(const Statement& s) {
  switch (s.meaning) {
    case Meaning::access:
      return plural(s.subject) + " are looked up" + filters(s);
    case Meaning::slow:
      return "the query of " + plural(s.subject) + filters(s) + " is too slow";
    case Meaning::volume:
      return (s.count ? fmt::format("there are about {} {}", amount(static_cast<double>(*s.count)), plural(s.subject))
                      : plural(s.subject) + " grow") +
             (s.growth_per_day
                  ? fmt::format("{} about {} a day", s.count ? ", and" : " by", amount(std::round(*s.growth_per_day)))
                  : "") +
             options(s);
    case Meaning::ranking:
      return fmt::format("the first {} {}", s.count ? amount(static_cast<double>(*s.count)) : "", plural(s.subject)) +
             (s.names.empty() ? "" : " by " + list(s.names)) + (s.scope.empty() ? "" : " per " + spaced(s.scope));
    case Meaning::aggregate:
      return s.action + " of " + (s.names.empty() ? plural(s.subject) : list(s.names) + of_subject(s)) + [&] {
        std::vector<std::string> per;
        for (const auto& filter : s.filters) per.push_back(filter.column);
        return per.empty() ? std::string() : " per " + list(per);
      }();
    case Meaning::query:
      return s.action == "definition" ? "tables as the SQL defines them" : "a query that must be fast";
    case Meaning::seed:
      return fmt::format("{} sample {}", s.count ? amount(static_cast<double>(*s.count)) : "some", plural(s.subject)) +
             options(s);
    default:
      return "";
  }
}

std::string life(const Statement& s) {
  switch (s.meaning) {
    case Meaning::retain:
      return plural(s.subject) + " are kept " + (s.count ? period(*s.count) : "for a period that is asked") +
             (s.action.empty()     ? ""
              : s.action == "drop" ? ", then deleted"
                                   : ", then " + s.action + "d");
    case Meaning::personal:
      return (s.names.empty() ? plural(s.subject) : list(s.names) + of_subject(s)) + " are personal data";
    case Meaning::tenant:
      return each(s.subject) + " sees only its own data" + (s.others.empty() ? "" : "; shared by all: " + list(s.others));
    case Meaning::audit:
      return "every change" + (s.subject.empty() ? " of every table" : " of " + plural(s.subject)) +
             (s.others.empty() ? "" : ", " + list(s.others)) + " is logged";
    case Meaning::soft_delete:
      return plural(s.subject) + " are marked as deleted instead of being deleted" +
             (s.count ? ", and purged after " + period(*s.count) : "");
    case Meaning::pattern:
      return fmt::format("the pattern {}{}{}{}", s.name, s.subject.empty() ? "" : " on " + plural(s.subject),
                         s.others.empty() ? "" : ", " + list(s.others), options(s));
    default:
      return "";
  }
}

std::string changes(const Statement& s) {
  const auto column = s.names.empty() || s.names[0].empty() ? plural(s.subject) : list(s.names) + of_subject(s);
  switch (s.meaning) {
    case Meaning::rename:
      return column + " is renamed to " + s.name + options(s);
    case Meaning::split:
      return column + " is split into " + (s.others.empty() ? "the table " + s.object : list(s.others)) + options(s);
    case Meaning::merge:
      return plural(s.subject) + " and " + plural(s.object) + " become one table" + options(s);
    case Meaning::change:
      return column +
             (s.action == "type"     ? " gets the type " + s.condition
              : s.action == "longer" ? " may be longer"
                                     : " becomes " + s.action) +
             (s.action == "longer" && !s.condition.empty() ? " (" + s.condition + ")" : "") + options(s);
    case Meaning::drop:
      return column + " is dropped, with what is in it" + options(s);
    case Meaning::turn_into:
      return column + " becomes " + (s.action == "lookup" ? "a lookup table" : s.action) + options(s);
    case Meaning::partition:
      return plural(s.subject) + " is partitioned by " + list(s.names) + (s.action.empty() ? "" : " (" + s.action + ")");
    case Meaning::index:
      return "an index on " + list(s.names) + of_subject(s) + " is weighed";
    default:
      return "";
  }
}

std::string around(const Statement& s) {
  switch (s.meaning) {
    case Meaning::question:
      return "a question (" + spaced(s.action) + "): " + s.condition;
    case Meaning::withdraw:
      return "not wanted: " + (s.condition.empty() ? plural(s.subject) : s.condition);
    case Meaning::convention:
      return "convention: " + spaced(s.name) + " " + s.condition;
    case Meaning::review:
      return "a review of " + (s.subject.empty() ? "the schema" : plural(s.subject));
    case Meaning::document:
      return "documentation of " + (s.subject.empty() ? "the schema" : plural(s.subject));
    case Meaning::outside:
      return spaced(s.name) + " belongs to the application; the schema beneath it is designed";
    case Meaning::decide:
      return "decided (" + s.name + "): " + s.condition;
    case Meaning::open:
      return "open (" + s.name + "): " + s.condition;
    default:
      return "";
  }
}

}  // namespace

std::string paraphrase(const Statement& statement) {
  std::string text;
  for (const auto part : {structure, relations, rules, use, life, changes, around}) {
    text = part(statement);
    if (!text.empty()) break;
  }
  if (text.empty()) return text;
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

}  // namespace pga::request
