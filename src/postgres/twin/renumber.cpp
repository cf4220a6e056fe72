#include "postgres/twin/renumber.h"

#include <cstring>

#include "postgres/twin/pages.h"

namespace pga::postgres::twin {
namespace {

std::string to_hex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[(static_cast<unsigned char>(c)) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

template <class T>
T get(const std::string& bytes, size_t at) {
  T out{};
  if (at + sizeof out <= bytes.size()) std::memcpy(&out, bytes.data() + at, sizeof out);
  return out;
}

template <class T>
void put(std::string& bytes, size_t at, T value) {
  if (at + sizeof value <= bytes.size()) std::memcpy(bytes.data() + at, &value, sizeof value);
}

}  // namespace

// Magic, type, count (4 bytes each); then for each item a float8 and a list of column numbers (2 bytes each), whose count has 4
// bytes in pg_ndistinct and 2 in pg_dependencies.
std::string renumber_columns(const std::string& hex, const std::map<int, int>& numbers, bool ndistinct) {
  std::string bytes = from_hex(hex);
  const auto items = get<uint32_t>(bytes, 8);
  size_t at = 12;
  for (uint32_t i = 0; i < items && at < bytes.size(); ++i) {
    at += 8;
    const int count = ndistinct ? get<int32_t>(bytes, at) : get<int16_t>(bytes, at);
    at += ndistinct ? 4 : 2;
    for (int k = 0; k < count && at < bytes.size(); ++k, at += 2) {
      const auto it = numbers.find(get<int16_t>(bytes, at));
      if (it != numbers.end()) put<int16_t>(bytes, at, static_cast<int16_t>(it->second));
    }
  }
  return to_hex(bytes);
}

// Magic, type, count (4 bytes each), number of columns (2), the OIDs of their types; for each column five ints (values, bytes,
// aligned bytes, length, by value); then the values of each column. An enum's values are OIDs of 4 bytes.
std::string renumber_mcv(const std::string& hex, const Oids& types, const Oids& labels) {
  std::string bytes = from_hex(hex);
  const auto columns = static_cast<size_t>(get<int16_t>(bytes, 12));
  if (columns == 0 || columns > 8 || types.empty()) return hex;
  size_t values = 14 + columns * 4 + columns * 20;
  for (size_t c = 0; c < columns; ++c) {
    const size_t type_at = 14 + c * 4;
    const size_t info = 14 + columns * 4 + c * 20;
    const auto count = get<int32_t>(bytes, info);
    const auto size = get<int32_t>(bytes, info + 4);
    const auto type = types.find(get<uint32_t>(bytes, type_at));
    if (type != types.end()) {
      put<uint32_t>(bytes, type_at, type->second);
      for (int i = 0; i < count && get<int32_t>(bytes, info + 12) == 4; ++i) {
        const size_t at = values + static_cast<size_t>(i) * 4;
        const auto label = labels.find(get<uint32_t>(bytes, at));
        if (label != labels.end()) put<uint32_t>(bytes, at, label->second);
      }
    }
    values += static_cast<size_t>(size);
  }
  return to_hex(bytes);
}

}  // namespace pga::postgres::twin
