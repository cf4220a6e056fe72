// What stands for a value of each built-in type. The number-th value differs from the others where the type has so many, and
// numbers, dates and texts grow with the number, so that ranges can be made of two of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>

#include "seed/values.h"

namespace pga::seed {
namespace {

using Maker = std::function<std::string(uint64_t, int)>;

int numeric_precision(int modifier) {
  return modifier < 4 ? 0 : ((modifier - 4) >> 16) & 0xffff;
}
// 11 bits, signed since 15.
int numeric_scale(int modifier) {
  return modifier < 4 ? 0 : (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
}

std::string numeric(uint64_t n, int modifier) {
  if (modifier < 4) return fmt::format("{}.{:02}", n + 1, n * 37 % 100);
  const int scale = numeric_scale(modifier);
  const int whole = numeric_precision(modifier) - scale;
  if (whole <= 0) {  // only behind the point
    const int digits = std::min(numeric_precision(modifier), 9);
    const auto value = fmt::format("{}", n % static_cast<uint64_t>(std::pow(10, digits)));
    return scale <= 0 ? "0" : fmt::format("0.{:0>{}}", value, scale);
  }
  const uint64_t limit = static_cast<uint64_t>(std::pow(10, std::min(whole, 15)));
  if (scale <= 0) {
    return fmt::format("{}{:0>{}}", (n + 1) % limit, "", -scale);
  }
  return fmt::format("{}.{:0>{}}", (n + 1) % limit, n * 37 % (scale >= 2 ? 100 : 10), std::min(scale, 2));
}

// Texts of one length, so that they sort as their numbers do; shortened where there is a limit.
std::string word(uint64_t n, int limit) {
  if (limit <= 0 || limit >= 8) return fmt::format("item{:04}", n);
  std::string out;
  for (int i = 0; i < limit; ++i, n /= 26) out.insert(out.begin(), static_cast<char>('a' + n % 26));
  return out;
}

std::string bits(uint64_t n, int length) {
  std::string out;
  for (int i = 0; i < length; ++i, n /= 2) out.insert(out.begin(), n % 2 == 0 ? '0' : '1');
  return out;
}

std::string time_of(uint64_t n) {
  return fmt::format("{:02}:{:02}:{:02}", n / 60 % 24, n % 60, n * 7 % 60);
}
std::string moment(uint64_t n) {
  return fmt::format("{} {}", day(static_cast<long long>(n)), time_of(n * 61));
}

std::string object_name(uint64_t n, std::initializer_list<const char*> names) {
  return *(names.begin() + n % names.size());
}

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> all = {
      {"bool", [](uint64_t n, int) { return n % 2 == 0 ? "true" : "false"; }},
      {"int2", [](uint64_t n, int) { return fmt::format("{}", n % 32767 + 1); }},
      {"int4", [](uint64_t n, int) { return fmt::format("{}", n % 2147483647 + 1); }},
      {"int8", [](uint64_t n, int) { return fmt::format("{}", n % 9000000000000 + 1); }},
      {"float4", [](uint64_t n, int) { return fmt::format("{}.5", n); }},
      {"float8", [](uint64_t n, int) { return fmt::format("{}.25", n); }},
      {"numeric", numeric},
      {"money", [](uint64_t n, int) { return fmt::format("{}.99", n); }},
      {"text", [](uint64_t n, int) { return word(n, 0); }},
      {"varchar", [](uint64_t n, int m) { return word(n, m - 4); }},
      {"bpchar", [](uint64_t n, int m) { return word(n, m < 4 ? 0 : m - 4); }},
      {"char", [](uint64_t n, int) { return std::string(1, static_cast<char>('a' + n % 26)); }},
      {"name", [](uint64_t n, int) { return word(n, 0); }},
      {"refcursor", [](uint64_t n, int) { return word(n, 0); }},
      {"bytea", [](uint64_t n, int) { return fmt::format("\\x{:08x}", n + 0xdead0000); }},
      {"date", [](uint64_t n, int) { return day(static_cast<long long>(n)); }},
      {"time", [](uint64_t n, int) { return time_of(n); }},
      {"timetz", [](uint64_t n, int) { return time_of(n) + "+00"; }},
      {"timestamp", [](uint64_t n, int) { return moment(n); }},
      {"timestamptz", [](uint64_t n, int) { return moment(n) + "+00"; }},
      {"interval", [](uint64_t n, int) { return fmt::format("{} hours", n + 1); }},
      {"uuid", [](uint64_t n, int) { return fmt::format("00000000-0000-4000-8000-{:012x}", n + 1); }},
      {"json", [](uint64_t n, int) { return fmt::format(R"({{"n": {}, "name": "item{}"}})", n, n); }},
      {"jsonb", [](uint64_t n, int) { return fmt::format(R"({{"n": {}, "name": "item{}"}})", n, n); }},
      {"jsonpath", [](uint64_t n, int) { return fmt::format("$.a{}", n); }},
      {"xml", [](uint64_t n, int) { return fmt::format("<item n=\"{}\"/>", n); }},
      {"inet", [](uint64_t n, int) { return fmt::format("10.{}.{}.{}", n / 65536 % 256, n / 256 % 256, n % 256); }},
      {"cidr", [](uint64_t n, int) { return fmt::format("10.{}.{}.0/24", n / 256 % 256, n % 256); }},
      {"macaddr",
       [](uint64_t n, int) { return fmt::format("08:00:2b:{:02x}:{:02x}:{:02x}", n / 65536 % 256, n / 256 % 256, n % 256); }},
      {"macaddr8",
       [](uint64_t n, int) {
         return fmt::format("08:00:2b:ff:fe:{:02x}:{:02x}:{:02x}", n / 65536 % 256, n / 256 % 256, n % 256);
       }},
      {"point", [](uint64_t n, int) { return fmt::format("({},{})", n * 10, n * 10); }},
      {"line", [](uint64_t n, int) { return fmt::format("{{1,-1,{}}}", n); }},
      {"lseg", [](uint64_t n, int) { return fmt::format("[({0},0),({0},5)]", n * 10); }},
      {"box", [](uint64_t n, int) { return fmt::format("({0},5),({1},0)", n * 10 + 5, n * 10); }},
      {"path", [](uint64_t n, int) { return fmt::format("[({0},0),({0},5),({1},5)]", n * 10, n * 10 + 5); }},
      {"polygon", [](uint64_t n, int) { return fmt::format("(({0},0),({0},5),({1},5))", n * 10, n * 10 + 5); }},
      {"circle", [](uint64_t n, int) { return fmt::format("<({0},{0}),2>", n * 10); }},
      {"bit", [](uint64_t n, int m) { return bits(n, std::max(m, 1)); }},
      {"varbit", [](uint64_t n, int m) { return bits(n, m > 0 ? std::min(m, 16) : 16); }},
      {"tsvector", [](uint64_t n, int) { return fmt::format("'item' 'word{}':1A", n); }},
      {"tsquery", [](uint64_t n, int) { return fmt::format("'item' & 'word{}'", n); }},
      {"pg_lsn", [](uint64_t n, int) { return fmt::format("0/{:X}", n + 1); }},
      {"txid_snapshot", [](uint64_t n, int) { return fmt::format("{0}:{1}:{0}", n + 10, n + 20); }},
      {"pg_snapshot", [](uint64_t n, int) { return fmt::format("{0}:{1}:{0}", n + 10, n + 20); }},
      {"oid", [](uint64_t n, int) { return fmt::format("{}", n + 1); }},
      {"xid", [](uint64_t n, int) { return fmt::format("{}", n + 3); }},
      {"xid8", [](uint64_t n, int) { return fmt::format("{}", n + 3); }},
      {"cid", [](uint64_t n, int) { return fmt::format("{}", n); }},
      {"tid", [](uint64_t n, int) { return fmt::format("({},1)", n); }},
      {"int2vector", [](uint64_t n, int) { return fmt::format("1 {}", n % 1000); }},
      {"oidvector", [](uint64_t n, int) { return fmt::format("1 {}", n); }},
      {"regclass",
       [](uint64_t n, int) {
         return object_name(n, {"pg_catalog.pg_class", "pg_catalog.pg_type", "pg_catalog.pg_proc"});
       }},
      {"regtype",
       [](uint64_t n, int) {
         return object_name(n, {"integer", "text", "boolean"});
       }},
      {"regproc",
       [](uint64_t n, int) {
         return object_name(n, {"pg_catalog.boolin", "pg_catalog.textin"});
       }},
      {"regprocedure",
       [](uint64_t n, int) {
         return object_name(n, {"pg_catalog.abs(integer)", "pg_catalog.abs(bigint)"});
       }},
      {"regoper", [](uint64_t, int) { return "pg_catalog.||/"; }},
      {"regoperator",
       [](uint64_t n, int) {
         return object_name(n, {"+(integer,integer)", "-(integer,integer)"});
       }},
      {"regnamespace",
       [](uint64_t n, int) {
         return object_name(n, {"pg_catalog", "information_schema"});
       }},
      {"regrole",
       [](uint64_t n, int) {
         return object_name(n, {"pg_monitor", "pg_read_all_stats"});
       }},
      {"regcollation",
       [](uint64_t n, int) {
         return object_name(n, {"\"C\"", "\"POSIX\""});
       }},
      {"regconfig",
       [](uint64_t n, int) {
         return object_name(n, {"pg_catalog.simple", "pg_catalog.english"});
       }},
      {"regdictionary",
       [](uint64_t n, int) {
         return object_name(n, {"pg_catalog.simple", "pg_catalog.english_stem"});
       }},
      {"regdatabase",
       [](uint64_t n, int) {
         return object_name(n, {"template1", "template0"});
       }},
      {"aclitem",
       [](uint64_t n, int) {
         return object_name(n, {"=r/pg_monitor", "pg_monitor=r/pg_monitor"});
       }},
  };
  return all;
}

std::string nines(int modifier, bool negative) {
  const int scale = numeric_scale(modifier);
  const int whole = std::max(numeric_precision(modifier) - std::max(scale, 0), 0);
  std::string out = whole == 0 ? "0" : std::string(static_cast<size_t>(whole), '9');
  if (scale > 0) out += "." + std::string(static_cast<size_t>(std::min(scale, numeric_precision(modifier))), '9');
  return (negative ? "-" : "") + out;
}

std::vector<std::string> numeric_edges(int modifier) {
  if (modifier < 4) return {"0", "-1.5", "12345678901234567890.123456789"};
  if (numeric_scale(modifier) < 0 || numeric_scale(modifier) > numeric_precision(modifier)) return {"0"};
  return {"0", nines(modifier, false), nines(modifier, true)};
}

std::vector<std::string> text_edges(int limit) {
  std::vector<std::string> out = {""};
  for (const std::string& each :
       {std::string("Zoë Müller"), std::string("日本語"), std::string("it's \"quoted\" \\ 100 %"), std::string("🙂")}) {
    if (limit <= 0 || static_cast<int>(each.size()) <= limit) out.push_back(each);
  }
  if (limit > 0) out.emplace_back(static_cast<size_t>(std::min(limit, 2000)), 'x');
  return out;
}

}  // namespace

// Days since 2024-01-01, by Howard Hinnant's civil calendar.
std::string day(long long number) {
  long long z = number + 19723 + 719468;
  const long long era = (z >= 0 ? z : z - 146096) / 146097;
  const long long doe = z - era * 146097;
  const long long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const long long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const long long mp = (5 * doy + 2) / 153;
  const long long month = mp < 10 ? mp + 3 : mp - 9;
  return fmt::format("{:04}-{:02}-{:02}", yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1);
}

int text_limit(const std::string& type, int modifier) {
  if (type == "name") return 63;
  return type == "varchar" || type == "bpchar" ? (modifier >= 4 ? modifier - 4 : 0) : 0;
}

std::optional<std::string> built_in_value(const std::string& type, int modifier, uint64_t number) {
  const auto it = makers().find(type);
  if (it == makers().end()) return std::nullopt;
  return it->second(number, modifier);
}

std::vector<std::string> built_in_edges(const std::string& type, int modifier) {
  if (type == "numeric") return numeric_edges(modifier);
  if (type == "text" || type == "varchar" || type == "bpchar" || type == "name") {
    auto out = text_edges(text_limit(type, modifier));
    if (type == "text" || (type == "varchar" && modifier < 4)) out.push_back(std::string(12000, 'x'));
    return out;
  }
  static const std::map<std::string, std::vector<std::string>> edges = {
      {"int2", {"0", "-1", "32767", "-32768"}},
      {"int4", {"0", "-1", "2147483647", "-2147483648"}},
      {"int8", {"0", "-1", "9223372036854775807", "-9223372036854775808"}},
      {"float4", {"0", "-1.5", "1e+30"}},
      {"float8", {"0", "-1.5", "1e+100"}},
      {"money", {"0", "-12.34"}},
      {"bytea", {"\\x", "\\x00ff"}},
      {"date", {"0044-03-15 BC", "9999-12-31", "1970-01-01"}},
      {"timestamp", {"0044-03-15 12:00:00 BC", "9999-12-31 23:59:59.999999"}},
      {"timestamptz", {"0044-03-15 12:00:00+00 BC", "9999-12-31 23:59:59.999999+00"}},
      {"time", {"00:00:00", "23:59:59.999999", "24:00:00"}},
      {"timetz", {"00:00:00+14", "23:59:59-12"}},
      {"interval", {"0", "-1 day", "1 year 2 mons 3 days 04:05:06"}},
      {"json", {"{}", "[]", "null", "\"text\"", "1.5", R"([1, "a", {"b": null}])"}},
      {"jsonb", {"{}", "[]", "null", "\"text\"", "1.5", R"([1, "a", {"b": null}])"}},
      {"inet", {"2001:db8::1", "192.168.0.0/16"}},
      {"cidr", {"2001:db8::/32", "0.0.0.0/0"}},
      {"varbit", {""}},
      {"tsvector", {""}},
      {"point", {"(-1.5,2)"}},
      {"uuid", {"ffffffff-ffff-ffff-ffff-ffffffffffff"}},
      {"bool", {"false", "true"}},
  };
  const auto it = edges.find(type);
  return it == edges.end() ? std::vector<std::string>{} : it->second;
}

std::vector<std::string> candidates_of_unknown(const std::string& type) {
  std::vector<std::string> out;
  const auto counted = [&](auto make) {
    for (int i = 0; i < 40; ++i) out.push_back(make(i));
  };
  if (type == "hstore") counted([](int i) { return fmt::format("\"n\"=>\"{}\"", i); });
  if (type == "ltree") counted([](int i) { return fmt::format("top.item{}", i); });
  if (type == "geometry" || type == "geography") {
    counted([](int i) { return fmt::format("SRID=4326;POINT({} {})", i, i); });
    counted([](int i) { return fmt::format("POINT({} {})", i, i); });
    counted([](int i) { return fmt::format("SRID=4326;POLYGON(({0} 0,{1} 0,{1} 1,{0} 0))", i, i + 1); });
  }
  counted([](int i) { return fmt::format("item{:04}", i); });
  counted([](int i) { return fmt::format("{}", i + 1); });
  counted([](int i) { return fmt::format("({},{})", i, i + 1); });
  counted([](int i) { return fmt::format("({}),({})", i, i + 1); });
  counted([](int i) { return fmt::format("[{},{}]", i, i + 1); });
  counted([](int i) { return fmt::format("{}.0.0", i + 1); });
  for (const char* each :
       {"", "{}", "[]", "()", "a", "0", "00000000-0000-4000-8000-000000000001", "2024-01-01", "[1,2,3]", "a@1"})
    out.push_back(each);
  return out;
}

}  // namespace pga::seed
