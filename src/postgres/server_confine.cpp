#include "postgres/server_confine.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace pga::postgres {
namespace fs = std::filesystem;
namespace {

// ---- Landlock. Debian 12's header knows ABI 3 only, so the numbers of linux/landlock.h stand here (they never change).
constexpr int kCreateRuleset = 444;
constexpr int kAddRule = 445;
constexpr int kRestrictSelf = 446;
struct Ruleset {
  uint64_t files = 0;
  uint64_t network = 0;
  uint64_t scoped = 0;
};
struct [[gnu::packed]] PathRule {
  uint64_t access;
  int32_t folder;
};
constexpr uint64_t bit(int n) {
  return 1ULL << n;
}
constexpr uint64_t kExecute = bit(0);
constexpr uint64_t kRead = bit(2) | bit(3);                                  // files, folders
constexpr uint64_t kDevices = bit(6) | bit(11) | bit(15);                    // make character and block devices, ioctl
constexpr uint64_t kOfFiles = bit(0) | bit(1) | bit(2) | bit(14) | bit(15);  // rights that a rule for a single file may name

uint64_t all_rights(int abi) {
  uint64_t all = bit(13) - 1;
  if (abi >= 2) all |= bit(13);  // moving between folders
  if (abi >= 3) all |= bit(14);  // truncating
  if (abi >= 5) all |= bit(15);  // ioctl of devices
  return all;
}

void allow(int rules, const std::string& path, uint64_t access) {
  const File folder(open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat info {};
  if (!folder || fstat(folder.get(), &info) != 0) return;  // not on this machine
  PathRule rule{S_ISDIR(info.st_mode) ? access : access & kOfFiles, folder.get()};
  syscall(kAddRule, rules, 1 /* path beneath */, &rule, 0);
}

// What a server reads: libraries, its share folder, time zones, locales, dictionaries, the names of hosts (pgstat of 13, 14).
constexpr std::array<const char*, 16> kReadable = {"/usr",
                                                   "/lib",
                                                   "/lib64",
                                                   "/lib32",
                                                   "/nix/store",
                                                   "/gnu/store",
                                                   "/etc/ld.so.cache",
                                                   "/etc/localtime",
                                                   "/etc/ssl/openssl.cnf",
                                                   "/etc/nsswitch.conf",
                                                   "/etc/hosts",
                                                   "/etc/gai.conf",
                                                   "/etc/host.conf",
                                                   "/var/cache/postgresql",
                                                   "/dev/urandom",
                                                   "/sys/devices/system/cpu/online"};

File make_rules(int abi, const std::string& folder, const std::string& bin) {
  const uint64_t all = all_rights(abi);
  const Ruleset wanted{all, abi >= 4 ? bit(0) | bit(1) : 0, abi >= 6 ? bit(0) | bit(1) : 0};
  File rules(static_cast<int>(syscall(kCreateRuleset, &wanted, abi >= 6 ? sizeof wanted : abi >= 4 ? 16 : 8, 0)));
  if (!rules) return rules;
  for (const char* path : kReadable) allow(rules.get(), path, (kRead | kExecute) & all);
  allow(rules.get(), "/dev/null", (kOfFiles & ~kExecute) & all);
  std::error_code failed;
  const fs::path real = fs::canonical(bin, failed);
  // The installation's root, where lib and share are; a bin folder right below / would mean everything.
  const fs::path root = real.parent_path() == real.root_path() ? real : real.parent_path();
  if (!failed) allow(rules.get(), root, (kRead | kExecute) & all);
  allow(rules.get(), folder, all & ~kDevices & ~kExecute);
  return rules;
}

// ---- seccomp
#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kArchitecture = 0;  // no filter is written for other machines
#endif

constexpr long kForbidden[] = {
    SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_socketpair, SYS_unshare, SYS_setns, SYS_mount,
    SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key,
    SYS_request_key, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_personality, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_kcmp, SYS_syslog, SYS_acct, SYS_quotactl,
    SYS_fanotify_init,
    // Newer numbers are the same on all machines: io_uring (it makes sockets past any filter), pidfd_send_signal, pidfd_open,
    // pidfd_getfd, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, process_madvise, mount_setattr, memfd_secret
    425, 426, 427, 424, 434, 438, 428, 429, 430, 431, 432, 433, 440, 442, 447};

constexpr uint32_t denied(int error) {
  return SECCOMP_RET_ERRNO | static_cast<uint32_t>(error);
}

class FilterText {
 public:
  void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)); }
  void load_argument(int number, bool high = false) {
    load(offsetof(seccomp_data, args) + static_cast<size_t>(number) * 8 + (high ? 4 : 0));  // both machines are little-endian
  }
  void finish(uint32_t verdict) { add(BPF_RET | BPF_K, verdict); }
  // When the loaded word is (is not) the value, the verdict falls; else the next line follows.
  void when(uint32_t value, uint32_t verdict) { jump(BPF_JEQ, value, 0, 1), finish(verdict); }
  void unless(uint32_t value, uint32_t verdict) { jump(BPF_JEQ, value, 1, 0), finish(verdict); }
  void when_at_least(uint32_t value, uint32_t verdict) { jump(BPF_JGE, value, 0, 1), finish(verdict); }
  void when_any_bit(uint32_t bits, uint32_t verdict) { jump(BPF_JSET, bits, 0, 1), finish(verdict); }
  void jump(uint16_t test, uint32_t value, uint8_t yes, uint8_t no) {
    lines.push_back({static_cast<uint16_t>(BPF_JMP | test | BPF_K), yes, no, value});
  }
  void allow_socket(uint32_t family, uint32_t type) {
    load_argument(0), jump(BPF_JEQ, family, 0, 4);
    load_argument(1), add(BPF_ALU | BPF_AND | BPF_K, 0xf), jump(BPF_JEQ, type, 0, 1), finish(SECCOMP_RET_ALLOW);
  }
  // The lines that `body` writes are for one system call, whose number must be loaded; they end it.
  template <class Body>
  void call(long number, Body body) {
    const size_t at = lines.size();
    jump(BPF_JEQ, static_cast<uint32_t>(number), 0, 0);
    body();
    finish(SECCOMP_RET_ALLOW);
    lines[at].jf = static_cast<uint8_t>(lines.size() - at - 1);
  }
  std::vector<sock_filter> lines;

 private:
  void add(uint32_t code, uint32_t value) { lines.push_back({static_cast<uint16_t>(code), 0, 0, value}); }
};

