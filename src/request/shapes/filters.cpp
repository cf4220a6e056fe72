#include "request/shapes/filters.h"

#include <algorithm>

#include "base/text.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

bool word_in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

// Dates and amounts are looked up in ranges, texts by a part of them, the rest by equality.
std::string kind_of(std::string_view said) {
  const auto underscore = said.rfind('_');
  const auto last = said.substr(underscore == std::string_view::npos ? 0 : underscore + 1);
  if (word_in(last, {"date", "time", "day", "month", "year", "week", "period", "range", "at", "on", "since", "created", "price",
                     "amount", "age", "deadline", "timestamp", "between"}))
    return "range";
  if (word_in(last, {"keyword", "keywords", "text", "description"})) return "text";
  if (word_in(last, {"location", "distance", "nearby"})) return "near";
  return "equal";
}

}  // namespace

std::string resolve_column(Reading& reading, const Noun& table, const std::string& word) {
  const auto* known = reading.tables().find(table.name);
  if (known == nullptr) return word;
  const auto column = Tables::column(*known, word);
  if (column.empty()) return word;
  if (column != word) {
    reading.assume("R-column", "“" + replace_all(word, "_", " ") + "” is the column " + known->name + "." + column,
                   "write the column's name instead of “" + replace_all(word, "_", " ") + "”");
  }
  return column;
}

std::vector<Filter> filters_of(Reading& reading, Range list, const Noun& table) {
  std::vector<Filter> result;
  for (const auto& item : reading.items(list, table.name)) {
    Filter filter;
    auto name = item.attribute.name;
    const bool part = name.starts_with("part_of_") || name.starts_with("parts_of_");
    if (part) name = name.substr(name.find("of_") + 3);
    if (item.noun.owner.empty() && name == "range" && !result.empty()) continue;
    for (const std::string_view suffix : {"_range", "_ranges"}) {
      if (name.ends_with(suffix)) name = name.substr(0, name.size() - suffix.size()), filter.kind = "range";
    }
    if (part) filter.kind = "contains";
    if (filter.kind.empty()) filter.kind = kind_of(name);
    filter.column = resolve_column(reading, table, name);
    result.push_back(std::move(filter));
  }
  return result;
}

std::vector<Order> orders_of(Reading& reading, Range list, const Noun& table) {
  std::vector<Order> result;
  bool descending = false;
  for (auto& item : reading.items(list, table.name)) {
    Order order;
    auto name = item.attribute.name;
    for (const auto& [suffix, down] : std::initializer_list<std::pair<std::string_view, bool>>{
             {"_desc", true}, {"_descending", true}, {"_asc", false}, {"_ascending", false}}) {
      if (name.ends_with(suffix)) name = name.substr(0, name.size() - suffix.size()), descending = down;
    }
    order.column = resolve_column(reading, table, name);
    order.descending = descending;
    result.push_back(std::move(order));
  }
  return result;
}

void ask_about_filters(Reading& reading, const Statement& statement) {
  const auto table = entity_name(statement.subject);
  if (statement.order.empty() && statement.meaning == Meaning::slow) {
    Decision decision;
    decision.id = dashed(table + "-query-order");
    decision.question =
        "In which order does the query of " + replace_all(Words::get().plural(table), "_", " ") + " return its rows?";
    decision.options = {{"none", "in no particular order", "The index serves the filters only."},
                        {"range", "by the column that is filtered as a range, or newest first",
                         "The index also gives the order, so that no sort is needed and LIMIT stops early."}};
    decision.recommended =
        std::ranges::any_of(statement.filters, [](const Filter& filter) { return filter.kind == "range"; }) ? 1 : 0;
    decision.reason = "An index that ends in the ordered column serves both.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
  for (const auto& filter : statement.filters) {
    const bool listed = filter.kind == "equal" && word_in(filter.column, {"type", "kind", "status", "state", "category"});
    if (!listed || statement.meaning != Meaning::slow) continue;
    Decision decision;
    decision.id = dashed(table + "-" + filter.column + "-share");
    decision.question = "How many values of " + filter.column + " does one query ask for, and what share of the rows has each?";
    decision.options = {
        {"one-rare", "one value, which few rows have", "An index that begins with the column reads only those rows."},
        {"several", "several values at once, or one that most rows have",
         "The range column should lead, or the index be partial."}};
    decision.reason = "A filter by " + filter.column + " is written with one value most often.";
    decision.weight = 1;
    reading.ask(std::move(decision));
  }
}

}  // namespace pga::request
