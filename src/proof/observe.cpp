#include "proof/observe.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/quote.h"
#include "base/text.h"
#include "proof/scan_messages.h"
#include "proof_embedded.h"

namespace pga::proof {
namespace {

using postgres::Connection;

bool is_system(std::string_view schema) {
  return schema.starts_with("pg_") || schema == "information_schema";
}

std::string array_text(const std::vector<long long>& oids) {
  std::string out = "{";
  for (const auto oid : oids) out += (out.size() > 1 ? "," : "") + std::to_string(oid);
  return out + "}";
}

const std::string& strongest(const std::set<std::string>& modes) {
  static const std::string none;
  const auto best = std::ranges::max_element(modes, {}, [](const std::string& mode) { return lock_rank(mode); });
  return best == modes.end() ? none : *best;
}

// The bits of pg_event_trigger_table_rewrite_reason(), see AT_REWRITE_* of PostgreSQL's event_trigger.h.
void add_reasons(int bits, std::vector<std::string>& reasons) {
  static constexpr std::pair<int, std::string_view> kReasons[] = {
      {1, "persistence"}, {2, "default"}, {4, "type"}, {8, "access method"}};
  for (const auto& [bit, text] : kReasons) {
    if ((bits & bit) != 0 && std::ranges::find(reasons, text) == reasons.end()) reasons.emplace_back(text);
  }
}

}  // namespace

int lock_rank(std::string_view mode) {
  const auto* found = std::ranges::find(kLockModes, mode);
  return found == std::end(kLockModes) ? 0 : static_cast<int>(found - std::begin(kLockModes)) + 1;
}

std::string lock_text(std::string_view mode) {
  std::string out;
  const std::string_view words = mode.ends_with("Lock") ? mode.substr(0, mode.size() - 4) : mode;
  for (const char c : words) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty()) out += ' ';
    out += upper ? c : static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// A SELECT takes ACCESS SHARE on the table, what it inherits to, and every index of it: only ACCESS EXCLUSIVE conflicts.
bool stops_reads(std::string_view mode, char relkind) {
  return relkind != 'c' && mode == "AccessExclusiveLock";
}

// Writing takes ROW EXCLUSIVE on the table and its indexes: SHARE and stronger conflict. Nobody writes to a materialised view.
bool stops_writes(std::string_view mode, char relkind) {
  return relkind != 'c' && relkind != 'm' && lock_rank(mode) >= lock_rank("ShareLock");
}

bool StatementFacts::rewrites() const {
  return std::ranges::any_of(relations, [](const auto& r) { return r.new_file && (r.type == 'r' || r.type == 'm'); });
}
bool StatementFacts::rebuilds_indexes() const {
  return std::ranges::any_of(relations, [](const auto& r) { return r.new_file && r.type == 'i'; });
}
bool StatementFacts::scans() const {
  return std::ranges::any_of(relations, [](const auto& r) { return r.scanned; });
}
std::string StatementFacts::strongest_lock() const {
  std::string best;
  for (const auto& relation : relations) {
    if (lock_rank(relation.strongest_lock) > lock_rank(best)) best = relation.strongest_lock;
  }
  return best;
}

Observer::Observer(Connection& connection, Connection watcher) : connection_(&connection), watcher_(std::move(watcher)) {}

Observer::Observer(Observer&& other) noexcept
    : connection_(other.connection_),
      watcher_(std::move(other.watcher_)),
      installed_(std::exchange(other.installed_, false)),
      counts_(other.counts_),
      transaction_(std::move(other.transaction_)),
      entities_(std::move(other.entities_)),
      created_(std::move(other.created_)),
      scans_(std::move(other.scans_)) {}

Observer::~Observer() {
  if (installed_) uninstall();
}

Result<Observer> Observer::open(Connection& connection) {
  PGA_TRY(auto watcher, Connection::open(connection.conninfo()));
  Observer observer(connection, std::move(watcher));
  PGA_TRY(observer.counts_, counts_scans(connection));
  observer.install();
  return observer;
}

// Without the right to make event triggers the reasons are not known; everything else is.
void Observer::install() {
  const bool inside = connection_->in_transaction();
  std::string sql = std::string(inside ? "SAVEPOINT pgarchitect_observer;\n" : "BEGIN;\n");
  sql += embedded::proof::queries_event_trigger;
  installed_ = connection_->execute(sql + (inside ? "RELEASE SAVEPOINT pgarchitect_observer" : "COMMIT")).has_value();
  if (!installed_) (void)connection_->execute(inside ? "ROLLBACK TO SAVEPOINT pgarchitect_observer" : "ROLLBACK");
  (void)connection_->take_notices();  // "… does not exist, skipping"
}

// In a transaction of the caller's nothing can be done: the trigger goes when the session ends.
void Observer::uninstall() {
  if (!connection_->alive() || connection_->in_transaction()) return;
  (void)connection_->execute(
      "SET session_replication_role = replica; DROP EVENT TRIGGER IF EXISTS pgarchitect_observer; "
      "DROP FUNCTION IF EXISTS pg_temp.pgarchitect_on_rewrite(); RESET session_replication_role");
  (void)connection_->take_notices();
}

Result<Observer::State> Observer::look() {
  std::vector<long long> own;
  for (const auto oid : created_) {
    const bool stands_for = std::ranges::any_of(entities_, [&](const auto& entity) { return entity.second.current == oid; });
    if (!stands_for) own.push_back(oid);
  }
  PGA_TRY(const auto rows, connection_->query(embedded::proof::queries_held, {array_text(own)}));
  State state;
  for (int r = 0; r < rows.size(); ++r) {
    if (rows.integer(r, 0) == 0) {
      state.transaction = rows.text(r, 1);
      state.rewrites = rows.text(r, 4);
      continue;
    }
    auto& held = state.relations[rows.integer(r, 0)];
    held.modes.emplace(rows.text(r, 1));
    held.exists = !rows.is_null(r, 2);
    held.type = held.exists ? rows.text(r, 2)[0] : 'r';
    held.schema = rows.text(r, 3);
    held.name = rows.text(r, 4);
    held.file = rows.integer(r, 5);
    held.scans = rows.integer(r, 6);
  }
  return state;
}

// Finds out about relations that were not met before in this transaction.
Status Observer::learn(const State& state) {
  std::vector<long long> unknown;
  for (const auto& [oid, held] : state.relations) {
    if (!entities_.contains(oid) && !created_.contains(oid)) unknown.push_back(oid);
  }
  if (unknown.empty()) return {};
  PGA_TRY(const auto rows, watcher_.query(embedded::proof::queries_known, {array_text(unknown)}));
  for (int r = 0; r < rows.size(); ++r) {
    const long long oid = rows.integer(r, 0);
    Entity entity{.type = rows.text(r, 1)[0],
                  .schema = std::string(rows.text(r, 2)),
                  .name = std::string(rows.text(r, 3)),
                  .file = rows.integer(r, 4),
                  .current = oid};
    entity.shown = !is_system(entity.schema);
    entities_.emplace(oid, std::move(entity));
  }
  for (const auto oid : unknown) {
    if (!entities_.contains(oid)) created_.insert(oid);
  }
  return {};
}

// Another transaction than that of the last statement: what was known about it is void.
Status Observer::begin_transaction(const State& state) {
  transaction_ = state.transaction;
  entities_.clear();
  created_.clear();
  scans_.clear();
  PGA_TRY(const auto rows, connection_->query(embedded::proof::queries_scans));
  for (int r = 0; r < rows.size(); ++r) scans_[rows.integer(r, 0)] = rows.integer(r, 1);
  return {};
}

// Where the entity is after a statement; true: in another file. An index that was dropped and made again under its name and in
// its file (a type change that rebuilds nothing gives it a new OID) has not moved.
bool Observer::moved(Entity& entity, long long oid, const State& after) const {
  if (entity.dropped) return false;
  const auto own = after.relations.find(entity.current);
  const Held* now = own != after.relations.end() && own->second.exists ? &own->second : nullptr;
  if (own == after.relations.end()) return false;  // not locked any more: rolled back to a savepoint
  if (now == nullptr && (entity.type == 'i' || entity.type == 'I')) {
    for (const auto& [other, held] : after.relations) {
      if (other == oid || !held.exists || held.type != entity.type) continue;
      if (held.schema != entity.schema || held.name != entity.name) continue;
      now = &held;
      entity.current = other;
    }
  }
  entity.dropped = now == nullptr;
  return now != nullptr && std::exchange(entity.file, now->file) != now->file;
}

StatementFacts Observer::compare(const State& before, const State& after) {
  StatementFacts facts;
  for (auto& [oid, entity] : entities_) {
    const auto now = after.relations.find(oid);
    if (now == after.relations.end()) continue;
    RelationFacts relation{.name = ident({entity.schema, entity.name}), .type = entity.type};
    relation.new_file = moved(entity, oid, after);
    const auto then = before.relations.find(oid);
    std::set<std::string> fresh;
    for (const auto& mode : now->second.modes) {
      if (then == before.relations.end() || !then->second.modes.contains(mode)) fresh.insert(mode);
    }
    relation.strongest_lock = strongest(fresh);
    relation.held_lock = strongest(now->second.modes);
    auto& scans = scans_[oid];
    relation.scanned = (entity.type == 'r' || entity.type == 'm') && now->second.scans > scans;
    scans = now->second.scans;
    const bool touched = !fresh.empty() || relation.new_file || relation.scanned;
    if (!touched || !entity.shown) continue;
    facts.blocks_reads |= stops_reads(relation.held_lock, relation.type);
    facts.blocks_writes |= stops_writes(relation.held_lock, relation.type);
    facts.relations.push_back(std::move(relation));
  }
  std::ranges::sort(facts.relations, {}, &RelationFacts::name);
  const std::string_view noted = after.rewrites;
  if (noted.starts_with(before.rewrites)) {
    for (const auto& bits : split(noted.substr(before.rewrites.size()), ',')) {
      if (!bits.empty()) add_reasons(std::atoi(bits.c_str()), facts.rewrite_reasons);
    }
  }
  return facts;
}

Result<StatementFacts> Observer::observed(const std::string& statement) {
  State before;
  if (last_ && last_commands_ == connection_->commands()) {
    before = std::move(*last_);
  } else {
    PGA_TRY(before, look());
  }
  last_.reset();
  if (before.transaction != transaction_) PGA_CHECK(begin_transaction(before));
  PGA_CHECK(learn(before));
  // What happened since the last observed statement of this transaction is not this statement's.
  (void)compare(State{.transaction = before.transaction, .rewrites = before.rewrites, .relations = {}}, before);
  const auto start = std::chrono::steady_clock::now();
  PGA_TRY(const auto done, connection_->query(statement));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  PGA_TRY(auto after, look());
  PGA_CHECK(learn(after));
  auto facts = compare(before, after);
  facts.milliseconds = took.count();
  last_ = std::move(after);
  last_commands_ = connection_->commands();
  return facts;
}

// Scans by the server's own messages, where it does not count them. Relations that were not locked were not read.
Status Observer::add_told_scans(StatementFacts& facts) {
  const auto messages = scan_messages(connection_->take_notices());
  PGA_TRY(const auto sides, sides_of(*connection_, messages.foreign_keys));
  for (auto& [oid, entity] : entities_) {
    const bool is_side = std::ranges::find(sides, oid) != sides.end();
    if (!is_side && std::ranges::find(messages.tables, entity.name) == messages.tables.end()) continue;
    if (!entity.shown || (entity.type != 'r' && entity.type != 'm')) continue;
    const std::string name = ident({entity.schema, entity.name});
    const auto known = std::ranges::find(facts.relations, name, &RelationFacts::name);
    if (known != facts.relations.end()) {
      known->scanned = true;
    } else {
      facts.relations.push_back({.name = name, .type = entity.type, .scanned = true});
    }
  }
  std::ranges::sort(facts.relations, {}, &RelationFacts::name);
  return {};
}

Result<StatementFacts> Observer::told(const std::string& statement) {
  PGA_TRY(const auto level, connection_->query("SELECT pg_catalog.current_setting('client_min_messages'), "
                                               "pg_catalog.set_config('client_min_messages', 'debug1', true)"));
  (void)connection_->take_notices();
  PGA_TRY(auto facts, observed(statement));
  PGA_CHECK(add_told_scans(facts));
  PGA_TRY(const auto back,
          connection_->query("SELECT pg_catalog.set_config('client_min_messages', $1, true)", {std::string(level.text(0, 0))}));
  return facts;
}

Result<StatementFacts> Observer::run(const std::string& statement) {
  const bool own = !connection_->in_transaction();
  if (own) PGA_CHECK(connection_->execute("BEGIN"));
  auto facts = counts_ ? observed(statement) : told(statement);
  if (!own) return facts;
  if (!facts) {
    if (connection_->alive()) (void)connection_->execute("ROLLBACK");
    return facts;
  }
  PGA_CHECK(connection_->execute("COMMIT"));
  return facts;
}

Result<StatementFacts> observe(Connection& connection, const std::string& statement) {
  PGA_TRY(auto observer, Observer::open(connection));
  return observer.run(statement);
}

}  // namespace pga::proof