constexpr uint32_t kNamespaces =
    CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | 0x02000000;

// `loopback`: UDP sockets and connections are possible, for a network namespace that has nothing but itself.
std::vector<sock_filter> make_filter(const char* program, bool loopback) {
  FilterText text;
  text.load(offsetof(seccomp_data, arch));
  text.unless(kArchitecture, SECCOMP_RET_KILL_PROCESS);
  text.load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  text.when_at_least(0x40000000, denied(EPERM));  // the x32 numbers of the same calls
#endif
  for (const long number : kForbidden) text.when(static_cast<uint32_t>(number), denied(EPERM));
  text.when(435, denied(ENOSYS));  // clone3 hides its flags behind a pointer; the C library then takes clone
  text.call(SYS_clone, [&] { text.load_argument(0), text.when_any_bit(kNamespaces, denied(EPERM)); });
  // The one execve of the server itself: only it has this pointer, a page at an address of the kernel's choice.
  const auto pointer = reinterpret_cast<uintptr_t>(program);
  text.call(SYS_execve, [&] {
    text.load_argument(0), text.unless(static_cast<uint32_t>(pointer), denied(EPERM));
    text.load_argument(0, true), text.unless(static_cast<uint32_t>(static_cast<uint64_t>(pointer) >> 32), denied(EPERM));
  });
  // Stream sockets of the file system, to listen on; a connection to somebody else's is not made (peer authentication!).
  text.call(SYS_socket, [&] {
    text.allow_socket(AF_UNIX, SOCK_STREAM);
    if (loopback) text.allow_socket(AF_INET, SOCK_DGRAM), text.allow_socket(AF_INET6, SOCK_DGRAM);
    text.finish(denied(EAFNOSUPPORT));
  });
  text.call(SYS_connect, [&] {
    if (!loopback) return text.finish(denied(EACCES));
    // Addresses of exactly 16 or 28 bytes (IPv4, IPv6): libpq gives a path as 110 bytes.
    text.load_argument(2), text.jump(BPF_JEQ, 16, 2, 0), text.unless(28, denied(EACCES));
  });
  text.finish(SECCOMP_RET_ALLOW);
  return text.lines;
}

