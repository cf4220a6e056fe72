// Identifiers that may be shown: they tell nothing.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = statement.subject.empty() ? first_known(draft, {"order"}) : statement.subject;
  if (what.empty() && !draft.current().tables().empty())
    what = draft.current().tables().front().schema + "." + draft.current().tables().front().name;
  Table& table = thing(draft, what.empty() ? "order" : what);
  const std::string one = singular_of(table.name);
  const std::string kind =
      choose(draft, one + "-public-id", "What is shown outside?",
             {{"uuid", "a random UUID beside the key",
               "16 bytes and an index more a row; it tells neither how many there are nor when."},
              {"code", "a short code for people",
               "'R7K2-M9QD': can be read aloud; the application makes it and tries again when it is taken."}},
             "Programs show it in addresses; nobody has to say it.", 2);
  if (kind == "code") {
    table.column({"code", "text COLLATE \"C\"", !table.existing, "",
                  "Random, without 0, 1, I, L, O and U: nothing that is mistaken for another"});
    table.check("code", "shape", "code ~ '^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$'");
    table.unique({"code"});
    draft.query("By its code", "SELECT * FROM " + table.sql_name() + " WHERE code = upper($1)", table.name + "_code_key");
    draft.elsewhere("Making the random code, and trying again when it is taken, belongs to the application.");
  } else {
    table.column(
        {"public_id", "uuid", true, "DEFAULT gen_random_uuid()", "For addresses and other programs; the key stays inside"});
    table.unique({"public_id"});
    draft.query("By what is in the address", "SELECT * FROM " + table.sql_name() + " WHERE public_id = $1",
                table.name + "_public_id_key");
  }
  draft.warn("guessable", "Not guessable is not protected: who may see a row is decided by a policy, not by its name.", "");
  draft.warn("uuid-v7", "A version 7 UUID tells when the row was made.", "random ones for what is shown");
}

}  // namespace

extern const Pattern pattern_public_ids;
const Pattern pattern_public_ids = {"public-ids", "Identifiers for outside, that tell nothing of the inside", &build};

}  // namespace pga::design
