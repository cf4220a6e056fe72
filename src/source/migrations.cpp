// Which migrations a folder holds, by the names and marks of its files, and their ups in order.
// Only what loading a schema needs: migrate/format.h reads and writes these formats in full.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "source/files.h"

namespace pga::source {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

// Numbers of a name up to its first other character: "1.10__x" and "1_10__x" -> {1, 10}; compared as numbers of any length.
std::vector<std::string> version_of(std::string_view name) {
  std::vector<std::string> out;
  size_t at = 0;
  while (at < name.size() && is_digit(name[at])) {
    const size_t begin = at;
    while (at < name.size() && is_digit(name[at])) ++at;
    std::string digits(name.substr(begin, at - begin));
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    out.push_back(std::string(20 - std::min<size_t>(20, digits.size()), '0') + digits);
    const bool more = at + 1 < name.size() && (name[at] == '.' || name[at] == '_' || name[at] == '-') && is_digit(name[at + 1]);
    if (!more) break;
    ++at;
  }
  return out;
}

using Order = std::pair<std::vector<std::string>, std::string>;

std::vector<SqlFile> ordered(std::map<Order, SqlFile> files) {
  std::vector<SqlFile> out;
  for (auto& [order, file] : files) out.push_back(std::move(file));
  return out;
}

// Only what stands before the mark of the down part. The up mark is a comment: lines keep their numbers.
std::string before_mark(const std::string& text, std::string_view mark) {
  for (size_t at = 0; at < text.size();) {
    const size_t stop = std::min(text.find('\n', at), text.size());
    if (starts_with_nocase(trim(std::string_view(text).substr(at, stop - at)), mark)) return text.substr(0, at);
    at = stop + 1;
  }
  return text;
}

bool has_line(const std::string& text, std::string_view mark) {
  return before_mark(text, mark).size() != text.size();
}

std::optional<Migrations> sqitch(const std::vector<SqlFile>& files) {
  const auto plan = std::find_if(files.begin(), files.end(), [](const auto& f) { return f.path == "sqitch.plan"; });
  if (plan == files.end()) return std::nullopt;
  Migrations out{"sqitch", {}};
  for (const auto& raw : split(plan->text, '\n')) {
    const auto line = trim(raw);
    if (line.empty() || line[0] == '%' || line[0] == '@' || line[0] == '#') continue;
    const std::string wanted = "deploy/" + std::string(line.substr(0, line.find_first_of(" \t"))) + ".sql";
    const auto file = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.path == wanted; });
    if (file != files.end()) out.ups.push_back(*file);
  }
  return out;
}

std::optional<Migrations> diesel(const std::vector<SqlFile>& files) {
  std::map<Order, SqlFile> ups;
  for (const auto& file : files) {
    const size_t slash = file.path.rfind('/');
    if (slash == std::string::npos || base_name(file.path) != "up.sql") continue;
    // Diesel's version is what stands before the first '_', without its dashes: 2017-08-31-230457 follows 20140925132248.
    std::string folder(base_name(std::string_view(file.path).substr(0, slash)));
    folder = replace_all(folder.substr(0, folder.find('_')), "-", "");
    ups.emplace(Order{version_of(folder), file.path}, file);
  }
  if (ups.empty()) return std::nullopt;
  return Migrations{"diesel", ordered(std::move(ups))};
}

bool is_down(std::string_view name) {
  return name.ends_with(".down.sql") || name.ends_with("_down.sql") || name == "down.sql";
}

std::optional<Migrations> golang(const std::vector<SqlFile>& files) {
  std::map<Order, SqlFile> ups;
  for (const auto& file : files) {
    const auto name = base_name(file.path);
    if (name.ends_with(".up.sql") && is_digit(name[0])) ups.emplace(Order{version_of(name), file.path}, file);
  }
  if (ups.empty()) return std::nullopt;
  return Migrations{"golang-migrate", ordered(std::move(ups))};
}

std::optional<Migrations> flyway(const std::vector<SqlFile>& files) {
  std::map<Order, SqlFile> ups;
  std::vector<SqlFile> repeatable;
  for (const auto& file : files) {
    const auto name = base_name(file.path);
    if (name.size() > 1 && name[0] == 'V' && is_digit(name[1]) && name.find("__") != std::string_view::npos) {
      ups.emplace(Order{version_of(name.substr(1)), file.path}, file);
    } else if (name.starts_with("R__")) {
      repeatable.push_back(file);
    }
  }
  if (ups.empty()) return std::nullopt;
  Migrations out{"flyway", ordered(std::move(ups))};
  out.ups.insert(out.ups.end(), repeatable.begin(), repeatable.end());
  return out;
}

struct Marks {
  std::string_view format, up, down;
};
constexpr Marks kMarks[] = {{"dbmate", "-- migrate:up", "-- migrate:down"}, {"goose", "-- +goose up", "-- +goose down"}};

std::optional<Migrations> marked(const std::vector<SqlFile>& files) {
  for (const auto& marks : kMarks) {
    std::map<Order, SqlFile> ups;
    for (const auto& file : files) {
      if (!has_line(file.text, marks.up)) continue;
      ups.emplace(Order{version_of(base_name(file.path)), file.path},
                  SqlFile{file.name, file.path, before_mark(file.text, marks.down)});
    }
    if (!ups.empty()) return Migrations{std::string(marks.format), ordered(std::move(ups))};
  }
  return std::nullopt;
}

// Liquibase's formatted SQL (a rollback is a comment there), or files whose names all begin with a number.
std::optional<Migrations> numbered(const std::vector<SqlFile>& files) {
  std::map<Order, SqlFile> ups;
  bool liquibase = false;
  bool all = true;
  for (const auto& file : files) {
    const auto name = base_name(file.path);
    const bool formatted = starts_with_nocase(trim(file.text), "--liquibase formatted sql") ||
                           starts_with_nocase(trim(file.text), "-- liquibase formatted sql");
    liquibase = liquibase || formatted;
    all = all && (is_digit(name[0]) || formatted);
    if (is_down(name)) continue;
    // ${:x} is how a changelog says ${x} without meaning a property.
    SqlFile up{file.name, file.path, formatted ? replace_all(file.text, "${:", "${") : file.text};
    ups.emplace(Order{version_of(name), file.path}, std::move(up));
  }
  if (!all || ups.empty()) return std::nullopt;
  return Migrations{liquibase ? "liquibase" : "numbered", ordered(std::move(ups))};
}

}  // namespace

std::optional<Migrations> find_migrations(const std::vector<SqlFile>& files) {
  for (const auto& reader : {sqitch, diesel, golang, flyway, marked, numbered}) {
    if (auto found = reader(files)) return found;
  }
  return std::nullopt;
}

}  // namespace pga::source
