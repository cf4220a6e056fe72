#include "proof/report.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/quote.h"
#include "base/text.h"
#include "proof/judgement.h"

namespace pga::proof {
namespace {

std::string place_text(const StepReport& step) {
  return std::string(step.down ? "down " : "up ") + std::to_string(step.place.section + 1) + "." +
         std::to_string(step.place.step + 1);
}

std::string blocks_text(const StatementFacts& facts) {
  if (facts.blocks_reads) return "reads, writes";
  return facts.blocks_writes ? "writes" : "nobody";
}

// "public.a, public.b and 3 more"
std::string list_text(const std::vector<std::string>& names, size_t most) {
  std::vector<std::string> shown(names.begin(), names.begin() + static_cast<long>(std::min(most, names.size())));
  std::string out = join(shown, ", ");
  if (names.size() > most) out += " and " + std::to_string(names.size() - most) + " more";
  return out;
}

// Names of helpers are long; the whole of it is in the JSON.
std::string shortened(const std::string& text) {
  constexpr size_t kMost = 44;
  return text.size() <= kMost ? text : text.substr(0, kMost - 3) + "...";
}

template <class Wanted>
std::vector<std::string> relations_that(const StatementFacts& facts, Wanted wanted) {
  std::vector<std::string> out;
  for (const auto& relation : facts.relations) {
    if (wanted(relation)) out.push_back(relation.name);
  }
  return out;
}

bool is_rewritten(const RelationFacts& relation) {
  return relation.new_file && (relation.type == 'r' || relation.type == 'm');
}
bool is_rebuilt(const RelationFacts& relation) {
  return relation.new_file && relation.type == 'i';
}
bool is_scanned(const RelationFacts& relation) {
  return relation.scanned;
}

std::string work_text(const StatementFacts& facts) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view what, const std::vector<std::string>& names) {
    if (!names.empty()) parts.push_back(std::string(what) + " " + shortened(list_text(names, 1)));
  };
  add("rewrites", relations_that(facts, is_rewritten));
  add("rebuilds", relations_that(facts, is_rebuilt));
  add("scans", relations_that(facts, is_scanned));
  return parts.empty() ? "-" : join(parts, "; ");
}

void print_judgements(const Report& report, Terminal& out) {
  Table table{{"judgement", "verdict", "remark"}, {}};
  for (const auto* judgement : report.judgements()) {
    std::string remark = comment_safe(judgement->reason);
    if (!judgement->comparison.column_order.empty()) {
      remark += (remark.empty() ? "" : "; ") +
                ("identical but for column order of " + list_text(judgement->comparison.column_order, 3));
    }
    table.rows.push_back({judgement->question, verdict_text(*judgement, out), remark});
  }
  out.table(table);
}

void print_steps(const Report& report, Terminal& out) {
  if (report.steps.empty()) return;
  out.heading("What each step does to relations that existed before");
  Table table{{"step", "object", "strongest lock", "work", "blocks"}, {}};
  size_t quiet = 0;
  for (const auto& step : report.steps) {
    const bool blocks = step.facts.blocks_reads || step.facts.blocks_writes;
    if (!blocks && work_text(step.facts) == "-") {
      ++quiet;
      continue;
    }
    table.rows.push_back({place_text(step), comment_safe(step.object), lock_summary(step.facts), work_text(step.facts),
                          out.paint(blocks ? Style::yellow : Style::plain, blocks_text(step.facts))});
  }
  if (!table.rows.empty()) out.table(table);
  if (quiet > 0) {
    const std::string steps = std::to_string(quiet) + (table.rows.empty() ? "" : " further") + (quiet == 1 ? " step" : " steps");
    out.line(steps + (quiet == 1 ? " blocks" : " block") + " nobody, and read" + (quiet == 1 ? "s" : "") + " and rewrite" +
             (quiet == 1 ? "s" : "") + " no table (all are in --json)");
  }
}

void print_queries(const Report& report, Terminal& out) {
  if (!report.broken.empty()) out.heading("Queries that break");
  for (const auto& broken : report.broken) {
    out.paragraph(broken.query, 2);
    out.paragraph("after " + broken.step + ": " + broken.error + (broken.back ? " (plans again when up is through)" : ""), 4);
  }
  if (!report.unplannable.empty()) out.heading("Queries that do not plan against the origin, so that nothing is said about them");
  for (const auto& [query, why] : report.unplannable) out.paragraph(query + "\n  " + why, 2);
}

void relation_json(const RelationFacts& relation, Json& json) {
  json.object().field("relation", relation.name).field("type", std::string(1, relation.type));
  json.field("lock", lock_text(relation.strongest_lock)).field("held", lock_text(relation.held_lock));
  json.field("new_file", relation.new_file).field("scanned", relation.scanned).end();
}

