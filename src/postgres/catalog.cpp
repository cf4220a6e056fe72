#include "postgres/catalog.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog_reader.h"
#include "postgres/completeness.h"
#include "postgres_embedded.h"
#include "schema/kind.h"

namespace pga::postgres {
namespace {

using schema::Database;
using schema::Kind;

// Whether an option "name=value" may be a secret: by its name, or because its value holds a password (a connection string, a
// URL).
std::string secret_test(const std::string& item) {
  const std::string name = "split_part(" + item + ", '=', 1)";
  const std::string value = "substr(" + item + ", strpos(" + item + ", '=') + 1)";
  return "(" + name +
         " ~* '(passw|passphrase|passcode|^pass$|pwd|secret|token|credential|(api|access|private|account|auth|encryption)_?key)' "
         "AND " +
         name + " !~* '_(id|file|path|type|name|required|method|timeout|url)$' OR " + value +
         " ~* '(password|passwd|pwd|secret|token)[[:space:]]*=|://[^/@[:space:]]*:[^@[:space:]]+@')";
}

// "@owner(x)@", "@acl('r', a, o)@" and "@secret(item)@"; arguments hold no '@'.
std::string expand_macros(std::string text, const std::string& default_owner) {
  for (size_t at = text.find("@owner("); at != std::string::npos; at = text.find("@owner(", at)) {
    const size_t end = text.find(")@", at);
    PGA_ASSERT(end != std::string::npos);
    const std::string argument = text.substr(at + 7, end - at - 7);
    text.replace(at, end + 2 - at, "NULLIF(pg_get_userbyid(" + argument + ")::text, " + literal(default_owner) + ")");
  }
  for (size_t at = text.find("@acl("); at != std::string::npos; at = text.find("@acl(", at)) {
    const size_t end = text.find(")@", at);
    PGA_ASSERT(end != std::string::npos);
    const auto arguments = split(text.substr(at + 5, end - at - 5), ',');
    PGA_ASSERT(arguments.size() == 3);
    const std::string type(trim(arguments[0]));
    const std::string acl(trim(arguments[1]));
    const std::string owner(trim(arguments[2]));
    // Set difference of the items in both directions, each item as sign|privilege|option|o, p or r|role.
    const auto items = [&](const std::string& from, bool numbered = false) {
      return std::string("SELECT ") + (numbered ? "e_.number, " : "") +
             "e_.privilege_type || '|' || e_.is_grantable::text || '|' || CASE WHEN e_.grantee = " + owner +
             " THEN 'o|' WHEN e_.grantee = 0 THEN 'p|' ELSE 'r|' || pg_get_userbyid(e_.grantee) END AS item FROM aclexplode(" +
             from + ") WITH ORDINALITY e_(grantor, grantee, privilege_type, is_grantable, number)";
    };
    const std::string fresh = "acldefault(" + type + "::\"char\", " + owner + ")";
    std::string sql = "(CASE WHEN " + acl + " IS NOT NULL THEN (SELECT array_agg(x_.item ORDER BY x_.number, x_.item) FROM (" +
                      "SELECT '+|' || a_.item AS item, a_.number FROM (" + items(acl, true) + ") a_ WHERE a_.item NOT IN (" +
                      items(fresh) + ") UNION ALL " + "SELECT '-|' || b_.item, 0 FROM (" + items(fresh) + " EXCEPT " +
                      items(acl) + ") b_) x_) END)";
    text.replace(at, end + 2 - at, sql);
  }
  for (size_t at = text.find("@secret("); at != std::string::npos; at = text.find("@secret(", at)) {
    const size_t end = text.find(")@", at);
    PGA_ASSERT(end != std::string::npos);
    text.replace(at, end + 2 - at, secret_test(text.substr(at + 8, end - at - 8)));
  }
  return text;
}

std::string resolve_versions(std::string_view query, int major) {
  std::string out;
  bool active = true;
  for (const auto& line : split(query, '\n')) {
    const std::string_view text = trim(line);
    if (text.starts_with("-- pg>=")) {
      active = major >= std::atoi(std::string(text.substr(7)).c_str());
    } else if (text.starts_with("-- pg<")) {
      active = major < std::atoi(std::string(text.substr(6)).c_str());
    } else if (text == "-- pg") {
      active = true;
    } else if (active && !text.starts_with("--")) {
      out += line + "\n";
    }
  }
  return out;
}

// The answers in the order that they come in: the catalogs' OIDs, every kind, what is shared. Read by a thread of its own while
// the server works on the next and libpq receives.
class Answers {
 public:
  explicit Answers(Reader& reader) : reader_(reader), worker_([this] { work(); }) {}
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;
  ~Answers() { finish(); }

  void take(Rows rows) {
    {
      const std::lock_guard guard(mutex_);
      waiting_.push_back(std::move(rows));
    }
    more_.notify_one();
  }
  // Waits until everything that was taken has been read.
  Status finish() {
    {
      const std::lock_guard guard(mutex_);
      done_ = true;
    }
    more_.notify_one();
    if (worker_.joinable()) worker_.join();
    return status_;
  }
  const std::optional<Rows>& user_objects() const { return user_objects_; }

