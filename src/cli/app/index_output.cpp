#include "cli/app/index_output.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"
#include "base/quote.h"
#include "base/text.h"
#include "cli/app/render.h"

namespace pga::app {
namespace {

std::string cost_text(double cost) {
  return cost < 1000 ? fmt::format("{:.2f}", cost) : fmt::format("{:.0f}", cost);
}

std::string change_text(double before, double after) {
  if (before <= 0) return "";
  const double percent = 100 * (after - before) / before;
  return fmt::format("{:+.1f} %", percent);
}

std::string one_line(const std::string& sql, size_t most) {
  std::string out = comment_safe(sql);
  if (out.size() > most) {
    while (out.size() > most || (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
    out += " …";
  }
  return out;
}

void plan_lines(Terminal& out, const std::vector<std::string>& plan) {
  for (const auto& line : plan) out.line(out.paint(Style::dim, "      " + line));
}

void one_index(Terminal& out, const advise::AdvisedIndex& index, const advise::Advice& advice, size_t number) {
  out.line();
  out.line(out.paint(Style::bold, fmt::format("{}. {}", number, index.name)) +
           fmt::format("  {}{}, built in about {:.0f} s, {:.0f} bytes of WAL for each row that is inserted",
                       bytes_text(index.bytes()), index.size.guessed ? " (a guess)" : "", std::max(1.0, index.build_seconds),
                       index.wal_bytes));
  out.line("   " + paint_sql(out, index.definition.sql(index.name) + ";"));
  out.paragraph(index.reason, 3);
  for (const auto& served : index.serves) {
    const auto& query = advice.queries[served.query];
    out.line("   serves " + query.query.name + ": " + cost_text(served.before) + " -> " + cost_text(served.after) + " (" +
             change_text(served.before, served.after) + ")");
  }
}

void query_plans(Terminal& out, const advise::QueryAdvice& query) {
  out.line("  " + out.paint(Style::bold, query.query.name) + "  " + one_line(query.query.text, 110));
  out.line("    before: " + cost_text(query.before));
  plan_lines(out, query.plan_before);
  out.line("    after: " + cost_text(query.after));
  plan_lines(out, query.plan_after);
}

void definition_json(Json& json, const advise::AdvisedIndex& index, const advise::Advice& advice) {
  const auto statements = advise::statements_of(index, advice);
  json.object().field("name", index.name).field("schema", index.definition.schema).field("table", index.definition.table);
  json.field("method", index.definition.method).strings("statements", statements).field("reason", index.reason);
  json.field("bytes", static_cast<long long>(index.bytes())).field("size_guessed", index.size.guessed);
  json.field("rows", index.size.rows).field("build_seconds", index.build_seconds).field("wal_bytes_a_row", index.wal_bytes);
  json.field("gain", index.gain).key("serves").array();
  for (const auto& served : index.serves) {
    json.object()
        .field("query", advice.queries[served.query].query.name)
        .field("before", served.before)
        .field("after", served.after)
        .end();
  }
  json.end().end();
}

}  // namespace

namespace {

void verified_text(Terminal& out, const Verification& verified) {
  out.heading("Executed");
  Table queries{{"query", "before", "after", "pages before", "pages after"}, {}, {1, 2, 3, 4}};
  for (const auto& one : verified.queries) {
    if (one.problem.empty()) {
      queries.rows.push_back({one.name, fmt::format("{:.1f} ms", one.before_ms), fmt::format("{:.1f} ms", one.after_ms),
                              std::to_string(one.before_pages), std::to_string(one.after_pages)});
    } else {
      queries.rows.push_back({one.name, "not measured: " + one.problem, "", "", ""});
    }
  }
  out.table(queries, 2);
  Table indexes{{"index", "estimated", "real", "built in"}, {}, {1, 2, 3}};
  for (const auto& one : verified.indexes)
    indexes.rows.push_back(
        {one.name, bytes_text(one.estimated), bytes_text(one.real), fmt::format("{:.1f} s", one.build_ms / 1000)});
  if (!verified.indexes.empty()) out.table(indexes, 2);
  for (const auto& one : verified.queries) {
    if (one.slower())
      out.line("  " + out.paint(Style::red, "slower: ") + one.name +
               fmt::format(", {:.1f} ms -> {:.1f} ms", one.before_ms, one.after_ms));
  }
}

void verified_json(Json& json, const std::optional<Verification>& verified) {
  json.key("executed");
  if (!verified) {
    json.null();
    return;
  }
  json.object().key("queries").array();
  for (const auto& one : verified->queries) {
    json.object().field("name", one.name).field("before_ms", one.before_ms).field("after_ms", one.after_ms);
    json.field("before_pages", one.before_pages).field("after_pages", one.after_pages).field("slower", one.slower());
    json.field("problem", one.problem).end();
  }
  json.end().key("indexes").array();
  for (const auto& one : verified->indexes) {
    json.object().field("name", one.name).field("estimated_bytes", static_cast<long long>(one.estimated));
    json.field("bytes", static_cast<long long>(one.real)).field("build_ms", one.build_ms).end();
  }
  json.end().end();
}

}  // namespace

std::string bytes_text(double bytes) {
  if (bytes >= 10e9) return fmt::format("{:.0f} GB", bytes / 1e9);
  if (bytes >= 1e9) return fmt::format("{:.1f} GB", bytes / 1e9);
  if (bytes >= 1e6) return fmt::format("{:.0f} MB", bytes / 1e6);
  return fmt::format("{:.0f} kB", bytes / 1e3);
}

void index_text(Terminal& out, const IndexResult& result, bool verbose) {
  const auto& advice = result.advice;
  out.heading("Indexes worth having");
  if (advice.indexes.empty()) {
    out.line("none: no index makes a query of this workload cheaper by more than its upkeep");
  } else {
    out.line(fmt::format("{} {} {}{}; cost of the workload {} -> {} ({})", advice.indexes.size(),
                         advice.indexes.size() == 1 ? "index," : "indexes,", bytes_text(advice.bytes()),
                         result.budget > 0 ? " of " + bytes_text(result.budget) : "", cost_text(advice.before),
                         cost_text(advice.after), change_text(advice.before, advice.after)));
    out.line(fmt::format("no set of the {} candidates gets below {}; writing the new ones costs {}", advice.candidates,
                         cost_text(advice.bound), cost_text(advice.writes)));
    if (advice.short_list > 0 && advice.short_list < advice.indexes.size())
      out.line(fmt::format("the first {} give four fifths of the gain", advice.short_list));
  }
  for (size_t i = 0; i < advice.indexes.size(); ++i) one_index(out, advice.indexes[i], advice, i + 1);
  const auto helped = [](const advise::QueryAdvice& query) { return !query.uses.empty(); };
  if (std::ranges::any_of(advice.queries, helped)) {
    out.heading("Plans before and after");
    size_t shown = 0;
    for (const auto& query : advice.queries) {
      if (helped(query) && (verbose || shown++ < 5)) query_plans(out, query);
    }
    if (!verbose && shown > 5) out.line(fmt::format("  and {} more (--verbose)", shown - 5));
  }
  const auto dearer = [](const advise::QueryAdvice& query) { return query.after > query.before * 1.001 + 0.01; };
  if (std::ranges::any_of(advice.queries, dearer)) {
    out.heading("Queries that become dearer");
    for (const auto& query : advice.queries) {
      if (dearer(query)) out.line("  " + query.query.name + ": " + cost_text(query.before) + " -> " + cost_text(query.after));
    }
  }
  if (!std::ranges::all_of(advice.queries, helped)) {
    out.heading("Queries that no index helps");
    for (const auto& query : advice.queries) {
      if (helped(query)) continue;
      out.line("  " + out.paint(Style::bold, query.query.name) + "  " + one_line(query.query.text, 110));
      out.paragraph(query.why, 4);
    }
  }
  if (result.verified) verified_text(out, *result.verified);
  if (!advice.drops.empty()) {
    out.heading("Indexes that can go");
    for (const auto& drop : advice.drops) {
      out.line("  " + ident({drop.schema, drop.name}) + "  " + drop.kind + ", " + bytes_text(drop.bytes));
      out.paragraph(drop.reason, 4);
    }
  }
  if (!advice.skipped.empty()) {
    out.heading("Statements that could not be planned");
    for (const auto& one : advice.skipped) out.line("  " + one.name + ": " + comment_safe(one.reason));
  }
}

void index_json(Terminal& out, const IndexResult& result) {
  const auto& advice = result.advice;
  Json json;
  json.object().field("before", advice.before).field("after", advice.after).field("writes", advice.writes);
  json.field("bound", advice.bound).field("bytes", static_cast<long long>(advice.bytes()));
  json.field("budget", static_cast<long long>(result.budget)).field("short_list", advice.short_list);
  json.field("candidates", advice.candidates).field("explains", advice.explains).field("explains_saved", advice.saved);
  json.field("utility_statements", result.utility).key("indexes").array();
  for (const auto& index : advice.indexes) definition_json(json, index, advice);
  json.end().key("queries").array();
  for (const auto& query : advice.queries) {
    json.object().field("name", query.query.name).field("text", query.query.text).field("weight", query.query.weight);
    json.field("before", query.before).field("after", query.after).strings("uses", query.uses);
    json.field("why_not", query.why).strings("plan_before", query.plan_before).strings("plan_after", query.plan_after).end();
  }
  json.end().key("drops").array();
  for (const auto& drop : advice.drops) {
    json.object().field("schema", drop.schema).field("name", drop.name).field("kind", drop.kind).field("reason", drop.reason);
    json.field("bytes", static_cast<long long>(drop.bytes)).field("definition", drop.definition).end();
  }
  json.end().key("skipped").array();
  for (const auto& one : advice.skipped) {
    json.object().field("name", one.name).field("text", one.text).field("reason", one.reason).end();
  }
  json.end();
  verified_json(json, result.verified);
  json.strings("notes", result.notes).strings("files", result.migration.files).end();
  out.print(json.take());
}

}  // namespace pga::app
