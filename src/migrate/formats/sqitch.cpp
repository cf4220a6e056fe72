// sqitch: changes in sqitch.plan, scripts deploy/<name>.sql, revert/<name>.sql and verify/<name>.sql, run by psql: they carry
// their own BEGIN and COMMIT, so a migration is one change whatever is in it. The time in the plan is the version.
#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "migrate/formats/sqitch_plan.h"
#include "migrate/formats/support.h"
#include "migrate/stamp.h"

namespace pga::migrate {
const Format& format_sqitch();
namespace {
namespace fs = std::filesystem;

// Cannot be wrong later on: a concurrent build of this change that failed leaves an invalid index, whatever it is called by then.
std::string verify_sql(const Migration& migration) {
  std::string out = "BEGIN;\n\n";
  for (const auto& section : migration.up)
    for (const auto& step : section.steps)
      if (!step.concurrent_index.empty())
        out += "SELECT 1 / (CASE WHEN EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(" +
               literal(step.concurrent_index) + ") AND NOT indisvalid) THEN 0 ELSE 1 END);\n";
  return out + "\nROLLBACK;\n";
}

std::string plan_time(const std::string& version) {
  const std::string stamp = parse_stamp(version) ? version : stamp_text(version.size() < 12 ? std::stoll("0" + version) : 0);
  return stamp.substr(0, 4) + "-" + stamp.substr(4, 2) + "-" + stamp.substr(6, 2) + "T" + stamp.substr(8, 2) + ":" +
         stamp.substr(10, 2) + ":" + stamp.substr(12, 2) + "Z";
}

Result<Migration> read_one(const fs::path& folder, const SqitchChange& change) {
  const fs::path file = change.script + ".sql";
  Migration out{.version = change.version, .name = change.name, .path = (folder / "deploy" / file).string()};
  PGA_TRY(const std::string text, read_text(out.path));
  out.checksum = sha256_hex(text);
  PGA_CHECK(read_up(out, text, out.path, RunsAs::autocommit));
  const auto revert = (folder / "revert" / file).string();
  if (!fs::exists(revert)) return out;
  PGA_TRY(const std::string down, read_text(revert));
  PGA_CHECK(read_down(out, down, revert, RunsAs::autocommit));
  return out;
}

class Sqitch final : public Format {
 public:
  std::string_view slug() const override { return "sqitch"; }
  std::string_view describe() const override { return "sqitch.plan, deploy/<name>.sql, revert/<name>.sql, verify/<name>.sql"; }

  bool detect(const std::string& folder) const override { return fs::exists(fs::path(folder) / "sqitch.plan"); }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    PGA_TRY(const std::string text, read_text((fs::path(folder) / "sqitch.plan").string()));
    std::vector<Migration> out;
    for (const auto& change : sqitch_changes(text)) {
      PGA_TRY(auto one, read_one(folder, change));
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    const fs::path root(folder);
    const auto plan_path = (root / "sqitch.plan").string();
    std::vector<FileText> files;
    const auto add = [&](const char* part, const char* verb, const std::string& sql) {
      files.push_back({(root / part / (migration.name + ".sql")).string(), std::string("-- ") + verb + " " + migration.name +
                                                                               " " +
                                                                               (*part == 'd'   ? "to"
                                                                                : *part == 'r' ? "from"
                                                                                               : "on") +
                                                                               " pg\n\n" + sql});
    };
    add("revert", "Revert", down_sql(migration, options, true));
    add("verify", "Verify", verify_sql(migration));
    add("deploy", "Deploy", proof_lines(migration, "--") + up_sql(migration, options, true));
    PGA_TRY(const std::string plan, plan_with(migration, root, plan_path, options, files));
    PGA_TRY(auto written, write_files(files, options));
    PGA_CHECK(write_text(plan_path, plan, true));  // last: a change whose scripts are not there must never be in the plan
    written.push_back(plan_path);
    return written;
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    std::vector<std::string> out;
    const auto path = (fs::path(folder) / "sqitch.plan").string();
    if (!fs::exists(path)) return out;
    PGA_TRY(const std::string text, read_text(path));
    for (const auto& change : sqitch_changes(text)) out.push_back(change.version);
    return out;
  }

 private:
  // The plan with the change at its end. A folder without a plan becomes a project, with the few lines of sqitch.conf that it
  // needs.
  static Result<std::string> plan_with(const Migration& migration, const fs::path& root, const std::string& path,
                                       const WriteOptions& options, std::vector<FileText>& files) {
    std::string plan;
    if (fs::exists(path)) {
      PGA_TRY(plan, read_text(path));
      const auto changes = sqitch_changes(plan);
      if (std::any_of(changes.begin(), changes.end(), [&](const auto& change) { return change.name == migration.name; })) {
        if (options.overwrite) return plan;
        return fail("migration-exists", "sqitch.plan has a change " + migration.name, "choose another name", {path});
      }
      if (!plan.empty() && plan.back() != '\n') plan += '\n';
    } else {
      plan =
          "%syntax-version=1.0.0\n%project=" + file_name_of(fs::absolute(root).lexically_normal().filename().string()) + "\n\n";
      if (!fs::exists(root / "sqitch.conf")) files.push_back({(root / "sqitch.conf").string(), "[core]\n\tengine = pg\n"});
    }
    return plan + migration.name + " " + plan_time(migration.version) + " pgarchitect <pgarchitect@localhost> # " +
           migration.name + "\n";
  }
};
}  // namespace

const Format& format_sqitch() {
  static const Sqitch format;
  return format;
}
}  // namespace pga::migrate
