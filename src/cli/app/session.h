// What the commands that load schemas share: one private server a run, of the major version that the target has.
//
//   Session session(context);
//   PGA_CHECK(session.add("postgres://…"));  PGA_CHECK(session.add("schema.sql"));
//   PGA_TRY(auto loaded, session.load(0, options));
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "source/source.h"

namespace pga::app {

class Session {
 public:
  explicit Session(cli::Context& context) : context_(context) {}
  Status add(const std::string& text);  // a source; nothing is loaded yet
  const source::Source& source(size_t at) const { return sources_[at]; }
  // Starts the server on first use: of the major of a live source, else the newest with its pg_dump at hand.
  Result<postgres::Server*> server();
  Result<source::Loaded> load(size_t at, const source::LoadOptions& options);
  // A live database is only read; no server is started for it.
  Result<source::Loaded> load_model(size_t at, const source::LoadOptions& options);
  // The first two sources so; two live ones are read at the same time.
  Status load_models(const source::LoadOptions& options, source::Loaded& first, source::Loaded& second);

 private:
  Result<int> wanted_major();
  cli::Context& context_;
  std::vector<source::Source> sources_;
  std::optional<postgres::Server> server_;
};

// An empty database of this version, as far as the model tells: the schema public.
schema::Database empty_database(int version);

}  // namespace pga::app
