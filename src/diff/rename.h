// Renames: what looks like one object that went and another that came may be one object under another name. No I/O.
//
//   for (const auto& candidate : diff::rename_candidates(from, to)) ask(candidate);
//   PGA_TRY(const auto renames, diff::parse_renames({"users.name=full_name"}, from, to));
//
// A rename of an index, a constraint or an owned sequence loses nothing and is taken by itself where it is certain
// (lossless_renames). All others are only told with their evidence: the user decides.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "schema/object.h"

namespace pga::diff {

struct Rename {
  schema::Id from;
  schema::Id to;          // same kind; for an enum value: the type's Id
  std::string old_value;  // of an enum value, else ""
  std::string new_value;
  auto operator<=>(const Rename&) const = default;
};

struct Candidate {
  Rename rename;
  int likeness = 0;                   // 0 to 100
  std::vector<std::string> evidence;  // "the same type", "the names share 'name'", …
};

std::vector<Candidate> rename_candidates(const schema::Database& from, const schema::Database& to);  // likeliest first
std::vector<Rename> lossless_renames(const schema::Database& from, const schema::Database& to);

// "users.name=full_name", "public.users=people", "type status.open=active" (enum value), "constraint t.old=new",
// "function f(integer)=g", with or without schema and kind. Errors: unknown-rename (nothing of this name went, or came), naming
// the nearest.
Result<std::vector<Rename>> parse_renames(const std::vector<std::string>& texts, const schema::Database& from,
                                          const schema::Database& to);

std::string to_text(const Rename& rename);  // "column public.users.name to full_name"

}  // namespace pga::diff
