#include "base/quote.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pga {
namespace {

// Every keyword that PostgreSQL 13 to 18 do not call unreserved (pg_get_keywords() of both ends, catcode <> 'U'), sorted.
constexpr std::array<std::string_view, 164> kKeywords = {
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
};

bool needs_quotes(std::string_view name) {
  if (name.empty()) return true;
  const auto lower = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  if (!lower(name.front())) return true;
  const bool plain = std::ranges::all_of(name, [&](char c) { return lower(c) || (c >= '0' && c <= '9'); });
  return !plain || std::ranges::binary_search(kKeywords, name);
}

}  // namespace

std::string ident(std::string_view name) {
  if (!needs_quotes(name)) return std::string(name);
  return "\"" + replace_all(std::string(name), "\"", "\"\"") + "\"";
}

std::string ident(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) {
    if (!out.empty()) out += '.';
    out += ident(part);
  }
  return out;
}

std::string ident_list(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) {
    if (!out.empty()) out += ", ";
    out += ident(name);
  }
  return out;
}

std::string literal(std::string_view text) {
  std::string body = replace_all(std::string(text), "'", "''");
  if (body.find('\\') == std::string::npos) return "'" + body + "'";
  return "E'" + replace_all(std::move(body), "\\", "\\\\") + "'";
}

std::string dollar_quote(std::string_view body) {
  std::string tag = "$$";
  // The body may end in '$', which would join with the closing tag: "$" alone is looked for, not the whole tag.
  for (int i = 0; body.find(tag.substr(0, tag.size() - 1)) != std::string_view::npos; ++i) {
    tag = "$pga" + (i == 0 ? std::string() : std::to_string(i)) + "$";
  }
  return tag + std::string(body) + tag;
}

std::string comment_safe(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto at = [&](size_t k) { return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U; };
    // U+2028, U+2029 and the bidirectional controls U+202A..U+202E, U+2066..U+2069 change lines or reading order.
    const bool separator =
        c == 0xE2 && ((at(1) == 0x80 && at(2) >= 0xA8 && at(2) <= 0xAE) || (at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9));
    if (separator) {
      out += ' ';
      i += 2;
    } else if (c == 0xC2 && at(1) >= 0x80 && at(1) <= 0x9F) {  // C1 controls, among them NEL
      out += ' ';
      ++i;
    } else {
      out += (c < 0x20 || c == 0x7F) ? ' ' : static_cast<char>(c);
    }
  }
  return out;
}

}  // namespace pga
