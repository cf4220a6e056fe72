// S34 to S40: how things are looked up, how often, how many there are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "request/reading.h"
#include "request/shape.h"
#include "request/shapes/filters.h"
#include "request/shapes/relate.h"

namespace pga::request {

namespace {

void slow(Reading& reading, const Captures& captures) {
  const auto table = reading.entity(captures.at('X'));
  // A waiter may be slow too.
  const bool of_data = table.known || reading.subject_declared(table.name) ||
                       reading.has(reading.range(), {"query", "queries", "table", "list", "listing", "search", "searching",
                                                     "page", "report", "lookup", "view", "load", "read", "filter", "filtering",
                                                     "filtered", "select", "selecting", "finding"});
  if (!of_data) return reading.reject();
  reading.add(Meaning::slow, table);
  if (captures.has('L')) {
    const auto filters = filters_of(reading, captures.at('L'), table);
    reading.last()->filters = filters;
  }
  if (captures.has('M')) {
    const auto order = orders_of(reading, captures.at('M'), table);
    reading.last()->order = order;
  }
  ask_about_filters(reading, Statement(*reading.last()));
}

// "upcoming events", "published posts": what the adjective filters.
void adjective_filter(Reading& reading, const Captures& captures, const Noun& table, std::vector<Filter>& filters) {
  if (!captures.has('w')) return;
  const auto& word = reading.tokens()[captures.at('w').begin].text;
  if (word == "upcoming" || word == "future") {
    const auto column = resolve_column(reading, table, "date");
    filters.push_back(
        {column == "date" && reading.tables().find(table.name) == nullptr ? "starts_at" : column, "range", "after now"});
  } else if (word == "past") {
    const auto column = resolve_column(reading, table, "date");
    filters.push_back(
        {column == "date" && reading.tables().find(table.name) == nullptr ? "starts_at" : column, "range", "before now"});
  } else if (word == "active" || word == "inactive") {
    filters.push_back({"active", "equal", word == "active" ? "true" : "false"});
  } else {
    filters.push_back({resolve_column(reading, table, "status"), "equal", snake_case(word)});
  }
}

void access(Reading& reading, const Captures& captures) {
  const auto table = reading.entity(captures.at('X'));
  std::vector<Filter> filters;
  reading.add(Meaning::access, table);
  adjective_filter(reading, captures, table, filters);
  if (captures.has('Y')) {
    const auto parent = reading.entity(captures.at('Y'));
    filters.push_back({entity_name(parent.name) + "_id", "equal", ""});
    reading.about(table.name);
  }
  if (captures.has('L')) {
    for (auto& filter : filters_of(reading, captures.at('L'), table)) filters.push_back(filter);
  }
  auto& statement = *reading.last();
  statement.filters = filters;
  if (captures.has('B')) statement.filters.push_back({reading.attribute(captures.at('B')).name, "contains", ""});
  if (captures.has('n')) {
    statement.rate = reading.number(captures.at('n')).value_or(0);
  }
}

Statement* of_use(Reading& reading) {
  auto* last = reading.last();
  if (last == nullptr) return nullptr;
  return last->meaning == Meaning::access || last->meaning == Meaning::slow || last->meaning == Meaning::ranking ||
                 last->meaning == Meaning::aggregate
             ? last
             : nullptr;
}

Noun table_of(const Reading& reading, const Statement& statement) {
  (void)reading;
  Noun noun;
  noun.name = statement.subject;
  return noun;
}

// ", newest first", ", soonest first", ", sorted by name"
void order_words(Reading& reading, const Captures& captures) {
  auto* statement = of_use(reading);
  if (statement == nullptr) return reading.reject();
  const auto table = table_of(reading, *statement);
  const auto range = reading.range();
  std::vector<Order> order;
  if (captures.has('M')) {
    order = orders_of(reading, captures.at('M'), table);
    if (reading.has(range, {"desc", "descending", "newest", "latest"}) && !order.empty()) order.back().descending = true;
  } else {
    const bool time_first = reading.has(range, {"newest", "latest", "recent", "oldest", "earliest", "soonest"});
    const bool starts = reading.has(range, {"soonest", "earliest"}) ||
                        std::ranges::any_of(statement->filters,
                                            [](const Filter& filter) { return filter.kind == "range" && !filter.value.empty(); });
    if (time_first) {
      std::string column;
      for (const auto& filter : statement->filters) {
        if (filter.kind == "range" && !filter.value.empty()) column = filter.column;
      }
      if (column.empty()) column = resolve_column(reading, table, starts ? "date" : "newest");
      if (column == "date") column = "starts_at";
      if (column == "newest") column = "created_at";
      order.push_back({column, reading.has(range, {"newest", "latest", "recent"})});
    } else if (reading.has(range, {"cheapest", "dearest"}) || (reading.has(range, {"expensive"}))) {
      order.push_back({resolve_column(reading, table, "price"), !reading.has(range, {"cheapest"})});
    } else if (reading.has(range, {"alphabetical", "alphabetically"})) {
      order.push_back({resolve_column(reading, table, "name"), false});
    } else if (reading.has(range, {"time"})) {
      order.push_back(
          {resolve_column(reading, table, "date") == "date" ? "starts_at" : resolve_column(reading, table, "date"), false});
    } else {
      order.push_back({resolve_column(reading, table, "rating"), true});
    }
  }
  statement = of_use(reading);
  statement->order = order;
  statement->span.end = span_of(reading.tokens(), range).end;
}

double per_second(std::string_view unit) {
  if (unit.starts_with("min")) return 1.0 / 60;
  if (unit.starts_with("h")) return 1.0 / 3600;
  if (unit.starts_with("d")) return 1.0 / 86400;
  return 1;
}

void page_words(Reading& reading, const Captures& captures) {
  auto* statement = of_use(reading);
  if (statement == nullptr) return reading.reject();
  statement->page = static_cast<std::int64_t>(reading.number(captures.at('n')).value_or(0));
  statement->span.end = span_of(reading.tokens(), reading.range()).end;
}

void rate_words(Reading& reading, const Captures&) {
  auto* statement = of_use(reading);
  if (statement == nullptr) return reading.reject();
  statement->shape = "S36";
  statement->rate = 10.0;
  statement->span.end = span_of(reading.tokens(), reading.range()).end;
  reading.assume("R-often", "“often” is taken as 10 times a second", "say how often: 50 per second");
}

std::string_view time_unit(const Reading& reading, Range range) {
  for (const std::string_view unit : {"second", "minute", "hour", "day"}) {
    if (reading.has(range, {unit})) return unit;
  }
  return "second";
}

void rate_words_n(Reading& reading, const Captures& captures) {
  auto* statement = of_use(reading);
  if (statement == nullptr) return reading.reject();
  statement->shape = "S36";
  statement->rate = reading.number(captures.at('n')).value_or(0) * per_second(time_unit(reading, reading.range()));
  statement->span.end = span_of(reading.tokens(), reading.range()).end;
}

void target_words(Reading& reading, const Captures& captures) {
  const auto number = reading.number(captures.at('n')).value_or(0);
  const bool seconds = reading.has(reading.range(), {"second", "seconds"});
  auto* statement = of_use(reading);
  if (statement == nullptr) {
    auto& made = reading.add(Meaning::access);
    made.subject = reading.subject();
    statement = &made;
  }
  statement->shape = "S40";
  statement->target_ms = number * (seconds ? 1000 : 1);
  statement->span.end = span_of(reading.tokens(), reading.range()).end;
}

// "starts_at after now": a condition on the filter that was named last.
void since_now(Reading& reading, const Captures&) {
  auto* statement = of_use(reading);
  if (statement == nullptr || statement->filters.empty()) return reading.reject();
  statement->filters.back().kind = "range";
  statement->filters.back().value = reading.has(reading.range(), {"before"}) ? "before now" : "after now";
  statement->span.end = span_of(reading.tokens(), reading.range()).end;
}

void concurrent_users(Reading& reading, const Captures& captures) {
  auto& statement = reading.add(Meaning::convention);
  statement.name = "concurrent_users";
  statement.condition = std::to_string(static_cast<std::int64_t>(reading.number(captures.at('n')).value_or(0)));
}

double per_day(const Reading& reading, Range word) {
  if (reading.has(word, {"second"})) return 86400;
  if (reading.has(word, {"minute"})) return 1440;
  if (reading.has(word, {"hour", "hourly"})) return 24;
  if (reading.has(word, {"week", "weekly"})) return 1.0 / 7;
  if (reading.has(word, {"month", "monthly"})) return 12.0 / 365;
  if (reading.has(word, {"year", "yearly"})) return 1.0 / 365;
  if (reading.has(word, {"quarter"})) return 4.0 / 365;
  return 1;
}

void volume(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::volume, subject);
  const double number = reading.number(captures.at('n')).value_or(0);
  if (captures.has('w')) {
    statement.growth_per_day = number * per_day(reading, captures.at('w'));
  } else {
    statement.count = static_cast<std::int64_t>(number);
  }
  reading.about(subject.name);
}

void volume_rate(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::volume, subject);
  const Range after{std::max(captures.at('X').end, captures.at('n').end), reading.range().end};
  statement.growth_per_day = reading.number(captures.at('n')).value_or(0) * per_day(reading, after);
  reading.about(subject.name);
}

