#include "design/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/quote.h"
#include "base/text.h"

namespace pga::design {
namespace {

constexpr std::array kRules = {
#define PGA_COLUMN(...) ColumnRule{__VA_ARGS__},
#include "design/columns.def"
#undef PGA_COLUMN
};

bool matches(std::string_view pattern, std::string_view name) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  const auto head = pattern.substr(0, star), tail = pattern.substr(star + 1);
  return name.size() > head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

std::string with_column(std::string_view check, const std::string& name) {
  return replace_all(std::string(check), "{c}", ident(name));
}

// The types that people say, as PostgreSQL has them.
std::string said_type(const std::string& said) {
  using Said = std::pair<std::string_view, std::string_view>;
  static constexpr auto kTypes = std::to_array<Said>({{"text", "text"},
                                                      {"string", "text"},
                                                      {"integer", "integer"},
                                                      {"int", "integer"},
                                                      {"number", "integer"},
                                                      {"bigint", "bigint"},
                                                      {"smallint", "smallint"},
                                                      {"decimal", "numeric(12,2)"},
                                                      {"numeric", "numeric(12,2)"},
                                                      {"money", "numeric(12,2)"},
                                                      {"boolean", "boolean"},
                                                      {"bool", "boolean"},
                                                      {"flag", "boolean"},
                                                      {"date", "date"},
                                                      {"time", "time"},
                                                      {"timestamp", "timestamptz"},
                                                      {"datetime", "timestamptz"},
                                                      {"timestamptz", "timestamptz"},
                                                      {"uuid", "uuid"},
                                                      {"json", "jsonb"},
                                                      {"jsonb", "jsonb"},
                                                      {"float", "double precision"},
                                                      {"range of time", "tstzrange"},
                                                      {"time range", "tstzrange"},
                                                      {"range of dates", "daterange"},
                                                      {"date range", "daterange"},
                                                      {"period", "daterange"}});
  for (const auto& [word, type] : kTypes) {
    if (word == said) return std::string(type);
  }
  static constexpr std::array<std::string_view, 9> kWhole = {
      "double precision", "real", "bytea", "inet", "interval", "xml", "citext", "tstzrange", "daterange"};
  if (std::ranges::find(kWhole, said) != kWhole.end()) return said;
  return "";
}

// "> 0", "1..200", "ends_at > starts_at", "<= 5": as an expression; "" when it cannot be read.
std::string condition_of(const std::string& said, const std::string& column, const std::string& type) {
  const std::string name = ident(column);
  const std::string measured = type == "text" ? "char_length(" + name + ")" : name;
  const auto range = said.find("..");
  const auto number = [](std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0 || c == '.' || c == '-'; });
  };
  if (range != std::string::npos) {
    const std::string low(trim(said.substr(0, range))), high(trim(said.substr(range + 2)));
    if (number(low) && number(high)) return fmt::format("{} BETWEEN {} AND {}", measured, low, high);
    return "";
  }
  for (const std::string_view op : {">=", "<=", "<>", ">", "<", "="}) {
    const auto at = said.find(op);
    if (at == std::string::npos) continue;
    const std::string left(trim(said.substr(0, at))), right(trim(said.substr(at + op.size())));
    const auto side = [&](const std::string& text) {
      if (number(text)) return text;
      const bool word =
          !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
      return word ? ident(text) : std::string();
    };
    const std::string right_sql = side(right);
    if (right_sql.empty()) return "";
    return fmt::format("{} {} {}", left.empty() ? measured : side(left), op, right_sql);
  }
  return "";
}

