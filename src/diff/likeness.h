// How much an object that went looks like one that came: the evidence for a rename. Internal to this room.
#pragma once
#include <optional>
#include <vector>

#include "diff/rename.h"

namespace pga::diff {

std::optional<Candidate> likeness(const schema::Object& from, const schema::Object& to);  // nullopt: not alike
void table_candidates(const schema::Database& from, const schema::Database& to, const std::vector<const schema::Object*>& gone,
                      const std::vector<const schema::Object*>& come, std::vector<Candidate>& out);
// 0 to 100: edit distance and shared words ("name", "full_name").
int name_likeness(std::string_view a, std::string_view b);

}  // namespace pga::diff
