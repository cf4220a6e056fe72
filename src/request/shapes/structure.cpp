// S1 to S6: tables and what is in them.
#include <algorithm>

#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

// What a list says of its owner: attributes in one statement, things of their own as relations.
void take_items(Reading& reading, const Noun& owner, std::vector<Item> items, bool new_entity) {
  std::vector<Item> relations;
  std::erase_if(items, [&](const Item& item) {
    if (item.entity) relations.push_back(item);
    return item.entity;
  });
  const bool open = std::ranges::any_of(items, &Item::open);
  if (!items.empty() || new_entity) {
    auto& statement = reading.add(new_entity ? Meaning::entity : Meaning::attributes, owner);
    for (auto& item : items) statement.attributes.push_back(item.attribute);
    if (open) statement.options["open"] = "yes";
  }
  if (open) {
    reading.assume("R-open-list", "“etc.”: only the attributes that are named are made", "name the others");
  }
  for (const auto& item : items) {
    if (!item.noun.owner.empty() && item.noun.owner != owner.name) reading.about(owner.name);
    ask_entity_or_attribute(reading, owner, item);
  }
  for (const auto& item : relations) relate_owned(reading, owner, item);
}

void new_table(Reading& reading, const Captures& captures) {
  const auto table = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::entity, table);
  statement.subject = table.name;
  if (captures.has('L')) {
    reading.last()->attributes.clear();
    auto items = reading.items(captures.at('L'), table.name);
    std::vector<Item> relations;
    for (auto& item : items) {
      if (item.entity) {
        relations.push_back(item);
      } else {
        reading.last()->attributes.push_back(item.attribute);
      }
    }
    for (const auto& item : relations) relate_owned(reading, table, item);
  }
}

void several_tables(Reading& reading, const Captures& captures) {
  for (const auto& item : reading.items(captures.at('L'), "")) {
    auto noun = item.noun;
    const auto* known = reading.tables().find(noun.name);
    noun.name = known != nullptr ? known->name : entity_name(noun.name);
    reading.declare(noun.name, true);
    reading.add(Meaning::entity, noun);
  }
}

void has_list(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  take_items(reading, owner, reading.items(captures.at(captures.has('L') ? 'L' : 'A'), owner.name), false);
}

// "may have one profile": a thing that is counted, or known as one.
bool counted_thing(const Reading& reading, const Item& item) {
  const auto range = item.noun.range;
  if (range.empty()) return false;
  const auto& tokens = reading.tokens();
  const bool one = tokens[range.begin].text == "one" || tokens[range.begin].text == "single" ||
                   (range.begin > 0 && (tokens[range.begin - 1].text == "one" || tokens[range.begin - 1].text == "single"));
  const auto& last = tokens[range.end - 1];
  return !last.is(WordClass::attribute) && (one || last.is(WordClass::noun));
}

void optional_list(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  auto items = reading.items(captures.at('L'), owner.name);
  for (auto& item : items) {
    if (!item.attribute.optional) item.attribute.optional = true;
    if (item.attribute.type.empty() && item.attribute.values.empty() && counted_thing(reading, item)) item.entity = true;
    if (item.noun.side == Side::one || item.noun.side == Side::unknown) item.noun.side = Side::at_most_one;
  }
  take_items(reading, owner, std::move(items), false);
}

void information_about(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  take_items(reading, owner, captures.has('L') ? reading.items(captures.at('L'), owner.name) : std::vector<Item>{}, true);
}

// "we store the customer's SSN", "record the price of a product".
void store_attribute(Reading& reading, const Captures& captures) {
  const auto range = captures.at('L');
  auto items = reading.items(range, "");
  const bool owned = !items.empty() && !items[0].noun.owner.empty();
  Noun owner;
  owner.name = captures.has('X') ? reading.entity(captures.at('X')).name : owned ? items[0].noun.owner : reading.subject();
  if (const auto* table = reading.tables().find(owner.name)) owner.name = table->name;
  take_items(reading, owner, std::move(items), false);
}

