// Reads Liquibase's formatted SQL into its changesets. Internal to formats/.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pga::migrate {

struct Changeset {
  std::string author, id;
  bool plain = false;         // runInTransaction:false
  bool has_rollback = false;  // "--rollback empty" too
  std::string body;           // the whole text with everything else blanked: places stay right; a delimiter is made a ';'
  std::string rollback;       // lines stand where the first --rollback line stands; "" for empty ones
  std::string source;         // as it stands in the file, for the checksum
};

bool is_changelog(std::string_view text);
// Liquibase would read this line as its own (changeset, rollback, comment, precondition, property …), also misspelt with one
// dash.
bool is_liquibase_mark(std::string_view line);
// Those for other databases (dbms:) are left out.
std::vector<Changeset> changesets_of(const std::string& text);

}  // namespace pga::migrate