bool rate_of_rows(const Tokens& tokens, const Captures& captures) {
  if (captures.has('w') && !tokens[captures.at('w').begin].is(WordClass::time)) return false;
  const auto range = captures.at('X');
  return !range.empty() && tokens[range.end - 1].is_word() && !tokens[range.end - 1].is(WordClass::time);
}

void growth(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::volume, subject);
  if (reading.has(captures.at('n'), {"%", "percent"})) {
    statement.options["growth"] = fmt::format("{}%", reading.number(captures.at('n')).value_or(0)) +
                                  (captures.has('w') ? " per " + Words::get().singular(reading.words(captures.at('w'))) : "");
  } else {
    statement.growth_per_day =
        reading.number(captures.at('n')).value_or(0) * (captures.has('w') ? per_day(reading, captures.at('w')) : 1);
  }
}

void mostly(Reading& reading, const Captures&) {
  auto* last = reading.last();
  if (last == nullptr) return reading.reject();
  if (last->meaning == Meaning::volume || last->meaning == Meaning::entity) {
    last->options[reading.has(reading.range(), {"read", "reads", "read-heavy"}) ? "reads" : "append"] = "yes";
    last->span.end = span_of(reading.tokens(), reading.range()).end;
  }
}

void ranking(Reading& reading, const Captures& captures) {
  const auto subject = reading.entity(captures.at('X'));
  auto& statement = reading.add(Meaning::ranking, subject);
  if (captures.has('n')) statement.count = static_cast<std::int64_t>(reading.number(captures.at('n')).value_or(0));
  if (captures.has('A')) statement.names = {reading.attribute(captures.at('A')).name};
  if (captures.has('w')) statement.scope = Words::get().singular(reading.tokens()[captures.at('w').begin].text);
  if (reading.has(reading.range(), {"daily", "weekly", "monthly", "yearly"})) {
    statement.scope = reading.has(reading.range(), {"daily"})     ? "day"
                      : reading.has(reading.range(), {"weekly"})  ? "week"
                      : reading.has(reading.range(), {"monthly"}) ? "month"
                                                                  : "year";
  }
  if (!captures.has('A')) {
    const auto entity = entity_name(subject.name);
    Decision decision;
    decision.id = dashed(entity + "-ranking-by");
    decision.question = "By what are " + replace_all(Words::get().plural(entity), "_", " ") + " ranked?";
    decision.options = {{"amount", "by revenue or points: a sum", "The sum of amounts of each period."},
                        {"count", "by how many", "A count of rows of each period."}};
    decision.reason = "A sum of amounts is what is asked most often.";
    decision.weight = 2;
    reading.ask(std::move(decision));
  }
}

