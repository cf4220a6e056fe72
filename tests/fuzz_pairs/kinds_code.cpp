// Views, functions, triggers, operators: what holds code.
#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "fuzz_pairs/piece.h"

namespace pga::fuzz {
namespace {

std::string view_query(const Context& context, const Piece& piece, std::vector<ColumnInfo>& columns) {
  Random random(piece.seed);
  std::vector<std::string> sources;
  for (const auto& [name, relation] : context.relations) sources.push_back(name);
  const auto source = pick(sources, static_cast<uint64_t>(piece.number) * 101);
  if (source.empty()) return {};
  const auto& relation = context.relations.at(source);
  columns = pick_columns(relation, piece.seed, 1 + random.below(5));
  std::string list;
  for (size_t i = 0; i < columns.size(); ++i) {
    std::string item = "r." + columns[i].name;
    if (columns[i].type == "text" && random.chance(0.2)) {
      item = "upper(" + item + ") AS " + columns[i].name;
    } else if (columns[i].type == "integer" && random.chance(0.2)) {
      item += fmt::format(" + {} AS {}", 1 + random.below(5), columns[i].name);
    }
    list += (i == 0 ? "" : ", ") + item;
    columns[i].generated = false;
    columns[i].not_null = false;
  }
  std::string sql = "SELECT " + list + " FROM " + source + " r";
  const auto condition = pick_columns(relation, piece.seed + 9, 1);
  if (random.chance(0.4) && !condition.empty())
    sql += " WHERE r." + random_condition(context, condition[0], random.next()).substr(0, 0) + condition[0].name + " IS NOT NULL";
  return sql;
}

Made view(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "v");
  std::vector<ColumnInfo> columns;
  const auto query = view_query(context, piece, columns);
  if (query.empty()) return {};
  Random random(piece.seed ^ 0x71e3);
  std::string options;
  if (context.major >= 15 && random.chance(0.2)) options = " WITH (security_invoker = true)";
  if (options.empty() && random.chance(0.15)) options = " WITH (security_barrier = true)";
  const bool check = random.chance(0.1);
  Made out{{"CREATE VIEW " + name + options + " AS " + query + (check ? " WITH LOCAL CHECK OPTION" : "")}, [=](Context& c) {
             register_name(c, "view", name);
             c.relations[name] = {columns, false, {}};
           }};
  if (random.chance(0.2))
    out.statements.push_back("COMMENT ON COLUMN " + name + "." + columns[0].name + " IS " + literal(words(random.next())));
  if (random.chance(0.1) && columns[0].category == 'n')
    out.statements.push_back("ALTER VIEW " + name + " ALTER COLUMN " + columns[0].name + " SET DEFAULT 5");
  add_details(out.statements, piece, "VIEW " + name, {"SELECT", "ALL"});
  return out;
}

Made materialized_view(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "mv");
  std::vector<ColumnInfo> columns;
  const auto query = view_query(context, piece, columns);
  if (query.empty()) return {};
  Random random(piece.seed ^ 0x3a3a);
  Made out{{"CREATE MATERIALIZED VIEW " + name + (random.chance(0.2) ? " WITH (fillfactor = 70)" : "") + " AS " + query +
            (random.chance(0.15) ? " WITH NO DATA" : "")},
           [=](Context& c) {
             register_name(c, "materialized_view", name);
             c.relations[name] = {columns, false, {}};
           }};
  if (random.chance(0.5))
    out.statements.push_back("CREATE INDEX " + bare(piece, "mx") + " ON " + name + " (" + columns[0].name + ")");
  add_details(out.statements, piece, "MATERIALIZED VIEW " + name, {"SELECT"});
  return out;
}

std::string attributes(Random& random) {
  std::string out;
  static const std::vector<std::string> volatilities = {"", " STABLE", " IMMUTABLE"};
  out += volatilities[random.below(3)];
  if (random.chance(0.3)) out += " STRICT";
  if (random.chance(0.15)) out += " SECURITY DEFINER";
  if (random.chance(0.3)) out += " PARALLEL SAFE";
  if (random.chance(0.2)) out += fmt::format(" COST {}", 10 + random.below(500));
  if (random.chance(0.15)) out += " SET search_path = pg_catalog, public";
  return out;
}

