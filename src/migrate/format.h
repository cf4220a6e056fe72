// A format: how migrations lie in a folder. One file in formats/ and one line in formats/registry.def each;
// formats/<slug>.cpp defines `const Format& format_<slug>()`. docs/adding_a_format.md is the recipe.
//
//   const Format* format = find_format("dbmate");                   // or detect_format(folder)
//   PGA_TRY(const auto version, format->next_version(folder, clock));
//   format->write({.version = version, .name = file_name_of("Add comments"), …}, folder, {});
//   PGA_TRY(const auto migrations, format->read(folder));
//
// Many tools run a file in one transaction, or send it as one query: there, write() divides a migration into several with
// versions that follow each other (divide.h), and read() gives those. Going back means taking back all of them.
// Nothing that exists is overwritten unless WriteOptions says so; when one file cannot be written, those written before it by the
// same call are removed. Errors: unreadable-file, empty-migration, duplicate-version, migration-exists, bad-migration-name,
// cannot-write, psql-only, not-our-script (a script in JavaScript or Python that has more in it than what we write),
// broken-chain, format-cannot-hold (the tool would take a line of the SQL for its own mark), and those of sql::split.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "migrate/migration.h"
#include "source/source.h"

namespace pga::migrate {

struct WriteOptions {
  bool overwrite = false;
  std::string lock_timeout = "2s";  // of transactional sections, when a person runs the file through psql
};

using Clock = std::function<int64_t()>;  // seconds since 1970, UTC; injected, so that the same run gives the same bytes
enum class VersionStyle : uint8_t { automatic, timestamp, sequence };

class Format {
 public:
  virtual ~Format() = default;
  virtual std::string_view slug() const = 0;
  virtual std::string_view describe() const = 0;
  virtual bool detect(const std::string& folder) const = 0;
  virtual Result<std::vector<Migration>> read(const std::string& folder) const = 0;  // ordered by version
  // Returns the files, in the order in which they run.
  virtual Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                                 const WriteOptions& options) const = 0;
  // A version greater than all that are in the folder, in the style that they have; in an empty folder: in the tool's own style.
  Result<std::string> next_version(const std::string& folder, const Clock& clock,
                                   VersionStyle style = VersionStyle::automatic) const;

 protected:
  // The versions of the folder, by names alone where the tool does that: a file that cannot be read does not hide its version.
  virtual Result<std::vector<std::string>> versions(const std::string& folder) const = 0;
  enum class Stamp : uint8_t { seconds, milliseconds, sequence };  // 20240131235959, 1706745599000, 1
  virtual Stamp stamp() const { return Stamp::seconds; }
};

const std::vector<const Format*>& formats();
const Format* find_format(std::string_view slug);        // nullptr: unknown
const Format* detect_format(const std::string& folder);  // nullptr: none of the formats
std::string file_name_of(std::string_view words);        // "Add: comments!" -> "add_comments"; never empty

// For source::LoadOptions::read_scripts: the ups of a folder of knex, node-pg-migrate or Alembic, as SQL. Errors: those of
// read(), unknown-format.
Result<std::vector<source::MigrationText>> script_ups(const std::string& folder);

// For the formats' own files.
Result<std::string> read_text(const std::string& path);                             // no byte order mark, LF line ends
Status write_text(const std::string& path, std::string_view text, bool overwrite);  // temporary file, then moved

// A script as annotated SQL that psql runs as well, and back. Every mark survives, whatever characters names hold.
// wrapped: transactional sections carry BEGIN and COMMIT (for tools that do not open a transaction of their own).
std::string script_to_sql(const plan::Script& script, const WriteOptions& options, bool wrapped = true);
// The same as statements, each below its marks and without its ';', for formats that pass them one by one.
std::vector<std::string> script_to_statements(const plan::Script& script, const WriteOptions& options, bool wrapped);

// How a tool runs what stands outside an explicit BEGIN … COMMIT.
enum class RunsAs : uint8_t {
  transaction,  // the tool opens a transaction, or sends everything as one query; a lone statement that may not be in one is not
  autocommit,   // each statement on its own, as psql does
  plain,        // each on its own, whatever the marks say: the tool was told not to open a transaction
};
Result<plan::Script> script_from_sql(std::string_view text, const std::string& file, RunsAs runs = RunsAs::transaction);
// PostgreSQL refuses this statement inside a transaction block (CONCURRENTLY, VACUUM, a DO block that commits …).
bool refuses_transaction(std::string_view statement);

}  // namespace pga::migrate
