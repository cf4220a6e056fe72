// Alembic: revisions <revision>_<name>.py with functions upgrade and downgrade, chained by down_revision. A statement goes to the
// driver by exec_driver_sql without parameters: op.execute would read :name as one, and the driver % in it. What may not be in a
// transaction stands in an autocommit_block. With transaction_per_migration=True in env.py each revision is a transaction.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "migrate/formats/code_text.h"

namespace pga::migrate {
const Format& format_alembic();
namespace {
namespace fs = std::filesystem;

constexpr std::string_view kHead =
    "# Written by pgarchitect. It reads this file back as long as only the SQL in it is changed.\n"
    "# With transaction_per_migration=True in env.py each revision is a transaction of its own, as it is meant.\n";
constexpr std::string_view kRun = R"(
def run(sql):
    if context.is_offline_mode():
        op.get_context().impl.static_output(sql + "\n;\n")
    else:
        op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
)";
constexpr std::string_view kAutocommit = "with op.get_context().autocommit_block():";

std::string side(std::string_view name, const plan::Script& script, const std::vector<std::string>& statements) {
  std::string out = "\n\ndef " + std::string(name) + "():\n";
  const bool plain = !transactional(script);
  if (plain) out += "    " + std::string(kAutocommit) + "\n";
  for (const auto& statement : statements)
    out += (plain ? "        run(" : "    run(") + code_string(Language::python, statement) + ")\n";
  return out;
}

std::string script_text(const Migration& one, const std::string& before, const WriteOptions& options) {
  return "\"\"\"" + one.name + "\"\"\"\n" + std::string(kHead) + proof_lines(one, "#") +
         "from alembic import context, op\n\nrevision = \"" + one.version +
         "\"\ndown_revision = " + (before.empty() ? "None" : "\"" + before + "\"") +
         "\nbranch_labels = None\ndepends_on = None\n\n" + std::string(kRun) +
         side("upgrade", one.up, up_statements(one, options, false)) +
         side("downgrade", one.down, down_statements(one, options, false));
}

// The value of a line `revision = "x"` or `revision: str = 'x'`; "" when it is None or has another form.
std::string assigned(std::string_view text, std::string_view name) {
  for (const auto& line : lines_of(text)) {
    if (!line.text.starts_with(name)) continue;
    const auto rest = line.text.substr(name.size());
    if (rest.empty() || (rest[0] != ' ' && rest[0] != ':' && rest[0] != '=')) continue;
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) continue;
    const auto open = rest.find_first_of("\"'", equals);
    if (open == std::string_view::npos) return {};
    return std::string(rest.substr(open + 1, rest.find(rest[open], open + 1) - open - 1));
  }
  return {};
}

struct Revision {
  std::string id, before;
  const FileText* file = nullptr;
};

std::vector<Revision> revisions_of(const std::vector<FileText>& files) {
  std::vector<Revision> out;
  for (const auto& file : files)
    if (auto id = assigned(file.text, "revision"); !id.empty()) out.push_back({id, assigned(file.text, "down_revision"), &file});
  return out;
}

// The revisions from the first to the head. One after the other: branches and merges cannot be written or read.
Result<std::vector<Revision>> chain_of(const std::vector<Revision>& revisions, const std::string& folder) {
  std::vector<Revision> out;
  std::string last;
  while (out.size() < revisions.size()) {
    const auto next = std::find_if(revisions.begin(), revisions.end(), [&](const auto& one) { return one.before == last; });
    const auto other = std::count_if(revisions.begin(), revisions.end(), [&](const auto& one) { return one.before == last; });
    if (next == revisions.end() || other > 1)
      return fail("broken-chain",
                  (other > 1 ? "several revisions follow " : "no revision follows ") +
                      (last.empty() ? std::string("the beginning") : last),
                  "make one chain of them: alembic heads, alembic merge", {folder});
    out.push_back(*next);
    last = next->id;
  }
  return out;
}

Result<Migration> read_one(const Revision& revision) {
  const auto& file = *revision.file;
  Migration out{.version = revision.id, .has_down = true, .path = file.path, .checksum = sha256_hex(file.text)};
  const auto name = parse_name(fs::path(file.path).filename().string(), ".py");
  out.name = name ? name->name : revision.id;
  PGA_TRY(const auto lines, code_lines(Language::python, file.text, file.path));
  CodeSide up;
  CodeSide down;
  CodeSide* side = nullptr;
  for (const auto& line : lines) {
    const auto is = [&](std::string_view name_of) { return line.text.starts_with(name_of); };
    if (line.text == "def upgrade():") {
      side = &up;
    } else if (line.text == "def downgrade():") {
      side = &down;
    } else if (side != nullptr && line.text == kAutocommit) {
      side->plain = true;
    } else if (side != nullptr && line.text == "run(\x01)") {
      side->add(line.number, line.value);
    } else if (side != nullptr ||
               (line.text != "\x01" && !is("revision = \"") && !is("down_revision = ") && !is("branch_labels = ") &&
                !is("depends_on = None") && line.text != "from alembic import context, op" &&
                kRun.find(line.text + "\n") == std::string_view::npos)) {
      return not_our_script(file.path, line.number);
    }
  }
  PGA_CHECK(read_up(out, up.sql, file.path, up.runs()));
  PGA_CHECK(read_down(out, down.sql, file.path, down.runs()));
  return out;
}

class Alembic final : public Format {
 public:
  std::string_view slug() const override { return "alembic"; }
  std::string_view describe() const override { return "<version>_<name>.py, functions upgrade and downgrade, in a chain"; }

  bool detect(const std::string& folder) const override {
    const auto files = code_files(folder, ".py");
    return files && std::any_of(files->begin(), files->end(), [](const auto& file) {
             return file.text.find("down_revision") != std::string::npos && file.text.find("def upgrade") != std::string::npos;
           });
  }

  Result<std::vector<Migration>> read(const std::string& folder) const override {
    PGA_TRY(const auto files, code_files(folder, ".py"));
    PGA_TRY(const auto chain, chain_of(revisions_of(files), folder));
    std::vector<Migration> out;
    for (const auto& revision : chain) {
      PGA_TRY(auto one, read_one(revision));
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<std::vector<std::string>> write(const Migration& migration, const std::string& folder,
                                         const WriteOptions& options) const override {
    PGA_CHECK(check_name(migration));
    const auto parts = divide(migration, {});
    PGA_TRY(const auto present, code_files(folder, ".py"));
    auto revisions = revisions_of(present);
    // Written again: what stands there is not what this follows.
    std::erase_if(revisions, [&](const Revision& revision) {
      return options.overwrite &&
             std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.version == revision.id; });
    });
    PGA_TRY(const auto chain, chain_of(revisions, folder));
    std::string before = chain.empty() ? "" : chain.back().id;
    std::vector<FileText> files;
    for (const auto& one : parts) {
      files.push_back({(fs::path(folder) / (one.version + "_" + one.name + ".py")).string(), script_text(one, before, options)});
      before = one.version;
    }
    return write_files(files, options);
  }

 protected:
  Result<std::vector<std::string>> versions(const std::string& folder) const override {
    PGA_TRY(const auto files, code_files(folder, ".py"));
    std::vector<std::string> out;
    for (const auto& revision : revisions_of(files))
      if (all_digits(revision.id)) out.push_back(revision.id);
    return out;
  }
};
}  // namespace

const Format& format_alembic() {
  static const Alembic format;
  return format;
}
}  // namespace pga::migrate
