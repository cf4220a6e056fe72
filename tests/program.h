// The built program as a process of its own, that can be struck: for tests of what it leaves behind.
//
//   Program program({"migrate", "up", …}, folder + "/run");
//   program.kill(SIGKILL);
//   const Outcome outcome = program.wait();      // exit code, or 128 + signal; both outputs
#pragma once
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support.h"

namespace pga::testing {

struct Outcome {
  int code = -1;  // 128 + signal when a signal ended it
  std::string out, err;
};

inline void sleep_ms(int ms) {
  std::this_thread::sleep_for(std::chrono::milliseconds(ms));
}

// True as soon as the condition holds; false after so many seconds.
inline bool eventually(const std::function<bool()>& condition, int seconds = 30) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    sleep_ms(10);
  }
  return false;
}

// pgarchitect with arguments, in its own process.
class Program {
 public:
  // Nothing allocates between fork() and execv(): another thread of the test (a forwarder) may hold the allocator's lock at
  // that moment, and its copy in the child would never be released.
  Program(const std::vector<std::string>& arguments, std::string files) : files_(std::move(files)) {
    std::vector<char*> argv = {const_cast<char*>("pgarchitect")};
    for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    const std::string out = files_ + ".out";
    const std::string err = files_ + ".err";
    setenv("NO_COLOR", "1", 1);
    pid_ = fork();
    if (pid_ == 0) {
      redirect(out, 1);
      redirect(err, 2);
      // Who runs the tests in the background has SIGINT ignored, which a program inherits and keeps; here it is to be struck.
      for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_DFL);
      execv(PGA_BINARY, argv.data());
      _exit(127);
    }
  }
  ~Program() {
    if (pid_ > 0) {
      kill(SIGKILL);
      (void)wait();
    }
  }
  Program(Program&& other) noexcept : pid_(std::exchange(other.pid_, -1)), files_(std::move(other.files_)) {}
  Program& operator=(Program&&) = delete;
  pid_t pid() const { return pid_; }
  void kill(int signal) const { ::kill(pid_, signal); }
  bool running() {
    return pid_ > 0 && waitid(P_PID, static_cast<id_t>(pid_), &info_, WEXITED | WNOHANG | WNOWAIT) == 0 && info_.si_pid == 0;
  }
  std::string err_so_far() const { return read_file(files_ + ".err"); }
  // A program that does not end within two minutes is killed, and that fails the test: a suite must never hang.
  Outcome wait() {
    int status = 0;
    if (!eventually([this] { return !running(); }, 120)) {
      ADD_FAILURE() << "the program did not end by itself: " << files_;
      kill(SIGKILL);
    }
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(files_ + ".out"),
            read_file(files_ + ".err")};
  }

 private:
  static void redirect(const std::string& file, int to) {
    const int descriptor = open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(descriptor, to);
  }
  pid_t pid_ = -1;
  siginfo_t info_{};
  std::string files_;
};

}  // namespace pga::testing
