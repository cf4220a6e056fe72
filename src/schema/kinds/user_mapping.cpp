// User mappings, without their secrets. They have no owner, comment or name of their own.
// https://www.postgresql.org/docs/current/sql-createusermapping.html
#include <array>

#include "schema/kinds/foreign_options.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kUserMappingFields = {kOptionsField, kLeftOutField};

class UserMappingKind : public Kind {
 public:
  KindId id() const override { return KindId::user_mapping; }
  std::string_view slug() const override { return "user_mapping"; }
  std::string_view keyword() const override { return "USER MAPPING"; }
  std::string_view catalog() const override { return "pg_user_mapping"; }
  std::string_view query() const override { return embedded::schema::kinds_user_mapping; }
  std::span<const Field> fields() const override { return kUserMappingFields; }

  Statements create(const Object& object, const Database&) const override {
    return {{left_out_comment(object, "ALTER USER MAPPING " + address(object)) + "CREATE USER MAPPING " + address(object) +
             new_options(object)}};
  }
  Alteration alter(const Object& from, const Object& to, const std::vector<std::string_view>&, const Database&,
                   const Database&) const override {
    return Alteration::in_place({{"ALTER USER MAPPING " + address(to) + changed_options(from, to)}});
  }
  std::optional<Statement> rename(const Object&, const Id&, const Database&) const override { return std::nullopt; }
  std::string address(const Object& object) const override {
    const auto& path = object.id.path;
    return "FOR " + (path[1].empty() ? "PUBLIC" : ident(path[1])) + " SERVER " + ident(path[0]);
  }
  std::string owner_target(const Object&) const override { return {}; }
  std::vector<std::string> roles(const Object& object) const override {
    if (object.id.path[1].empty()) return {};
    return {object.id.path[1]};
  }
};

}  // namespace

const Kind& make_user_mapping() {
  static const UserMappingKind kind;
  return kind;
}

}  // namespace pga::schema
