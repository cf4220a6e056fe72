// Double-entry bookkeeping: every entry sums to nothing, and nothing that is written changes.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const std::string kind =
      choose(draft, "ledger-amounts", "How does a posting say which side it is on?",
             {{"signed", "by the sign of its amount", "One column; an entry balances when it sums to 0."},
              {"sides", "by a debit and a credit column", "As accountants write it; every sum reads two columns."}},
             "One number is summed, compared and checked more easily than two.", 3);
  const std::string balance = choose(draft, "ledger-balance", "Where does the balance of an account come from?",
                                     {{"snapshot", "from the last snapshot and what was posted since",
                                       "Nothing is locked; a balance reads the postings of some days."},
                                      {"row", "from a row that is locked and changed with each posting",
                                       "An overdraft can be refused; all postings of one account wait for each other."}},
                                     "Postings never wait for each other; choose the row where an overdraft must be refused.", 2);
  Table& accounts = thing(draft, "ledger_account");
  accounts.text("code", 1, 60, true, "'cash', 'customer:42'");
  accounts.unique({"code"});
  accounts.column({"currency", "text", true, "", "ISO 4217; one an account"});
  accounts.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
  accounts.unique({"id", "currency"}, "What the foreign key of postings needs: a posting has its account's currency");
  if (balance == "row") {
    accounts.column({"balance", "bigint", true, "DEFAULT 0", "In minor units; kept by a trigger on the postings"});
    accounts.column({"may_go_below_zero", "boolean", true, "DEFAULT false", ""});
    accounts.check("balance", "covered", "may_go_below_zero OR balance >= 0",
                   "An overdraft is refused here, whoever comes second");
  }
  accounts.says("Where money is, or is owed");
  Table& entries = thing(draft, "ledger_entry");
  const auto entry = draft.target(entries.name);
  entries.column({"posted_at", "timestamptz", true, "DEFAULT now()", "When it counts"});
  entries.text("description", 1, 500, true, "");
  entries.text("idempotency_key", 1, 100, true, "What is sent twice is posted once");
  entries.unique({"idempotency_key"});
  entries.reference("reverses_id", entry, OnDelete::restrict_, false, "The entry that this one takes back", false);
  entries.unique({"reverses_id"}, "An entry is taken back once");
  entries.index({"posted_at"}, "the entries of a period");
  entries.says("What happened; a mistake is taken back by another entry");
  Table& postings = thing(draft, "ledger_posting");
  postings.reference("entry_id", entry, OnDelete::restrict_, true, "");
  postings.column({"account_id", draft.target(accounts.name).types[0], true, "", ""});
  postings.column({"currency", "text", true, "", "Of the account"});
  postings.rule({postings.name + "_account_fkey",
                 fmt::format("FOREIGN KEY (account_id, currency) REFERENCES {} (id, currency)", accounts.sql_name()), ""});
  std::string amount = "amount";
  if (kind == "sides") {
    postings.column({"debit", "bigint", true, "DEFAULT 0", "In minor units (cents)"});
    postings.column({"credit", "bigint", true, "DEFAULT 0", "In minor units (cents)"});
    postings.check("", "one_side", "debit >= 0 AND credit >= 0 AND (debit > 0) <> (credit > 0)", "One side, and something on it");
    amount = "debit - credit";
  } else {
    postings.column({"amount", "bigint", true, "", "In minor units (cents); what comes in is above 0"});
    postings.check("amount", "not_zero", "amount <> 0");
  }
  postings.index({"account_id", "created_at"}, "the statement of one account; its balance since the snapshot");
  postings.says("One line of an entry: an account and an amount");
  const std::string balanced = entries.name + "_balanced";
  trigger_function(
      draft, balanced,
      fmt::format(
          "DECLARE\n  off record;\nBEGIN\n  SELECT count(*) AS lines, bool_or(total <> 0) AS wrong INTO off FROM (SELECT "
          "sum({1}) AS total, "
          "count(*) AS n FROM {0} WHERE entry_id = NEW.{2} GROUP BY currency) s;\n  IF off.lines = 0 OR off.wrong THEN\n    "
          "RAISE EXCEPTION "
          "'{3}: the postings of entry % do not sum to 0', NEW.{2} USING ERRCODE = 'check_violation', CONSTRAINT = '{3}';\n  END "
          "IF;\n  RETURN NULL;\nEND",
          qualified(postings), amount, "id", balanced),
      "an entry is checked at the end of its transaction, when all its postings are there");
  trigger(entries, balanced, "AFTER INSERT", "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW", balanced);
  const std::string late = postings.name + "_in_entry";
  trigger_function(draft, late,
                   fmt::format("DECLARE\n  wrong boolean;\nBEGIN\n  SELECT bool_or(total <> 0) INTO wrong FROM (SELECT sum({1}) "
                               "AS total FROM {0} WHERE entry_id = "
                               "NEW.entry_id GROUP BY currency) s;\n  IF wrong THEN\n    RAISE EXCEPTION '{2}: the postings of "
                               "entry % do not sum to 0', NEW.entry_id USING ERRCODE = "
                               "'check_violation', CONSTRAINT = '{2}';\n  END IF;\n  RETURN NULL;\nEND",
                               qualified(postings), amount, late),
                   "a posting that is added later is checked too");
  trigger(postings, late, "AFTER INSERT", "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW", late);
  for (Table* table : {&entries, &postings}) {
    refuse_changes(draft, *table, "UPDATE OR DELETE");
    trigger(*table, table->name + "_no_truncate", "BEFORE TRUNCATE", "FOR EACH STATEMENT", "refuse_change");
  }
  if (balance == "row") {
    const std::string apply = postings.name + "_apply";
    trigger_function(draft, apply,
                     fmt::format("BEGIN\n  UPDATE {} SET balance = balance + {} WHERE id = NEW.account_id;\n  RETURN NULL;\nEND",
                                 qualified(accounts), kind == "sides" ? "NEW.debit - NEW.credit" : "NEW.amount"),
                     "a posting changes the balance of its account");
    trigger(postings, apply, "AFTER INSERT", "FOR EACH ROW", apply);
    draft.warn("hot-account", "All postings of one account wait for its row.",
               "post in one order of accounts (by id), or deadlocks follow; split accounts that everybody uses");
  } else {
    Table& snapshots = draft.table("ledger_snapshot");
    snapshots.reference("account_id", draft.target(accounts.name), OnDelete::restrict_, true, "", false);
    snapshots.column({"as_of", "timestamptz", true, "", "All that was written before"});
    snapshots.column({"balance", "bigint", true, "", "In minor units"});
    snapshots.key({"account_id", "as_of"});
    snapshots.says("Balances from time to time, so that a sum reads only what came since");
    draft.query("The balance of one account",
                fmt::format("SELECT coalesce(s.balance, 0) + coalesce((SELECT sum({2}) FROM {0} p WHERE p.account_id = $1 AND "
                            "p.created_at >= coalesce(s.as_of, "
                            "'-infinity')), 0) FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT balance, as_of FROM {1} WHERE "
                            "account_id = $1 ORDER BY as_of DESC LIMIT 1) s "
                            "ON true",
                            postings.sql_name(), snapshots.sql_name(), amount),
                "idx_" + postings.name + "_account_id_created_at");
  }
  draft.warn("ledger-balance-column", "A balance that is changed without postings cannot be explained afterwards.",
             "every change is an entry");
}

}  // namespace

extern const Pattern pattern_ledger;
const Pattern pattern_ledger = {"ledger", "Accounts, entries and postings that always balance", &build};

}  // namespace pga::design
