#include "postgres/server_scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "base/text.h"
#include "postgres/server_watch.h"

namespace pga::postgres {
namespace fs = std::filesystem;
namespace {

constexpr unsigned long long kRoom = 1ULL << 30;  // free bytes that a RAM-backed folder must have
// sockaddr_un has 108 bytes, of which one ends the text and "/.s.PGSQL.5432" takes 14; the folder's own name needs up to 30.
constexpr size_t kLongestRoot = 108 - 1 - 14 - 30;

std::string name_prefix() {
  return "pga-" + std::to_string(geteuid()) + "-";
}

bool is_ram_with_room(const std::string& folder) {
  struct statfs info {};
  if (statfs(folder.c_str(), &info) != 0 || (info.f_type != TMPFS_MAGIC && info.f_type != RAMFS_MAGIC)) return false;
  return static_cast<unsigned long long>(info.f_bavail) * static_cast<unsigned long long>(info.f_bsize) >= kRoom;
}

std::vector<std::string> distinct(const std::vector<std::string>& folders) {
  std::vector<std::string> out;
  for (const auto& folder : folders) {
    if (folder.starts_with("/") && std::find(out.begin(), out.end(), folder) == out.end()) out.push_back(folder);
  }
  return out;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

std::vector<std::string> ram_folders() {
  return distinct({"/dev/shm", variable("XDG_RUNTIME_DIR")});
}
std::vector<std::string> disk_folders() {
  return distinct({variable("TMPDIR"), "/tmp", "/var/tmp"});
}

// Where a scratch folder may be made, best first. PGARCHITECT_SCRATCH names the one to take.
std::vector<std::string> roots() {
  if (const auto given = variable("PGARCHITECT_SCRATCH"); !given.empty()) return distinct({given});
  std::vector<std::string> out;
  for (const auto& folder : ram_folders()) {
    if (is_ram_with_room(folder)) out.push_back(folder);
  }
  for (const auto& folder : disk_folders()) out.push_back(folder);
  return out;
}

std::vector<std::string> all_roots() {
  auto all = ram_folders();
  for (auto& folder : disk_folders()) all.push_back(std::move(folder));
  all.push_back(variable("PGARCHITECT_SCRATCH"));
  return distinct(all);
}

// Opens and locks a file of a scratch folder; fails when somebody else has the lock, or the file was removed meanwhile.
File locked(const std::string& path, int flags) {
  File file(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
  struct stat info {};
  if (!file || flock(file.get(), LOCK_EX | LOCK_NB) != 0) return {};
  if (fstat(file.get(), &info) != 0 || info.st_nlink == 0) return {};
  return file;
}

template <class Done>
bool within_seconds(int seconds, Done done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// Signals every process that works in the data folder: PostgreSQL's processes do, all of them.
void signal_processes_in(const std::string& folder, int signal) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/proc", failed)) {
    const std::string name = entry.path().filename();
    const pid_t pid = std::atoi(name.c_str());
    if (pid <= 1) continue;
    std::error_code gone;
    const std::string works_in = fs::read_symlink(entry.path() / "cwd", gone);
    if (!gone && works_in.starts_with(folder + "/")) kill(pid, signal);
  }
}

// PostgreSQL keeps a System V segment of a few bytes beside its data folder; a killed postmaster leaves it behind. Line 7 of
// postmaster.pid names it. Only one that nobody uses, that is small, and that belongs to the folder's owner is removed.
void remove_segment(const std::string& folder, uid_t owner) {
  std::ifstream in(folder + "/data/postmaster.pid");
  std::string line;
  for (int i = 0; i < 7; ++i) std::getline(in, line);
  std::istringstream fields(line);
  unsigned long key = 0;
  int id = -1;
  shmid_ds segment{};
  if (!(fields >> key >> id) || shmctl(id, IPC_STAT, &segment) != 0) return;
  if (segment.shm_nattch == 0 && segment.shm_segsz < 4096 && segment.shm_perm.uid == owner) shmctl(id, IPC_RMID, nullptr);
}

void sweep(const std::string& folder, uid_t server_uid) {
  struct stat info {};
  if (lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return;
  if (info.st_uid != geteuid() && info.st_uid != server_uid) return;  // somebody else made it
  const auto lock = locked(folder + "/lock", 0);
  if (!lock) {
    // No lock file: its maker is about to write one, or died before that.
    const bool old = info.st_mtime + 60 < std::time(nullptr);
    if (!fs::exists(folder + "/lock") && old) remove_tree(folder.c_str());
    return;
  }
  const auto nothing_runs = [&] { return static_cast<bool>(locked(folder + "/alive", O_CREAT)); };
  if (!nothing_runs()) {
    // The owner was killed; the server has got its signal to end, and is given a moment.
    if (!within_seconds(2, nothing_runs)) {
      signal_processes_in(folder, SIGKILL);
      if (!within_seconds(5, nothing_runs)) return;
    }
  }
  remove_segment(folder, info.st_uid);
  remove_tree(folder.c_str());
}

}  // namespace

void File::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Result<Scratch> Scratch::make(const ServerUser& user) {
  std::string tried;
  for (const auto& root : roots()) {
    tried += (tried.empty() ? "" : ", ") + root;
    if (root.size() > kLongestRoot || (user.drop && !reachable(root, user))) continue;
    // The number makes the name free: a folder of a dead process with our number may still be there.
    for (int number = 1; number < 10000; ++number) {
      Scratch scratch;
      scratch.path_ = root + "/" + name_prefix() + std::to_string(getpid()) + "-" + std::to_string(number);
      if (mkdir(scratch.path_.c_str(), 0700) != 0) {
        scratch.path_.clear();
        if (errno == EEXIST) continue;
        break;
      }
      scratch.lock_ = locked(scratch.path_ + "/lock", O_CREAT);
      scratch.alive_ = locked(scratch.path_ + "/alive", O_CREAT);
      if (!scratch.lock_ || !scratch.alive_) break;
      scratch.slot_ = watch::add(scratch.path_);
      if (scratch.slot_ < 0) return fail("server-start", "too many private servers run in one process");
      return scratch;
    }
  }
  return fail("server-start", "no folder for the files of a private server: tried " + tried,
              "free some space there, or name a folder with a short path with PGARCHITECT_SCRATCH");
}

Scratch::Scratch(Scratch&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      lock_(std::move(other.lock_)),
      alive_(std::move(other.alive_)),
      slot_(std::exchange(other.slot_, -1)) {}

Scratch::~Scratch() {
  if (slot_ >= 0) {
    watch::end(slot_);
  } else if (!path_.empty()) {
    remove_tree(path_.c_str());
  }
}

Status Scratch::hand_over(const ServerUser& user) const {
  if (!user.drop || lchown(path_.c_str(), user.uid, user.gid) == 0) return {};
  return fail("server-start", "the folder " + path_ + " cannot be given to the user of the server: " + std::strerror(errno));
}

void sweep_stale() {
  const auto user = server_user();
  if (!user) return;
  for (const auto& root : all_roots()) {
    std::error_code failed;
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(root, failed)) {
      if (entry.path().filename().string().starts_with(name_prefix())) found.push_back(entry.path());
    }
    for (const auto& folder : found) sweep(folder, user->uid);
  }
}

}  // namespace pga::postgres
