#include "advise/candidates.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "advise/expression.h"
#include "base/quote.h"
#include "base/text.h"
#include "sql/lexer.h"

namespace pga::advise {
namespace {

using postgres::twin::IndexDefinition;
using postgres::twin::IndexKey;

constexpr double kFewValues = 12;      // a column of so few values may stand in a predicate
constexpr double kMostIncluded = 200;  // bytes of included columns
constexpr size_t kMostIncludedColumns = 8;
constexpr double kInOrder = 0.9;  // correlation that makes BRIN worth a try
constexpr double kBrinBlocks = 1000;
constexpr double kWideForHash = 64;  // bytes

bool is_column(const std::string& expression) {
  const auto words = sql::words(expression, 3);
  return words.size() == 1 && words[0].is_name();
}

std::string key_sql(const std::string& expression) {
  return is_column(expression) ? expression : "(" + expression + ")";
}

std::string count_text(double value) {
  if (value >= 1e6) return fmt::format("{:.1f} million", value / 1e6);
  if (value >= 1e4) return fmt::format("{:.0f} thousand", value / 1e3);
  return fmt::format("{:.0f}", value);
}

// "(name)::text" of a varchar is the column itself for an index: the cast changes nothing.
std::string without_cast(const std::string& expression, const Access& access, Catalog& catalog) {
  constexpr std::string_view kCast = ")::text";
  if (!expression.starts_with("(") || !expression.ends_with(kCast)) return expression;
  const std::string inner = expression.substr(1, expression.size() - 1 - kCast.size());
  return is_column(inner) && catalog.type_of(access.schema, access.table, inner) == "character varying" ? inner : expression;
}

Access without_casts(const Access& access, Catalog& catalog) {
  Access out = access;
  out.conditions.clear();
  for (auto condition : access.conditions) {
    condition.expression = without_cast(condition.expression, access, catalog);
    out.conditions.insert(std::move(condition));
  }
  for (auto& order : out.orders) {
    for (auto& key : order) key.expression = without_cast(key.expression, access, catalog);
  }
  for (auto& group : out.groups) {
    for (auto& key : group) key = without_cast(key, access, catalog);
  }
  return out;
}

class Generator {
 public:
  Generator(const Access& access, Catalog& catalog, const StablePredicates& stable, const CandidateOptions& options)
      : access_(without_casts(access, catalog)),
        catalog_(catalog),
        stable_(stable),
        options_(options),
        table_(catalog.table(access.schema, access.table)) {}

  std::vector<Candidate> run() {
    if (table_ == nullptr || table_->blocks < options_.small_table) return {};
    sort_conditions();
    btrees();
    if (!options_.plain_only) {
      other_classes();
      brin();
    }
    return std::move(out_);
  }

