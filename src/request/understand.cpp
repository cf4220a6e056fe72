// The pipeline: words, repairs, clauses, shapes; then what the shapes mean; then what is left.
#include <algorithm>

#include "base/text.h"
#include "request/brief.h"
#include "request/language.h"
#include "request/paraphrase.h"
#include "request/reading.h"
#include "request/repair.h"
#include "request/shape.h"
#include "request/sql_text.h"

namespace pga::request {

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
#define PGA_SHAPE(id, slug, title, example) {id, slug, title, example},
#include "request/shapes/registry.def"
#undef PGA_SHAPE
  };
  return all;
}

const Shape* find_shape(std::string_view id) {
  const auto at = std::ranges::find(shapes(), id, &Shape::id);
  return at == shapes().end() ? nullptr : &*at;
}

namespace {

struct CompiledRule {
  Rule rule;
  std::vector<Phrase> phrases;
};

// All rules, and the words that lead to a request without being part of it ("we need to", "please").
struct Grammar {
  std::vector<CompiledRule> rules;
  std::vector<Phrase> leads;
  static const Grammar& get() {
    static const Grammar grammar;
    return grammar;
  }

 private:
  Grammar() {
    for (const auto family : {value_rules, structure_rules, relation_rules, attribute_rules, rule_rules, use_rules, life_rules,
                              pattern_rules, change_rules, around_rules}) {
      for (auto& rule : family()) {
        CompiledRule compiled{rule, {}};
        for (const auto phrase : rule.phrases) compiled.phrases.emplace_back(phrase);
        rules.push_back(std::move(compiled));
      }
    }
    for (const std::string_view lead :
         {"i|we|you|they need|want|wish|would|have|should|must|can|could|shall|will|may [like|love|prefer|need|want] [to] [be "
          "able to]",
          "i|we =d like to",
          "i|we often|are|am [looking|going|building|planning|trying|developing] [to|for]",
          "i|we often",
          "i|we",
          "i have|need to",
          "can|could|would|will you|we|i [help me|us] [to]",
          "it must|should|is|shall|has [to] [be] possible [for] [to]",
          "it is important|required|necessary that|to",
          "[there] {be / must be / should be / will be / has to be}",
          "there",
          "make sure [that]",
          "ensure [that]",
          "be sure [that]",
          "let us|me",
          "[the|our|this] system|application|app|software|database|platform|solution|tool|site|website|service|schema "
          "must|should|shall|need|has|will|can|to [to] [be able to]",
          "[the|our|this] system|application|app|software|database|platform",
          "as a|an <w> [user] [,] i want|need|would [like] [to] [be able to]",
          "create a|the|an migration to|that|which|for [add|adds =e-mail]",
          "write a|the migration to|that",
          "in addition [to that] [,]",
          "in our|my|the case",
          "for this|that [purpose] [,]",
          "note that",
          "remember|keep that",
          "of course",
          "for our|my|the <w> [we|i] [need|want] [the following]",
          "we also",
          "that [is]",
          "what we need is",
          "is it possible to",
          "how do|can|should i|we",
          "after that [,]",
          "after a <w> [,]",
          "at the moment [,]",
          "right now [,]",
          "later [on] [,]",
          "for example [,]",
          "every day [,]",
          "during the <w> [,]",
          "in this case [,]",
          "if possible [,]",
          "on the other hand [,]",
          "so",
          "then",
          "and",
          "but",
          "however [,]",
          "currently [,]",
          "finally [,]"}) {
      leads.emplace_back(lead);
    }
  }
};

struct Segment {
  const CompiledRule* rule = nullptr;  // null: not understood
  Range range;
  size_t clause = 0;
  Captures captures;
};

struct Best {
  const CompiledRule* rule = nullptr;
  Phrase::Result result;
  long score = 0;
};

class Reader {
 public:
  Reader(std::string_view text, const Vocabulary& vocabulary) : text_(text), vocabulary_(vocabulary), tables_(vocabulary) {}
  Understood run();

 private:
  void take_sql();
  void read_clause(Range clause, size_t index);
  Best best_at(Scanner& scanner, size_t at, bool first) const;
  size_t after_lead(Scanner& scanner, size_t at) const;
  bool negated(Range range) const;
  size_t resynchronise(Range clause, size_t at) const;
  void declare(Reading& reading) const;
  void build(Reading& reading);
  void not_understood(Range range);
  void count();
  std::string nearest_shape(Range range, const Shape*& shape) const;

