#include "postgres/server_launch.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/text.h"

namespace pga::postgres {
namespace {

class Keeper {
 public:
  static Keeper& here() {
    static std::mutex mutex;
    static Keeper* keeper = nullptr;  // never destroyed: its thread still waits when the process exits
    static pid_t owner = 0;
    const std::lock_guard lock(mutex);
    if (owner != getpid()) {
      keeper = std::make_unique<Keeper>().release();  // a forked child has its parent's, but not the thread
      owner = getpid();
      std::thread([self = keeper] { self->live(); }).detach();
    }
    return *keeper;
  }
  void run(const std::function<void()>& work) {
    const std::lock_guard one(callers_);
    std::unique_lock lock(mutex_);
    work_ = &work;
    changed_.notify_all();
    changed_.wait(lock, [&] { return work_ == nullptr; });
  }

 private:
  void live() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return work_ != nullptr; });
      (*work_)();
      work_ = nullptr;
      changed_.notify_all();
    }
  }
  std::mutex callers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* work_ = nullptr;
};

// The program's path on a page of its own: seccomp lets execve() pass for this pointer only.
class Page {
 public:
  explicit Page(const std::string& text) {
    void* made = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED || text.size() >= kSize) return;
    text_ = static_cast<char*>(made);
    std::memcpy(text_, text.c_str(), text.size() + 1);
  }
  ~Page() {
    if (text_ != nullptr) munmap(text_, kSize);
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  const char* text() const { return text_; }

 private:
  static constexpr size_t kSize = 4096;
  char* text_ = nullptr;
};

struct Failure {
  const char* what = nullptr;
  int error = 0;
};

// Everything that the child needs, made before the fork.
struct Prepared {
  const char* program = nullptr;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  const char* folder = nullptr;
  ServerUser user;
  std::optional<Confinement> cage;
  File null;
  File log;
  int inherited = -1;
  pid_t parent = 0;
};

void reset_signals() noexcept {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal != SIGKILL && signal != SIGSTOP) ::signal(signal, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

const char* set_files(const Prepared& prepared, int& report) noexcept {
  // The pipe moves out of the way of 0 to 3, and is closed by execve().
  report = fcntl(report, F_DUPFD_CLOEXEC, 10);
  const int kept = prepared.inherited >= 0 ? fcntl(prepared.inherited, F_DUPFD_CLOEXEC, 10) : -1;
  const int log = fcntl(prepared.log.get(), F_DUPFD_CLOEXEC, 10);
  const int null = fcntl(prepared.null.get(), F_DUPFD_CLOEXEC, 10);
  if (dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0) return "the standard files";
  if (kept >= 0 && dup2(kept, 3) < 0) return "the lock";
  // Whatever else this process has open without O_CLOEXEC is none of the server's business (close_range, Linux 5.11).
  syscall(436, kept >= 0 ? 4U : 3U, ~0U, 4U /* only mark */);
  return nullptr;
}

const char* become(const ServerUser& user) noexcept {
  if (!user.drop) return nullptr;
  if (syscall(SYS_setgroups, 0, nullptr) != 0) return "setgroups";
  if (syscall(SYS_setresgid, user.gid, user.gid, user.gid) != 0) return "setresgid";
  if (syscall(SYS_setresuid, user.uid, user.uid, user.uid) != 0) return "setresuid";
  return nullptr;
}

void be_killed_first() noexcept {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const auto written = write(file, "1000", 4);
  close(file);
}

const char* start(Prepared& prepared, int& report) noexcept {
  reset_signals();
  setsid();  // a Ctrl-C on the terminal is for pgarchitect, which ends its servers itself
  umask(077);
  be_killed_first();
  if (const char* failed = set_files(prepared, report)) return failed;
  if (prepared.cage && prepared.cage->wants_own_network()) prepared.cage->own_network();
  if (const char* failed = become(prepared.user)) return failed;
  // After the change of user, which clears it. Immediate shutdown: a session that never ends cannot hold it up.
  if (prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0) return "prctl";
  if (getppid() != prepared.parent) _exit(1);
  if (chdir(prepared.folder) != 0) return "chdir";
  if (prepared.cage) {
    if (const char* failed = prepared.cage->enter()) return failed;
  }
  execve(prepared.program, prepared.arguments.data(), prepared.environment.data());
  return "execve";
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

Result<pid_t> fork_and_start(Prepared& prepared, const std::string& name) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return fail("server-start", std::string("no pipe: ") + std::strerror(errno));
  const File reader(ends[0]);
  File writer(ends[1]);
  pid_t pid = -1;
  on_keeper([&] {
    prepared.parent = getpid();
    pid = fork();
    if (pid != 0) return;
    int report = writer.get();
    const char* what = start(prepared, report);
    const Failure failure{what, errno};
    [[maybe_unused]] const auto written = write(report, &failure, sizeof failure);
    _exit(1);
  });
  if (pid < 0) return fail("server-start", std::string("no new process: ") + std::strerror(errno));
  writer.close();
  Failure failure;
  ssize_t n = 0;
  while ((n = read(reader.get(), &failure, sizeof failure)) < 0 && errno == EINTR) {
  }
  if (n == 0) return pid;  // closed by execve()
  waitpid(pid, nullptr, 0);
  // The text is a constant of this very program: its address means the same here.
  const std::string what =
      n == sizeof failure ? std::string(failure.what) + ": " + std::strerror(failure.error) : "it was killed";
  return fail("server-start", name + " cannot be started (" + what + ")");
}

}  // namespace

void on_keeper(const std::function<void()>& work) {
  Keeper::here().run(work);
}

Result<Launched> launch(const Launch& wanted) {
  const Page program(wanted.program);
  if (program.text() == nullptr) return fail("server-start", "the path of the program is too long");
  std::vector<std::string> arguments = wanted.arguments;
  arguments.insert(arguments.begin(), wanted.program);
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=" + wanted.folder};
  Prepared prepared;
  prepared.program = program.text();
  prepared.arguments = pointers(arguments);
  prepared.environment = pointers(environment);
  prepared.folder = wanted.folder.c_str();
  prepared.user = wanted.user;
  prepared.inherited = wanted.inherited;
  prepared.null = File(open("/dev/null", O_RDWR | O_CLOEXEC));
  prepared.log = File(open(wanted.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!prepared.log) return fail("server-start", wanted.log + " cannot be written: " + std::strerror(errno));
  Launched launched;
  if (wanted.limits != nullptr) {
    PGA_TRY(auto cage, Confinement::prepare(wanted.folder, wanted.programs, *wanted.limits, program.text()));
    prepared.cage.emplace(std::move(cage));
    launched.confinement = prepared.cage->description();
  }
  PGA_TRY(launched.pid, fork_and_start(prepared, wanted.program));
  return launched;
}

Status run_to_end(const Launch& wanted) {
  PGA_TRY(const auto launched, launch(wanted));
  int status = 0;
  while (waitpid(launched.pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0) return {};
  Error error;
  error.code = "server-start";
  error.message = wanted.program + " failed";
  error.detail = tail_of(wanted.log);
  return fail(std::move(error));
}

std::string tail_of(const std::string& log) {
  std::ifstream in(log);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (lines.size() == 6) lines.erase(lines.begin());
    if (!trim(line).empty()) lines.push_back(line);
  }
  return join(lines, "\n  ");
}

}  // namespace pga::postgres
