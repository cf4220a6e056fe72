// Text search, foreign data, publications, event triggers, default privileges and the rest.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "fuzz_pairs/piece.h"

namespace pga::fuzz {
namespace {

Made dictionary(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "di");
  Random random(piece.seed);
  Made out{
      {"CREATE TEXT SEARCH DICTIONARY " + name +
       (random.chance(0.5) ? " (TEMPLATE = simple, ACCEPT = " + std::string(random.chance(0.5) ? "true)" : "false)")
                           : " (TEMPLATE = snowball, LANGUAGE = " + std::string(random.chance(0.5) ? "german)" : "english)"))},
      [name](Context& c) { register_name(c, "dictionary", name); }};
  add_details(out.statements, piece, "TEXT SEARCH DICTIONARY " + name);
  return out;
}

Made configuration(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "cf");
  Random random(piece.seed);
  Made out{{"CREATE TEXT SEARCH CONFIGURATION " + name +
            (random.chance(0.7) ? " (COPY = pg_catalog.english)" : " (PARSER = \"default\")")},
           {}};
  const auto mine = pick_kind(context, "dictionary", piece.seed);
  if (random.chance(0.6))
    out.statements.push_back("ALTER TEXT SEARCH CONFIGURATION " + name + " ADD MAPPING FOR word, hword WITH " +
                             (mine.empty() ? "simple" : mine));
  if (random.chance(0.6))
    out.statements.push_back("ALTER TEXT SEARCH CONFIGURATION " + name + " ALTER MAPPING FOR asciiword WITH " +
                             (mine.empty() ? "simple" : mine + ", simple"));
  add_details(out.statements, piece, "TEXT SEARCH CONFIGURATION " + name);
  return out;
}

Made parser(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "pa");
  Made out{{"CREATE TEXT SEARCH PARSER " + name +
            " (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype" +
            (Random(piece.seed).chance(0.5) ? ", HEADLINE = prsd_headline)" : ")")},
           {}};
  add_details(out.statements, piece, "TEXT SEARCH PARSER " + name, {}, false);
  return out;
}

Made text_template(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "te");
  Made out{{"CREATE TEXT SEARCH TEMPLATE " + name + " (" + (Random(piece.seed).chance(0.5) ? "INIT = dsimple_init, " : "") +
            "LEXIZE = dsimple_lexize)"},
           {}};
  add_details(out.statements, piece, "TEXT SEARCH TEMPLATE " + name, {}, false);
  return out;
}

Made wrapper(const Context&, const Piece& piece) {
  const auto name = bare(piece, "w");
  Random random(piece.seed);
  Made out{{"CREATE FOREIGN DATA WRAPPER " + name +
            (random.chance(0.5) ? " OPTIONS (debug '" + std::to_string(random.below(9)) + "')" : "")},
           [name](Context& c) { register_name(c, "wrapper", name); }};
  add_details(out.statements, piece, "FOREIGN DATA WRAPPER " + name, {"USAGE"}, false);
  return out;
}

Made foreign_server(const Context& context, const Piece& piece) {
  const auto wrapper_name = pick_kind(context, "wrapper", static_cast<uint64_t>(piece.number));
  if (wrapper_name.empty()) return {};
  const auto name = bare(piece, "fs");
  Random random(piece.seed);
  std::string sql = "CREATE SERVER " + name;
  if (random.chance(0.3)) sql += " TYPE 'x'";
  if (random.chance(0.3)) sql += fmt::format(" VERSION '{}'", random.below(9));
  sql += " FOREIGN DATA WRAPPER " + wrapper_name;
  if (random.chance(0.6)) sql += fmt::format(" OPTIONS (host 'h{}', port '543{}')", random.below(5), random.below(9));
  Made out{{sql}, [name](Context& c) { register_name(c, "server", name); }};
  add_details(out.statements, piece, "SERVER " + name, {"USAGE"});
  return out;
}