 private:
  const ColumnFacts* facts(const std::string& expression) const {
    const auto it = table_->columns.find(expression);
    return it == table_->columns.end() ? nullptr : &it->second;
  }
  double distinct(const std::string& expression) const {
    const auto* known = facts(expression);
    return known == nullptr ? 0 : known->distinct;
  }
  bool plain(const std::string& expression) const { return !options_.plain_only || is_column(expression); }
  void sort_conditions();
  void btrees();
  void btree(std::vector<IndexKey> keys, const std::string& reason);
  std::vector<std::pair<std::string, std::string>> predicates() const;
  std::vector<std::string> others(const std::vector<IndexKey>& keys) const;
  void other_classes();
  void brin();
  void add(IndexDefinition definition, std::string reason) {
    definition.schema = access_.schema;
    definition.table = access_.table;
    if (std::ranges::none_of(out_, [&](const Candidate& one) { return one.definition == definition; }))
      out_.push_back({std::move(definition), std::move(reason)});
  }
  bool wide(const std::string& expression) const {
    const auto* known = facts(expression);
    return known != nullptr && known->width > kWideForHash;
  }
  // A class that has to be named is taken only for what the default one cannot do, or where it is another kind of index (GIN's
  // jsonb_path_ops is smaller than the default).
  bool answered_by_default(const Condition& condition, const std::string& method) {
    if (method == "gin") return false;
    const auto& classes = catalog_.classes(access_.schema, access_.table, condition.expression);
    return std::ranges::any_of(classes, [&](const OperatorClass& one) {
      return one.method == method && one.is_default && one.searches.contains(condition.op);
    });
  }
  // Where GIN answers an operator exactly, the trees do it by lossy signatures, which the planner's costs do not know.
  bool answered_by_gin(const Condition& condition) {
    const auto& classes = catalog_.classes(access_.schema, access_.table, condition.expression);
    return std::ranges::any_of(
        classes, [&](const OperatorClass& one) { return one.method == "gin" && one.searches.contains(condition.op); });
  }
  static std::string by_class(const OperatorClass& known) {
    return known.is_default ? "" : " by the operator class " + known.plain_name;
  }
  // The reason without an expression that the predicate answers.
  std::string without(std::string reason, const std::string& expression) const {
    const std::string words = describe(expression);
    return replace_all(replace_all(std::move(reason), ", " + words, ""), words + ", ", "");
  }
  std::string describe(const std::string& expression) const {
    const double values = distinct(expression);
    return expression + (values > 0 ? " (" + count_text(values) + (values < 1.5 ? " value)" : " values)") : "");
  }

