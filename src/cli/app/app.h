// What stands behind the commands: one function each, called by src/cli/command_<name>.cpp with the options parsed.
// Each prints its result itself (text on context.out, or JSON when context.options.json) and returns the exit code.
#pragma once
#include <string>
#include <vector>

#include "cli/context.h"

namespace pga::app {

struct InspectOptions {
  std::string source;
  std::vector<std::string> without_extensions;
};

struct DiffOptions {
  std::string from;
  std::string to;
  std::vector<std::string> renames;  // "users.name=full_name"
  std::vector<std::string> without_extensions;
  bool exit_code = true;  // 1 when there is a difference
};

struct PlanOptions {
  std::string from;
  std::string to;
  std::string name;           // of the migration; "" with no output folder
  std::string output;         // folder; "": print
  std::string format;         // "": that of the folder, else the native one
  bool offline = false;       // the short form, for a stopped application
  bool split_phases = false;  // expand, migrate data, contract as separate migrations
  std::vector<std::string> renames;
  std::vector<std::string> allow;  // hazards that are permitted, by name
  bool discard = false;            // rows and values that are lost need not be kept for down
  bool proof = true;
  std::string workload;  // file of queries that must still plan
  bool force = false;    // overwrite files
  std::vector<std::string> without_extensions;
};

struct ProveOptions {
  std::string from;  // a source, or a folder of migrations when `to` is empty
  std::string to;
  bool offline = false;
  std::vector<std::string> renames;
  std::vector<std::string> allow;
  std::string workload;
  std::vector<std::string> without_extensions;
};

struct MigrateOptions {
  std::string action;  // up, down, to, redo, status, verify, baseline, repair
  std::string target;  // version, count or remedy, for the actions that take one
  std::string db;      // conninfo
  std::string dir;
  std::string format;  // "": found out from the folder
  std::vector<std::string> allow;
  bool dry_run = false;
  bool proof = true;              // verify: prove what is pending on a twin of the live schema
  std::string lock_timeout;       // "5s"; "": the runner's own
  std::string statement_timeout;  // "": none
  std::string wait;               // for another runner; "": the runner's own
  std::string lock_tries;         // "": the runner's own
};

struct StatsOptions {
  std::string db;      // conninfo
  std::string output;  // file; "": print
};

struct IndexOptions {
  std::string db;        // conninfo
  std::string stats;     // a file of stats, instead of db
  std::string workload;  // file; "": pg_stat_statements of db
  std::string query;     // a pasted one, instead of a workload
  std::string budget;    // "500MB"; "": none
  std::string most;      // number of indexes
  bool plain_only = false;
  bool drop = false;   // the migration drops what can go
  std::string name;    // of the migration
  std::string output;  // folder; "": print only
  std::string format;
  bool proof = true;
  bool force = false;
  bool verbose = false;  // plans of every query
  std::string verify;    // conninfo of a scratch copy on which the advice is executed
};

struct DesignOptions {
  std::string request;               // sentences, or the path of a file with them or with a brief
  std::string schema;                // a source, "": nothing is there yet
  std::vector<std::string> answers;  // "comments-replies=one-level"
  std::string output;                // folder; "": print only
  std::string format;
  std::string name;
  bool proof = true;
  bool force = false;
  std::string why;  // only the causes of this object
};

Result<int> design(cli::Context& context, const DesignOptions& options);
Result<int> index(cli::Context& context, const IndexOptions& options);
Result<int> stats(cli::Context& context, const StatsOptions& options);
Result<int> inspect(cli::Context& context, const InspectOptions& options);
Result<int> diff(cli::Context& context, const DiffOptions& options);
Result<int> plan(cli::Context& context, const PlanOptions& options);
Result<int> prove(cli::Context& context, const ProveOptions& options);
Result<int> migrate(cli::Context& context, const MigrateOptions& options);

}  // namespace pga::app
