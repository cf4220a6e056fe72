#include "cli/app/migrate_view.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/quote.h"
#include "base/text.h"

namespace pga::app {
namespace {

std::string titled(const std::string& version, const std::string& name) {
  return comment_safe(name.empty() ? version : version + " " + name);
}

}  // namespace

std::string duration(long long ms) {
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60000) return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
  return fmt::format("{} min {} s", ms / 60000, ms / 1000 % 60);
}

MigrateView::MigrateView(cli::Context& context) : context_(context) {
  if (!context.options.json) progress_ = std::make_unique<Progress>(context.err);
}

migrate::Listener MigrateView::listener() {
  return [this](const migrate::Event& event) { on(event); };
}

void MigrateView::show(const std::string& text) {
  if (progress_) progress_->show(comment_safe(text));
}

void MigrateView::on(const migrate::Event& event) {
  using What = migrate::Event::What;
  if (event.what == What::note) notes_.push_back(event.text);
  if (event.what == What::done) done_.push_back(event);
  if (context_.options.json) return;
  auto& err = context_.err;
  const std::string title = titled(event.version, event.name);
  switch (event.what) {
    case What::note:
      progress_->clear();
      err.paragraph(err.paint(Style::dim, "note: ") + event.text);
      break;
    case What::waiting:
      show("waiting for " + event.text);
      // In a pipe a wait must not look like a hang.
      if (!err.is_terminal() && event.text != last_waiting_) err.line("waiting for another runner: " + event.text);
      last_waiting_ = event.text;
      break;
    case What::begins:
      show(std::string(event.direction == migrate::Direction::up ? "up " : "down ") + title);
      step_ = title;
      break;
    case What::step:
      step_ = fmt::format("{}  section {} of {}, step {} of {}: {}", title, event.section, event.sections, event.step,
                          event.steps, event.text);
      show(step_);
      break;
    case What::progress:
      show(step_ + "  (" + event.text + ")");
      break;
    case What::retry:
      show(fmt::format("{}  (try {} of {}: in the way: {})", step_, event.step, event.steps, event.text));
      break;
    case What::done: {
      progress_->clear();
      const bool up = event.direction == migrate::Direction::up;
      const std::string mark = err.paint(up ? Style::green : Style::yellow, up ? "up  " : "down");
      err.line(fmt::format("  {}  {}  {}", mark, title, err.paint(Style::dim, duration(event.ms))));
      break;
    }
  }
}

void MigrateView::ran(const std::string& action, const std::vector<migrate::Ran>& ran) {
  if (!context_.options.json) {
    if (progress_) progress_->clear();
    if (ran.empty())
      context_.out.line(action == "down" ? "nothing to take back" : "nothing to do: the database is up to date");
    else
      context_.out.line(fmt::format("{} migration{} {}", ran.size(), ran.size() == 1 ? "" : "s",
                                    action == "up"     ? "applied"
                                    : action == "down" ? "taken back"
                                                       : "run"));
    return;
  }
  Json json;
  json.object().field("action", action).key("migrations").array();
  for (const auto& event : done_) {
    json.object().field("version", event.version).field("name", event.name);
    json.field("direction", migrate::to_text(event.direction)).field("resumed", event.resumed).field("ms", event.ms).end();
  }
  json.end().strings("notes", notes_).end();
  context_.out.print(json.take());
}

int show_done(cli::Context& context, const std::string& action, const std::vector<std::string>& lines,
              const std::vector<std::string>& notes) {
  if (context.options.json) {
    Json json;
    json.object().field("action", action).strings("done", lines).strings("notes", notes).end();
    context.out.print(json.take());
    return 0;
  }
  for (const auto& line : lines) context.out.line(line);
  return 0;
}

int show_dry_run(cli::Context& context, const std::vector<migrate::Planned>& planned) {
  auto& out = context.out;
  if (context.options.json) {
    Json json;
    json.object().key("would_run").array();
    for (const auto& one : planned) {
      json.object().field("version", one.version).field("name", one.name).field("direction", migrate::to_text(one.direction));
      json.field("resumed", one.resumed);
      std::vector<std::string> hazards;
      for (const auto hazard : one.hazards) hazards.emplace_back(plan::to_text(hazard));
      json.strings("hazards", hazards).key("sections").array();
      for (const auto& section : one.script) {
        json.object().field("transactional", section.transactional).key("steps").array();
        for (const auto& step : section.steps)
          json.object().field("object", step.object).field("why", step.why).field("sql", step.sql).end();
        json.end().end();
      }
      json.end().end();
    }
    json.end().end();
    out.print(json.take());
    return 0;
  }
  if (planned.empty()) out.line("-- nothing would run");
  for (const auto& one : planned) {
    out.line("-- " + std::string(migrate::to_text(one.direction)) + " " + titled(one.version, one.name) +
             (one.resumed ? " (goes on where it stopped)" : ""));
    for (size_t s = 0; s < one.script.size(); ++s) {
      const auto& section = one.script[s];
      out.line(out.paint(Style::dim,
                         fmt::format("-- section {}: {}{}", s + 1, section.transactional ? "transaction" : "no transaction",
                                     section.why.empty() ? "" : ", " + comment_safe(section.why))));
      for (const auto& step : section.steps) {
        if (!step.why.empty()) out.line(out.paint(Style::dim, "-- " + comment_safe(step.why)));
        out.line(step.sql + (step.sql.find("--") == std::string::npos ? ";" : "\n;"));
      }
    }
    out.line();
  }
  return 0;
}

}  // namespace pga::app
