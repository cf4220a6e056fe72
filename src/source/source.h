// Everything that can denote a schema, loaded into a database of a private server and read from its catalogs.
//
//   Source source = parse_source("git:main:db/schema.sql");
//   PGA_TRY(auto loaded, load(source, server, {}));
//   loaded.model, loaded.database …
//
// Forms: file.sql; a folder of .sql files (run in name order; dependencies between them are tried again until nothing moves);
// postgres://… or "host=… dbname=…" (a live database: read, then its structure is built on the private server);
// a folder of migrations (any format of migrate/format.h: every up is run); git:REV:PATH (a file or folder at a revision of
// the repository of the current directory); empty: ("an empty database").
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/server.h"
#include "schema/object.h"

namespace pga::source {

enum class SourceType { empty, file, folder, live, migrations, git };

struct Source {
  SourceType type = SourceType::empty;
  std::string text;      // as the user gave it
  std::string location;  // path or conninfo
  std::string revision;  // git only
};

// One up as SQL.
struct MigrationText {
  std::string name;  // for messages: its file
  std::string sql;
};

struct LoadOptions {
  std::vector<std::string> without_extensions;  // --without-extension NAME: left out, with what needs them; reported
  bool build_live = true;                       // for a live database: also build its structure on the private server
  // SEAM: how the structure of a live database is built (canonical DDL, by plan/). The cli sets it; without it a live
  // database is only read and Loaded::database stays "".
  std::function<Status(const schema::Database&, postgres::Connection&)> build;
  // SEAM: the ups of a folder of migrations in JavaScript or Python, in order. The cli sets it (migrate::script_ups); without it
  // such a folder holds no SQL.
  std::function<Result<std::vector<MigrationText>>(const std::string& folder)> read_scripts;
  int statement_timeout_ms = 300000;  // for each statement of a script
};

struct Loaded {
  schema::Database model;
  std::string database;            // name of the database on the private server that holds it; "" with build_live=false
  std::string live_url;            // for a live database: its conninfo
  std::vector<std::string> notes;  // what was assumed or left out: roles created, extensions skipped, …
  // Comments in the desired SQL of the form "-- pgarchitect: rename users.name=full_name"
  std::vector<std::string> rename_hints;
};

Result<Source> parse_source(const std::string& text);
// A live database, read only: no server of ours is needed.
Result<Loaded> read_live(const Source& source);
Result<Loaded> load(const Source& source, postgres::Server& server, const LoadOptions& options = {});

// Runs SQL text statement by statement into a database of the private server, as load() does for files: psql
// meta-commands are peeled off, COPY … FROM stdin data is sent, missing roles are created, errors carry file:line:column.
Result<std::vector<std::string>> run_script(postgres::Connection& connection, const std::string& sql, const std::string& file,
                                            const LoadOptions& options = {});

}  // namespace pga::source