  std::string_view text_;
  const Vocabulary& vocabulary_;
  Tables tables_;
  Tokens tokens_;
  std::vector<Segment> segments_;
  std::vector<const CompiledRule*> candidates_;
  std::vector<Range> sql_, lost_;
  Understood out_;
};

bool joins(const Token& token) {
  static constexpr std::string_view kJoins[] = {",",     "and",     "but", "-",    ":",  "so", "then",
                                                "where", "because", "as",  "with", "or", "&"};
  return std::ranges::find(kJoins, token.text) != std::end(kJoins);
}

bool relative(const Token& token) {
  return token.text == "that" || token.text == "which" || token.text == "who" || token.text == "it" || token.text == "they";
}

size_t Reader::after_lead(Scanner& scanner, size_t at) const {
  for (int round = 0; round < 3; ++round) {
    size_t best = at;
    for (const auto& lead : Grammar::get().leads) {
      const auto result = lead.match(scanner, at, false);
      if (result && result->end > best && result->end < scanner.clause().end) best = result->end;
    }
    if (best == at) break;
    at = best;
  }
  return at;
}

bool affirms(std::string_view shape);

Best Reader::best_at(Scanner& scanner, size_t at, bool first) const {
  Best best;
  const bool goes_on = !segments_.empty();  // only then is there an entity that may be left out
  const size_t lead = after_lead(scanner, at);
  for (const size_t start : {at, lead}) {
    for (const auto* rule : candidates_) {
      if (rule->rule.goes_on && first) continue;
      for (const auto& phrase : rule->phrases) {
        auto result = phrase.match(scanner, start, goes_on);
        if (!result || (rule->rule.accepts != nullptr && !rule->rule.accepts(tokens_, result->captures))) continue;
        if (affirms(rule->rule.shape) && !rule->rule.denies && negated({start, result->end})) continue;
        const long covered = static_cast<long>(result->end - at - result->rest);
        const long score = covered * 10 + static_cast<long>(result->rest) * 4 + result->literals * 3 +
                           (result->end == scanner.clause().end ? 5 : 0);
        if (score > best.score) best = {rule, std::move(*result), score};
      }
    }
    if (lead == at) break;
  }
  return best;
}

// Shapes that say that something is: with a “not” among their words they would say the opposite of what was meant.
bool affirms(std::string_view shape) {
  static constexpr std::string_view kAffirms[] = {"S1",  "S2",  "S3",  "S4",  "S5",  "S6",  "S8",  "S10", "S11", "S13", "S14",
                                                  "S15", "S16", "S17", "S18", "S19", "S20", "S21", "S22", "S23", "S26", "S37",
                                                  "S38", "S39", "S43", "S45", "S47", "S49", "S50", "S53", "S54", "S55"};
  return std::ranges::find(kAffirms, shape) != std::end(kAffirms);
}

bool Reader::negated(Range range) const {
  for (size_t at = range.begin; at < range.end; ++at) {
    if (!tokens_[at].is(WordClass::neg)) continue;
    const bool no = tokens_[at].text == "no";
    const bool number = no && at > 0 && tokens_[at - 1].is(WordClass::attribute) &&
                        (at + 1 >= tokens_.size() || !tokens_[at + 1].is_word());  // "phone no."
    const bool bound = no && at + 1 < tokens_.size() && (tokens_[at + 1].text == "more" || tokens_[at + 1].text == "less");
    const bool value = at > 0 && (tokens_[at - 1].text == "or" || tokens_[at - 1].text == "/" || tokens_[at - 1].text == "," ||
                                  tokens_[at - 1].text == "(");  // "yes or no"
    if (!number && !bound && !value) return true;
  }
  return false;
}

size_t Reader::resynchronise(Range clause, size_t at) const {
  int depth = 0;
  for (size_t next = at + 1; next < clause.end; ++next) {
    if (tokens_[next].text == "(") ++depth;
    if (tokens_[next].text == ")") --depth;
    if (depth > 0) continue;
    if (relative(tokens_[next])) return next;
    if (joins(tokens_[next])) return next + 1;
  }
  return clause.end;
}

void Reader::read_clause(Range clause, size_t index) {
  Scanner scanner(tokens_, clause);
  Phrase::Signature signature{};
  std::uint64_t classes = 0;
  for (size_t at = clause.begin; at < clause.end; ++at) {
    Phrase::add(signature, tokens_[at]);
    classes |= tokens_[at].classes;
  }
  candidates_.clear();
  for (const auto& rule : Grammar::get().rules) {
    if (std::ranges::any_of(rule.phrases, [&](const Phrase& phrase) { return phrase.possible(signature, classes); }))
      candidates_.push_back(&rule);
  }
  size_t at = clause.begin, gap = clause.begin;
  bool first = true;
  while (at < clause.end) {
    while (at < clause.end && (joins(tokens_[at]) || tokens_[at].is(WordClass::filler)) &&
           (at > clause.begin || tokens_[at].kind == Token::Kind::punctuation)) {
      if (tokens_[at].text == "with" || tokens_[at].text == "as") break;
      ++at;
    }
    if (at >= clause.end) break;
    auto best = best_at(scanner, at, first);
    if (best.rule == nullptr) {
      at = resynchronise(clause, at);
      continue;
    }
    if (gap < at) segments_.push_back({nullptr, {gap, at}, index, {}});
    segments_.push_back({best.rule, {at, best.result.end}, index, std::move(best.result.captures)});
    gap = at = best.result.end;
    first = false;
  }
  if (gap < clause.end) segments_.push_back({nullptr, {gap, clause.end}, index, {}});
}

// Before anything is built: which things are spoken of as entities. So "department" is a column or a table by what the rest says.
void Reader::declare(Reading& reading) const {
  for (const auto& segment : segments_) {
    if (segment.rule == nullptr) continue;
    const auto& id = segment.rule->rule.shape;
    const bool structural = id.size() == 2 || id.starts_with("S1") || id.starts_with("S2") || id == "S37" || id == "S34" ||
                            id == "S55" || id == "S42";
    if (!structural) continue;
    for (const char slot : {'X', 'Y', 'Z'}) {
      const auto* range = segment.captures.find(slot);
      if (range == nullptr || range->empty()) continue;
      const auto noun = reading.entity(*range);
      if (!noun.pronoun && !noun.name.empty()) reading.declare(noun.name, slot == 'X');
    }
  }
}

void Reader::build(Reading& reading) {
  size_t clause = static_cast<size_t>(-1);
  for (const auto& segment : segments_) {
    if (segment.clause != clause) {
      reading.enter_clause();
      clause = segment.clause;
    }
    if (segment.rule == nullptr) {
      not_understood(segment.range);
      continue;
    }
    reading.enter(segment.rule->rule.shape, segment.range);
    const size_t before = reading.count();
    segment.rule->rule.build(reading, segment.captures);
    const bool nothing = reading.count() == before && !segment.rule->rule.goes_on && segment.rule->rule.shape != "intro";
    if (reading.take_rejected() || nothing) not_understood(segment.range), lost_.push_back(segment.range);
  }
}

bool content(const Token& token) {
  if (token.kind == Token::Kind::punctuation) return false;
  return !token.is(WordClass::stop) && !token.is(WordClass::filler);
}

void Reader::not_understood(Range range) {
  while (!range.empty() && (tokens_[range.begin].kind == Token::Kind::punctuation || joins(tokens_[range.begin]))) ++range.begin;
  while (!range.empty() && tokens_[range.end - 1].kind == Token::Kind::punctuation) --range.end;
  bool has_content = false, blocks = false;
  for (size_t at = range.begin; at < range.end; ++at) {
    has_content = has_content || content(tokens_[at]);
    const bool one = tokens_[at].text == "one" || tokens_[at].text == "two";
    blocks = blocks || tokens_[at].is(WordClass::neg) || (tokens_[at].has_number && !one);
  }
  if (range.empty() || (!has_content && !blocks)) return;
  NotUnderstood item;
  item.span = span_of(tokens_, range);
  item.quoted = std::string(text_.substr(item.span.begin, std::min<size_t>(item.span.end - item.span.begin, 300)));
  item.blocks = blocks;
  const Shape* shape = nullptr;
  item.example = nearest_shape(range, shape);
  item.nearest = std::string(shape->id) + ": " + std::string(shape->title);
  out_.not_understood.push_back(std::move(item));
}

void Reader::count() {
  for (const auto& segment : segments_) {
    for (size_t at = segment.range.begin; at < segment.range.end; ++at) {
      if (!content(tokens_[at])) continue;
      ++out_.content_words;
      if (segment.rule != nullptr && std::ranges::find(lost_, segment.range) == lost_.end()) ++out_.understood_words;
    }
  }
}

void Reader::take_sql() {
  for (const auto& range : find_sql(tokens_, text_)) {
    Statement statement;
    statement.meaning = Meaning::query;
    statement.shape = "S41";
    statement.span = span_of(tokens_, range);
    statement.condition = std::string(text_.substr(statement.span.begin, statement.span.end - statement.span.begin));
    statement.action = is_definition(tokens_, range) ? "definition" : "query";
    out_.statements.push_back(std::move(statement));
    sql_.push_back(range);
  }
}

Understood Reader::run() {
  Grammar::get();  // its words must be known before any is looked up
  tokens_ = tokenise(text_);
  repair_typos(tokens_, vocabulary_, out_);
  take_sql();
  size_t index = 0;
  for (const auto& clause : clauses(tokens_, text_)) {
    const bool inside_sql =
        std::ranges::any_of(sql_, [&](const Range& sql) { return clause.begin < sql.end && clause.end > sql.begin; });
    if (!inside_sql) read_clause(clause, index++);
  }
  Reading first(tokens_, text_, tables_, out_);
  Understood scratch;
  declare(first);
  build(first);
  count();
  for (auto& statement : out_.statements) statement.paraphrase = paraphrase(statement);
  return std::move(out_);
}

std::string fill_in(std::string text, const std::vector<std::string>& entities, const std::vector<std::string>& attributes) {
  text = replace_all(text, "{X}", entities[0]);
  text = replace_all(text, "{Y}", entities[1]);
  text = replace_all(text, "{Z}", "place");
  text = replace_all(text, "{A}", attributes[0]);
  return replace_all(text, "{B}", attributes[1]);
}

// The shape with whose phrases the words have most in common; "has" when none. The example uses the user's own nouns.
std::string Reader::nearest_shape(Range range, const Shape*& shape) const {
  std::vector<std::string> entities, attributes;
  for (size_t at = range.begin; at < range.end && at < range.begin + 60; ++at) {
    const auto& token = tokens_[at];
    if (!token.is_word() || !content(token)) continue;
    const auto one = Words::get().singular(token.text);
    const bool entity = token.is(WordClass::noun) && !token.is(WordClass::attribute);
    const bool nominal = entity || token.is(WordClass::attribute) || !Words::get().known(token.text);
    auto& into = entity || tables_.find(one) != nullptr ? entities : attributes;
    if ((nominal || tables_.find(one) != nullptr) && std::ranges::find(into, one) == into.end()) into.push_back(one);
  }
  for (const auto* more : {"order", "customer"}) entities.emplace_back(more);
  for (const auto* more : {"name", "status"}) attributes.emplace_back(more);
  Phrase::Signature signature{};
  for (size_t at = range.begin; at < range.end && at < range.begin + 60; ++at) {
    if (content(tokens_[at]) || tokens_[at].is(WordClass::neg) || tokens_[at].is(WordClass::conj))
      Phrase::add(signature, tokens_[at]);
  }
  int best = 0;
  shape = find_shape("S2");
  for (const auto& rule : Grammar::get().rules) {
    for (const auto& phrase : rule.phrases) {
      const int common = phrase.in_common(signature);
      const auto* found =
          common > best ? find_shape(rule.rule.shape) : nullptr;  // "intro" and the like are no shapes of their own
      if (found != nullptr) best = common, shape = found;
    }
  }
  return fill_in(std::string(shape->example), entities, attributes);
}

}  // namespace

