// Shopping carts, of people and of guests.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string what =
      first_known(draft, {statement.subject == users.one ? "" : statement.subject, "product_variant", "variant", "product"});
  const auto product = draft.target(what.empty() ? "product" : what);
  const std::string who = users.one + "_id", on = product.one + "_id";
  const std::string price = choose(
      draft, "cart-price", "Which price does a cart show?",
      {{"live", "the price of now", "Nothing is stored; a price that changes is seen at once, and said at the checkout."},
       {"frozen", "the price when it was put in", "A column a line; it must end with the cart, or old prices are asked for."}},
      "A cart promises nothing; the order does.", 2);
  Table& carts = thing(draft, "cart");
  carts.reference(who, users, OnDelete::cascade, false, "Whose; NULL for a guest", false);
  carts.column({"guest_token_hash", "bytea", false, "", "SHA-256 of the guest's cookie"});
  carts.check("guest_token_hash", "length", "octet_length(guest_token_hash) = 32");
  carts.check("", "one_owner", fmt::format("num_nonnulls({}, guest_token_hash) = 1", ident(who)),
              "A person or a guest, never both");
  carts.one_of("status", {"open", "ordered", "abandoned"}, "open");
  carts.updated_at();
  carts.index({who}, "the open cart of one person: there is one", "status = 'open'", true);
  carts.index({"guest_token_hash"}, "the open cart of a guest", "status = 'open'", true);
  carts.index({"updated_at"}, "the purge of carts that nobody came back to", "status <> 'ordered'");
  carts.says("What people want to buy, before they do");
  const auto cart = draft.target(carts.name);
  Table& lines = draft.table(cart.one + "_line");
  lines.reference(cart.one + "_id", cart, OnDelete::cascade, true, "", false);
  lines.reference(on, product, OnDelete::cascade, true, "What is wanted", false);
  lines.column({"quantity", "integer", true, "DEFAULT 1", ""});
  lines.check("quantity", "range", "quantity BETWEEN 1 AND 1000");
  if (price == "frozen") {
    lines.column({"unit_price", "numeric(12,2)", true, "", "When it was put in"});
    lines.check("unit_price", "range", "unit_price >= 0");
  }
  lines.column({"added_at", "timestamptz", true, "DEFAULT now()", ""});
  lines.key({cart.one + "_id", on});
  lines.index({on}, "the check when a " + spoken(product.one) + " is deleted");
  lines.says("One line for each thing in a cart");
  draft.query("Put in: once more is a greater quantity",
              fmt::format("INSERT INTO {0} ({1}, {2}, quantity) VALUES ($1, $2, $3) ON CONFLICT ({1}, {2}) DO UPDATE SET "
                          "quantity = {0}.quantity + "
                          "excluded.quantity",
                          lines.sql_name(), ident(cart.one + "_id"), ident(on)),
              lines.name + "_pkey");
  draft.query(
      "Once a day: carts that nobody came back to",
      fmt::format("DELETE FROM {} WHERE status <> 'ordered' AND updated_at < now() - interval '60 days'", carts.sql_name()),
      "idx_" + carts.name + "_updated_at");
  draft.warn("cart-merge", "At the sign-in a guest's cart and an open one of the person may both exist.",
             "add the guest's lines to the person's cart (the query above), then delete the guest's");
  draft.warn("cart-price", "A price from the cart is what the client says: the order takes it from the price table.", "");
}

}  // namespace

extern const Pattern pattern_cart;
const Pattern pattern_cart = {"cart", "Carts of people and guests, one open cart each", &build};

}  // namespace pga::design
