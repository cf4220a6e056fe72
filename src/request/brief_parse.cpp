// Lines of a brief to statements.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "request/brief.h"
#include "request/brief_line.h"
#include "request/brief_member.h"
#include "request/paraphrase.h"
#include "request/reading.h"

namespace pga::request {

namespace {

constexpr std::string_view kBrief = "brief";

class BriefParser {
 public:
  BriefParser(std::string_view text, const Vocabulary& vocabulary) : text_(text), vocabulary_(vocabulary) {}
  Understood run();

 private:
  void declare_entities();
  void line(const BriefLine& line);
  void piece(const BriefPiece& piece, const BriefLine& line);
  bool keyword(const BriefPiece& piece, const BriefLine& line);
  bool relation(std::string_view text);
  void entity(std::string_view rest);
  void entity_notes(std::string_view notes);
  void tenant(std::string_view rest);
  void audit(std::string_view rest);
  bool keep(std::string_view rest);
  void use(std::string_view rest);
  void allow(std::string_view rest);
  void access(std::string_view rest);
  void seed(std::string_view rest);
  bool say(std::string_view rest);
  void noted(Meaning meaning, std::string_view rest);
  void sentence(std::string_view text, size_t offset);
  Statement& add(Meaning meaning);
  void mistake(std::string what, std::string example);
  std::string known(std::string_view name) const;
  void to_relation(Statement& statement) const;

  std::string_view text_;
  const Vocabulary& vocabulary_;
  Vocabulary extended_;
  Understood out_;
  std::string subject_;
  const BriefPiece* piece_ = nullptr;
  const BriefLine* line_ = nullptr;
};

Statement& BriefParser::add(Meaning meaning) {
  Statement statement;
  statement.meaning = meaning;
  statement.shape = kBrief;
  statement.span = {piece_->offset, piece_->offset + piece_->text.size()};
  out_.statements.push_back(std::move(statement));
  return out_.statements.back();
}

void BriefParser::mistake(std::string what, std::string example) {
  NotUnderstood item;
  item.span = {piece_->offset, piece_->offset + piece_->text.size()};
  item.quoted = std::string(piece_->text);
  item.nearest = fmt::format("line {}, column {}: {}", line_->number, piece_->offset - line_->offset + 1, what);
  item.example = std::move(example);
  item.blocks = true;
  out_.not_understood.push_back(std::move(item));
}

// "user" in a brief is the table users when the schema has it.
std::string BriefParser::known(std::string_view name) const {
  const auto key = entity_name(name);
  for (const auto& table : vocabulary_.tables) {
    if (entity_name(table.name) == key) return table.name;
  }
  return key;
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of(" \t:("), text.size()));
}

std::string_view after_word(std::string_view text) {
  return trim(text.substr(first_word(text).size()));
}

void BriefParser::declare_entities() {
  extended_ = vocabulary_;
  const auto declare = [&](std::string_view name) {
    const auto key = entity_name(name);
    const bool there =
        std::ranges::any_of(extended_.tables, [&](const KnownTable& table) { return entity_name(table.name) == key; });
    if (!there && !key.empty()) extended_.tables.push_back({"", key, {}, {}});
  };
  for (const auto& line : brief_lines(text_)) {
    for (const auto& piece : line.pieces) {
      if (first_word(piece.text) == "entity") declare(first_word(after_word(piece.text)));
      const auto via = piece.text.find(" via ");
      if (piece.text.find("<->") != std::string_view::npos && via != std::string_view::npos)
        declare(first_word(trim(piece.text.substr(via + 5))));
    }
  }
}

double multiplied(std::string_view text, std::string_view* rest = nullptr) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  size_t at = error == std::errc() ? static_cast<size_t>(end - text.data()) : 0;
  if (at < text.size() && at > 0) {
    const char unit = text[at];
    if (unit == 'k') value *= 1e3, ++at;
    if (unit == 'M') value *= 1e6, ++at;
    if (unit == 'G') value *= 1e9, ++at;
  }
  if (rest != nullptr) *rest = text.substr(at);
  return value;
}

double per_day(std::string_view unit) {
  if (unit == "second" || unit == "s") return 86400;
  if (unit == "minute") return 1440;
  if (unit == "hour") return 24;
  if (unit == "week") return 1.0 / 7;
  if (unit == "month") return 12.0 / 365;
  if (unit == "year") return 1.0 / 365;
  return 1;
}

