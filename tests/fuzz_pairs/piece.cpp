#include "fuzz_pairs/piece.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quote.h"

namespace pga::fuzz {

std::string pick(const std::vector<std::string>& from, uint64_t seed) {
  const std::string* best = nullptr;
  uint64_t highest = 0;
  for (const auto& each : from) {
    const uint64_t hash = Random(seed, each).next();
    if (best == nullptr || hash > highest) best = &each, highest = hash;
  }
  return best == nullptr ? "" : *best;
}

std::string pick_kind(const Context& context, const std::string& kind, uint64_t seed) {
  const auto it = context.names.find(kind);
  return it == context.names.end() ? "" : pick(it->second, seed);
}

std::vector<ColumnInfo> pick_columns(const Relation& relation, uint64_t seed, size_t most,
                                     const std::function<bool(const ColumnInfo&)>& fits) {
  std::vector<ColumnInfo> out;
  for (const auto& column : relation.columns) {
    if (!fits || fits(column)) out.push_back(column);
  }
  std::ranges::stable_sort(
      out, [&](const ColumnInfo& a, const ColumnInfo& b) { return Random(seed, a.name).next() > Random(seed, b.name).next(); });
  if (out.size() > most) out.resize(most);
  return out;
}

std::string bare(const Piece& piece, std::string_view prefix) {
  static const std::vector<std::string> hostile = {"Mixed Case",  "semi;--", "quo\"te",  "it's",  "dollar$$",
                                                   "back\\slash", "select",  "ünï 日本", "%s %I", "new\nline"};
  const std::string plain = fmt::format("{}{}", prefix, piece.number);
  if (piece.number % 11 != 5) return ident(plain);
  return ident(plain + " " + hostile[static_cast<size_t>(piece.number) / 11 % hostile.size()]);
}

std::string qualified(const Context& context, const Piece& piece, std::string_view prefix) {
  const auto schema = pick_kind(context, "schema", static_cast<uint64_t>(piece.number) * 7919);
  return (schema.empty() ? "public" : schema) + "." + bare(piece, prefix);
}

void register_name(Context& context, const std::string& kind, const std::string& name) {
  context.names[kind].push_back(name);
}

std::string words(uint64_t seed) {
  static const std::vector<std::string> all = {"What people can buy",
                                               "Who changed what; it's written by triggers",
                                               "Line one\nline two",
                                               "100 % of $1 \\ \"quoted\"",
                                               "日本語 ünï 🙂",
                                               "-- not a comment */ nor this",
                                               "x"};
  return all[Random(seed).below(all.size())] + (seed % 3 == 0 ? fmt::format(" {}", seed % 97) : "");
}

void add_details(std::vector<std::string>& statements, const Piece& piece, const std::string& target,
                 std::vector<std::string> grants, bool owner) {
  Random random(piece.detail);
  if (random.chance(0.4)) statements.push_back("COMMENT ON " + target + " IS " + literal(words(random.next())));
  if (owner && random.chance(0.2))
    statements.push_back("ALTER " + target + " OWNER TO " + (random.chance(0.5) ? "fuzz_a" : "fuzz_b"));
  if (grants.empty() || !random.chance(0.35)) return;
  std::string on = target.starts_with("MATERIALIZED VIEW ") ? target.substr(18)
                   : target.starts_with("VIEW ")            ? target.substr(5)
                                                            : target;
  if (on.starts_with("FOREIGN TABLE ")) on = on.substr(14);
  if (on.starts_with("SERVER ")) on = "FOREIGN " + on;
  for (const auto& role : {std::string("fuzz_a"), std::string("fuzz_b"), std::string("PUBLIC")}) {
    if (!random.chance(0.5)) continue;
    const auto& privilege = grants[random.below(grants.size())];
    const bool option = role != "PUBLIC" && random.chance(0.2);
    statements.push_back("GRANT " + privilege + " ON " + on + " TO " + role + (option ? " WITH GRANT OPTION" : ""));
  }
  if (random.chance(0.3)) statements.push_back("REVOKE ALL ON " + on + " FROM PUBLIC");
}

ColumnInfo random_type(const Context& context, uint64_t seed) {
  struct Known {
    const char* type;
    char category;
  };
  static constexpr Known kTypes[] = {{"integer", 'n'},
                                     {"integer", 'n'},
                                     {"bigint", 'n'},
                                     {"smallint", 'n'},
                                     {"numeric(10,2)", 'n'},
                                     {"numeric", 'n'},
                                     {"real", 'n'},
                                     {"double precision", 'n'},
                                     {"text", 's'},
                                     {"text", 's'},
                                     {"text", 's'},
                                     {"character varying(40)", 's'},
                                     {"character varying", 's'},
                                     {"character(6)", 's'},
                                     {"date", 'd'},
                                     {"timestamp without time zone", 'd'},
                                     {"timestamp with time zone", 'd'},
                                     {"timestamp(3) with time zone", 'd'},
                                     {"time without time zone", 'o'},
                                     {"interval", 'o'},
                                     {"boolean", 'b'},
                                     {"boolean", 'b'},
                                     {"uuid", 'o'},
                                     {"json", 'o'},
                                     {"jsonb", 'j'},
                                     {"jsonb", 'j'},
                                     {"bytea", 'o'},
                                     {"inet", 'o'},
                                     {"cidr", 'o'},
                                     {"macaddr", 'o'},
                                     {"point", 'g'},
                                     {"box", 'g'},
                                     {"bit(8)", 'o'},
                                     {"bit varying(16)", 'o'},
                                     {"tsvector", 'v'},
                                     {"xml", 'o'},
                                     {"money", 'o'},
                                     {"int4range", 'r'},
                                     {"tstzrange", 'r'},
                                     {"daterange", 'r'},
                                     {"integer[]", 'a'},
                                     {"text[]", 'a'},
                                     {"numeric(6,1)[]", 'a'}};
  Random random(seed);
  ColumnInfo out;
  if (random.chance(0.22)) {
    static const std::vector<std::string> kinds = {"enum", "domain", "composite", "range", "enum"};
    const auto kind = kinds[random.below(kinds.size())];
    const auto name = pick_kind(context, kind, seed);
    if (!name.empty()) {
      out.type = name + (kind != "domain" && random.chance(0.15) ? "[]" : "");
      out.category = out.type.ends_with("[]") ? 'a' : kind == "enum" ? 'e' : kind == "range" ? 'r' : 'o';
      return out;
    }
  }
  const auto& known = kTypes[random.below(std::size(kTypes))];
  out.type = known.type;
  out.category = known.category;
  return out;
}

std::string random_value(const Context& context, const ColumnInfo& column, uint64_t seed) {
  Random random(seed);
  switch (column.category) {
    case 'n':
      return std::to_string(random.below(100));
    case 's':
      return literal(std::string("v") + std::to_string(random.below(50)));
    case 'd':
      return fmt::format("'20{:02}-0{}-1{}'::{}", 20 + random.below(10), 1 + random.below(9), random.below(9), column.type);
    case 'b':
      return random.chance(0.5) ? "true" : "false";
    case 'j':
      return random.chance(0.5) ? "'{}'::jsonb" : "'{\"a\": 1}'::jsonb";
    case 'a':
      return "'{}'::" + column.type;
    case 'r':
      return "'empty'::" + column.type;
    case 'e': {
      const auto labels = context.labels.find(column.type);
      if (labels != context.labels.end() && !labels->second.empty())
        return literal(pick(labels->second, seed)) + "::" + column.type;
      return {};
    }
    default:
      if (column.type == "uuid") return random.chance(0.7) ? "gen_random_uuid()" : "'00000000-0000-0000-0000-000000000000'::uuid";
      if (column.type == "interval") return "'1 day'::interval";
      if (column.type == "inet") return "'10.0.0.1'::inet";
      return {};
  }
}

std::string random_condition(const Context& context, const ColumnInfo& column, uint64_t seed) {
  Random random(seed);
  const auto& name = column.name;
  const auto value = random_value(context, column, random.next());
  switch (column.category) {
    case 'n':
      return random.chance(0.5) ? name + " >= 0" : fmt::format("{} BETWEEN -10 AND {}", name, 1000 + random.below(1000));
    case 's':
      return random.chance(0.4)   ? fmt::format("length({}) < {}", name, 50 + random.below(100))
             : random.chance(0.5) ? "lower(" + name + ") = " + name
                                  : name + " <> ''";
    case 'd':
      return name + " > '2001-01-01'";
    case 'b':
      return random.chance(0.5) ? name : name + " IS NOT FALSE";
    case 'j':
      return "jsonb_typeof(" + name + ") = 'object'";
    case 'e':
      return value.empty() ? name + " IS NOT NULL" : name + " <> " + value;
    case 'r':
      return "NOT isempty(" + name + ")";
    case 'a':
      return "cardinality(" + name + ") < 10";
    default:
      return name + " IS NOT NULL";
  }
}

}  // namespace pga::fuzz
