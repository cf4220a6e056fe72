// Schemas (namespaces). public exists in a fresh database, so it is created only where it was dropped.
#include "base/quote.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

class SchemaKind : public Kind {
 public:
  KindId id() const override { return KindId::schema; }
  std::string_view slug() const override { return "schema"; }
  std::string_view keyword() const override { return "SCHEMA"; }
  std::string_view catalog() const override { return "pg_namespace"; }
  std::string_view query() const override { return embedded::schema::kinds_schema; }
  std::span<const Field> fields() const override { return {}; }

  Statements create(const Object& object, const Database&) const override { return {{"CREATE SCHEMA " + address(object)}}; }
  std::string grant_target(const Object& object) const override { return "SCHEMA " + address(object); }
};

}  // namespace

const Kind& make_schema() {
  static const SchemaKind kind;
  return kind;
}

}  // namespace pga::schema
