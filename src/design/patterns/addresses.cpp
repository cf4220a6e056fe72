// Postal addresses, each for a purpose, one of them the default.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string who = statement.subject.empty() || singular_of(statement.subject) == "address"
                              ? first_known(draft, {"customer"})
                              : statement.subject;
  const auto owner = who.empty() ? draft.people() : draft.target(who);
  const std::string kind =
      choose(draft, "address-of-orders", "What happens to past orders when somebody moves?",
             {{"snapshot", "nothing: an order keeps a copy", "Five columns an order; an address can be corrected freely."},
              {"versions", "nothing: addresses are never changed, only replaced",
               "No copies; a correction is a new row, old ones stay as long as something names them."}},
             "An invoice says where it went, whatever happens afterwards.", 2);
  Table& addresses = thing(draft, "address");
  addresses.text("line1", 1, 200, true, "Street and number, or what stands for them");
  addresses.text("line2", 0, 200, false);
  addresses.text("city", 1, 120);
  addresses.text("region", 1, 120, false, "State, province, county: where they are used");
  addresses.text("postal_code", 1, 20, false, "Some countries have none");
  addresses.column({"country", "text", true, "", "ISO 3166-1, two letters"});
  addresses.check("country", "shape", "country ~ '^[A-Z]{2}$'");
  addresses.says("Where somebody can be reached by post");
  if (kind == "versions") refuse_changes(draft, addresses, "UPDATE");
  const auto address = draft.target(addresses.name);
  Table& links = draft.table(owner.one + "_address");
  links.reference(owner.one + "_id", owner, OnDelete::cascade, true, "", false);
  links.reference("address_id", address, kind == "versions" ? OnDelete::restrict_ : OnDelete::cascade, true, "", false);
  links.one_of("purpose", {"shipping", "billing", "home", "work"}, "", true, "What it is used for");
  links.column({"is_default", "boolean", true, "DEFAULT false", "The one that is offered first"});
  links.created_at();
  links.key({owner.one + "_id", "address_id", "purpose"});
  links.special_index({"idx_" + links.name + "_default", true, "(" + ident(owner.one + "_id") + ", purpose) WHERE is_default",
                       "the default for a purpose: there is one"});
  links.index({"address_id"}, "whose address it is; the check when it is deleted");
  links.says("Which addresses one has, and for what");
  draft.query(
      "Where to send it",
      fmt::format(
          "SELECT a.* FROM {} l JOIN {} a ON a.id = l.address_id WHERE l.{} = $1 AND l.purpose = 'shipping' AND l.is_default",
          links.sql_name(), addresses.sql_name(), ident(owner.one + "_id")),
      "idx_" + links.name + "_default");
  if (kind == "snapshot")
    draft.warn("address-of-orders", "An order that only names an address changes when somebody corrects it.",
               "copy line1, line2, city, region, postal_code and country into the order when it is placed");
  draft.warn("address-personal", addresses.name + " holds personal data.", "say how long it is kept after the last order");
}

}  // namespace

extern const Pattern pattern_addresses;
const Pattern pattern_addresses = {"addresses", "Addresses with purposes, and one default each", &build};

}  // namespace pga::design
