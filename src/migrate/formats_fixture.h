// Shared by the tests of formats: a hostile plan, its origin, and databases to run it on.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "migrate/format.h"
#include "support.h"

namespace pga::migrate {

// Names and bodies hold what the tools look for: quotes of every language, placeholders, parameters, semicolons, marks in text.
std::string hostile_origin();  // SQL that makes the tables, with rows
Migration
hostile_migration();  // version 20240229235959: transactional, two CONCURRENTLY steps, a batched DO block, transactional

struct Ran {
  int status = 0;
  std::string output;
};
Ran shell(const std::string& command);

// pg_dump -s without what the migration tools keep for themselves, and a checksum of the rows.
std::string state_of(postgres::Server& server, const std::string& database);

// Statement by statement over libpq, in the transactions that the sections ask for: what every tool must come to.
void run_directly(postgres::Server& server, const std::string& database, const plan::Script& script);

class FormatFiles : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
  std::string folder_;
  postgres::Server* server_ = nullptr;
};

}  // namespace pga::migrate
