// Invoices whose numbers have no gaps: the number is taken when the invoice is issued, and then nothing changes.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string buyer =
      first_known(draft, {statement.subject == "invoice" ? "" : statement.subject, "customer", "organisation", "tenant"});
  const auto customers = buyer.empty() ? draft.people() : draft.target(buyer);
  const std::string numbers = choose(
      draft, "invoice-numbers", "May there be gaps in the numbers?",
      {{"gapless", "no gaps", "A counter row for each series and year; invoices of one series are issued one after the other."},
       {"sequence", "gaps are allowed", "A sequence: nothing waits; a transaction that fails leaves a gap."}},
      "Tax law asks for it in many countries; a few hundred a second can be issued all the same.", 3);
  Table& invoices = thing(draft, "invoice");
  invoices.reference(customers.one + "_id", customers, OnDelete::restrict_, !invoices.existing, "Who owes", false);
  const std::string order = first_known(draft, {"order"});
  if (!order.empty()) invoices.reference("order_id", draft.target(order), OnDelete::restrict_, false, "What for");
  invoices.one_of("status", {"draft", "issued", "paid", "void"}, "draft");
  invoices.text("series", 1, 20, !invoices.existing, "'A', 'EU'");
  invoices.column({"year", "integer", false, "", "Of the number"});
  invoices.column({"number", "bigint", false, "", "NULL while it is a draft: a draft that is thrown away leaves no gap"});
  invoices.column({"issued_at", "timestamptz", false, "", "When it was issued"});
  invoices.column({"currency", "text", !invoices.existing, "", "ISO 4217"});
  invoices.check("currency", "shape", "currency ~ '^[A-Z]{3}$'");
  invoices.check("number", "given", "(status = 'draft') = (number IS NULL)",
                 "Both directions: a draft has none, everything else has one");
  invoices.check("issued_at", "given", "(number IS NULL) = (issued_at IS NULL) AND (number IS NULL) = (year IS NULL)");
  invoices.unique({"series", "year", "number"});
  invoices.index({customers.one + "_id", "issued_at DESC"}, "the invoices of one " + spoken(customers.one) + ", newest first");
  invoices.says("What is owed; what was issued is not changed any more");
  const auto invoice = draft.target(invoices.name);
  Table& lines = draft.table("invoice_line");
  lines.reference("invoice_id", invoice, OnDelete::cascade, true, "", false);
  lines.column({"line_no", "integer", true, "", ""});
  lines.check("line_no", "range", "line_no > 0");
  lines.text("description", 1, 500);
  lines.column({"quantity", "numeric(12,3)", true, "DEFAULT 1", ""});
  lines.check("quantity", "range", "quantity > 0");
  lines.column({"unit_price", "numeric(12,2)", true, "", "Below 0 for what is taken off"});
  lines.column({"tax_rate", "numeric(5,4)", true, "", "0.19 for 19 %"});
  lines.check("tax_rate", "range", "tax_rate BETWEEN 0 AND 1");
  lines.column({"net", "numeric(14,2)", true, "GENERATED ALWAYS AS (round(quantity * unit_price, 2)) STORED", "Calculated"});
  lines.key({"invoice_id", "line_no"});
  lines.says("What the invoice is for");
  const std::string frozen = invoices.name + "_frozen";
  trigger_function(
      draft, frozen,
      fmt::format("BEGIN\n  IF TG_OP = 'DELETE' OR (OLD.series, OLD.year, OLD.number, OLD.issued_at, OLD.currency, OLD.{0}) IS "
                  "DISTINCT FROM (NEW.series, NEW.year, "
                  "NEW.number, NEW.issued_at, NEW.currency, NEW.{0}) OR NEW.status = 'draft' THEN\n    RAISE EXCEPTION '{1}: "
                  "invoice % was issued and is not changed', "
                  "OLD.number USING ERRCODE = 'restrict_violation', HINT = 'write a credit note';\n  END IF;\n  RETURN NEW;\nEND",
                  ident(customers.one + "_id"), frozen),
      "what was issued stays");
  trigger(invoices, frozen, "BEFORE UPDATE OR DELETE", "FOR EACH ROW WHEN (OLD.number IS NOT NULL)", frozen);
  const std::string fixed = lines.name + "_frozen";
  trigger_function(draft, fixed,
                   fmt::format("DECLARE\n  issued bigint;\nBEGIN\n  SELECT number INTO issued FROM {} WHERE id = CASE TG_OP WHEN "
                               "'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END FOR "
                               "SHARE;\n  IF issued IS NOT NULL THEN\n    RAISE EXCEPTION '{}: invoice % was issued, its lines "
                               "are not changed', issued USING ERRCODE = "
                               "'restrict_violation', HINT = 'write a credit note';\n  END IF;\n  RETURN CASE TG_OP WHEN "
                               "'DELETE' THEN OLD ELSE NEW END;\nEND",
                               qualified(invoices), fixed),
                   "the lines of what was issued stay");
  trigger(lines, fixed, "BEFORE INSERT OR UPDATE OR DELETE", "FOR EACH ROW", fixed);
  std::string take = "nextval('" + invoices.schema + "." + invoices.name + "_numbers')";
  if (numbers == "gapless") {
    Table& series = draft.table("invoice_series");
    series.column({"series", "text", true, "", ""});
    series.column({"year", "integer", true, "", ""});
    series.column({"last_no", "bigint", true, "DEFAULT 0", "The number that was given last"});
    series.check("last_no", "range", "last_no >= 0");
    series.key({"series", "year"});
    series.storage = "WITH (fillfactor = 50)";
    series.says("The counters of the numbers: locked until the invoice is committed, so a rollback gives the number back");
    function(draft, "issue_invoice", "invoice bigint", "bigint",
             fmt::format("RETURNS bigint\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\nDECLARE\n  "
                         "next_no bigint;\n  of_series text;\n  this_year integer := extract(year "
                         "FROM now())::integer;\nBEGIN\n  SELECT series INTO of_series FROM {0} WHERE id = invoice AND number IS "
                         "NULL FOR UPDATE;\n  IF NOT FOUND THEN\n    RAISE EXCEPTION "
                         "'issue_invoice: there is no draft %', invoice USING ERRCODE = 'no_data_found';\n  END IF;\n  INSERT "
                         "INTO {1} AS s (series, year, last_no) VALUES (of_series, this_year, "
                         "1)\n    ON CONFLICT (series, year) DO UPDATE SET last_no = s.last_no + 1 RETURNING last_no INTO "
                         "next_no;\n  UPDATE {0} SET number = next_no, year = this_year, issued_at "
                         "= now(), status = 'issued' WHERE id = invoice;\n  RETURN next_no;\nEND\n$$",
                         qualified(invoices), qualified(series)),
             "Issues a draft: takes the next number of its series, without gaps");
    draft.query("Issue it", "SELECT issue_invoice($1)", series.name + "_pkey");
    draft.warn("gapless-serial", "Invoices of one series wait for each other from the number to the commit.",
               "issue last in the transaction, and alone");
  } else {
    draft.before(invoices.name + "_numbers", "CREATE SEQUENCE " + ident(invoices.name + "_numbers") + ";");
    draft.query("Issue it",
                "UPDATE " + invoices.sql_name() + " SET number = " + take +
                    ", year = extract(year FROM now()), issued_at = now(), status = 'issued' WHERE id = $1 AND number IS NULL "
                    "RETURNING number",
                "the primary key");
  }
  draft.query("What is not paid",
              "SELECT * FROM " + invoices.sql_name() + " WHERE " + ident(customers.one + "_id") + " = $1 AND status = 'issued'",
              "idx_" + invoices.name + "_" + customers.one + "_id_issued_at");
}

}  // namespace

extern const Pattern pattern_invoices;
const Pattern pattern_invoices = {"invoices", "Invoices with gapless numbers by series and year", &build};

}  // namespace pga::design