Understood understand(std::string_view text, const Vocabulary& vocabulary) {
  if (looks_like_brief(text)) return understand_brief(text, vocabulary);
  return understand_sentences(text, vocabulary);
}

namespace {

// Text beyond this many bytes (about 60 000 words) is not read but said to be: an answer must come in under a second.
constexpr size_t kMaxText = 384 * 1024;

size_t readable(std::string_view text) {
  if (text.size() <= kMaxText) return text.size();
  const auto line = text.rfind('\n', kMaxText), sentence = text.rfind(". ", kMaxText);
  for (const auto end : {line, sentence}) {
    if (end != std::string_view::npos && end > kMaxText / 2) return end + 1;
  }
  size_t end = kMaxText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

}  // namespace

Understood understand_sentences(std::string_view text, const Vocabulary& vocabulary) {
  if (const auto other = other_language(text); !other.empty()) {
    Understood result;
    result.not_understood.push_back({{0, text.size()},
                                     std::string(text.substr(0, 300)),
                                     "only English is understood (this looks like " + other + ")",
                                     "each customer has a name and several orders",
                                     true});
    result.content_words = 1;
    return result;
  }
  const size_t end = readable(text);
  auto result = Reader(text.substr(0, end), vocabulary).run();
  if (end < text.size()) {
    result.not_understood.push_back({{end, text.size()},
                                     std::string(text.substr(end, 80)),
                                     "the text is too long: what follows byte " + std::to_string(end) + " was not read",
                                     "split the text into several requests",
                                     true});
  }
  return result;
}

}  // namespace pga::request
