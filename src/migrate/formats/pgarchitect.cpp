// Our own layout: <version>_<name>.up.sql and <version>_<name>.down.sql, any number of sections in one file.
#include "migrate/formats/pair.h"

namespace pga::migrate {
const Format& format_pgarchitect();
namespace {

class Pgarchitect final : public Format {
 public:
  std::string_view slug() const override { return "pgarchitect"; }
  std::string_view describe() const override { return "<version>_<name>.up.sql and .down.sql, annotated SQL"; }

  bool detect(const std::string& folder) const override {
    return any_up_file_has(folder, "-- section 1: ") && !any_up_file_has(folder, "-- golang-migrate: ");
  }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    return read_pairs(folder, RunsAs::transaction);
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    return write_files(pair_files(migration, folder, "", options), options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    return versions_of_names(folder, ".up.sql");
  }
};
}  // namespace

const Format& format_pgarchitect() {
  static const Pgarchitect format;
  return format;
}
}  // namespace pga::migrate
