// The Debian package that holds an extension (packages.debian.org and apt.postgresql.org name them alike).
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "postgres/server.h"

namespace pga::postgres {
namespace {

// Where the package's name is not made of the extension's.
constexpr std::pair<std::string_view, std::string_view> kPackages[] = {{"postgis", "postgis-3"},
                                                                       {"postgis_raster", "postgis-3"},
                                                                       {"postgis_topology", "postgis-3"},
                                                                       {"postgis_sfcgal", "postgis-3"},
                                                                       {"postgis_tiger_geocoder", "postgis-3"},
                                                                       {"address_standardizer", "postgis-3"},
                                                                       {"vector", "pgvector"},
                                                                       {"pg_partman", "partman"},
                                                                       {"pg_cron", "cron"},
                                                                       {"pg_repack", "repack"},
                                                                       {"address_standardizer_data_us", "postgis-3"}};

constexpr std::string_view kContrib[] = {"adminpack",
                                         "amcheck",
                                         "autoinc",
                                         "bloom",
                                         "btree_gin",
                                         "btree_gist",
                                         "citext",
                                         "cube",
                                         "dblink",
                                         "dict_int",
                                         "dict_xsyn",
                                         "earthdistance",
                                         "file_fdw",
                                         "fuzzystrmatch",
                                         "hstore",
                                         "insert_username",
                                         "intagg",
                                         "intarray",
                                         "isn",
                                         "lo",
                                         "ltree",
                                         "moddatetime",
                                         "old_snapshot",
                                         "pageinspect",
                                         "pg_buffercache",
                                         "pg_freespacemap",
                                         "pg_prewarm",
                                         "pg_stat_statements",
                                         "pg_surgery",
                                         "pg_trgm",
                                         "pg_visibility",
                                         "pg_walinspect",
                                         "pgcrypto",
                                         "pgrowlocks",
                                         "pgstattuple",
                                         "postgres_fdw",
                                         "refint",
                                         "seg",
                                         "sslinfo",
                                         "tablefunc",
                                         "tcn",
                                         "tsm_system_rows",
                                         "tsm_system_time",
                                         "unaccent",
                                         "uuid-ossp",
                                         "xml2"};

}  // namespace

std::string extension_hint(const std::string& name, int major) {
  const std::string version = std::to_string(major);
  if (std::find(std::begin(kContrib), std::end(kContrib), name) != std::end(kContrib)) {
    return "postgresql-" + version + " postgresql-contrib";
  }
  for (const auto& [language, package] : {std::pair{"plpython", "plpython3"}, {"plperl", "plperl"}, {"pltcl", "pltcl"}}) {
    if (name.starts_with(language)) return "postgresql-" + std::string(package) + "-" + version;
  }
  for (const auto& [extension, package] : kPackages) {
    if (name == extension) return "postgresql-" + version + "-" + std::string(package);
  }
  return "postgresql-" + version + "-" + replace_all(name, "_", "-");
}

}  // namespace pga::postgres
