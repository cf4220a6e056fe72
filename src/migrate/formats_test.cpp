// Each format: a hostile plan is written, run by the real tool (or, where none can be had, as the tool documents it), compared
// with the plan run directly, taken back by the tool, compared with the origin, and read back by our reader.
#include <algorithm>
#include <fstream>

#include "base/text.h"
#include "migrate/formats_fixture.h"
#include "postgres/connection.h"

namespace pga::migrate {
namespace {
namespace fs = std::filesystem;

// ---- the tools

std::string tools() {
  if (const char* given = std::getenv("PGARCHITECT_TOOLS")) return given;
  if (::geteuid() == 0) return "/var/cache/pgarchitect/tools";
  const char* cache = std::getenv("XDG_CACHE_HOME");
  return (cache != nullptr ? std::string(cache) : std::string(std::getenv("HOME")) + "/.cache") + "/pgarchitect/tools";
}
std::string node_module(const std::string& path) {
  return tools() + "/node_modules/" + path;
}

struct Place {
  std::string socket, database, folder;
  size_t files = 0;  // migrations that were written
  std::string environment() const { return "PGHOST=" + socket + " PGPORT=5432 PGUSER=postgres PGDATABASE=" + database + " "; }
};

struct Tool {
  std::string format;
  std::vector<std::string> needs;  // files without which it cannot run
  std::function<Ran(const Place&)> up, down;
  std::string judge;  // who ran it
};

void put(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

Ran repeat(size_t times, const std::string& command) {
  Ran out;
  for (size_t i = 0; i < times && out.status == 0; ++i) {
    auto one = shell(command);
    out = {one.status, out.output + one.output};
  }
  return out;
}

std::string dbmate(const Place& p) {
  return node_module("@dbmate/linux-x64/bin/dbmate") + " --no-dump-schema --migrations-dir " + p.folder +
         " --url 'postgres://postgres@/" + p.database + "?socket=" + p.socket + "' ";
}

Ran knex(const Place& p, const std::string& call) {
  put(p.folder + "/../run_knex.cjs", "const knex = require('" + node_module("knex") + "')({client: 'pg', connection: {host: '" +
                                         p.socket + "', user: 'postgres', database: '" + p.database +
                                         "'}, migrations: {directory: '" + p.folder + "'}});\n" + "knex.migrate." + call +
                                         ".then(() => knex.destroy(), (e) => { console.error(e); process.exit(1); });\n");
  return shell("NODE_PATH=" + tools() + "/node_modules node " + p.folder + "/../run_knex.cjs");
}

std::string node_pg_migrate(const Place& p, bool single) {
  return "cd " + p.folder + " && " + p.environment() + "NODE_PATH=" + tools() + "/node_modules node " +
         node_module("node-pg-migrate/bin/node-pg-migrate.js") + " -m " + p.folder + (single ? " " : " --no-single-transaction ");
}

std::string sqitch(const Place& p) {
  return "cd " + p.folder + " && " + p.environment() +
         "SQITCH_FULLNAME=Test SQITCH_EMAIL=test@localhost SQITCH_USER_CONFIG=/dev/null sqitch ";
}

Ran alembic(const Place& p, const std::string& arguments) {
  const std::string root = p.folder + "/../alembic";
  fs::create_directories(root);
  put(root + "/env.py",
      "from alembic import context\nfrom sqlalchemy import create_engine\n"
      "url = context.config.get_main_option('sqlalchemy.url')\n"
      "if context.is_offline_mode():\n    context.configure(url=url, literal_binds=True, transaction_per_migration=True)\n"
      "    with context.begin_transaction():\n        context.run_migrations()\n"
      "else:\n    with create_engine(url).connect() as connection:\n"
      "        context.configure(connection=connection, transaction_per_migration=True)\n"
      "        with context.begin_transaction():\n            context.run_migrations()\n");
  put(root + "/alembic.ini", "[alembic]\nscript_location = " + root + "\nversion_locations = " + p.folder +
                                 "\nsqlalchemy.url = postgresql+psycopg2://postgres@/" + p.database + "?host=" + p.socket + "\n");
  return shell("cd " + root + " && /usr/bin/alembic " + arguments);
}

// JDBC knows no unix sockets: a relay on the loopback interface stands between.
Ran liquibase(const Place& p, const std::string& arguments) {
  put(p.folder + "/../relay.js",
      "const net = require('net'), {spawn} = require('child_process');\n"
      "const server = net.createServer((c) => { const s = net.connect(process.argv[2]); c.pipe(s).pipe(c);\n"
      "  c.on('error', () => s.destroy()); s.on('error', () => c.destroy()); });\n"
      "server.listen(0, '127.0.0.1', () => {\n"
      "  const words = process.argv.slice(3).map((w) => w.replace('PORT', server.address().port));\n"
      "  spawn(words[0], words.slice(1), {stdio: 'inherit'}).on('exit', (code) => process.exit(code === null ? 1 : code)); "
      "});\n");
  const std::string home = node_module("liquibase/dist/");
  const auto file = fs::directory_iterator(p.folder)->path().filename().string();
  return shell("cd " + p.folder + " && node ../relay.js " + p.socket + "/.s.PGSQL.5432 java -cp '" + home +
               "liquibase/liquibase.jar:" + home + "liquibase/lib/*:" + home +
               "drivers/postgresql-42.2.8.jar' liquibase.integration.commandline.LiquibaseCommandLine "
               "--changeLogFile=" +
               file + " --classpath=. '--url=jdbc:postgresql://127.0.0.1:PORT/" + p.database +
               "' --username=postgres --password=x " + arguments);
}

// ---- as the tools document it, where they cannot be had

Ran failed(const Error& error) {
  return {1, to_text(error)};
}

std::vector<fs::path> sorted_files(const std::string& folder, const std::function<bool(const fs::path&)>& wanted,
                                   bool backwards) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && wanted(entry.path())) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  if (backwards) std::reverse(out.begin(), out.end());
  return out;
}

std::vector<fs::path> ending(const std::string& folder, const std::string& end, bool backwards) {
  return sorted_files(
      folder, [&](const fs::path& path) { return path.string().ends_with(end); }, backwards);
}

Result<postgres::Connection> connect(const Place& p) {
  return postgres::Connection::open("host=" + p.socket + " port=5432 user=postgres dbname=" + p.database);
}

// golang-migrate's README: the file is one query of the simple protocol.
Ran as_golang_migrate(const Place& p, bool up) {
  auto db = connect(p);
  if (!db) return failed(db.error());
  for (const auto& file : ending(p.folder, up ? ".up.sql" : ".down.sql", !up))
    if (const auto done = db->execute(testing::read_file(file)); !done) return failed(done.error());
  return {};
}

Ran by_psql(const Place& p, const std::vector<fs::path>& files, const std::function<bool(const fs::path&)>& one_transaction) {
  for (const auto& file : files) {
    auto ran =
        shell(testing::client_program("psql") + " -X -q -v ON_ERROR_STOP=1 " + std::string(one_transaction(file) ? "-1 " : "") +
              "-d 'host=" + p.socket + " port=5432 user=postgres dbname=" + p.database + "' -f '" + file.string() + "'");
    if (ran.status != 0) return ran;
  }
  return {};
}

// Flyway: statements one by one; script configuration beside the file; ${…} stops it unless replacement is off.
Ran as_flyway(const Place& p, bool up) {
  const auto files = sorted_files(
      p.folder,
      [&](const fs::path& path) { return path.filename().string()[0] == (up ? 'V' : 'U') && path.extension() == ".sql"; }, !up);
  const auto conf = [](const fs::path& file) { return testing::read_file(file.string() + ".conf"); };
  for (const auto& file : files)
    if (testing::read_file(file).find("${") != std::string::npos &&
        conf(file).find("placeholderReplacement=false") == std::string::npos)
      return {1, "No value provided for placeholder in " + file.string()};
  return by_psql(p, files,
                 [&](const fs::path& file) { return conf(file).find("executeInTransaction=false") == std::string::npos; });
}

// Diesel's guide: a folder's file is one batch, in a transaction unless metadata.toml says run_in_transaction = false.
Ran as_diesel(const Place& p, bool up) {
  auto db = connect(p);
  if (!db) return failed(db.error());
  for (const auto& file : ending(p.folder, up ? "/up.sql" : "/down.sql", !up)) {
    const bool plain = testing::read_file(file.parent_path() / "metadata.toml") == "run_in_transaction = false\n";
    for (const auto& sql : plain ? std::vector<std::string>{testing::read_file(file)}
                                 : std::vector<std::string>{"BEGIN", testing::read_file(file), "COMMIT"})
      if (const auto done = db->execute(sql); !done) return failed(done.error());
  }
  return {};
}

// goose's documentation: comments above a statement are dropped, a statement ends at a line that ends with ';', or is what
// stands between StatementBegin and StatementEnd; "NO TRANSACTION" is for the file.
std::vector<std::string> goose_statements(const std::string& text, bool up) {
  std::vector<std::string> out;
  std::string buffer;
  bool here = false;
  bool block = false;
  for (const auto& line : split(text, '\n')) {
    const std::string mark = line.starts_with("--") ? std::string(trim(line.substr(2))) : "";
    if (mark == "+goose Up" || mark == "+goose Down") here = (mark == "+goose Up") == up;
    if (mark == "+goose StatementBegin") block = true;
    if (mark == "+goose StatementEnd") {
      block = false;
      if (here) out.push_back(buffer);
      buffer.clear();
    }
    if (mark.starts_with("+goose ") || !here || (buffer.empty() && (line.empty() || trim(line).starts_with("--")))) continue;
    buffer += line + "\n";
    if (!block && trim(line).ends_with(";")) {
      out.push_back(buffer);
      buffer.clear();
    }
  }
  return out;
}

Ran as_goose(const Place& p, bool up) {
  auto db = connect(p);
  if (!db) return failed(db.error());
  for (const auto& file : ending(p.folder, ".sql", !up)) {
    const std::string text = testing::read_file(file);
    auto statements = goose_statements(text, up);
    if (text.find("\n-- +goose NO TRANSACTION\n") == std::string::npos && !text.starts_with("-- +goose NO TRANSACTION\n")) {
      statements.insert(statements.begin(), "BEGIN");
      statements.emplace_back("COMMIT");
    }
    for (const auto& sql : statements)
      if (const auto done = db->execute(sql); !done) return failed(done.error());
  }
  return {};
}

const auto kNever = [](const fs::path&) { return false; };

std::vector<Tool> all_tools() {
  const std::string node = "/usr/bin/node";
  return {
      {"pgarchitect",
       {},
       [](const Place& p) { return by_psql(p, ending(p.folder, ".up.sql", false), kNever); },
       [](const Place& p) { return by_psql(p, ending(p.folder, ".down.sql", true), kNever); },
       "psql"},
      {"golang-migrate",
       {},
       [](const Place& p) { return as_golang_migrate(p, true); },
       [](const Place& p) { return as_golang_migrate(p, false); },
       ""},
      {"golang-migrate",
       {},
       [](const Place& p) { return by_psql(p, ending(p.folder, ".up.sql", false), kNever); },
       [](const Place& p) { return by_psql(p, ending(p.folder, ".down.sql", true), kNever); },
       "psql"},
      {"goose", {}, [](const Place& p) { return as_goose(p, true); }, [](const Place& p) { return as_goose(p, false); }, ""},
      {"flyway", {}, [](const Place& p) { return as_flyway(p, true); }, [](const Place& p) { return as_flyway(p, false); }, ""},
      {"diesel", {}, [](const Place& p) { return as_diesel(p, true); }, [](const Place& p) { return as_diesel(p, false); }, ""},
      {"dbmate",
       {node_module("@dbmate/linux-x64/bin/dbmate")},
       [](const Place& p) { return shell(dbmate(p) + "migrate"); },
       [](const Place& p) { return repeat(p.files, dbmate(p) + "down"); },
       "dbmate"},
      {"knex",
       {node_module("knex"), node_module("pg")},
       [](const Place& p) { return knex(p, "latest()"); },
       [](const Place& p) { return knex(p, "rollback(undefined, true)"); },
       "knex"},
      {"node-pg-migrate",
       {node_module("node-pg-migrate")},
       [](const Place& p) { return shell(node_pg_migrate(p, false) + "up"); },
       [](const Place& p) { return shell(node_pg_migrate(p, false) + "down " + std::to_string(p.files)); },
       "node-pg-migrate"},
      {"node-pg-migrate",
       {node_module("node-pg-migrate")},
       [](const Place& p) { return shell(node_pg_migrate(p, true) + "up"); },
       [](const Place& p) { return shell(node_pg_migrate(p, true) + "down " + std::to_string(p.files)); },
       "node-pg-migrate in one transaction"},
      {"sqitch",
       {"/usr/bin/sqitch"},
       [](const Place& p) { return shell(sqitch(p) + "deploy --verify db:pg:" + p.database); },
       [](const Place& p) { return shell(sqitch(p) + "revert -y db:pg:" + p.database); },
       "sqitch"},
      {"alembic",
       {"/usr/bin/alembic"},
       [](const Place& p) { return alembic(p, "upgrade head"); },
       [](const Place& p) { return alembic(p, "downgrade base"); },
       "alembic"},
      {"alembic",
       {"/usr/bin/alembic"},
       [](const Place& p) {
         const auto script = alembic(p, "upgrade head --sql 2>/dev/null");
         put(p.folder + "/../offline.sql", script.output);
         return script.status != 0 ? script : by_psql(p, {p.folder + "/../offline.sql"}, kNever);
       },
       [](const Place& p) { return alembic(p, "downgrade base"); },
       "alembic upgrade --sql, psql"},
      {"liquibase",
       {node_module("liquibase/dist/liquibase/liquibase.jar"), "/usr/bin/java"},
       [](const Place& p) { return liquibase(p, "update"); },
       [](const Place& p) { return liquibase(p, "rollbackCount 99"); },
       "liquibase"},
  };
}

// ---- reading back

struct Flat {
  std::string sql, object, why, index;
  bool transactional = false, batched = false, lock = false;
  std::vector<plan::Hazard> hazards;
  friend bool operator==(const Flat&, const Flat&) = default;
};
void flatten(const plan::Script& script, std::vector<Flat>& out) {
  for (const auto& section : script)
    for (const auto& s : section.steps)
      out.push_back({s.sql, s.object, s.why, s.concurrent_index, section.transactional, s.batched, s.strong_lock, s.hazards});
}
void PrintTo(const Flat& flat, std::ostream* out) {
  *out << "[" << flat.object << "] " << (flat.transactional ? "transaction " : "plain ") << flat.why << "\n" << flat.sql;
}

void expect_read_back(const Format& format, const std::string& folder, const Migration& wanted) {
  const auto back = format.read(folder);
  ASSERT_TRUE(back) << to_text(back.error());
  std::vector<Flat> up;
  std::vector<Flat> down;
  std::vector<Flat> up_wanted;
  std::vector<Flat> down_wanted;
  for (const auto& one : *back) flatten(one.up, up);
  for (auto one = back->rbegin(); one != back->rend(); ++one) flatten(one->down, down);
  flatten(wanted.up, up_wanted);
  flatten(wanted.down, down_wanted);
  // A comment behind a statement is not a part of it for a reader that must find its end.
  for (auto* list : {&up_wanted, &up})
    for (auto& flat : *list) flat.sql = replace_all(flat.sql, " -- why not", "");
  // Written with escapes (formats/liquibase.cpp); that they mean the same is what the tool shows.
  if (format.slug() == "liquibase") {
    for (auto* wish : {&up_wanted, &down_wanted}) {
      auto& have = wish == &up_wanted ? up : down;
      for (size_t i = 0; i < wish->size() && i < have.size(); ++i)
        if ((*wish)[i].sql.find('?') != std::string::npos || (*wish)[i].sql.find("${") != std::string::npos)
          (*wish)[i].sql = have[i].sql;
    }
  }
  EXPECT_EQ(up, up_wanted) << format.slug();
  EXPECT_EQ(down, down_wanted) << format.slug();
  EXPECT_EQ(back->front().version, wanted.version);
  for (const auto& one : *back)
    EXPECT_TRUE(one.has_down && !one.checksum.empty() && one.name.starts_with("add_names")) << one.name;
}

class Tools : public FormatFiles {};

TEST_F(Tools, ComeToTheStateOfThePlanAndBackToTheOrigin) {
  const auto wanted = hostile_migration();
  const auto direct = testing::database(*server_, hostile_origin());
  const std::string origin = state_of(*server_, direct);
  run_directly(*server_, direct, wanted.up);
  const std::string target = state_of(*server_, direct);
  run_directly(*server_, direct, wanted.down);
  ASSERT_EQ(state_of(*server_, direct), origin) << "the plan of the test itself does not come back";
  ASSERT_NE(target, origin);
  const std::string url = server_->url("x");
  const std::string socket = url.substr(5, url.find(' ') - 5);
  const char* wish = std::getenv("PGARCHITECT_TOOL");  // only this one, while one works on it
  size_t number = 0;
  for (const auto& tool : all_tools()) {
    if (wish != nullptr && tool.format != wish) continue;
    SCOPED_TRACE(tool.format + " by " + (tool.judge.empty() ? "its documentation" : tool.judge));
    const auto missing = std::find_if(tool.needs.begin(), tool.needs.end(), [](const auto& path) { return !fs::exists(path); });
    if (missing != tool.needs.end())
      std::fprintf(stderr, "SKIPPED: %s was not run by the tool: %s is not here (scripts/install-tools)\n", tool.format.c_str(),
                   missing->c_str());
    const Format& format = *find_format(tool.format);
    Place place{socket, testing::database(*server_, hostile_origin()), folder_ + "/" + std::to_string(++number) + "/migrations"};
    fs::create_directories(place.folder);
    const auto written = format.write(wanted, place.folder, {});
    ASSERT_TRUE(written) << to_text(written.error());
    EXPECT_EQ(detect_format(place.folder), &format);
    expect_read_back(format, place.folder, wanted);
    if (HasFatalFailure()) return;
    if (missing != tool.needs.end()) continue;
    place.files = format.read(place.folder)->size();
    const auto up = tool.up(place);
    EXPECT_EQ(up.status, 0) << up.output;
    EXPECT_EQ(state_of(*server_, place.database), target) << up.output;
    const auto down = tool.down(place);
    EXPECT_EQ(down.status, 0) << down.output;
    EXPECT_EQ(state_of(*server_, place.database), origin) << down.output;
    std::printf("%-16s %zu migration%s: up, down: %s\n", tool.format.c_str(), place.files, place.files == 1 ? "" : "s",
                tool.judge.empty() ? "as documented; NOT CHECKED BY THE TOOL, which is neither in Debian nor on npm"
                                   : tool.judge.c_str());
  }
}

}  // namespace
}  // namespace pga::migrate