// "rows 40M +1.5M/month append-only, largest 4% of all data, shared across companies, personal"
void BriefParser::entity_notes(std::string_view notes) {
  Statement volume;
  bool has_volume = false;
  std::vector<std::string> remarks;
  bool personal = false;
  for (const auto& part : split(notes, ',')) {
    std::string_view text = trim(part);
    if (first_word(text) == "rows" || text.starts_with("+") || text == "append-only") {
      has_volume = true;
      if (first_word(text) == "rows") text = after_word(text);
      while (!text.empty()) {
        const auto word = text.substr(0, std::min(text.find(' '), text.size()));
        text = trim(text.substr(word.size()));
        if (word.starts_with("+")) {
          std::string_view unit;
          const double rows = multiplied(word.substr(1), &unit);
          volume.growth_per_day = rows * per_day(unit.starts_with("/") ? unit.substr(1) : "day");
          continue;
        }
        std::string_view unit;
        if (word == "append-only") {
          volume.options["append"] = "yes";
        } else if (const double rows = multiplied(word, &unit); unit.size() < word.size()) {
          if (unit.starts_with("/")) {
            volume.growth_per_day = rows * per_day(unit.substr(1));
          } else {
            volume.count = static_cast<std::int64_t>(rows);
          }
        } else {
          mistake("“" + std::string(word) + "” is no number of rows", "entity " + subject_ + " rows 50k +2k/month");
        }
      }
    } else if (text == "personal") {
      personal = true;
    } else if (!text.empty()) {
      remarks.push_back(std::string(text));
    }
  }
  if (!remarks.empty()) out_.statements.back().options["note"] = join(remarks, ", ");
  if (has_volume) {
    auto& statement = add(Meaning::volume);
    statement.subject = subject_, statement.count = volume.count, statement.growth_per_day = volume.growth_per_day,
    statement.options = volume.options;
  }
  if (personal) add(Meaning::personal).subject = subject_;
}

void BriefParser::entity(std::string_view rest) {
  const auto name = first_word(rest);
  if (snake_case(name).empty()) return mistake("an entity needs a name", "entity customer rows 50k");
  subject_ = known(name);
  add(Meaning::entity).subject = subject_;
  entity_notes(after_word(rest));
}

void BriefParser::tenant(std::string_view rest) {
  if (first_word(rest) == "by") rest = after_word(rest);
  if (snake_case(first_word(rest)).empty()) return mistake("whose data are apart?", "tenant by company; shared: country");
  add(Meaning::tenant).subject = known(first_word(rest));
}

bool period_days(std::string_view& text, std::int64_t& days) {
  std::string_view rest;
  const double number = multiplied(text, &rest);
  if (rest.size() == text.size()) return false;
  rest = trim(rest);
  const auto unit = Words::get().singular(first_word(rest));
  double factor = 0;
  if (unit == "day") factor = 1;
  if (unit == "week") factor = 7;
  if (unit == "year") factor = 365;
  if (unit == "month") factor = std::fmod(number, 12) == 0 ? 365.0 / 12 : 30;
  if (factor == 0) return false;
  days = static_cast<std::int64_t>(
      std::llround(number * factor + (unit == "month" && std::fmod(number, 12) != 0 ? std::floor(number / 12) * 5 : 0)));
  text = after_word(rest);
  return true;
}

// "activity 90 days then drop", "customer 24 months after last booking then anonymise"
bool BriefParser::keep(std::string_view rest) {
  const auto name = first_word(rest);
  auto period = after_word(rest);
  std::int64_t days = 0;
  if (name.empty() || !period_days(period, days)) return false;
  auto& statement = add(Meaning::retain);
  statement.subject = known(name);
  statement.count = days;
  auto then = period.find("then ");
  if (then != std::string_view::npos && (then == 0 || period[then - 1] == ' ')) {
    const auto action = first_word(trim(period.substr(then + 5)));
    statement.action = action == "delete" ? "drop" : std::string(action);
    period = trim(period.substr(0, then));
  }
  statement.condition = std::string(period);
  return true;
}

void BriefParser::audit(std::string_view rest) {
  std::string kept;
  if (const auto at = rest.find(" keep "); at != std::string_view::npos) {
    kept = "audit_log " + std::string(trim(rest.substr(at + 6)));
    rest = trim(rest.substr(0, at));
  }
  auto& statement = add(Meaning::audit);
  std::vector<std::string> names;
  for (const auto& part : split(rest, ',')) {
    if (!trim(part).empty()) names.push_back(known(trim(part)));
  }
  if (!names.empty()) statement.subject = names[0];
  if (names.size() > 1) statement.others.assign(names.begin() + 1, names.end());
  if (!kept.empty() && !keep(kept)) mistake("no period after keep", "audit booking keep 36 months");
}

