// Snapshots by pg_dump: its text is cut at its own headings ("-- Name: …; Type: …; Schema: …; Owner: …").
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/programs.h"
#include "proof/judge.h"
#include "proof_embedded.h"

namespace pga::proof {
namespace {

struct Program {
  std::string path;
  std::string version;  // "15.20"
  int major = 0;
};

std::optional<Program> asked(const std::string& path) {
  // "pg_dump (PostgreSQL) 15.20 (Debian …)"
  const std::string text = postgres::output_of({path, "--version"});
  const size_t at = text.find(") ");
  if (at == std::string::npos) return std::nullopt;
  const std::string version = text.substr(at + 2, text.find_first_of(" \n", at + 2) - at - 2);
  return Program{path, version, std::atoi(version.c_str())};
}

// Every pg_dump beside a server's programs and on the PATH, the oldest major first.
const std::vector<Program>& programs() {
  static const std::vector<Program> all = [] {
    std::vector<Program> out;
    std::vector<std::string> places;
    for (const auto& server : postgres::find_programs()) {
      const std::string path = server.bin + "/pg_dump";
      if (std::error_code error; std::filesystem::exists(path, error)) places.push_back(path);
    }
    places.emplace_back(
        "pg_dump");  // last: on Debian it is a script that looks for the real one, which takes as long as the dump
    for (const auto& place : places) {
      if (auto program = asked(place)) out.push_back(std::move(*program));
    }
    std::ranges::stable_sort(out, {}, &Program::major);
    return out;
  }();
  return all;
}

const Program* program_for(int major) {
  const auto found = std::ranges::find_if(programs(), [&](const Program& program) { return program.major >= major; });
  return found == programs().end() ? nullptr : &*found;
}

struct Heading {
  std::string name, type, schema;
};

// The parts never hold "; Type: " unless a name does; then both sides of a comparison are cut alike.
std::optional<Heading> heading_of(std::string_view line) {
  if (!line.starts_with("-- Name: ")) return std::nullopt;
  const size_t type = line.find("; Type: "), schema = line.find("; Schema: ");
  const size_t owner = line.find("; Owner: ");
  if (type == std::string_view::npos || schema == std::string_view::npos || owner == std::string_view::npos) return std::nullopt;
  return Heading{std::string(line.substr(9, type - 9)), std::string(line.substr(type + 8, schema - type - 8)),
                 std::string(line.substr(schema + 10, owner - schema - 10))};
}

std::string label_of(const Heading& heading) {
  const std::string place = heading.schema == "-" ? "" : heading.schema + ".";
  const std::string type = to_lower(heading.type);
  if (type == "acl") return "privileges of " + place + heading.name;
  if (type == "comment") return "comment on " + place + heading.name;
  if (type == "security label") return "security label of " + place + heading.name;
  return type + " " + place + heading.name;
}

bool is_setting(std::string_view line) {
  return line.starts_with("SET default_tablespace = ") || line.starts_with("SET default_table_access_method = ");
}

// Storage parameters are a set: "WITH (a='1', b='2')" says the same in any order.
std::string with_sorted_options(const std::string& line) {
  const size_t at = line.find("WITH ("), begin = at + 6;
  const size_t end = at == std::string::npos ? at : line.find(')', begin);
  if (end == std::string::npos) return line;
  std::vector<std::string> options;
  std::string rest = line.substr(begin, end - begin);
  for (size_t comma = rest.find(", "); comma != std::string::npos; comma = rest.find(", ")) {
    options.push_back(rest.substr(0, comma));
    rest.erase(0, comma + 2);
  }
  options.push_back(rest);
  if (!std::ranges::all_of(options, [](const auto& option) { return option.find('=') != std::string::npos; })) return line;
  std::ranges::sort(options);
  return line.substr(0, begin) + join(options, ", ") + line.substr(end);
}

// "CREATE STATISTICS s (kinds) ON b, a FROM t;": the columns are in the order of the table's, which means nothing.
std::string with_sorted_columns(const std::string& line) {
  const size_t on = line.find(" ON "), from = line.rfind(" FROM ");
  if (!line.starts_with("CREATE STATISTICS ") || on == std::string::npos || from == std::string::npos || from < on) return line;
  std::vector<std::string> columns;
  std::string rest = line.substr(on + 4, from - on - 4);
  for (size_t comma = rest.find(", "); comma != std::string::npos; comma = rest.find(", ")) {
    columns.push_back(rest.substr(0, comma));
    rest.erase(0, comma + 2);
  }
  columns.push_back(rest);
  std::ranges::sort(columns);
  return line.substr(0, on + 4) + join(columns, ", ") + line.substr(from);
}

class Parser {
 public:
  Snapshot parse(const std::string& text) {
    const auto lines = split(text, '\n');
    for (size_t i = 0; i < lines.size(); ++i) {
      const auto heading = i > 0 && i + 1 < lines.size() && lines[i - 1] == "--" && lines[i + 1] == "--"
                               ? heading_of(lines[i])
                               : std::optional<Heading>();
      if (lines[i] == "-- PostgreSQL database dump complete") break;  // whatever entry happens to be the last
      if (heading) {
        if (!body_.empty() && body_.back() == "--") body_.pop_back();
        finish();
        heading_ = *heading;
        ++i;
      } else if (is_setting(lines[i])) {
        setting(lines[i]);
      } else if (!lines[i].starts_with("\\restrict ") && !lines[i].starts_with("\\unrestrict ")) {
        body_.push_back(lines[i]);
      }
    }
    finish();
    return std::move(snapshot_);
  }

