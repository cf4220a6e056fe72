#include "plan/online/not_null.h"

#include "base/quote.h"

namespace pga::plan::data {

std::string early_not_null_name(const schema::Object& to) {
  return helper_name("pga_not_null", to.id.path);
}

NotNull not_null(const schema::Object& to, const std::string& name, int major, bool final) {
  NotNull out;
  const auto& id = to.id;
  const std::string alter = "ALTER TABLE " + table_of(id), helper = early_not_null_name(to);
  if (!to.flag("not_null")) return out;
  if (major >= 18) {
    const std::string own = final && to.value("not_null_name") ? to.text("not_null_name") : helper;
    const std::string inherit = to.flag("not_null_no_inherit") ? " NO INHERIT" : "";
    out.early.push_back(strong(draft(
        id, Phase::migrate_data, alter + " ADD CONSTRAINT " + ident(own) + " NOT NULL " + ident(name) + inherit + " NOT VALID",
        "new rows must have a value; old rows are not looked at yet, so the lock is short")));
    if (!to.flag("not_null_valid")) return out;
    out.early.push_back(alone(draft(id, Phase::migrate_data, alter + " VALIDATE CONSTRAINT " + ident(own),
                                    "old rows are looked at under a lock that lets others read and write")));
    return out;
  }
  out.early.push_back(strong(draft(
      id, Phase::migrate_data, alter + " ADD CONSTRAINT " + ident(helper) + " CHECK (" + ident(name) + " IS NOT NULL) NOT VALID",
      "new rows must have a value; old rows are not looked at yet, so the lock is short")));
  out.early.push_back(alone(draft(id, Phase::migrate_data, alter + " VALIDATE CONSTRAINT " + ident(helper),
                                  "old rows are looked at under a lock that lets others read and write")));
  out.late.push_back(strong(draft(id, Phase::migrate_data, alter + " ALTER COLUMN " + ident(name) + " SET NOT NULL",
                                  "the validated check proves it: no row is looked at again")));
  out.late.push_back(strong(draft(id, Phase::migrate_data, alter + " DROP CONSTRAINT " + ident(helper), "the check has served")));
  return out;
}

}  // namespace pga::plan::data
