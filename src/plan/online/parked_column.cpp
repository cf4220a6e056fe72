#include "plan/online/parked_column.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"
#include "plan_embedded.h"

namespace pga::plan::data {

using schema::Database;
using schema::KindId;
using schema::Object;

ParkedColumn::ParkedColumn(const Object& object, const Situation& situation, const Database& before, const Database& after)
    : column_(object),
      before_(before),
      name_(parked_name("values", situation, object.id)),
      table_(table_of(object.id)),
      helper_(helper_name("zzz_pga_park", object.id.path)),
      key_(key_of(table_id(object.id), before, &after, object.id.name())) {
  for (const Object* other : before.children(table_id(object.id), KindId::column)) {
    const Object* then = after.find(other->id);
    if (other->id == object.id || then == nullptr || other->value("generated") || then->value("generated")) continue;
    if (other->value("type") == then->value("type")) others_.push_back(other->id.name());
  }
}

std::vector<std::string> ParkedColumn::key_values(const std::string& alias) const {
  std::vector<std::string> out;
  if (key_) {
    for (const auto& name : key_->columns) {
      const Object* object = before_.find(KindId::column, {column_.id.path[0], column_.id.path[1], name});
      PGA_ASSERT(object != nullptr);
      out.push_back(waiting(*object, alias));
    }
    return out;
  }
  std::vector<std::string> columns;
  for (const auto& name : others_) columns.push_back(column(alias, name));
  const std::string hash = "pg_catalog.md5(ROW(" + join(columns, ", ") + ")::text)";
  return {hash, "pg_catalog.row_number() OVER (PARTITION BY " + hash + ")"};
}

namespace {
std::string numbered(const std::vector<std::string>& values, bool named) {
  std::vector<std::string> out;
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string name = "k" + std::to_string(i + 1);
    out.push_back(named ? values[i] + " AS " + name : name);
  }
  return join(out, ", ");
}
}  // namespace

std::string ParkedColumn::select() const {
  return "SELECT " + numbered(key_values("t"), true) + ", " + waiting(column_, "t") + " AS value FROM ";
}

Drafts ParkedColumn::create_empty() const {
  const auto& id = column_.id;
  const std::string keys = numbered(key_values("t"), false);
  Drafts out = {make_parked_schema(id)};
  out.push_back(draft(id, Phase::expand, "CREATE TABLE " + name_ + " AS " + select() + table_ + " AS t WITH NO DATA",
                      "where the values of the column wait, by the key of their row, so that down brings them back"));
  out.push_back(draft(id, Phase::expand, "ALTER TABLE " + name_ + " ADD PRIMARY KEY (" + keys + ")", "one value a row"));
  return out;
}

Drafts ParkedColumn::keep_in_step() const {
  const auto& id = column_.id;
  const std::string function = ident({std::string(kParked), helper_});
  std::vector<std::string> old_matches;
  const auto old_keys = key_values("OLD");
  for (size_t i = 0; i < old_keys.size(); ++i) old_matches.push_back("p.k" + std::to_string(i + 1) + " = " + old_keys[i]);
  const std::string keys = numbered(old_keys, false);
  const std::string body = fill_in(embedded::plan::online_keep_parked, {{"parked", name_},
                                                                        {"old_matches", join(old_matches, " AND ")},
                                                                        {"keys", keys},
                                                                        {"new_keys", join(key_values("NEW"), ", ")},
                                                                        {"new_value", waiting(column_, "NEW")}});
  Drafts out;
  out.push_back(draft(id, Phase::expand,
                      "CREATE FUNCTION " + function +
                          "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS " +
                          dollar_quote("\n" + body),
                      "keeps the waiting values in step; as its owner, because who writes the table has no right to them"));
  out.push_back(strong(draft(id, Phase::expand,
                             "CREATE TRIGGER " + ident(helper_) + " AFTER INSERT OR UPDATE OR DELETE ON " + table_ +
                                 " FOR EACH ROW EXECUTE FUNCTION " + function + "()",
                             "writes that come from now on are kept in step")));
  out.push_back(strong(draft(id, Phase::expand, "ALTER TABLE " + table_ + " ENABLE ALWAYS TRIGGER " + ident(helper_),
                             "those of logical replication too")));
  return out;
}

