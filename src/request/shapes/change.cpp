// S48 to S54: changes to what is there.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

struct Target {
  std::string entity, column;
};

// "users.name", "address of customers", "the phone", "customers": a column, or a table when it is one.
Target target_of(Reading& reading, Range range, const std::string& owner = "") {
  const auto noun = reading.attribute(range);
  if (noun.owner.empty() && owner.empty()) {
    if (const auto* table = reading.tables().find(noun.name)) return {table->name, ""};
  }
  Target target{owner.empty() ? noun.owner : owner, noun.name};
  if (const auto* table = reading.tables().find(target.entity)) {
    target.entity = table->name;
    if (const auto column = Tables::column(*table, target.column); !column.empty()) target.column = column;
  }
  if (target.entity.empty()) target.entity = reading.owner_of(noun);
  return target;
}

Target target_in(Reading& reading, const Captures& captures) {
  const auto owner = captures.has('X') ? reading.entity(captures.at('X')).name : "";
  return target_of(reading, captures.at('A'), owner);
}

Statement& start(Reading& reading, Meaning meaning, const Target& target) {
  auto& statement = reading.add(meaning);
  statement.subject = target.entity;
  if (!target.column.empty()) statement.names = {target.column};
  reading.about(target.entity);
  reading.about_attribute(target.column);
  return statement;
}

void rename(Reading& reading, const Captures& captures) {
  const bool table_named =
      reading.has({reading.range().begin, captures.at('A').begin + 1}, {"table"}) || reading.has(captures.at('A'), {"table"});
  auto target = target_in(reading, captures);
  const auto noun = reading.attribute(captures.at('A'));
  const bool thing = noun.owner.empty() && !captures.has('X') && target.entity.empty() &&
                     (Words::get().classes(entity_name(noun.name)) & bit(WordClass::noun)) != 0 &&
                     (Words::get().classes(entity_name(noun.name)) & bit(WordClass::attribute)) == 0;
  if ((table_named || thing) && noun.owner.empty()) target = {entity_name(noun.name), ""};
  auto& statement = start(reading, Meaning::rename, target);
  const auto to = reading.attribute(captures.at('B'));
  statement.name = to.name;
}

