// The tables of status, verify and repair.
#include <algorithm>

#include "base/json.h"
#include "base/quote.h"
#include "cli/app/migrate_view.h"
#include "cli/errors.h"

namespace pga::app {
namespace {
using migrate::Entry;
using migrate::Standing;

std::string file_state(const Entry& entry) {
  if (entry.file == nullptr) return entry.unknown ? "unknown here" : "missing";
  if (entry.edited) return "edited";
  if (entry.out_of_order) return "out of order";
  if (entry.applied != nullptr && entry.down_edited) return "down edited";
  return "ok";
}

Style style_of(const Entry& entry) {
  switch (entry.standing) {
    case Standing::applied:
    case Standing::baseline:
      return Style::green;
    case Standing::pending:
      return Style::cyan;
    default:
      return Style::red;
  }
}

std::string counted(size_t n, const char* word) {
  return std::to_string(n) + " " + word;
}

void add_error(Json& json, const Error& error) {
  json.object().field("code", error.code).field("message", error.message).field("hint", error.hint);
  json.field("file", error.place.file).end();
}

void print_problems(cli::Context& context, const std::vector<Error>& problems) {
  for (const auto& error : problems) (void)cli::report(context, error);
}

Error drift_error(const migrate::State& state) {
  Error error{.code = "drift", .message = "the schema is not what the last migration left: something else changed it"};
  for (const auto& line : state.drift) error.detail += (error.detail.empty() ? "" : "\n") + line;
  error.hint = "undo the change, write it as a migration, or accept it: pgarchitect migrate repair accept-drift";
  return error;
}

Error unfinished_error(const Entry& entry) {
  const bool up = entry.standing == Standing::applying;
  return {
      .code = "unfinished-migration",
      .message = "migration " + entry.version() + " is " + std::string(to_text(entry.standing)),
      .hint = std::string("go on with: pgarchitect migrate ") + (up ? "up" : "down") + "; other ways: pgarchitect migrate repair",
      .place = {},
      .detail = {},
      .sqlstate = {}};
}

// with_proof: of verify; the proof is null where nothing was proven.
void status_json(cli::Context& context, const migrate::State& state, const std::vector<Error>& errors, bool with_proof,
                 const std::optional<proof::HistoryReport>& proof, const std::vector<std::string>& notes) {
  Json json;
  json.object().key("migrations").array();
  for (const auto& entry : state.survey.entries) {
    json.object().field("version", entry.version()).field("name", entry.name()).field("state", to_text(entry.standing));
    json.field("file", file_state(entry));
    if (entry.applied != nullptr) {
      json.field("when", entry.applied->finished).field("ms", entry.applied->took_ms).field("who", entry.applied->who);
    }
    json.end();
  }
  json.end().key("problems").array();
  for (const auto& error : errors) add_error(json, error);
  json.end().strings("drift", state.drift).strings("notes", notes);
  if (with_proof) {
    json.key("proof");
    if (proof) {
      proof::history_json(*proof, json);
    } else {
      json.null();
    }
  }
  json.end();
  context.out.print(json.take());
}

}  // namespace

int show_status(cli::Context& context, const migrate::State& state) {
  auto errors = state.problems;
  if (const auto* open = state.survey.unfinished()) errors.push_back(unfinished_error(*open));
  const auto count = [&](Standing standing) {
    return static_cast<size_t>(std::ranges::count(state.survey.entries, standing, &Entry::standing));
  };
  const size_t pending = count(Standing::pending), applied = count(Standing::applied) + count(Standing::baseline);
  const int code = errors.empty() ? (pending == 0 ? cli::exit_ok : cli::exit_difference) : cli::exit_conflict;
  if (context.options.json) {
    status_json(context, state, errors, false, {}, {});
    return code;
  }
  auto& out = context.out;
  Table table{{"version", "name", "state", "when (UTC)", "took", "by", "file"}, {}, {4}};
  for (const auto& entry : state.survey.entries) {
    const auto* ran = entry.applied;
    const bool finished = ran != nullptr && !ran->unfinished();
    table.rows.push_back({comment_safe(entry.version()), comment_safe(entry.name()),
                          out.paint(style_of(entry), to_text(entry.standing)),
                          finished         ? ran->finished
                          : ran != nullptr ? ran->started
                                           : "",
                          finished && entry.standing == Standing::applied ? duration(ran->took_ms) : "",
                          ran != nullptr ? comment_safe(ran->who) : "", file_state(entry)});
  }
  if (!table.rows.empty()) out.table(table);
  out.line(counted(applied, "applied, ") + counted(pending, "pending"));
  out.flush();
  print_problems(context, errors);
  return code;
}

int show_verify(cli::Context& context, const migrate::State& state, const std::optional<proof::HistoryReport>& proof,
                const std::vector<std::string>& notes) {
  auto errors = state.problems;
  if (const auto* open = state.survey.unfinished()) errors.push_back(unfinished_error(*open));
  if (!state.drift.empty()) errors.push_back(drift_error(state));
  const int code = !errors.empty() ? cli::exit_conflict : proof && proof->failed() ? cli::exit_proof : cli::exit_ok;
  if (context.options.json) {
    status_json(context, state, errors, true, proof, notes);
    return code;
  }
  context.notes(notes);
  if (errors.empty()) {
    const auto pending = std::ranges::count(state.survey.entries, Standing::pending, &Entry::standing);
    context.out.line(
        "the files are what ran here" +
        std::string(state.drift_known ? ", and the schema is what they left" : "; no fingerprint of the schema to compare") +
        "; " + counted(static_cast<size_t>(pending), "pending"));
  }
  if (proof) proof::history_text(*proof, context.out);
  print_problems(context, errors);
  return code;
}

int show_remedies(cli::Context& context, const migrate::State& state) {
  const auto fitting = migrate::fitting_remedies(state);
  const int code = fitting.empty() ? cli::exit_ok : cli::exit_difference;
  if (context.options.json) {
    Json json;
    json.object().key("remedies").array();
    for (const auto& [remedy, why] : fitting) json.object().field("remedy", remedy).field("why", why).end();
    json.end().end();
    context.out.print(json.take());
    return code;
  }
  if (fitting.empty()) {
    context.out.line("nothing to repair");
    return code;
  }
  Table table{{"pgarchitect migrate repair …", "when"}, {}};
  for (const auto& [remedy, why] : fitting) table.rows.push_back({remedy, why});
  context.out.table(table);
  context.out.line("choose one; nothing was changed");
  return code;
}

}  // namespace pga::app