void BriefParser::use(std::string_view rest) {
  for (const auto& one : split_outside(rest, ',')) {
    const auto open = one.find('(');
    const auto name = std::string(trim(one.substr(0, open)));
    const auto slug = pattern_slug(name);
    if (slug.empty()) {
      mistake("there is no pattern “" + name + "”", "use " + nearest_pattern(name));
      continue;
    }
    auto& statement = add(Meaning::pattern);
    statement.name = slug;
    if (line_->indented) statement.subject = subject_;
    if (open == std::string_view::npos) continue;
    const auto close = one.rfind(')');
    if (close == std::string_view::npos) {
      mistake("the parenthesis is not closed", "use " + name + "(option: value)");
      continue;
    }
    for (const auto& [option, value] : pattern_options(one.substr(open + 1, close - open - 1))) {
      if (option == "on" && !value.empty()) {
        std::vector<std::string> targets;
        for (const auto& target : split(value, ',')) targets.push_back(known(trim(target)));
        statement.subject = targets[0];
        statement.others.assign(targets.begin() + 1, targets.end());
      } else {
        statement.options[option] = value;
      }
    }
  }
}

// "anyone: read published event", "admin, owner: all of own company"
void BriefParser::allow(std::string_view rest) {
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return mistake("who may do what?", "allow organiser: update own event");
  std::vector<std::string> operations;
  std::string condition;
  auto what = trim(rest.substr(colon + 1));
  std::string subject;
  bool all = false;
  while (!what.empty()) {
    auto word = what.substr(0, std::min(what.find_first_of(" ,"), what.size()));
    what = trim(what.substr(word.size()));
    if (what.starts_with(",")) what = trim(what.substr(1));
    const auto push = [&](const char* operation) { operations.emplace_back(operation); };
    if (word == "read" || word == "select" || word == "see") {
      push("select");
    } else if (word == "insert" || word == "create" || word == "add") {
      push("insert");
    } else if (word == "update" || word == "edit" || word == "change") {
      push("update");
    } else if (word == "delete" || word == "remove") {
      push("delete");
    } else if (word == "all" || word == "everything") {
      all = true;
      for (const auto* operation : {"select", "insert", "update", "delete"}) push(operation);
    } else if (word == "of" && !all && !subject.empty()) {
      condition = "of " + std::string(what);
      what = {};
    } else if (word == "own") {
      condition = all ? "of own " + std::string(what) : "own";
      if (all) what = {};
    } else if (word == "and" || word == "of") {
    } else if (subject.empty() && what.empty()) {
      subject = known(word);
    } else if (subject.empty() && !what.empty() && !what.starts_with("of ")) {
      condition = std::string(word);
    } else if (subject.empty()) {
      subject = known(word);
    }
  }
  if (operations.empty())
    return mistake("no operation is named: read, insert, update, delete, all", "allow organiser: update own event");
  for (const auto& role : split(rest.substr(0, colon), ',')) {
    auto& statement = add(Meaning::policy);
    statement.role = entity_name(trim(role));
    statement.subject = subject;
    statement.names = operations;
    statement.condition = condition;
  }
}

// "A1 120/s <20ms: list …"
void BriefParser::access(std::string_view rest) {
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos)
    return mistake("what is looked up?", "access A1 50/s <20ms: list events by city, newest first, 20 per page");
  const size_t before = out_.statements.size();
  const auto what = rest.substr(colon + 1);
  sentence(what, static_cast<size_t>(what.data() - text_.data()));
  if (out_.statements.size() == before) return;
  auto& statement = out_.statements[before];
  auto head = trim(rest.substr(0, colon));
  statement.name = std::string(first_word(head));
  head = after_word(head);
  static const std::vector<std::pair<std::string_view, double>> kOften = {{"hourly", 1.0 / 3600},
                                                                          {"daily", 1.0 / 86400},
                                                                          {"weekly", 1.0 / 604800},
                                                                          {"monthly", 12.0 / (365 * 86400.0)},
                                                                          {"rarely", 1.0 / 86400}};
  while (!head.empty()) {
    const auto word = head.substr(0, std::min(head.find(' '), head.size()));
    head = trim(head.substr(word.size()));
    std::string_view unit;
    if (word.starts_with("<")) {
      const double number = multiplied(word.substr(1), &unit);
      statement.target_ms = number * (unit == "s" ? 1000 : 1);
      continue;
    }
    const auto often = std::ranges::find(kOften, word, &std::pair<std::string_view, double>::first);
    const double number = multiplied(word, &unit);
    if (often != kOften.end()) {
      statement.rate = often->second;
    } else if (unit.starts_with("/")) {
      statement.rate = number * per_day(unit.substr(1)) / 86400;
    } else {
      mistake("“" + std::string(word) + "” is no rate", "access A1 50/s <20ms: list events by city");
    }
  }
}