Drafts ParkedColumn::stop_keeping() const {
  const auto& id = column_.id;
  return {strong(draft(id, Phase::contract, "DROP TRIGGER " + ident(helper_) + " ON " + table_, "every value is kept now")),
          draft(id, Phase::contract, "DROP FUNCTION " + ident({std::string(kParked), helper_}) + "()", "the helper goes")};
}

Draft ParkedColumn::copy_in_batches(const Situation& situation) const {
  const Work work{"INSERT INTO " + name_ + " (" + numbered(key_values("t"), false) + ", value) SELECT " +
                      join(key_values("t"), ", ") + ", " + waiting(column_, "t") + " FROM ",
                  " AS t WHERE ", " FOR KEY SHARE OF t ON CONFLICT DO NOTHING"};
  const auto table = table_id(column_.id);
  return in_batches(column_.id, situation, table, key_of(table, situation.from), work,
                    "values of the rows that are there already; short transactions, may be run again");
}

Drafts ParkedColumn::copy_at_once() const {
  const auto& id = column_.id;
  Drafts out = {make_parked_schema(id)};
  out.push_back(with(strong(draft(id, Phase::contract, "LOCK TABLE " + table_ + " IN ACCESS EXCLUSIVE MODE",
                                  "nobody writes while the values are copied")),
                     Hazard::strong_lock));
  out.push_back(with(draft(id, Phase::contract, "CREATE TABLE " + name_ + " AS " + select() + table_ + " AS t",
                           keyed() ? "the values of the column wait, by the key of their row, so that down brings them back"
                                   : "the values wait, by the other columns of their row (the table has no key that stays)"),
                     Hazard::long_scan));
  out.push_back(draft(id, Phase::contract, "ALTER TABLE " + name_ + " ADD PRIMARY KEY (" + numbered(key_values("t"), false) + ")",
                      "one value a row"));
  return out;
}

std::string ParkedColumn::matches(const std::string& alias) const {
  const auto values = key_values(alias);
  std::vector<std::string> out;
  for (size_t i = 0; i < values.size(); ++i) out.push_back("p.k" + std::to_string(i + 1) + " = " + values[i]);
  return join(out, " AND ");
}

std::string ParkedColumn::row_is_parked(const std::string& alias) const {
  return "EXISTS (SELECT FROM " + name_ + " AS p WHERE " + matches(alias) + ")";
}

Work ParkedColumn::restore_work() const {
  if (!keyed()) return {};
  const std::string name = ident(column_.id.name()), now = column("t", column_.id.name());
  return {"UPDATE ", " AS t SET " + name + " = " + value("p") + " FROM " + name_ + " AS p WHERE ",
          " AND " + matches("t") + " AND pg_catalog.record_image_ne(ROW(" + now + "), ROW(" + value("p") + "))"};
}

Drafts ParkedColumn::restore_at_once(const Situation& situation, const std::string& now) const {
  const auto& id = column_.id;
  const std::string why = "the values that waited come back";
  const std::string unchanged =
      now.empty() ? "" : " AND pg_catalog.record_image_eq(ROW(" + now + "), ROW(" + column("t", id.name()) + "))";
  Work work = restore_work();
  work.tail += unchanged;
  if (keyed()) {
    const std::string sql = quietly(table_id(id), situation, at_once(table_id(id), work));
    return {with(draft(id, Phase::migrate_data, sql, why), Hazard::data_change)};
  }
  const std::string lock = "LOCK TABLE " + table_ + " IN ACCESS EXCLUSIVE MODE";
  const std::string sql = "UPDATE " + table_ + " AS t SET " + ident(id.name()) + " = " + value("p") +
                          " FROM (SELECT u.tableoid AS relation, u.ctid AS place, " + numbered(key_values("u"), true) + " FROM " +
                          table_ + " AS u) AS x JOIN " + name_ +
                          " AS p USING (k1, k2) WHERE t.tableoid = x.relation AND t.ctid = x.place" + unchanged;
  return {with(strong(draft(id, Phase::migrate_data, lock, "no row moves while values are matched with their rows")),
               Hazard::strong_lock),
          with(draft(id, Phase::migrate_data, quietly(table_id(id), situation, sql), why + ", by the other columns of their row"),
               Hazard::data_change)};
}

Drafts ParkedColumn::drop() const {
  return {draft(column_.id, Phase::contract, "DROP TABLE " + name_, "the values are back in their column"),
          drop_parked_schema(column_.id)};
}

}  // namespace pga::plan::data
