#include "proof/rows_for_both.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "proof/clone.h"
#include "schema/kind.h"
#include "schema/table_ddl.h"

namespace pga::proof {
namespace {

using postgres::Connection;
using schema::Database;
using schema::KindId;
using schema::Object;

// Whether a text can be read as a type: asked by a check, which must not fail with an error.
constexpr const char* kReads =
    "CREATE SCHEMA pga_fill; CREATE FUNCTION pga_fill.reads(value text, type text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS "
    "$$BEGIN EXECUTE pg_catalog.format('SELECT %L::%s', value, type); RETURN true; EXCEPTION WHEN others THEN RETURN false; "
    "END$$";

// Views stand in the way of a change of type; no row comes from them.
constexpr const char* kDropViews =
    "CREATE FUNCTION pga_fill.drop_views(of regclass) RETURNS void LANGUAGE plpgsql AS $$DECLARE one regclass; BEGIN "
    "FOR one IN SELECT DISTINCT r.ev_class::regclass FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid "
    "JOIN pg_catalog.pg_class c ON c.oid = r.ev_class WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = of "
    "AND c.relkind IN ('v', 'm') LOOP EXECUTE pg_catalog.format('DROP %s IF EXISTS %s CASCADE', CASE (SELECT relkind FROM "
    "pg_catalog.pg_class WHERE oid = one) WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, one); END LOOP; END$$";

bool is_text_type(std::string_view type) {
  return type == "text" || type.starts_with("character varying") || type.starts_with("character(") || type == "character";
}

std::string value_list(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values) out += (out.empty() ? "" : ", ") + literal(value);
  return out;
}

// What is laid upon the clone, in this order; each for itself.
class Wishes {
 public:
  Wishes(const Database& origin, const Database& target) : origin_(origin), target_(target) {}

  std::vector<std::string> list() {
    for (const auto& [id, to] : target_.objects) {
      const Object* from = origin_.find(id);
      if (id.kind == KindId::column && from != nullptr) column(*from, to);
      if (id.kind == KindId::domain_constraint) domain(from, to);
      if (id.kind == KindId::constraint) constraint(from, to);
      if (id.kind == KindId::index) index(from, to);
    }
    out_.insert(out_.end(), last_.begin(), last_.end());
    return std::move(out_);
  }

 private:
  void check(const std::string& table, const std::string& expression) {
    out_.push_back("ALTER TABLE " + table + " ADD CHECK (" + expression + ")");
  }

  void column(const Object& from, const Object& to) {
    if (from.value("generated") || to.value("generated") || (to.flag("inherited") && !to.flag("is_local"))) return;
    const std::string table = schema::table_name(from), name = ident(from.id.name());
    if (to.flag("not_null") && !from.flag("not_null"))
      out_.push_back("ALTER TABLE " + table + " ALTER COLUMN " + name + " SET NOT NULL");
    const auto type = to.list("user_type");
    const Object* user_type = type.size() == 2 ? target_.find({KindId::enum_type, type}) : nullptr;
    const bool array = to.text("type").ends_with("[]");
    if (user_type != nullptr && !array) {
      const Object* before = from.list("user_type") == type ? origin_.find(user_type->id) : nullptr;
      if (before == nullptr || before->value("values") != user_type->value("values"))
        check(table, name + "::text IN (" + value_list(user_type->list("values")) + ")");
      return;
    }
    if (user_type != nullptr && from.list("user_type") != type)  // an array of its values
      check(table, name + "::text[] <@ ARRAY[" + value_list(user_type->list("values")) + "]::text[]");
    if (from.text("type") == to.text("type") || type.size() == 2) return;
    if (is_text_type(from.text("type")) && !is_text_type(to.text("type"))) {
      out_.push_back("SELECT pga_fill.drop_views(" + literal(table) + "::pg_catalog.regclass)");
      out_.push_back("ALTER TABLE " + table + " ALTER COLUMN " + name + " DROP DEFAULT, ALTER COLUMN " + name + " TYPE " +
                     to.text("type") + " USING NULL::" + to.text("type"));
    } else if (to.text("type") != "text" && to.text("type") != "character varying") {
      check(table, "pga_fill.reads(" + name + "::text, " + literal(to.text("type")) + ")");
      if (to.text("type").starts_with("character"))
        check(table, name + "::text::" + to.text("type") + "::text = " + name + "::text");
    }
  }

  void domain(const Object* from, const Object& to) {
    if (from != nullptr && from->value("definition") == to.value("definition")) return;
    if (!to.parent || origin_.find(*to.parent) == nullptr) return;
    out_.push_back("ALTER DOMAIN " + schema::qualified(to.parent->path) + " ADD " + to.text("definition"));
  }