// "demo: 200 users, 20 venues, 500 events of which 70% published, registrations 1..80 per event"
void BriefParser::seed(std::string_view rest) {
  const auto colon = rest.find(':');
  const auto name = colon == std::string_view::npos ? std::string() : std::string(trim(rest.substr(0, colon)));
  for (const auto& part : split(colon == std::string_view::npos ? rest : rest.substr(colon + 1), ',')) {
    std::string_view text = trim(part), unit;
    auto& statement = add(Meaning::seed);
    statement.name = name;
    const double number = multiplied(text, &unit);
    if (unit.size() < text.size()) {
      statement.count = static_cast<std::int64_t>(number);
      text = trim(unit);
    }
    statement.subject = known(first_word(text));
    text = after_word(text);
    if (text.starts_with("of which ")) text = trim(text.substr(9));
    if (const auto percent = text.find('%'); percent != std::string_view::npos) {
      statement.options[snake_case(trim(text.substr(percent + 1)))] = std::string(trim(text.substr(0, percent)));
    } else if (const auto per = text.find(" per "); per != std::string_view::npos) {
      statement.options["per_" + snake_case(trim(text.substr(per + 5)))] = std::string(trim(text.substr(0, per)));
    } else if (!text.empty()) {
      mistake("what is “" + std::string(text) + "” of the sample rows?", "seed demo: 500 events of which 70% published");
    }
    if (snake_case(statement.subject).empty()) mistake("sample rows of what?", "seed demo: 200 users");
  }
}

bool BriefParser::say(std::string_view rest) {
  const auto statements = statements_from_json(rest);
  if (!statements) return false;
  for (auto statement : *statements) {
    statement.span = {piece_->offset, piece_->offset + piece_->text.size()};
    out_.statements.push_back(std::move(statement));
  }
  return true;
}

void BriefParser::noted(Meaning meaning, std::string_view rest) {
  const auto colon = rest.find(':');
  const auto id = first_word(rest);
  if (id.empty())
    return mistake("it needs a name", meaning == Meaning::decide ? "decide D1 keys: bigint, because …"
                                                                 : "open Q1: may an event have several venues? default no");
  auto& statement = add(meaning);
  statement.name = std::string(id);
  auto text = after_word(rest);
  if (colon == id.size()) text = trim(rest.substr(colon + 1));
  statement.condition = std::string(text);
}

void BriefParser::sentence(std::string_view text, size_t offset) {
  auto understood = understand_sentences(text, extended_);
  const auto move_span = [&](Span& span) { span.begin += offset, span.end += offset; };
  for (auto& one : understood.statements) {
    move_span(one.span);
    out_.statements.push_back(std::move(one));
  }
  for (auto& one : understood.assumptions) {
    move_span(one.span);
    out_.assumptions.push_back(std::move(one));
  }
  for (auto& one : understood.decisions) {
    move_span(one.span);
    if (std::ranges::none_of(out_.decisions, [&](const Decision& other) { return other.id == one.id; }))
      out_.decisions.push_back(std::move(one));
  }
  for (auto& one : understood.not_understood) {
    move_span(one.span);
    one.nearest = fmt::format("line {}, column {}: {}", line_->number, one.span.begin - line_->offset + 1, one.nearest);
    out_.not_understood.push_back(std::move(one));
  }
}

