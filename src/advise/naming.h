// Names of advised indexes: idx_<table>_<columns>.
#pragma once
#include <set>
#include <string>

#include "postgres/twin/what_if.h"

namespace pga::advise {

// At most 63 bytes, none of `taken`.
std::string name_of(const postgres::twin::IndexDefinition& definition, const std::set<std::string>& taken);

}  // namespace pga::advise
