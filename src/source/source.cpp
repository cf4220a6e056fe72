#include "source/source.h"

#include <filesystem>

#include "base/quote.h"
#include "base/text.h"
#include "postgres/catalog.h"
#include "source/files.h"
#include "source/script.h"

namespace pga::source {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kForms =
    "a schema is given as a .sql file, a folder of .sql files, a folder of migrations, postgres://user@host/database, "
    "git:REVISION:PATH, or empty:";

bool looks_live(const std::string& text) {
  if (text.starts_with("postgres://") || text.starts_with("postgresql://")) return true;
  for (const std::string_view key : {"host=", "hostaddr=", "dbname=", "service=", "user=", "port="}) {
    if (text.starts_with(key) || text.find(" " + std::string(key)) != std::string::npos) return true;
  }
  return false;
}

// A password may stand in any text with "://": only what stands before it is shown.
std::string shown(const std::string& text) {
  const size_t scheme = text.find("://");
  return comment_safe(scheme == std::string::npos ? text : text.substr(0, scheme + 3) + "...");
}

// Migrations in JavaScript or Python (knex, node-pg-migrate, Alembic): LoadOptions::read_scripts knows their SQL.
bool has_scripts(const fs::path& folder) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == ".js" || entry.path().extension() == ".py") return true;
  return false;
}

Result<Source> parse_path(const std::string& text) {
  std::error_code failed;
  const fs::path path(text);
  const auto status = fs::status(path, failed);
  if (!fs::exists(status)) return fail("no-file", shown(text) + " does not exist", std::string(kForms));
  if (fs::is_directory(status)) {
    const auto files = read_folder(path);
    if (!files && has_scripts(path)) return Source{SourceType::migrations, text, text, {}};
    if (!files) return fail(files.error());
    return Source{find_migrations(*files) ? SourceType::migrations : SourceType::folder, text, text, {}};
  }
  if (!fs::is_regular_file(status) && status.type() != fs::file_type::fifo && status.type() != fs::file_type::character) {
    return fail("not-a-file", shown(text) + " is neither a file nor a folder", std::string(kForms));
  }
  if (path.extension() != ".sql" && fs::is_regular_file(status)) {
    return fail("not-sql", shown(text) + " is not a .sql file", std::string(kForms));
  }
  return Source{SourceType::file, text, text, {}};
}

Result<Source> parse_git(const std::string& text) {
  const size_t colon = text.find(':', 4);
  if (colon == std::string::npos || colon == 4) {
    return fail("bad-git-source", shown(text) + " names no path", "it looks like git:main:db/schema.sql");
  }
  Source source{SourceType::git, text, text.substr(colon + 1), text.substr(4, colon - 4)};
  while (source.location.size() > 1 && source.location.ends_with('/')) source.location.pop_back();
  if (source.revision[0] == '-') return fail("bad-git-source", "a revision cannot begin with -");
  return source;
}

struct Texts {
  std::vector<SqlFile> files;
  fs::path root;  // for \i; empty: none
  Order order = Order::as_written;
};

Texts arrange(std::vector<SqlFile> files, fs::path root, std::vector<std::string>& notes) {
  if (auto migrations = find_migrations(files)) {
    notes.push_back("read as migrations of " + migrations->format + ": " + std::to_string(migrations->ups.size()) + " ups");
    return {std::move(migrations->ups), std::move(root), Order::as_written};
  }
  return {std::move(files), std::move(root), Order::until_done};
}

Result<Texts> read_scripts(const std::string& folder, const LoadOptions& options, std::vector<std::string>& notes) {
  PGA_TRY(auto ups, options.read_scripts(folder));
  notes.push_back("read as migrations in scripts: " + std::to_string(ups.size()) + " ups");
  Texts texts;
  for (auto& up : ups) texts.files.push_back({up.name, up.name, std::move(up.sql)});
  return texts;
}

Result<Texts> collect(const Source& source, const LoadOptions& options, std::vector<std::string>& notes) {
  switch (source.type) {
    case SourceType::file: {
      PGA_TRY(auto text, read_text(source.location));
      const fs::path parent = fs::path(source.location).parent_path();
      Texts texts;
      texts.files.push_back({source.location, source.location, std::move(text)});
      texts.root = parent.empty() ? fs::path(".") : parent;
      return texts;
    }
    case SourceType::folder:
    case SourceType::migrations: {
      auto files = read_folder(source.location);
      if (!files && options.read_scripts && has_scripts(source.location)) return read_scripts(source.location, options, notes);
      if (!files) return fail(std::move(files).error());
      return arrange(std::move(*files), source.location, notes);
    }
    case SourceType::git: {
      bool folder = false;
      PGA_TRY(auto files, read_git(source.revision, source.location, folder));
      if (folder) return arrange(std::move(files), {}, notes);
      return Texts{std::move(files), {}, Order::as_written};
    }
    case SourceType::empty:
    case SourceType::live:
      break;
  }
  return Texts{};
}

