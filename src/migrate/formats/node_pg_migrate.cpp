// node-pg-migrate: <milliseconds>_<name>.js with functions up and down; pgm.noTransaction() in the one that needs none. A step is
// a call of pgm.sql; without a second argument it passes its text on as it is. All pending migrations share one transaction by
// default, broken by those with noTransaction: --no-single-transaction gives each its own.
#include <algorithm>

#include "base/text.h"
#include "migrate/formats/code_text.h"

namespace pga::migrate {
const Format& format_node_pg_migrate();
namespace {

constexpr std::string_view kHead =
    "// Written by pgarchitect for node-pg-migrate. It reads this file back as long as only the SQL in it is changed.\n"
    "// Run with --no-single-transaction: each migration is meant to be a transaction of its own.\n";

std::string side(std::string_view name, const plan::Script& script, const std::vector<std::string>& statements) {
  std::string out = "\nexports." + std::string(name) + " = (pgm) => {\n";
  if (!transactional(script)) out += "  pgm.noTransaction();\n";
  for (const auto& statement : statements) out += "  pgm.sql(" + code_string(Language::javascript, statement) + ");\n";
  return out + "};\n";
}

std::string script_text(const Migration& one, const WriteOptions& options) {
  return std::string(kHead) + proof_lines(one, "//") + "'use strict';\n\nexports.shorthands = undefined;\n" +
         side("up", one.up, up_statements(one, options, false)) +
         (one.has_down ? side("down", one.down, down_statements(one, options, false)) : "\nexports.down = false;\n");
}

Result<Migration> read_one(const FileText& file, const FileName& name) {
  Migration out{.version = name.version, .name = name.name, .path = file.path, .checksum = sha256_hex(file.text)};
  PGA_TRY(const auto lines, code_lines(Language::javascript, file.text, file.path));
  CodeSide up;
  CodeSide down;
  CodeSide* side = nullptr;
  for (const auto& line : lines) {
    if (line.text == "exports.up = (pgm) => {") {
      side = &up;
    } else if (line.text == "exports.down = (pgm) => {") {
      side = &down;
      out.has_down = true;
    } else if (side != nullptr && line.text == "pgm.noTransaction();") {
      side->plain = true;
    } else if (side != nullptr && line.text == "pgm.sql(\x01);") {
      side->add(line.number, line.value);
    } else if (side != nullptr && line.text == "};") {
      side = nullptr;
    } else if (side != nullptr || (line.text != "'use strict';" && line.text != "exports.shorthands = undefined;" &&
                                   line.text != "exports.down = false;")) {
      return not_our_script(file.path, line.number);
    }
  }
  PGA_CHECK(read_up(out, up.sql, file.path, up.runs()));
  if (out.has_down) PGA_CHECK(read_down(out, down.sql, file.path, down.runs()));
  return out;
}

class NodePgMigrate final : public Format {
 public:
  std::string_view slug() const override { return "node-pg-migrate"; }
  std::string_view describe() const override { return "<version>_<name>.js, functions up and down with pgm.sql"; }

  bool detect(const std::string& folder) const override {
    const auto files = code_files(folder, ".js");
    return files && std::any_of(files->begin(), files->end(), [](const auto& file) {
             return file.text.find("exports.up") != std::string::npos && file.text.find("pgm") != std::string::npos;
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
    for (const auto& one : divide(migration, {}))
      files.push_back(
          {(std::filesystem::path(folder) / (one.version + "_" + one.name + ".js")).string(), script_text(one, options)});
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override { return versions_of_names(folder, ".js"); }
  Stamp stamp() const override { return Stamp::milliseconds; }
};
}  // namespace

const Format& format_node_pg_migrate() {
  static const NodePgMigrate format;
  return format;
}
}  // namespace pga::migrate
