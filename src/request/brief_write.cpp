// Statements to a brief, and a brief laid out.
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "request/brief.h"
#include "request/brief_line.h"
#include "request/reading.h"

namespace pga::request {

namespace {

// One blank between words; none before `;` and `,`.
std::string laid_out(std::string_view text) {
  std::string result;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    const bool blank = c == ' ' || c == '\t';
    if (!quoted && blank && (result.empty() || result.back() == ' ')) continue;
    if (!quoted && (c == ',' || c == ')') && !result.empty() && result.back() == ' ') result.pop_back();
    result += blank && !quoted ? ' ' : c;
  }
  return result;
}

std::string attribute_text(const Attribute& one) {
  std::string text = one.name;
  if (!one.type.empty()) text += " " + one.type;
  if (one.optional) text += *one.optional ? " ?" : " !";
  if (one.unique) text += " unique";
  if (one.personal) text += " personal";
  if (!one.check.empty()) text += " " + one.check;
  if (!one.default_value.empty()) text += " = " + one.default_value;
  return text;
}

std::string steps_text(const Statement& s) {
  std::string text = s.names[0] + ":";
  std::string last;
  for (const auto& [from, to] : s.transitions) {
    text += last.empty() ? " " + from + " > " + to : last == from ? " > " + to : "; " + from + " > " + to;
    last = to;
  }
  return text;
}

std::string options_text(const Statement& s, const std::string& first = "") {
  std::vector<std::string> items;
  if (!first.empty()) items.push_back(first);
  for (const auto& [name, value] : s.options) items.push_back(value.empty() ? name : name + ": " + value);
  return items.empty() ? "" : "(" + join(items, ", ") + ")";
}

// The short form of a statement inside the block of its entity; "" when there is none.
std::string member_text(const Statement& s) {
  switch (s.meaning) {
    case Meaning::attributes: {
      std::vector<std::string> items;
      for (const auto& one : s.attributes) items.push_back(attribute_text(one));
      return items.size() == 1 ? items[0] : "";
    }
    case Meaning::closed_list:
      return s.names.size() == 1 ? s.names[0] + ": " + join(s.values, ", ") + (s.options.contains("open") ? ", ..." : "") : "";
    case Meaning::workflow:
      return s.names.size() == 1 && !s.transitions.empty() ? steps_text(s) : "";
    case Meaning::relation:
      return (s.role.empty() ? s.object : s.role) + " -> " + s.object + (s.object_side == Side::at_most_one ? " ?" : "") +
             (s.action.empty() ? "" : " " + s.action) + (s.condition.empty() ? "" : " " + s.condition);
    case Meaning::pattern:
      return "use " + replace_all(s.name, "-", "_") + options_text(s);
    default:
      return "";
  }
}

// The short form of a statement on a line of its own; "" when there is none.
std::string line_text(const Statement& s) {
  switch (s.meaning) {
    case Meaning::entity:
      return s.attributes.empty() ? "entity " + s.subject + (s.options.contains("note") ? " " + s.options.at("note") : "") : "";
    case Meaning::convention:
      return s.name + " " + s.condition;
    case Meaning::tenant:
      return "tenant by " + s.subject + (s.others.empty() ? "" : "; shared: " + join(s.others, ", "));
    case Meaning::relation:
      return (s.role.empty() ? "" : s.role + ": ") + s.subject + " <-> " + s.object + (s.name.empty() ? "" : " via " + s.name);
    case Meaning::audit:
      return "audit " + s.subject + (s.others.empty() ? "" : ", " + join(s.others, ", "));
    case Meaning::retain:
      return s.count ? fmt::format("keep {} {} days", s.subject, *s.count) + (s.condition.empty() ? "" : " " + s.condition) +
                           (s.action.empty() ? "" : " then " + s.action)
                     : "";
    case Meaning::decide:
      return "decide " + s.name + " " + s.condition;
    case Meaning::open:
      return "open " + s.name + ": " + s.condition;
    case Meaning::pattern: {
      auto targets = s.others;
      if (!s.subject.empty()) targets.insert(targets.begin(), s.subject);
      return "use " + replace_all(s.name, "-", "_") + options_text(s, targets.empty() ? "" : "on: " + join(targets, ", "));
    }
    case Meaning::soft_delete:
      return s.count ? "" : "soft delete " + s.subject;
    default:
      return "";
  }
}

// Does the line say this and nothing else? Entities that the model has are known, as they will be.
bool reads_back(const std::string& line, const std::string& block, const Statement& statement) {
  if (line.empty() || line.find('\n') != std::string::npos) return false;
  const auto brief = "brief x\n" + (block.empty() ? "" : "entity " + block + "\n  ") + line + "\n";
  const auto read = understand_brief(brief, {});
  const size_t skip = block.empty() ? 1 : 2;
  return read.not_understood.empty() && read.statements.size() == skip + 1 && same_meaning(read.statements.back(), statement);
}

std::string say_text(const Statement& statement) {
  return "say " + to_json_line(statement);
}

}  // namespace

// Short forms where they read back as the same statement, `say` with JSON where not: nothing is lost.
std::string verbalise(const std::vector<Statement>& statements) {
  std::string text, block;
  bool named = false;
  for (const auto& one : statements) named = named || (one.meaning == Meaning::convention && one.name == "brief");
  if (!named) text = "brief schema\n";
  for (const auto& one : statements) {
    if (one.meaning == Meaning::convention && one.name == "brief" && text.empty()) {
      text = "brief " + one.condition + "\n";
      continue;
    }
    const auto member = !block.empty() && one.subject == block ? member_text(one) : "";
    if (reads_back(member, block, one)) {
      text += "  " + member + "\n";
      continue;
    }
    const auto line = line_text(one);
    const bool starts = one.meaning == Meaning::entity;
    if (reads_back(line, "", one)) {
      text += line + "\n";
      block = starts ? one.subject : one.meaning == Meaning::relation ? "" : block;
      if (!starts) block.clear();
    } else {
      text += say_text(one) + "\n";
    }
  }
  return text;
}

std::string format_brief(std::string_view text) {
  std::string result;
  int blank = 0;
  for (const auto& line : brief_lines(text)) {
    if (line.pieces.empty() && line.comment.empty()) {
      ++blank;
      continue;
    }
    if (blank > 0 && !result.empty()) result += "\n";
    blank = 0;
    std::string out = line.indented ? "  " : "";
    for (size_t at = 0; at < line.pieces.size(); ++at) out += (at == 0 ? "" : "; ") + laid_out(line.pieces[at].text);
    if (!line.comment.empty()) out += (line.pieces.empty() ? "" : "  ") + std::string(line.comment);
    result += out + "\n";
  }
  return result;
}

}  // namespace pga::request
