// What a database looked like, small enough to be stored: one hash an object, so that drift can be told by name.
//
//   PGA_TRY(const auto model, postgres::read_catalog(connection));
//   const auto found = fingerprint_of(model);
//   for (const auto& line : differences(expected, found)) …      // "changed  table public.users"
//
// Two fingerprints can be compared when their `scale` is the same: it stands for the described kinds, their queries and the
// server's major version. Positions of columns do not count. Plain values; throws nothing.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/object.h"

namespace pga::migrate {

struct Fingerprint {
  std::string scale;
  std::map<std::string, std::string> objects;  // key (kind and path, escaped) -> hash

  std::string hash() const;  // of everything, 64 hex digits
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

Fingerprint fingerprint_of(const schema::Database& database);
std::string to_lines(const Fingerprint& fingerprint);
Fingerprint fingerprint_from_lines(std::string_view text);

// What was added, is gone or changed, in words, ordered. The parts of an object that came or went are not listed again.
std::vector<std::string> differences(const Fingerprint& expected, const Fingerprint& found);

}  // namespace pga::migrate
