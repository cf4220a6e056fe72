// The statements of TypeUse::rebuild (type_rebuild.h): rename, create, move the columns, drop.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "schema/kinds/type_rebuild.h"

namespace pga::schema {

class TypeReplacement {
 public:
  TypeReplacement(const TypeUse& use, const Object& to, const Database& to_db);
  Statements statements() const;

 private:
  const Object& renewed(const Object& type) const { return type.id == to_.id ? to_ : type; }
  std::string old_name(const std::string& name) const;
  std::string old_address(const Object& type) const;
  const Object* renewed_type(const std::string& type) const;  // of "app.c" or "app.c[]"

  void rename_away(Statements& out) const;
  void rename_constructors(const Object& range, Statements& out) const;
  void create_anew(Statements& out) const;
  void create_checks(const Object& domain, Statements& out) const;
  void move_columns(Statements& out) const;
  void drop_old(Statements& out) const;
  std::string move_column(const Object& column) const;
  // Rows of a composite type whose attributes differ cannot go through text: functions that live as long as the change.
  void create_converters(Statements& out) const;
  std::string row_conversion(const Object& type) const;

  const TypeUse& use_;
  const Object& to_;
  const Database& to_db_;
  std::string suffix_;
  std::string converter_;  // "" : through text
};

}  // namespace pga::schema
