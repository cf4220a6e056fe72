// knex: <version>_<name>.js with async functions up and down; exports.config says for both whether there is a transaction.
// knex.raw reads ? as a parameter and \? as a question mark, and has no form for a ? behind a backslash of the SQL's own: such a
// statement goes to the driver itself, on the connection (and so in the transaction) that knex uses.
#include <algorithm>

#include "base/text.h"
#include "migrate/formats/code_text.h"

namespace pga::migrate {
const Format& format_knex();
namespace {

constexpr std::string_view kHead =
    "// Written by pgarchitect for knex. It reads this file back as long as only the SQL in it is changed.\n"
    "// In knex.raw a question mark is written \\\\?, since a bare one is a parameter.\n";
constexpr std::string_view kDriver = R"(
// For SQL that knex.raw cannot pass on as it is: the driver itself, on the same connection.
const driver = async (knex, sql) => {
  const connection = await knex.client.acquireConnection();
  try {
    await connection.query(sql);
  } finally {
    await knex.client.releaseConnection(connection);
  }
};
)";

std::string call(const std::string& sql) {
  if (sql.find("\\?") != std::string::npos) return "  await driver(knex, " + code_string(Language::javascript, sql) + ");\n";
  return "  await knex.raw(" + code_string(Language::javascript, replace_all(sql, "?", "\\?")) + ");\n";
}

std::string side(std::string_view name, const std::vector<std::string>& statements) {
  std::string out = "\nexports." + std::string(name) + " = async function (knex) {\n";
  for (const auto& statement : statements) out += call(statement);
  return out + "};\n";
}

std::string script_text(const Migration& one, const WriteOptions& options) {
  const bool plain = !transactional(one.up) || !transactional(one.down);
  const std::string up = side("up", up_statements(one, options, false));
  const std::string down = side("down", down_statements(one, options, false));
  std::string out = std::string(kHead) + proof_lines(one, "//") +
                    "'use strict';\n\nexports.config = { transaction: " + (plain ? "false" : "true") + " };\n";
  if ((up + down).find("await driver(") != std::string::npos) out += kDriver;
  return out + up + down;
}

Result<Migration> read_one(const FileText& file, const FileName& name) {
  Migration out{.version = name.version, .name = name.name, .path = file.path, .checksum = sha256_hex(file.text)};
  PGA_TRY(const auto lines, code_lines(Language::javascript, file.text, file.path));
  CodeSide up;
  CodeSide down;
  CodeSide* side = nullptr;
  bool plain = false;
  for (const auto& line : lines) {
    if (line.text == "exports.up = async function (knex) {") {
      side = &up;
    } else if (line.text == "exports.down = async function (knex) {") {
      side = &down;
      out.has_down = true;
    } else if (line.text == "exports.config = { transaction: false };") {
      plain = true;
    } else if (side != nullptr && line.text == "await knex.raw(\x01);") {
      side->add(line.number, replace_all(line.value, "\\?", "?"));
    } else if (side != nullptr && line.text == "await driver(knex,\x01);") {
      side->add(line.number, line.value);
    } else if (side != nullptr && line.text == "};") {
      side = nullptr;
    } else if (side != nullptr || (line.text != "'use strict';" && line.text != "exports.config = { transaction: true };" &&
                                   kDriver.find("\n" + line.text + "\n") == std::string_view::npos &&
                                   kDriver.find(" " + line.text + "\n") == std::string_view::npos)) {
      return not_our_script(file.path, line.number);
    }
  }
  up.plain = down.plain = plain;
  PGA_CHECK(read_up(out, up.sql, file.path, up.runs()));
  if (out.has_down) PGA_CHECK(read_down(out, down.sql, file.path, down.runs()));
  return out;
}

class Knex final : public Format {
 public:
  std::string_view slug() const override { return "knex"; }
  std::string_view describe() const override { return "<version>_<name>.js, async functions up and down with knex.raw"; }

  bool detect(const std::string& folder) const override {
    const auto files = code_files(folder, ".js");
    return files && std::any_of(files->begin(), files->end(), [](const auto& file) {
             return file.text.find("exports.up") != std::string::npos && file.text.find("knex") != std::string::npos;
           });
  }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    PGA_TRY(const auto files, code_files(folder, ".js"));
    std::vector<Migration> out;
    for (const auto& file : files) {
      const auto name = parse_name(std::filesystem::path(file.path).filename().string(), ".js");
      if (!name) continue;
      PGA_TRY(auto one, read_one(file, *name));
      out.push_back(std::move(one));
    }
    return ordered(std::move(out));
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    std::vector<FileText> files;
    for (const auto& one : divide(migration, {.same_mode = true}))
      files.push_back(
          {(std::filesystem::path(folder) / (one.version + "_" + one.name + ".js")).string(), script_text(one, options)});
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override { return versions_of_names(folder, ".js"); }
};
}  // namespace

const Format& format_knex() {
  static const Knex format;
  return format;
}
}  // namespace pga::migrate