// "registration: user <-> event via registrations(ticket_no unique, status: confirmed, cancelled)", "organiser -> user ? keep"
bool BriefParser::relation(std::string_view text) {
  const auto both = text.find("<->");
  const auto arrow = both == std::string_view::npos ? text.find("->") : both;
  if (arrow == std::string_view::npos) return false;
  auto left = trim(text.substr(0, arrow)), right = trim(text.substr(arrow + (both == std::string_view::npos ? 2 : 3)));
  const auto target = first_word(right);
  if (snake_case(left).empty() || snake_case(target).empty()) {
    mistake("both sides of the arrow need a name", "organiser -> user keep");
    return true;
  }
  right = after_word(right);
  if (both != std::string_view::npos) {
    auto& statement = add(Meaning::relation);
    const auto colon = left.find(':');
    if (colon != std::string_view::npos) statement.role = snake_case(trim(left.substr(0, colon)));
    statement.subject = known(colon == std::string_view::npos ? left : trim(left.substr(colon + 1)));
    statement.object = known(target);
    statement.subject_side = statement.object_side = Side::many;
    if (first_word(right) == "via") {
      right = after_word(right);
      statement.name = std::string(first_word(right));
      const auto open = right.find('('), close = right.rfind(')');
      if (open != std::string_view::npos && close != std::string_view::npos && close > open) {
        for (const auto& member : junction_members(right.substr(open + 1, close - open - 1)))
          out_.statements.back().attributes.push_back(member);
      }
    } else if (!right.empty()) {
      mistake("“" + std::string(right) + "” after the relation",
              std::string(text.substr(0, arrow)) + "<-> " + std::string(target) + " via table_name(extra)");
    }
    if (!statement.name.empty()) subject_ = entity_name(out_.statements.back().name);
    return true;
  }
  if (subject_.empty()) {
    mistake("an arrow stands inside an entity", "entity event\n  organiser -> user keep");
    return true;
  }
  auto& statement = add(Meaning::relation);
  statement.subject = subject_;
  statement.object = known(target);
  statement.subject_side = Side::many;
  statement.object_side = Side::one;
  if (entity_name(left) != entity_name(target)) statement.role = snake_case(left);
  while (!right.empty()) {
    const auto word = right.substr(0, std::min(right.find(' '), right.size()));
    right = trim(right.substr(word.size()));
    if (word == "?") {
      statement.object_side = Side::at_most_one;
    } else if (word == "keep" || word == "cascade" || word == "null" || word == "anonymise" || word == "delete" ||
               word == "refuse") {
      statement.action = word == "cascade" ? "delete" : std::string(word);
    } else if (word == "only" || word == "when") {
      statement.condition = std::string(word) + " " + std::string(right);
      right = {};
    } else {
      mistake("“" + std::string(word) + "” after the relation: ?, keep, cascade, null, anonymise or only when …",
              std::string(left) + " -> " + std::string(target) + " keep");
    }
  }
  return true;
}

bool BriefParser::keyword(const BriefPiece& one, const BriefLine& line) {
  const auto word = first_word(one.text);
  const auto rest = after_word(one.text);
  const bool bare = one.text.size() == word.size() || one.text[word.size()] == ' ';
  const auto convention = [&](std::string name, std::string_view value) {
    auto& statement = add(Meaning::convention);
    statement.name = std::move(name);
    statement.condition = std::string(value);
    return true;
  };
  if (!line.indented && line_ != nullptr) {
    if (word == "brief" && bare) return convention("brief", rest);
    if (word == "target" || word == "ids" || word == "times" || word == "money" || word == "naming" || word == "schema")
      return convention(std::string(word), rest);
    if (word == "public" && rest.starts_with("ids ")) return convention("public ids", trim(rest.substr(4)));
    if (word == "shared" && one.text.substr(word.size()).starts_with(":")) {
      if (out_.statements.empty() || out_.statements.back().meaning != Meaning::tenant)
        return mistake("shared: stands after tenant by", "tenant by company; shared: country"), true;
      for (const auto& part : split(trim(one.text.substr(word.size() + 1)), ','))
        out_.statements.back().others.push_back(known(trim(part)));
      return true;
    }
    if (word == "entity" && bare) return entity(rest), true;
    if (word == "tenant" && bare) return tenant(rest), true;
    if (word == "audit" && bare) return audit(rest), true;
    if (word == "allow" && bare) return allow(rest), true;
    if (word == "access" && bare) return access(rest), true;
    if (word == "seed" && bare && one.text.find(':') != std::string_view::npos) return seed(rest), true;
    if (word == "decide" && bare) return noted(Meaning::decide, rest), true;
    if (word == "open" && bare) return noted(Meaning::open, rest), true;
    if (word == "keep" && bare && keep(rest)) return true;
  }
  if (word == "say" && rest.starts_with("{")) {
    if (!say(rest)) mistake("this is no statement", R"(say {"meaning": "soft_delete", "subject": "order"})");
    return true;
  }
  if (word == "use" && bare) return use(rest), true;
  if (word == "rule" && bare) return sentence(rest, static_cast<size_t>(rest.data() - text_.data())), true;
  return false;
}

