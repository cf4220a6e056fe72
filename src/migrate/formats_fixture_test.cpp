#include "migrate/formats_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/connection.h"

namespace pga::migrate {
namespace fs = std::filesystem;
namespace {

constexpr const char* kTable = R"(public."We""ird $$ `x` ${y} :z ?q %s ; -- t")";

constexpr const char* kOldFunction = R"(CREATE OR REPLACE FUNCTION public.greet(name text) RETURNS text LANGUAGE plpgsql AS $old$
BEGIN
  -- the old one: it's "quoted"; ${user.dir} and ? and :name

  RETURN format('%s says \? ' || $$hi; there$$, name);
END $old$)";

constexpr const char* kNewFunction = R"(CREATE OR REPLACE FUNCTION public.greet(name text) RETURNS text LANGUAGE plpgsql AS $body$
DECLARE
  a text := $$one; "two" `three` ${four} ${:five} :six ?seven \? \\? \n$$;
  b text := E'\\ \? it''s' || """$$""" || $q$ $$ $q$;
  """$$""" int;
BEGIN
  /* a ; comment */ -- and -- another ; `${name}`
  -- :name :'name' %s %% {0} ?? \:x

  IF a ~ '\?+' THEN RETURN 'x' || name; END IF;
  EXECUTE $x$SELECT '$y$ $1'$x$;
	RETURN a::text || b;  
END;
$body$)";

constexpr const char* kBatched = R"(DO $batch$
DECLARE
  done bigint;
BEGIN
  LOOP
    UPDATE public.users SET full_name = email || ' ?' WHERE id IN (SELECT id FROM public.users WHERE full_name IS NULL LIMIT 100);
    GET DIAGNOSTICS done = ROW_COUNT;
    COMMIT;
    EXIT WHEN done = 0;
  END LOOP;
END $batch$)";

plan::Step step(std::string sql, std::string object, std::string why = "because; it's `so` */ ${x} ?") {
  return {.sql = std::move(sql), .why = std::move(why), .object = std::move(object)};
}

plan::Script up_script() {
  plan::Section first{.transactional = true, .phase = plan::Phase::expand, .why = "catalogs only", .steps = {}};
  first.steps = {
      step("ALTER TABLE public.users ADD COLUMN full_name text", "column public.users.full_name"),
      step(std::string("CREATE TABLE ") + kTable +
               R"( (id int PRIMARY KEY, "a;b" jsonb CHECK ("a;b" ? 'x?y'), c text[] DEFAULT '{"\\?"}'))",
           std::string("table ") + kTable + "\nDROP TABLE users; */"),
      step(std::string("COMMENT ON TABLE ") + kTable + " IS E'tab\\tquote '' `${x}` :y ? \\\\? $$ \"\"\" \\n-- not a comment'",
           "comment"),
      step(kNewFunction, "function public.greet(text)")};
  first.steps[0].hazards = {plan::Hazard::strong_lock};
  first.steps[0].strong_lock = true;
  plan::Section plain{.transactional = false, .phase = plan::Phase::migrate_data, .why = "CONCURRENTLY", .steps = {}};
  plain.steps = {
      step("CREATE INDEX CONCURRENTLY \"users; email ?\" ON public.users (email, (tags[1])) WHERE email <> ':x ?' -- why not",
           "index public.\"users; email ?\""),
      step("CREATE UNIQUE INDEX CONCURRENTLY users_name ON public.users (lower(email), id)", "index public.users_name"),
      step(kBatched, "column public.users.full_name")};
  plain.steps[0].concurrent_index = "public.\"users; email ?\"";
  plain.steps[0].hazards = {plan::Hazard::index_build, plan::Hazard::long_scan};
  plain.steps[1].concurrent_index = "public.users_name";
  plain.steps[2].batched = true;
  plan::Section last{.transactional = true, .phase = plan::Phase::contract, .why = "", .steps = {}};
  last.steps = {step("ALTER TABLE public.users ALTER COLUMN full_name SET NOT NULL", "column public.users.full_name", "")};
  return {first, plain, last};
}

plan::Script down_script() {
  plan::Section plain{.transactional = false, .phase = plan::Phase::expand, .why = "CONCURRENTLY", .steps = {}};
  plain.steps = {step("DROP INDEX CONCURRENTLY public.users_name", "index public.users_name"),
                 step("DROP INDEX CONCURRENTLY public.\"users; email ?\"", "index public.\"users; email ?\"")};
  plan::Section last{.transactional = true, .phase = plan::Phase::contract, .why = "all at once", .steps = {}};
  last.steps = {step(kOldFunction, "function public.greet(text)"),
                step(std::string("DROP TABLE ") + kTable, std::string("table ") + kTable),
                step("ALTER TABLE public.users DROP COLUMN full_name", "column public.users.full_name")};
  last.steps[2].hazards = {plan::Hazard::data_loss};
  return {plain, last};
}

}  // namespace

std::string hostile_origin() {
  return std::string(
             "CREATE TABLE public.users (id bigint PRIMARY KEY, email text, tags int[]);\n"
             "INSERT INTO public.users SELECT g, 'u' || g, ARRAY[g, g + 1] FROM generate_series(1, 450) g;\n") +
         kOldFunction + ";\n";
}

Migration hostile_migration() {
  return {.version = "20240229235959",
          .name = "add_names",
          .up = up_script(),
          .down = down_script(),
          .proof_header = "up: ok\ndown: ok",
          .has_down = true};
}

Ran shell(const std::string& command) {
  Ran out;
  FILE* pipe = popen(("exec 2>&1; " + command).c_str(), "r");
  if (pipe == nullptr) return {-1, "cannot run " + command};
  char buffer[65536];
  while (const size_t n = fread(buffer, 1, sizeof buffer, pipe)) out.output.append(buffer, n);
  const int status = pclose(pipe);
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

std::string state_of(postgres::Server& server, const std::string& database) {
  const auto dump = shell(testing::client_program("pg_dump") +
                          " -s -N sqitch -T schema_migrations -T 'pgmigrations*' -T 'knex_migrations*' -T alembic_version -T "
                          "'databasechangelog*' -d '" +
                          server.url(database) + "'");
  EXPECT_EQ(dump.status, 0) << dump.output;
  std::string out;
  for (const auto& line : split(dump.output, '\n'))
    if (!line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")) out += line + "\n";
  auto db = postgres::Connection::open(server.url(database));
  if (!db) return out + to_text(db.error());
  const auto rows = db->query("SELECT count(*) || ' ' || md5(string_agg(u::text, '|' ORDER BY id)) FROM public.users u");
  return out + (rows ? std::string(rows->text(0, 0)) : to_text(rows.error()));
}

void run_directly(postgres::Server& server, const std::string& database, const plan::Script& script) {
  auto db = postgres::Connection::open(server.url(database));
  ASSERT_TRUE(db);
  for (const auto& section : script) {
    ASSERT_TRUE(!section.transactional || db->execute("BEGIN"));
    for (const auto& one : section.steps) {
      const auto done = db->execute(one.sql);
      ASSERT_TRUE(done) << to_text(done.error()) << "\n" << one.sql;
    }
    ASSERT_TRUE(!section.transactional || db->execute("COMMIT"));
  }
}

void FormatFiles::SetUp() {
  std::string pattern = (fs::temp_directory_path() / "pga_formats_XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  server_ = testing::server(15);
  if (server_ == nullptr) GTEST_SKIP() << "SKIPPED: no PostgreSQL 15 with psql and pg_dump on this machine";
}

void FormatFiles::TearDown() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace pga::migrate
