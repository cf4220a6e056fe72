// What every command is handed: the global options and the two terminals. Results go to `out`, all else to `err`.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "base/terminal.h"
#include "postgres/server.h"

namespace pga::cli {

struct GlobalOptions {
  bool json = false;      // results and errors as JSON on stdout
  bool no_input = false;  // never ask; also when stdin or stderr is not a terminal
  ColorMode color = ColorMode::automatic;
  std::string pg_bin;  // --pg-bin: the folder with initdb and postgres
  std::string server;  // --server: a server to work on instead of a private one
};

struct Context {
  GlobalOptions options;
  Terminal& out;
  Terminal& err;

  bool may_ask() const;  // somebody is there to answer
  // What Server::start wants, for the wanted major (0: the newest at hand).
  postgres::ServerOptions server_options(int major = 0) const;
  // "note: …" lines on err; with --json the caller puts them into its object instead.
  void notes(const std::vector<std::string>& notes) const;
};

}  // namespace pga::cli
