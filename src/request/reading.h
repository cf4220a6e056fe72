// What a shape's builder works with: turns captures into nouns, lists, numbers and periods; takes statements, questions and
// assumptions. Remembers who was spoken of last.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "request/phrase.h"
#include "request/statement.h"

namespace pga::request {

struct Noun {
  std::string name;   // as Statement wants it: the table's name when it is known, else the singular
  std::string owner;  // of an attribute: "customer's SSN", "users.email"
  std::string said;   // the words
  std::string state;  // "cancelled events": cancelled, when events are known
  bool known = false, plural = false, pronoun = false, determined = false;
  bool each = false;          // "each order", "every order"
  Side side = Side::unknown;  // what its quantifier says
  std::optional<std::int64_t> low, high;
  Range range;
};

struct Item {
  Noun noun;
  Attribute attribute;
  bool entity = false;  // a thing of its own: a relation, not a column
  bool open = false;    // "etc.", "such as"
};

// The tables of the vocabulary, by the singular of their names.
class Tables {
 public:
  explicit Tables(const Vocabulary& vocabulary);
  const KnownTable* find(std::string_view name) const;  // any number, any case; with schema or without
  bool empty() const { return tables_.empty(); }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  // The column of the table that is meant by a word: itself, else the best of its relatives ("date" -> starts_at). "" none.
  static std::string column(const KnownTable& table, std::string_view word);

 private:
  const Vocabulary& vocabulary_;
  std::map<std::string, const KnownTable*, std::less<>> tables_;
};

class Reading {
 public:
  Reading(const Tokens& tokens, std::string_view text, const Tables& tables, Understood& out)
      : tokens_(tokens), text_(text), tables_(tables), out_(out) {}

  Noun entity(Range range);
  Noun attribute(Range range) const;
  std::vector<Item> items(Range range, const std::string& owner);
  std::vector<std::string> values(Range range) const;
  std::vector<std::pair<std::string, std::string>> steps(Range range) const;  // "a to b to c", "a -> b"
  std::optional<double> number(Range range) const;
  std::optional<double> days(Range range) const;
  std::string words(Range range) const;                                        // as written
  std::string snake(Range range) const;                                        // "checked in" -> checked_in
  bool open_list(Range range) const;                                           // ends with "etc."
  bool has(Range range, std::initializer_list<std::string_view> words) const;  // one of the words, in their base form
  const Tokens& tokens() const { return tokens_; }
  const Tables& tables() const { return tables_; }

  Statement& add(Meaning meaning);
  Statement& add(Meaning meaning, const Noun& subject);
  size_t count() const { return out_.statements.size(); }
  std::vector<Statement*> since(size_t before);  // the statements added after count() was `before`; valid until the next add
  Statement* last();                             // the last statement of this clause; null when there is none
  void ask(Decision decision);
  void ask_side(const Statement& relation);
  void assume(std::string rule, std::string text, std::string override_with);

  // The subject that "it", "they" and a left-out subject mean. about() also makes it so.
  std::string subject() const { return subject_; }
  void about(const std::string& entity) { subject_ = entity; }
  std::string nearest() const { return nearest_.empty() ? subject_ : nearest_; }  // what "that" and "which" mean
  // The subject of a statement about an attribute: the owner when it was said, else who was spoken of last, else the only table
  // that has such a column. "" when none is found.
  std::string owner_of(const Noun& attribute);
  bool entity_like(const Noun& noun) const;
  bool subject_declared(const std::string& entity) const { return subjects_.contains(entity); }
  std::string last_attribute() const { return last_attribute_; }  // what "which" and "it" mean where an attribute is wanted
  void about_attribute(const std::string& name) { last_attribute_ = name; }
  void declare(const std::string& entity, bool as_subject) { (as_subject ? subjects_ : mentioned_).insert(entity); }

  // What was matched makes no sense after all: it is reported as not understood.
  void reject() { rejected_ = true; }
  bool take_rejected() { return std::exchange(rejected_, false); }

  // The reader's own: where we are.
  void enter(std::string_view shape, Range range) { shape_ = shape, range_ = range; }
  void enter_clause() { clause_first_ = out_.statements.size(); }
  Range range() const { return range_; }

 private:
  Noun noun(Range range) const;
  void quantify(Noun& noun, Range range) const;
  bool state_before(Range& range, std::string& state) const;
  Item item(Range range);
  const Tokens& tokens_;
  std::string_view text_;
  const Tables& tables_;
  Understood& out_;
  std::string_view shape_;
  Range range_;
  std::string subject_, nearest_, last_attribute_;
  std::set<std::string> subjects_, mentioned_;
  size_t clause_first_ = 0;
  bool rejected_ = false;
};

std::string entity_name(std::string_view words);  // "Order Lines" -> order_line
std::string snake_case(std::string_view words);
Side side_of(const Noun& noun);  // a plural without a quantifier is many, a singular one

}  // namespace pga::request
