#include "cli/help.h"

namespace pga::cli {
namespace {

constexpr Topic kTopics[] = {
    {"sources", "everything that can stand for a schema",
     "Wherever a command wants a SOURCE, FROM or TO, you can give:\n\n"
     "  schema.sql               a file of SQL statements\n"
     "  db/schema/               a folder of .sql files, run in name order; order mistakes are repaired\n"
     "  migrations/              a folder of migrations: every 'up' is run\n"
     "  postgres://host/name     a live database (only read, in a read-only transaction)\n"
     "  'host=… dbname=…'        the same, as libpq's keyword=value string\n"
     "  git:REV:PATH             a file or folder at a revision of the repository you are in\n"
     "  empty:                   a database with nothing in it\n\n"
     "SQL is never guessed at: it is run on a private PostgreSQL server, and the schema is read from that server's "
     "catalogs."},
    {"servers", "the private server, and how to give another",
     "pgarchitect starts a throw-away PostgreSQL server by itself: unix socket only, no TCP, in a private folder, "
     "gone when the "
     "command ends. It needs the programs initdb and postgres. They are looked for in --pg-bin, PGARCHITECT_PG_BIN, "
     "'pg_config --bindir', the usual folders of Debian, Red Hat and Homebrew, and the npm package of PostgreSQL "
     "servers.\n\n"
     "Nothing there? On Debian and Ubuntu: apt-get install postgresql. Or give a server of yours with --server URL "
     "(a role that "
     "may create databases): pgarchitect creates and drops its own databases there and touches nothing else. That is "
     "also the way "
     "when a schema needs an extension that this machine lacks; --without-extension NAME leaves it out instead."},
    {"renames", "how a rename is told from a drop and a create",
     "A column that is gone and a new one in its place may be a rename or may be two changes. The data depends on "
     "the answer, so "
     "pgarchitect never assumes it. Three ways to answer:\n\n"
     "  --rename users.name=full_name                         on the command line\n"
     "  -- pgarchitect: rename users.name=full_name           a comment in the desired SQL\n"
     "  full_name text, -- pgarchitect: renamed from name     a comment on the line of the new column\n\n"
     "On a terminal you are asked, with the evidence shown (same type, same place, same indexes, similar name)."},
    {"exit-codes", "what the numbers mean", ""},
    {"environment", "environment variables that are read",
     "  PGARCHITECT_PG_BIN    folders with PostgreSQL programs, separated by ':'\n"
     "  PGARCHITECT_DB        the database of 'migrate', 'stats' and 'index' when --db is not given\n"
     "  NO_COLOR              not empty: no colours with --color=auto\n"
     "  COLUMNS               width of the terminal\n"
     "  PGPASSWORD, PGSSLMODE, … and ~/.pgpass are read by libpq as usual. Passwords are never printed."},
};

}  // namespace

std::span<const Topic> all_topics() {
  return kTopics;
}

}  // namespace pga::cli