void aggregate(Reading& reading, const Captures& captures) {
  const auto range = reading.range();
  auto& statement = reading.add(Meaning::aggregate);
  const Range verb{range.begin, captures.has('X') ? captures.at('X').begin : captures.at('A').begin};
  statement.action = reading.has(verb, {"sum", "total"}) ? "sum" : reading.has(verb, {"average", "mean"}) ? "average" : "count";
  if (captures.has('A')) {
    const auto attribute = reading.attribute(captures.at('A'));
    const bool thing = reading.tables().find(attribute.name) != nullptr || reading.subject_declared(entity_name(attribute.name));
    if (thing) {
      reading.last()->subject = reading.entity(captures.at('A')).name;
    } else {
      reading.last()->names = {attribute.name};
      reading.last()->subject = reading.owner_of(attribute);
      if (statement.action == "count") reading.last()->action = "sum";
    }
  }
  if (captures.has('X')) reading.last()->subject = reading.entity(captures.at('X')).name;
  std::vector<Filter> per;
  const auto& tokens = reading.tokens();
  const size_t first = captures.has('X') ? captures.at('X').end : captures.at('A').end;
  for (size_t at = first; at < range.end; ++at) {
    const auto& word = tokens[at].text;
    if (word == "per" || word == "by" || word == "each" || word == "and" || word == "every" || word == "," || word == "for" ||
        word == "the")
      continue;
    per.push_back({Words::get().singular(word), "equal", ""});
  }
  reading.last()->filters = per;
}

