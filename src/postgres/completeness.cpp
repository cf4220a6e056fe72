#include "postgres/completeness.h"

#include <algorithm>

#include "base/text.h"
#include "postgres_embedded.h"

namespace pga::postgres {

constexpr long long kFirstUserOid = 16384;  // FirstNormalObjectId

Result<std::vector<std::string>> describe_unmodelled(Connection& connection, const Rows& user_objects,
                                                     const std::function<bool(long long classid, long long objid)>& known) {
  std::vector<std::string> classes, objects, out;
  for (int r = 0; r < user_objects.size(); ++r) {
    const long long classid = user_objects.integer(r, 0), objid = user_objects.integer(r, 1);
    if (objid < kFirstUserOid || known(classid, objid)) continue;
    classes.push_back(std::to_string(classid));
    objects.push_back(std::to_string(objid));
  }
  if (objects.empty()) return out;
  PGA_TRY(const auto rows, connection.query(embedded::postgres::queries_describe_objects,
                                            {"{" + join(classes, ",") + "}", "{" + join(objects, ",") + "}"}));
  for (int r = 0; r < rows.size(); ++r) out.emplace_back(rows.text(r, 0));
  std::ranges::sort(out);
  return out;
}

}  // namespace pga::postgres
