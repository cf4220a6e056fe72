// What a query filters and orders by, from lists of words: "date and type", "newest first".
#pragma once
#include "request/reading.h"

namespace pga::request {

std::vector<Filter> filters_of(Reading& reading, Range list, const Noun& table);
std::vector<Order> orders_of(Reading& reading, Range list, const Noun& table);
std::string resolve_column(Reading& reading, const Noun& table, const std::string& word);
void ask_about_filters(Reading& reading, const Statement& statement);

}  // namespace pga::request
