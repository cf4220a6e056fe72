// People and organisations that play several roles.
#include <fmt/format.h>

#include <tuple>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const std::string kind =
      choose(draft, "party-model", "Can one company or person be several things to you?",
             {{"party", "yes: customer, supplier and partner at once",
               "One party, any number of roles in time; every query joins once more."},
              {"plain", "no: contacts of organisations", "Two plain tables; somebody who is two things is two rows."}},
             "It was asked for; with fewer than two shared roles plain tables are simpler.", 3);
  if (kind == "plain") {
    Table& organisations = thing(draft, "organisation");
    organisations.text("name", 1, 200);
    organisations.says("Companies and other organisations");
    Table& contacts = thing(draft, "contact");
    contacts.text("name", 1, 200);
    contacts.reference("organisation_id", draft.target(organisations.name), OnDelete::set_null, false, "Where they work");
    contacts.says("People");
    return;
  }
  Table& parties = thing(draft, "party");
  parties.one_of("kind", {"person", "organisation"}, "");
  parties.text("name", 1, 200, true, "As it is shown");
  parties.unique({"id", "kind"}, "What the foreign keys of people and organisations need");
  parties.says("Whoever we have to do with");
  const std::string type = draft.target(parties.name).types[0];
  for (const auto& [name, of, column] :
       {std::tuple{"person", "person", "born_on"}, {"organisation", "organisation", "registration_no"}}) {
    Table& part = draft.table(name);
    if (part.existing) continue;
    part.column({"party_id", type, true, "", ""});
    part.column({"kind", "text", true, "DEFAULT " + literal(of), ""});
    part.check("kind", "fixed", "kind = " + literal(of));
    if (std::string(name) == "person") {
      part.column({column, "date", false, "", "Personal"});
    } else {
      part.text(column, 1, 60, false, "In the register of companies");
    }
    part.key({"party_id"});
    part.rule({part.name + "_party_fkey",
               "FOREIGN KEY (party_id, kind) REFERENCES " + parties.sql_name() + " (id, kind) ON DELETE CASCADE",
               "A person is no organisation"});
    part.says(std::string("What only a ") + of + " has");
  }
  needs_extension(draft, "btree_gist");
  Table& roles = thing(draft, "party_role");
  roles.reference("party_id", draft.target(parties.name), OnDelete::cascade, true, "", false);
  roles.one_of("role", {"customer", "supplier", "partner", "employee"}, "");
  roles.column({"valid", "daterange", true, "DEFAULT daterange(CURRENT_DATE, NULL)", "From when until when"});
  roles.check("valid", "not_empty", "NOT isempty(valid)");
  roles.rule(
      {roles.name + "_no_overlap", "EXCLUDE USING gist (party_id WITH =, role WITH =, valid WITH &&)", "A role once at a time"});
  roles.special_index({"idx_" + roles.name + "_role", false, "(role) WHERE upper_inf(valid)", "all who have a role now"});
  roles.says("What somebody is to us, and when");
  Table& links = thing(draft, "party_relationship");
  links.reference("from_id", draft.target(parties.name), OnDelete::cascade, true, "");
  links.reference("to_id", draft.target(parties.name), OnDelete::cascade, true, "");
  links.one_of("kind", {"works_for", "owns", "represents"}, "");
  links.column({"valid", "daterange", true, "DEFAULT daterange(CURRENT_DATE, NULL)", ""});
  links.check("valid", "not_empty", "NOT isempty(valid)");
  links.check("", "not_itself", "from_id <> to_id");
  links.rule({links.name + "_no_overlap", "EXCLUDE USING gist (from_id WITH =, to_id WITH =, kind WITH =, valid WITH &&)", ""});
  links.says("Who has to do with whom, how and when");
  draft.query("All customers",
              "SELECT p.* FROM " + roles.sql_name() + " r JOIN " + parties.sql_name() +
                  " p ON p.id = r.party_id WHERE r.role = 'customer' AND upper_inf(r.valid)",
              "idx_" + roles.name + "_role");
  draft.warn("party-cost", "The model pays when roles are shared; where nobody is two things it only adds joins.",
             "--answer party-model=plain");
}

}  // namespace

extern const Pattern pattern_parties;
const Pattern pattern_parties = {"parties", "People and organisations as parties, with roles in time", &build};

}  // namespace pga::design
