// Work for later: taken by one, tried again, kept out of the way when it is done.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string done = choose(
      draft, "finished-jobs", "What becomes of jobs that are done?",
      {{"delete", "they are deleted when they succeed; failed ones stay", "The table stays as small as the work that waits."},
       {"keep", "they stay for 7 days", "They can be looked at; the purge has to keep up."}},
      "Workers slow down with every row that is done.", 2);
  Table& table = draft.table(statement.object.empty() ? "job" : statement.object);
  table.column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
  table.text("queue", 1, 60, true, "");
  table.find("queue")->tail = "DEFAULT 'default'";
  table.text("kind", 1, 100, true, "Which program does it");
  table.column({"args", "jsonb", true, "DEFAULT '{}'", ""});
  table.check("args", "object", "jsonb_typeof(args) = 'object'");
  table.one_of("state", {"available", "running", "retryable", "failed", "done"}, "available");
  table.column({"priority", "smallint", true, "DEFAULT 2", "1 first, 4 last"});
  table.check("priority", "range", "priority BETWEEN 1 AND 4");
  table.column({"run_at", "timestamptz", true, "DEFAULT now()", "Not before"});
  table.column({"attempt", "integer", true, "DEFAULT 0", ""});
  table.column({"max_attempts", "integer", true, "DEFAULT 25", ""});
  table.check("attempt", "range", "attempt BETWEEN 0 AND max_attempts");
  table.column({"locked_at", "timestamptz", false, "", ""});
  table.text("locked_by", 1, 200, false, "Which worker");
  table.column({"finished_at", "timestamptz", false, "", ""});
  table.text("last_error", 0, 10000, false, "");
  table.text("unique_key", 1, 200, false, "The same work, asked for twice, is done once");
  table.created_at();
  table.key({"id"});
  table.check("state", "running", "(state = 'running') = (locked_at IS NOT NULL AND locked_by IS NOT NULL)",
              "Both directions: what runs is somebody's, nothing else is");
  table.check("state", "finished", "(state IN ('failed', 'done')) = (finished_at IS NOT NULL)", "Both directions");
  table.index({"queue", "priority", "run_at", "id"}, "the next job", "state IN ('available', 'retryable')");
  table.index({"locked_at"}, "jobs whose worker died", "state = 'running'");
  table.index({"kind", "unique_key"}, "the same work once, while it is to be done",
              "state IN ('available', 'running', 'retryable')", true);
  if (done == "keep") table.index({"finished_at"}, "the purge of what is done", "state IN ('failed', 'done')");
  table.storage = "WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02)";
  table.says("Work that is to be done, once each");
  draft.query("Take the next: workers never wait for each other",
              fmt::format("UPDATE {0} SET state = 'running', locked_at = now(), locked_by = $2, attempt = attempt + 1 WHERE id = "
                          "(SELECT id FROM {0} WHERE queue = $1 AND state IN ('available', 'retryable') AND run_at <= now() "
                          "ORDER BY priority, run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *",
                          table.sql_name()),
              "idx_" + table.name + "_queue_priority_run_at_id");
  draft.query("It failed: later again",
              "UPDATE " + table.sql_name() +
                  " SET state = CASE WHEN attempt < max_attempts THEN 'retryable' ELSE 'failed' END, finished_at = CASE WHEN "
                  "attempt < max_attempts THEN NULL ELSE now() END, run_at = now() + interval '1 second' * power(attempt, 4), "
                  "locked_at = NULL, locked_by = NULL, last_error = $2 WHERE id = $1",
              table.name + "_pkey");
  if (done == "delete") draft.query("It is done", "DELETE FROM " + table.sql_name() + " WHERE id = $1", table.name + "_pkey");
  draft.query("Every minute: jobs whose worker died",
              "UPDATE " + table.sql_name() +
                  " SET state = 'retryable', locked_at = NULL, locked_by = NULL WHERE state = 'running' AND locked_at < now() - "
                  "interval '15 minutes'",
              "idx_" + table.name + "_locked_at");
  draft.warn("queue-vacuum",
             "A transaction that stays open for hours keeps every job that was done since: taking the next gets slow.",
             "no reports of hours on this server; idle_in_transaction_session_timeout");
  draft.warn("queue-library", "River, Oban and pg-boss do this for their languages.",
             "take one of them where your stack has one: this table is for the others");
}

}  // namespace

extern const Pattern pattern_job_queue;
const Pattern pattern_job_queue = {"job-queue", "Jobs that are taken by one worker each, with retries", &build};

}  // namespace pga::design
