#include "plan/action.h"

#include "base/text.h"

namespace pga::plan {

#define PGA_FORM(slug) const Form& form_##slug();
#include "plan/online/registry.def"
#undef PGA_FORM

std::span<const Form* const> all_forms() {
  static const std::vector<const Form*> forms = {
#define PGA_FORM(slug) &form_##slug(),
#include "plan/online/registry.def"
#undef PGA_FORM
  };
  return forms;
}

const Facts* Situation::facts_of(const schema::Id& id) const {
  if (facts == nullptr) return nullptr;
  const auto it = facts->find(id);
  return it == facts->end() ? nullptr : &it->second;
}

Drafts plain(const schema::Statements& statements, const schema::Id& id, std::string why) {
  Drafts out;
  for (const auto& statement : statements) {
    Draft draft;
    draft.step.sql = statement.sql;
    draft.step.why = why;
    draft.step.object = schema::to_text(id);
    draft.transactional = statement.transactional;
    out.push_back(std::move(draft));
  }
  return out;
}

std::string helper_name(std::string_view prefix, const std::vector<std::string>& parts) {
  std::string all(prefix), readable(prefix);
  for (const auto& part : parts) {
    all += '\x1f' + part;
    readable += '_';
    for (const char c : part) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      readable += plain ? c : '_';
    }
  }
  if (readable.size() > 50) readable.resize(50);
  return readable + "_" + fnv1a_hex(all).substr(0, 8);
}

}  // namespace pga::plan
