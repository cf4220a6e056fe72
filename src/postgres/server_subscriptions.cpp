#include "postgres/server_subscriptions.h"

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "schema/kind.h"

namespace pga::postgres {
namespace {

using schema::Kind;
using schema::KindId;
using schema::Object;

constexpr std::string_view kOfThisDatabase = "current_database()";

// Waits until the session is gone: a template must have none.
void close_completely(Connection connection) {
  if (!connection.send("SELECT pg_terminate_backend(pg_backend_pid())")) return;
  (void)connection.receive();
}

Object object_of(const Kind& kind, const Rows& rows, int row) {
  Object out;
  out.id = {kind.id(), parse_pg_array(rows.text(row, rows.column("path")))};
  for (const auto& field : kind.fields()) {
    const int column = rows.column(field.name);
    out.fields.push_back(rows.is_null(row, column) ? schema::Value() : schema::Value(rows.text(row, column)));
  }
  if (const int owner = rows.column("owner"); !rows.is_null(row, owner)) out.owner = rows.text(row, owner);
  return out;
}

}  // namespace

Status copy_subscriptions(Connection& admin, const std::string& from, const std::string& url, const std::string& superuser) {
  const Kind& kind = schema::kind_of(KindId::subscription);
  const std::string query = expand_query(kind.query(), admin.major(), superuser);
  PGA_ASSERT(query.find(kOfThisDatabase) != std::string::npos);
  PGA_TRY(const auto rows, admin.query(replace_all(query, kOfThisDatabase, literal(from))));
  if (rows.size() == 0) return {};
  PGA_TRY(auto copy, Connection::open(url));
  PGA_CHECK(copy.execute("SET client_min_messages = error"));
  for (int row = 0; row < rows.size(); ++row) {
    Object subscription = object_of(kind, rows, row);
    // The comment came along with the copy, on the OID that the subscription has in the other database.
    PGA_TRY(const auto comment, copy.query("SELECT d.description FROM pg_description d WHERE d.classoid = "
                                           "'pg_subscription'::regclass AND d.objoid = $1::oid",
                                           {std::string(rows.text(row, rows.column("oid")))}));
    if (comment.size() > 0) subscription.comment = std::string(comment.text(0, 0));
    for (const auto& statement : kind.create(subscription, {})) PGA_CHECK(copy.execute(statement.sql));
    for (const auto& statement : schema::owner_sql(subscription)) PGA_CHECK(copy.execute(statement.sql));
    if (!subscription.comment) continue;
    for (const auto& statement : schema::comment_sql(subscription)) PGA_CHECK(copy.execute(statement.sql));
  }
  close_completely(std::move(copy));
  return {};
}

Status drop_subscriptions(const std::string& url) {
  PGA_TRY(auto connection, Connection::open(url));
  PGA_TRY(const auto names, connection.query("SELECT s.subname FROM pg_subscription s WHERE s.subdbid = (SELECT d.oid FROM "
                                             "pg_database d WHERE d.datname = current_database())"));
  for (int row = 0; row < names.size(); ++row) {
    const std::string name = ident(std::string(names.text(row, 0)));
    for (const std::string& sql : {"ALTER SUBSCRIPTION " + name + " DISABLE",
                                   "ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)", "DROP SUBSCRIPTION " + name}) {
      PGA_CHECK(connection.execute(sql));
    }
  }
  close_completely(std::move(connection));
  return {};
}

}  // namespace pga::postgres