Status run_texts(Texts texts, postgres::Connection& connection, bool may_create_roles, const LoadOptions& options,
                 Loaded& loaded) {
  ScriptRunner runner(connection, options);
  runner.create_roles(may_create_roles);
  PGA_CHECK(runner.start());
  for (auto& file : texts.files) {
    if (file.path.ends_with("sqitch.plan")) continue;
    PGA_CHECK(runner.add_file(file.name, std::move(file.text), texts.root));
  }
  auto done = runner.run(texts.order);
  loaded.notes.insert(loaded.notes.end(), runner.notes().begin(), runner.notes().end());
  loaded.rename_hints = runner.rename_hints();
  return done;
}

Status build_texts(const Source& source, postgres::Server& server, const LoadOptions& options, Loaded& loaded) {
  PGA_TRY(auto texts, collect(source, options, loaded.notes));
  PGA_TRY(auto connection, postgres::Connection::open(server.url(loaded.database)));
  PGA_CHECK(run_texts(std::move(texts), connection, server.is_private(), options, loaded));
  PGA_TRY(auto reader, postgres::Connection::open(server.url(loaded.database)));  // a session without the script's settings
  postgres::ReadOptions read;
  read.default_owner = server.superuser();
  PGA_TRY(loaded.model, postgres::read_catalog(reader, read));
  return {};
}

Status build_live(const Source& source, postgres::Server& server, const LoadOptions& options, Loaded& loaded) {
  PGA_TRY(auto live, postgres::Connection::open(source.location));
  PGA_TRY(loaded.model, postgres::read_catalog(live));
  loaded.live_url = source.location;
  if (!options.build_live || !options.build) return {};
  PGA_TRY(loaded.database, server.create_database());
  PGA_TRY(auto connection, postgres::Connection::open(server.url(loaded.database)));
  return options.build(loaded.model, connection);
}

}  // namespace

Result<Source> parse_source(const std::string& text) {
  if (trim(text).empty()) return fail("no-source", "no schema is given", std::string(kForms));
  if (text == "empty:" || text == "empty") return Source{SourceType::empty, text, {}, {}};
  if (text.starts_with("git:")) return parse_git(text);
  if (looks_live(text)) {
    auto name = postgres::with_database(text, "postgres");
    if (!name) {
      return fail("bad-connection-string", "the connection string cannot be read",
                  "it looks like postgres://user@host:5432/database or host=… dbname=… (special characters as %40)");
    }
    return Source{SourceType::live, postgres::redact_url(text), text, {}};
  }
  if (text.find("://") != std::string::npos) {
    return fail("bad-url", shown(text) + " is not the address of a PostgreSQL database", std::string(kForms));
  }
  return parse_path(text);
}

Result<Loaded> read_live(const Source& source) {
  Loaded loaded;
  PGA_TRY(auto live, postgres::Connection::open(source.location));
  PGA_TRY(loaded.model, postgres::read_catalog(live));
  loaded.live_url = source.location;
  return loaded;
}

Result<Loaded> load(const Source& source, postgres::Server& server, const LoadOptions& options) {
  Loaded loaded;
  Status done;
  if (source.type == SourceType::live) {
    done = build_live(source, server, options, loaded);
  } else {
    PGA_TRY(loaded.database, server.create_database());
    done = build_texts(source, server, options, loaded);
  }
  if (done) return loaded;
  if (!loaded.database.empty()) (void)server.drop_database(loaded.database);
  return fail(done.error());
}

Result<std::vector<std::string>> run_script(postgres::Connection& connection, const std::string& sql, const std::string& file,
                                            const LoadOptions& options) {
  ScriptRunner runner(connection, options);
  PGA_CHECK(runner.start());
  const fs::path path(file);
  std::error_code failed;
  const bool on_disk = fs::is_regular_file(path, failed);
  const fs::path parent = path.parent_path().empty() ? fs::path(".") : path.parent_path();
  PGA_CHECK(runner.add_file(file, sql, on_disk ? parent : fs::path()));
  PGA_CHECK(runner.run(Order::as_written));
  return runner.notes();
}

}  // namespace pga::source
