// Amounts with their currency, and rates by day.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what =
      statement.subject.empty() ? first_known(draft, {"product", "price", "order", "invoice"}) : statement.subject;
  const std::string kind = choose(
      draft, "money-type", "How are amounts kept?",
      {{"numeric", "numeric(12,2) in the currency's unit", "Exact, as people read it; sums and reports need no conversion."},
       {"minor", "whole numbers of the smallest unit (cents)",
        "8 bytes, fast; who reads it has to know how many decimals the currency has."}},
      "Exact either way; reports and people read units.", 2);
  if (!what.empty()) {
    Table& table = thing(draft, what);
    std::string amount;
    for (const char* name : {"price", "amount", "total", "unit_price"}) {
      if (amount.empty() && table.has(name)) amount = name;
    }
    if (amount.empty()) {
      amount = "price";
      table.column({amount, kind == "numeric" ? "numeric(12,2)" : "bigint", !table.existing, "",
                    kind == "numeric" ? "In units of its currency" : "In the smallest unit of its currency"});
      table.check(amount, "range", amount + " >= 0");
    }
    table.column({"currency", "text", !table.existing, "", "ISO 4217; an amount is nothing without it"});
    table.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
    if (table.existing) {
      table.check("currency", "given", "(" + ident(amount) + " IS NULL) OR (currency IS NOT NULL)",
                  "No amount without a currency");
      draft.warn("money-existing", "Rows of " + table.name + " that have an amount need a currency before this rule holds.",
                 "say which: UPDATE … SET currency = 'EUR'");
    }
    draft.query("Sums, a currency each",
                fmt::format("SELECT currency, sum({}) FROM {} GROUP BY currency", ident(amount), table.sql_name()), "");
  }
  Table& rates = draft.table("exchange_rate");
  for (const auto& [name, words] : {std::pair{"base", "1 of this"}, {"quote", "is so many of that"}}) {
    rates.column({name, "text", true, "", words});
    rates.check(name, "shape", std::string(name) + " ~ '^[A-Z]{3}$'");
  }
  rates.column({"on_date", "date", true, "", "The day that it is of"});
  rates.column({"rate", "numeric(20,10)", true, "", ""});
  rates.check("rate", "range", "rate > 0 AND rate < 'Infinity'");
  rates.text("source", 1, 60, true, "Who says so: 'ECB'");
  rates.key({"base", "quote", "on_date"});
  rates.check("", "two", "base <> quote");
  rates.says("What currencies were worth, day by day; a day is never changed");
  refuse_changes(draft, rates, "UPDATE");
  draft.query(
      "The rate of a day, or the last one before",
      "SELECT rate FROM " + rates.sql_name() + " WHERE base = $1 AND quote = $2 AND on_date <= $3 ORDER BY on_date DESC LIMIT 1",
      rates.name + "_pkey");
  draft.warn("currency-sums", "A sum over several currencies is a number without a meaning.",
             "GROUP BY currency, or convert at the rate of each day");
  draft.warn("money-decimals", "Not every currency has two decimals: JPY has none, KWD has three.",
             kind == "numeric" ? "numeric(14,3) where those are used" : "keep the number of decimals by currency");
}

}  // namespace

extern const Pattern pattern_money;
const Pattern pattern_money = {"money", "Amounts with their currency, and exchange rates by day", &build};

}  // namespace pga::design