  void constraint(const Object* from, const Object& to) {
    if (from != nullptr && from->value("definition") == to.value("definition") && from->flag("validated")) return;
    if (!to.flag("validated") || !to.flag("is_local") || !to.parent || origin_.find(*to.parent) == nullptr) return;
    if (to.text("type") == "FOREIGN KEY" && origin_.find({KindId::table, to.list("referenced_table")}) == nullptr) {
      return refers_to_nothing(to);
    }
    std::string definition = to.text("definition");
    if (to.text("type") == "PRIMARY KEY") definition = "UNIQUE" + definition.substr(std::string_view("PRIMARY KEY").size());
    auto& list = to.text("type") == "FOREIGN KEY" ? last_ : out_;
    list.push_back("ALTER TABLE " + schema::table_name(to) + " ADD " + definition);
  }

  // The referenced table is new, so it has no rows: only NULL refers to none of them.
  void refers_to_nothing(const Object& foreign_key) {
    for (const auto& name : foreign_key.list("columns")) {
      const Object* column = origin_.find({KindId::column, {foreign_key.parent->path[0], foreign_key.parent->path[1], name}});
      if (column == nullptr) return;  // new as well
      const Object* later = target_.find(column->id);
      if (column->flag("not_null") || (later != nullptr && later->flag("not_null"))) continue;
      return check(schema::table_name(foreign_key), ident(name) + " IS NULL");
    }
  }

  void index(const Object* from, const Object& to) {
    if (!to.flag("unique") || (from != nullptr && from->value("definition") == to.value("definition"))) return;
    const std::string definition = to.text("definition");
    const size_t on = definition.find(" ON ");
    if (on != std::string::npos) out_.push_back("CREATE UNIQUE INDEX" + definition.substr(on));
  }