void identified(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::key, owner);
  std::vector<std::string> names;
  for (const auto& item : reading.items(captures.at('L'), owner.name)) names.push_back(item.attribute.name);
  statement.names = names;
}

void unique_attribute(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  std::vector<Item> items = reading.items(captures.at('L'), owner.name);
  if (!items.empty()) items[0].attribute.unique = true;
  for (auto& item : items) item.entity = false;
  std::vector<std::string> names;
  if (!items.empty()) names = {items[0].attribute.name};
  take_items(reading, owner, items, false);
  reading.add(Meaning::unique, owner).names = names;
}

void literal(Reading& reading, const Captures& captures) {
  const auto owner = reading.entity(captures.at('X'));
  const auto group = captures.at('P');
  auto& statement = reading.add(Meaning::entity, owner);
  (void)statement;
  std::vector<Attribute> attributes;
  for (size_t at = group.begin + 1; at + 1 < group.end;) {
    size_t end = at;
    while (end + 1 < group.end && reading.tokens()[end].text != ",") ++end;
    bool optional = end > at && reading.tokens()[end - 1].text == "?";
    const size_t name_end = optional ? end - 1 : end;
    if (name_end > at) {
      for (auto& item : reading.items({at, name_end}, owner.name)) {
        if (optional) item.attribute.optional = true;
        attributes.push_back(item.attribute);
      }
    }
    at = end + 1;
  }
  reading.last()->attributes = std::move(attributes);
}

// Rails: comment body:text user:references
void rails(Reading& reading, const Captures& captures) {
  const auto range = reading.range();
  Noun owner = reading.entity(captures.at('X'));
  std::vector<Attribute> attributes;
  const auto& tokens = reading.tokens();
  for (size_t at = captures.at('X').end; at + 2 < range.end + 0; ++at) {
    if (tokens[at + 1].text != ":" || tokens[at + 2].span.begin != tokens[at + 1].span.end) continue;
    Attribute one;
    one.name = snake_case(tokens[at].text);
    one.type = tokens[at + 2].text;
    one.span = span_of(tokens, {at, at + 3});
    if (one.type == "references" || one.type == "belongs_to") {
      one.references = entity_name(one.name);
      if (const auto* table = reading.tables().find(one.references)) one.references = table->name;
      one.type.clear();
    }
    attributes.push_back(std::move(one));
    at += 2;
  }
  reading.add(Meaning::entity, owner).attributes = std::move(attributes);
}

// "no comments table" is a wish not to have one.
bool wanted(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('X');
  for (size_t at = range.begin > 0 ? range.begin - 1 : 0; at < range.end; ++at) {
    if (tokens[at].is(WordClass::neg)) return false;
  }
  return true;
}

// "keep logs for 90 days" says how long, not of what.
bool owner_is_thing(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('X');
  for (size_t at = range.begin; at < range.end; ++at) {
    if (tokens[at].has_number || tokens[at].is(WordClass::time)) return false;
  }
  return true;
}

// "comment body:text" is a list of typed columns, not a heading with a list.
bool plain_list(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('L');
  for (size_t at = range.begin; at < range.end; ++at) {
    if (tokens[at].text == ":") return false;
  }
  return true;
}

// "a category contains other categories": S23.
bool not_itself(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('L');
  static constexpr std::string_view kIdle[] = {"fun", "luck", "time", "trouble", "questions", "problems", "doubts"};
  if (range.size() == 1 && std::ranges::find(kIdle, tokens[range.begin].text) != std::end(kIdle)) return false;
  return range.empty() || (tokens[range.begin].text != "other" && tokens[range.begin].text != "another");
}

// "body:text" without a space, unlike "Shifts: each shift has a start".
bool typed(const Tokens& tokens, const Captures& captures) {
  const size_t name = captures.at('X').end;
  return name + 2 < tokens.size() && tokens[name + 1].text == ":" && tokens[name + 1].span.begin == tokens[name].span.end &&
         tokens[name + 2].span.begin == tokens[name + 1].span.end;
}

}  // namespace

