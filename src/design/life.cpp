#include "design/life.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "design/audit.h"
#include "design/build.h"
#include "design/partitions.h"

namespace pga::design {
namespace {

using request::Meaning;
using request::Statement;

// The column that tells how old a row is.
std::string age_column(const Draft& draft, const Table& table) {
  for (const char* name : {"at", "created_at", "occurred_at", "logged_at", "starts_at", "ends_at"}) {
    if (table.has(name)) return name;
  }
  const auto* known = table.existing ? draft.current().find(table.schema + "." + table.name) : nullptr;
  if (known == nullptr) return "";
  for (const auto& column : known->columns) {
    if (column.type.starts_with("timestamp")) return column.name;
  }
  return "";
}

void retain(Build& build, const Statement& statement) {
  auto& draft = build.draft;
  Table* found = draft.find(statement.subject);
  if (found == nullptr || !statement.count) return;
  if (found->storage.starts_with("PARTITION BY")) return;  // made with its own retention
  Table& table = *found;
  if (!table.existing) table.created_at();
  const std::string column = age_column(draft, table);
  if (column.empty()) {
    draft.warn("no-age-" + table.name, "Nothing in " + table.name + " tells how old a row is: it cannot be kept for a time.",
               "add created_at, then say it again");
    return;
  }
  std::string action = statement.action;
  for (const auto& decision : build.understood.decisions) {
    if (action.empty() && decision.id.ends_with("-retention-action")) action = draft.decide(decision);
  }
  const std::string function = table.name + "_purge";
  table.index({column}, fmt::format("the daily purge of {} older than {} days", table.name, *statement.count));
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string key = target.key.empty() ? "ctid" : ident(target.key[0]);
  draft.behind(
      function,
      fmt::format(R"(-- A batch at a time, so that no lock and no transaction lasts; returns 0 when nothing is left to do.
CREATE FUNCTION {0}(keep interval DEFAULT interval '{1} days', batch integer DEFAULT 1000) RETURNS integer
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  gone integer;
BEGIN
  DELETE FROM {2} WHERE {3} IN (SELECT {3} FROM {2} WHERE {4} < now() - keep ORDER BY {4} LIMIT batch FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
COMMENT ON FUNCTION {0}(interval, integer) IS 'Call it until it returns 0, once a day';)",
                  ident(function), *statement.count, ident({table.schema, table.name}), key, ident(column)));
  if (table.existing)
    draft.assume("A1", table.name + " is purged in batches: it exists and is not partitioned",
                 "say `partition " + table.name + " by " + column + "` when most of it goes each month");
}

void personal(Build& build, const Statement& statement) {
  Table* table = build.draft.find(statement.subject);
  if (table == nullptr) return;
  for (const auto& name : statement.names) {
    if (Column* column = table->find(name)) {
      if (column->comment.find("ersonal") == std::string::npos)
        column->comment += column->comment.empty() ? "Personal" : "; personal";
    }
  }
  const bool kept = std::ranges::any_of(build.understood.statements, [&](const Statement& other) {
    return other.meaning == Meaning::retain && singular_of(other.subject) == singular_of(statement.subject);
  });
  if (!kept)
    build.draft.warn("personal-without-retention", statement.paraphrase + " Nothing says how long it is kept.",
                     "say `keep " + table->name + " … days`, or what is anonymised when an account goes");
}

void partition(Build& build, const Statement& statement) {
  Table* table = build.draft.find(statement.subject);
  if (table == nullptr || statement.names.empty()) return;
  const std::string column = statement.names[0];
  if (table->existing) {
    build.draft.warn("partition-existing",
                     table->name + " exists: partitioning it means a new table, its rows moved in batches, and a swap.",
                     "write the partitioned table into the schema and let `pgarchitect plan` lead there");
    return;
  }
  if (statement.action == "range" || statement.action.empty()) {
    std::erase_if(table->rules, [](const Rule& r) { return r.sql.starts_with("PRIMARY KEY"); });
    const auto old = std::exchange(table->primary, {});
    std::vector<std::string> key = {column};
    for (const auto& name : old) {
      if (name != column) key.push_back(name);
    }
    table->key(key);
    partition_by_time(build.draft, *table, {.column = column, .step = "month", .ahead = 3, .keep_days = 0});
  }
}

}  // namespace

void soft_delete(Draft& draft, const std::string& entity, long long purge_days) {
  Table& table = draft.table(entity);
  if (!table.existing) table.id().created_at();
  if (!table.has("deleted_at"))
    table.column({"deleted_at", "timestamptz", false, "", "Set when the row was deleted; NULL while it is live"});
  const auto target = draft.target(table.schema + "." + table.name);
  if (purge_days > 0) {
    table.index({"deleted_at"}, fmt::format("the purge of rows deleted more than {} days ago", purge_days),
                "deleted_at IS NOT NULL");
    draft.query(fmt::format("Once a day: what was deleted more than {} days ago goes", purge_days),
                fmt::format("DELETE FROM {} WHERE deleted_at < now() - interval '{} days'", table.sql_name(), purge_days),
                "idx_" + table.name + "_deleted_at");
  }
  const std::string view = "live_" + table.name;
  draft.behind(
      view,
      fmt::format("CREATE VIEW {}{} AS\n  SELECT * FROM {} WHERE deleted_at IS NULL;\nCOMMENT ON VIEW {} IS 'The rows "
                  "that are not deleted';",
                  ident(view), draft.major() >= 15 ? " WITH (security_invoker = true)" : "", table.sql_name(), ident(view)));
  const auto* known = table.existing ? draft.current().find(table.schema + "." + table.name) : nullptr;
  if (known != nullptr && !known->uniques.empty())
    draft.warn("unique-over-deleted",
               fmt::format("A deleted row of {} still takes its unique values ({}): they cannot be used again.", table.name,
                           join(known->uniques.front(), ", ")),
               "make those indexes partial: … WHERE deleted_at IS NULL");
  draft.warn("soft-delete-references",
             "Foreign keys do not see deleted_at: rows may point to a " + singular_of(table.name) + " that is deleted.",
             "read through " + view + ", and delete what depends on it in the same transaction");
}

void belong_to_tenant(Draft& draft, const std::string& tenant, const std::vector<std::string>& shared) {
  const auto owner = draft.target(tenant);
  const std::string column = owner.one + "_id", setting = "app." + owner.one + "_id";
  const std::string type = owner.types.empty() ? "bigint" : owner.types[0];
  const std::string mine = "(SELECT nullif(current_setting('" + setting + "', true), '')::" + type + ")";
  std::vector<std::string> names;
  for (auto* table : draft.made_tables()) names.push_back(table->name);
  for (const auto& name : names) {
    const bool is_shared = std::ranges::any_of(shared, [&](const std::string& s) { return singular_of(s) == singular_of(name); });
    if (is_shared || singular_of(name) == owner.one) continue;
    Table& table = draft.table(name);
    if (table.storage.starts_with("PARTITION BY")) continue;
    table.reference(column, owner, OnDelete::cascade, true, "Whose row it is");
    table.after(
        fmt::format("ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {0} FORCE ROW LEVEL SECURITY;", table.sql_name()));
    for (const auto& [word, clause] : {std::pair<std::string, std::string>{"select", "USING"},
                                       {"insert", "WITH CHECK"},
                                       {"update", "BOTH"},
                                       {"delete", "USING"}}) {
      const std::string test = ident(column) + " = " + mine;
      const std::string body = clause == "BOTH" ? "USING (" + test + ") WITH CHECK (" + test + ")" : clause + " (" + test + ")";
      std::string upper = word;
      for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      table.after(
          fmt::format("CREATE POLICY {} ON {} FOR {} {};", ident(name + "_" + word + "_own"), table.sql_name(), upper, body));
    }
  }
  draft.assume("P27", "every row belongs to one " + owner.one + "; the application says which with SET LOCAL " + setting,
               "name the tables that all share");
  draft.warn("rls-owner", "Superusers and roles with BYPASSRLS see everything; a connection pool must use SET LOCAL, never SET.",
             "connect as a role that owns nothing");
}

void build_life(Build& build) {
  for (const auto& statement : build.understood.statements) {
    if (statement.negated) continue;
    because(build, statement);
    switch (statement.meaning) {
      case Meaning::soft_delete:
        soft_delete(build.draft, statement.subject, statement.count.value_or(0));
        break;
      case Meaning::retain:
        retain(build, statement);
        break;
      case Meaning::personal:
        personal(build, statement);
        break;
      case Meaning::partition:
        partition(build, statement);
        break;
      default:
        break;
    }
  }
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning != Meaning::tenant || statement.subject.empty()) continue;
    because(build, statement);
    auto shared = statement.others;
    for (const auto& entity : build.understood.statements) {  // "entity user rows 120k, shared across companies"
      const auto note = entity.options.find("note");
      if (entity.meaning == Meaning::entity && note != entity.options.end() && note->second.find("shared") != std::string::npos)
        shared.push_back(entity.subject);
    }
    belong_to_tenant(build.draft, statement.subject, shared);
  }
  for (const auto& statement : build.understood.statements) {
    if (statement.meaning != Meaning::audit || statement.negated) continue;
    because(build, statement);
    std::vector<std::string> tables;
    if (!statement.subject.empty()) tables.push_back(statement.subject);
    tables.insert(tables.end(), statement.others.begin(), statement.others.end());
    if (tables.empty()) {
      for (auto* table : build.draft.made_tables()) tables.push_back(table->name);
    }
    audit_tables(build.draft, tables, statement.count.value_or(730));
  }
}

}  // namespace pga::design
