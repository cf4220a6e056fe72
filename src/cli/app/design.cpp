#include "design/design.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "cli/app/app.h"
#include "cli/app/design_output.h"
#include "cli/app/prepare.h"
#include "cli/errors.h"
#include "migrate/format.h"
#include "postgres/catalog.h"
#include "request/brief.h"

namespace pga::app {
namespace {

Result<std::string> request_of(const DesignOptions& options) {
  std::error_code ignored;
  const bool file = options.request.size() < 4096 && options.request.find('\n') == std::string::npos &&
                    std::filesystem::is_regular_file(options.request, ignored);
  if (file) return migrate::read_text(options.request);
  if (options.request.ends_with(".brief"))
    return fail("no-file", "there is no file " + options.request, "give the path of a brief, or a sentence in quotes");
  return options.request;
}

Result<std::map<std::string, std::string>> parse_answers(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> out;
  for (const auto& text : texts) {
    const auto at = text.find('=');
    if (at == std::string::npos || at == 0)
      return fail("usage", "'" + text + "' is no answer", "say it as ID=OPTION, for example comments-replies=flat");
    out[text.substr(0, at)] = text.substr(at + 1);
  }
  return out;
}

// The schema as it is, in a database of the private server.
Status load_current(Session& session, postgres::Server& server, bool given, source::Loaded& out) {
  if (given) {
    PGA_TRY(out, session.load(0, {}));
    return {};
  }
  PGA_TRY(out.database, server.create_database());
  PGA_TRY(auto connection, postgres::Connection::open(server.url(out.database)));
  PGA_TRY(out.model, postgres::read_catalog(connection));
  return {};
}

// The design run on a copy of what is there.
Status build_target(postgres::Server& server, const source::Loaded& from, const design::Designed& designed, source::Loaded& out) {
  PGA_TRY(out.database, server.create_database(from.database));
  PGA_TRY(auto connection, postgres::Connection::open(server.url(out.database)));
  PGA_TRY(const auto notes, source::run_script(connection, designed.sql, "the design"));
  (void)notes;
  PGA_TRY(out.model, postgres::read_catalog(connection));
  return {};
}

// The five that matter most, on a terminal; what was answered by an option is not asked.
Status ask_questions(cli::Context& context, const design::Designed& designed, std::map<std::string, std::string>& answers) {
  size_t asked = 0;
  for (const auto& decision : designed.decisions) {
    if (answers.contains(decision.id) || decision.by == "the brief" || ++asked > 5) continue;
    context.err.line();
    context.err.paragraph(context.err.paint(Style::bold, decision.question));
    for (size_t i = 0; i < decision.options.size(); ++i) {
      const auto& option = decision.options[i];
      context.err.paragraph(std::to_string(i + 1) + ". " + option.text + (i == decision.recommended ? " (recommended). " : ". ") +
                                option.consequence,
                            2);
    }
    const std::string answer = ask(context, "[" + std::to_string(decision.recommended + 1) + "] ");
    for (size_t i = 0; i < decision.options.size(); ++i) {
      if (answer == std::to_string(i + 1) || answer == decision.options[i].id) answers[decision.id] = decision.options[i].id;
    }
  }
  return {};
}

Status write_text(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".tmp";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << text;
    file.flush();
    if (!file) return fail("cannot-write", "the file " + path + " cannot be written", "choose another folder with -o");
  }
  std::error_code failed;
  std::filesystem::rename(temporary, path, failed);
  if (failed) return fail("cannot-write", "the file " + path + " cannot be written: " + failed.message());
  return {};
}

Status write_design(const DesignOptions& options, DesignResult& result) {
  PlanOptions write;
  write.output = options.output;
  write.format = options.format;
  write.name = options.name.empty() ? "design" : options.name;
  write.force = options.force;
  if (!result.migration.made.plan.empty()) {
    PGA_TRY(result.files, write_files(write, result.migration));
  } else {
    std::error_code failed;
    std::filesystem::create_directories(options.output, failed);
  }
  const std::string log = options.output + "/decisions.md", brief = options.output + "/design.brief";
  PGA_CHECK(write_text(log, decision_log(result)));
  PGA_CHECK(write_text(brief, request::verbalise(result.understood.statements)));
  result.files.push_back(log);
  result.files.push_back(brief);
  return {};
}

}  // namespace

Result<int> design(cli::Context& context, const DesignOptions& options) {
  DesignResult result;
  PGA_TRY(result.request, request_of(options));
  PGA_TRY(auto answers, parse_answers(options.answers));
  Session session(context);
  const bool given = !options.schema.empty();
  if (given) PGA_CHECK(session.add(options.schema));
  PGA_TRY(auto* server, session.server());
  Prepared prepared;
  PGA_CHECK(load_current(session, *server, given, prepared.from));
  result.understood = request::understand(result.request, design::vocabulary_of(prepared.from.model));
  const auto make = [&] {
    return design::design(result.understood, prepared.from.model, {.answers = answers, .major = server->major()});
  };
  PGA_TRY(result.designed, make());
  if (context.may_ask() && options.why.empty()) {
    PGA_CHECK(ask_questions(context, result.designed, answers));
    PGA_TRY(result.designed, make());
  }
  if (!options.why.empty()) {
    if (why_text(context.out, result, options.why)) return static_cast<int>(cli::exit_ok);
    return fail("unknown-object", "nothing in this design is called " + options.why,
                "pgarchitect design without --why shows its objects");
  }
  PGA_CHECK(build_target(*server, prepared.from, result.designed, prepared.to));
  PrepareOptions wanted;
  wanted.proof = options.proof;
  wanted.renames = result.designed.renames;
  wanted.plan.name = options.name.empty() ? "design" : options.name;
  for (const auto& change : result.designed.data) {
    plan::Step step;
    step.sql = change.sql;
    step.why = change.why;
    step.object = "data";
    step.hazards = {plan::Hazard::data_change};
    wanted.data.push_back(std::move(step));
  }
  PGA_CHECK(plan_and_prove(context, *server, wanted, {}, prepared));
  result.migration = std::move(prepared.result);
  const bool wrong = result.migration.report && !result.migration.report->proven();
  if (!options.output.empty() && (!wrong || options.force)) PGA_CHECK(write_design(options, result));
  if (context.options.json) {
    design_json(context.out, result);
  } else {
    design_text(context.out, result);
    for (const auto& file : result.files) context.out.line(context.out.paint(Style::green, "wrote ") + file);
    context.notes(result.migration.notes);
  }
  return wrong ? static_cast<int>(cli::exit_proof) : static_cast<int>(cli::exit_ok);
}

}  // namespace pga::app
