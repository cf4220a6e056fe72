// Schemas, types, sequences, collations: what tables are made of.
#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "fuzz_pairs/piece.h"

namespace pga::fuzz {
namespace {

Made schema(const Context&, const Piece& piece) {
  const auto name = bare(piece, "s");
  Made out{{"CREATE SCHEMA " + name}, [name](Context& c) { register_name(c, "schema", name); }};
  add_details(out.statements, piece, "SCHEMA " + name, {"USAGE", "CREATE", "ALL"});
  // PostgreSQL looks up foreign keys as the owner of the table, who must be allowed to.
  out.statements.push_back("GRANT USAGE ON SCHEMA " + name + " TO fuzz_a, fuzz_b");
  return out;
}

Made extension(const Context&, const Piece& piece) {
  static const std::vector<std::string> all = {"pg_trgm", "btree_gist", "citext", "hstore", "pgcrypto", "intarray"};
  const auto name = all[static_cast<size_t>(piece.number) % all.size()];
  Made out{{"CREATE EXTENSION IF NOT EXISTS " + name + " WITH SCHEMA public"},
           [name](Context& c) { register_name(c, "extension", name); }};
  add_details(out.statements, piece, "EXTENSION " + name, {}, false);
  return out;
}

Made enum_type(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "e");
  Random random(piece.seed);
  std::vector<std::string> labels;
  static const std::vector<std::string> all = {"draft", "open", "closed", "It's odd", "ünï", "archived", "new", "Old One"};
  const size_t first = random.below(all.size());
  for (size_t i = 0; i < 2 + random.below(4); ++i) labels.push_back(all[(first + i * (1 + random.below(2))) % all.size()]);
  std::vector<std::string> unique;
  for (const auto& each : labels) {
    if (std::find(unique.begin(), unique.end(), each) == unique.end()) unique.push_back(each);
  }
  std::string list;
  for (const auto& each : unique) list += (list.empty() ? "" : ", ") + literal(each);
  Made out{{"CREATE TYPE " + name + " AS ENUM (" + list + ")"}, [=](Context& c) {
             register_name(c, "enum", name);
             c.labels[name] = unique;
           }};
  add_details(out.statements, piece, "TYPE " + name, {"USAGE", "ALL"});
  return out;
}

Made domain(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "d");
  Random random(piece.seed);
  static const std::vector<std::pair<std::string, std::string>> bases = {{"text", "VALUE <> ''"},
                                                                         {"integer", "VALUE > 0"},
                                                                         {"numeric(8,2)", "VALUE >= 0"},
                                                                         {"character varying(20)", "VALUE ~ '^[a-z]+$'"},
                                                                         {"bigint", "VALUE < 1000000"}};
  const auto& base = bases[random.below(bases.size())];
  std::string sql = "CREATE DOMAIN " + name + " AS " + base.first;
  if (base.first == "text" && random.chance(0.3)) sql += " COLLATE \"C\"";
  if (random.chance(0.3)) sql += " DEFAULT " + std::string(base.first == "text" || base.first.starts_with("char") ? "'x'" : "1");
  if (random.chance(0.2)) sql += " NOT NULL";
  if (random.chance(0.7)) sql += " CONSTRAINT " + bare(piece, "dc") + " CHECK (" + base.second + ")";
  Made out{{sql}, [name](Context& c) { register_name(c, "domain", name); }};
  if (random.chance(0.3))
    out.statements.push_back("ALTER DOMAIN " + name + " ADD CONSTRAINT " + bare(piece, "dv") +
                             " CHECK (VALUE IS NOT NULL OR true) NOT VALID");
  if (random.chance(0.3))
    out.statements.push_back("COMMENT ON CONSTRAINT " + bare(piece, "dc") + " ON DOMAIN " + name + " IS " +
                             literal(words(random.next())));
  add_details(out.statements, piece, "DOMAIN " + name, {"USAGE"});
  return out;
}

Made composite(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "ct");
  Random random(piece.seed);
  std::string list;
  for (size_t i = 0; i < 1 + random.below(4); ++i)
    list += fmt::format("{}a{} {}", i == 0 ? "" : ", ", i, random_type(context, random.next()).type);
  Made out{{"CREATE TYPE " + name + " AS (" + list + ")"}, [name](Context& c) { register_name(c, "composite", name); }};
  if (random.chance(0.3)) out.statements.push_back("COMMENT ON COLUMN " + name + ".a0 IS " + literal(words(random.next())));
  add_details(out.statements, piece, "TYPE " + name, {"USAGE"});
  return out;
}