Made function(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "f");
  Random random(piece.seed);
  const size_t form = random.below(6);
  const auto n = std::to_string(random.below(100));
  std::string arguments = "a integer, b integer DEFAULT " + n;
  std::string signature = "(integer, integer)";
  std::string body;
  if (form == 0) {
    body = "RETURNS integer LANGUAGE sql" + attributes(random) + " AS $$ SELECT a + b + " + n + " $$";
  } else if (form == 1 && context.major >= 14) {
    body = "RETURNS integer LANGUAGE sql" + attributes(random) +
           (random.chance(0.5) ? " RETURN a * b + " + n : " BEGIN ATOMIC SELECT a + " + n + "; END");
  } else if (form == 2) {
    body = "RETURNS integer LANGUAGE plpgsql" + attributes(random) + " AS $body$\nBEGIN\n  -- it's " + n +
           "\n  RETURN a + b;\nEND\n$body$";
  } else if (form == 3) {
    body = "RETURNS TABLE (x integer, y text) LANGUAGE sql ROWS 50 AS $$ SELECT a, 'v" + n + "'::text $$";
  } else if (form == 4) {
    const auto table = pick_kind(context, "table", piece.seed);
    body = table.empty() ? "RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$"
                         : "RETURNS SETOF " + table + " LANGUAGE sql STABLE AS $$ SELECT * FROM " + table + " LIMIT " + n + " $$";
  } else {
    const auto type = pick_kind(context, "enum", piece.seed);
    if (!type.empty()) arguments = "a " + type + ", VARIADIC b integer[]", signature = "(" + type + ", integer[])";
    body = "RETURNS bigint LANGUAGE sql AS $$ SELECT " + n + "::bigint $$";
  }
  Made out{{"CREATE FUNCTION " + name + "(" + arguments + ") " + body}, [=](Context& c) {
             if (form <= 2) register_name(c, "function", name);
           }};
  add_details(out.statements, piece, "FUNCTION " + name + signature, {"EXECUTE", "ALL"});
  return out;
}

Made procedure(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "pr");
  Random random(piece.seed);
  const auto n = std::to_string(random.below(100));
  const bool standard = context.major >= 14 && random.chance(0.3);
  Made out{{"CREATE PROCEDURE " + name + "(a integer, INOUT b text DEFAULT NULL) LANGUAGE " +
            (standard ? "sql BEGIN ATOMIC SELECT " + n + "::text; END" : "plpgsql AS $$ BEGIN b := '" + n + "'; END $$")},
           {}};
  add_details(out.statements, piece, "PROCEDURE " + name + "(integer, text)", {"EXECUTE"});
  return out;
}

Made aggregate(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "ag");
  Random random(piece.seed);
  const auto function = random.chance(0.5) ? pick_kind(context, "function", piece.seed) : "";
  Made out{{"CREATE AGGREGATE " + name + "(integer) (SFUNC = " + (function.empty() ? "int4pl" : function) + ", STYPE = integer" +
            (random.chance(0.6) ? ", INITCOND = '" + std::to_string(random.below(9)) + "'" : "") +
            (random.chance(0.3) && function.empty() ? ", COMBINEFUNC = int4pl, PARALLEL = SAFE" : "") + ")"},
           {}};
  add_details(out.statements, piece, "AGGREGATE " + name + "(integer)");
  return out;
}

Made trigger_function(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "tf");
  Random random(piece.seed);
  Made out{
      {"CREATE FUNCTION " + name + "() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  -- " + std::to_string(random.below(100)) +
       "\n  RETURN " + (random.chance(0.7) ? "NEW" : "coalesce(NEW, OLD)") + ";\nEND\n$$"},
      [name](Context& c) { register_name(c, "trigger_function", name); }};
  add_details(out.statements, piece, "FUNCTION " + name + "()", {"EXECUTE"});
  return out;
}

Made trigger(const Context& context, const Piece& piece) {
  const auto function = pick_kind(context, "trigger_function", piece.seed);
  const auto table =
      pick_kind(context, piece.number % 4 == 0 ? "partitioned" : "table", static_cast<uint64_t>(piece.number) * 31);
  if (function.empty() || table.empty()) return {};
  Random random(piece.seed);
  const auto name = bare(piece, "tr");
  const auto columns = pick_columns(context.relations.at(table), piece.seed, 1);
  std::string sql;
  switch (random.below(5)) {
    case 0:
      sql =
          "CREATE TRIGGER " + name + " BEFORE INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION " + function + "()";
      break;
    case 1:
      sql = "CREATE TRIGGER " + name + " AFTER UPDATE OF " + (columns.empty() ? "id" : columns[0].name) + " ON " + table +
            " FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION " + function + "('x', 'it''s')";
      break;
    case 2:
      sql = "CREATE TRIGGER " + name + " AFTER INSERT ON " + table +
            " REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION " + function + "()";
      break;
    case 3:
      sql = "CREATE CONSTRAINT TRIGGER " + name + " AFTER INSERT OR DELETE ON " + table +
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION " + function + "()";
      break;
    default:
      sql = "CREATE TRIGGER " + name + " BEFORE TRUNCATE ON " + table + " FOR EACH STATEMENT EXECUTE FUNCTION " + function + "()";
  }
  Made out{{sql}, {}};
  Random detail(piece.detail);
  if (detail.chance(0.2))
    out.statements.push_back("COMMENT ON TRIGGER " + name + " ON " + table + " IS " + literal(words(detail.next())));
  if (detail.chance(0.15))
    out.statements.push_back("ALTER TABLE " + table + (detail.chance(0.5) ? " DISABLE" : " ENABLE ALWAYS") + " TRIGGER " + name);
  return out;
}

