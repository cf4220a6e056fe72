// The connection is cut after COMMIT was sent and before its answer came: the runner asks the journal, and goes on or tries
// again. (reliability.md, row 21) A small forwarder stands between, on a unix socket.
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>

#include "migrate/runner_harness.h"

namespace pga::migrate {
namespace {
using ::testing::HasSubstr;

int unix_socket(const std::string& path, bool listening) {
  const int out = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const auto* where = reinterpret_cast<const sockaddr*>(&address);
  if ((listening ? bind(out, where, sizeof address) : connect(out, where, sizeof address)) != 0 ||
      (listening && listen(out, 16) != 0)) {
    close(out);
    return -1;
  }
  return out;
}

// Forwards both ways. At the n-th simple query "COMMIT" it cuts: before passing it on, or after the server has answered.
class Forwarder {
 public:
  Forwarder(std::string server, const std::string& path, int cut_at, bool pass_it_on)
      : server_(std::move(server)), listener_(unix_socket(path, true)), cut_at_(cut_at), pass_it_on_(pass_it_on), thread_([this] {
          serve();
        }) {}
  ~Forwarder() {
    stop_ = true;
    thread_.join();
    for (auto& one : pairs_) drop(one);
    close(listener_);
  }
  int cuts() const { return cuts_; }

 private:
  struct Pair {
    int client, server;
    bool cutting = false;
  };
  static void drop(Pair& pair) {
    close(pair.client);
    close(pair.server);
    pair.client = pair.server = -1;
  }
  static bool copy(int from, int to, std::string& data) {
    char buffer[65536];
    const ssize_t n = read(from, buffer, sizeof buffer);
    if (n <= 0) return false;
    data.assign(buffer, static_cast<size_t>(n));
    return to < 0 || write(to, buffer, static_cast<size_t>(n)) == n;
  }
  void forward(Pair& pair, bool from_client) {
    std::string data;
    if (!from_client) {
      // The answer to a COMMIT that is to be lost.
      if (!copy(pair.server, pair.cutting ? -1 : pair.client, data) || pair.cutting) drop(pair);
      return;
    }
    if (!copy(pair.client, -1, data)) return drop(pair);
    const std::string commit(
        "Q\0\0\0\x0b"
        "COMMIT\0",
        12);
    if (data.find(commit) != std::string::npos && ++commits_ == cut_at_) {
      ++cuts_;
      if (!pass_it_on_) return drop(pair);
      pair.cutting = true;
    }
    if (write(pair.server, data.data(), data.size()) < 0) drop(pair);
  }
  void serve() {
    while (!stop_) {
      std::vector<pollfd> polled = {{listener_, POLLIN, 0}};
      for (const auto& pair : pairs_) {
        polled.push_back({pair.client, POLLIN, 0});
        polled.push_back({pair.server, POLLIN, 0});
      }
      if (poll(polled.data(), polled.size(), 50) <= 0) continue;
      const size_t known = pairs_.size();
      if (polled[0].revents != 0) pairs_.push_back({accept(listener_, nullptr, nullptr), unix_socket(server_, false)});
      for (size_t i = 0; i < known; ++i) {
        if (polled[1 + 2 * i].revents != 0 && pairs_[i].client >= 0) forward(pairs_[i], true);
        if (polled[2 + 2 * i].revents != 0 && pairs_[i].client >= 0) forward(pairs_[i], false);
      }
    }
  }
  std::string server_;
  int listener_;
  int cut_at_;
  bool pass_it_on_;
  int commits_ = 0;
  std::atomic<int> cuts_{0};
  std::atomic<bool> stop_{false};
  std::vector<Pair> pairs_;
  std::thread thread_;
};

class LostCommit : public Runners {};

TEST_F(LostCommit, TheJournalSaysWhetherItWasCommitted) {
  file("1_a.up.sql",
       "CREATE TABLE effects (name text);\nINSERT INTO effects VALUES ('a');\n"
       "-- section 2: no transaction, phase: expand\nCREATE INDEX CONCURRENTLY effects_name ON effects (name);\n"
       "-- section 3: transaction, phase: expand\nINSERT INTO effects VALUES ('b');\n");
  file("1_a.down.sql", "DROP TABLE effects;\n");
  auto direct = connect();
  const auto where = direct.query("SELECT current_setting('unix_socket_directories') || '/.s.PGSQL.' || current_setting('port')");
  ASSERT_TRUE(where);
  const std::string socket(where->text(0, 0));
  int cuts = 0;
  for (const bool committed : {true, false}) {
    for (int n = 1; n <= 6; ++n) {
      SCOPED_TRACE(std::to_string(n) + (committed ? " answer lost" : " COMMIT lost"));
      fresh();
      std::filesystem::remove(home() + "/.s.PGSQL.5432");
      Forwarder forwarder(socket, home() + "/.s.PGSQL.5432", n, committed);
      const std::string real = url_;
      url_ = "host=" + home() + " port=5432 dbname=" + database_ + " user=" + server_->superuser();
      const auto outcome = migrate({"up"});
      EXPECT_EQ(outcome.code, 0) << show(outcome);
      if (forwarder.cuts() > 0) {
        EXPECT_THAT(outcome.err, HasSubstr("the connection was lost at COMMIT"));
      }
      cuts += forwarder.cuts();
      url_ = real;
      EXPECT_EQ(sql("SELECT string_agg(name, '' ORDER BY name) FROM effects"), "ab");
      EXPECT_EQ(sql("SELECT string_agg(what || version, ',') FROM pgarchitect.log"), "up1");
      EXPECT_EQ(migrate({"verify"}).code, 0);
      EXPECT_EQ(migrate({"down", "--allow", "all"}).code, 0);
    }
  }
  EXPECT_EQ(cuts, 10);  // sections 1, 2 (begun, done), 3 and the end: five transactions
}

}  // namespace
}  // namespace pga::migrate
