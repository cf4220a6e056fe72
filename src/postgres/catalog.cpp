#include "postgres/catalog.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/completeness.h"
#include "postgres_embedded.h"
#include "schema/kind.h"

namespace pga::postgres {
namespace {

using schema::Database;
using schema::Id;
using schema::Kind;
using schema::Object;
using Address = std::tuple<long long, long long, long long>;  // classid, objid, objsubid

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
    text.replace(
        at, end + 2 - at,
        "(SELECT NULLIF(o_.rolname::text, " + literal(default_owner) + ") FROM pg_roles o_ WHERE o_.oid = " + argument + ")");
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

std::vector<schema::Privilege> parse_privileges(const std::vector<std::string>& items) {
  std::vector<schema::Privilege> out;
  for (const auto& item : items) {  // sign|privilege|grantable|kind|role; a role name may hold '|', so it is last
    const auto parts = split(item, '|');
    PGA_ASSERT(parts.size() >= 5);
    schema::Privilege p;
    p.granted = parts[0] == "+";
    p.privilege = parts[1];
    p.grantable = parts[2] == "true";
    p.order = static_cast<int>(out.size());
    if (parts[3] == "p") p.grantee = "";
    if (parts[3] == "r") p.grantee = item.substr(parts[0].size() + parts[1].size() + parts[2].size() + parts[3].size() + 4);
    out.push_back(std::move(p));
  }
  std::ranges::sort(out);
  return out;
}

// Collects objects and their addresses while the kinds are read, then resolves dependencies.
class Reader {
 public:
  explicit Reader(Database& database) : database_(database) {}

  Status add_rows(const Kind& kind, const Rows& rows, const std::map<std::string, long long, std::less<>>& catalogs);
  void add_dependencies(const Rows& depend, const Rows& defaults);
  void add_comments(const Rows& rows);
  void add_labels(const Rows& rows);
  void finish();
  // An object of the model, a part of one, or a member of an extension. After finish().
  bool knows(const Address& address) { return resolve(address) != nullptr; }

 private:
  const Id* resolve(Address address);
  const Id* resolve_needed(Address address);