Made view_trigger(const Context& context, const Piece& piece) {
  const auto function = pick_kind(context, "trigger_function", piece.seed);
  const auto target = pick_kind(context, "view", piece.seed);
  if (function.empty() || target.empty()) return {};
  return {{"CREATE TRIGGER " + bare(piece, "vt") + " INSTEAD OF INSERT ON " + target + " FOR EACH ROW EXECUTE FUNCTION " +
           function + "()"},
          {}};
}

Made operator_(const Context& context, const Piece& piece) {
  const auto function = pick_kind(context, "function", piece.seed);
  if (function.empty()) return {};
  static const std::vector<std::string> symbols = {"+++@", "<->>", "===", "@@#", "|&|", "~~~~", "<#>", "%%%"};
  const auto schema = pick_kind(context, "schema", static_cast<uint64_t>(piece.number));
  const auto name = (schema.empty() ? "public" : schema) + "." + symbols[static_cast<size_t>(piece.number) % symbols.size()];
  Made out{{"CREATE OPERATOR " + name + " (FUNCTION = " + function + ", LEFTARG = integer, RIGHTARG = integer" +
            (Random(piece.seed).chance(0.4) ? ", COMMUTATOR = OPERATOR(" + name + ")" : "") + ")"},
           {}};
  add_details(out.statements, piece, "OPERATOR " + name + " (integer, integer)");
  return out;
}

Made operator_class(const Context& context, const Piece& piece) {
  const auto name = qualified(context, piece, "oc");
  const auto family = qualified(context, piece, "of");
  Random random(piece.seed);
  Made out{{"CREATE OPERATOR FAMILY " + family + " USING btree"}, {}};
  out.statements.push_back(
      "CREATE OPERATOR CLASS " + name + " FOR TYPE integer USING btree FAMILY " + family +
      " AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer)");
  if (random.chance(0.5))
    out.statements.push_back("ALTER OPERATOR FAMILY " + family + " USING btree ADD OPERATOR 1 < (integer, bigint)");
  add_details(out.statements, piece, "OPERATOR FAMILY " + family + " USING btree");
  return out;
}

Made cast(const Context& context, const Piece& piece) {
  const auto type = pick_kind(context, piece.number % 2 == 0 ? "enum" : "composite", static_cast<uint64_t>(piece.number));
  if (type.empty()) return {};
  static const std::vector<std::string> contexts = {"", " AS ASSIGNMENT", " AS IMPLICIT"};
  Random random(piece.seed);
  Made out{{"CREATE CAST (" + type + " AS " + (piece.number % 3 == 0 ? "varchar" : "text") + ") WITH INOUT" +
            contexts[random.below(3)]},
           {}};
  if (Random(piece.detail).chance(0.4))
    out.statements.push_back("COMMENT ON CAST (" + type + " AS " + (piece.number % 3 == 0 ? "varchar" : "text") + ") IS " +
                             literal(words(piece.detail)));
  return out;
}

constexpr PieceKind kKinds[] = {{"view", 9, 13, view},
                                {"materialized_view", 3, 13, materialized_view},
                                {"function", 9, 13, function},
                                {"procedure", 2, 13, procedure},
                                {"aggregate", 2, 13, aggregate},
                                {"trigger_function", 3, 13, trigger_function},
                                {"trigger", 6, 13, trigger},
                                {"view_trigger", 1, 13, view_trigger},
                                {"operator", 1, 13, operator_},
                                {"operator_class", 1, 13, operator_class},
                                {"cast", 1, 13, cast}};

}  // namespace

std::span<const PieceKind> code_kinds() {
  return kKinds;
}

}  // namespace pga::fuzz