 private:
  void work() {
    for (;;) {
      std::unique_lock guard(mutex_);
      more_.wait(guard, [&] { return done_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      Rows rows = std::move(waiting_.front());
      waiting_.pop_front();
      guard.unlock();
      if (status_) status_ = read(std::move(rows));
    }
  }

  Status read(Rows rows) {
    const auto kinds = schema::all_kinds();
    const size_t at = at_++;
    if (at == 0) {
      for (int r = 0; r < rows.size(); ++r) catalogs_[std::string(rows.text(r, 0))] = rows.integer(r, 1);
    } else if (at <= kinds.size()) {
      return reader_.add_rows(*kinds[at - 1], rows, catalogs_);
    } else if (at == kinds.size() + 1) {
      reader_.add_defaults(rows);
    } else if (at == kinds.size() + 2) {
      reader_.add_dependencies(rows);
    } else if (at == kinds.size() + 3) {
      reader_.add_comments(rows);
    } else if (at == kinds.size() + 4) {
      reader_.add_labels(rows);
    } else {
      user_objects_ = std::move(rows);
    }
    return {};
  }

  Reader& reader_;
  std::map<std::string, long long, std::less<>> catalogs_;
  std::optional<Rows> user_objects_;
  Status status_;
  size_t at_ = 0;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Rows> waiting_;
  bool done_ = false;
  std::thread worker_;  // last: it uses the others
};

void collect_roles(Database& database) {
  std::set<std::string> roles(database.roles.begin(), database.roles.end());
  for (const auto& [id, object] : database.objects) {
    if (object.owner) roles.insert(*object.owner);
    for (const auto& p : object.privileges) {
      if (p.grantee && !p.grantee->empty()) roles.insert(*p.grantee);
    }
    for (auto& role : schema::kind_of(id.kind).roles(object)) roles.insert(std::move(role));
  }
  std::erase_if(roles, [](const std::string& role) { return role.starts_with("pg_"); });  // PostgreSQL's own, everywhere
  database.roles.assign(roles.begin(), roles.end());
}

}  // namespace

std::string expand_query(std::string_view query, int major, const std::string& default_owner) {
  return expand_macros(resolve_versions(query, major), default_owner);
}

Result<Database> read_catalog(Connection& connection, const ReadOptions& options) {
  // A transaction of the caller's is kept: a savepoint takes all settings back.
  const bool joined = connection.in_transaction();
  PGA_CHECK(connection.execute(
      std::string(joined ? "SAVEPOINT pgarchitect_read; SET LOCAL transaction_read_only = on"
                         : "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY") +
      "; SET LOCAL search_path = ''; SET LOCAL jit = off; "
      "SET LOCAL extra_float_digits = 3; SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres; "
      "SET LOCAL quote_all_identifiers = off; SET LOCAL row_security = off; SET LOCAL statement_timeout = " +
      std::to_string(options.statement_timeout_ms) + "; SET LOCAL lock_timeout = " + std::to_string(options.lock_timeout_ms)));
  const auto close = [&](auto result) {
    if (connection.alive()) {
      (void)connection.execute(joined ? "ROLLBACK TO SAVEPOINT pgarchitect_read; RELEASE SAVEPOINT pgarchitect_read"
                                      : "ROLLBACK");
    }
    return result;
  };
  std::string default_owner = options.default_owner;
  if (default_owner.empty()) {
    auto owner = connection.query(
        "SELECT r.rolname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = current_database()");
    if (!owner) return close(Result<Database>(fail(owner.error())));
    if (owner->size() == 1) default_owner = owner->text(0, 0);
  }
  Database database;
  database.version = connection.server_version();
  const int major = connection.major();
  std::vector<std::string> statements = {
      "SELECT c.relname, c.oid FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'"};
  for (const Kind* kind : schema::all_kinds()) statements.push_back(expand_query(kind->query(), major, default_owner));
  for (const auto shared :
       {embedded::postgres::queries_internal_owners, embedded::postgres::queries_dependencies,
        embedded::postgres::queries_comments, embedded::postgres::queries_labels, embedded::postgres::queries_user_objects}) {
    statements.push_back(expand_query(shared, major, default_owner));
  }
  Reader reader(database);
  Answers answers(reader);
  const Status asked = connection.pipeline(statements, [&](Rows rows) { answers.take(std::move(rows)); });
  const Status read = answers.finish();
  if (!asked) return close(Result<Database>(fail(asked.error())));
  if (!read) return close(Result<Database>(fail(read.error())));
  reader.finish();
  auto unmodelled = describe_unmodelled(connection, *answers.user_objects(), [&](long long classid, long long objid) {
    return reader.knows({classid, objid, 0});
  });
  if (!unmodelled) return close(Result<Database>(fail(unmodelled.error())));
  database.unmodelled = std::move(*unmodelled);
  std::erase_if(database.objects, [&](const auto& entry) {
    const auto& [id, object] = entry;
    return std::ranges::find(options.skip_schemas, id.path.front()) != options.skip_schemas.end();
  });
  collect_roles(database);
  database.index();
  return close(Result<Database>(std::move(database)));
}

}  // namespace pga::postgres