Made user_mapping(const Context& context, const Piece& piece) {
  const auto server = pick_kind(context, "server", static_cast<uint64_t>(piece.number));
  if (server.empty()) return {};
  return {{"CREATE USER MAPPING FOR " + std::string(piece.number % 2 == 0 ? "fuzz_a" : "PUBLIC") + " SERVER " + server +
           (Random(piece.seed).chance(0.6) ? fmt::format(" OPTIONS (\"user\" 'u{}')", piece.seed % 9) : "")},
          {}};
}

Made foreign_table(const Context& context, const Piece& piece) {
  const auto server = pick_kind(context, "server", static_cast<uint64_t>(piece.number));
  if (server.empty()) return {};
  const auto name = qualified(context, piece, "ft");
  Random random(piece.seed);
  std::string sql = "CREATE FOREIGN TABLE " + name + " (id integer NOT NULL";
  std::vector<ColumnInfo> columns = {{"id", "integer", 'n', true, false}};
  for (const auto& seed : piece.columns) {
    auto column = random_type(context, seed.type);
    column.name = fmt::format("c{}", seed.number);
    sql += ", " + column.name + " " + column.type + (Random(seed.extra).chance(0.2) ? " OPTIONS (column_name 'x')" : "") +
           (Random(seed.null).chance(0.2) ? " NOT NULL" : "");
    columns.push_back(column);
  }
  Made out{{sql + ") SERVER " + server + (random.chance(0.5) ? fmt::format(" OPTIONS (table_name 't{}')", random.below(9)) : "")},
           [=](Context& c) {
             register_name(c, "foreign_table", name);
             c.relations[name] = {columns, false, {}};
           }};
  if (random.chance(0.3))
    out.statements.push_back("ALTER FOREIGN TABLE " + name + " ADD CONSTRAINT " + bare(piece, "fc") + " CHECK (id > 0)");
  add_details(out.statements, piece, "FOREIGN TABLE " + name, {"SELECT"});
  return out;
}

Made publication(const Context& context, const Piece& piece) {
  const auto name = bare(piece, "pu");
  Random random(piece.seed);
  std::string sql = "CREATE PUBLICATION " + name;
  const auto table = pick_kind(context, "table", piece.seed);
  const auto schema = pick_kind(context, "schema", piece.seed);
  const size_t form = random.below(6);
  if (form == 0) {
    sql += " FOR ALL TABLES";
  } else if (form == 1 && context.major >= 15 && !schema.empty()) {
    sql += " FOR TABLES IN SCHEMA " + schema;
  } else if (form == 2 && context.major >= 15 && !table.empty()) {
    sql += " FOR TABLE " + table + " (id) WHERE (id IS NOT NULL)";
  } else if (form <= 4 && !table.empty()) {
    sql += " FOR TABLE " + table;
  }
  if (random.chance(0.4))
    sql += random.chance(0.5) ? " WITH (publish = 'insert, update')" : " WITH (publish_via_partition_root = true)";
  Made out{{sql}, {}};
  add_details(out.statements, piece, "PUBLICATION " + name);
  return out;
}

Made subscription(const Context&, const Piece& piece) {
  const auto name = bare(piece, "su");
  Random random(piece.seed);
  Made out{
      {fmt::format(
          "CREATE SUBSCRIPTION {} CONNECTION 'dbname=placeholder' PUBLICATION p{} WITH (connect = false, slot_name = NONE{})",
          name, random.below(3), random.chance(0.4) ? ", binary = true" : "")},
      {}};
  add_details(out.statements, piece, "SUBSCRIPTION " + name, {}, false);
  return out;
}

Made event_trigger(const Context& context, const Piece& piece) {
  const auto function = qualified(context, piece, "ef");
  const auto name = bare(piece, "et");
  Random random(piece.seed);
  static const std::vector<std::string> events = {"ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite"};
  Made out{{"CREATE FUNCTION " + function + "() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$"}, {}};
  out.statements.push_back("CREATE EVENT TRIGGER " + name + " ON " + events[random.below(events.size())] +
                           (random.chance(0.3) ? " WHEN TAG IN ('ALTER TABLE')" : "") + " EXECUTE FUNCTION " + function + "()");
  if (random.chance(0.2)) out.statements.push_back("ALTER EVENT TRIGGER " + name + " DISABLE");
  add_details(out.statements, piece, "EVENT TRIGGER " + name, {}, false);
  return out;
}

