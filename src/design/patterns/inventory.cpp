// Stock by warehouse: a balance that cannot go below nothing, and every movement as a row.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what = first_known(draft, {statement.subject, "product_variant", "variant", "product", "item"});
  const auto product = draft.target(what.empty() ? "product" : what);
  const std::string on = product.one + "_id";
  const std::string kind = choose(draft, product.one + "-stock", "How is the stock kept?",
                                  {{"balance", "a balance, moved by rows that stay",
                                    "Reading is one row; a movement writes two. Overselling is refused by a CHECK."},
                                   {"moves", "movements only, summed when asked",
                                    "One row a movement; the sum reads them all, and nothing stops two that take the last."}},
                                  "What is left decides whether an order is taken: it has to be one row that can be locked.", 3);
  Table& houses = thing(draft, "warehouse");
  houses.text("name", 1, 120);
  houses.unique({"name"});
  houses.says("Where stock is kept");
  const auto house = draft.target(houses.name);
  Table& moves = thing(draft, "stock_move");
  moves.reference(on, product, OnDelete::restrict_, true, "What moved", false);
  moves.reference(house.one + "_id", house, OnDelete::restrict_, true, "Where", false);
  moves.column({"qty", "integer", true, "", "What came (above 0) or went (below)"});
  moves.check("qty", "not_zero", "qty <> 0");
  moves.one_of("reason", {"receipt", "sale", "return", "adjustment", "transfer"}, "", true, "Why");
  moves.column({"transfer_id", "uuid", false, "", "The same for both sides of a transfer"});
  moves.check("transfer_id", "given", "(reason = 'transfer') = (transfer_id IS NOT NULL)",
              "Both directions: neither without the other");
  moves.index({on, house.one + "_id", "created_at DESC"}, "what happened to the stock of one " + spoken(product.one));
  moves.index({house.one + "_id"}, "the check when a warehouse is deleted");
  moves.index({"transfer_id"}, "the other side of a transfer", "transfer_id IS NOT NULL");
  moves.says("Every movement of stock; a mistake is corrected by another movement");
  refuse_changes(draft, moves, "UPDATE OR DELETE");
  if (kind == "balance") {
    Table& stock = draft.table("stock");
    stock.reference(on, product, OnDelete::restrict_, true, "", false);
    stock.reference(house.one + "_id", house, OnDelete::restrict_, true, "", false);
    stock.column({"on_hand", "integer", true, "DEFAULT 0", "On the shelf; kept by a trigger on " + moves.name});
    stock.column({"reserved", "integer", true, "DEFAULT 0", "Promised to orders that are not sent yet"});
    stock.key({on, house.one + "_id"});
    stock.check("on_hand", "range", "on_hand >= 0", "Nothing can be taken that is not there, whoever comes second");
    stock.check("reserved", "range", "reserved BETWEEN 0 AND on_hand");
    stock.index({house.one + "_id"}, "the stock of one warehouse");
    stock.storage = "WITH (fillfactor = 70)";
    stock.says("What is there now; updates stay on their page (fillfactor)");
    trigger_function(
        draft, moves.name + "_apply",
        fmt::format("BEGIN\n  INSERT INTO {0} AS s ({1}, {2}, on_hand) VALUES (NEW.{1}, NEW.{2}, 0) ON CONFLICT DO "
                    "NOTHING;\n  UPDATE {0} SET on_hand = on_hand + NEW.qty WHERE {1} = NEW.{1} AND {2} = NEW.{2};\n  RETURN "
                    "NULL;\nEND",
                    qualified(stock), ident(on), ident(house.one + "_id")),
        "a movement changes the balance");
    trigger(moves, moves.name + "_apply", "AFTER INSERT", "FOR EACH ROW", moves.name + "_apply");
    draft.query(
        "Reserve, if there is enough: no row back means sold out",
        fmt::format(
            "UPDATE {} SET reserved = reserved + $3 WHERE {} = $1 AND {} = $2 AND on_hand - reserved >= $3 RETURNING reserved",
            stock.sql_name(), ident(on), ident(house.one + "_id")),
        stock.name + "_pkey");
    draft.warn("hot-stock", "All who buy the same thing wait for one row of " + stock.name + ": keep those transactions short.",
               "reserve last in the transaction; several warehouses spread it");
  } else {
    draft.query(
        "What is there",
        fmt::format("SELECT sum(qty) FROM {} WHERE {} = $1 AND {} = $2", moves.sql_name(), ident(on), ident(house.one + "_id")),
        "idx_" + moves.name + "_" + on + "_" + house.one + "_id_created_at");
    draft.warn("oversell", "A sum cannot be locked: two orders may both take the last one.", "keep a balance");
  }
  draft.warn("check-then-update", "Asking for the stock and then taking it is two statements: somebody comes between them.",
             "one UPDATE with the condition in its WHERE decides");
}

}  // namespace

extern const Pattern pattern_inventory;
const Pattern pattern_inventory = {"inventory", "Stock by warehouse, from movements that are never changed", &build};

}  // namespace pga::design
