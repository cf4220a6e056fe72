// Numbers inside of extended statistics that are others on the twin: column numbers where the source has dropped columns, OIDs of
// types and enum labels. Works on the bytes as hex; what is not understood stays as it is. Internal to this room.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace pga::postgres::twin {

using Oids = std::map<uint32_t, uint32_t>;

// pg_ndistinct and pg_dependencies (statistics/mvdistinct.c, dependencies.c).
std::string renumber_columns(const std::string& hex, const std::map<int, int>& numbers, bool ndistinct);
// pg_mcv_list (statistics/mcv.c): the types of its columns, and enum values.
std::string renumber_mcv(const std::string& hex, const Oids& types, const Oids& labels);

}  // namespace pga::postgres::twin
