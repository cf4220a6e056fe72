// What a sentence, or a line of a brief, means: the one language between people and the designer.
//
//   const auto understood = request::understand(text, vocabulary);      // sentences, compact brief, or its JSON
//   for (const auto& statement : understood.statements) …
//
// Both doors, sentences and briefs, end in the same statements, so that a brief can be printed from sentences and read back.
// One struct for all meanings: which members a meaning uses is said beside it. Names of entities and attributes are snake_case;
// entities as the user's schema names them when it knows them (`users`), else the singular of the user's word (`comment`); the
// designer decides about plurals.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request/decision.h"
#include "request/span.h"

namespace pga::request {

// One line each; the slug in --json is the enumerator. S numbers: shared/spec/requests.md.
enum class Meaning : std::uint8_t {
  // Structure.
  entity,         // subject; attributes                                                            S1 S3 S6
  attributes,     // subject; attributes                                                            S2 S3 S6
  key,            // subject; names: the columns that identify it                                   S4 S5
  unique,         // subject; names; scope: per what ("" everywhere); options case_insensitive, when_given    S12
  nullability,    // subject; names; negated: "optional", else "required"                           S7
  closed_list,    // subject; names[0]; values; options open ("such as", "etc.")                    S8
  check,          // subject; names; condition as a comparison in the brief's words ("> 0", "1..5", "ends_at > starts_at") S9
  default_value,  // subject; names[0]; condition: the value                                        S10
  derived,        // subject; names[0]; condition: what it is calculated from                       S11
  determines,     // subject; names: what determines; others: what is determined ("zip determines city")
  subtype,        // subject is a kind of object; others: sister kinds                              S13
  temporal,       // subject; names                                                                 S14
  // Relations. A relation reads: each `subject` … `object_side` of `object`; each `object` … `subject_side` of `subject`.
  relation,   // subject, object, both sides; role: the verb or the role name; name: the junction table when said; attributes:
              // of the junction; action: what becomes of the subject when the object goes (delete keep null anonymise
              // refuse); condition ("only when kind is staff"); asked when a side is `unknown`   S15-S20 S22 S23 S26
  ternary,    // subject, object, others[0]; role                                                 S21
  on_delete,  // subject; object: whose deletion; action: delete | keep | anonymise | null | refuse        S24
  bound,      // subject; object; count: at least (low) or at most (high)                         S25
  // Rules.
  exclude,          // subject; names: what may not overlap; scope: per what; condition: unless …       S27
  workflow,         // subject; names[0]; transitions: pairs (from, to); condition ("after 10 minutes") S28
  policy,           // subject; role: who; names: operations (select insert update delete); condition: "own" or ""  S29
  implication,      // subject; condition: if …; action: then …                                         S30
  one_flagged,      // subject; names[0]: the flag; scope                                               S31
  immutable,        // subject; names (none: the row); condition: after …                               S32
  domain_option,    // subject; name: "currencies" | "time_zones"                                     S33
  at_least_one_of,  // subject; names ("at least one of phone, email")
  // Use.
  access,     // subject; filters; order; page; rate; target                                        S34 S36 S40
  slow,       // subject; filters; order                                                            S35
  volume,     // subject; count: rows; growth: rows for each `per`                                  S37
  ranking,    // subject; names: by what; scope: per what; count: N                                 S38
  aggregate,  // subject; action: count | sum | average; names: of what; filters: per what          S39
  query,      // condition: the SQL                                                                 S41
  // Life.
  retain,       // subject; count: days; action: drop | archive | anonymise | "" (asked)            S42
  personal,     // subject; names (none: all of it)                                                 S43
  tenant,       // subject: the tenant entity; others: shared entities                              S44
  audit,        // subject (none: all); others                                                      S45
  soft_delete,  // subject; count: purge after so many days                                         S46
  pattern,      // name: slug of the pattern (words/patterns.txt); subject: on what; others: also on; object: the table that
                // the pattern makes, when it was named (comment, activity); role: the entity of the people; options    S47
  // Changes.
  rename,     // subject, names[0] ("" a table) -> name                                             S48
  split,      // subject, names[0] -> others (columns), or object: the new table                    S49
  merge,      // subject, object                                                                    S50
  change,     // subject, names[0]; action: type | required | optional | unique | longer; condition: the type or length  S51
  drop,       // subject; names (none: the table)                                                   S52
  turn_into,  // subject, names[0]; action: lookup | enum | jsonb | columns | check                 S53
  partition,  // subject; names[0]; action: range | list | hash                                     S54
  index,      // subject; names                                                                     S54
  // Around.
  seed,        // subject; count; options: shares ("inactive" -> "20")                              S55
  question,    // action: why | what_if | compare | options; subject; others                        S56
  withdraw,    // subject, or what is not wanted in condition; negated                              S57
  convention,  // name (ids, target, naming, money, times …); condition: the value                  S58
  review,      // subject                                                                           S59
  document,    // subject                                                                           S60
  outside,     // what does not belong to a database (an endpoint, a page, login code): name; subject: the schema beneath
  decide,      // brief: name: id; condition: text of the decision                                  brief `decide`
  open,        // brief: name: id; condition: the question and its default                          brief `open`
};

enum class Side : std::uint8_t { one, at_most_one, many, at_least_one, unknown };

struct Attribute {
  std::string name;
  std::string type;              // as said ("text", "integer", "references"); "" not said
  std::optional<bool> optional;  // not said: the column rules decide
  bool unique = false, personal = false;
  std::vector<std::string> values;  // of a closed list
  std::string check;                // "> 0", "1..200", "ends_at > starts_at"
  std::string default_value;
  std::string references;  // an entity
  std::string on_delete;   // delete | keep | null | anonymise; "" not said
  Span span;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

struct Filter {
  std::string column;  // as said, or the column of the schema that it resolved to
  std::string kind;    // equal | range | prefix | contains | text | near | overlap | null
  std::string value;   // "" a parameter; else as said ("now")
  friend bool operator==(const Filter&, const Filter&) = default;
};

struct Order {
  std::string column;
  bool descending = false;
  friend bool operator==(const Order&, const Order&) = default;
};

struct Statement {
  Meaning meaning = Meaning::entity;
  Span span;
  std::string shape;       // "S20"; "brief" for a line that only a brief can say
  std::string paraphrase;  // one plain sentence that lets the reader see a wrong reading
  std::string subject, object, role, name, scope, condition, action;
  std::vector<std::string> names, others, values;
  std::vector<Attribute> attributes;
  std::vector<std::pair<std::string, std::string>> transitions;
  std::vector<Filter> filters;
  std::vector<Order> order;
  Side subject_side = Side::unknown, object_side = Side::unknown;
  std::optional<std::int64_t> low, high, count, page;
  std::optional<double> rate;  // per second
  std::optional<double> target_ms;
  std::optional<double> growth_per_day;  // rows
  bool negated = false;
  std::map<std::string, std::string> options;  // of a pattern: replies -> "1 level"; sorted, so that output is stable
};

struct Assumption {
  std::string rule;      // "R-typo", "C7", "P1-author": what can be looked up
  std::string text;      // "the author is optional: comments stay when their author goes"
  std::string override;  // what to write to have it otherwise: "author is required"
  Span span;
};

struct NotUnderstood {
  Span span;
  std::string quoted;   // the words
  std::string nearest;  // the shape that would be, in words: "S12: `A is unique per B`"
  std::string example;  // a corrected sentence with the user's own nouns
  bool blocks = false;  // a negation or a number in it may reverse the meaning: nothing is generated
};

struct Understood {
  std::vector<Statement> statements;
  std::vector<Assumption> assumptions;
  std::vector<Decision> decisions;  // ambiguities of the words; the designer adds its own
  std::vector<NotUnderstood> not_understood;
  size_t content_words = 0, understood_words = 0;  // coverage = understood / content
  bool blocked() const;
};

// The nouns that are known already: of the schema at hand.
struct KnownTable {
  std::string schema, name;
  std::vector<std::string> columns;
  std::map<std::string, std::string> references;  // column -> table
};
struct Vocabulary {
  std::vector<KnownTable> tables;
};

// Never fails: what was not understood is in the answer. Deterministic; time is linear in the text (1 MB in under a second).
Understood understand(std::string_view text, const Vocabulary& vocabulary);

std::string_view slug(Meaning meaning);

}  // namespace pga::request