std::vector<Rule> structure_rules() {
  return {
      {"S1",
       {"@create [@det] [table|entity] <X> table|entity [{with|having|containing|=for|including [the] "
        "[fields|columns|attributes] [:] / that|which has|have|contains|stores|includes} <L>]",
        "[@create] [a|an|the] [new] table|entity [called|named|for|of] <X> [{with|having|containing [the] "
        "[fields|columns|attributes] [:] / that|which has|have|contains|stores|includes} <L>]",
        "<X> table [{with|having|containing [the] [fields|columns|attributes] [:] / that|which "
        "has|have|contains|stores|includes} <L>]"},
       new_table,
       wanted},
      {"S1", {"@create [@det] tables|entities for|: <L>", "[the] [main|following] tables|entities are|: <L>"}, several_tables},
      {"S3",
       {"@record|have|need [the|some|all] [basic|general|following] information|info|data|details about|of|on|for "
        "[each|every|all|the|our] <X> [[,] {such as / like / including / include / : / namely / =i.e / =e.g} [the] [following] "
        "[:] <L>]",
        "<X> information|info|data|details|record include|contain|consist [of] [:] <L>",
        "@record|manage [the] <X> with|:|including|such|like|, [as] [their|its|the] <L> $"},
       information_about},
      {"S26",
       {"for each|every|a|an|the|our|all <X> [,] [we|i|you|they] [need|want|must|should|have|like|would|will|can] [to] "
        "@record|have|know [the|these] [following] [details|fields] [:] <L>",
        "[on|with|at] each|every <X> [,] we|i|they [need|want|must|should|have|like|would|will|can] [to] @record|know [:] <L>"},
       information_about},
      {"S3",
       {"=store|=record|=save|=track|=keep|=register|=collect [the|a|an] <L> [for|of|on|in|about] [each|every|the|a|an|all] <X> "
        "$"},
       store_attribute,
       owner_is_thing},
      {"S3", {"=store|=record|=save|=register|=collect [the|a|an] <L>"}, store_attribute},
      {"S5",
       {"<X> is|are [uniquely] identified|known|identifiable [only] by [its|their|the|a|an] <L>",
        "<L> [uniquely] identifies [a|an|the|each] <X>",
        "[the] primary|natural|composite|unique key|identifier of|for [a|an|the|each] <X> is|are [:] <L>",
        "<X> has|have [a] [primary|natural|composite] key [of|on] <L>", "primary key of|for <X> [is|:] <L>"},
       identified},
      {"S4",
       {"<X> [must|should] has|have [a|an] [its|their] [own] unique <L>",
        "each|every <X> [must|should] have [a|an] [its] [own] unique <L>"},
       unique_attribute},
      {"S2",
       {"<X> [must|should|will|shall|always] has|have|with [the] [following] [fields|attributes|columns|properties|information] "
        "[:] <L>",
        "<X> [must|should|will|shall] include|includes|contains|contain|carry|carries|feature|store|stores|record|records [the] "
        "[following] [fields|attributes|columns|properties|information|details] [:] <L>",
        "<X> [table] needs|need|requires [the] [following] [fields|attributes|columns|properties] [:] <L>",
        "=with [the] [following] [fields|attributes|columns|properties] [:] <L>",
        "add [the|a|an] [column|columns|field|fields|attribute|attributes] <L> to [the|each|every|all] <X>",
        "add [the|a|an] column|field|attribute <L> [to] <X> $",
        "add [the|a|an] [new] <A> column|field|attribute to|on [the|each|every|all] <X> $"},
       has_list,
       not_itself},
      {"S2", {"<X> : <L>"}, has_list, plain_list},
      {"S2",
       {"<X> can|may|could [also] [optionally] have|has [an|a] [optional] <L>", "<X> optionally has|have <L>"},
       optional_list},
      {"S6", {"<X> <P> $", "table|entity <X> <P>"}, literal},
      {"S6", {"[rails] [generate|g] [model|scaffold] <X> <w> : <w> [<R>] $"}, rails, typed},
  };
}

}  // namespace pga::request