  const Access access_;
  Catalog& catalog_;
  const StablePredicates& stable_;
  const CandidateOptions& options_;
  const TableFacts* table_;
  std::vector<std::string> equal_, join_, range_;  // expressions, most selective first
  std::vector<Candidate> out_;
};

void Generator::sort_conditions() {
  std::set<std::string> equal, join, range;
  for (const auto& condition : access_.conditions) {
    if (!plain(condition.expression)) continue;
    if (condition.use == Use::equal || condition.use == Use::in)
      (condition.alternative ? range : equal).insert(condition.expression);
    if (condition.use == Use::join) join.insert(condition.expression);
    if (condition.use == Use::range) range.insert(condition.expression);
    if (condition.use == Use::is_null) (condition.alternative ? range : equal).insert(condition.expression);
  }
  const auto sorted = [&](const std::set<std::string>& from) {
    std::vector<std::string> out(from.begin(), from.end());
    std::ranges::stable_sort(out, [&](const auto& a, const auto& b) { return distinct(a) > distinct(b); });
    return out;
  };
  equal_ = sorted(equal);
  join_ = sorted(join);
  range_ = sorted(range);
}

std::vector<std::string> Generator::others(const std::vector<IndexKey>& keys) const {
  std::vector<std::string> out;
  double width = 0;
  std::set<std::string> inside;
  for (const auto& key : keys) inside.insert(key.sql);
  for (const auto& column : access_.needed) {
    const auto* known = facts(column);
    if (inside.contains(column) || (known == nullptr && !table_->columns.empty())) continue;
    width += known == nullptr ? 32 : known->width;
    out.push_back(column);
  }
  if (width > kMostIncluded || out.size() > kMostIncludedColumns) out.clear();
  return out;
}

// Predicates that every query of this kind implies, with the expression that needs no place in the key then.
std::vector<std::pair<std::string, std::string>> Generator::predicates() const {
  std::vector<std::pair<std::string, std::string>> out;
  if (options_.plain_only) return out;
  for (const auto& condition : access_.conditions) {
    if (condition.predicate.empty() || condition.alternative) continue;
    const TableName table{access_.schema, access_.table};
    if (stable_.contains({table, condition.predicate})) out.emplace_back(condition.predicate, condition.expression);
  }
  return out;
}

// The index itself, covering, partial, partial and covering.
void Generator::btree(std::vector<IndexKey> keys, const std::string& reason) {
  std::vector<IndexKey> kept;
  for (auto& key : keys) {
    const bool again = std::ranges::any_of(kept, [&](const IndexKey& one) { return one.sql == key.sql; });
    if (!again && kept.size() < options_.width) kept.push_back(std::move(key));
  }
  if (kept.empty()) return;
  IndexDefinition plain_index;
  plain_index.keys = kept;
  add(plain_index, "b-tree: " + reason);
  if (options_.plain_only) return;
  const auto include = others(kept);
  if (!include.empty() && !access_.needed.empty()) {
    IndexDefinition covering = plain_index;
    covering.include = include;
    add(covering, "b-tree: " + reason + "; " + join(include, ", ") + " included, so that the table itself is not read");
  }
  for (const auto& [predicate, expression] : predicates()) {
    IndexDefinition partial;
    partial.predicate = predicate;
    for (const auto& key : kept) {
      if (key.sql != key_sql(expression)) partial.keys.push_back(key);
    }
    if (partial.keys.empty()) partial.keys = kept;
    const std::string why =
        "b-tree: " + without(reason, expression) + "; only rows with " + predicate + ", which the query says itself";
    add(partial, why);
    auto rest = others(partial.keys);
    // The predicate's own columns need not be in the index when the predicate answers them.
    std::erase_if(rest, [&](const std::string& column) { return column == expression; });
    if (!rest.empty() && !access_.needed.empty()) {
      partial.include = rest;
      add(partial, why + "; " + join(rest, ", ") + " included");
    }
  }
}

void Generator::btrees() {
  const auto key = [](const std::string& expression) { return IndexKey{key_sql(expression)}; };
  const auto keys = [&](std::initializer_list<const std::vector<std::string>*> lists) {
    std::vector<IndexKey> out;
    for (const auto* list : lists) {
      for (const auto& expression : *list) out.push_back(key(expression));
    }
    return out;
  };
  const auto words = [&](const std::vector<std::string>& list) {
    std::vector<std::string> out;
    for (const auto& expression : list) out.push_back(describe(expression));
    return join(out, ", ");
  };
  for (const auto* list : {&equal_, &join_, &range_}) {
    for (const auto& expression : *list) {
      const char* what = list == &equal_ ? "looked up by " : list == &join_ ? "joined by " : "a range of ";
      btree({key(expression)}, what + describe(expression));
    }
  }
  const std::vector<std::string> none;
  if (equal_.size() > 1) btree(keys({&equal_}), "looked up by " + words(equal_) + ", most values first");
  if (equal_.size() > 2) {  // pairs
    for (size_t i = 0; i < equal_.size(); ++i) {
      for (size_t k = i + 1; k < equal_.size(); ++k)
        btree({key(equal_[i]), key(equal_[k])}, "looked up by " + words({equal_[i], equal_[k]}));
    }
  }
  for (const auto& range : range_) {
    const std::vector<std::string> one{range};
    if (!equal_.empty())
      btree(keys({&equal_, &one}), "equality on " + words(equal_) + " first, then the range of " + describe(range));
    if (!join_.empty()) {
      btree(keys({&join_, &one}), "joined by " + words(join_) + ", then the range of " + describe(range));
      btree(keys({&one, &join_}), "the range of " + describe(range) + ", with " + words(join_) + " for the join");
    }
  }
  if (range_.size() > 1) btree(keys({&range_}), "ranges of " + words(range_));
  for (const auto& joined : join_) {
    const std::vector<std::string> one{joined};
    if (!equal_.empty()) {
      btree(keys({&equal_, &one}), "equality on " + words(equal_) + " first, then the join by " + describe(joined));
      btree(keys({&one, &equal_}), "joined by " + describe(joined) + ", then equality on " + words(equal_));
    }
  }
  if (join_.size() > 1) btree(keys({&join_}), "joined by " + words(join_));
  auto orders = access_.orders;
  for (const auto& group : access_.groups) {
    std::vector<OrderKey> order;
    for (const auto& expression : group) order.push_back({expression, false, false});
    orders.push_back(std::move(order));
  }
  for (const auto& column : access_.extremes) orders.push_back({{column, false, false}});
  for (const auto& order : orders) {
    std::vector<IndexKey> sorted, equal = keys({&equal_});
    std::vector<std::string> said;
    bool possible = true;
    for (const auto& one : order) {
      possible = possible && plain(one.expression);
      sorted.push_back({key_sql(one.expression), "", one.descending, one.nulls_first});
      said.push_back(one.expression + (one.descending ? " DESC" : ""));
    }
    if (!possible || sorted.empty()) continue;
    // An index is read backwards as well: all keys turned round are the same index.
    if (std::ranges::all_of(order, [](const OrderKey& one) { return one.descending && one.nulls_first; })) {
      for (auto& one : sorted) one.descending = one.nulls_first = false;
    }
    btree(sorted, "in the order of " + join(said, ", ") + ", so that nothing is sorted");
    if (!equal.empty()) {
      auto both = equal;
      both.insert(both.end(), sorted.begin(), sorted.end());
      btree(both,
            "equality on " + words(equal_) + " first, then the order of " + join(said, ", ") + ", so that nothing is sorted");
    }
  }
}

// Operators that a default b-tree does not answer: each class that does.
void Generator::other_classes() {
  for (const auto& condition : access_.conditions) {
    if (condition.use != Use::other && condition.use != Use::range && condition.use != Use::equal) continue;
    if (condition.expression.empty()) continue;
    for (const auto& known : catalog_.classes(access_.schema, access_.table, condition.expression)) {
      if (known.method == "btree" || known.method == "brin") continue;
      if (!known.searches.contains(condition.op)) continue;
      if (condition.use == Use::range) continue;
      // A b-tree answers equality as well, and more; hash is for values that make it large.
      if (condition.use == Use::equal && (known.method != "hash" || !wide(condition.expression))) continue;
      if (!known.is_default && answered_by_default(condition, known.method)) continue;
      if (known.method != "gin" && answered_by_gin(condition)) continue;
      IndexDefinition definition;
      definition.method = known.method;
      definition.keys = {{key_sql(condition.expression), known.is_default ? "" : known.name}};
      add(definition, known.method + ": answers " + condition.op + " on " + condition.expression + by_class(known));
      if (known.method == "gin") {
        for (const auto& [predicate, expression] : predicates()) {
          IndexDefinition partial = definition;
          partial.predicate = predicate;
          add(partial,
              known.method + ": answers " + condition.op + " on " + condition.expression + "; only rows with " + predicate);
        }
      }
    }
    if (condition.op == "~~" && condition.constant.size() > 2 && condition.constant[0] == '\'' && condition.constant[1] != '%' &&
        condition.constant[1] != '_') {
      for (const auto& known : catalog_.classes(access_.schema, access_.table, condition.expression)) {
        if (known.method != "btree" || !known.plain_name.ends_with("_pattern_ops")) continue;
        std::vector<IndexKey> keys;
        for (const auto& expression : equal_) keys.push_back({key_sql(expression)});
        keys.push_back({key_sql(condition.expression), known.name});
        btree({keys.back()},
              "LIKE with a fixed beginning on " + describe(condition.expression) + ", which " + known.plain_name + " answers");
        if (keys.size() > 1) btree(keys, "equality first, then LIKE with a fixed beginning on " + describe(condition.expression));
      }
    }
  }
  for (const auto& near : access_.nearest) {
    for (const auto& known : catalog_.classes(access_.schema, access_.table, near.expression)) {
      if (!known.orders.contains("<->")) continue;
      IndexDefinition definition;
      definition.method = known.method;
      definition.keys = {{key_sql(near.expression), known.is_default ? "" : known.name}};
      add(definition, known.method + ": gives rows in the order of their distance from " + near.expression);
    }
  }
  // What is no comparison at all, but a fixed predicate: the rows themselves, smaller.
  for (const auto& [predicate, expression] : predicates()) {
    for (const auto* list : {&range_, &join_}) {
      for (const auto& one : *list) {
        IndexDefinition partial;
        partial.keys = {{key_sql(one)}};
        partial.predicate = predicate;
        add(partial, "b-tree: " + describe(one) + "; only rows with " + predicate + ", which the query says itself");
      }
    }
    if (range_.empty() && join_.empty() && is_column(expression)) {
      IndexDefinition partial;
      partial.keys = {{key_sql(expression)}};
      partial.predicate = predicate;
      add(partial, "b-tree: only rows with " + predicate + ", which the query says itself");
    }
  }
}

void Generator::brin() {
  if (table_->blocks < kBrinBlocks) return;
  for (const auto& expression : range_) {
    const auto* known = facts(expression);
    if (known == nullptr || std::abs(known->correlation) < kInOrder) continue;
    IndexDefinition definition;
    definition.method = "brin";
    definition.keys = {{expression}};
    add(definition,
        fmt::format("BRIN: rows lie in the order of {} (correlation {:.2f}), so that an entry for each range of blocks is enough",
                    expression, known->correlation));
  }
}

}  // namespace

std::vector<Candidate> candidates_of(const Access& access, Catalog& catalog, const StablePredicates& stable,
                                     const CandidateOptions& options) {
  return Generator(access, catalog, stable, options).run();
}

std::optional<Candidate> merge(const Candidate& a, const Candidate& b) {
  const auto& longer = a.definition;
  const auto& shorter = b.definition;
  if (longer == shorter || longer.schema != shorter.schema || longer.table != shorter.table || longer.method != "btree" ||
      shorter.method != "btree" || longer.predicate != shorter.predicate || longer.keys.size() < shorter.keys.size() ||
      !std::equal(shorter.keys.begin(), shorter.keys.end(), longer.keys.begin()))
    return std::nullopt;
  Candidate out = a;
  for (const auto& column : shorter.include) {
    const bool there = std::ranges::find(out.definition.include, column) != out.definition.include.end() ||
                       std::ranges::any_of(longer.keys, [&](const IndexKey& key) { return key.sql == column; });
    if (!there) out.definition.include.push_back(column);
  }
  if (out.definition.include.size() == longer.include.size() || out.definition.include.size() > kMostIncludedColumns)
    return std::nullopt;
  std::ranges::sort(out.definition.include);
  const size_t end = out.reason.find("; ");
  out.reason = out.reason.substr(0, end) + "; one index for several queries: " + join(out.definition.include, ", ") +
               " included, so that the table itself is not read";
  return out;
}

StablePredicates stable_predicates(const std::vector<std::vector<Access>>& queries, const Catalog& catalog) {
  struct Seen {
    std::set<std::string> predicates;
    bool constants = false;  // the predicate compares with a constant
  };
  std::map<std::pair<TableName, std::string>, Seen> seen;  // by table and expression
  for (const auto& accesses : queries) {
    for (const auto& access : accesses) {
      for (const auto& condition : access.conditions) {
        auto& one = seen[{{access.schema, access.table}, condition.expression}];
        const bool free = condition.use == Use::is_null || condition.use == Use::not_null || condition.use == Use::boolean ||
                          condition.use == Use::filter;
        if (!free && condition.use != Use::join && condition.use != Use::other) one.constants = true;
        if (!condition.predicate.empty() && (free || condition.use == Use::equal || condition.use == Use::in))
          one.predicates.insert(condition.predicate);
      }
    }
  }
  StablePredicates out;
  for (const auto& [key, one] : seen) {
    const auto* table = catalog.table(key.first.first, key.first.second);
    if (table == nullptr) continue;
    const auto column = table->columns.find(key.second);
    const bool few = column != table->columns.end() && column->second.distinct > 0 && column->second.distinct <= kFewValues;
    // With a constant: few values, and always the same one.
    if (one.constants && (!few || one.predicates.size() != 1)) continue;
    for (const auto& predicate : one.predicates) out.insert({key.first, predicate});
  }
  return out;
}

}  // namespace pga::advise