void step_json(const StepReport& step, Json& json) {
  json.object().field("direction", step.down ? "down" : "up");
  json.field("section", step.place.section + 1).field("step", step.place.step + 1);
  json.field("phase", plan::to_text(step.phase)).field("transactional", step.transactional);
  json.field("object", step.object).field("sql", step.sql);
  json.field("blocks_reads", step.facts.blocks_reads).field("blocks_writes", step.facts.blocks_writes);
  json.strings("rewrite_reasons", step.facts.rewrite_reasons);
  json.key("relations").array();
  for (const auto& relation : step.facts.relations) relation_json(relation, json);
  json.end().field("milliseconds", std::round(step.facts.milliseconds * 1000) / 1000).end();
}

// The strongest lock of one direction on one relation, and the step that takes it first.
std::vector<std::string> lock_lines(const Report& report) {
  std::map<std::string, std::pair<std::string, std::string>> strongest;
  for (const auto& step : report.steps) {
    for (const auto& relation : step.facts.relations) {
      if (relation.type != 'r' && relation.type != 'p' && relation.type != 'm' && relation.type != 'v') continue;
      if (!stops_reads(relation.strongest_lock, relation.type) && !stops_writes(relation.strongest_lock, relation.type)) continue;
      auto& best = strongest[std::string(step.down ? "down" : "up") + "\n" + relation.name];
      if (lock_rank(relation.strongest_lock) > lock_rank(best.first)) best = {relation.strongest_lock, place_text(step)};
    }
  }
  std::vector<std::string> out;
  for (const auto& [key, lock] : strongest) {
    out.push_back(lock_text(lock.first) + " on " + key.substr(key.find('\n') + 1) + " (" + lock.second + ")");
  }
  return out;
}

}  // namespace

std::string lock_summary(const StatementFacts& facts) {
  const std::string mode = facts.strongest_lock();
  if (mode.empty()) return "none";
  const auto names = relations_that(facts, [&](const RelationFacts& relation) { return relation.strongest_lock == mode; });
  return lock_text(mode) + " on " + shortened(list_text(names, 1));
}

void report_text(const Report& report, Terminal& out) {
  out.heading("Proof on PostgreSQL " + report.server);
  print_judgements(report, out);
  for (const auto* judgement : report.judgements()) print_judgement({}, *judgement, out);
  print_steps(report, out);
  print_queries(report, out);
  if (!report.empty_tables.empty() && report.rows_up.rows.tables > 0) {
    out.heading("Tables without rows: nothing was proven on them");
    out.paragraph(list_text(report.empty_tables, 40), 2);
  }
  std::string times;
  for (const auto& [what, milliseconds] : report.durations) {
    times += (times.empty() ? "" : ", ") + what + " " + std::to_string(std::lround(milliseconds)) + " ms";
  }
  out.line();
  out.paragraph(out.paint(Style::dim, "time: " + times));
}

void report_json(const Report& report, Json& json) {
  json.object().field("proven", report.proven()).field("failed", report.failed()).field("server", report.server);
  json.key("judgements").array();
  for (const auto* judgement : report.judgements()) judgement_json(*judgement, json);
  json.end().key("steps").array();
  for (const auto& step : report.steps) step_json(step, json);
  json.end().strings("tables_without_rows", report.empty_tables);
  json.key("broken_queries").array();
  for (const auto& broken : report.broken) {
    json.object().field("query", broken.query).field("error", broken.error);
    json.field("section", broken.place.section + 1).field("step", broken.place.step + 1).field("where", broken.step);
    json.field("plans_again", broken.back).end();
  }
  json.end().key("unplannable_queries").array();
  for (const auto& [query, why] : report.unplannable) json.object().field("query", query).field("why", why).end();
  json.end().key("milliseconds").object();
  for (const auto& [what, milliseconds] : report.durations) json.field(what, std::round(milliseconds * 10) / 10);
  json.end().end();
}

std::string report_header(const Report& report) {
  std::vector<std::string> lines;
  lines.push_back("proof: run by pgarchitect on PostgreSQL " + report.server.substr(0, report.server.find('.')) +
                  ", both ways, twice up");
  if (!report.scope.empty()) lines.push_back("proven on " + report.scope + ", not on the rest");
  for (const auto* judgement : report.judgements()) {
    if (judgement->verdict == Verdict::not_proven && judgement->reason == "no workload was given") continue;
    std::string line = judgement->question + ": " + std::string(to_text(judgement->verdict));
    if (!judgement->reason.empty()) line += " (" + judgement->reason + ")";
    for (const auto& table : judgement->comparison.column_order) line += "; column order of " + table + " differs";
    lines.push_back(std::move(line));
  }
  if (!report.empty_tables.empty() && report.rows_up.rows.tables > 0) {
    lines.push_back("not proven on rows: " + list_text(report.empty_tables, 20));
  }
  const auto locks = lock_lines(report);
  if (!report.steps.empty()) lines.push_back("locks that stop others: " + (locks.empty() ? "none" : join(locks, "; ")));
  for (const auto& step : report.steps) {
    const std::string work = work_text(step.facts);
    if (work != "-") lines.push_back(place_text(step) + " " + work);
  }
  for (auto& line : lines) line = comment_safe(line);
  return join(lines, "\n");
}

}  // namespace pga::proof