void split(Reading& reading, const Captures& captures) {
  const auto target = target_in(reading, captures);
  std::vector<std::string> into;
  for (const auto& item : reading.items(captures.at('L'), target.entity)) into.push_back(item.attribute.name);
  auto& statement = start(reading, Meaning::split, target);
  statement.others = into;
  Decision decision;
  decision.id = dashed((target.entity.empty() ? "" : entity_name(target.entity) + "-") + target.column) + "-split-failures";
  decision.question = "What happens to values of " + replace_all(target.column, "_", " ") + " that can not be split?";
  decision.options = {{"keep", "the old column stays until each is settled", "Nothing is lost; two places for a while."},
                      {"first", "the whole text goes into the first column", "One place at once; some values are wrong."}};
  decision.reason = "A value that is not understood must not be lost.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

// "move street, city from customers to addresses"
void move(Reading& reading, const Captures& captures) {
  const auto from = reading.entity(captures.at('X'));
  std::vector<std::string> names;
  for (const auto& item : reading.items(captures.at('L'), from.name)) names.push_back(item.attribute.name);
  const auto to = reading.entity(captures.at('Y'));
  auto& statement = reading.add(Meaning::split);
  statement.subject = from.name;
  statement.others = names;
  statement.object = to.name;
  reading.about(from.name);
}

void merge(Reading& reading, const Captures& captures) {
  const auto one = reading.entity(captures.at('X'));
  const auto other = reading.entity(captures.at('Y'));
  auto& statement = reading.add(Meaning::merge);
  statement.subject = one.name;
  statement.object = other.name;
  reading.about(one.name);
  const auto pair = dashed(entity_name(one.name) + "-" + entity_name(other.name));
  Decision key;
  key.id = pair + "-merge-key";
  key.question = "By what is it seen that two rows are the same?";
  key.options = {{"email", "the same email, ignoring case", "Rows without one stay apart and are listed."},
                 {"none", "not at all: all rows are kept", "Duplicates are merged later, by hand."}};
  key.reason = "An address belongs to one person.";
  key.weight = 3;
  reading.ask(std::move(key));
  Decision wins;
  wins.id = pair + "-merge-wins";
  wins.question = "Which of two different values wins?";
  wins.options = {{"first", "that of " + one.name, "The other is kept in the table of merges."},
                  {"newest", "the one that was changed last", "Needs a time of change in both tables."}};
  wins.reason = "The first one is named first.";
  wins.weight = 2;
  reading.ask(std::move(wins));
}

std::string type_name(std::string_view word) {
  static const std::vector<std::pair<std::string_view, std::string_view>> kTypes = {
      {"string", "text"},           {"int", "integer"},  {"number", "numeric"},
      {"decimal", "numeric"},       {"bool", "boolean"}, {"datetime", "timestamptz"},
      {"timestamp", "timestamptz"}, {"float", "double"}, {"json", "jsonb"}};
  for (const auto& [said, type] : kTypes) {
    if (said == word) return std::string(type);
  }
  return std::string(word);
}

bool type_word(const Tokens& tokens, const Captures& captures) {
  static constexpr std::string_view kTypes[] = {
      "text",    "string", "integer", "int",      "bigint",    "smallint",    "number",   "numeric", "decimal",
      "boolean", "bool",   "date",    "datetime", "timestamp", "timestamptz", "time",     "uuid",    "json",
      "jsonb",   "float",  "double",  "varchar",  "bytea",     "inet",        "interval", "money"};
  return std::ranges::find(kTypes, tokens[captures.at('w').begin].text) != std::end(kTypes);
}

void ask_phone(Reading& reading, const Target& target) {
  Decision decision;
  decision.id = dashed((target.entity.empty() ? "" : entity_name(target.entity) + "-") + target.column) + "-lost-zeros";
  decision.question =
      "Leading zeros of " + replace_all(target.column, "_", " ") + " were lost when it was a number: can they be restored?";
  decision.options = {{"as-is", "no: take the digits as they are",
                       "Some numbers stay wrong until somebody corrects them; the CHECK is added NOT VALID."},
                      {"prefix", "yes: put back a known prefix", "One UPDATE with the prefix that you name."}};
  decision.reason = "What was lost is not in the data.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

void change_type(Reading& reading, const Captures& captures) {
  const auto target = target_in(reading, captures);
  auto& statement = start(reading, Meaning::change, target);
  statement.action = "type";
  statement.condition = type_name(reading.tokens()[captures.at('w').begin].text);
  if (statement.condition == "text" && reading.has(reading.range(), {"integer", "int", "number", "numeric", "bigint"}))
    ask_phone(reading, target);
}

void change_rule(Reading& reading, const Captures& captures) {
  const auto target = target_in(reading, captures);
  const auto range = reading.range();
  auto& statement = start(reading, Meaning::change, target);
  const Range after{captures.at('A').end, range.end};
  statement.action = reading.has(after, {"unique"})                 ? "unique"
                     : reading.has(after, {"optional", "nullable"}) ? "optional"
                     : reading.has(after, {"longer", "bigger", "wider"}) ||
                             reading.has({range.begin, captures.at('A').begin}, {"increase", "widen", "extend"})
                         ? "longer"
                         : "required";
  if (captures.has('n')) statement.condition = fmt::format("{}", reading.number(captures.at('n')).value_or(0));
}

void drop(Reading& reading, const Captures& captures) {
  const bool table = captures.has('Y');
  Target target;
  if (table) {
    target.entity = reading.entity(captures.at('Y')).name;
    start(reading, Meaning::drop, target);
    return;
  }
  const auto owner = captures.has('X') ? reading.entity(captures.at('X')).name : "";
  std::vector<std::string> names;
  for (const auto& item : reading.items(captures.at(captures.has('L') ? 'L' : 'A'), owner)) {
    const auto one = target_of(reading, item.noun.range, owner);
    if (target.entity.empty()) target.entity = one.entity;
    if (!one.column.empty()) names.push_back(one.column);
  }
  if (names.size() == 1 && owner.empty() && target.entity.empty()) {
    const auto name = entity_name(names[0]);
    if ((Words::get().classes(name) & bit(WordClass::noun)) != 0 && (Words::get().classes(name) & bit(WordClass::attribute)) == 0)
      target.entity = name, names.clear();
  }
  auto& statement = start(reading, Meaning::drop, target);
  statement.names = names;
  Decision decision;
  decision.id = dashed(entity_name(target.entity) + (names.empty() ? "" : "-" + names[0])) + "-drop";
  decision.question = "The values in it are lost. Drop it at once?";
  decision.options = {{"later", "stop using it now, drop it in a later release", "Can be undone until then."},
                      {"now", "drop it now", "Down brings back the column, not what was in it."}};
  decision.reason = "What is dropped can not be brought back.";
  decision.weight = 2;
  reading.ask(std::move(decision));
}

void turn_into(Reading& reading, const Captures& captures) {
  const auto target = target_in(reading, captures);
  auto& statement = start(reading, Meaning::turn_into, target);
  const Range into{captures.at('A').end, reading.range().end};
  statement.action = reading.has(into, {"lookup", "reference", "table"}) ? "lookup"
                     : reading.has(into, {"enum", "enumeration"})        ? "enum"
                     : reading.has(into, {"json", "jsonb"})              ? "jsonb"
                     : reading.has(into, {"check"})                      ? "check"
                                                                         : "columns";
}

void partition(Reading& reading, const Captures& captures) {
  const auto table = reading.entity(captures.at('X'));
  std::string column;
  if (captures.has('A')) column = reading.attribute(captures.at('A')).name;
  if (const auto* known = reading.tables().find(table.name)) {
    if (const auto found = Tables::column(*known, column); !found.empty()) column = found;
  }
  auto& statement = reading.add(Meaning::partition, table);
  if (!column.empty()) statement.names = {column};
  statement.action = reading.has(reading.range(), {"hash"})   ? "hash"
                     : reading.has(reading.range(), {"list"}) ? "list"
                     : reading.has(reading.range(), {"range", "month", "monthly", "day", "daily", "week", "year", "date", "time"})
                         ? "range"
                         : "";
}

void index(Reading& reading, const Captures& captures) {
  const auto table = reading.entity(captures.at('X'));
  const auto list = captures.has('P') ? Range{captures.at('P').begin + 1, captures.at('P').end - 1} : captures.at('L');
  std::vector<std::string> names;
  const auto* known = reading.tables().find(table.name);
  for (const auto& item : reading.items(list, table.name)) {
    auto name = item.attribute.name;
    if (known != nullptr) {
      if (const auto found = Tables::column(*known, name); !found.empty()) name = found;
    }
    names.push_back(name);
  }
  auto& statement = reading.add(Meaning::index, table);
  statement.names = names;
  if (reading.has(reading.range(), {"unique"})) statement.options["unique"] = "yes";
}

// "… without downtime", "online"
void online(Reading& reading, const Captures&) {
  auto* last = reading.last();
  if (last == nullptr) return reading.reject();
  last->options["online"] = "yes";
  last->span.end = span_of(reading.tokens(), reading.range()).end;
}

// ", they are the same"
void remark(Reading& reading, const Captures&) {
  auto* last = reading.last();
  if (last != nullptr) last->span.end = span_of(reading.tokens(), reading.range()).end;
}

}  // namespace

std::vector<Rule> change_rules() {
  return {
      {"S48",
       {"rename [the] [column|field|attribute|table] <A> of|in|on|from [the|a] <X> [table] to|as|into <B> $",
        "rename [the] [column|field|attribute|table] <A> [column|field|table] to|as|into <B>",
        "change [the] name of [the] [column|field|table] <A> to <B>",
        "<A> should|must|needs [now] [to] be called|named|renamed [to] <B>", "call <A> <B> from now on"},
       rename},
      {"S49",
       {"split|break|divide|separate [up] [the] [column|field] <A> of|in|on [the|a|each] <X> [up] into <L>",
        "split|break|divide|separate [up] [the] [column|field] <A> [column|field] [up] into <L>",
        "<A> should|must be split into <L>"},
       split},
      {"S49",
       {"move|extract [the] [columns|column|fields] <L> from|out|of [of] [the] <X> [table] to|into [a|the|its] "
        "[own|new|separate] <Y> [table]"},
       move},
      {"S50",
       {"merge|combine|unify|consolidate|join [the] [tables] <X> and|with|into [the] <Y> [tables] [into] [one|a] [single|table]",
        "<X> and <Y> are [really|actually] [the] same [thing] , merge them"},
       merge},
      {"S51",
       {"change|convert|make|turn|alter|migrate|switch|cast [the] [column|field|type] [of] [the] <A> of|in|on [the] <X> [from] "
        "[a|an] [integer|int|text|string] [to|into|a|an] <w>",
        "change|convert|make|turn|alter|migrate|switch|cast [the] [type|column|field] [of] [the] <A> [column|field|type] [from] "
        "[a|an] [integer|int|text|string|varchar|float] [to|into|be] [a|an] <w>",
        "<A> [of|in <X>] should|must|needs|ought [to] [be|become] [a|an] [stored] [as] <w> [[,] [and] [not|rather|instead] "
        "[of|than|as] [a|an] [integer|int|text|string|number|numeric|float|bigint|varchar|date]]",
        "<A> is|are [a|an] <w> [but|and] should [be] [<w>]", "store <A> as [a|an] <w>"},
       change_type,
       type_word},
      {"S51",
       {"make [the] <A> of|in|on [the|a|each] <X> required|mandatory|optional|nullable|unique|longer|bigger|wider [[up] to] "
        "[<n>] [characters]",
        "make [the] <A> [column|field] required|mandatory|optional|nullable|longer|bigger|wider [up] [to] [<n>] [characters]",
        "increase|widen|extend [the] [length|size|limit] [of] [the] <A> to <n> [characters]", "allow longer <A>"},
       change_rule},
      {"S52",
       {"drop|remove|delete|eliminate|kill [the] [table] <Y> table $", "drop|remove|delete [the] table <Y>",
        "get rid of [the] table <Y>", "get rid of [the] <Y> table", "<Y> table is|are no longer needed|used|required",
        "<Y> table is|are not needed|used|required [any] [more|anymore]", "<Y> table is|are obsolete|unused",
        "we no longer need|use [the] <Y> table", "we {do not / dont} need|use [the] <Y> table [any] more|anymore"},
       drop},
      {"S52",
       {"drop|remove|delete|eliminate [the] <A> column|field from|of|in|on [the] <X>",
        "drop|remove|delete|eliminate [the] [column|columns|field|fields] <L> from|of|in|on [the] <X>",
        "get rid of [the] [column|columns|field] <L> [from|of|in|on [the] <X>]",
        "drop|remove|delete [the] column|columns|field|fields <L>", "drop|remove [the] <L> [column|columns|field|fields]",
        "no longer need|use|store [the] <L> [column|field|columns] [in|of|on [the] <X>]",
        "{do not / dont} need|use|store [the] <L> [column|field|columns] [any] more|anymore [in|of|on [the] <X>]"},
       drop},
      {"S53",
       {"turn|make|convert|change|transform|extract [the] [column|field] <A> of|in|on [the] <X> [in] into|to|a [a|an] "
        "[separate|own|lookup|reference|check|json] lookup|enum|jsonb|json|columns|check|reference|table|enumeration "
        "[table|constraint|type|column]",
        "turn|make|convert|change|transform|extract [the] [column|field] <A> into|to|a [a|an|its] "
        "[separate|own|lookup|reference|check|new] lookup|enum|jsonb|json|columns|check|reference|table|enumeration "
        "[table|constraint|type|column]",
        "<A> should|must be [a|an|its] [own] lookup|enum|reference|jsonb|json [table]"},
       turn_into},
      {"S54",
       {"partition [the] <X> [table] by|on|using|per [the] [range|list|hash] [of] [on] <A>",
        "partition [the] <X> [table] [by] monthly|daily|weekly|yearly",
        "<X> [table] should|must [be] partitioned by|on [range|list|hash] [of] <A>",
        "split [the] <X> table by month|day|year|week"},
       partition},
      {"S54",
       {"[add|create|make|put|build|need|want] [a|an|the] [unique|composite|new|compound|multi-column] index|indexes|indices "
        "on|for|to [the] <X> <P>",
        "[add|create|make|put|build|need|want] [a|an|the] [unique|composite|new|compound] index|indexes on|for|over [the] "
        "[columns] <L> of|in|on|to|for [the] <X>",
        "index [the] <X> by|on [the] <L>", "index <X> <P>", "[add|create] [a|an] index on|to <X> for|by|on <L>",
        "index [the] <L> of|in|on [the] <X>", "[add|create|make|put|need] [a|an|the] [unique|composite|new] index on <L>"},
       index},
      {"S48",
       {"without [any] downtime|outage|interruption|locking", "[with] [no|zero|without] [any] downtime", "[with] zero - downtime",
        "online", "zero-downtime", "no downtime", "while [it|the] [system|database|app] is|stays|keeps running|online"},
       online,
       nullptr,
       true},
      {"S50",
       {"[as|because|since] they|these|both|it [are|is|mean|means] [really|actually|the|all] [the] same [thing|things|table]"},
       remark,
       nullptr,
       true},
  };
}

}  // namespace pga::request
