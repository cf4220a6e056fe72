#include "proof/judgement.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::proof {
namespace {

void rows_json(std::string_view name, const std::vector<RowDifference>& rows, Json& json) {
  json.key(name).array();
  for (const auto& row : rows) json.object().field("object", row.object).field("what", row.what).end();
  json.end();
}

Style style_of(Verdict verdict) {
  return verdict == Verdict::proven ? Style::green : verdict == Verdict::failed ? Style::red : Style::yellow;
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::proven:
      return "proven";
    case Verdict::failed:
      return "failed";
    case Verdict::not_proven:
      return "not proven";
  }
  return "";
}

void set(Judgement& judgement, Verdict verdict, std::string reason) {
  judgement.verdict = verdict;
  judgement.reason = std::move(reason);
}

void judge(Judgement& judgement, Comparison comparison) {
  judgement.comparison = std::move(comparison);
  const size_t count = judgement.comparison.differences.size();
  if (judgement.comparison.identical()) {
    set(judgement, Verdict::proven, {});
  } else {
    set(judgement, Verdict::failed, count == 1 ? "one object differs" : std::to_string(count) + " objects differ");
  }
}

void judge(Judgement& judgement, RowComparison rows) {
  judgement.rows = std::move(rows);
  const auto& kept = judgement.rows;
  if (!kept.kept()) {
    set(judgement, Verdict::failed, "rows are not as they were");
  } else if (!kept.converted.empty()) {
    set(judgement, Verdict::not_proven, "values were converted by a rule of the migration's own");
  } else if (kept.tables == 0) {
    set(judgement, Verdict::not_proven, "no table that survives had rows");
  } else {
    set(judgement, Verdict::proven, {});
  }
}

std::string verdict_text(const Judgement& judgement, const Terminal& out) {
  return out.paint(style_of(judgement.verdict), to_text(judgement.verdict));
}

void print_judgement(const std::string& prefix, const Judgement& judgement, Terminal& out) {
  if (judgement.comparison.identical() && judgement.rows.kept() && judgement.rows.converted.empty() && !judgement.error) return;
  out.heading(prefix + judgement.question + ": " + std::string(to_text(judgement.verdict)));
  if (judgement.error) {
    out.paragraph(judgement.error->message, 2);
    if (!judgement.error->detail.empty()) out.paragraph(judgement.error->detail, 4);
    if (!judgement.error->hint.empty()) out.paragraph("hint: " + judgement.error->hint, 4);
  }
  for (const auto& difference : judgement.comparison.differences) {
    for (const auto& line : split(comment_safe(difference.object) + " " + to_text(difference), '\n')) {
      const bool minus = line.starts_with("  - "), plus = line.starts_with("  + ");
      out.line("  " + (minus ? out.paint(Style::red, line) : plus ? out.paint(Style::green, line) : line));
    }
  }
  for (const auto& row : judgement.rows.differences) out.paragraph(row.object + ": " + row.what, 2);
  for (const auto& row : judgement.rows.converted) out.paragraph(row.object + ": " + row.what, 2);
}

void judgement_json(const Judgement& judgement, Json& json) {
  json.object()
      .field("question", judgement.question)
      .field("verdict", to_text(judgement.verdict))
      .field("reason", judgement.reason);
  if (judgement.error) {
    json.key("error").object().field("code", judgement.error->code).field("message", judgement.error->message);
    json.field("detail", judgement.error->detail)
        .field("hint", judgement.error->hint)
        .field("sqlstate", judgement.error->sqlstate)
        .end();
  }
  json.field("observer", judgement.comparison.observer);
  json.key("differences").array();
  for (const auto& difference : judgement.comparison.differences) {
    json.object().field("object", difference.object).field("found", difference.found).field("wanted", difference.wanted).end();
  }
  json.end().strings("column_order", judgement.comparison.column_order);
  rows_json("rows", judgement.rows.differences, json);
  rows_json("converted", judgement.rows.converted, json);
  json.field("tables_with_rows", judgement.rows.tables).field("columns", judgement.rows.columns).end();
}

}  // namespace pga::proof
