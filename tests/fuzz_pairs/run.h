// One random pair through the whole line (pairs/pair_runner.h), with rows in the origin.
#pragma once
#include <cstdint>
#include <string>

#include "fuzz_pairs/generator.h"
#include "pairs/pair_runner.h"

namespace pga::fuzz {

struct RunOptions {
  bool online = true;
  bool rows = true;      // in the origin: of a kind that fits both sides, where that is possible
  bool quick = false;    // judged by catalog queries that are not our reader's, not by pg_dump
  bool reverse = false;  // from new to old
  bool part = false;     // also planned from the part that the change concerns: the same plan
};

// Failures of loading are failures of the generator: verdict failed, why "load: …".
testing::PairResult run(postgres::Server& server, const Pair& pair, const RunOptions& options);
// Writes old.sql, new.sql and report.txt into a folder for this seed.
void save(const std::string& folder, uint64_t seed, const Pair& pair, const testing::PairResult& result);

}  // namespace pga::fuzz
