#include <algorithm>

#include "base/text.h"
#include "request/reading.h"

namespace pga::request {

namespace {

std::string key_of(std::string_view name) {
  return entity_name(name);
}

// Words that people use for a column, and what such a column is called: best first. `*` stands for any beginning.
const std::map<std::string, std::vector<std::string>, std::less<>>& relatives() {
  static const std::map<std::string, std::vector<std::string>, std::less<>> words = {
      {"date",
       {"starts_at", "start_date", "start_at", "date", "*_date", "*_on", "occurred_at", "happened_at", "at", "placed_at",
        "created_at", "*_at"}},
      {"time", {"starts_at", "start_time", "time", "*_time", "occurred_at", "at", "created_at", "*_at"}},
      {"day", {"starts_at", "start_date", "date", "*_date", "*_on", "created_at", "*_at"}},
      {"type", {"type", "kind", "category", "*_type", "*_kind", "type_id", "kind_id", "category_id"}},
      {"kind", {"kind", "type", "*_kind", "*_type", "category", "kind_id", "type_id"}},
      {"category", {"category", "category_id", "kind", "type"}},
      {"status", {"status", "state", "*_status", "*_state"}},
      {"state", {"state", "status", "*_state"}},
      {"name", {"name", "full_name", "title", "display_name", "*_name"}},
      {"title", {"title", "name", "subject"}},
      {"author", {"author_id", "user_id", "created_by"}},
      {"owner", {"owner_id", "user_id", "created_by"}},
      {"assignee", {"assignee_id", "assigned_to"}},
      {"price", {"price", "unit_price", "amount", "*_price"}},
      {"amount", {"amount", "total", "*_amount"}},
      {"place", {"place", "location", "venue_id", "city"}},
      {"email", {"email", "email_address", "*_email"}},
      {"phone", {"phone", "phone_number", "mobile", "*_phone"}},
      {"newest", {"created_at", "posted_at", "sent_at", "starts_at", "at", "*_at"}},
      {"created", {"created_at", "inserted_at", "*_at"}},
  };
  return words;
}

}  // namespace

Tables::Tables(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {
  for (const auto& table : vocabulary.tables) {
    tables_.try_emplace(key_of(table.name), &table);
    tables_.try_emplace(to_lower(table.schema) + "." + key_of(table.name), &table);
  }
}

const KnownTable* Tables::find(std::string_view name) const {
  const auto dot = name.find('.');
  const auto at = tables_.find(
      dot == std::string_view::npos ? key_of(name) : to_lower(name.substr(0, dot)) + "." + key_of(name.substr(dot + 1)));
  return at == tables_.end() ? nullptr : at->second;
}

std::string Tables::column(const KnownTable& table, std::string_view word) {
  const auto has = [&](std::string_view name) { return std::ranges::find(table.columns, name) != table.columns.end(); };
  if (has(word)) return std::string(word);
  const auto id = std::string(word) + "_id";
  const auto of_table = entity_name(table.name) + "_" + std::string(word);
  for (const auto& name : {id, of_table, entity_name(word) + "_id", std::string(word) + "_at"}) {
    if (has(name)) return name;
  }
  const auto known = relatives().find(word);
  if (known == relatives().end()) return "";
  for (const auto& wanted : known->second) {
    for (const auto& column : table.columns) {
      if (wanted == column || (wanted.front() == '*' && column.size() > wanted.size() &&
                               column.ends_with(std::string_view(wanted).substr(1)) && column != "updated_at"))
        return column;
    }
  }
  return "";
}

}  // namespace pga::request
