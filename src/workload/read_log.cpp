#include "workload/workload.h"

namespace pga::workload {

Result<Workload> read_any(std::string_view text, const std::string& file) {
  return read_sql(text, file);
}

}  // namespace pga::workload
