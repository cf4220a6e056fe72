// Files that come in: looked at first, taken over afterwards.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const std::string what = statement.subject.empty() ? first_known(draft, {"customer", "contact", "product"}) : statement.subject;
  const auto target = draft.target(what.empty() ? "customer" : what);
  const std::string one = target.one;
  const std::string missing = choose(
      draft, one + "-missing-rows", fmt::format("What happens to {} that a new file does not have?", spoken(plural_of(one))),
      {{"keep", "they stay", "A file that was cut short does no harm."},
       {"mark", "they are marked as gone from the source", "A column that says since when; nothing is deleted."}},
      "Files are cut short.", 2);
  Table& batches = thing(draft, "import_batch");
  batches.text("source", 1, 120, true, "Who sends it");
  batches.text("file_name", 1, 255);
  batches.column({"file_hash", "bytea", true, "", "SHA-256: the same file is taken once"});
  batches.check("file_hash", "length", "octet_length(file_hash) = 32");
  batches.unique({"source", "file_hash"});
  batches.one_of("state", {"loading", "checked", "merged", "failed"}, "loading");
  batches.column({"rows_read", "bigint", true, "DEFAULT 0", ""});
  batches.column({"rows_failed", "bigint", true, "DEFAULT 0", ""});
  batches.check("rows_failed", "range", "rows_failed BETWEEN 0 AND rows_read");
  batches.says("Files that came in");
  const auto batch = draft.target(batches.name);
  Table& staging = draft.table(one + "_staging");
  staging.reference("batch_id", batch, OnDelete::cascade, true, "", false);
  staging.column({"row_no", "bigint", true, "", "Of the file, for messages"});
  staging.column({"external_id", "text", false, "", "The source's number of it"});
  staging.column({"raw", "jsonb", true, "", "The row as it came, all of it text"});
  staging.check("raw", "object", "jsonb_typeof(raw) = 'object'");
  staging.column({"error", "text", false, "", "Why it cannot be taken; NULL: it can"});
  staging.key({"batch_id", "row_no"});
  staging.index({"batch_id"}, "what cannot be taken", "error IS NOT NULL");
  staging.says("Rows as they came, until they are taken over");
  Table& refs = draft.table(one + "_source");
  refs.text("source", 1, 120);
  refs.text("external_id", 1, 200, true, "The source's number of it: what the next file is matched by");
  refs.reference(one + "_id", target, OnDelete::cascade, true, "");
  if (missing == "mark") refs.column({"gone_since", "timestamptz", false, "", "Since the file that did not have it"});
  refs.column({"last_batch_id", batch.types[0], true, "", "The file that had it last"});
  refs.rule({refs.name + "_last_batch_id_fkey", "FOREIGN KEY (last_batch_id) REFERENCES " + batch.table + " (id)", ""});
  refs.index({"last_batch_id"}, "what a file had; the check when a batch is deleted");
  refs.key({"source", "external_id"});
  refs.says(fmt::format("Which {} a source means by its numbers", spoken(one)));
  Table& merges = draft.table(one + "_merge");
  merges.column({"from_id", target.types[0], true, "", "What is no more"});
  merges.reference("into_id", target, OnDelete::cascade, true, "What it became");
  merges.column({"merged_at", "timestamptz", true, "DEFAULT now()", ""});
  merges.text("merged_by", 1, 200, false);
  merges.key({"from_id"});
  merges.check("", "not_itself", "from_id <> into_id");
  merges.says(fmt::format("Doubles that became one: old numbers still lead to a {}", spoken(one)));
  draft.query("Which one does the source mean",
              fmt::format("SELECT {} FROM {} WHERE source = $1 AND external_id = $2", ident(one + "_id"), refs.sql_name()),
              refs.name + "_pkey");
  draft.query(
      "What cannot be taken, and why",
      "SELECT row_no, error, raw FROM " + staging.sql_name() + " WHERE batch_id = $1 AND error IS NOT NULL ORDER BY row_no",
      "idx_" + staging.name + "_batch_id");
  draft.warn("match-by-name", "Names are not unique, and change.", "match by the source's number, " + refs.name + ".external_id");
  draft.warn("staging-unlogged",
             staging.name + " may be made UNLOGGED: half the writing; after a crash the file is loaded again.", "");
}

}  // namespace

extern const Pattern pattern_imports;
const Pattern pattern_imports = {"imports", "Imports through a staging table, known by their file and row", &build};

}  // namespace pga::design
