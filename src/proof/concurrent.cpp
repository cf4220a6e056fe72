#include "proof/concurrent.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "base/quote.h"
#include "proof/clone.h"
#include "proof/scan_messages.h"
#include "proof_embedded.h"

namespace pga::proof {
namespace {

using postgres::Connection;
using std::chrono::milliseconds;

struct Relation {
  char type = 'r';
  std::string schema, name;
  long long file = 0;
  long long scans = 0;
};
using Relations = std::map<long long, Relation>;

struct Target {
  std::string name;  // quoted
  char type = 'r';
};

struct Wait {
  std::string type;  // of pg_locks: relation, virtualxid, …
  std::string mode;
  long long relation = 0;
  bool for_relation() const { return type == "relation"; }
};

Result<Relations> relations_of(Connection& connection, bool counts) {
  PGA_TRY(const auto rows, connection.query(embedded::proof::queries_relations, {counts ? "true" : "false"}));
  Relations out;
  for (int r = 0; r < rows.size(); ++r) {
    out[rows.integer(r, 0)] = {.type = rows.text(r, 1)[0],
                               .schema = std::string(rows.text(r, 2)),
                               .name = std::string(rows.text(r, 3)),
                               .file = rows.integer(r, 4),
                               .scans = rows.integer(r, 5)};
  }
  return out;
}

// EXPLAIN takes the locks of the statement (the planner's on the indexes too) and runs nothing: no trigger fires.
std::string read_of(const Target& target) {
  return "EXPLAIN SELECT 1 FROM " + target.name;
}
std::string write_of(const Target& target) {
  return target.type == 'm' ? read_of(target) : "EXPLAIN DELETE FROM " + target.name + " WHERE false";
}

// Waits until the socket has something to read or the time is over: a statement that ends is noticed at once.
void wait_for_input(const Connection& connection, int limit) {
  pollfd one{.fd = connection.socket(), .events = POLLIN, .revents = 0};
  (void)::poll(&one, 1, limit);
}

// A session that holds locks in an open transaction.
class Holder {
 public:
  static Result<Holder> open(const std::string& conninfo) {
    PGA_TRY(auto connection, Connection::open(conninfo));
    PGA_CHECK(connection.execute("SET lock_timeout = '200ms'"));
    return Holder(std::move(connection));
  }
  Status hold(std::string_view sql) { return connection_.execute("BEGIN; " + std::string(sql)); }
  Status hold_writes(const std::vector<Target>& targets) {
    std::string sql;
    for (const auto& target : targets) sql += write_of(target) + "; ";
    return hold(sql);
  }
  Status release() { return connection_.in_transaction() ? connection_.execute("ROLLBACK") : Status(); }
  int pid() const { return connection_.backend_pid(); }

 private:
  explicit Holder(Connection connection) : connection_(std::move(connection)) {}
  Connection connection_;
};

// A statement that runs on one connection, watched and disturbed by others.
class Watched {
 public:
  static Result<Watched> open(Connection& runner) {
    PGA_TRY(auto watcher, Connection::open(runner.conninfo()));
    PGA_TRY(auto prober, Connection::open(runner.conninfo()));
    PGA_TRY(auto first, Holder::open(runner.conninfo()));
    PGA_TRY(auto second, Holder::open(runner.conninfo()));
    return Watched(runner, std::move(watcher), std::move(prober), std::move(first), std::move(second));
  }

  Status start(const std::string& statement) {
    seen_.clear();
    return runner_->send(statement);
  }

