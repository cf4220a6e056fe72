#include "cli/app/app.h"
#include "cli/command.h"
#include "cli/errors.h"

namespace pga::cli {
namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  const std::string schema = arguments.text("schema"), db = arguments.text("db");
  if (!schema.empty() && !db.empty())
    return fail("usage", "--schema and --db are two sources, and one schema is at hand", "give one of them");
  return app::design(context, {.request = arguments.text("REQUEST"),
                               .schema = schema.empty() ? db : schema,
                               .answers = arguments.list("answer"),
                               .output = arguments.text("output"),
                               .format = arguments.text("format"),
                               .name = arguments.text("name"),
                               .proof = !arguments.has("no-proof"),
                               .force = arguments.has("force"),
                               .why = arguments.text("why")});
}

}  // namespace

const Command& design_command() {
  static const Command command = {
      .name = "design",
      .summary = "Design what a sentence or a brief asks for, and prove the migration to it",
      .description =
          "Reads plain sentences or a brief and answers as an architect does: what was understood, what was assumed and why, "
          "the questions that matter with the price of each answer, warnings, the tables, the DDL with its reasons, and queries "
          "that it serves. The design is run on a private copy of the schema at hand, and the migration there and back is "
          "proven. Nothing is written to a database; -o writes the migration, the brief and the log of decisions. The same "
          "request, schema and answers give the same bytes.",
      .positionals = {{"REQUEST", "Sentences, or the path of a file with sentences or a brief."}},
      .options = {{"--schema", Takes::one, "SOURCE", "The schema as it is (pgarchitect help sources); without it, an empty one."},
                  {"--db", Takes::one, "URL", "The same from a live database; it is only read."},
                  {"--answer", Takes::many, "ID=OPTION", "The answer to a question; the recommended one is taken otherwise."},
                  {"--output", Takes::one, "DIR", "Write the migration, the brief and the decisions into this folder.", "", "-o"},
                  {"--format", Takes::one, "FORMAT", "The file format (pgarchitect formats); default: that of the folder."},
                  {"--name", Takes::one, "NAME", "The name of the migration, for its file."},
                  {"--why", Takes::one, "OBJECT", "Only say why this table, column, constraint or index is there."},
                  {"--no-proof", Takes::flag, "", "Do not run the migration on a private server; the files say so."},
                  {"--force", Takes::flag, "", "Write although the proof failed, and overwrite files that are there."}},
      .examples = {{"pgarchitect design 'add a comments table that links to users and events' --schema schema.sql",
                    "What a comments table should be here."},
                   {"pgarchitect design 'add email verification to users' --schema schema.sql -o migrations",
                    "The migration, written into a folder."},
                   {"pgarchitect design shop.brief --answer comments-replies=flat", "A whole application from a brief."}},
      .exits = {exit_source, exit_proof, exit_connection},
      .run = run};
  return command;
}

}  // namespace pga::cli
