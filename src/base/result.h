// Result<T> and Error: how everything that a user can cause is reported (design.md, "Rules that hold everywhere").
//
//   Result<Database> read(...);
//   auto db = read(...);
//   if (!db) return tl::unexpected(db.error());          // or PGA_TRY(auto db, read(...));
//
// An Error has a stable code (kebab-case, documented), one sentence, the place, and the next step.
// Impossible states use PGA_ASSERT. Exceptions come only from third parties and stop at the wrapper.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace pga {

struct Place {
  std::string file;  // empty: no file is meant
  int line = 0;      // 1-based; 0: unknown
  int column = 0;    // 1-based, in characters; 0: unknown
  friend bool operator==(const Place&, const Place&) = default;
};

struct Error {
  std::string code;      // stable, kebab-case: "no-server-programs"
  std::string message;   // one sentence: what is wrong, with names
  std::string hint;      // what to do next; may be empty
  Place place;           // where, if a file is meant
  std::string detail;    // e.g. the failing statement, or the server's DETAIL; may be empty
  std::string sqlstate;  // five characters when a server said it
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = tl::expected<void, Error>;

inline tl::unexpected<Error> fail(std::string code, std::string message, std::string hint = {}, Place place = {}) {
  return tl::unexpected<Error>(Error{std::move(code), std::move(message), std::move(hint), std::move(place), {}, {}});
}
inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

// "file:line:column: error [code]: message" with detail and hint on their own lines, for people.
std::string to_text(const Error& error);

[[noreturn]] inline void assert_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "pgarchitect: internal error at %s:%d: %s\n", file, line, what);
  std::abort();
}

}  // namespace pga

#define PGA_ASSERT(condition) ((condition) ? void(0) : ::pga::assert_failed(#condition, __FILE__, __LINE__))

#define PGA_CONCAT2(a, b) a##b
#define PGA_CONCAT(a, b) PGA_CONCAT2(a, b)
// PGA_TRY(declaration, expression): unwraps a Result or returns its error from the enclosing function.
#define PGA_TRY(declaration, ...)                                                                             \
  auto PGA_CONCAT(pga_try_, __LINE__) = (__VA_ARGS__);                                                        \
  if (!PGA_CONCAT(pga_try_, __LINE__)) return ::pga::fail(std::move(PGA_CONCAT(pga_try_, __LINE__)).error()); \
  declaration = std::move(*PGA_CONCAT(pga_try_, __LINE__))
// PGA_CHECK(status expression): returns the error of a Status from the enclosing function.
#define PGA_CHECK(...)                                                              \
  do {                                                                              \
    auto pga_check_status = (__VA_ARGS__);                                          \
    if (!pga_check_status) return ::pga::fail(std::move(pga_check_status).error()); \
  } while (false)
