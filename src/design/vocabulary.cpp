#include "design/design.h"

namespace pga::design {

request::Vocabulary vocabulary_of(const schema::Database&) {
  return {};
}

}  // namespace pga::design
