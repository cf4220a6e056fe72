#include "postgres/server_cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>

#include "base/text.h"
#include "postgres/server_launch.h"
#include "postgres/server_pack.h"

namespace pga::postgres {
namespace fs = std::filesystem;
namespace {

constexpr int kKeptDays = 30;

// One-megabyte WAL segments: 29 MB instead of 44 to copy. No sync: the folder is packed, and a torn pack is noticed.
// No checksums of pages (18 has them by default): the statistics twin writes pages of its own (twin/pages.h).
std::vector<std::string> initdb_options(int major, const std::string& locale) {
  std::vector<std::string> out = {"-N", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=" + locale, "--wal-segsize=1"};
  if (major >= 18) out.emplace_back("--no-data-checksums");
  return out;
}

Status initdb(const Programs& programs, const ServerUser& user, const std::string& folder) {
  Launch wanted;
  wanted.program = programs.bin + "/initdb";
  wanted.folder = folder;
  wanted.log = folder + "/initdb.log";
  wanted.user = user;
  Status done;
  for (const char* locale : {"C.UTF-8", "C"}) {  // C: systems that lack C.UTF-8
    wanted.arguments = initdb_options(programs.major, locale);
    wanted.arguments.insert(wanted.arguments.end(), {"-D", folder + "/data"});
    done = run_to_end(wanted);
    unlink(wanted.log.c_str());
    if (done) return done;
    remove_tree((folder + "/data").c_str());
    if (done.error().detail.find("locale") == std::string::npos) break;
  }
  return done;
}

std::string cluster_folder() {
  const auto cache = cache_folder();
  if (cache.empty()) return {};
  std::error_code failed;
  fs::create_directories(cache + "/clusters", failed);
  return access((cache + "/clusters").c_str(), W_OK) == 0 ? cache + "/clusters" : std::string();
}

// What no start has used for a month: of versions that were upgraded or removed since.
void remove_unused(const std::string& folder) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    struct stat info {};
    if (stat(entry.path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    if (info.st_mtime + kKeptDays * 86400 < std::time(nullptr)) unlink(entry.path().c_str());
  }
}

Status build(const Programs& programs, const ServerUser& user, const std::string& file, bool rebuild) {
  // The lock lies beside: whoever comes second waits, and finds it done.
  const File lock(open((file + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (lock) flock(lock.get(), LOCK_EX);
  if (fs::exists(file) && !rebuild) return {};
  PGA_TRY(const auto scratch, Scratch::make(user));
  PGA_CHECK(scratch.hand_over(user));
  PGA_CHECK(initdb(programs, user, scratch.path()));
  remove_unused(fs::path(file).parent_path());
  return pack_folder(scratch.path() + "/data", file);
}

}  // namespace

std::string identity_of(const Programs& programs) {
  std::error_code failed;
  const std::string program = fs::canonical(programs.bin + "/postgres", failed);
  struct stat info {};
  if (failed || stat(program.c_str(), &info) != 0) return {};
  return program + " " + std::to_string(info.st_ino) + " " + std::to_string(info.st_size) + " " +
         std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

std::string cached_cluster(const Programs& programs) {
  const auto folder = cluster_folder();
  if (folder.empty()) return {};
  const std::string key =
      programs.version + "\n" + identity_of(programs) + "\n" + join(initdb_options(programs.major, "C.UTF-8"), " ");
  return folder + "/" + std::to_string(programs.major) + "-" + fnv1a_hex(key);
}

Status make_data_folder(const Programs& programs, const ServerUser& user, const Scratch& scratch, bool rebuild) {
  const auto file = cached_cluster(programs);
  const auto data = scratch.path() + "/data";
  if (file.empty()) {  // nowhere to keep it
    PGA_CHECK(scratch.hand_over(user));
    return initdb(programs, user, scratch.path());
  }
  if (rebuild || access(file.c_str(), R_OK) != 0) PGA_CHECK(build(programs, user, file, rebuild));
  auto done = unpack_folder(file, data, user);
  if (!done && done.error().code == "damaged-cache" && !rebuild) {
    PGA_CHECK(build(programs, user, file, true));
    done = unpack_folder(file, data, user);
  }
  if (!done) return done;
  utimensat(AT_FDCWD, file.c_str(), nullptr, 0);  // used now
  return scratch.hand_over(user);
}

}  // namespace pga::postgres