Made default_privileges(const Context& context, const Piece& piece) {
  Random random(piece.seed);
  const auto schema = pick_kind(context, "schema", static_cast<uint64_t>(piece.number));
  static const std::vector<std::pair<std::string, std::string>> objects = {
      {"SELECT", "TABLES"}, {"ALL", "TABLES"}, {"USAGE", "SEQUENCES"}, {"EXECUTE", "FUNCTIONS"}, {"USAGE", "TYPES"}};
  const auto& object = objects[random.below(objects.size())];
  std::string sql = "ALTER DEFAULT PRIVILEGES";
  if (random.chance(0.4)) sql += " FOR ROLE fuzz_a";
  if (!schema.empty() && random.chance(0.5)) sql += " IN SCHEMA " + schema;
  if (random.chance(0.2)) return {{sql + " REVOKE " + object.first + " ON " + object.second + " FROM PUBLIC"}, {}};
  return {
      {sql + " GRANT " + object.first + " ON " + object.second + " TO fuzz_b" + (random.chance(0.2) ? " WITH GRANT OPTION" : "")},
      {}};
}

Made conversion(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "cv");
  Random random(piece.seed);
  Made out{{"CREATE " + std::string(random.chance(0.3) ? "DEFAULT " : "") + "CONVERSION " + name +
            " FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8"},
           {}};
  add_details(out.statements, piece, "CONVERSION " + name);
  return out;
}

Made access_method(const Context&, const Piece& piece) {
  const auto name = bare(piece, "am");
  Made out{{"CREATE ACCESS METHOD " + name +
            (Random(piece.seed).chance(0.5) ? " TYPE TABLE HANDLER heap_tableam_handler" : " TYPE INDEX HANDLER bthandler")},
           {}};
  add_details(out.statements, piece, "ACCESS METHOD " + name, {}, false);
  return out;
}

Made language(const Context&, const Piece& piece) {
  const auto name = bare(piece, "la");
  Random random(piece.seed);
  Made out{{"CREATE " + std::string(random.chance(0.6) ? "TRUSTED " : "") + "LANGUAGE " + name + " HANDLER plpgsql_call_handler" +
            (random.chance(0.5) ? " VALIDATOR plpgsql_validator" : "")},
           {}};
  add_details(out.statements, piece, "LANGUAGE " + name, {"USAGE"});
  return out;
}

Made schema_grant(const Context&, const Piece& piece) {
  return {{std::string(Random(piece.seed).chance(0.5) ? "GRANT USAGE" : "GRANT CREATE") + " ON SCHEMA public TO fuzz_a"}, {}};
}

constexpr PieceKind kKinds[] = {{"dictionary", 1, 13, dictionary},
                                {"configuration", 1, 13, configuration},
                                {"text_parser", 1, 13, parser},
                                {"text_template", 1, 13, text_template},
                                {"wrapper", 2, 13, wrapper},
                                {"server", 2, 13, foreign_server},
                                {"user_mapping", 1, 13, user_mapping},
                                {"foreign_table", 1, 13, foreign_table},
                                {"publication", 2, 13, publication},
                                {"subscription", 1, 13, subscription},
                                {"event_trigger", 1, 13, event_trigger},
                                {"default_privileges", 2, 13, default_privileges},
                                {"conversion", 1, 13, conversion},
                                {"access_method", 1, 13, access_method},
                                {"language", 1, 13, language},
                                {"schema_grant", 1, 13, schema_grant}};

}  // namespace

std::span<const PieceKind> other_kinds() {
  return kKinds;
}

}  // namespace pga::fuzz
