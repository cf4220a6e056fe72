#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "migrate/format.h"

namespace pga::migrate {
namespace {
namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "pga_migrate_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string folder_;
};

const std::vector<std::string> kNames = {"plain",     "a\nDROP TABLE x;", "a\r\n\\! id",
                                         "100%s %0a", "caf\xC3\xA9",      "\xE2\x80\xA8line",
                                         " lead ",    "q\"uo'te",         "-- step: batched"};

TEST_F(Files, EveryMarkSurvivesHostileNames) {
  Migration m{.version = "1", .name = "first", .has_down = true};
  for (const auto& name : kNames) {
    plan::Section section{.transactional = name != "plain", .phase = plan::Phase::migrate_data, .why = name};
    section.steps.push_back({.sql = "SELECT 1 -- step: batched",
                             .why = name,
                             .object = name,
                             .hazards = {plan::Hazard::data_loss, plan::Hazard::long_scan},
                             .strong_lock = true,
                             .batched = true,
                             .concurrent_index = name});
    section.steps.push_back({.sql = "COMMIT", .why = "", .object = name});
    m.up.push_back(section);
  }
  m.down = m.up;
  const auto& format = *find_format("pgarchitect");
  ASSERT_TRUE(format.write(m, folder_, {}));
  EXPECT_TRUE(format.detect(folder_));
  const auto back = format.read(folder_);
  ASSERT_TRUE(back) << to_text(back.error());
  ASSERT_EQ(back->size(), 1U);
  for (const auto* script : {&back->front().up, &back->front().down}) {
    ASSERT_EQ(script->size(), m.up.size());
    for (size_t i = 0; i < script->size(); ++i) {
      const auto& got = (*script)[i];
      EXPECT_EQ(got.transactional, m.up[i].transactional);
      EXPECT_EQ(got.phase, m.up[i].phase);
      EXPECT_EQ(got.why, m.up[i].why);
      ASSERT_EQ(got.steps.size(), 2U) << kNames[i];
      EXPECT_EQ(got.steps[0].why, kNames[i]);
      EXPECT_EQ(got.steps[0].object, kNames[i]);
      EXPECT_EQ(got.steps[0].concurrent_index, kNames[i]);
      EXPECT_EQ(got.steps[0].hazards, m.up[i].steps[0].hazards);
      EXPECT_TRUE(got.steps[0].strong_lock && got.steps[0].batched);
      EXPECT_FALSE(got.steps[1].strong_lock || got.steps[1].batched);
      EXPECT_TRUE(got.steps[0].sql.starts_with("SELECT 1"));
    }
  }
  const auto again = format.write(m, folder_, {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "migration-exists");
}

TEST_F(Files, CrlfAndByteOrderMarkKeepTheChecksum) {
  const auto& format = *find_format("pgarchitect");
  std::ofstream(folder_ + "/1_a.up.sql", std::ios::binary) << "SELECT 1;\nSELECT 2;\n";
  std::ofstream(folder_ + "/2_b.up.sql", std::ios::binary) << "\xEF\xBB\xBFSELECT 1;\r\nSELECT 2;\r\n";
  const auto back = format.read(folder_);
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(back->at(0).checksum, back->at(1).checksum);
}

TEST_F(Files, ProblemsHaveCodes) {
  const auto& format = *find_format("pgarchitect");
  std::ofstream(folder_ + "/1_a.up.sql") << "SELECT 1;\n";
  std::ofstream(folder_ + "/01_b.up.sql") << "SELECT 1;\n";
  EXPECT_EQ(format.read(folder_).error().code, "duplicate-version");
  fs::remove(folder_ + "/01_b.up.sql");
  std::ofstream(folder_ + "/2_c.up.sql") << "-- nothing\n";
  EXPECT_EQ(format.read(folder_).error().code, "empty-migration");
  std::ofstream(folder_ + "/2_c.up.sql", std::ios::binary) << "SELECT '\xff';\n";
  EXPECT_EQ(format.read(folder_).error().code, "invalid-utf8");
}
}  // namespace
}  // namespace pga::migrate
