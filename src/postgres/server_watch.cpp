// Everything that the signal handler reaches is async-signal-safe: no allocation, no locks, system calls only.
#include "postgres/server_watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>

#include "postgres/server_scratch.h"

namespace pga::postgres {
namespace {

struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<pid_t> owner{0};   // 0: not in use (yet, or any more)
  std::atomic<pid_t> server{0};  // 0: none runs
  std::array<char, 200> folder{};
};

std::array<Slot, 256> slots;
constexpr std::array<int, 6> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU};
std::array<struct sigaction, kSignals.size()> before;

void pause_ms(long ms) {
  timespec time{0, ms * 1000000};
  nanosleep(&time, nullptr);
}

// Waits until the child is gone, at most this long.
bool gone_within(pid_t pid, int ms) {
  for (int waited = 0; waited <= ms; ++waited) {
    const pid_t got = waitpid(pid, nullptr, WNOHANG);
    if (got == pid || (got < 0 && errno == ECHILD)) return true;
    pause_ms(1);
  }
  return false;
}

void stop(Slot& slot) {
  const pid_t pid = slot.server.exchange(0);
  if (pid <= 0) return;
  kill(pid, SIGQUIT);  // the postmaster kills by itself, after 5 s, what does not obey
  if (gone_within(pid, 8000)) return;
  kill(pid, SIGKILL);
  gone_within(pid, 2000);
}

void end_slot(Slot& slot) {
  if (slot.owner.exchange(0) != getpid()) return;
  stop(slot);
  // A backend that outlives its postmaster for a moment may still write: then once more.
  for (int tries = 0; tries < 50 && !remove_tree(slot.folder.data()); ++tries) pause_ms(10);
  slot.taken = false;
}

void end_all() {
  for (auto& slot : slots) {
    if (slot.owner == getpid()) end_slot(slot);
  }
}

void on_signal(int signal) {
  const int saved = errno;
  end_all();
  for (size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] == signal) sigaction(signal, &before[i], nullptr);
  }
  raise(signal);  // takes effect when this handler returns
  errno = saved;
}

void install() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], nullptr, &before[i]);
      if (before[i].sa_handler == SIG_IGN) continue;  // nohup, or a caller that wants EPIPE
      sigaction(kSignals[i], &action, nullptr);
    }
    std::atexit(end_all);
  });
}

struct Entry {  // as getdents64 gives it
  ino64_t ino;
  off64_t off;
  unsigned short length;
  unsigned char type;
  char name[1];
};

// Empties an open folder. getdents64 and not readdir, which allocates.
bool empty_folder(int folder, int depth) noexcept {
  if (depth > 100) return false;
  alignas(Entry) char buffer[4096];
  bool all = true;
  bool again = true;
  while (again && all) {  // removing while reading may skip entries: until a pass finds nothing
    again = false;
    lseek(folder, 0, SEEK_SET);
    for (long n = 0; (n = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0;) {
      for (long at = 0; at < n;) {
        const char* raw = buffer + at;
        unsigned short length = 0;
        std::memcpy(&length, raw + offsetof(Entry, length), sizeof length);
        const char* name = raw + offsetof(Entry, name);
        at += length;
        if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
        again = true;
        if (unlinkat(folder, name, 0) == 0) continue;
        const int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        const bool emptied = inner >= 0 && empty_folder(inner, depth + 1);
        if (inner >= 0) close(inner);
        all &= emptied && unlinkat(folder, name, AT_REMOVEDIR) == 0;
      }
    }
  }
  return all;
}

}  // namespace

bool remove_tree(const char* path) noexcept {
  const int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) return errno == ENOENT;
  const bool emptied = empty_folder(folder, 0);
  close(folder);
  return emptied && rmdir(path) == 0;
}

namespace watch {

int add(const std::string& folder) {
  install();
  for (size_t i = 0; i < slots.size(); ++i) {
    Slot& slot = slots[i];
    // In a forked child the parent's slots are taken but not ours: they stay as they are.
    if (folder.size() >= slot.folder.size() || slot.taken.exchange(true)) continue;
    std::memcpy(slot.folder.data(), folder.c_str(), folder.size() + 1);
    slot.server = 0;
    slot.owner = getpid();
    return static_cast<int>(i);
  }
  return -1;
}

void set_server(int slot, pid_t server) {
  if (slot >= 0) slots[static_cast<size_t>(slot)].server = server;
}
void stop_server(int slot) {
  if (slot >= 0 && slots[static_cast<size_t>(slot)].owner == getpid()) stop(slots[static_cast<size_t>(slot)]);
}
void end(int slot) {
  if (slot >= 0) end_slot(slots[static_cast<size_t>(slot)]);
}

bool server_has_ended(int slot) {
  if (slot < 0) return true;
  Slot& entry = slots[static_cast<size_t>(slot)];
  if (entry.owner != getpid()) return false;
  const pid_t pid = entry.server;
  if (pid <= 0) return true;
  const pid_t got = waitpid(pid, nullptr, WNOHANG);
  if (got == 0) return false;
  entry.server = 0;
  return true;
}

}  // namespace watch
}  // namespace pga::postgres
