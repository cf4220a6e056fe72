// Entities, attributes, keys and the rules of their values.
#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "design/build.h"
#include "design/columns.h"

namespace pga::design {

using request::Meaning;
using request::Statement;

void because(Build& build, const Statement& statement) {
  build.draft.because("statement", statement.shape, statement.paraphrase);
}

namespace {

// A table of its own gets a key and the time of its rows.
void complete(Table& table) {
  if (table.existing) return;
  table.id().created_at();
}

void unique(Build& build, const Statement& statement) {
  Table& table = build.draft.table(statement.subject);
  complete(table);
  std::vector<std::string> columns;
  const auto column_of = [&](const std::string& name) {
    if (table.has(name)) return name;
    if (table.has(name + "_id")) return name + "_id";
    if (build.draft.find(name) != nullptr) {
      table.reference(name + "_id", build.draft.target(name), OnDelete::restrict_);
      return name + "_id";
    }
    add_attribute(build.draft, table, {.name = name});
    return name;
  };
  if (!statement.scope.empty()) columns.push_back(column_of(statement.scope));
  for (const auto& name : statement.names) columns.push_back(column_of(name));
  const auto option = [&](const char* name) { return statement.options.contains(name); };
  if (!option("case_insensitive") && !option("when_given")) {
    table.unique(columns, "Said: " + statement.paraphrase);
    return;
  }
  std::vector<std::string> items;
  for (size_t i = 0; i < columns.size(); ++i) {
    const bool folded = option("case_insensitive") && i + 1 == columns.size();
    items.push_back(folded ? "lower(" + ident(columns[i]) + ")" : ident(columns[i]));
  }
  const std::string where = option("when_given") ? " WHERE " + ident(columns.back()) + " IS NOT NULL" : "";
  table.special_index({"idx_" + table.name + "_" + join(columns, "_") + "_unique", true, "(" + join(items, ", ") + ")" + where,
                       statement.paraphrase});
}

void checks(Build& build, const Statement& statement) {
  Table& table = build.draft.table(statement.subject);
  complete(table);
  request::Attribute attribute;
  attribute.name = statement.names.empty() ? "" : statement.names[0];
  attribute.check = statement.condition;
  if (attribute.name.empty()) return;
  if (!table.has(attribute.name)) {
    add_attribute(build.draft, table, attribute);
    return;
  }
  // The column is there: the rule comes as a constraint of its own.
  Table probe(build.draft, table.schema, table.name, false);
  probe.columns = table.columns;
  const auto* column = table.find(attribute.name);
  request::Attribute other = attribute;
  other.name = attribute.name + "_probe";
  other.type = column != nullptr && column->type == "text" ? "text" : "numeric";
  add_attribute(build.draft, probe, other);
  for (const auto& rule : probe.rules) {
    if (rule.name.ends_with("_range"))
      table.check(attribute.name, "range",
                  replace_all(rule.sql.substr(7, rule.sql.size() - 8), ident(other.name), ident(attribute.name)),
                  "Said: " + statement.condition);
  }
}

void derived(Build& build, const Statement& statement) {
  Table& table = build.draft.table(statement.subject);
  complete(table);
  if (statement.names.empty()) return;
  build.draft.warn(
      "derived-" + statement.names[0],
      table.name + "." + statement.names[0] + " is calculated from " + statement.condition +
          ": it is not stored, so that it cannot be wrong",
      "read it from a view or a query; store it when it is read far more often than written, with a trigger that keeps it");
}

// "zip determines city": a table of its own for what the first tells.
void determines(Build& build, const Statement& statement) {
  if (statement.names.empty() || statement.others.empty()) return;
  Table& table = build.draft.table(statement.subject);
  complete(table);
  const std::string entity = statement.names[0];
  Table& apart = build.draft.table(entity);
  add_attribute(build.draft, apart, {.name = statement.names[0]});
  apart.key({statement.names[0]});
  for (const auto& name : statement.others) {
    add_attribute(build.draft, apart, {.name = name});
    std::erase_if(table.columns, [&](const Column& c) { return c.name == name; });
    std::erase_if(table.rules, [&](const Rule& r) { return r.name.starts_with(table.name + "_" + name + "_"); });
  }
  apart.says(fmt::format("What {} determines: once for each {}, not in every row of {}", statement.names[0], statement.names[0],
                         table.name));
  const Column* column = apart.find(statement.names[0]);
  Target target{apart.sql_name(), singular_of(apart.name), {statement.names[0]}, {column != nullptr ? column->type : "text"}};
  if (!table.has(statement.names[0])) {
    table.reference(statement.names[0], target, OnDelete::restrict_);
  } else {
    table.rule(
        {table.name + "_" + statement.names[0] + "_fkey",
         fmt::format("FOREIGN KEY ({}) REFERENCES {} ({})", ident(statement.names[0]), target.table, ident(statement.names[0])),
         "3NF: what is determined stands once"});
    table.index({statement.names[0]}, table.name + " of one " + statement.names[0]);
  }
  build.draft.assume(
      "3NF",
      join(statement.others, ", ") + " stand once, in " + apart.name + ", because " + statement.names[0] + " determines them",
      "say `keep " + statement.others[0] + " in " + table.name + "` and what keeps it true");
}

}  // namespace

void build_structure(Build& build) {
  // Tables first, so that references find them.
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning != Meaning::entity || statement.subject.empty()) continue;
    because(build, statement);
    (void)build.draft.table(statement.subject);
  }
  for (const auto& statement : build.understood.statements) {
    if (statement.subject.empty()) continue;
    because(build, statement);
    switch (statement.meaning) {
      case Meaning::entity:
      case Meaning::attributes: {
        Table& table = build.draft.table(statement.subject);
        for (const auto& attribute : statement.attributes) {
          if (attribute.name == "id") complete(table);
        }
        if (!table.existing) table.id();
        for (const auto& attribute : statement.attributes) add_attribute(build.draft, table, attribute, table.existing);
        complete(table);
        break;
      }
      case Meaning::key: {
        Table& table = build.draft.table(statement.subject);
        for (const auto& name : statement.names) add_attribute(build.draft, table, {.name = name});
        if (table.existing || !table.primary.empty()) {
          table.unique(statement.names, "Said to identify the row");
        } else {
          table.key(statement.names);
        }
        break;
      }
      case Meaning::nullability: {
        Table& table = build.draft.table(statement.subject);
        for (const auto& name : statement.names) {
          if (Column* column = table.find(name)) {
            column->required = !statement.negated;
          } else if (!table.has(name)) {
            add_attribute(build.draft, table, {.name = name, .optional = statement.negated});
          } else {
            build.draft.behind("nullability of " + table.name + "." + name,
                               "ALTER TABLE " + table.sql_name() + " ALTER COLUMN " + ident(name) +
                                   (statement.negated ? " DROP NOT NULL;" : " SET NOT NULL;"));
          }
        }
        break;
      }
      case Meaning::closed_list: {
        Table& table = build.draft.table(statement.subject);
        if (statement.names.empty()) break;
        std::erase_if(table.rules, [&](const Rule& r) { return r.name == table.name + "_" + statement.names[0] + "_length"; });
        std::erase_if(table.columns, [&](const Column& c) { return c.name == statement.names[0]; });
        add_attribute(build.draft, table, {.name = statement.names[0], .values = statement.values});
        break;
      }
      case Meaning::default_value: {
        Table& table = build.draft.table(statement.subject);
        if (!statement.names.empty() && !table.has(statement.names[0]))
          add_attribute(build.draft, table, {.name = statement.names[0], .default_value = statement.condition});
        else if (Column* column = statement.names.empty() ? nullptr : table.find(statement.names[0]))
          column->tail = column->type == "text" ? "DEFAULT " + literal(statement.condition) : column->tail;
        break;
      }
      case Meaning::unique:
        unique(build, statement);
        break;
      case Meaning::check:
        checks(build, statement);
        break;
      case Meaning::derived:
        derived(build, statement);
        break;
      case Meaning::determines:
        determines(build, statement);
        break;
      case Meaning::at_least_one_of: {
        Table& table = build.draft.table(statement.subject);
        std::vector<std::string> names;
        for (const auto& name : statement.names) {
          add_attribute(build.draft, table, {.name = name, .optional = true});
          names.push_back(ident(name));
        }
        table.check("", "one_given", "num_nonnulls(" + join(names, ", ") + ") >= 1", "Said: " + statement.paraphrase);
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace pga::design
