// Work in batches (data.h): a DO block that commits after each, by the key of the table or, without one, by its blocks. It can be
// stopped at any point and run again: the work's own condition leaves out the rows that are done.
// https://www.postgresql.org/docs/current/plpgsql-transactions.html
#include "base/quote.h"
#include "base/text.h"
#include "plan/online/data.h"
#include "plan_embedded.h"

namespace pga::plan::data {
namespace {

using schema::Id;

std::string may_be_quiet(const Situation& situation) {
  return situation.major() >= 15 ? "pg_catalog.has_parameter_privilege('session_replication_role', 'SET')"
                                 : "pg_catalog.current_setting('is_superuser')::boolean";
}

// Settings of each batch's transaction: who waits for a row waits for a moment only; the user's own triggers do not fire for our
// writes where we may say so; a policy that would hide rows is an error instead.
std::string session(const Situation& situation, const Id& table) {
  std::string out =
      "    PERFORM pg_catalog.set_config('lock_timeout', '1s', true), pg_catalog.set_config('row_security', 'off', true);";
  if (has_triggers(table, situation)) {
    out += "\n    IF " + may_be_quiet(situation) +
           " THEN\n      PERFORM pg_catalog.set_config('session_replication_role', 'replica', true);\n    END IF;";
  }
  return out;
}

// A published table's rows are told apart by the primary key where there is one (a publication's column list has to cover it, and
// a row filter may name its columns only), else by all columns.
std::string told_apart_by(const std::string& relation) {
  return "CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = " + relation +
         " AND x.indisprimary) THEN 'DEFAULT' ELSE 'FULL' END";
}

// While rows of `leaf` are written; before and after as it was.
std::string identify() {
  return "        SELECT CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'd' THEN 'DEFAULT' END INTO identity FROM "
         "pg_catalog.pg_class c WHERE c.oid = leaf;\n        IF identity IS NOT NULL THEN\n          EXECUTE "
         "pg_catalog.format('ALTER TABLE ONLY %s REPLICA IDENTITY %s', leaf, " +
         told_apart_by("leaf") + ");\n        END IF;\n";
}
std::string forget() {
  return "        IF identity IS NOT NULL THEN\n          EXECUTE pg_catalog.format('ALTER TABLE ONLY %s REPLICA IDENTITY %s', "
         "leaf, identity);\n        END IF;\n";
}

// The table and those below it that have nothing to tell their rows apart by.
std::string find_bare(const Id& table) {
  return "  WITH RECURSIVE below AS (\n    SELECT " + literal(table_of(table)) +
         "::pg_catalog.regclass::pg_catalog.oid AS relation\n    UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN "
         "below "
         "b ON i.inhparent = b.relation)\n  SELECT coalesce(pg_catalog.array_agg(c.oid::pg_catalog.regclass ORDER BY c.oid), "
         "'{}'), "
         "pg_catalog.array_agg(CASE c.relreplident WHEN 'n' THEN 'NOTHING' ELSE 'DEFAULT' END ORDER BY c.oid) INTO bare, was\n  "
         "FROM below b JOIN pg_catalog.pg_class c ON c.oid = b.relation WHERE c.relkind = 'r' AND c.relreplident IN ('n', "
         "'d');\n";
}

std::string numbered(std::string_view before, size_t count, size_t first = 1) {
  std::vector<std::string> out;
  for (size_t i = 0; i < count; ++i) out.push_back(std::string(before) + std::to_string(first + i));
  return join(out, ", ");
}

std::string by_key(const Situation& situation, const Id& table, const Key& key, const Work& work) {
  const std::string name = table_of(table);
  const size_t count = key.columns.size();
  std::vector<std::string> keys, descending;
  std::string declare, advance;
  for (size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i + 1);
    keys.push_back(column("t", key.columns[i]));
    descending.push_back("k" + number + " DESC");
    const std::string type = ident({table.path[0], table.path[1], key.columns[i]}) + "%TYPE";
    declare += (i > 0 ? "\n" : "") + std::string("  low") + number + " " + type + ";\n  high" + number + " " + type + ";";
    advance += (i > 0 ? "\n" : "") + std::string("      low") + number + " := high" + number + ";";
  }
  const std::string list = join(keys, ", "), names = numbered("k", count);
  const std::string rows = std::to_string(situation.options.batch_rows);
  const std::string find = "SELECT " + names + " FROM (SELECT " + list + " FROM " + name + " AS t WHERE ";
  const std::string tail =
      " ORDER BY " + list + " LIMIT " + rows + ") AS batch (" + names + ") ORDER BY " + join(descending, ", ") + " LIMIT 1";
  return fill_in(embedded::plan::online_backfill_by_key,
                 {{"declare", declare},
                  {"table_literal", literal(name)},
                  {"session", session(situation, table)},
                  {"find_head", literal(find)},
                  {"find_tail", literal(tail)},
                  {"work_head", literal(work.head + name + work.middle)},
                  {"work_tail", literal(" AND (" + list + ") <= (" + numbered("$", count, count + 1) + ")" + work.tail)},
                  {"next_span", literal("(" + list + ") > (" + numbered("$", count) + ")")},
                  {"highs", numbered("high", count)},
                  {"high1", "high1"},
                  {"lows", numbered("low", count)},
                  {"advance", advance},
                  {"rows", rows}});
}

std::string by_block(const Situation& situation, const Id& table, const Work& work) {
  // Ranges of ctid are scans of those blocks from 14 on; 13 needs each ctid (at most 291 rows fit into a block of 8 kB).
  const std::string span =
      situation.major() >= 14
          ? "t.ctid >= '(%s,0)'::tid AND t.ctid < '(%s,0)'::tid"
          : "t.ctid = ANY (ARRAY(SELECT ('(' || b || ',' || i || ')')::tid FROM generate_series(%s, %s - 1) b, "
            "generate_series(1, current_setting('block_size')::integer / 28) i))";
  const bool bare = lacks_replica_identity(table, situation);
  return fill_in(embedded::plan::online_backfill_by_block, {{"table_literal", literal(table_of(table))},
                                                            {"session", session(situation, table)},
                                                            {"declare", bare ? "  identity text;\n" : ""},
                                                            {"identify", bare ? identify() : ""},
                                                            {"forget", bare ? forget() : ""},
                                                            {"work_head", literal(work.head + "ONLY ")},
                                                            {"work_middle", literal(work.middle)},
                                                            {"work_tail", literal(work.tail)},
                                                            {"span", literal(span)},
                                                            {"rows", std::to_string(situation.options.batch_rows)}});
}

}  // namespace

