// The same request, sent twice, done once.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement&) {
  auto& draft = build.draft;
  const auto users = draft.people();
  const std::string who = users.one + "_id";
  const std::string kind =
      choose(draft, "idempotency-kind", "Where does the key stand?",
             {{"table", "in a table of its own, with the answer", "Any request; the second gets the answer of the first."},
              {"column", "in a unique column of what is made", "No other table; the second is refused and looks for the first."}},
             "Answers are wanted, not refusals.", 2);
  if (kind == "column") {
    const std::string what = first_known(draft, {"payment", "order", "booking"});
    Table& table = draft.table(what.empty() ? "order" : what);
    if (!table.existing) table.id().created_at();
    table.text("idempotency_key", 1, 200, false, "Of the request that made it");
    table.unique({"idempotency_key"});
    draft.query("Was it made before", "SELECT * FROM " + table.sql_name() + " WHERE idempotency_key = $1",
                table.name + "_idempotency_key_key");
    return;
  }
  Table& table = draft.table("idempotency_key");
  table.reference(who, users, OnDelete::cascade, true, "Whose: keys of others are others", false);
  table.text("key", 1, 200, true, "From the client");
  table.column({"request_hash", "bytea", true, "", "SHA-256 of the request: the same key with another request is a mistake"});
  table.check("request_hash", "length", "octet_length(request_hash) = 32");
  table.column({"locked_at", "timestamptz", false, "DEFAULT now()", "While it is being done; NULL when there is an answer"});
  table.column({"response_status", "integer", false, "", ""});
  table.check("response_status", "range", "response_status BETWEEN 100 AND 599");
  table.column({"response_body", "jsonb", false, "", ""});
  table.check("", "done_or_locked", "(locked_at IS NULL) = (response_status IS NOT NULL)", "Being done, or answered");
  table.created_at();
  table.column({"expires_at", "timestamptz", true, "DEFAULT now() + interval '24 hours'", ""});
  table.check("expires_at", "later", "expires_at > created_at");
  table.key({who, "key"});
  table.index({"expires_at"}, "the purge of what is over");
  table.says("Requests that were done, with what was answered");
  draft.query(
      "Take the key: no row back means that it was taken before",
      fmt::format("INSERT INTO {} ({}, key, request_hash) VALUES ($1, $2, sha256($3)) ON CONFLICT DO NOTHING RETURNING key",
                  table.sql_name(), ident(who)),
      table.name + "_pkey");
  draft.query("The answer of the first",
              fmt::format("SELECT request_hash = sha256($3) AS same_request, response_status, response_body, locked_at FROM {} "
                          "WHERE {} = $1 AND key = $2",
                          table.sql_name(), ident(who)),
              table.name + "_pkey");
  draft.query("Every hour: what is over goes", "DELETE FROM " + table.sql_name() + " WHERE expires_at < now()",
              "idx_" + table.name + "_expires_at");
  draft.warn("stuck-key", "A crash leaves a key locked.", "locked_at older than a minute may be taken over");
  draft.warn("key-scope", "A key that is unique over all would tell one client of another's.",
             "it is unique for each " + spoken(users.one));
}

}  // namespace

extern const Pattern pattern_idempotency;
const Pattern pattern_idempotency = {"idempotency", "Keys by which a request that is sent again is known", &build};

}  // namespace pga::design
