#include "design/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "base/text.h"

namespace pga::design {
namespace {

std::string action_sql(OnDelete action) {
  switch (action) {
    case OnDelete::cascade:
      return " ON DELETE CASCADE";
    case OnDelete::restrict_:
      return " ON DELETE RESTRICT";
    case OnDelete::set_null:
      return " ON DELETE SET NULL";
    case OnDelete::no_action:
      break;
  }
  return "";
}

std::string action_words(OnDelete action, const std::string& child, const std::string& parent) {
  switch (action) {
    case OnDelete::cascade:
      return fmt::format("when the {} goes, its {} go with it", parent, child);
    case OnDelete::set_null:
      return fmt::format("when the {} goes, its {} stay without one", parent, child);
    default:
      return fmt::format("the {} cannot go while it has {}", parent, child);
  }
}

std::string idents(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) out.push_back(ident(name));
  return join(out, ", ");
}

// "created_at DESC" -> the quoted column with what follows it; expressions stay.
std::string index_column(const std::string& text) {
  if (text.find('(') != std::string::npos) return text;
  const auto space = text.find(' ');
  return ident(text.substr(0, space)) + (space == std::string::npos ? "" : text.substr(space));
}

std::string bare_column(const std::string& text) {
  std::string out;
  for (const char c : text.substr(0, text.find(' '))) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

}  // namespace

Table::Table(Draft& draft, std::string schema_name, std::string table_name, bool is_there)
    : schema(std::move(schema_name)), name(std::move(table_name)), existing(is_there), draft_(draft) {
  if (existing) known_ = draft.current().find(schema + "." + name);
}

std::string Table::sql_name() const {
  return schema == "public" ? ident(name) : ident({schema, name});
}

bool Table::has(std::string_view wanted) const {
  if (known_ != nullptr && known_->column(wanted) != nullptr) return true;
  return std::ranges::find(columns, wanted, &Column::name) != columns.end();
}

Column* Table::find(std::string_view wanted) {
  const auto found = std::ranges::find(columns, wanted, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

Table& Table::column(Column one) {
  if (has(one.name)) return *this;
  draft_.cause(name + "." + one.name);
  columns.push_back(std::move(one));
  return *this;
}

Table& Table::id() {
  if (has("id") || !primary.empty()) return *this;
  if (draft_.current().habits().key_type == "uuid") {
    column({"id", "uuid", true, "DEFAULT gen_random_uuid()", ""});
  } else {
    column({"id", "bigint", true, "GENERATED ALWAYS AS IDENTITY", ""});
  }
  return key({"id"});
}

Table& Table::created_at() {
  return column({"created_at", "timestamptz", true, "DEFAULT now()", "When the row was written"});
}

Table& Table::updated_at() {
  if (has("updated_at")) return *this;
  column({"updated_at", "timestamptz", true, "DEFAULT now()", "When the row was last changed; kept by a trigger"});
  const std::string function = draft_.touch_function();
  return after(
      fmt::format("CREATE TRIGGER {} BEFORE UPDATE ON {}\n  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE "
                  "FUNCTION {}();",
                  ident(name + "_touch"), sql_name(), function));
}

bool Table::leads(const std::string& wanted) const {
  if (!primary.empty() && primary[0] == wanted) return true;
  if (known_ != nullptr &&
      std::ranges::any_of(known_->indexes, [&](const auto& list) { return !list.empty() && list[0] == wanted; }))
    return true;
  const std::string start = "(" + ident(wanted);
  return std::ranges::any_of(indexes,
                             [&](const Index& index) {
                               return index.tail.starts_with(start + ")") || index.tail.starts_with(start + ",") ||
                                      index.tail.starts_with(start + " ");
                             }) ||
         std::ranges::any_of(rules, [&](const Rule& rule) {
           return rule.sql.starts_with("UNIQUE (" + ident(wanted) + ",") || rule.sql == "UNIQUE (" + ident(wanted) + ")";
         });
}

Table& Table::reference(const std::string& column_name, const Target& target, OnDelete action, bool required,
                        const std::string& words, bool indexed) {
  if (has(column_name)) return *this;
  const std::string type = target.types.empty() ? "bigint" : target.types.back();
  if (action == OnDelete::set_null) required = false;
  column({column_name, type, required, "", words});
  const std::string key_column = target.key.empty() ? "id" : target.key.back();
  rule({name + "_" + column_name + "_fkey",
        fmt::format("FOREIGN KEY ({}) REFERENCES {} ({}){}", ident(column_name), target.table, ident(key_column),
                    action_sql(action)),
        ""});
  const std::string many = replace_all(name, "_", " "), parent = replace_all(target.one, "_", " ");
  relates(fmt::format("Each row of {} has {} {}{}; {}.", many, required ? "exactly one" : "at most one", parent,
                      column_name == target.one + "_id" ? "" : " (" + column_name + ")", action_words(action, many, parent)));
  if (!indexed || leads(column_name)) return *this;
  const std::string where = required ? "" : ident(column_name) + " IS NOT NULL";
  return index({column_name}, fmt::format("{} of one {}, and the check when {} is deleted", many, parent, with_article(parent)),
               where);
}

Table& Table::text(const std::string& column_name, int low, int high, bool required, const std::string& words) {
  if (has(column_name)) return *this;
  column({column_name, "text", required, "", words});
  const std::string length = "char_length(" + ident(column_name) + ")";
  return check(column_name, "length",
               low > 0 ? fmt::format("{} BETWEEN {} AND {}", length, low, high) : fmt::format("{} <= {}", length, high));
}

Table& Table::check(const std::string& about, const std::string& kind, const std::string& expression, const std::string& why) {
  return rule({name + (about.empty() ? "" : "_" + about) + "_" + kind, "CHECK (" + expression + ")", why});
}

Table& Table::one_of(const std::string& column_name, const std::vector<std::string>& values, const std::string& first,
                     bool required, const std::string& words) {
  if (has(column_name)) return *this;
  std::vector<std::string> quoted;
  for (const auto& value : values) quoted.push_back(literal(value));
  column({column_name, "text", required, first.empty() ? "" : "DEFAULT " + literal(first), words});
  return check(column_name, "known", ident(column_name) + " IN (" + join(quoted, ", ") + ")");
}

Table& Table::key(const std::vector<std::string>& names) {
  if (existing || !primary.empty()) return *this;
  primary = names;
  return rule({name + "_pkey", "PRIMARY KEY (" + idents(names) + ")", ""});
}

Table& Table::unique(const std::vector<std::string>& names, const std::string& why) {
  const std::string sql = "UNIQUE (" + idents(names) + ")";
  if (std::ranges::any_of(rules, [&](const Rule& r) { return r.sql == sql; })) return *this;
  if (known_ != nullptr && std::ranges::find(known_->uniques, names) != known_->uniques.end()) return *this;
  return rule({name + "_" + join(names, "_") + "_key", sql, why});
}

Table& Table::rule(Rule one) {
  if (std::ranges::any_of(rules, [&](const Rule& r) { return r.name == one.name || r.sql == one.sql; })) return *this;
  one.name = draft_.taken("", std::move(one.name));
  draft_.cause(name + "." + one.name);
  rules.push_back(std::move(one));
  return *this;
}

Table& Table::index(const std::vector<std::string>& names, const std::string& serves, const std::string& where, bool unique_one) {
  std::vector<std::string> bare, quoted;
  for (const auto& text : names) {
    bare.push_back(bare_column(text));
    quoted.push_back(index_column(text));
  }
  std::string tail = "(" + join(quoted, ", ") + ")";
  if (!where.empty()) tail += " WHERE " + where;
  return special_index({"idx_" + name + "_" + join(bare, "_"), unique_one, std::move(tail), serves});
}

Table& Table::special_index(Index one) {
  if (std::ranges::any_of(indexes, [&](const Index& i) { return i.tail == one.tail; })) return *this;
  one.name = draft_.taken(schema, std::move(one.name));
  draft_.cause(one.name);
  indexes.push_back(std::move(one));
  return *this;
}

Table& Table::after(std::string sql) {
  if (std::ranges::find(afters, sql) == afters.end()) afters.push_back(std::move(sql));
  return *this;
}

Table& Table::says(std::string words) {
  if (comment.empty() && !existing) comment = std::move(words);
  return *this;
}

Table& Table::relates(std::string words) {
  if (std::ranges::find(relationships, words) == relationships.end()) relationships.push_back(std::move(words));
  return *this;
}

Draft::Draft(const Current& current, const Options& options) : current_(current), options_(options) {}

std::string Draft::table_name(const std::string& entity) const {
  return current_.habits().plural ? plural_of(entity) : singular_of(entity);
}

Table* Draft::find(const std::string& entity) {
  const std::string bare = entity.substr(entity.find('.') == std::string::npos ? 0 : entity.find('.') + 1);
  for (auto& table : tables_) {
    if (table.name == bare || table.name == plural_of(bare) || table.name == singular_of(bare)) return &table;
  }
  const auto* known = current_.find(entity);
  if (known == nullptr) return nullptr;
  tables_.emplace_back(*this, known->schema, known->name, true);
  return &tables_.back();
}

Table& Draft::table(const std::string& entity) {
  if (auto* found = find(entity)) return *found;
  tables_.emplace_back(*this, current_.habits().schema, table_name(entity), false);
  auto& made = tables_.back();
  cause(made.name);
  return made;
}

Target Draft::target(const std::string& entity) {
  Table* found = find(entity);
  if (found == nullptr) {
    auto& made = table(entity);
    made.id().created_at().says("What is known of each " + replace_all(singular_of(entity), "_", " "));
    assume("R-missing-table", "there is no table of " + plural_of(entity) + ": a small one is made",
           "say what is known of a " + singular_of(entity));
    found = &made;
  }
  if (!found->existing && found->primary.empty()) found->id();
  if (!found->existing && found->primary.size() > 1 && !found->storage.starts_with("PARTITION BY")) {
    // Something points at its rows: a key of its own, and the pair stays unique.
    const auto pair = std::exchange(found->primary, {});
    std::erase_if(found->rules, [](const Rule& r) { return r.sql.starts_with("PRIMARY KEY"); });
    names_.erase("." + found->name + "_pkey");
    found->id();
    found->unique(pair, "A pair stands once");
  }
  Target out{found->sql_name(), singular_of(found->name), {}, {}};
  const auto* known = found->existing ? current_.find(found->schema + "." + found->name) : nullptr;
  out.key = known != nullptr ? known->key : found->primary;
  for (const auto& name : out.key) {
    const auto* old = known != nullptr ? known->column(name) : nullptr;
    const auto* made = found->find(name);
    out.types.push_back(old != nullptr ? old->type : made != nullptr ? made->type : "bigint");
  }
  return out;
}

std::vector<Table*> Draft::made_tables() {
  std::vector<Table*> out;
  for (auto& table : tables_) {
    if (!table.existing) out.push_back(&table);
  }
  return out;
}

std::string Draft::decided(const std::string& id) const {
  const auto found = std::ranges::find(out_.decisions, id, &request::Decision::id);
  return found == out_.decisions.end() ? "" : found->decided;
}

Target Draft::people() {
  const auto* known = current_.people();
  if (known != nullptr) return target(known->schema + "." + known->name);
  for (auto& table : tables_) {
    for (const char* name : {"users", "user", "accounts", "members", "people"}) {
      if (table.name == name) return target(table.name);
    }
  }
  return target("user");
}

void Draft::before(const std::string& name, std::string sql) {
  if (std::ranges::any_of(before_, [&](const auto& one) { return one.first == name; })) return;
  cause(name);
  before_.emplace_back(name, std::move(sql));
}

void Draft::behind(const std::string& name, std::string sql) {
  if (std::ranges::any_of(behind_, [&](const auto& one) { return one.first == name; })) return;
  cause(name);
  behind_.emplace_back(name, std::move(sql));
}

void Draft::data(std::string why, std::string sql) {
  out_.data.push_back({std::move(why), std::move(sql)});
}

void Draft::rename(const Table& table, const std::string& old, const std::string& to) {
  if (to.empty()) return;
  const std::string head = "ALTER TABLE " + table.sql_name() + " RENAME ";
  if (old.empty()) {
    behind("rename of " + table.name, head + "TO " + ident(to) + ";");
    out_.renames.push_back(table.schema + "." + table.name + "=" + to);
  } else if (table.has(old)) {
    behind("rename of " + table.name + "." + old, head + "COLUMN " + ident(old) + " TO " + ident(to) + ";");
    out_.renames.push_back(table.schema + "." + table.name + "." + old + "=" + to);
  }
}

std::string Draft::touch_function() {
  if (current_.habits().touches) return current_.habits().touch_function;
  before(
      "touch_updated_at",
      "CREATE FUNCTION touch_updated_at() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, pg_temp\n  AS "
      "$$\nBEGIN\n  NEW.updated_at := now();\n  RETURN NEW;\nEND\n$$;\nCOMMENT ON FUNCTION touch_updated_at() IS 'Trigger: keeps "
      "updated_at';");
  return "touch_updated_at";
}

std::string Draft::decide(request::Decision decision) {
  for (const auto& old : out_.decisions) {
    if (old.id == decision.id) return old.decided;
  }
  const auto answer = options_.answers.find(decision.id);
  if (answer != options_.answers.end()) {
    answered_.insert(decision.id);
    decision.decided = answer->second;
    decision.by = "you";
  } else if (decision.decided.empty()) {
    decision.decided = decision.options[decision.recommended].id;
    decision.by = "recommended";
  }
  out_.decisions.push_back(decision);
  return decision.decided;
}

void Draft::assume(std::string rule, std::string text, std::string otherwise) {
  for (const auto& old : out_.assumptions) {
    if (old.text == text) return;
  }
  out_.assumptions.push_back({std::move(rule), std::move(text), std::move(otherwise), {}});
}

void Draft::warn(std::string id, std::string text, std::string todo) {
  for (const auto& old : out_.warnings) {
    if (old.text == text) return;
  }
  out_.warnings.push_back({std::move(id), std::move(text), std::move(todo)});
}

void Draft::query(std::string title, std::string sql, std::string served_by) {
  out_.queries.push_back({std::move(title), std::move(sql), std::move(served_by)});
}

void Draft::elsewhere(std::string line) {
  if (std::ranges::find(out_.elsewhere, line) == out_.elsewhere.end()) out_.elsewhere.push_back(std::move(line));
}

void Draft::because(std::string what, std::string id, std::string reason) {
  because_ = {"", std::move(what), std::move(id), std::move(reason)};
}

void Draft::cause(const std::string& object) {
  Cause one = because_;
  one.object = object;
  out_.causes.push_back(std::move(one));
}

std::string Draft::taken(const std::string& schema, std::string name) {
  if (name.size() > 63) name.resize(63);
  const std::string bare = name;
  for (int number = 2; names_.contains(schema + "." + name) || (!schema.empty() && current_.has_relation(schema, name));
       ++number) {
    const std::string tail = "_" + std::to_string(number);
    name = bare.substr(0, 63 - tail.size()) + tail;
  }
  names_.insert(schema + "." + name);
  return name;
}

}  // namespace pga::design