Draft in_batches(const Id& id, const Situation& situation, const Id& table, const std::optional<Key>& key, const Work& work,
                 std::string why) {
  // By blocks it goes leaf by leaf, and can tell rows apart by all their columns where nothing else does (REPLICA IDENTITY
  // NOTHING).
  const bool keyed = key && !lacks_replica_identity(table, situation);
  const std::string body = keyed ? by_key(situation, table, *key, work) : by_block(situation, table, work);
  Draft out = draft(id, Phase::migrate_data, "DO " + dollar_quote("\n" + body), std::move(why));
  out.transactional = false;
  out.step.batched = true;
  out.step.hazards = {Hazard::data_change};
  return out;
}

std::string quietly(const Id& table, const Situation& situation, const std::string& sql) {
  const bool silent = has_triggers(table, situation), bare = lacks_replica_identity(table, situation);
  if (!silent && !bare) return sql;
  const auto role = [&](const std::string& value) {
    return silent ? "  IF " + may_be_quiet(situation) + " THEN\n    PERFORM pg_catalog.set_config('session_replication_role', " +
                        value + ", true);\n  END IF;\n"
                  : "";
  };
  const auto identity = [&](const std::string& value) {
    return bare ? "  FOR i IN 1 .. pg_catalog.cardinality(bare) LOOP\n    EXECUTE pg_catalog.format('ALTER TABLE ONLY %s REPLICA "
                  "IDENTITY %s', bare[i], " +
                      value + ");\n  END LOOP;\n"
                : "";
  };
  std::string body = "\nDECLARE\n";
  if (silent) body += "  role text := pg_catalog.current_setting('session_replication_role');\n";
  if (bare) body += "  bare pg_catalog.regclass[];\n  was text[];\n";
  return "DO " +
         dollar_quote(body + "BEGIN\n" + (bare ? find_bare(table) : "") + role("'replica'") + identity(told_apart_by("bare[i]")) +
                      "  " + sql + ";\n" + identity("was[i]") + role("role") + "END\n");
}

std::string at_once(const Id& table, const Work& work) {
  return work.head + table_of(table) + work.middle + "true" + work.tail;
}

}  // namespace pga::plan::data
