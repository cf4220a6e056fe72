// What tests share: one private server a major per test binary, fresh databases, pg_dump as the outside judge.
#pragma once
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "postgres/connection.h"
#include "postgres/server.h"

namespace pga::testing {

// The warm server of this major (0: 15); nullptr when its programs are not on this machine: the caller must GTEST_SKIP() loudly.
postgres::Server* server(int major = 0);
// The majors of which a server can be started here, ascending.
std::vector<int> majors();
// A fresh database in which `sql` was run with psql -1 (an outside loader, not ours); fails the test when it does not load.
std::string database(postgres::Server& server, const std::string& sql = {});
// Runs a script by psql, statement by statement; what the server refused, in psql's words.
std::string psql(postgres::Server& server, const std::string& database, const std::string& sql);
// pg_dump -s of a database without its version lines, or nullopt when no pg_dump of this major is at hand.
std::optional<std::string> pg_dump(postgres::Server& server, const std::string& database);
// psql or pg_dump with its folder. Debian's /usr/bin has a Perl script of that name that looks for the real one, which takes
// longer than many a dump.
std::string client_program(const std::string& name);
std::string read_file(const std::string& path);
// ../shared/<path> next to the checkout, or PGARCHITECT_SHARED; nullopt: it is not there.
std::optional<std::string> shared(const std::string& path);

}  // namespace pga::testing
