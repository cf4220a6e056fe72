// Extended statistics. Only the statistics target changes in place. One that was made without a name (16 and newer) got one from
// the server, which the definition states. https://www.postgresql.org/docs/current/sql-alterstatistics.html
#include <array>

#include "base/quote.h"
#include "schema/kind.h"
#include "schema_embedded.h"

namespace pga::schema {
namespace {

constexpr std::array kStatisticsFields = {
    Field{"definition", FieldType::sql,
          "CREATE STATISTICS as pg_get_statisticsobjdef prints it: its columns in the order of the table.", Compare::no},
    Field{"target", FieldType::integer, "Statistics target; NULL: that of the columns."},
    Field{"relation", FieldType::sql, "Table that it is of."},
    Field{"kinds", FieldType::list, "ndistinct, dependencies, mcv, expressions."},
    Field{"columns", FieldType::list, "Plain columns, by name: their order means nothing."},
    Field{"expressions", FieldType::list, "Expressions (14 and newer)."},
};

class StatisticsKind : public Kind {
 public:
  KindId id() const override { return KindId::statistics; }
  std::string_view slug() const override { return "statistics"; }
  std::string_view keyword() const override { return "STATISTICS"; }
  std::string_view catalog() const override { return "pg_statistic_ext"; }
  std::string_view query() const override { return embedded::schema::kinds_statistics; }
  std::span<const Field> fields() const override { return kStatisticsFields; }

  Statements create(const Object& object, const Database&) const override {
    Statements out = {{object.text("definition")}};
    if (object.value("target")) out.push_back(set_target(object));
    return out;
  }
  Alteration alter(const Object&, const Object& to, const std::vector<std::string_view>& changed, const Database&,
                   const Database&) const override {
    if (changed.size() != 1 || changed.front() != "target") return Alteration::recreate();
    return Alteration::in_place({set_target(to)});
  }

 private:
  Statement set_target(const Object& object) const {
    return {"ALTER STATISTICS " + address(object) + " SET STATISTICS " + object.value("target").value_or("-1")};
  }
};

}  // namespace

const Kind& make_statistics() {
  static const StatisticsKind kind;
  return kind;
}

}  // namespace pga::schema
