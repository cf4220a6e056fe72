// Extensions: created in their schema, never versioned in DDL unless the versions of the two sides differ in place
// (ALTER EXTENSION … UPDATE TO). Their members are theirs: the reader removes them from the model.
#include <array>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kFields = {
    Field{"schema", FieldType::text, "Schema that holds the objects of the extension."},
    Field{"version", FieldType::text, "Installed version; what the server's package offers decides it.", Compare::no},
    Field{"relocatable", FieldType::boolean, "Whether ALTER EXTENSION SET SCHEMA is possible.", Compare::no},
};

class ExtensionKind : public Kind {
 public:
  KindId id() const override { return KindId::extension; }
  std::string_view slug() const override { return "extension"; }
  std::string_view keyword() const override { return "EXTENSION"; }
  std::string_view catalog() const override { return "pg_extension"; }
  std::string_view query() const override { return embedded::schema::kinds_extension; }
  std::span<const Field> fields() const override { return kFields; }

  Statements create(const Object& object, const Database&) const override {
    return {{"CREATE EXTENSION " + address(object) + " WITH SCHEMA " + ident(object.text("schema"))}};
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database&) const override {
    if (!from.flag("relocatable")) return Alteration::recreate();
    return Alteration::in_place({{"ALTER EXTENSION " + address(to) + " SET SCHEMA " + ident(to.text("schema"))}});
  }
  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  std::string owner_target(const Object&) const override { return {}; }  // ALTER EXTENSION has no OWNER TO
};

}  // namespace

const Kind& make_extension() {
  static const ExtensionKind kind;
  return kind;
}

}  // namespace pga::schema