 private:
  // "SET default_tablespace = fast;" holds for the entries that follow, wherever they stand.
  void setting(const std::string& line) {
    const size_t equals = line.find('=');
    std::string value(trim(std::string_view(line).substr(equals + 1)));
    if (!value.empty() && value.back() == ';') value.pop_back();
    (line.starts_with("SET default_tablespace") ? tablespace_ : access_method_) = value;
  }

  static bool has_options(std::string_view type) {
    return type == "TABLE" || type == "INDEX" || type == "MATERIALIZED VIEW" || type == "CONSTRAINT" || type == "VIEW";
  }

  void finish() {
    while (!body_.empty() && (body_.back().empty() || body_.back() == "--")) body_.pop_back();
    const auto begin = std::ranges::find_if(body_, [](const auto& line) { return !line.empty(); });
    body_.erase(body_.begin(), begin);
    if (heading_ && !body_.empty()) {
      const std::string label = label_of(*heading_);
      if (heading_->type == "TABLE" || heading_->type == "FOREIGN TABLE") take_columns(label);
      if (has_options(heading_->type)) {
        for (auto& line : body_) line = with_sorted_options(line);
      }
      if (heading_->type == "STATISTICS" && !body_.empty()) body_.front() = with_sorted_columns(body_.front());
      std::string text = join(body_, "\n");
      const bool stored = heading_->type == "TABLE" || heading_->type == "INDEX" || heading_->type == "MATERIALIZED VIEW" ||
                          heading_->type == "CONSTRAINT";
      if (stored && !tablespace_.empty() && tablespace_ != "''") text += "\ntablespace " + tablespace_;
      if (heading_->type == "TABLE" && !access_method_.empty() && access_method_ != "heap") text += "\nusing " + access_method_;
      // Names are unique but for what belongs to others (two COMMENTs cannot be); to be safe nothing is overwritten.
      auto& entry = snapshot_.objects[label];
      entry += (entry.empty() ? "" : "\n") + text;
    }
    body_.clear();
    heading_.reset();
  }

  // The lines between "CREATE TABLE … (" and ")…": the columns in order are kept apart, the text has them sorted.
  void take_columns(const std::string& label) {
    const auto open = std::ranges::find_if(body_, [](const auto& l) { return l.starts_with("CREATE ") && l.ends_with("("); });
    const auto close = std::find_if(open, body_.end(), [](const auto& line) { return line.starts_with(")"); });
    if (open == body_.end() || close == body_.end()) return;
    std::vector<std::string> items;
    for (auto line = open + 1; line != close; ++line) {
      std::string item(trim(*line));
      if (item.ends_with(',')) item.pop_back();
      *line = "    " + item;
      if (!item.starts_with("CONSTRAINT ")) items.push_back(item);
    }
    std::sort(open + 1, close);
    snapshot_.columns[label] = std::move(items);
  }

  Snapshot snapshot_;
  std::optional<Heading> heading_;
  std::vector<std::string> body_;
  std::string tablespace_, access_method_;
};

// pg_dump leaves out what it could not restore: invalid indexes.
Status add_unseen(const postgres::Server& server, const std::string& database, Snapshot& snapshot) {
  PGA_TRY(auto connection, postgres::Connection::open(server.url(database)));
  PGA_TRY(const auto rows, connection.query(embedded::proof::judge_invalid_indexes));
  for (int r = 0; r < rows.size(); ++r) {
    snapshot.objects["invalid index " + std::string(rows.text(r, 0))] = rows.text(r, 1);
  }
  return {};
}

}  // namespace

bool has_pg_dump(int major) {
  return program_for(major) != nullptr;
}

Snapshot parse_dump(const std::string& text) {
  return Parser().parse(text);
}

Result<Snapshot> dump_snapshot(const postgres::Server& server, const std::string& database) {
  const Program* program = program_for(server.major());
  PGA_ASSERT(program != nullptr);
  const std::string text =
      postgres::output_of({program->path, "-s", "-N", "pgarchitect", "-N", "pgarchitect_parked", "-d", server.url(database)});
  // pg_dump of an empty database still writes its settings: nothing at all means that it failed.
  if (text.empty()) {
    return fail("judge-failed", program->path + " could not read the database " + database,
                "run it with -s on this database to see why; --server has another way of comparing");
  }
  auto snapshot = parse_dump(text);
  snapshot.observer = "pg_dump " + program->version;
  PGA_CHECK(add_unseen(server, database, snapshot));
  return snapshot;
}

}  // namespace pga::proof
