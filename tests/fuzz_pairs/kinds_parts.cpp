// What stands on tables: indexes, constraints, statistics, policies, rules.
#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "fuzz_pairs/piece.h"

namespace pga::fuzz {
namespace {

std::string any_table(const Context& context, const Piece& piece) {
  const bool partitioned = piece.number % 5 == 0;
  auto table = pick_kind(context, partitioned ? "partitioned" : "table", static_cast<uint64_t>(piece.number) * 31);
  if (table.empty()) table = pick_kind(context, "table", piece.seed);
  return table;
}

std::string names(const std::vector<ColumnInfo>& columns) {
  std::vector<std::string> out;
  for (const auto& column : columns) out.push_back(column.name);
  return join(out, ", ");
}

bool sortable(const ColumnInfo& c) {
  return c.category != 'g' && c.category != 'v' && c.type != "json" && c.type != "xml" && c.category != 'o';
}

std::string btree_column(const ColumnInfo& column, Random& random) {
  std::string out = column.name;
  if (column.type == "text" && random.chance(0.2))
    out = random.chance(0.5) ? "lower(" + column.name + ")" : column.name + " COLLATE \"C\"";
  if (column.type == "text" && out == column.name && random.chance(0.2)) out += " text_pattern_ops";
  if (random.chance(0.2)) out += " DESC";
  if (random.chance(0.1)) out += " NULLS FIRST";
  return out;
}

Made index(const Context& context, const Piece& piece) {
  const auto table = any_table(context, piece);
  if (table.empty()) return {};
  const auto& relation = context.relations.at(table);
  Random random(piece.seed);
  const auto of = [&](auto fits) { return pick_columns(relation, piece.seed, 1, fits); };
  const auto trigrams = of([](const ColumnInfo& c) { return c.type == "text"; });
  const auto name = bare(piece, "x");
  std::string body;
  const size_t form = random.below(10);
  const auto json = of([](const ColumnInfo& c) { return c.category == 'j'; });
  const auto ranges = of([](const ColumnInfo& c) { return c.category == 'r' && !c.type.starts_with("public"); });
  const auto arrays = of([](const ColumnInfo& c) { return c.type == "integer[]" || c.type == "text[]"; });
  const auto points = of([](const ColumnInfo& c) { return c.category == 'g'; });
  if (form == 0 && !json.empty()) {
    body = "USING gin (" + json[0].name + (random.chance(0.5) ? " jsonb_path_ops)" : ")");
  } else if (form == 1 && !ranges.empty()) {
    body = "USING gist (" + ranges[0].name + ")";
  } else if (form == 2 && !arrays.empty()) {
    body = "USING gin (" + arrays[0].name + ") WITH (fastupdate = off)";
  } else if (form == 3 && !points.empty()) {
    body = (random.chance(0.5) ? "USING gist (" : "USING spgist (") + points[0].name + ")";
  } else if (form == 4 && !trigrams.empty()) {
    body = "USING " + std::string(random.chance(0.5) ? "gin (" + trigrams[0].name + " public.gin_trgm_ops)"
                                                     : "hash (" + trigrams[0].name + ")");
  } else if (form == 5) {
    body = fmt::format("USING brin (id) WITH (pages_per_range = {})", 16 + random.below(100));
  } else {
    std::vector<std::string> list;
    for (const auto& column : pick_columns(relation, piece.seed, 1 + random.below(3), sortable))
      list.push_back(btree_column(column, random));
    if (list.empty()) list = {"id"};
    body = "(" + join(list, ", ") + ")";
    if (random.chance(0.2)) body += " INCLUDE (" + names(pick_columns(relation, piece.seed + 1, 1)) + ")";
    if (random.chance(0.1) && context.major >= 15) body += " NULLS NOT DISTINCT";
    if (random.chance(0.15)) body += fmt::format(" WITH (fillfactor = {})", 60 + random.below(40));
  }
  const auto where = pick_columns(relation, piece.seed + 2, 1);
  if (random.chance(0.2) && !where.empty() && body.find("NULLS NOT") == std::string::npos)
    body += " WHERE " + random_condition(context, where[0], random.next());
  const bool unique = body.starts_with("(") && random.chance(0.25);
  Made out{{std::string("CREATE ") + (unique ? "UNIQUE " : "") + "INDEX " + name + " ON " +
            (relation.partitioned && random.chance(0.1) ? "ONLY " : "") + table + " " + body},
           {}};
  const auto full = table.substr(0, table.find('.') + 1) + name;
  Random detail(piece.detail);
  if (detail.chance(0.2)) out.statements.push_back("COMMENT ON INDEX " + full + " IS " + literal(words(detail.next())));
  if (detail.chance(0.1) && !relation.partitioned) out.statements.push_back("ALTER TABLE " + table + " CLUSTER ON " + name);
  return out;
}

Made unique(const Context& context, const Piece& piece) {
  const auto table = any_table(context, piece);
  if (table.empty()) return {};
  const auto& relation = context.relations.at(table);
  Random random(piece.seed);
  auto columns = pick_columns(relation, piece.seed, 1 + random.below(2), sortable);
  if (columns.empty()) return {};
  std::string list = names(columns);
  if (relation.partitioned) list = "id, kind";
  const auto name = bare(piece, "uq");
  std::string sql = "ALTER TABLE " + table + " ADD CONSTRAINT " + name + " UNIQUE " +
                    (context.major >= 15 && random.chance(0.15) ? "NULLS NOT DISTINCT " : "") + "(" + list + ")";
  if (random.chance(0.1)) sql += " INCLUDE (id)";
  const bool deferrable = random.chance(0.2);
  if (deferrable) sql += random.chance(0.5) ? " DEFERRABLE" : " DEFERRABLE INITIALLY DEFERRED";
  Made out{{sql}, [=](Context& c) {
             if (!deferrable) c.uniques[table].push_back(list);
           }};
  if (Random(piece.detail).chance(0.2))
    out.statements.push_back("COMMENT ON CONSTRAINT " + name + " ON " + table + " IS " + literal(words(piece.detail)));
  return out;
}

Made check(const Context& context, const Piece& piece) {
  const auto table = any_table(context, piece);
  if (table.empty()) return {};
  Random random(piece.seed);
  const auto columns = pick_columns(context.relations.at(table), piece.seed, 2);
  if (columns.empty()) return {};
  std::string condition = random_condition(context, columns[0], random.next());
  if (columns.size() > 1 && random.chance(0.3))
    condition = "(" + condition + ") OR " + random_condition(context, columns[1], random.next());
  const auto name = bare(piece, "ck");
  std::string sql = "ALTER TABLE " + table + " ADD CONSTRAINT " + name + " CHECK (" + condition + ")";
  if (!context.relations.at(table).partitioned && random.chance(0.1)) sql += " NO INHERIT";
  if (random.chance(0.15)) {
    sql += " NOT VALID";
  } else if (context.major >= 18 && random.chance(0.15)) {
    sql += " NOT ENFORCED";
  }
  Made out{{sql}, {}};
  if (Random(piece.detail).chance(0.2))
    out.statements.push_back("COMMENT ON CONSTRAINT " + name + " ON " + table + " IS " + literal(words(piece.detail)));
  return out;
}

// Adds its own columns where none fit: a foreign key needs the types of its target.
Made foreign_key(const Context& context, const Piece& piece) {
  const auto table = any_table(context, piece);
  std::vector<std::string> targets;
  for (const auto& [name, lists] : context.uniques) targets.push_back(name);
  const auto target = pick(targets, piece.seed);
  if (table.empty() || target.empty()) return {};
  Random random(piece.seed);
  const auto list = pick(context.uniques.at(target), piece.seed);
  std::vector<std::string> mine;
  std::string added;
  const auto prefix = fmt::format("fk{}_", piece.number);
  size_t place = 0;
  for (const auto& column : context.relations.at(target).columns) {
    const auto wanted = split(replace_all(list, ", ", ","), ',');
    if (std::find(wanted.begin(), wanted.end(), column.name) == wanted.end()) continue;
    mine.push_back(prefix + std::to_string(place++));
    added += (added.empty() ? "" : ", ") + std::string("ADD COLUMN ") + mine.back() + " " + column.type;
  }
  if (mine.size() != split(list, ',').size()) return {};
  static const std::vector<std::string> actions = {"",
                                                   "",
                                                   " ON DELETE CASCADE",
                                                   " ON DELETE SET NULL",
                                                   " ON DELETE SET DEFAULT ON UPDATE CASCADE",
                                                   " ON DELETE RESTRICT ON UPDATE SET NULL"};
  std::string tail = actions[random.below(actions.size())];
  if (context.major >= 15 && tail == " ON DELETE SET NULL" && mine.size() > 1 && random.chance(0.5)) tail += " (" + mine[0] + ")";
  if (random.chance(0.1)) tail = " MATCH FULL" + tail;
  if (random.chance(0.2)) tail += random.chance(0.5) ? " DEFERRABLE" : " DEFERRABLE INITIALLY DEFERRED";
  if (random.chance(0.15) && !context.relations.at(table).partitioned) tail += " NOT VALID";
  if (context.major >= 18 && random.chance(0.1)) tail += " NOT ENFORCED";
  // The order of columns in a target list is that of the list, not that of the table.
  std::string columns_in_order;
  const auto wanted = split(replace_all(list, ", ", ","), ',');
  size_t found = 0;
  std::map<std::string, std::string> by_name;
  for (const auto& column : context.relations.at(target).columns) {
    if (std::find(wanted.begin(), wanted.end(), column.name) != wanted.end()) by_name[column.name] = mine[found++];
  }
  for (const auto& each : wanted) columns_in_order += (columns_in_order.empty() ? "" : ", ") + by_name[each];
  return {
      {"ALTER TABLE " + table + " " + added, "ALTER TABLE " + table + " ADD CONSTRAINT " + bare(piece, "fk") + " FOREIGN KEY (" +
                                                 columns_in_order + ") REFERENCES " + target + " (" + list + ")" + tail},
      {}};
}

Made exclusion(const Context& context, const Piece& piece) {
  const auto table = pick_kind(context, "table", static_cast<uint64_t>(piece.number) * 31);
  if (table.empty()) return {};
  Random random(piece.seed);
  const auto column = fmt::format("during{}", piece.number);
  std::string sql = "ALTER TABLE " + table + " ADD CONSTRAINT " + bare(piece, "ex") + " EXCLUDE USING gist (";
  const auto numbers =
      pick_columns(context.relations.at(table), piece.seed, 1, [](const ColumnInfo& c) { return c.type == "integer"; });
  if (!numbers.empty() && random.chance(0.4)) sql += numbers[0].name + " WITH =, ";
  sql += column + " WITH " + (random.chance(0.7) ? "&&" : "-|-") + ")";
  if (random.chance(0.2)) sql += " WHERE (" + column + " IS NOT NULL)";
  if (random.chance(0.2)) sql += " DEFERRABLE INITIALLY DEFERRED";
  return {{"ALTER TABLE " + table + " ADD COLUMN " + column + " tstzrange", sql}, {}};
}

Made statistics(const Context& context, const Piece& piece) {
  const auto table = any_table(context, piece);
  if (table.empty()) return {};
  Random random(piece.seed);
  const auto columns = pick_columns(context.relations.at(table), piece.seed, 2 + random.below(2), sortable);
  if (columns.size() < 2) return {};
  const auto name = qualified(context, piece, "st");
  static const std::vector<std::string> kinds = {"", " (ndistinct)", " (dependencies, mcv)", " (ndistinct, dependencies)"};
  Made out{{"CREATE STATISTICS " + name + kinds[random.below(kinds.size())] + " ON " + names(columns) + " FROM " + table}, {}};
  if (context.major >= 14 && random.chance(0.2))
    out.statements[0] = "CREATE STATISTICS " + name + " ON (id::text || 'x') FROM " + table;
  if (random.chance(0.3)) out.statements.push_back("ALTER STATISTICS " + name + " SET STATISTICS 50");
  add_details(out.statements, piece, "STATISTICS " + name);
  return out;
}

Made policy(const Context& context, const Piece& piece) {
  const auto table = any_table(context, piece);
  if (table.empty()) return {};
  Random random(piece.seed);
  const auto columns = pick_columns(context.relations.at(table), piece.seed, 1);
  if (columns.empty()) return {};
  const auto name = bare(piece, "po");
  static const std::vector<std::string> commands = {"ALL", "SELECT", "UPDATE", "DELETE"};
  std::string sql = "CREATE POLICY " + name + " ON " + table + (random.chance(0.2) ? " AS RESTRICTIVE" : "");
  const auto& command = commands[random.below(commands.size())];
  sql += " FOR " + command + (random.chance(0.5) ? " TO fuzz_a" : random.chance(0.5) ? " TO fuzz_a, fuzz_b" : "");
  sql += " USING (" + random_condition(context, columns[0], random.next()) + ")";
  if ((command == "ALL" || command == "UPDATE") && random.chance(0.4))
    sql += " WITH CHECK (" + random_condition(context, columns[0], random.next()) + ")";
  Made out{{sql, "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY"}, {}};
  if (Random(piece.detail).chance(0.3))
    out.statements.push_back("COMMENT ON POLICY " + name + " ON " + table + " IS " + literal(words(piece.detail)));
  return out;
}

Made rule(const Context& context, const Piece& piece) {
  const auto table = pick_kind(context, "table", static_cast<uint64_t>(piece.number) * 31);
  if (table.empty()) return {};
  Random random(piece.seed);
  const auto name = bare(piece, "ru");
  std::string sql = "CREATE RULE " + name + " AS ON " + (random.chance(0.5) ? "DELETE" : "UPDATE") + " TO " + table;
  if (random.chance(0.5)) sql += " WHERE old.id IS NULL";
  sql += random.chance(0.5) ? " DO ALSO NOTHING" : " DO INSTEAD NOTHING";
  Made out{{sql}, {}};
  if (Random(piece.detail).chance(0.3))
    out.statements.push_back("COMMENT ON RULE " + name + " ON " + table + " IS " + literal(words(piece.detail)));
  if (Random(piece.detail + 1).chance(0.15)) out.statements.push_back("ALTER TABLE " + table + " DISABLE RULE " + name);
  return out;
}

Made own_sequence(const Context& context, const Piece& piece) {
  const auto sequence = pick_kind(context, "sequence", piece.seed);
  const auto table = pick_kind(context, "table", piece.seed);
  if (sequence.empty() || table.empty()) return {};
  const auto columns =
      pick_columns(context.relations.at(table), piece.seed, 1, [](const ColumnInfo& c) { return c.category == 'n'; });
  if (columns.empty()) return {};
  return {{"ALTER SEQUENCE " + sequence + " OWNED BY " + table + "." + columns[0].name}, {}};
}

constexpr PieceKind kKinds[] = {{"index", 16, 13, index},
                                {"unique", 5, 13, unique},
                                {"check", 8, 13, check},
                                {"foreign_key", 8, 13, foreign_key},
                                {"exclusion", 2, 13, exclusion},
                                {"statistics", 3, 13, statistics},
                                {"policy", 4, 13, policy},
                                {"rule", 2, 13, rule},
                                {"owned_sequence", 2, 13, own_sequence}};

}  // namespace

std::span<const PieceKind> table_part_kinds() {
  return kKinds;
}

}  // namespace pga::fuzz
