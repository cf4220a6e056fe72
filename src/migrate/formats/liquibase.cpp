// Liquibase formatted SQL: one file <version>_<name>.sql with a changeset for each transaction, and for each statement that may
// not be in one (runInTransaction:false holds for the rollback as well). splitStatements:false sends a changeset as it stands.
// In names and literals, ${ and question marks are written as escapes of PostgreSQL's. ${name} may be a property of Java's, and
// ${:name} is the text ${name} only for those who say so in their settings. Liquibase doubles a question mark that an even number
// of single quotes follows, wherever it stands, and the JDBC driver makes it single again only outside of names and literals.
// Read: one migration a changeset. Where all ids are ascending numbers they are the versions, else the positions are.
#include <algorithm>

#include "base/text.h"
#include "migrate/formats/liquibase_text.h"
#include "migrate/formats/support.h"
#include "sql/lexer.h"

namespace pga::migrate {
const Format& format_liquibase();
namespace {

// The characters of a literal or a name, with question marks and "${" (and what begins an escape) escaped. prefix: what stands
// before two hexadecimal digits in an escape of that kind.
std::string escaped(std::string_view body, const std::string& prefix, bool has_escapes, bool double_quotes) {
  std::string out;
  for (size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    const bool pair = c == '\\' && has_escapes && i + 1 < body.size();
    if (pair) ++i;
    const bool property = body[i] == '$' && i + 1 < body.size() && body[i + 1] == '{';
    if (body[i] == '?' || property) {
      out += prefix + (property ? "24" : "3F");
    } else if (pair) {
      out += std::string{c, body[i]};
    } else {
      out += c;
      if (c == '\\' || (c == '\'' && double_quotes)) out += c;
    }
  }
  return out;
}

// A token that holds one of them, saying the same without; itself where that is not known (N'…', U&'…').
std::string without_marks(sql::TokenType type, std::string_view token) {
  if (type == sql::TokenType::dollar) {
    const size_t tag = token.find('$', 1) + 1;
    return "E'" + escaped(token.substr(tag, token.size() - 2 * tag), "\\x", false, true) + "'";
  }
  if (type == sql::TokenType::quoted_word) {
    const bool unicode = token[0] != '"';
    return "U&" + escaped(token.substr(unicode ? 2 : 0), "\\00", unicode, false);
  }
  if (token[0] == '\'') return "E" + escaped(token, "\\x", false, false);
  if (token[0] == 'E' || token[0] == 'e') return escaped(token, "\\x", true, false);
  return std::string(token);
}

std::string for_jdbc(std::string_view text) {
  std::string out;
  size_t last = 0;
  sql::Lexer lexer(text);
  for (auto token = lexer.next(); token.type != sql::TokenType::end; token = lexer.next()) {
    const auto words = token.text(text);
    const bool literal =
        token.type == sql::TokenType::dollar || token.type == sql::TokenType::string || token.type == sql::TokenType::quoted_word;
    if (!literal || (words.find('?') == std::string_view::npos && words.find("${") == std::string_view::npos)) continue;
    out += std::string(text.substr(last, token.begin - last)) + without_marks(token.type, words);
    last = token.end;
  }
  return out + std::string(text.substr(last));
}

std::string changeset(const Migration& one, const WriteOptions& options) {
  const bool plain = !transactional(one.up) || !transactional(one.down);
  std::string out = "\n--changeset pgarchitect:" + one.version + (plain ? " runInTransaction:false" : "") +
                    " splitStatements:false stripComments:false rollbackSplitStatements:false\n";
  out += for_jdbc(up_sql(one, options, false));
  if (!one.has_down) return out;
  if (one.down.empty()) return out + "--rollback not required\n";
  const std::string down = for_jdbc(down_sql(one, options, false));
  for (const auto& line : lines_of(down)) out += "--rollback " + std::string(line.text) + "\n";
  return out;
}

Result<std::vector<std::string>> changelogs(const std::string& folder) {
  PGA_TRY(const auto files, entries(folder));
  std::vector<std::string> out;
  for (const auto& file : files) {
    if (file.extension() != ".sql") continue;
    PGA_TRY(const std::string text, read_text(file.string()));
    if (is_changelog(text)) out.push_back(file.string());
  }
  return out;
}

Status add_changesets(const std::string& path, std::vector<Migration>& out) {
  PGA_TRY(const std::string text, read_text(path));
  const auto name = parse_name(std::filesystem::path(path).filename().string(), ".sql");
  const auto sets = changesets_of(text);
  for (size_t i = 0; i < sets.size(); ++i) {
    const auto& set = sets[i];
    Migration one{.version = set.id, .name = file_name_of(set.id), .has_down = set.has_rollback, .path = path};
    if (name && set.author == "pgarchitect") one.name = name->name + (sets.size() > 1 ? "_" + std::to_string(i + 1) : "");
    one.checksum = sha256_hex(set.source);
    const auto runs = set.plain ? RunsAs::plain : RunsAs::transaction;
    PGA_CHECK(read_up(one, set.body, path, runs));
    if (set.has_rollback && !set.rollback.empty()) PGA_CHECK(read_down(one, set.rollback, path, runs));
    out.push_back(std::move(one));
  }
  return {};
}

class Liquibase final : public Format {
 public:
  std::string_view slug() const override { return "liquibase"; }
  std::string_view describe() const override { return "<version>_<name>.sql, Liquibase formatted SQL with rollbacks"; }

  bool detect(const std::string& folder) const override {
    const auto files = changelogs(folder);
    return files && !files->empty();
  }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    PGA_TRY(auto files, changelogs(folder));
    std::stable_sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
      const auto number = [](const std::string& path) { return leading_digits(path.substr(path.rfind('/') + 1)); };
      return version_before(number(a), number(b));
    });
    std::vector<Migration> out;
    for (const auto& file : files) PGA_CHECK(add_changesets(file, out));
    const auto ascending = [](const auto& a, const auto& b) {
      return !all_digits(b.version) || !version_before(a.version, b.version);
    };
    const bool numbers =
        (out.empty() || all_digits(out[0].version)) && std::adjacent_find(out.begin(), out.end(), ascending) == out.end();
    for (size_t i = 0; i < out.size() && !numbers; ++i) out[i].version = std::to_string(i + 1);
    return out;
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    PGA_CHECK(no_line_of(migration, slug(), is_liquibase_mark));
    std::string text = "--liquibase formatted sql\n" + proof_lines(migration, "--");
    for (const auto& one : divide(migration, {.lone_steps = true, .same_mode = true})) text += changeset(one, options);
    const auto path = (std::filesystem::path(folder) / (migration.version + "_" + migration.name + ".sql")).string();
    return write_files({{path, text}}, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    PGA_TRY(const auto files, changelogs(folder));
    std::vector<std::string> out;
    for (const auto& file : files) {
      PGA_TRY(const std::string text, read_text(file));
      if (const auto name = parse_name(std::filesystem::path(file).filename().string(), ".sql")) out.push_back(name->version);
      for (const auto& set : changesets_of(text))
        if (all_digits(set.id)) out.push_back(set.id);
    }
    return out;
  }
};
}  // namespace

const Format& format_liquibase() {
  static const Liquibase format;
  return format;
}
}  // namespace pga::migrate
