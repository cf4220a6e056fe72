// Mutations of a database as it stands: each operator asks the catalogs for the statements that it could make, one is chosen, and
// the server is asked whether it takes it. Used behind random schemas and on real ones.
#include <algorithm>

#include "fuzz_pairs/generator.h"
#include "seed/random.h"

namespace pga::fuzz {
namespace {

struct Operator {
  const char* name;
  const char* candidates;  // one column: statements. $t: user tables (t), $c: their columns (c, with t), $f: functions
};

// t: oid, name; only ordinary and partitioned tables that are no partitions and of no extension.
const char* const kTables =
    "(SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON "
    "n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> "
    "'information_schema' AND c.relpersistence <> 't' "
    "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))";
const char* const kColumns =
    "(SELECT a.attrelid, a.attname, quote_ident(a.attname) AS name, a.attnotnull, a.atthasdef, a.attidentity, a.attgenerated, "
    "format_type(a.atttypid, a.atttypmod) AS type, t.typcategory "
    "FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attinhcount = 0)";

// p: functions that somebody wrote, not those that come with a range type.
const char* const kFunctions =
    "(SELECT p.oid, p.prokind FROM pg_proc p WHERE p.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = "
    "'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('i', 'e')))";

const Operator kOperators[] = {
    {"add column",
     "SELECT format('ALTER TABLE %s ADD COLUMN added_%s %s', t.name, x.n, x.type) FROM $t t, (VALUES (1, 'integer'), (2, 'text "
     "NOT NULL DEFAULT ''x'''), "
     "(3, 'timestamptz DEFAULT now()'), (4, 'jsonb'), (5, 'uuid DEFAULT gen_random_uuid()'), (6, 'bigint GENERATED ALWAYS AS "
     "IDENTITY'), (7, 'boolean NOT NULL DEFAULT false')) x(n, type)"},
    {"drop column", "SELECT format('ALTER TABLE %s DROP COLUMN %s', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid"},
    {"drop column and what needs it",
     "SELECT format('ALTER TABLE %s DROP COLUMN %s CASCADE', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid"},
    {"integer to bigint",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE bigint', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid "
     "WHERE c.type IN ('integer', 'smallint')"},
    {"varchar to text",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE text', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid WHERE "
     "c.type LIKE 'character%'"},
    {"text to varchar",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE varchar(500)', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = "
     "t.oid WHERE c.type = 'text'"},
    {"longer varchar",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE varchar(333)', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = "
     "t.oid WHERE c.type ~ '^character varying\\('"},
    {"timestamp to timestamptz",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE timestamptz', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid "
     "WHERE c.type LIKE 'timestamp%without%'"},
    {"json to jsonb",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE jsonb', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid WHERE "
     "c.type = 'json'"},
    {"bigint to numeric",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s TYPE numeric(20,0)', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = "
     "t.oid WHERE c.type = 'bigint'"},
    {"set not null",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s SET NOT NULL', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid "
     "WHERE NOT c.attnotnull"},
    {"drop not null",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid "
     "WHERE c.attnotnull"},
    {"set default",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s', t.name, c.name, CASE c.typcategory WHEN 'N' THEN '7' WHEN "
     "'S' THEN '''d''' WHEN 'B' THEN 'true' ELSE 'NULL' END) "
     "FROM $t t JOIN $c c ON c.attrelid = t.oid WHERE c.typcategory IN ('N', 'S', 'B') AND c.attgenerated = '' AND c.attidentity "
     "= ''"},
    {"drop default",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid "
     "WHERE c.atthasdef AND c.attgenerated = ''"},
    {"drop expression",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s DROP EXPRESSION', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid "
     "WHERE c.attgenerated = 's'"},
    {"identity",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s ADD GENERATED BY DEFAULT AS IDENTITY', t.name, c.name) FROM $t t JOIN $c c "
     "ON c.attrelid = t.oid WHERE c.type IN ('integer', 'bigint') AND c.attnotnull AND NOT c.atthasdef"},
    {"identity the other way",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s SET GENERATED %s', t.name, c.name, CASE c.attidentity WHEN 'a' THEN 'BY "
     "DEFAULT' ELSE 'ALWAYS' END) FROM $t t JOIN $c c ON c.attrelid = t.oid WHERE c.attidentity <> ''"},
    {"drop identity",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s DROP IDENTITY', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid "
     "WHERE c.attidentity <> ''"},
    {"column settings",
     "SELECT format('ALTER TABLE %s ALTER COLUMN %s SET %s', t.name, c.name, x.s) FROM $t t JOIN $c c ON c.attrelid = t.oid, "
     "(VALUES ('STATISTICS 77'), ('STORAGE EXTERNAL'), ('(n_distinct = 9)')) x(s)"},
    {"comment on column",
     "SELECT format('COMMENT ON COLUMN %s.%s IS %L', t.name, c.name, 'It''s new') FROM $t t JOIN $c c ON c.attrelid = t.oid"},
    {"comment on table",
     "SELECT format('COMMENT ON TABLE %s IS %s', t.name, x.s) FROM $t t, (VALUES ('''What it is'''), ('NULL')) x(s)"},
    {"add index",
     "SELECT format('CREATE INDEX %I ON %s (%s)', 'added_' || t.relname || '_' || c.attname, t.name, c.name) FROM $t t JOIN $c c "
     "ON c.attrelid = t.oid"},
    {"add partial index",
     "SELECT format('CREATE INDEX %I ON %s (%s DESC) WHERE %s IS NOT NULL', 'partial_' || c.attname, t.name, c.name, c.name) "
     "FROM $t t JOIN $c c ON c.attrelid = t.oid"},
    {"drop index", "SELECT format('DROP INDEX %s', i.indexrelid::regclass) FROM $t t JOIN pg_index i ON i.indrelid = t.oid"},
    {"add check",
     "SELECT format('ALTER TABLE %s ADD CHECK (%s IS NOT NULL OR %s IS NULL)%s', t.name, c.name, c.name, x.s) FROM $t t JOIN $c "
     "c ON c.attrelid = t.oid, (VALUES (''), (' NOT VALID')) x(s)"},
    {"drop constraint",
     "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, k.conname) FROM $t t JOIN pg_constraint k ON k.conrelid = t.oid "
     "WHERE k.contype <> 'n'"},
    {"drop constraint and what needs it",
     "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', t.name, k.conname) FROM $t t JOIN pg_constraint k ON k.conrelid "
     "= t.oid WHERE k.contype <> 'n'"},
    {"foreign key with another action",
     "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', t.name, k.conname, k.conname, "
     "regexp_replace(pg_get_constraintdef(k.oid), ' ON DELETE .*|$', ' ON DELETE CASCADE')) "
     "FROM $t t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype = 'f' AND k.conparentid = 0"},
    {"deferrable",
     "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED', t.name, k.conname) FROM $t t JOIN "
     "pg_constraint k ON k.conrelid = t.oid WHERE k.contype = 'f' AND k.conparentid = 0"},
    {"unique", "SELECT format('ALTER TABLE %s ADD UNIQUE (%s)', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = t.oid"},
    {"new table",
     "SELECT format('CREATE TABLE %s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, at timestamptz "
     "DEFAULT now())', regexp_replace(t.name, '\\.(\"?)', '.\\1fresh_')) FROM $t t"},
    {"drop table", "SELECT format('DROP TABLE %s', t.name) FROM $t t"},
    {"drop table and what needs it", "SELECT format('DROP TABLE %s CASCADE', t.name) FROM $t t"},
    {"storage parameters", "SELECT format('ALTER TABLE %s SET (fillfactor = 66)', t.name) FROM $t t"},
    {"row security",
     "SELECT format('ALTER TABLE %s %s ROW LEVEL SECURITY', t.name, x.s) FROM $t t, (VALUES ('ENABLE'), ('FORCE'), ('DISABLE')) "
     "x(s)"},
    {"policy",
     "SELECT format('CREATE POLICY added ON %s USING (%s IS NOT NULL)', t.name, c.name) FROM $t t JOIN $c c ON c.attrelid = "
     "t.oid"},
    {"drop policy", "SELECT format('DROP POLICY %I ON %s', p.polname, t.name) FROM $t t JOIN pg_policy p ON p.polrelid = t.oid"},
    {"disable trigger",
     "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', t.name, g.tgname) FROM $t t JOIN pg_trigger g ON g.tgrelid = t.oid "
     "WHERE NOT g.tgisinternal"},
    {"drop trigger",
     "SELECT format('DROP TRIGGER %I ON %s', g.tgname, t.name) FROM $t t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT "
     "g.tgisinternal"},
    {"replica identity", "SELECT format('ALTER TABLE %s REPLICA IDENTITY FULL', t.name) FROM $t t"},
    {"add enum value",
     "SELECT format('ALTER TYPE %s ADD VALUE %L BEFORE %L', e.enumtypid::regtype, 'added value', min(e.enumlabel)) FROM pg_enum "
     "e GROUP BY e.enumtypid"},
    {"rename enum value",
     "SELECT format('ALTER TYPE %s RENAME VALUE %L TO %L', e.enumtypid::regtype, e.enumlabel, 'renamed ' || e.enumlabel) FROM "
     "pg_enum e"},
    {"drop view", "SELECT format('DROP VIEW %s', c.oid::regclass) FROM pg_class c WHERE c.relkind = 'v' AND c.oid >= 16384"},
    {"drop materialized view",
     "SELECT format('DROP MATERIALIZED VIEW %s', c.oid::regclass) FROM pg_class c WHERE c.relkind = 'm'"},
    {"view over a table",
     "SELECT format('CREATE VIEW %s AS SELECT %s FROM %s', regexp_replace(t.name, '\\.(\"?)', '.\\1over_'), c.name, t.name) FROM "
     "$t t JOIN $c c ON c.attrelid = t.oid"},
    {"drop function", "SELECT format('DROP ROUTINE %s', p.oid::regprocedure) FROM $f p"},
    {"function settings",
     "SELECT format('ALTER FUNCTION %s %s', p.oid::regprocedure, x.s) FROM $f p, (VALUES ('SECURITY DEFINER'), ('COST 77'), "
     "('PARALLEL SAFE'), ('STABLE'), ('SET search_path = pg_catalog')) x(s) WHERE p.prokind = 'f'"},
    {"sequence options",
     "SELECT format('ALTER SEQUENCE %s %s', c.oid::regclass, x.s) FROM pg_class c, (VALUES ('INCREMENT BY 3'), ('CACHE 5'), "
     "('CYCLE')) x(s) WHERE c.relkind = 'S' AND c.oid >= 16384"},
    {"drop domain constraint",
     "SELECT format('ALTER DOMAIN %s DROP CONSTRAINT %I', k.contypid::regtype, k.conname) FROM pg_constraint k WHERE k.contypid "
     "<> 0 AND k.oid >= 16384"},
    {"domain default",
     "SELECT format('ALTER DOMAIN %s DROP DEFAULT', t.oid::regtype) FROM pg_type t WHERE t.typtype = 'd' AND t.typdefault IS NOT "
     "NULL AND t.oid >= 16384"},
    {"grant", "SELECT format('GRANT %s ON %s TO PUBLIC', x.s, t.name) FROM $t t, (VALUES ('SELECT'), ('INSERT'), ('ALL')) x(s)"},
    {"revoke", "SELECT format('REVOKE ALL ON %s FROM PUBLIC', t.name) FROM $t t"},
    {"detach partition",
     "SELECT format('ALTER TABLE %s DETACH PARTITION %s', h.inhparent::regclass, h.inhrelid::regclass) FROM pg_inherits h JOIN "
     "pg_class c ON c.oid = h.inhrelid WHERE c.relispartition AND c.relkind IN ('r', 'p')"},
    {"unlogged", "SELECT format('ALTER TABLE %s SET UNLOGGED', t.name) FROM $t t WHERE t.relkind = 'r'"},
    {"publication", "SELECT format('CREATE PUBLICATION added FOR TABLE %s', t.name) FROM $t t"},
    {"statistics",
     "SELECT format('CREATE STATISTICS added_%s ON %s, %s FROM %s', abs(hashtext(a.attname || b.attname)), a.name, b.name, "
     "t.name) FROM $t t JOIN $c a ON a.attrelid = t.oid JOIN $c b ON b.attrelid = t.oid AND b.attname > a.attname"},
};

std::string expanded(std::string sql) {
  for (const auto& [mark, text] : {std::pair<std::string, std::string>{"$t ", kTables}, {"$c ", kColumns}, {"$f ", kFunctions}}) {
    for (size_t at = sql.find(mark); at != std::string::npos; at = sql.find(mark, at + text.size())) sql.replace(at, 2, text);
  }
  return sql;
}

}  // namespace

Result<std::vector<std::string>> mutate(postgres::Connection& connection, uint64_t seed, int count,
                                        std::vector<std::string>& names) {
  seed::Random random(seed);
  std::vector<std::string> out;
  for (int tries = 0; tries < count * 20 && static_cast<int>(out.size()) < count; ++tries) {
    const auto& chosen = kOperators[random.below(std::size(kOperators))];
    auto rows = connection.execute_rows("SAVEPOINT mutation; SELECT s.* FROM (" + expanded(chosen.candidates) +
                                        ") s(sql) WHERE sql IS NOT NULL ORDER BY sql COLLATE \"C\"");
    if (!rows) return fail(std::move(rows.error()));  // ours to mend: the operator's question is wrong
    if (rows->size() == 0) {
      (void)connection.execute("ROLLBACK TO mutation; RELEASE mutation");
      continue;
    }
    const std::string statement(rows->text(static_cast<int>(random.below(static_cast<size_t>(rows->size()))), 0));
    if (connection.execute(statement + "; RELEASE mutation")) {
      out.push_back(statement);
      names.emplace_back(chosen.name);
    } else {
      (void)connection.execute("ROLLBACK TO mutation; RELEASE mutation");
    }
  }
  return out;
}

}  // namespace pga::fuzz
