// A part of the input, in bytes.
#pragma once
#include <cstddef>

namespace pga::request {

struct Span {
  size_t begin = 0, end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

}  // namespace pga::request
