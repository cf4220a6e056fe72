// What is personal, apart from what must be kept, and its end.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string who = users.one + "_id";
  const std::string how =
      choose(draft, "erasure-kind", "What does erasing a person do?",
             {{"delete", "the personal row goes, the account stays without a name",
               "Orders and invoices keep their references; nothing personal is left."},
              {"overwrite", "personal columns are overwritten", "No other table; one that is forgotten stays."}},
             "Facts have to be kept for years, names must go.", 3);
  Table& people = draft.table(users.one);
  people.column({"erased_at", "timestamptz", false, "", "When it became nobody's"});
  if (how == "delete") {
    Table& pii = draft.table(users.one + "_personal");
    pii.reference(who, users, OnDelete::cascade, true, "", false);
    pii.text("full_name", 1, 200, false, "Personal");
    pii.text("phone", 5, 40, false, "Personal");
    pii.column({"born_on", "date", false, "", "Personal"});
    pii.column({"postal_address", "jsonb", false, "", "Personal"});
    pii.check("postal_address", "object", "jsonb_typeof(postal_address) = 'object'");
    pii.key({who});
    pii.says("All that is personal, in one row that can go");
  }
  Table& consents = draft.table("consent");
  consents.reference(who, users, OnDelete::cascade, true, "", false);
  consents.text("purpose", 1, 60, true, "'newsletter'");
  consents.column({"version", "integer", true, "", "Of the text that was agreed to"});
  consents.column({"given_at", "timestamptz", true, "DEFAULT now()", ""});
  consents.column({"withdrawn_at", "timestamptz", false, "", ""});
  consents.check("withdrawn_at", "later", "withdrawn_at >= given_at");
  consents.key({who, "purpose", "version"});
  consents.says("What was agreed to, and when it was taken back; kept as proof");
  Table& requests = thing(draft, "erasure_request");
  requests.column({who, users.types[0], true, "", "No foreign key: the request outlives whom it is about"});
  requests.one_of("state", {"open", "held", "done", "refused"}, "open");
  requests.column({"due_at", "timestamptz", true, "DEFAULT now() + interval '30 days'", "A month, by law"});
  requests.column({"hold_until", "timestamptz", false, "", "A dispute or a tax audit: until then nothing goes"});
  requests.check("hold_until", "given", "(state = 'held') = (hold_until IS NOT NULL)", "Both directions");
  requests.column({"done_at", "timestamptz", false, "", ""});
  requests.check("done_at", "given", "(state = 'done') = (done_at IS NOT NULL)", "Both directions");
  requests.index({who}, "one open request a person", "state IN ('open', 'held')", true);
  requests.index({"due_at"}, "what is due next", "state = 'open'");
  requests.says("Who asked to be forgotten, and until when it is due");
  Table& log = thing(draft, "erasure_log");
  log.reference("request_id", draft.target(requests.name), OnDelete::restrict_, true, "");
  log.text("relation", 1, 130, true, "Which table");
  log.column({"row_count", "bigint", true, "", "How many rows; never their values"});
  log.check("row_count", "range", "row_count >= 0");
  refuse_changes(draft, log, "UPDATE OR DELETE");
  log.says("What was erased: numbers, no values");
  const std::string name = "erase_" + users.one;
  std::string erase;
  if (how == "delete") {
    erase = fmt::format("  DELETE FROM {} WHERE {} = who;\n  GET DIAGNOSTICS gone = ROW_COUNT;\n",
                        qualified(draft.table(users.one + "_personal")), ident(who));
  } else {
    std::string sets = "erased_at = now()";
    for (const char* column : {"name", "full_name", "first_name", "last_name", "phone", "address", "birthday", "born_on"}) {
      const auto* known = draft.current().find(people.schema + "." + people.name);
      const auto* old = known != nullptr ? known->column(column) : nullptr;
      if (old != nullptr) sets += ", " + ident(column) + " = " + (old->required ? "'erased'" : "NULL");
    }
    erase = fmt::format("  UPDATE {} SET {} WHERE {} = who;\n  GET DIAGNOSTICS gone = ROW_COUNT;\n", qualified(people), sets,
                        ident(users.key[0]));
  }
  function(
      draft, name, "request bigint", "bigint",
      fmt::format("RETURNS bigint\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS $$\nDECLARE\n  who {5};\n  "
                  "gone bigint;\nBEGIN\n  SELECT {1} INTO who FROM {0} WHERE id = request AND state = 'open' FOR UPDATE;\n  IF "
                  "NOT FOUND THEN\n    RAISE EXCEPTION 'erase: request % is not open', request USING ERRCODE = "
                  "'no_data_found';\n  END IF;\n{2}  INSERT INTO {3} (request_id, relation, row_count) VALUES (request, {6}, "
                  "gone);\n  UPDATE {4} SET erased_at = now() WHERE {7} = who;\n  UPDATE {0} SET state = 'done', done_at = now() "
                  "WHERE id = request;\n  RETURN gone;\nEND\n$$",
                  qualified(requests), ident(who), erase, qualified(log), qualified(people), users.types[0],
                  literal(how == "delete" ? users.one + "_personal" : people.name), ident(users.key[0])),
      "Does what an open request asks for, and writes what it did");
  draft.query("What is due", "SELECT * FROM " + requests.sql_name() + " WHERE state = 'open' ORDER BY due_at LIMIT 20",
              "idx_" + requests.name + "_due_at");
  draft.query("Do it", "SELECT " + ident(name) + "($1)", requests.name + "_pkey");
  if (statement.options.contains("days"))
    draft.assume(
        "P29",
        "what is older than " + statement.options.at("days") + " days becomes a request by itself: a job of yours inserts it",
        "");
  draft.warn("erasure-copies", "Personal data in audit logs, JSONB, free text and backups is not found by this.",
             "keep it out of logs; backups end by themselves within weeks");
  draft.warn("erasure-move", "Personal columns that " + people.name + " has already stay there until they are moved.",
             "move them with a migration: add, copy, drop");
}

}  // namespace

extern const Pattern pattern_gdpr_erasure;
const Pattern pattern_gdpr_erasure = {"gdpr-erasure", "Personal data apart, consents, and erasure that can be shown", &build};

}  // namespace pga::design