  Database& database_;
  std::map<Address, Id> by_address_;
  std::map<Address, Address> internal_;  // part -> whole
  std::map<Address, Address> clone_of_;  // a clone that is no object of its own -> what it was made from, one level up
  std::map<Id, std::pair<long long, long long>> parents_;
  std::set<Id> members_;
  struct Edge {
    Address from, to;
    char type;
  };
  std::vector<Edge> edges_;
};

Status Reader::add_rows(const Kind& kind, const Rows& rows, const std::map<std::string, long long, std::less<>>& catalogs) {
  const int oid = rows.column("oid"), path = rows.column("path"), subid = rows.column("subid");
  const int parent = rows.column("parent"), parent_class = rows.column("parent_class");
  const int owner = rows.column("owner"), acl = rows.column("acl");
  PGA_ASSERT(oid >= 0 && path >= 0);
  std::vector<int> columns;
  for (const auto& field : kind.fields()) {
    columns.push_back(rows.column(field.name));
    if (columns.back() < 0) {
      return fail("internal", "the query of kind " + std::string(kind.slug()) + " lacks " + std::string(field.name));
    }
  }
  const int reserved = 2 + (subid >= 0) + (parent >= 0) + (parent_class >= 0) + (owner >= 0) + (acl >= 0);
  if (rows.columns() != reserved + static_cast<int>(columns.size())) {
    return fail("internal", "the query of kind " + std::string(kind.slug()) + " reads a column that is not described");
  }
  const long long class_id = catalogs.find(kind.catalog())->second;
  for (int r = 0; r < rows.size(); ++r) {
    Object object;
    object.id = {kind.id(), parse_pg_array(rows.text(r, path))};
    object.fields.reserve(columns.size());
    for (const int column : columns) {
      object.fields.push_back(rows.is_null(r, column) ? schema::Value() : schema::Value(rows.text(r, column)));
    }
    if (owner >= 0 && !rows.is_null(r, owner)) object.owner = rows.text(r, owner);
    if (acl >= 0) object.privileges = parse_privileges(parse_pg_array(rows.text(r, acl)));
    if (parent >= 0 && !rows.is_null(r, parent)) {
      const long long of = parent_class >= 0 ? rows.integer(r, parent_class) : catalogs.find("pg_class")->second;
      parents_[object.id] = {of, rows.integer(r, parent)};
    }
    by_address_[{class_id, rows.integer(r, oid), subid >= 0 ? rows.integer(r, subid) : 0}] = object.id;
    const Id id = object.id;
    database_.objects.emplace(id, std::move(object));
  }
  return {};
}

void Reader::add_dependencies(const Rows& depend, const Rows& defaults) {
  // A default that is an object of its own (column_default) is found by address; a generation expression is its column's.
  for (int r = 0; r < defaults.size(); ++r) {
    const Address part{defaults.integer(r, 0), defaults.integer(r, 1), 0};
    if (!by_address_.contains(part)) internal_[part] = {defaults.integer(r, 2), defaults.integer(r, 3), defaults.integer(r, 4)};
  }
  for (int r = 0; r < depend.size(); ++r) {
    const Address from{depend.integer(r, 0), depend.integer(r, 1), depend.integer(r, 2)};
    const Address to{depend.integer(r, 3), depend.integer(r, 4), depend.integer(r, 5)};
    const char type = depend.text(r, 6)[0];
    if (type == 'i' && !by_address_.contains(from)) internal_.emplace(from, to);
    if (type == 'P' && !by_address_.contains(from)) clone_of_.emplace(from, to);
    edges_.push_back({from, to, type});
  }
}

const Id* Reader::resolve(Address address) {
  for (int depth = 0; depth < 8; ++depth) {
    if (const auto it = by_address_.find(address); it != by_address_.end()) return &it->second;
    if (const auto it = internal_.find(address); it != internal_.end()) {
      address = it->second;
      continue;
    }
    if (std::get<2>(address) == 0) return nullptr;
    std::get<2>(address) = 0;  // a column that is no object of its own (of a view or an index): its relation
  }
  return nullptr;
}

// What needs a clone in the middle of a partition tree needs what the clone was made from: it comes and goes with that.
const Id* Reader::resolve_needed(Address address) {
  for (auto it = clone_of_.find(address); it != clone_of_.end(); it = clone_of_.find(address)) address = it->second;
  return resolve(address);
}

void Reader::add_comments(const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    const auto it = by_address_.find({rows.integer(r, 0), rows.integer(r, 1), rows.integer(r, 2)});
    if (it != by_address_.end()) database_.objects.at(it->second).comment = rows.text(r, 3);
  }
}

void Reader::add_labels(const Rows& rows) {
  for (int r = 0; r < rows.size(); ++r) {
    const auto it = by_address_.find({rows.integer(r, 0), rows.integer(r, 1), rows.integer(r, 2)});
    if (it == by_address_.end()) continue;
    auto& labels = database_.objects.at(it->second).labels;
    labels.push_back({std::string(rows.text(r, 3)), std::string(rows.text(r, 4))});
    std::ranges::sort(labels);
  }
}

void Reader::finish() {
  for (auto& [id, where] : parents_) {
    const Id* parent = resolve({where.first, where.second, 0});
    if (parent == nullptr) continue;
    database_.objects.at(id).parent = *parent;
    database_.objects.at(id).needs.push_back(*parent);
  }
  for (const auto& edge : edges_) {
    if (edge.type == 'e' || edge.type == 'x') {
      if (edge.type == 'e') {
        if (const auto it = by_address_.find(edge.from); it != by_address_.end()) members_.insert(it->second);
      }
    }
  }
  // Children of members are members: walk until nothing changes (two levels at most: table, column, default).
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto& [id, object] : database_.objects) {
      if (object.parent && members_.contains(*object.parent) && members_.insert(id).second) moved = true;
    }
  }
  std::map<Id, Id> extension_of;
  for (const auto& edge : edges_) {
    if (edge.type != 'e') continue;
    const Id* extension = resolve(edge.to);
    const auto it = by_address_.find(edge.from);
    if (extension != nullptr && it != by_address_.end()) extension_of[it->second] = *extension;
    if (extension != nullptr && it == by_address_.end()) internal_[edge.from] = edge.to;  // a kind that is not described
  }
  for (const auto& edge : edges_) {
    const Id* from = resolve(edge.from);
    const Id* to = resolve_needed(edge.to);
    if (from == nullptr || to == nullptr || *from == *to) continue;
    if (members_.contains(*from)) continue;
    Id target = *to;
    for (const Object* up = database_.find(target); members_.contains(target);) {
      if (const auto it = extension_of.find(target); it != extension_of.end()) {
        target = it->second;
        break;
      }
      if (up == nullptr || !up->parent) break;
      target = *up->parent;
      up = database_.find(target);
    }
    if (members_.contains(target) || target == *from) continue;
    // A whole never needs its own part (a table and the sequence of its identity column).
    const Object& object = database_.objects.at(*from);
    if (const Object* part = database_.find(target); part != nullptr && part->parent == object.id) continue;
    database_.objects.at(*from).needs.push_back(target);
  }
  for (const auto& member : members_) database_.objects.erase(member);
  for (auto& [id, object] : database_.objects) {
    std::ranges::sort(object.needs);
    const auto tail = std::ranges::unique(object.needs);
    object.needs.erase(tail.begin(), tail.end());
  }
}

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
      "SELECT c.relname, c.oid FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'",
      expand_query(embedded::postgres::queries_dependencies, major, default_owner),
      expand_query(embedded::postgres::queries_internal_owners, major, default_owner),
      expand_query(embedded::postgres::queries_comments, major, default_owner),
      expand_query(embedded::postgres::queries_labels, major, default_owner),
      expand_query(embedded::postgres::queries_user_objects, major, default_owner)};
  const size_t shared = statements.size();
  for (const Kind* kind : schema::all_kinds()) {
    statements.push_back(expand_query(kind->query(), major, default_owner));
  }
  auto answers = connection.pipeline(statements);
  if (!answers) return close(Result<Database>(fail(answers.error())));
  const auto& rows = *answers;
  std::map<std::string, long long, std::less<>> catalogs;
  for (int r = 0; r < rows[0].size(); ++r) catalogs[std::string(rows[0].text(r, 0))] = rows[0].integer(r, 1);
  Reader reader(database);
  for (size_t i = 0; const Kind* kind : schema::all_kinds()) {
    if (auto added = reader.add_rows(*kind, rows[shared + i], catalogs); !added) {
      return close(Result<Database>(fail(added.error())));
    }
    ++i;
  }
  reader.add_dependencies(rows[1], rows[2]);
  reader.add_comments(rows[3]);
  reader.add_labels(rows[4]);
  reader.finish();
  auto unmodelled = describe_unmodelled(connection, rows[5], [&](long long classid, long long objid) {
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
