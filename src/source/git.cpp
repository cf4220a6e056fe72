// Reading files of a git revision: git is run by fork and exec, never through a shell; only commands that run no filter,
// no text conversion and no pager of the repository's configuration.
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/quote.h"
#include "base/text.h"
#include "source/files.h"

namespace pga::source {
namespace {

struct Output {
  int status = -1;  // 127: there is no git
  std::string out;
  std::string err;
};

void read_both(int out, int err, Output& result) {
  pollfd fds[2] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  std::string* into[2] = {&result.out, &result.err};
  int open = 2;
  char buffer[65536];
  while (open > 0 && (poll(fds, 2, -1) >= 0 || errno == EINTR)) {
    for (int i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      const ssize_t n = read(fds[i].fd, buffer, sizeof buffer);
      if (n > 0) {
        into[i]->append(buffer, static_cast<size_t>(n));
      } else if (n == 0 || errno != EINTR) {
        fds[i].fd = -1;
        --open;
      }
    }
  }
}

Output run_git(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"git", "--no-pager", "-c", "core.fsmonitor=false"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& argument : all) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Output result;
  int out[2];
  int err[2];
  if (pipe2(out, O_CLOEXEC) != 0) return result;
  if (pipe2(err, O_CLOEXEC) != 0) {
    close(out[0]);
    close(out[1]);
    return result;
  }
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    execvp("git", argv.data());
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  if (child > 0) {
    read_both(out[0], err[0], result);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  close(out[0]);
  close(err[0]);
  return result;
}

Status check_repository() {
  const Output inside = run_git({"rev-parse", "--git-dir"});
  if (inside.status == 127) return fail("no-git", "git is not installed", "apt-get install git");
  if (inside.status == 0) return {};
  if (inside.err.find("dubious ownership") != std::string::npos) {
    return fail("not-a-repository", "git refuses this repository: it belongs to somebody else",
                "git config --global --add safe.directory \"$PWD\"");
  }
  return fail("not-a-repository", "the current directory is not in a git repository", "run the command inside of the repository");
}

}  // namespace

Result<std::vector<SqlFile>> read_git(const std::string& revision, const std::string& path, bool& folder) {
  PGA_CHECK(check_repository());
  const std::string shown = comment_safe(revision + ":" + path);
  const Output commit = run_git({"rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
  if (commit.status != 0) {
    return fail("no-revision", "git knows no revision " + comment_safe(revision), "git log --oneline shows them");
  }
  const std::string id(trim(commit.out));
  const Output type = run_git({"cat-file", "-t", id + ":" + path});
  if (type.status != 0) {
    return fail("no-path", "there is no " + comment_safe(path) + " in the revision " + comment_safe(revision),
                "the path begins at the top folder of the repository");
  }
  folder = trim(type.out) == "tree";
  std::vector<SqlFile> files;
  if (!folder) {
    Output text = run_git({"cat-file", "blob", id + ":" + path});
    if (text.status != 0) return fail("not-readable", "git cannot read " + shown, std::string(trim(text.err)));
    files.push_back({"git:" + revision + ":" + path, path, std::move(text.out)});
    return files;
  }
  const Output list = run_git({"ls-tree", "-r", "-z", "--full-tree", "--name-only", id + ":" + path});
  for (const auto& name : split(list.out, '\0')) {
    if (!name.ends_with(".sql") && name != "sqitch.plan" && !name.ends_with("/sqitch.plan")) continue;
    const std::string full = path.empty() || path.ends_with('/') ? path + name : path + "/" + name;
    Output text = run_git({"cat-file", "blob", id + ":" + full});
    if (text.status != 0) return fail("not-readable", "git cannot read " + comment_safe(full), std::string(trim(text.err)));
    files.push_back({"git:" + revision + ":" + full, name, std::move(text.out)});
  }
  if (files.empty()) return fail("empty-folder", "the folder " + shown + " holds no .sql file");
  return files;
}

}  // namespace pga::source
