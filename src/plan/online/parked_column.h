// Values of one column that wait in pgarchitect_parked: how they are told apart, filled, kept in step, and brought back.
//
// The table has k1 … kn, the key of the row, and value. Where the table has no key that survives, k1 is the MD5 of the row's
// other columns and k2 a number among rows that are equal in those: rows that nobody changed get their value back exactly. `up`
// and `down` compute the same layout from the same two models.
#pragma once
#include "plan/online/data.h"

namespace pga::plan::data {

class ParkedColumn {
 public:
  // before: the model that has the values (Situation::from when they are parked, ::to when they come back); after: the other.
  ParkedColumn(const schema::Object& column, const Situation& situation, const schema::Database& before,
               const schema::Database& after);

  const std::string& name() const { return name_; }  // with the schema, quoted
  bool keyed() const { return key_.has_value(); }
  const std::optional<Key>& key() const { return key_; }

  Drafts create_empty() const;  // with its key; keyed only
  Drafts keep_in_step() const;  // function and trigger; keyed only
  Drafts stop_keeping() const;  // the same away
  Draft copy_in_batches(const Situation& situation) const;
  Drafts copy_at_once() const;  // the table with all values, under a lock

  // UPDATE … SET column = the parked value, for rows that differ.
  Work restore_work() const;  // keyed only
  // Either way; with `now`, only rows that still hold that value (an expression over p.value).
  Drafts restore_at_once(const Situation& situation, const std::string& now = {}) const;
  std::string row_is_parked(const std::string& alias) const;  // EXISTS (…), keyed only
  std::string matches(const std::string& alias) const;        // p.k1 = t.id AND …
  std::string value(const std::string& parked) const { return restored(column_, parked + ".value"); }
  Drafts drop() const;

 private:
  std::vector<std::string> key_values(const std::string& alias) const;
  std::string select() const;
  const schema::Object& column_;
  const schema::Database& before_;
  std::string name_, table_, helper_;
  std::optional<Key> key_;
  std::vector<std::string> others_;  // columns that stay as they are
};

}  // namespace pga::plan::data