  const Database& origin_;
  const Database& target_;
  std::vector<std::string> out_, last_;
};

// Rows of a table that becomes partitioned, or whose partitions change, must find a partition.
Status partition_wishes(postgres::Server& server, const source::Loaded& to, const Database& origin,
                        std::vector<std::string>& wishes) {
  std::vector<const Object*> tables;
  for (const auto& [id, table] : to.model.objects) {
    if (id.kind != KindId::table || !table.value("partition_key")) continue;
    const Object* from = origin.find(id);
    if (from != nullptr) tables.push_back(&table);
  }
  if (tables.empty()) return {};
  PGA_TRY(auto connection, Connection::open(server.url(to.database)));
  for (const Object* table : tables) {
    const auto rows = connection.query(
        "SELECT pg_catalog.string_agg('(' || pg_catalog.pg_get_partition_constraintdef(i.inhrelid) || ')', ' OR ') "
        "FROM pg_catalog.pg_inherits i WHERE i.inhparent = $1::pg_catalog.regclass",
        {schema::table_name(*table)});
    if (rows && rows->size() == 1 && !rows->is_null(0, 0))
      wishes.push_back("ALTER TABLE " + schema::table_name(*table) + " ADD CHECK (" + std::string(rows->text(0, 0)) + ")");
  }
  close_completely(std::move(connection));
  return {};
}

struct Column {
  std::string name;
  bool generated = false;
};
struct Stored {
  std::string name;
  std::map<long long, Column> columns;  // by attnum
};

// Tables that hold rows themselves, by OID: a clone has the OIDs of its template, whatever is renamed in it.
Result<std::map<long long, Stored>> stored_tables(Connection& connection) {
  PGA_TRY(const auto rows,
          connection.query("SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), a.attnum, "
                           "pg_catalog.quote_ident(a.attname), a.attgenerated <> '' FROM pg_catalog.pg_class c "
                           "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                           "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
                           "WHERE c.oid >= 16384 AND c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' "
                           "ORDER BY c.oid, a.attnum"));
  std::map<long long, Stored> out;
  for (int r = 0; r < rows.size(); ++r) {
    auto& table = out[rows.integer(r, 0)];
    table.name = rows.text(r, 1);
    table.columns[rows.integer(r, 2)] = {std::string(rows.text(r, 3)), rows.flag(r, 4)};
  }
  return out;
}

std::string copy_field(const postgres::Rows& rows, int r, int c) {
  if (rows.is_null(r, c)) return "\\N";
  std::string text(rows.text(r, c));
  for (const auto& [plain, escaped] :
       std::initializer_list<std::pair<const char*, const char*>>{{"\\", "\\\\"}, {"\n", "\\n"}, {"\r", "\\r"}, {"\t", "\\t"}}) {
    text = replace_all(text, plain, escaped);
  }
  return text;
}

Status move_rows(Connection& out_of, Connection& into) {
  PGA_TRY(const auto here, stored_tables(out_of));
  PGA_TRY(const auto there, stored_tables(into));
  for (const auto& [oid, source] : here) {
    const auto target = there.find(oid);
    if (target == there.end()) continue;
    std::string read, write;
    for (const auto& [number, column] : source.columns) {
      const auto other = target->second.columns.find(number);
      if (other == target->second.columns.end() || other->second.generated || column.generated) continue;
      read += (read.empty() ? "" : ", ") + column.name + "::text";
      write += (write.empty() ? "" : ", ") + other->second.name;
    }
    if (read.empty()) continue;
    PGA_TRY(const auto rows, out_of.query("SELECT " + read + " FROM ONLY " + source.name));
    if (rows.size() == 0) continue;
    std::string data;
    for (int r = 0; r < rows.size(); ++r) {
      for (int c = 0; c < rows.columns(); ++c) data += (c == 0 ? "" : "\t") + copy_field(rows, r, c);
      data += '\n';
    }
    PGA_CHECK(into.copy_in("COPY " + target->second.name + " (" + write + ") FROM STDIN", data));
  }
  return {};
}

Status move_sequences(Connection& out_of, Connection& into) {
  PGA_TRY(const auto rows, out_of.query("SELECT s.seqrelid, pg_catalog.pg_sequence_last_value(s.seqrelid) "
                                        "FROM pg_catalog.pg_sequence s WHERE s.seqrelid >= 16384"));
  for (int r = 0; r < rows.size(); ++r) {
    if (rows.is_null(r, 1)) continue;
    PGA_CHECK(into.query("SELECT pg_catalog.setval($1::oid::pg_catalog.regclass, $2::bigint)",
                         {std::string(rows.text(r, 0)), std::string(rows.text(r, 1))}));
  }
  return {};
}

Status refresh_views(Connection& into) {
  PGA_TRY(const auto rows, into.query("SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c "
                                      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' "
                                      "AND c.relispopulated ORDER BY c.oid"));
  for (int r = 0; r < rows.size(); ++r) (void)into.execute("REFRESH MATERIALIZED VIEW " + std::string(rows.text(r, 0)));
  return {};
}

Status transfer(Connection& out_of, Connection& into) {
  for (Connection* connection : {&out_of, &into}) {
    PGA_CHECK(
        connection->execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = postgres; "
                            "SET extra_float_digits = 3; SET client_min_messages = error; "
                            "SET search_path = public, pg_catalog"));
  }
  PGA_CHECK(into.execute("BEGIN; SET LOCAL session_replication_role = replica"));
  Status done = move_rows(out_of, into);
  if (done) done = move_sequences(out_of, into);
  if (!done) {
    (void)into.execute("ROLLBACK");
    return done;
  }
  PGA_CHECK(into.execute("COMMIT"));
  return refresh_views(into);
}

Status fill_through_clone(postgres::Server& server, Connection& into, const source::Loaded& from, const MadePlan& made,
                          const std::vector<std::string>& wishes, const seed::FillOptions& options) {
  PGA_TRY(const auto clone, Clone::make(server, from.database));
  PGA_TRY(auto connection, clone.open());
  PGA_CHECK(connection.execute("SET client_min_messages = error; SET check_function_bodies = off"));
  PGA_CHECK(connection.execute(kReads));
  PGA_CHECK(connection.execute(kDropViews));
  if (!made.renames.empty() || !made.own_renames.empty()) {
    for (const auto& step : made.plan.up.front().steps) {
      if (step.object != "session") PGA_CHECK(connection.execute(step.sql));
    }
  }
  for (const auto& wish : wishes) (void)connection.execute(wish);
  PGA_TRY(const auto model, postgres::read_catalog(connection));
  PGA_TRY(const auto filled, seed::fill(connection, model, options));
  (void)filled;
  const Status done = transfer(connection, into);
  close_completely(std::move(connection));
  return done;
}

}  // namespace

Status fill_for_both(postgres::Server& server, Connection& connection, const source::Loaded& from, const source::Loaded& to,
                     const MadePlan& made, const seed::FillOptions& options) {
  auto wishes = Wishes(made.origin, to.model).list();
  PGA_CHECK(partition_wishes(server, to, made.origin, wishes));
  if (!wishes.empty() && fill_through_clone(server, connection, from, made, wishes, options)) return {};
  PGA_TRY(const auto filled, seed::fill(connection, from.model, options));
  (void)filled;
  return {};
}

}  // namespace pga::proof