std::string default_of(const std::string& said, const std::string& type) {
  if (said == "now" || said == "now()" || said == "today") return type == "date" ? "DEFAULT CURRENT_DATE" : "DEFAULT now()";
  const bool number =
      !said.empty() && std::ranges::all_of(said, [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
  if (number && type != "text") return "DEFAULT " + said;
  if (type == "boolean") return said == "true" || said == "yes" || said == "on" ? "DEFAULT true" : "DEFAULT false";
  return "DEFAULT " + literal(said);
}

void refuse(Draft& draft, Table& table, const ColumnRule& rule, const std::string& name) {
  draft.warn("refused-" + name, "The column " + table.name + "." + name + " is not made: " + std::string(rule.refuse) + ".", "");
  if (rule.id == "C73") {
    table.column({"date_of_birth", "date", false, "", "Personal; instead of an age, which changes"});
  } else if (rule.id == "C10") {
    const auto owner = draft.target(table.name);
    auto& apart = draft.table(singular_of(table.name) + "_password");
    const std::string column = owner.one + "_id";
    apart.reference(column, owner, OnDelete::cascade, true, "", false).key({column});
    apart.column({"password_hash", "text", true, "", "A hash with its scheme (argon2id, bcrypt); never the password"})
        .check("password_hash", "scheme", "password_hash ~ '^\\$(argon2id|2[aby])\\$'")
        .column({"changed_at", "timestamptz", true, "DEFAULT now()", "When it was set"})
        .says("Passwords, apart from " + table.name + " so that SELECT * never leaks them");
  } else if (rule.id == "C11b" || rule.id == "C12") {
    table.column({name + "_hash", "bytea", true, "", "SHA-256 of it; the secret itself is nowhere"})
        .check(name + "_hash", "length", "octet_length(" + ident(name + "_hash") + ") = 32")
        .unique({name + "_hash"})
        .column({"expires_at", "timestamptz", true, "", "When it stops being good"});
  } else if (rule.id == "C81") {
    table.column({"provider_token", "text", true, "", "The payment provider's name for the card"})
        .column({"last4", "text", true, "", "To be shown"})
        .check("last4", "digits", "last4 ~ '^[0-9]{4}$'");
  }
}

}  // namespace

std::span<const ColumnRule> column_rules() {
  return kRules;
}

const ColumnRule* column_rule(std::string_view name) {
  for (const auto& rule : kRules) {
    for (const auto& pattern : split(rule.names, ' ')) {
      if (matches(pattern, name)) return &rule;
    }
  }
  return nullptr;
}

namespace {

// "at most 12 hours" of a range of time; "" for anything else.
std::string length_of_range(const std::string& said, const std::string& name, const std::string& type) {
  if (type != "tstzrange" && type != "daterange") return "";
  for (const auto& [words, op] :
       {std::pair<std::string_view, std::string_view>{"at most ", "<="}, {"at least ", ">="}, {"up to ", "<="}}) {
    if (!said.starts_with(words)) continue;
    const std::string period = said.substr(words.size());
    const bool plain = std::ranges::all_of(period, [](unsigned char c) { return std::isalnum(c) != 0 || c == ' ' || c == '.'; });
    if (!plain || period.empty() || std::isdigit(static_cast<unsigned char>(period[0])) == 0) return "";
    return type == "daterange" ? fmt::format("upper({0}) {1} lower({0}) + interval {2}", ident(name), op, literal(period))
                               : fmt::format("upper({0}) - lower({0}) {1} interval {2}", ident(name), op, literal(period));
  }
  return "";
}

// A range says more than two columns, and has to: an empty one overlaps nothing.
void range_rules(Table& table, const std::string& name) {
  table.check(name, "not_empty", "NOT isempty(" + ident(name) + ")",
              "An empty range overlaps nothing, so it would escape every rule");
  table.check(name, "bounded", fmt::format("NOT lower_inf({0}) AND NOT upper_inf({0})", ident(name)));
}

}  // namespace

void add_attribute(Draft& draft, Table& table, const request::Attribute& attribute, bool may_be_missing) {
  const std::string& name = attribute.name;
  if (name.empty() || table.has(name)) return;
  if (!attribute.references.empty()) {
    const auto target = draft.target(attribute.references);
    const bool optional = attribute.optional.value_or(may_be_missing);
    const OnDelete action = attribute.on_delete == "delete" ? OnDelete::cascade
                            : attribute.on_delete == "null" || attribute.on_delete == "anonymise" || optional
                                ? OnDelete::set_null
                                : OnDelete::restrict_;
    table.reference(name.ends_with("_id") ? name : name + "_id", target, action, !optional);
    return;
  }
  if (name == "id") {
    table.id();
    return;
  }
  const ColumnRule* rule = column_rule(name);
  if (rule != nullptr && rule->type.empty()) return refuse(draft, table, *rule, name);
  std::string type = said_type(attribute.type);
  const bool said = !type.empty();
  if (!said) type = rule != nullptr ? std::string(rule->type) : "text";
  const bool required = attribute.optional ? !*attribute.optional : !may_be_missing && (rule == nullptr || rule->required);
  Column column{name, type, required, "", ""};
  const bool as_ruled = rule != nullptr && type == rule->type;
  if (!attribute.default_value.empty()) {
    column.tail = default_of(attribute.default_value, type);
  } else if (as_ruled) {
    column.tail = std::string(rule->tail);
  }
  if (rule != nullptr) column.comment = std::string(rule->reason);
  if (attribute.personal) column.comment += column.comment.empty() ? "Personal" : "; personal";
  if (!attribute.values.empty()) {
    table.one_of(name, attribute.values, attribute.default_value, required, "One of a closed list");
    draft.assume("C46",
                 table.name + "." + name + " is text with a CHECK: a value is added in an instant and removed in two steps",
                 "say `" + name + " as a lookup table` when people edit the list");
  } else {
    if (name == "updated_at") {
      table.updated_at();
      return;
    }
    table.column(column);
    std::string check;
    const std::string length = length_of_range(attribute.check, name, type);
    if (!attribute.check.empty() && length.empty()) check = condition_of(attribute.check, name, type);
    if (type.ends_with("range")) range_rules(table, name);
    if (!length.empty()) {
      table.check(name, "duration", length, "Said: " + attribute.check);
    } else if (!check.empty()) {
      table.check(name, "range", check, "Said: " + attribute.check);
    } else if (as_ruled && !rule->check.empty()) {
      table.check(name, std::string(rule->rule), with_column(rule->check, name));
    } else if (type == "text") {
      table.check(name, "length", "char_length(" + ident(name) + ") <= 1000");
    }
    if (rule != nullptr && !said) {
      draft.assume(std::string(rule->id),
                   fmt::format("{}.{} is {}{}: {}", table.name, name, type, required ? "" : ", may be missing",
                               rule->reason.empty() ? std::string("what the name implies") : std::string(rule->reason)),
                   "say `" + name + " is " + (required ? "optional" : "required") + "` or its type");
    } else if (!said) {
      draft.assume(
          "C0",
          table.name + "." + name + " is text of at most 1000 characters: nothing else was said, and the name tells nothing",
          "say its type: `" + name + " is an integer`");
    }
  }
  const bool unique_by_name = rule != nullptr && rule->unique == "lower" && as_ruled;
  if (attribute.unique || (unique_by_name && (table.name == "users" || table.name == "user" || table.name == "accounts"))) {
    if (unique_by_name) {
      table.special_index({"idx_" + table.name + "_" + name + "_lower", true, "(lower(" + ident(name) + "))",
                           "one row for each " + name + ", whatever its case; the look-up when somebody signs in"});
    } else {
      table.unique({name}, attribute.unique ? "Said: unique" : "");
    }
  } else if (rule != nullptr && rule->unique == "plain" && as_ruled) {
    table.unique({name});
  }
}

}  // namespace pga::design
