#include "support.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/text.h"

namespace pga::testing {
namespace fs = std::filesystem;

postgres::Server* server(int major) {
  static std::map<int, std::optional<postgres::Server>> servers;
  if (major == 0) major = 15;
  auto [it, fresh] = servers.try_emplace(major);
  if (fresh) {
    auto started = postgres::Server::start({.major = major});
    if (started && started->major() == major) it->second = std::move(*started);
    if (!it->second) std::fprintf(stderr, "SKIPPED: no PostgreSQL %d on this machine\n", major);
  }
  return it->second ? &*it->second : nullptr;
}

std::vector<int> majors() {
  std::vector<int> out;
  for (const int major : {13, 14, 15, 16, 17, 18}) {
    if (server(major) != nullptr) out.push_back(major);
  }
  return out;
}

namespace {

std::string run(const std::string& command, int& status) {
  std::string out;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "cannot run " + command;
  char buffer[65536];
  while (const size_t n = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
  status = pclose(pipe);
  return out;
}

}  // namespace

std::string client_program(const std::string& name) {
  static const std::string folder = [] {
    for (const auto& programs : postgres::find_programs()) {
      std::error_code error;
      if (fs::exists(fs::path(programs.bin) / "psql", error) && fs::exists(fs::path(programs.bin) / "pg_dump", error))
        return programs.bin + "/";
    }
    return std::string();
  }();
  return folder + name;
}

std::string database(postgres::Server& server, const std::string& sql) {
  auto name = server.create_database();
  EXPECT_TRUE(name) << to_text(name.error());
  if (!name || sql.empty()) return name.value_or("");
  const std::string path = fs::temp_directory_path() / ("pga_test_" + std::to_string(getpid()) + ".sql");
  std::ofstream(path) << sql;
  int status = 0;
  const std::string out =
      run(client_program("psql") + " -X -q -1 -v ON_ERROR_STOP=1 -d '" + server.url(*name) + "' -f " + path, status);
  EXPECT_EQ(status, 0) << out;
  fs::remove(path);
  return *name;
}

std::string psql(postgres::Server& server, const std::string& database, const std::string& sql) {
  const std::string path = fs::temp_directory_path() / ("pga_psql_" + std::to_string(getpid()) + ".sql");
  std::ofstream(path) << sql;
  int status = 0;
  const std::string out = run("PGOPTIONS='-c client_min_messages=error' " + client_program("psql") + " -X -q -o /dev/null -d '" +
                                  server.url(database) + "' -f " + path,
                              status);
  EXPECT_EQ(status, 0) << out;
  fs::remove(path);
  return out;
}

std::optional<std::string> pg_dump(postgres::Server& server, const std::string& database) {
  if (server.major() > 15) return std::nullopt;  // Debian's pg_dump is of 15
  int status = 0;
  const std::string out =
      run(client_program("pg_dump") + " -s -N pgarchitect -N pgarchitect_parked -d '" + server.url(database) + "'", status);
  EXPECT_EQ(status, 0) << out;
  std::string kept;
  for (const auto& line : split(out, '\n')) {
    if (line.starts_with("-- Dumped") || line.starts_with("\\restrict") || line.starts_with("\\unrestrict")) continue;
    kept += line + "\n";
  }
  return kept;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::optional<std::string> shared(const std::string& path) {
  const char* given = std::getenv("PGARCHITECT_SHARED");
  const fs::path root = given != nullptr ? fs::path(given) : fs::path(PGA_SOURCE_DIR).parent_path() / "shared";
  if (!fs::exists(root / path)) {
    std::fprintf(stderr, "SKIPPED: %s is not here\n", (root / path).c_str());
    return std::nullopt;
  }
  return (root / path).string();
}

}  // namespace pga::testing
