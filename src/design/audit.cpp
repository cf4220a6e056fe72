#include "design/audit.h"

#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/partitions.h"

namespace pga::design {

void audit_tables(Draft& draft, const std::vector<std::string>& tables, long long keep_days) {
  Table& log = draft.table("audit_log");
  if (!log.existing) {
    log.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
    log.column({"at", "timestamptz", true, "DEFAULT now()", "The time of the transaction"});
    log.key({"at", "id"});
    log.column({"relation", "text", true, "", "schema.table"});
    log.column({"operation", "text", true, "", ""});
    log.check("operation", "known", "operation IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')");
    log.column({"row_key", "jsonb", false, "", "The primary key of the row"});
    log.column({"old_row", "jsonb", false, "", "The row before; of an UPDATE only what changed"});
    log.column({"new_row", "jsonb", false, "", "The row after; of an UPDATE only what changed"});
    log.column({"actor", "text", false, "", "Who, as the application says it: SET LOCAL app.user_id"});
    log.column({"database_role", "text", true, "DEFAULT session_user", ""});
    log.column({"transaction_id", "text", true, "DEFAULT pg_current_xact_id()::text", "Changes made together"});
    log.special_index({"idx_audit_log_relation_row_key_at", false, "(relation, row_key, at DESC)", "the history of one row"});
    log.index({"actor", "at DESC"}, "what one person changed", "actor IS NOT NULL");
    log.says("Who changed which row, and how; written by triggers only");
    partition_by_time(draft, log, {.column = "at", .step = "month", .ahead = 3, .keep_days = keep_days});
    log.after("REVOKE ALL ON " + log.sql_name() + " FROM PUBLIC;");
    log.after(fmt::format(
        R"(-- SECURITY DEFINER: those who may change the tables need no right on the log. TG_ARGV: columns that are left out.
CREATE FUNCTION audit_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  hidden text[] := coalesce(TG_ARGV[0], '{{}}')::text[];
  keys text[] := coalesce(TG_ARGV[1], '{{}}')::text[];
  before jsonb := CASE WHEN TG_OP IN ('UPDATE', 'DELETE') THEN to_jsonb(OLD) - hidden END;
  after jsonb := CASE WHEN TG_OP IN ('INSERT', 'UPDATE') THEN to_jsonb(NEW) - hidden END;
  whole jsonb := coalesce(after, before);
  row_key jsonb;
BEGIN
  SELECT jsonb_object_agg(k, whole -> k) INTO row_key FROM unnest(keys) AS k;
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(e.key, e.value), jsonb_object_agg(e.key, after -> e.key) INTO before, after
      FROM jsonb_each(before) AS e WHERE e.value IS DISTINCT FROM after -> e.key;
    IF before IS NULL THEN
      RETURN NULL;  -- nothing that is logged has changed
    END IF;
  END IF;
  INSERT INTO {log} (relation, operation, row_key, old_row, new_row, actor)
    VALUES (format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), TG_OP, row_key, before, after, nullif(current_setting('app.user_id', true), ''));
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION audit_row() IS 'Trigger: writes what a statement did to a row into the audit log';)",
        fmt::arg("log", ident({log.schema, log.name}))));
    draft.cause("audit_row");
    draft.warn("audit-cost",
               "A row trigger makes bulk writes several times slower (an INSERT of 50,000 rows took 5.5 times as long).",
               "leave tables out whose history nobody asks for");
    draft.query("The history of one row",
                "SELECT at, operation, old_row, new_row, actor FROM " + log.sql_name() +
                    " WHERE relation = $1 AND row_key = $2 ORDER BY at DESC",
                "idx_audit_log_relation_row_key_at");
  }
  for (const auto& entity : tables) {
    Table* found = draft.find(entity);
    if (found == nullptr || found == &log || found->storage.starts_with("PARTITION BY")) continue;
    const auto target = draft.target(entity);
    std::vector<std::string> hidden;
    const auto* known = found->existing ? draft.current().find(found->schema + "." + found->name) : nullptr;
    const auto secret = [&](const std::string& name) {
      if (name.find("password") != std::string::npos || name.find("secret") != std::string::npos ||
          name.find("token") != std::string::npos || name.ends_with("_hash"))
        hidden.push_back(name);
    };
    if (known != nullptr) {
      for (const auto& column : known->columns) secret(column.name);
    }
    for (const auto& column : found->columns) secret(column.name);
    // Behind all tables: the trigger's function may stand on a table that comes later.
    draft.behind(
        found->name + "_audit",
        fmt::format("CREATE TRIGGER {} AFTER INSERT OR UPDATE OR DELETE ON {}\n  FOR EACH ROW EXECUTE FUNCTION audit_row({}, "
                    "{});",
                    ident(found->name + "_audit"), found->sql_name(), literal("{" + join(hidden, ",") + "}"),
                    literal("{" + join(target.key, ",") + "}")));
    if (!hidden.empty())
      draft.assume("A3", "the audit log leaves out " + found->name + "." + join(hidden, ", " + found->name + "."), "");
  }
}

}  // namespace pga::design
