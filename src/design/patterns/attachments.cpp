// Files: what is known of them here, their bytes elsewhere.
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
  std::vector<std::string> kinds;
  if (!statement.subject.empty()) kinds.push_back(statement.subject);
  kinds.insert(kinds.end(), statement.others.begin(), statement.others.end());
  if (kinds.empty()) {
    const auto known = first_known(draft, {"product", "post", "event", "message", "ticket"});
    if (!known.empty()) kinds.push_back(known);
  }
  const std::string kind =
      choose(draft, "file-bytes", "Where are the bytes?",
             {{"store", "in an object store, by a key",
               "The database stays small and its backup quick; what is deleted here has to be deleted there."},
              {"bytea", "in the database, up to 1 MB each",
               "One backup, one transaction; every file passes through the database's memory."}},
             "Files are large and read by browsers.", 3);
  Table& files = thing(draft, "file");
  files.reference("owner_id", users, OnDelete::set_null, false, "Who uploaded it; NULL once the account is gone");
  if (kind == "store") {
    files.text("storage_key", 1, 500, true, "Where its bytes are; never changes");
    files.unique({"storage_key"});
  }
  files.text("file_name", 1, 255, true, "As it was called; only shown");
  files.text("media_type", 3, 127, true, "As it was found to be, not as it was said");
  files.check("media_type", "shape", "media_type ~ '^[a-z0-9.+-]+/[a-z0-9.+-]+$'");
  files.column({"byte_size", "bigint", true, "", ""});
  files.check("byte_size", "range", "byte_size > 0");
  files.column({"sha256", "bytea", true, "", "Tells whether two are the same, and whether the bytes are whole"});
  files.check("sha256", "length", "octet_length(sha256) = 32");
  files.one_of("state", {"pending", "ready", "quarantined", "deleted"}, "pending", true, "Only what is ready is shown");
  if (kind == "bytea") {
    files.column({"bytes", "bytea STORAGE EXTERNAL", true, "", "Not compressed: images are"});
    if (draft.major() < 16) files.find("bytes")->type = "bytea";
    files.check("bytes", "size", "octet_length(bytes) = byte_size AND byte_size <= 1048576");
  }
  files.index({"created_at"}, "uploads that never came, and what is to be deleted", "state IN ('pending', 'deleted')");
  files.index({"sha256"}, "the same bytes, uploaded before");
  files.says("What is known of each file");
  const auto file = draft.target(files.name);
  for (const auto& entity : kinds) {
    const auto target = draft.target(entity);
    if (target.one == users.one) {
      Table& people = draft.table(entity);
      people.reference("avatar_id", file, OnDelete::set_null, false, "Their picture");
      continue;
    }
    const std::string on = target.one + "_id";
    Table& links = draft.table(target.one + "_file");
    links.reference(on, target, OnDelete::cascade, true, "", false);
    links.reference("file_id", file, OnDelete::restrict_, true, "");
    links.column({"position", "integer", true, "DEFAULT 0", "In which order they are shown"});
    links.text("alt_text", 0, 500, true, "For those who cannot see it");
    links.find("alt_text")->tail = "DEFAULT ''";
    links.key({on, "file_id"});
    links.says(fmt::format("The files of each {}", spoken(target.one)));
    draft.query(
        fmt::format("The files of one {}", spoken(target.one)),
        fmt::format(
            "SELECT f.* FROM {} l JOIN {} f ON f.id = l.file_id WHERE l.{} = $1 AND f.state = 'ready' ORDER BY l.position",
            links.sql_name(), files.sql_name(), ident(on)),
        links.name + "_pkey");
  }
  draft.query(
      "What is to be deleted in the store",
      "SELECT id FROM " + files.sql_name() + " WHERE state = 'deleted' ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED",
      "idx_" + files.name + "_created_at");
  draft.warn("orphan-objects", "A row that is deleted leaves its bytes in the store.",
             "mark it as deleted; a job removes the bytes, then the row");
  draft.elsewhere("Taking the upload, looking for viruses and signing addresses belong to the application.");
}

}  // namespace

extern const Pattern pattern_attachments;
const Pattern pattern_attachments = {"attachments", "Files: metadata here, bytes in an object store", &build};

}  // namespace pga::design