void limit(int resource, unsigned long long soft, unsigned long long hard) {
  rlimit now{};
  if (getrlimit(static_cast<__rlimit_resource_t>(resource), &now) != 0) return;
  const rlimit wanted{std::min<rlim_t>(soft, now.rlim_max), std::min<rlim_t>(hard, now.rlim_max)};
  setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted);
}

void write_file(const char* path, const char* text) noexcept {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const auto written = write(file, text, std::strlen(text));
  close(file);
}

}  // namespace

struct Confinement::Filter {
  std::vector<sock_filter> lines;
  sock_fprog program{};
};

Confinement::Confinement() = default;
Confinement::Confinement(Confinement&&) noexcept = default;
Confinement::~Confinement() = default;

Result<Confinement> Confinement::prepare(const std::string& folder, const Programs& programs, const Limits& limits,
                                         const char* program) {
  Confinement cage;
  cage.limits_ = limits;
  const auto filter = [&](bool loopback) {
    auto made = std::make_unique<Filter>();
    made->lines = make_filter(program, loopback);
    made->program = {static_cast<unsigned short>(made->lines.size()), made->lines.data()};
    return made;
  };
  if (kArchitecture != 0 && prctl(PR_GET_SECCOMP) == 0) {
    cage.filter_ = filter(false);
    if (programs.major < 15) cage.loopback_filter_ = filter(true);
    cage.description_.emplace_back("seccomp");
  }
  const int abi = static_cast<int>(syscall(kCreateRuleset, nullptr, 0, 1 /* which version? */));
  if (abi > 0) {
    cage.rules_ = make_rules(abi, folder, programs.bin);
    if (!cage.rules_)
      return fail("server-start", std::string("the Landlock rules of the server cannot be made: ") + std::strerror(errno));
    cage.description_.push_back("landlock " + std::to_string(abi));
  }
  return cage;
}

void Confinement::own_network() noexcept {
  if (loopback_filter_ == nullptr) return;
  const bool root = geteuid() == 0;
  char map[64];
  const unsigned user = geteuid();
  const unsigned group = getegid();
  if (unshare(root ? CLONE_NEWNET : CLONE_NEWNET | CLONE_NEWUSER) != 0) return;
  if (!root) {
    write_file("/proc/self/setgroups", "deny");
    std::snprintf(map, sizeof map, "%u %u 1", user, user);
    write_file("/proc/self/uid_map", map);
    std::snprintf(map, sizeof map, "%u %u 1", group, group);
    write_file("/proc/self/gid_map", map);
  }
  const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  has_own_network_ = any >= 0 && ioctl(any, SIOCSIFFLAGS, &loopback) == 0;
  if (any >= 0) close(any);
}

const char* Confinement::enter() const noexcept {
  constexpr unsigned long long kMega = 1ULL << 20;
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_NOFILE, 8192, 8192);
  limit(RLIMIT_FSIZE, 1024 * kMega, 1024 * kMega);  // a segment of a relation has 1 GB at most
  if (limits_.memory_mb > 0) limit(RLIMIT_AS, limits_.memory_mb * kMega, limits_.memory_mb * kMega);
  if (limits_.cpu_seconds > 0) limit(RLIMIT_CPU, limits_.cpu_seconds, limits_.cpu_seconds + 5);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs";
  if (rules_ && syscall(kRestrictSelf, rules_.get(), 0) != 0) return "Landlock";
  const Filter* filter = has_own_network_ ? loopback_filter_.get() : filter_.get();
  if (filter != nullptr && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter->program) != 0) return "seccomp";
  return nullptr;
}

}  // namespace pga::postgres
