// docs/formats.md shows what is written. PGARCHITECT_UPDATE=1 writes the examples anew.
#include <fstream>

#include "base/text.h"
#include "migrate/formats_fixture.h"

namespace pga::migrate {
namespace {
namespace fs = std::filesystem;

Migration small_plan() {
  using plan::Hazard;
  using plan::Phase;
  Migration m{.version = "20240131120000", .name = "add_nickname", .has_down = true};
  m.up = {{.transactional = true, .phase = Phase::expand, .why = "only the catalogs change", .steps = {}},
          {.transactional = false, .phase = Phase::expand, .why = "CONCURRENTLY cannot run in a transaction", .steps = {}}};
  m.up[0].steps = {{.sql = "ALTER TABLE public.users ADD COLUMN nickname text",
                    .why = "adds a column; no rewrite",
                    .object = "column public.users.nickname",
                    .hazards = {},
                    .strong_lock = true}};
  m.up[1].steps = {{.sql = "CREATE INDEX CONCURRENTLY users_nickname ON public.users (nickname)",
                    .why = "builds without blocking writes",
                    .object = "index public.users_nickname",
                    .hazards = {Hazard::index_build},
                    .concurrent_index = "public.users_nickname"}};
  m.down = {{.transactional = false, .phase = Phase::contract, .why = "CONCURRENTLY cannot run in a transaction", .steps = {}},
            {.transactional = true, .phase = Phase::contract, .why = "only the catalogs change", .steps = {}}};
  m.down[0].steps = {{.sql = "DROP INDEX CONCURRENTLY public.users_nickname",
                      .why = "drops without blocking",
                      .object = "index public.users_nickname"}};
  m.down[1].steps = {{.sql = "ALTER TABLE public.users DROP COLUMN nickname",
                      .why = "its values are gone",
                      .object = "column public.users.nickname",
                      .hazards = {Hazard::data_loss},
                      .strong_lock = true}};
  return m;
}

std::string example(const Format& format, const std::string& folder) {
  const auto files = format.write(small_plan(), folder, {});
  if (!files) return to_text(files.error());
  std::string out;
  for (const auto& path : *files) {
    const auto ending = fs::path(path).extension().string();
    const std::string language = ending == ".js" ? "js" : ending == ".py" ? "python" : ending == ".sql" ? "sql" : "text";
    out += "\n`" + fs::path(path).lexically_relative(folder).string() + "`\n\n```" + language + "\n" + testing::read_file(path) +
           "```\n";
  }
  return out + "\n";
}

TEST_F(FormatFiles, PageShowsWhatIsWritten) {
  const std::string page = std::string(PGA_SOURCE_DIR) + "/docs/formats.md";
  const std::string text = testing::read_file(page);
  std::string wanted = text;
  for (const auto* format : formats()) {
    const std::string open = "<!-- example: " + std::string(format->slug()) + " -->\n";
    const auto at = wanted.find(open);
    ASSERT_NE(at, std::string::npos) << format->slug() << " has no example in docs/formats.md";
    const auto end = wanted.find("<!-- end -->", at);
    ASSERT_NE(end, std::string::npos);
    wanted.replace(at + open.size(), end - at - open.size(),
                   example(*format, folder_ + "/" + std::string(format->slug()) + "/migrations"));
  }
  if (std::getenv("PGARCHITECT_UPDATE") != nullptr) std::ofstream(page) << wanted;
  EXPECT_EQ(testing::read_file(page), wanted) << "PGARCHITECT_UPDATE=1 writes the page anew";
}

}  // namespace
}  // namespace pga::migrate
