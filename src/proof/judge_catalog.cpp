// Snapshots by queries of our own for servers that no pg_dump here can read. They share nothing with the reader of the model
// (src/schema/kinds): what that one is blind to is seen here.
#include "base/text.h"
#include "postgres/catalog.h"
#include "proof/judge.h"
#include "proof_embedded.h"

namespace pga::proof {
namespace {

// "@user@": n is a schema of the user's. "@own('pg_class', c.oid)@": the object is no member of an extension.
std::string expanded(std::string_view query, int major) {
  std::string sql =
      replace_all(std::string(query), "@user@",
                  "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pgarchitect', 'pgarchitect_parked')");
  for (size_t at = sql.find("@own("); at != std::string::npos; at = sql.find("@own(", at)) {
    const size_t end = sql.find(")@", at);
    PGA_ASSERT(end != std::string::npos);
    const auto arguments = split(sql.substr(at + 5, end - at - 5), ',');
    PGA_ASSERT(arguments.size() == 2);
    sql.replace(at, end + 2 - at,
                "NOT EXISTS (SELECT FROM pg_depend d_ WHERE d_.deptype = 'e' AND d_.classid = " + arguments[0] +
                    "::regclass AND d_.objid =" + arguments[1] + ")");
  }
  return postgres::expand_query(sql, major, {});
}

}  // namespace

Result<Snapshot> catalog_snapshot(const postgres::Server& server, const std::string& database) {
  PGA_TRY(auto connection, postgres::Connection::open(server.url(database)));
  PGA_CHECK(connection.execute("SET search_path = ''; SET quote_all_identifiers = off; SET jit = off"));
  const int major = connection.major();
  std::vector<std::string> statements;
  for (const auto query : {embedded::proof::judge_columns, embedded::proof::judge_relations, embedded::proof::judge_parts,
                           embedded::proof::judge_code, embedded::proof::judge_others, embedded::proof::judge_privileges}) {
    statements.push_back(expanded(query, major));
  }
  PGA_TRY(const auto answers, connection.pipeline(statements));
  Snapshot snapshot{.observer = "catalog queries", .objects = {}, .columns = {}};
  const auto& columns = answers[0];
  for (int r = 0; r < columns.size(); ++r) {
    const std::string relation(columns.text(r, 0));
    const std::string text(columns.text(r, 2));
    if (columns.flag(r, 1)) snapshot.columns[relation].push_back(text);
    // The name alone could be another column's beginning: up to the first blank outside of quotes.
    size_t end = 0;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != ' '); ++end) quoted ^= text[end] == '"';
    snapshot.objects["column of " + relation + ": " + text.substr(0, end)] = text;
  }
  for (size_t i = 1; i < answers.size(); ++i) {
    for (int r = 0; r < answers[i].size(); ++r) {
      auto& entry = snapshot.objects[std::string(answers[i].text(r, 0))];
      entry += (entry.empty() ? "" : "\n") + std::string(answers[i].text(r, 1));
    }
  }
  return snapshot;
}

}  // namespace pga::proof