  // Until the statement is done (nullopt) or waits for one of the holders.
  Result<std::optional<Wait>> next_wait() {
    const std::string pid = std::to_string(runner_->backend_pid());
    const std::string holders = "{" + std::to_string(holders_[0].pid()) + "," + std::to_string(holders_[1].pid()) + "}";
    for (int pause = 1; runner_->busy(); pause = std::min(pause + 1, 10)) {
      PGA_TRY(const auto rows, watcher_.query(embedded::proof::queries_waiting, {pid, holders}));
      std::optional<Wait> wait;
      for (int r = 0; r < rows.size(); ++r) {
        if (!rows.flag(r, 0)) wait = Wait{std::string(rows.text(r, 1)), std::string(rows.text(r, 2)), rows.integer(r, 3)};
        if (rows.text(r, 1) == "relation") seen_[rows.integer(r, 3)].emplace(rows.text(r, 2));
      }
      if (wait) return wait;
      wait_for_input(*runner_, pause);
    }
    return std::optional<Wait>();
  }

  // Tries a new SELECT and a new INSERT on the targets.
  Result<Queue> probe(const std::vector<Target>& targets) {
    Queue queue{.waits = true};
    std::string reads, writes;
    for (const auto& target : targets) {
      reads += read_of(target) + "; ";
      if (target.type != 'm') writes += write_of(target) + "; ";
    }
    PGA_TRY(const bool read, passes(reads));
    PGA_TRY(const bool write, passes(writes));
    queue.stalls_reads = !read;
    queue.stalls_writes = !write;
    return queue;
  }

  Result<std::vector<Target>> relatives(long long relation) {
    PGA_TRY(const auto rows, watcher_.query(embedded::proof::queries_relatives, {std::to_string(relation)}));
    std::vector<Target> out;
    for (int r = 0; r < rows.size(); ++r) out.push_back({std::string(rows.text(r, 0)), rows.text(r, 1)[0]});
    return out;
  }

  void stop() {
    if (runner_->busy()) {
      (void)runner_->cancel();
      (void)runner_->receive();
    }
    for (auto& holder : holders_) (void)holder.release();
  }

  Connection& runner() { return *runner_; }
  Connection& watcher() { return watcher_; }
  Holder& holder(int number) { return holders_[number]; }
  const std::map<long long, std::set<std::string>>& seen() const { return seen_; }

 private:
  Watched(Connection& runner, Connection watcher, Connection prober, Holder first, Holder second)
      : runner_(&runner),
        watcher_(std::move(watcher)),
        prober_(std::move(prober)),
        holders_{std::move(first), std::move(second)} {}

  Result<bool> passes(const std::string& sql) {
    auto done = prober_.execute("BEGIN; SET LOCAL lock_timeout = '30ms'; " + sql + "ROLLBACK");
    if (done) return true;
    PGA_CHECK(prober_.execute("ROLLBACK"));
    if (done.error().sqlstate == "55P03") return false;
    return fail(done.error());
  }

  Connection* runner_;
  Connection watcher_, prober_;
  Holder holders_[2];
  std::map<long long, std::set<std::string>> seen_;  // modes held or asked for, by relation
};

// Lets the statement go from stop to stop until it is done.
class Gates {
 public:
  explicit Gates(Watched& watched) : watched_(watched) {}

  Status run_through() {
    bool gated = true;
    PGA_TRY(auto wait, watched_.next_wait());
    while (wait) {
      if (targets_.empty() && wait->for_relation()) {
        PGA_TRY(targets_, watched_.relatives(wait->relation));
      }
      PGA_TRY(const auto queue, watched_.probe(targets_));
      total_.stalls_reads |= queue.stalls_reads;
      total_.stalls_writes |= queue.stalls_writes;
      // Nobody can queue as a writer behind a lock that stops writers: from here on it runs freely.
      const bool strong = wait->for_relation() && lock_rank(wait->mode) >= lock_rank("ShareLock");
      auto& other = watched_.holder(1 - current_);
      gated = gated && !strong && other.hold_writes(targets_).has_value();
      if (!gated) PGA_CHECK(other.release());
      PGA_CHECK(watched_.holder(current_).release());
      current_ = 1 - current_;
      PGA_TRY(wait, watched_.next_wait());
    }
    return {};
  }

  const Queue& total() const { return total_; }

