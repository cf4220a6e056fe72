#include "cli/version.h"

#include "base/json.h"
#include "postgres/libpq_version.h"
#include "revision.h"
#include "sql/version.h"

namespace pga::cli {

void print_version(Context& context) {
  const std::string revision = PGA_REVISION;
  if (context.options.json) {
    Json json;
    json.object().field("version", PGA_VERSION).field("revision", revision);
    json.field("grammar", sql::grammar_version()).field("libpq", postgres::libpq_version()).end();
    context.out.print(json.take());
    return;
  }
  context.out.line("pgarchitect " PGA_VERSION + (revision.empty() ? "" : " (revision " + revision + ")"));
  context.out.line("SQL grammar of libpg_query: PostgreSQL " + sql::grammar_version());
  context.out.line("libpq " + postgres::libpq_version());
}

}  // namespace pga::cli
