// golang-migrate: <version>_<name>.up.sql and .down.sql. The tool sends a file as one query: more than one statement in it is
// one transaction, whatever the statements are (unless x-multi-statement is set, which splits at every ';', also those of
// function bodies). So each statement that may not be in a transaction has a file of its own; the other files carry BEGIN and
// COMMIT, so that psql runs them in the same way.
#include "migrate/formats/pair.h"

namespace pga::migrate {
const Format& format_golang_migrate();
namespace {
constexpr std::string_view kHead = "-- golang-migrate: one query a file; leave x-multi-statement off\n";

class GolangMigrate final : public Format {
 public:
  std::string_view slug() const override { return "golang-migrate"; }
  std::string_view describe() const override { return "<version>_<name>.up.sql and .down.sql, one transaction a file"; }

  bool detect(const std::string& folder) const override { return any_up_file_has(folder, ""); }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    return read_pairs(folder, RunsAs::transaction);
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    std::vector<FileText> files;
    for (const auto& part : divide(migration, {.lone_steps = true}))
      for (auto& file : pair_files(part, folder, std::string(kHead), options)) files.push_back(std::move(file));
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    return versions_of_names(folder, ".up.sql");
  }
};
}  // namespace

const Format& format_golang_migrate() {
  static const GolangMigrate format;
  return format;
}
}  // namespace pga::migrate
