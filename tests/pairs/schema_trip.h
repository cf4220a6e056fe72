// One real schema through what a user would do with it: inspected, what was printed is executed in an empty database and
// inspected again; then planned from nothing to it and proven, up and down. Used by the corpus of schemas.
#pragma once
#include <string>
#include <vector>

#include "postgres/server.h"

namespace pga::testing {

struct TripOptions {
  bool prove = true;
  // Both scripts are run by psql as the server's superuser, past the gate that keeps untrusted SQL from files and C code. For
  // what is known to come from PostgreSQL itself. The given script may have statements that no server can run (pg_dump of a view
  // that reads itself): they are told; what inspect printed must run whole.
  bool by_psql = false;
};

struct TripResult {
  enum class Verdict { good, failed, not_loaded };
  Verdict verdict = Verdict::failed;
  size_t objects = 0;
  std::string observer;  // that compared the two databases: "pg_dump 15.20", "catalog queries"
  std::string why;       // of failed and not_loaded
  std::string detail;    // what differs
  std::string refused;   // by_psql: what the server refused of the given script
};

TripResult round_trip(postgres::Server& server, const std::string& sql, const std::string& file, const TripOptions& options = {});

}  // namespace pga::testing
