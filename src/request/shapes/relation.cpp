// S15 to S26: how things belong together.
#include <algorithm>

#include "base/text.h"
#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

std::string dashed(std::string_view name) {
  return replace_all(std::string(name), "_", "-");
}

bool person_like(std::string_view entity) {
  static constexpr std::string_view kPeople[] = {"user",   "account", "member", "customer", "person",  "employee",
                                                 "author", "profile", "admin",  "client",   "student", "patient"};
  return std::ranges::find(kPeople, entity_name(entity)) != std::end(kPeople);
}

std::string with_article(std::string_view entity) {
  const auto text = replace_all(std::string(entity), "_", " ");
  const bool vowel = !text.empty() && std::string_view("aeio").find(text[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + text;
}

namespace {

// A lower bound on the number of children can not be said by a foreign key.
void ask_enforcement(Reading& reading, const Statement& bound) {
  const auto subject = entity_name(bound.subject), object = entity_name(bound.object);
  Decision decision;
  decision.id = dashed(subject + "-" + object + "-at-least");
  decision.question = "What makes sure that " + with_article(subject) + " has at least " + std::to_string(bound.low.value_or(1)) +
                      " " + (bound.low.value_or(1) == 1 ? object : Words::get().plural(object)) + "?";
  decision.options = {{"trigger", "a deferred constraint trigger checks at commit",
                       "The database guarantees it; each transaction that writes them pays one check."},
                      {"application", "the application", "Nothing to pay; a row without any can appear."}};
  decision.reason = "Only a check at commit sees both the parent and its rows.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

void copy_bounds(Reading& reading, const Noun& subject, const Noun& object) {
  if (!object.low && !object.high) return;
  auto& bound = reading.add(Meaning::bound);
  bound.subject = subject.name;
  bound.object = object.name;
  bound.low = object.low;
  bound.high = object.high;
}

Statement& relation(Reading& reading, const Noun& subject, const Noun& object, Side subject_side, Side object_side) {
  auto& statement = reading.add(Meaning::relation, subject);
  statement.object = object.name;
  statement.subject_side = subject_side;
  statement.object_side = object_side;
  return statement;
}

bool singular_side(Side side) {
  return side == Side::one || side == Side::at_most_one;
}

Range strip_list_item(const Item& item) {
  return item.noun.range;
}

std::vector<Noun> entities(Reading& reading, Range list) {
  std::vector<Noun> nouns;
  for (const auto& item : reading.items(list, "")) nouns.push_back(reading.entity(strip_list_item(item)));
  return nouns;
}

// The comments, tags, reviews … that are a pattern of their own when they are made for other things.
void own_pattern(Reading& reading, const Noun& made, const std::vector<Noun>& targets) {
  if (made.known) return;
  static const std::vector<std::pair<std::string_view, std::string_view>> kPatterns = {{"comment", "comments"},
                                                                                       {"reply", "comments"},
                                                                                       {"tag", "tags"},
                                                                                       {"like", "reactions"},
                                                                                       {"reaction", "reactions"},
                                                                                       {"vote", "reactions"},
                                                                                       {"attachment", "attachments"},
                                                                                       {"review", "reviews"},
                                                                                       {"rating", "reviews"},
                                                                                       {"notification", "notifications"}};
  const auto known =
      std::ranges::find(kPatterns, std::string_view(made.name), &std::pair<std::string_view, std::string_view>::first);
  if (known == kPatterns.end()) return;
  auto& statement = reading.add(Meaning::pattern);
  statement.name = std::string(known->second);
  statement.object = made.name;
  for (const auto& target : targets) {
    if (person_like(target.name)) {
      statement.role = target.name;
    } else if (statement.subject.empty()) {
      statement.subject = target.name;
    } else {
      statement.others.push_back(target.name);
    }
  }
}

void ask_required(Reading& reading, const Noun& subject, const std::vector<Noun>& targets) {
  std::vector<std::string> names;
  for (const auto& target : targets) names.push_back(entity_name(target.name));
  Decision decision;
  decision.id = dashed(entity_name(subject.name) + "-parents-required");
  decision.question =
      "Must each " + entity_name(subject.name) + " have " +
      (names.size() == 2 ? "both " + with_article(names[0]) + " and " + with_article(names[1]) : "all of " + join(names, ", ")) +
      "?";
  decision.options = {{"all", "yes, all of them", "Foreign keys that are NOT NULL: no row without its parents."},
                      {"any", "no, one of them is enough",
                       "Nullable foreign keys and a CHECK that at least one is set; every query has to look at both."}};
  decision.reason = "The sentence joins them with “and”.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

// S20: X links to Y and Z.
void links_to(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto targets = entities(reading, captures.at('L'));
  for (const auto& target : targets) {
    const Side side = target.side == Side::unknown || singular_side(target.side)
                          ? (target.side == Side::at_most_one ? Side::at_most_one : Side::one)
                          : target.side;
    auto& statement = relation(reading, subject, target, Side::many,
                               target.plural && target.side != Side::unknown ? side
                               : singular_side(side)                         ? side
                                                                             : Side::one);
    if (targets.size() > 1 && person_like(target.name) && entity_name(subject.name) != "membership")
      statement.role = entity_name(subject.name) == "comment" || entity_name(subject.name) == "reply" ? "author" : "";
  }
  if (targets.size() > 1) ask_required(reading, subject, targets);
  own_pattern(reading, subject, targets);
}

// S15
void belongs_to(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  for (const auto& target : entities(reading, captures.at('L'))) {
    const bool many = target.side == Side::many || target.side == Side::at_least_one;
    auto& statement = relation(reading, subject, target, Side::many,
                               many                               ? target.side
                               : target.side == Side::at_most_one ? Side::at_most_one
                                                                  : Side::one);
    (void)statement;
    copy_bounds(reading, subject, target);
  }
}

void belongs_optionally(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  for (const auto& target : entities(reading, captures.at('L'))) {
    const bool many = target.side == Side::many || target.side == Side::at_least_one || target.plural;
    relation(reading, subject, target, Side::many, many ? Side::many : Side::at_most_one);
    copy_bounds(reading, subject, target);
  }
}

// S16 S17: X has many Ys; X may have one Y.
void has_many(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  for (const auto& item : reading.items(captures.at('L'), subject.name)) {
    auto target = reading.entity(item.noun.range);
    if (target.side == Side::unknown) target.side = Side::many;
    const bool many = target.side == Side::many || target.side == Side::at_least_one;
    relation(reading, subject, target, many ? Side::one : Side::many, target.side);
    copy_bounds(reading, subject, target);
    reading.about(subject.name);
  }
}

void may_have(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  for (const auto& item : reading.items(captures.at('L'), subject.name)) {
    const auto target = reading.entity(item.noun.range);
    const bool many = target.side == Side::many || target.side == Side::at_least_one || target.plural;
    relation(reading, subject, target, Side::one, many ? Side::many : Side::at_most_one);
    copy_bounds(reading, subject, target);
    reading.about(subject.name);
  }
}

Side other_side(const Noun& noun) {
  return noun.side != Side::unknown && !noun.each ? noun.side : noun.plural ? Side::many : Side::one;
}

std::string verb_of(const Reading& reading, Range range) {
  for (size_t at = range.begin; at < range.end; ++at) {
    const auto base = Words::get().verb_base(reading.tokens()[at].text);
    if (!base.empty()) return base == "be" ? "" : base;
  }
  return range.empty() ? "" : reading.tokens()[range.begin].text;
}

// S18: each X … many Y and each Y … many X. The first clause says how many Y an X has, the second how many X a Y has.
void both_ways(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto object = reading.entity(captures.at('Y'));
  auto& statement = relation(reading, subject, object, Side::many, other_side(object));
  statement.role = captures.has('v') ? verb_of(reading, captures.at('v')) : "";
  if (captures.has('Z')) {
    const auto back = reading.entity(captures.at('Z'));
    reading.last()->subject_side = other_side(back);
  }
  reading.about(subject.name);
}

std::string last_noun(const Tokens& tokens, Range range) {
  return range.empty() ? "" : Words::get().singular(tokens[range.end - 1].text);
}

// The second half must be about the same two things.
bool mirrored(const Tokens& tokens, const Captures& captures) {
  if (!captures.has('B')) return true;
  return last_noun(tokens, captures.at('B')) == last_noun(tokens, captures.at('Y')) &&
         last_noun(tokens, captures.at('Z')) == last_noun(tokens, captures.at('X'));
}

void many_to_many(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto object = reading.entity(captures.at('Y'));
  relation(reading, subject, object, Side::many, Side::many);
}

bool same_entity(const Noun& one, const Noun& other) {
  return entity_name(one.name) == entity_name(other.name);
}

// S23
void self_reference(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  auto object = captures.has('Y') ? reading.entity(captures.at('Y')) : subject;
  if (object.pronoun) object = subject;
  const bool many = object.plural && object.side != Side::one;
  auto& statement = relation(reading, subject, object, many ? Side::one : Side::many, many ? Side::many : Side::at_most_one);
  if (captures.has('B')) {
    statement.role = reading.attribute(captures.at('B')).name;
  } else if (captures.has('v')) {
    statement.role = verb_of(reading, captures.at('v'));
  }
  if (!many && statement.object_side == Side::at_most_one) {
    reading.assume("R-top", "the topmost " + entity_name(subject.name) + " has none: the reference may be empty",
                   "every " + entity_name(subject.name) + " must have one");
  }
  reading.about(subject.name);
}

// "users follow each other": both sides many.
void each_other(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto verb = verb_of(reading, captures.at('v'));
  if (verb == "follow" || verb == "subscribe") {
    auto& statement = reading.add(Meaning::pattern, subject);
    statement.name = "follows";
    Decision decision;
    decision.id = dashed(entity_name(subject.name) + "-follow-approval");
    decision.question = "Must a follower be approved?";
    decision.options = {{"no", "no, anybody can follow", "Two columns and a time; one row is one follow."},
                        {"yes", "yes, the one who is followed approves", "A status and one more state in every query."}};
    decision.reason = "Following without approval is the simpler rule, and a status can be added later.";
    decision.weight = 2;
    reading.ask(std::move(decision));
    return;
  }
  if (verb == "message" || verb == "chat" || verb == "talk" || verb == "write") {
    reading.add(Meaning::pattern, subject).name = "messaging";
    return;
  }
  if (verb == "befriend" || verb == "connect") {
    reading.add(Meaning::pattern, subject).name = "friendships";
    return;
  }
  auto& statement = relation(reading, subject, subject, Side::many, Side::many);
  statement.role = verb;
}

// S19: a verb between two things. A quantifier says how many; two plurals without one are asked.
void verb_between(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto verb = verb_of(reading, captures.at('v'));
  for (const auto& item : reading.items(captures.at('L'), subject.name)) {
    auto object = reading.entity(item.noun.range);
    if (object.name.empty() || subject.name.empty()) continue;
    if (same_entity(subject, object)) {
      auto& self = relation(reading, subject, object, Side::many, object.plural ? Side::many : Side::at_most_one);
      self.role = verb;
      continue;
    }
    const bool quantified = object.side != Side::unknown;
    const bool plural_object = object.plural && !quantified;
    const bool several = object.side == Side::many || object.side == Side::at_least_one || plural_object;
    Side subject_side = Side::many;
    if (several) subject_side = subject.each || !subject.plural ? Side::one : Side::unknown;
    auto& statement = relation(reading, subject, object, subject_side,
                               several                            ? (plural_object ? Side::many : object.side)
                               : object.side == Side::at_most_one ? Side::at_most_one
                                                                  : Side::one);
    statement.role = verb;
    if (subject_side == Side::unknown) {
      const Statement copy = statement;
      reading.ask_side(copy);
    }
    copy_bounds(reading, subject, object);
    reading.about(subject.name);
  }
}

// "can be …", "may …": the same, but nothing is required.
void verb_possible(Reading& reading, const Captures& captures) {
  const size_t before = reading.count();
  verb_between(reading, captures);
  for (auto* statement : reading.since(before)) {
    if (statement->meaning != Meaning::relation) continue;
    if (statement->object_side == Side::one) statement->object_side = Side::at_most_one;
    if (statement->object_side == Side::at_least_one) statement->object_side = Side::many;
  }
}

// Passive: "a book is written by one or more authors": each book has one or more authors.
void verb_passive(Reading& reading, const Captures& captures) {
  verb_between(reading, captures);
}

// S21
void three_way(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto object = reading.entity(captures.at('Y'));
  const auto third = reading.entity(captures.at('Z'));
  if (object.name.empty() || third.name.empty()) return;
  auto& statement = reading.add(Meaning::ternary, subject);
  statement.object = object.name;
  statement.others = {third.name};
  statement.role = verb_of(reading, captures.at('v'));
  Decision decision;
  const auto one = entity_name(subject.name), two = entity_name(object.name), three = entity_name(third.name);
  decision.id = dashed(one + "-" + two + "-" + three + "-shape");
  decision.question = "Does one " + verb_of(reading, captures.at('v')) + " belong to " + with_article(one) + ", " +
                      with_article(two) + " and " + with_article(three) + " together?";
  decision.options = {{"together", "yes: one row names all three", "A table with three foreign keys, unique over all of them."},
                      {"pair", "no: " + with_article(two) + " always goes with one " + three,
                       "A foreign key from " + two + " to " + three + " and a table of pairs."}};
  decision.reason = "All three are named in one sentence.";
  decision.weight = 3;
  reading.ask(std::move(decision));
  reading.about(subject.name);
}

// S22: several roles that are all of one kind.
void roles(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto target = reading.entity(captures.at('Y'));
  for (const auto& item : reading.items(captures.at('L'), subject.name)) {
    auto& statement =
        relation(reading, subject, target, Side::many,
                 item.attribute.optional.value_or(false) || item.noun.side == Side::at_most_one ? Side::at_most_one : Side::one);
    statement.role = entity_name(item.attribute.name);
    if (same_entity(subject, target)) statement.object_side = Side::at_most_one;
  }
  if (same_entity(subject, target))
    reading.assume("R-top", "the topmost " + entity_name(subject.name) + " has none: the reference may be empty",
                   "every " + entity_name(subject.name) + " must have one");
  reading.about(subject.name);
}

// S24
void on_delete(Reading& reading, const Captures& captures) {
  const auto gone = reading.entity(captures.at('Y'));
  const auto rows = captures.has('X') ? reading.entity(captures.at('X')) : gone;
  auto& statement = reading.add(Meaning::on_delete);
  statement.subject = rows.pronoun ? reading.subject() : rows.name;
  statement.object = gone.name;
  const auto range = captures.has('W') ? captures.at('W') : reading.range();
  const Range action{range.begin, range.end};
  const Range after{captures.at('Y').end, reading.range().end};
  const Range look = captures.has('W') ? action : after;
  statement.action = reading.has(look, {"keep", "retain", "stay", "remain", "preserve"})            ? "keep"
                     : reading.has(look, {"anonymise", "anonymize"})                                ? "anonymise"
                     : reading.has(look, {"null", "empty", "unlink", "unassign", "clear"})          ? "null"
                     : reading.has(look, {"refuse", "prevent", "forbid", "block", "not", "cannot"}) ? "refuse"
                                                                                                    : "delete";
}

// S25
void bound(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto object = reading.entity(captures.at('Y'));
  const auto said = captures.has('n') ? reading.number(captures.at('n')) : std::nullopt;
  if (said && *said == 1) {  // "at least one item": said by the relation itself
    relation(reading, subject, object, Side::one, Side::at_least_one);
    Statement lower;
    lower.subject = subject.name, lower.object = object.name, lower.low = 1;
    ask_enforcement(reading, lower);
    reading.about(subject.name);
    return;
  }
  auto& statement = reading.add(Meaning::bound, subject);
  statement.object = object.name;
  statement.low = object.low;
  if (said) statement.low = static_cast<std::int64_t>(*said);
  statement.high = object.high;
  if (object.side == Side::at_least_one && !object.low) statement.low = 1;
  if (object.side == Side::at_most_one) statement.high = 1;
  const Statement copy = statement;
  if (copy.low) ask_enforcement(reading, copy);
  reading.about(subject.name);
}

// "must have one or more items", "can have at most 5 loans": a relation, with its bound when there is one.
void bounded_or_owned(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  const auto object = reading.entity(captures.at('Y'));
  const bool may = reading.has({captures.at('X').end, captures.at('Y').begin}, {"can", "may"});
  if (object.low || object.high) {
    bound(reading, captures);
    return;
  }
  const Side side = side_of(object);
  const bool many = side == Side::many || side == Side::at_least_one;
  relation(reading, subject, object, many ? Side::one : Side::many,
           may && side == Side::one            ? Side::at_most_one
           : may && side == Side::at_least_one ? Side::many
                                               : side);
  if (!may && side == Side::at_least_one) {
    Statement lower;
    lower.subject = subject.name, lower.object = object.name, lower.low = 1;
    ask_enforcement(reading, lower);
  }
  reading.about(subject.name);
}

}  // namespace

void relate_owned(Reading& reading, const Noun& owner, const Item& item) {
  auto object = item.noun;
  const auto* table = reading.tables().find(object.name);
  object.name = table != nullptr ? table->name : entity_name(object.name);
  const Side side = side_of(object);
  const bool many = side == Side::many || side == Side::at_least_one;
  // "each order has several items": each item is of one order. "each flight has an aircraft": an aircraft has many flights.
  auto& statement = relation(reading, owner, object, many ? Side::one : Side::many,
                             item.attribute.optional.value_or(false) && side == Side::one ? Side::at_most_one : side);
  statement.shape = same_entity(owner, object)                   ? "S23"
                    : side == Side::at_least_one                 ? "S25"
                    : many                                       ? "S16"
                    : statement.object_side == Side::at_most_one ? "S17"
                                                                 : statement.shape;
  const size_t before = reading.count();
  copy_bounds(reading, owner, object);
  for (auto* bound : reading.since(before)) bound->shape = "S25";
  if (side == Side::at_least_one && !item.attribute.optional.value_or(false)) {
    Statement lower;
    lower.subject = owner.name, lower.object = object.name, lower.low = 1;
    ask_enforcement(reading, lower);
  }
}

void ask_entity_or_attribute(Reading& reading, const Noun& owner, const Item& item) {
  const auto& words = Words::get();
  const auto underscore = item.attribute.name.rfind('_');
  const auto last =
      words.singular(std::string_view(item.attribute.name).substr(underscore == std::string::npos ? 0 : underscore + 1));
  const auto classes = words.classes(last);
  const bool attribute = (classes & bit(WordClass::attribute)) != 0;
  if ((classes & bit(WordClass::noun)) == 0 || !item.attribute.type.empty() || !item.attribute.values.empty()) return;
  if (attribute && last != "major" && last != "category") return;
  const auto name = entity_name(item.attribute.name);
  Decision decision;
  decision.id = dashed(entity_name(owner.name) + "-" + name + "-table");
  decision.question = "Is " + replace_all(name, "_", " ") + " of " + with_article(entity_name(owner.name)) +
                      " a thing of its own or only a value?";
  decision.options = {{"column", "only a value: a column", "One text column; the same value may be spelled in two ways."},
                      {"table", "a thing of its own: a table and a foreign key",
                       "One more table and join; each value is written once and can have attributes; a column can be turned into "
                       "it later with a migration."}};
  decision.reason = "Nothing else is said about it.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

// Verbs that say something of a value, or that have a shape of their own, tie no two things.
bool ties(const Tokens& tokens, const Captures& captures) {
  static constexpr std::string_view kNot[] = {"calculate", "compute", "derive", "change", "vary",
                                              "go",        "default", "refer",  "expire", "determine"};
  const auto verb = captures.at('v');
  for (size_t at = verb.begin; at < verb.end; ++at) {
    if (std::ranges::find(kNot, std::string_view(Words::get().verb_base(tokens[at].text))) != std::end(kNot)) return false;
  }
  return true;
}

// "remove fax from customers" is an order, not a sentence about three things.
bool three_things(const Tokens& tokens, const Captures& captures) {
  return !captures.at('X').empty() && ties(tokens, captures);
}

std::vector<Rule> relation_rules() {
  return {
      {"S22",
       {"<X> has|have <L> [,] who|which|that [both|all] [must|should] [is|are] [also|each|both|all] <Y> $",
        "<X> has|have <L> [,] both|all [of] [them] [are|being] <Y> $"},
       roles},
      {"S23",
       {"<X> can|may|could|must|should|will [also] [have|contain|include|be] [nested|contain|part] [inside|within|under|of|in] "
        "other|another <Y> $",
        "<X> [can|may|could|must|should] <v> other|another <Y> $",
        "<X> <v> =a|one|other|another|several|many|sub <Y> [of] [the] same kind|type $",
        "<X> [can|may|could] [be] nested|hierarchical|recursive [at] [any] [level|depth] [within] [each] [other] [themselves]",
        "<X> has|have [a|an] [optional] parent <X> $", "<X> can|may|could have [sub|child|children] <Y> of the same kind $",
        "<X> [can|may|could] have|has [a|an|one] parent $", "<X> can|may have sub - <Y> $"},
       self_reference},
      {"S23",
       {"<X> [can|may|could|should|must] [be able to] <v> each|one other|another",
        "<X> [can|may|could|should|must] [be able to] <v> other|another <Y> $"},
       each_other},
      {"S18",
       {"each|every|=a|=an|one|the <X> [can|may|must|could] [be|is|are] [@have] [<v>] <Y> [,] and|while|, "
        "each|every|=a|=an|one|the|conversely|vice <B> [can|may|must|could] [be|is] [@have] [<v>] <Z> $",
        "<X> [can|may|must|could|should] [be|is|are] @have|=contain [<v>] many|several|multiple|one|at <Y> and|, <B> "
        "[can|may|must|could] [be|is|are] @have|=belong|=appear [to|in] [<v>] <Z> $",
        "<X> [can|may|must|could|should] [be|is|are] [@have] [<v>] <Y> and|while vice versa"},
       both_ways,
       mirrored},
      {"S18",
       {"[a|there] [is] many-to-many [relationship|relation|link] between <X> and <Y>",
        "<X> and <Y> [have|has|are|is] [a|related|linked|in] [in|a] many-to-many [relationship|relation|link]",
        "many - to - many between <X> and <Y>", "<X> to <Y> is many-to-many", "<X> many-to-many <Y>"},
       many_to_many},
      {"S20",
       {"<X> [should|must|will|can] "
        "link|links|linked|relate|relates|related|refer|refers|reference|references|points|point|connect|connects|connected "
        "[back] [to|with] [both] <L>",
        "<X> [that] [is|are] link|attached|tied [to] [both] <L>", "link <X> to|with|and [both] <L>",
        "<X> [should|must|has|have] [have|a] [foreign] key|keys|reference|references|link|links to [both] <L>"},
       links_to},
      {"S15",
       {"<X> [must|should|will|always] belong|belongs [only] to [the] <L>", "<X> is|are part of [the] <L>",
        "<X> [must|should] be [a] part of [the] <L>"},
       belongs_to},
      {"S15", {"<X> can|may|could [only] [optionally] belong to [the] <L>"}, belongs_optionally},
      {"S25",
       {"<X> must|should|need|has|have [to] [have|contain|include] [be] [placed|composed|made] [of] at-least <n> <Y> $"},
       bound},
      {"S25", {"<X> must|should|needs|need|can|may|has|have [to] [have|contain|include|hold] <Y> $"}, bounded_or_owned},
      {"S25",
       {"<X> [must|should|always] keep|keeps|need|needs|require|requires <Y> $"},
       bounded_or_owned,
       [](const Tokens& tokens, const Captures& captures) {
         const auto range = captures.at('Y');
         return tokens[range.begin].text == "at-least" || (range.size() > 2 && tokens[range.begin].text == "at");
       }},
      {"S24",
       {"when|if|once [a|an|the] <Y> [account] is|gets|are deleted|removed|erased|dropped|gone|leaves [then] [,] [then] "
        "[we|also|should|must] [also] delete|remove|keep|retain|anonymise|anonymize|preserve|unlink [all] [of] [the] <X>",
        "when|if|once [a|an|the] <Y> is|gets|are deleted|removed|erased|dropped [then] [,] <X> "
        "[must|should|will|shall|are|is|may] [be|not] [not] [also] [be] "
        "[deleted|removed|kept|retained|anonymised|anonymized|stay|remain|preserved|unlinked|set] [too|also|as|to] "
        "[well|null|empty]",
        "deleting|removing [a|an|the] <Y> should|must|will|shall|also|deletes|keeps [also] "
        "delete|remove|keep|anonymise|anonymize [all] [of] <X>",
        "delete|keep|anonymise [the|all|its|their] <X> when|if [a|an|the|its|their] <Y> is|are|gets deleted|removed",
        "<X> [should|must|will|are|is] [be] deleted|kept|anonymised|removed when|if|with|along [the|a|an|its|their|with] <Y> "
        "[is|are|gets] [deleted|removed]",
        "[a|an|the] <Y> that|which still has|have <X> can|may not|cannot be deleted|removed"},
       on_delete},
      {"S21", {"<X> [can|may|must|should] <v> <Y> with|in|for|at|on|from|using|during <Z> $"}, three_way, three_things},
      {"S19", {"<X> [can|may|could] also [be] <v> <L>", "<X> can|may|could|might [also] [be] <v> <L>"}, verb_possible, ties},
      {"S19", {"<X> is|are|be|was|were [being] <v> <L>"}, verb_passive, ties},
      {"S19",
       {"<X> must|should|will|shall|need|have|has|always [to] [be] [able] [to] <v> <L>", "<X> <v> <L>", "<X> are|is to <v> <L>"},
       verb_between,
       ties},
      {"S16", {"<X> has|have|own|owns|contain|contains|consists|consist|include|includes|comprises|comprise [of] <L>"}, has_many},
      {"S17", {"<X> may|can|could|might [only] [have|own|hold] <L>"}, may_have},
  };
}

}  // namespace pga::request