 private:
  Watched& watched_;
  int current_ = 0;
  std::vector<Target> targets_;
  Queue total_;
};

RelationFacts facts_of(const Relation& relation) {
  RelationFacts facts{.name = ident({relation.schema, relation.name}), .type = relation.type};
  return facts;
}

// An index that REINDEX CONCURRENTLY made anew has another OID: it is found by its name.
const Relation* same_later(const std::pair<const long long, Relation>& entry, const Relations& after) {
  const auto& [oid, relation] = entry;
  if (relation.type != 'i') {
    const auto found = after.find(oid);
    return found == after.end() ? nullptr : &found->second;
  }
  for (const auto& [other, later] : after) {
    if (later.type == 'i' && later.name == relation.name && later.schema == relation.schema) return &later;
  }
  return nullptr;
}

// An index that is dropped concurrently is dead to everybody before it is locked exclusively: that lock is of no interest.
std::string strongest_of(long long relation, const Watched& watched, bool died_unseen) {
  const auto modes = watched.seen().find(relation);
  std::string best;
  if (modes == watched.seen().end()) return best;
  for (const auto& mode : modes->second) {
    if (died_unseen && mode == "AccessExclusiveLock") continue;
    if (lock_rank(mode) > lock_rank(best)) best = mode;
  }
  return best;
}

StatementFacts compare(const Relations& before, const Relations& after, const Watched& watched, const Queue& queue) {
  StatementFacts facts;
  facts.blocks_reads = queue.stalls_reads;
  facts.blocks_writes = queue.stalls_writes;
  for (const auto& entry : before) {
    auto relation = facts_of(entry.second);
    const auto same = after.find(entry.first);
    relation.strongest_lock =
        strongest_of(entry.first, watched, same == after.end() && relation.type == 'i' && !queue.stalls_reads);
    relation.held_lock = relation.strongest_lock;
    const bool unmoved = same != after.end() && same->second.file == entry.second.file;
    if (const Relation* later = unmoved ? nullptr : same_later(entry, after))
      relation.new_file = later->file != entry.second.file;
    relation.scanned = same != after.end() && same->second.scans > entry.second.scans;
    if (relation.strongest_lock.empty() && !relation.new_file && !relation.scanned) continue;
    if (relation.type != 'i') {  // whether an index stops anybody was tried: it may be out of everybody's sight by then
      facts.blocks_reads |= stops_reads(relation.strongest_lock, relation.type);
      facts.blocks_writes |= stops_writes(relation.strongest_lock, relation.type);
    }
    facts.relations.push_back(std::move(relation));
  }
  std::ranges::sort(facts.relations, {}, &RelationFacts::name);
  return facts;
}

std::string lock_table(const std::string& table, std::string_view mode) {
  return "LOCK TABLE " + table + " IN " + lock_text(mode) + " MODE";
}

Result<Conflict> conflict_with(postgres::Server& server, const std::string& database, const std::string& statement,
                               const std::string& table, std::string_view mode) {
  PGA_TRY(const auto clone, Clone::make(server, database));
  PGA_TRY(auto runner, clone.open());
  PGA_TRY(auto watched, Watched::open(runner));
  PGA_CHECK(watched.holder(0).hold(lock_table(table, mode)));
  PGA_CHECK(watched.start(statement));
  PGA_TRY(const auto wait, watched.next_wait());
  Conflict conflict{.held = std::string(mode)};
  if (!wait) {
    PGA_TRY(const auto done, runner.receive());
    return conflict;
  }
  conflict.waits = wait->for_relation() ? Waits::lock : Waits::transactions;
  if (wait->for_relation()) conflict.wanted = wait->mode;
  watched.stop();
  return conflict;
}

// Where the server does not count scans, what it says about itself counts as one.
Status add_told_scans(Connection& connection, Relations& after) {
  const auto messages = scan_messages(connection.take_notices());
  PGA_CHECK(connection.execute("RESET client_min_messages"));
  for (auto& [oid, relation] : after) {
    if (std::ranges::find(messages.tables, relation.name) != messages.tables.end()) ++relation.scans;
  }
  return {};
}

Result<StatementFacts> run_watched(Watched& watched, const std::string& statement) {
  auto& connection = watched.runner();
  PGA_TRY(const bool counted, counts_scans(connection));
  const bool counts = counted && connection.major() >= 15;
  if (!counts) PGA_CHECK(connection.execute("SET client_min_messages = debug1"));
  PGA_TRY(const auto before, relations_of(connection, counts));
  PGA_CHECK(watched.holder(0).hold(embedded::proof::queries_hold_all));
  (void)connection.take_notices();
  const auto start = std::chrono::steady_clock::now();
  PGA_CHECK(watched.start(statement));
  Gates gates(watched);
  PGA_CHECK(gates.run_through());
  PGA_TRY(const auto done, connection.receive());
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  PGA_TRY(auto after, relations_of(connection, counts));
  if (!counts) PGA_CHECK(add_told_scans(connection, after));
  auto facts = compare(before, after, watched, gates.total());
  facts.milliseconds = took.count();
  return facts;
}

}  // namespace

struct ConcurrentObserver::Sessions {
  Watched watched;
};

ConcurrentObserver::ConcurrentObserver(std::unique_ptr<Sessions> sessions) : sessions_(std::move(sessions)) {}
ConcurrentObserver::ConcurrentObserver(ConcurrentObserver&&) noexcept = default;
ConcurrentObserver& ConcurrentObserver::operator=(ConcurrentObserver&&) noexcept = default;
ConcurrentObserver::~ConcurrentObserver() = default;

Result<ConcurrentObserver> ConcurrentObserver::open(Connection& connection) {
  PGA_TRY(auto watched, Watched::open(connection));
  return ConcurrentObserver(std::make_unique<Sessions>(Sessions{std::move(watched)}));
}

Result<StatementFacts> ConcurrentObserver::run(const std::string& statement) {
  auto& watched = sessions_->watched;
  if (watched.runner().in_transaction()) {
    return fail("internal", "a statement that is observed from outside stands in a transaction");
  }
  auto facts = run_watched(watched, statement);
  watched.stop();
  return facts;
}

Result<StatementFacts> observe_concurrent(Connection& connection, const std::string& statement) {
  PGA_TRY(auto observer, ConcurrentObserver::open(connection));
  return observer.run(statement);
}

Result<StatementFacts> observe_concurrent(postgres::Server& server, const std::string& database, const std::string& statement) {
  PGA_TRY(const auto clone, Clone::make(server, database));
  PGA_TRY(auto connection, clone.open());
  return observe_concurrent(connection, statement);
}

Result<std::vector<Conflict>> conflict_test(postgres::Server& server, const std::string& database, const std::string& statement,
                                            const std::string& table) {
  std::vector<Conflict> out;
  for (const auto mode : kLockModes) {
    PGA_TRY(auto conflict, conflict_with(server, database, statement, table, mode));
    out.push_back(std::move(conflict));
  }
  return out;
}

Result<Queue> queue_test(postgres::Server& server, const std::string& database, const std::string& statement,
                         const std::string& table, Behind behind) {
  PGA_TRY(const auto clone, Clone::make(server, database));
  PGA_TRY(auto runner, clone.open());
  PGA_TRY(auto watched, Watched::open(runner));
  PGA_TRY(const auto kind, watched.watcher().query("SELECT relkind FROM pg_class WHERE oid = $1::regclass", {table}));
  const Target target{table, kind.text(0, 0)[0]};
  PGA_CHECK(watched.holder(0).hold(behind == Behind::reader ? read_of(target) : write_of(target)));
  PGA_CHECK(watched.start(statement));
  PGA_TRY(const auto wait, watched.next_wait());
  if (!wait) {
    PGA_TRY(const auto done, runner.receive());
    return Queue{};
  }
  auto queue = watched.probe({target});
  watched.stop();
  return queue;
}

}  // namespace pga::proof