bool table_like(const Tokens& tokens, const Captures& captures) {
  const auto range = captures.at('X');
  if (range.empty()) return false;
  if (captures.has('n') && (tokens[captures.at('n').end - 1].text == "%" || tokens[captures.at('n').end - 1].text == "percent"))
    return false;
  const auto& last = tokens[range.end - 1];
  return last.is_word() && !last.is(WordClass::time) && last.text != "information" && last.text != "info";
}

bool adjective_known(const Tokens& tokens, const Captures& captures) {
  if (!captures.has('w')) return table_like(tokens, captures);
  static constexpr std::string_view kAdjectives[] = {"upcoming",  "future", "past",    "active",   "inactive", "published",
                                                     "open",      "closed", "pending", "paid",     "unpaid",   "confirmed",
                                                     "cancelled", "draft",  "overdue", "available"};
  return std::ranges::find(kAdjectives, tokens[captures.at('w').begin].text) != std::end(kAdjectives) &&
         table_like(tokens, captures);
}

}  // namespace

std::vector<Rule> use_rules() {
  return {
      {"S35",
       {"<X> query|queries|list|listing|search|page|report|lookup|view [on|for] [is|are|gets|runs|has|have|become|takes|take] "
        "[become] [very|too|really|so|quite|extremely|a|long] slow|slowly|sluggish|forever|long [time] [[when|if|while|for] "
        "[we|i|you|users|filtering|filtered|searching|filter|search|querying|listing|people] [filtering|filter|search|filtered] "
        "[it|them] [by|on|for] <L>] [and|, [when] [sorting|ordered|sorted|ordering|sort|order|sorts] [it|them] by <M>]",
        "[the] query|queries|search|searching|listing|selecting|reading|finding|filtering [on|of|for|from] [the] <X> [table] "
        "[is|are|gets|takes] [very|too|really|so|quite] slow|forever|long [[when|if|while] [we|i] "
        "[filtering|filter|filtered|searching|search] [by|on|for] <L>]",
        "<X> [table] [is|are|gets] [very|too|really|so|quite] slow [to] [query|load|list|search|read] [when|if|while] "
        "[we|i|you|users] [filtering|filter|filtered|searching|search|querying] [it|them] [by|on|for] <L>",
        "<X> [table] [is|are|gets] [very|too|really|so|quite] slow [to] [query|load|list|search|read] $",
        "slow query|queries [on|of|for] [the] <X> [table] [[when|if] [filtering|filtered|filter|searching] [by|on] <L>]",
        "filtering|searching|listing|finding [the] <X> by|on <L> is|are|takes [very|too|really|so|quite] slow|long|forever"},
       slow},
      {"S34",
       {"@list [me|all|out|the|up] [of] [the] [<w>] <X> of|for [a|an|the|one|each] [given|certain|single] <Y> by [their|its|the] "
        "<L>",
        "@list [me|all|out|the|up] [of] [the] [<w>] <X> of|for [a|an|the|one|each] [given|certain|single] <Y> [for|on|in] "
        "[a|one|the] [given|certain] [day|month|week|date] [by [their|its|the] <L>]",
        "@list [me|all|out|the|up] [for] [of] [the] [<w>] <X> by|using|with|on|filtered [by|on] [their|its|the] [a] "
        "[given|certain] <L> [quickly|fast]",
        "@list [me|all|out|the|up] [for] [of] [the] <w> <X>",
        "<X> [are|is|should|must|can|will] [be] searched|found|filtered|looked|listed|searchable|searched [up] "
        "[by|using|with|on] <L> [quickly|fast]",
        "filter|sort|order <X> by <L>", "free|available <X> of|for [a] <Y> between two times|dates",
        "=need|=want [a] list|listing of [the] [all] <X> of|in|for [a|the] <Y> by <L>"},
       access,
       adjective_known},
      {"S34",
       {"[by] newest|latest|oldest|earliest|soonest|cheapest|dearest|best [ones] first", "most recent|expensive first",
        "[in] alphabetical|alphabetically|time [order]",
        "[sorted|ordered|sort|order|sorting|ordering] [alphabetically] by <M> [ascending|descending|asc|desc|first]",
        "latest|newest first", "in [order] [of] time [order]", "highest|lowest rated first"},
       order_words,
       nullptr,
       true},
      {"S34", {"after|before|since now|today"}, since_now, nullptr, true},
      {"S34",
       {"[with] <n> [rows|items|entries|results|=X] [per|a|on|each] [a] page|pages", "[in] pages of <n>", "limit [of|to] <n>",
        "paginated [by] <n>"},
       page_words,
       nullptr,
       true},
      {"S36",
       {"[about|around|up] [to] <n> [times|requests|queries|lookups] [per|a|each|every|/] [a] second|minute|hour [<R>]",
        "[about|up|around] [to] <n> [times|requests|queries] per|a|/|each|every <w> [<R>]"},
       rate_words_n,
       nullptr,
       true},
      {"S36",
       {"[very] often|frequently|constantly|all [the] [time]", "all the time", "a lot", "very often",
        "many times [per|a] [day|second|minute]"},
       rate_words,
       nullptr,
       true},
      {"S40",
       {"[in] within|under|below|in|less|< [less] [than] <n> ms|milliseconds|millisecond|second|seconds",
        "in less than <n> ms|milliseconds|seconds|second",
        "<X> must|should [respond|answer|return|load|take] [in] within|under|less|in [than] <n> ms|milliseconds|seconds|second",
        "must|should [respond|be|answer|return|take] [in] within|under|in|less [than] <n> ms|milliseconds|seconds|second"},
       target_words},
      {"S40", {"[about|up|around] [to] <n> concurrent|simultaneous [users|connections|clients|requests]"}, concurrent_users},
      {"S37",
       {"[expect|have|there|get|receive|handle|store|process|expecting|has] [is|are|will] [be] "
        "[about|roughly|around|some|up|approximately|over|more] [to|than] <n> [new|rows|of] <X> [per|a|each|every|/|=in] "
        "[a|one|the] <w>",
        "<X> [table] [will] [has|have|gets|get|grows|grow|receives|contains|contain|hold|holds|with] "
        "[by|about|roughly|around|to|up] [about] <n> [rows|records|entries|new] [rows|records] [per|a|each|every|/] <w>",
        "<n> <X> daily|weekly|monthly|hourly|yearly"},
       volume_rate,
       rate_of_rows},
      {"S37",
       {"[we|expect|have|there|store|with|has] [is|are|will|expect] [be] "
        "[about|roughly|around|some|up|approximately|over|currently] [to] <n> [existing|rows] [of] <X> [in|and] "
        "[total|all|altogether|overall|now|today]",
        "[about|roughly|around|some|approximately|currently] <n> <X> $",
        "[we|i] [expect|have|store] [expect|about|roughly|around|already] [about] <n> <X> $",
        "[there] are|is [about|roughly|around|already] <n> <X> $",
        "<X> [table] [will] has|have|contains|holds|hold|contain [about|roughly|around|up] [to] <n> rows|records|entries",
        "<X> : <n> rows|records"},
       volume,
       table_like},
      {"S37",
       {"<X> grows|grow|growing|increases|increase [by] [about] <n> [rows] [per|a|each|every] <w>",
        "<X> grows|grow|growing|increases|increase [by] [about] <n>",
        "growing|grows [by|about|at] [about] <n> [rows] [per|a|each|every] <w>"},
       growth},
      {"S37",
       {"mostly|mainly|almost [only] inserts|insert|writes|appends|reads|reading|append", "append-only", "append only",
        "never updated [or] [deleted]", "read - heavy", "write-heavy", "read-heavy"},
       mostly,
       nullptr,
       true},
      {"S38",
       {"[show|list|find|get] [the] top <n> <X> by [their|the|total|most] <A> [per|each|every|of|this|a|by|for] [the] "
        "day|week|month|year|quarter",
        "[show|list|get|find] [the] top <n> <X> by [their|total|the|most] <A> [per|each|every|this|a] <w>",
        "[show|list|get|find] [the] top|best <n> <X> by [their|total|the|most] <A>",
        "[show|list|get|find] [the] top|best <n> <X> per|each|every|this|of|a [the] <w>",
        "[show|list|get|find] [the] top|best <n> <X> daily|weekly|monthly|yearly",
        "[the] <n> best|most [selling|popular|active] <X> [per|each|every|this|a] <w>",
        "[show|list|get|find] [the] top|best <n> <X> $", "rank <X> by [their] <A>"},
       ranking},
      {"S39",
       {"[a] [report|=see|show|=want] [of|on|the] count|number|=sum|total|average|mean|=counts [of] [the] [all] <A> "
        "per|by|for|each [each|every] <w> [per|by|and|each|,|for] [each|every] [<w>] [per|by|and|each|,] [<w>] $",
        "[a] report|=reports [of|on|about|for] [the] [count|sum|number|total|average] [of] <A> per|by [each|every] <w> "
        "[per|by|and|each|,] [each] [<w>] [per|by|and|,] [<w>] $",
        "count|=sum|=total|average|count [the] [number] [of] <A> per|by|for [each|every] <w> [per|by|and|,] [each] [<w>] "
        "[per|by|and|,] [<w>] $",
        "<A> per <w> per <w> [per <w>] $",
        "how many <X> [do|does|are|were|we|did] [we|there|each] [have|sold|get|sell|made|make|are] [<w>] per|by|each <w> "
        "[per|by|and] [<w>] $",
        "daily|weekly|monthly|yearly report of <A> [per|by] [<w>] $"},
       aggregate},
  };
}

}  // namespace pga::request