Made range(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "rt");
  Random random(piece.seed);
  static const std::vector<std::string> subtypes = {"double precision", "text", "inet", "time without time zone", "uuid"};
  const auto& subtype = subtypes[random.below(subtypes.size())];
  std::string sql = "CREATE TYPE " + name + " AS RANGE (SUBTYPE = " + subtype;
  if (subtype == "text" && random.chance(0.5)) sql += ", COLLATION = \"C\"";
  if (subtype == "double precision" && random.chance(0.5)) sql += ", SUBTYPE_DIFF = float8mi";
  Made out{{sql + ")"}, [name](Context& c) { register_name(c, "range", name); }};
  add_details(out.statements, piece, "TYPE " + name, {"USAGE"});
  return out;
}

Made base_type(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "bt");
  const auto in = qualified(context, piece, "bt_in");
  const auto out_function = qualified(context, piece, "bt_out");
  Random random(piece.seed);
  Made out{{"CREATE TYPE " + name}, [name](Context& c) { register_name(c, "base_type", name); }};
  out.statements.push_back("CREATE FUNCTION " + in + "(cstring) RETURNS " + name +
                           " LANGUAGE internal IMMUTABLE STRICT AS 'textin'");
  out.statements.push_back("CREATE FUNCTION " + out_function + "(" + name +
                           ") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout'");
  out.statements.push_back("CREATE TYPE " + name + " (INPUT = " + in + ", OUTPUT = " + out_function + ", LIKE = text" +
                           (random.chance(0.5) ? ", CATEGORY = 'S'" : "") + (random.chance(0.3) ? ", DEFAULT = 'x'" : "") + ")");
  add_details(out.statements, piece, "TYPE " + name, {"USAGE"});
  return out;
}

Made sequence(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "q");
  Random random(piece.seed);
  std::string sql = "CREATE ";
  if (context.major >= 15 && random.chance(0.1)) sql += "UNLOGGED ";
  sql += "SEQUENCE " + name;
  if (random.chance(0.3)) sql += random.chance(0.5) ? " AS integer" : " AS smallint";
  if (random.chance(0.4)) sql += fmt::format(" INCREMENT BY {}", 1 + random.below(9));
  if (random.chance(0.3)) sql += fmt::format(" MINVALUE {} MAXVALUE {}", 1 + random.below(5), 1000 + random.below(1000));
  if (random.chance(0.3)) sql += fmt::format(" START WITH {}", 10 + random.below(90));
  if (random.chance(0.2)) sql += fmt::format(" CACHE {}", 2 + random.below(20));
  if (random.chance(0.2)) sql += " CYCLE";
  Made out{{sql}, [name](Context& c) { register_name(c, "sequence", name); }};
  add_details(out.statements, piece, "SEQUENCE " + name, {"USAGE", "SELECT", "UPDATE", "ALL"});
  return out;
}

Made collation(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "co");
  Random random(piece.seed);
  std::string sql = "CREATE COLLATION " + name;
  if (random.chance(0.5)) {
    sql += " (provider = icu, locale = '" + std::string(random.chance(0.5) ? "und" : "de-u-co-phonebk") + "'" +
           (random.chance(0.4) ? ", deterministic = false)" : ")");
  } else {
    sql += random.chance(0.5) ? " (provider = libc, locale = 'C')" : " FROM \"C\"";
  }
  Made out{{sql}, [name](Context& c) { register_name(c, "collation", name); }};
  add_details(out.statements, piece, "COLLATION " + name);
  return out;
}

constexpr PieceKind kKinds[] = {
    {"schema", 2, 13, schema},       {"extension", 3, 13, extension}, {"enum", 5, 13, enum_type},
    {"domain", 4, 13, domain},       {"composite", 3, 13, composite}, {"range", 2, 13, range},
    {"base_type", 1, 13, base_type}, {"sequence", 4, 13, sequence},   {"collation", 2, 13, collation}};

}  // namespace

std::span<const PieceKind> type_kinds() {
  return kKinds;
}

}  // namespace pga::fuzz
