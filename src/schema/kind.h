// What a kind of object knows about itself. One folder entry a kind: kinds/<slug>.cpp and kinds/<slug>.sql, one line in
// kinds/registry.def. Comparison, ordering, comments, owners, privileges, labels, printing and JSON are generic over this.
//
// The query (kinds/<slug>.sql) returns these columns, in any order:
//   oid        the object's OID in catalog()                                  required
//   path       text[]: Id::path                                               required
//   subid      objsubid in pg_depend (columns: attnum); default 0
//   parent     OID of the parent object; parent_class: its catalog (regclass::oid), default pg_class
//   owner      role name, NULL when it is the default owner (use the macro below)
//   acl        use the macro below
//   <fields>   one column per described field, same name; booleans as boolean, lists as text[]
// Macros, expanded by the reader:
//   @owner(expr)@          the role name of an OID, NULL for the database's default owner
//   @acl('r', acl, owner)@ the differences from acldefault, in the form that Catalog parses
//   @secret(item)@         whether an option "name=value" may be a secret, which must not be selected
// Lines between "-- pg>=16" (also pg<15) and "-- pg" stand only in the query for those server majors.
// The query must not call user code, must qualify nothing by search_path but pg_catalog (which is always searched), and must
// leave out system objects (oid < 16384, or schemas pg_*, information_schema). Members of extensions are removed by the reader.
#pragma once
#include <functional>
#include <span>

#include "schema/object.h"

namespace pga::schema {

struct Statement {
  std::string sql;            // without the final semicolon
  bool transactional = true;  // false: cannot run inside a transaction block
};
using Statements = std::vector<Statement>;

// How one object becomes another of the same Id.
struct Alteration {
  enum class How : uint8_t { none, in_place, recreate };
  How how = How::none;
  Statements statements;  // for in_place
  // Dependents (anything that needs this object, directly or not) for which this is true are dropped before and created
  // again after. Empty: none for in_place, all for recreate.
  std::function<bool(const Object& dependent)> rebuild;

  static Alteration recreate() { return {How::recreate, {}, {}}; }
  static Alteration in_place(Statements statements) { return {How::in_place, std::move(statements), {}}; }
};

class Kind {
 public:
  virtual ~Kind() = default;
  virtual KindId id() const = 0;
  virtual std::string_view slug() const = 0;     // "materialized_view": file name, JSON, docs
  virtual std::string_view keyword() const = 0;  // "MATERIALIZED VIEW": as in DROP, COMMENT ON, ALTER … OWNER TO
  virtual std::string_view catalog() const = 0;  // "pg_class": catalog that `oid` belongs to
  virtual std::string_view query() const = 0;    // the embedded .sql
  virtual std::span<const Field> fields() const = 0;

  // What creates the object itself, not its comment, owner, privileges, labels.
  virtual Statements create(const Object& object, const Database& in) const = 0;
  virtual Statements drop(const Object& object, const Database& in) const;  // DROP <keyword> <address>
  // A placeholder that stands for the object in a cycle of needs until create() replaces it; empty: this kind has none.
  virtual Statements shell(const Object&) const { return {}; }
  // Fields that differ are in `changed` (never empty, never only Compare::no fields). Default: recreate.
  virtual Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>& changed,
                           const Database& from_db, const Database& to_db) const;
  // ALTER … RENAME to the last part of `to`; nullopt: this kind cannot be renamed.
  virtual std::optional<Statement> rename(const Object& from, const Id& to, const Database& in) const;
  // The object's name as DDL wants it behind keyword(): "public.users", "public.f(integer)", "trg ON public.users".
  virtual std::string address(const Object& object) const;
  // Keyword and address for COMMENT ON / SECURITY LABEL ON, if not "<keyword> <address>".
  virtual std::string comment_target(const Object& object) const;
  // Keyword and address for ALTER … OWNER TO; "" when the kind has no owner of its own.
  virtual std::string owner_target(const Object& object) const;
  // "TABLE public.users" for GRANT … ON; "" when the kind has no privileges.
  virtual std::string grant_target(const Object& object) const;
  // Roles that the fields name (roles of a policy, of a column's privileges), so that Database::roles has them.
  virtual std::vector<std::string> roles(const Object&) const { return {}; }
  // True when dropping the object loses rows that users wrote.
  virtual bool holds_data() const { return false; }
};

const Kind& kind_of(KindId id);
std::span<const Kind* const> all_kinds();      // in registry order
const Kind* find_kind(std::string_view slug);  // nullptr: no such kind

// Generic over kinds (schema/common.cpp).
Statements comment_sql(const Object& object);  // COMMENT ON … IS …; also IS NULL
Statements owner_sql(const Object& object);    // empty when the owner is the default
// `owner`: of the object, if it does not know it itself (of a column: the table's).
Statements privilege_sql(const Object& object, const std::vector<Privilege>& from, const std::vector<Privilege>& to,
                         const Value& owner = {});
// What ALTER … OWNER TO `owner` makes of an object's privileges: those of the new owner become the owner's.
// A column's: it has none by itself, so that the new owner keeps what was granted to it.
std::vector<Privilege> with_owner(std::vector<Privilege> privileges, const Value& owner, bool of_column);
Statements label_sql(const Object& object, const std::vector<Label>& from, const std::vector<Label>& to);
// Names of the fields in which two objects of one Id differ (Compare::yes only).
std::vector<std::string_view> changed_fields(const Object& from, const Object& to);

}  // namespace pga::schema