void BriefParser::piece(const BriefPiece& one, const BriefLine& line) {
  piece_ = &one;
  line_ = &line;
  if (keyword(one, line)) return;
  if (relation(one.text)) return;
  const bool member = line.indented && !subject_.empty();
  if (!member) return sentence(one.text, one.offset);
  std::vector<Statement> statements;
  const auto wrong = read_member(one.text, subject_, out_.statements, statements);
  if (wrong.empty()) {
    for (auto& statement : statements) {
      to_relation(statement);
      statement.shape = kBrief;
      statement.span = {one.offset, one.offset + one.text.size()};
      out_.statements.push_back(std::move(statement));
    }
    return;
  }
  const size_t before = out_.not_understood.size(), said = out_.statements.size();
  sentence(one.text, one.offset);
  if (out_.not_understood.size() > before || out_.statements.size() == said) {
    out_.not_understood.resize(before);
    mistake(wrong, "status: open > done");
  }
}

// "user ?" in an entity, where there is an entity user: a reference.
void BriefParser::to_relation(Statement& statement) const {
  if (statement.meaning != Meaning::attributes || statement.attributes.size() != 1) return;
  const auto one = statement.attributes[0];
  const bool plain = one.type.empty() && one.check.empty() && one.default_value.empty() && !one.unique && !one.personal &&
                     entity_name(one.name) != entity_name(subject_);
  const bool entity =
      std::ranges::any_of(extended_.tables, [&](const KnownTable& table) { return entity_name(table.name) == one.name; });
  if (!plain || !entity) return;
  Statement relation;
  relation.meaning = Meaning::relation;
  relation.subject = statement.subject;
  relation.object = known(one.name);
  relation.subject_side = Side::many;
  relation.object_side = one.optional.value_or(false) ? Side::at_most_one : Side::one;
  statement = std::move(relation);
}

void BriefParser::line(const BriefLine& line) {
  for (const auto& one : line.pieces) piece(one, line);
}

Understood BriefParser::run() {
  declare_entities();
  for (const auto& one : brief_lines(text_)) line(one);
  for (auto& statement : out_.statements) {
    if (statement.paraphrase.empty()) statement.paraphrase = paraphrase(statement);
  }
  out_.content_words = out_.statements.size() + out_.not_understood.size();
  out_.understood_words = out_.statements.size();
  return std::move(out_);
}

bool is_json(std::string_view text) {
  const auto start = trim(text);
  return start.starts_with("{") && start.find("\"statements\"") != std::string_view::npos;
}

}  // namespace

bool looks_like_brief(std::string_view text) {
  if (is_json(text)) return true;
  for (const auto& line : brief_lines(text.substr(0, std::min<size_t>(text.size(), 4096)))) {
    if (line.pieces.empty()) continue;
    const auto first = line.pieces[0].text;
    const auto name = after_word(first);
    return first_word(first) == "brief" && !name.empty() && name.find(' ') == std::string_view::npos;
  }
  return false;
}

Understood understand_brief(std::string_view text, const Vocabulary& vocabulary) {
  if (!is_json(text)) return BriefParser(text, vocabulary).run();
  Understood result;
  auto statements = statements_from_json(text);
  if (!statements) {
    result.not_understood.push_back(
        {{0, text.size()}, std::string(text.substr(0, 80)), statements.error().message, statements.error().hint, true});
    return result;
  }
  result.statements = std::move(*statements);
  for (auto& statement : result.statements) statement.paraphrase = paraphrase(statement), statement.span = {0, text.size()};
  result.content_words = result.understood_words = result.statements.size();
  return result;
}

Result<Understood> parse_brief(std::string_view text, const Vocabulary& vocabulary, std::string_view file) {
  auto understood = understand_brief(text, vocabulary);
  if (understood.not_understood.empty()) return understood;
  const auto& first = understood.not_understood.front();
  Place place{std::string(file), 1, 1};
  for (size_t at = 0; at < first.span.begin && at < text.size(); ++at) {
    if (text[at] == '\n') {
      ++place.line, place.column = 1;
    } else if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return fail("brief-syntax", "“" + first.quoted + "” is not understood: " + first.nearest + ".",
              "write, for example: " + first.example, place);
}

}  // namespace pga::request
