#include "proof/scan_messages.h"

#include "base/text.h"

namespace pga::proof {
namespace {

// What stands between `before` and `after`, when the message has that form.
std::string between(const std::string& message, std::string_view before, std::string_view after) {
  const size_t begin = message.find(before);
  if (begin == std::string::npos) return {};
  const size_t end = message.rfind(after);
  const size_t from = begin + before.size();
  return end == std::string::npos || end <= from ? std::string() : message.substr(from, end - from);
}

}  // namespace

Result<bool> counts_scans(postgres::Connection& connection) {
  PGA_TRY(const auto rows, connection.query("SELECT pg_catalog.current_setting('track_counts')::bool"));
  return rows.flag(0, 0);
}

ScanMessages scan_messages(const std::vector<std::string>& notices) {
  ScanMessages out;
  for (const auto& notice : notices) {
    if (!notice.starts_with("DEBUG: ")) continue;
    for (const std::string_view form : {"verifying table \"", "rewriting table \""}) {
      if (auto table = between(notice, form, "\""); !table.empty()) out.tables.push_back(std::move(table));
    }
    if (notice.find("building index \"") != std::string::npos) {
      if (auto table = between(notice, "\" on table \"", "\""); !table.empty()) out.tables.push_back(std::move(table));
    }
    if (auto key = between(notice, "validating foreign key constraint \"", "\""); !key.empty())
      out.foreign_keys.push_back(std::move(key));
  }
  return out;
}

Result<std::vector<long long>> sides_of(postgres::Connection& connection, const std::vector<std::string>& foreign_keys) {
  std::vector<long long> out;
  for (const auto& name : foreign_keys) {
    PGA_TRY(const auto rows, connection.query("SELECT conrelid::bigint, confrelid::bigint FROM pg_catalog.pg_constraint "
                                              "WHERE contype = 'f' AND conname = $1",
                                              {name}));
    for (int r = 0; r < rows.size(); ++r) {
      out.push_back(rows.integer(r, 0));
      out.push_back(rows.integer(r, 1));
    }
  }
  return out;
}

}  // namespace pga::proof
