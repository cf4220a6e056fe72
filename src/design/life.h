// What happens to rows in time: marked as deleted, kept for so long, belonging to a tenant.
#pragma once
#include "design/draft.h"

namespace pga::design {

void soft_delete(Draft& draft, const std::string& entity, long long purge_days);
void belong_to_tenant(Draft& draft, const std::string& tenant, const std::vector<std::string>& shared);

}  // namespace pga::design
