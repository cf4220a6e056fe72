#include "schema/table_ddl.h"

#include <algorithm>

#include "base/quote.h"
#include "base/text.h"

namespace pga::schema {
namespace {

std::pair<std::string, std::string> key_value(const std::string& option) {
  const size_t at = option.find('=');
  if (at == std::string::npos) return {option, ""};
  return {option.substr(0, at), option.substr(at + 1)};
}

std::string parameter_name(const std::string& key) {  // "toast.autovacuum_enabled" has a namespace
  const size_t dot = key.find('.');
  return dot == std::string::npos ? ident(key) : ident({key.substr(0, dot), key.substr(dot + 1)});
}

const Object* parent_column(const Object& column, const Database& in) {
  const Object* table = column.parent ? in.find(*column.parent) : nullptr;
  if (table == nullptr) return nullptr;
  std::vector<std::vector<std::string>> parents;
  if (const auto of = table->list("partition_of"); !of.empty()) parents.push_back(of);
  for (const auto& need : table->needs) {
    if (need.kind == KindId::table && !table->list("inherits").empty()) parents.push_back(need.path);
  }
  for (auto path : parents) {
    path.push_back(column.id.name());
    if (const Object* found = in.find(KindId::column, path)) return found;
  }
  return nullptr;
}

// The column is written down only where the table itself declares it.
bool is_declared(const Object& column, PartitionForm form, bool partition) {
  if (partition) return form == PartitionForm::attach;
  return column.flag("is_local") || !column.flag("inherited");
}

// Properties of an inherited column that differ from its parent's.
Statements inherited_differences(const Object& column, const Database& in) {
  Statements out;
  const Object* parent = parent_column(column, in);
  if (parent == nullptr) return out;
  const std::string alter = "ALTER TABLE ONLY " + table_name(column) + " ALTER COLUMN " + ident(column.id.name());
  if (column.flag("not_null") && !parent->flag("not_null")) out.push_back({alter + " SET NOT NULL"});
  const Object* mine = in.find(KindId::column_default, column.id.path);
  const Object* theirs = in.find(KindId::column_default, parent->id.path);
  if (mine == nullptr && theirs != nullptr) out.push_back({alter + " DROP DEFAULT"});
  return out;
}

std::string partition_header(const Object& table) {
  return "CREATE " + std::string(table.flag("unlogged") ? "UNLOGGED " : "") +
         (table.text("form") == "foreign" ? "FOREIGN TABLE " : "TABLE ") + table_name(table);
}

std::string table_tail(const Object& table) {
  std::string out;
  if (table.value("partition_key")) out += "\nPARTITION BY " + table.text("partition_key");
  if (table.value("access_method")) out += "\nUSING " + ident(table.text("access_method"));
  if (table.text("form") == "foreign") {
    out += "\nSERVER " + ident(table.text("server"));
    if (const auto options = table.list("server_options"); !options.empty()) out += " OPTIONS (" + generic_options(options) + ")";
  }
  if (const auto options = table.list("options"); !options.empty()) out += "\nWITH (" + storage_parameters(options) + ")";
  if (table.value("tablespace")) out += "\nTABLESPACE " + ident(table.text("tablespace"));
  return out;
}

}  // namespace

std::string qualified(const std::vector<std::string>& path) {
  PGA_ASSERT(path.size() >= 2);
  return ident({path[0], path[1]});
}

std::string table_name(const Object& object) {
  if (object.id.kind == KindId::index) return qualified(object.list("table"));
  return qualified(object.id.path);
}

std::string storage_parameters(const std::vector<std::string>& options) {
  std::vector<std::string> out;
  for (const auto& option : options) {
    const auto [key, value] = key_value(option);
    out.push_back(parameter_name(key) + " = " + literal(value));
  }
  return join(out, ", ");
}

std::string generic_options(const std::vector<std::string>& options) {
  std::vector<std::string> out;
  for (const auto& option : options) {
    const auto [key, value] = key_value(option);
    out.push_back(ident(key) + " " + literal(value));
  }
  return join(out, ", ");
}

std::string generic_options_change(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  std::map<std::string, std::string> before, after;
  for (const auto& option : from) before.insert(key_value(option));
  for (const auto& option : to) after.insert(key_value(option));
  std::vector<std::string> out;
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) out.push_back("DROP " + ident(key));
  }
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end()) {
      out.push_back("ADD " + ident(key) + " " + literal(value));
    } else if (old->second != value) {
      out.push_back("SET " + ident(key) + " " + literal(value));
    }
  }
  return join(out, ", ");
}

std::vector<std::string> storage_parameters_change(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  std::vector<std::string> set, reset, out;
  for (const auto& option : to) {
    if (std::ranges::find(from, option) == from.end()) set.push_back(option);
  }
  for (const auto& option : from) {
    const auto key = key_value(option).first;
    const bool kept = std::ranges::any_of(to, [&](const std::string& o) { return key_value(o).first == key; });
    if (!kept) reset.push_back(parameter_name(key));
  }
  if (!reset.empty()) out.push_back("RESET (" + join(reset, ", ") + ")");
  if (!set.empty()) out.push_back("SET (" + storage_parameters(set) + ")");
  return out;
}

std::vector<std::string> without_default_options(const std::vector<std::string>& options, const std::string& type) {
  const std::string greatest = type == "smallint" ? "32767" : type == "integer" ? "2147483647" : "9223372036854775807";
  std::vector<std::string> usual = {"INCREMENT BY 1", "MINVALUE 1", "MAXVALUE " + greatest, "CACHE 1", "NO CYCLE"};
  for (const auto& option : options) {  // a sequence that counts up starts at its least value
    if (option.starts_with("MINVALUE ")) usual.push_back("START WITH " + option.substr(std::string_view("MINVALUE ").size()));
  }
  std::vector<std::string> out = options;
  // The bounds and the start depend on the direction: only told apart from the usual ones when that is the usual one.
  if (std::ranges::find(options, "INCREMENT BY 1") == options.end()) return out;
  std::erase_if(out, [&](const std::string& option) { return std::ranges::find(usual, option) != usual.end(); });
  return out;
}

std::string identity_definition(const Object& column) {
  std::vector<std::string> inside;
  const std::string usual_name = column.id.path[1] + "_" + column.id.path[2] + "_seq";
  const std::string usual = ident({column.id.path[0], usual_name});
  if (column.text("identity_sequence") != usual || usual_name.size() > 63)
    inside.push_back("SEQUENCE NAME " + column.text("identity_sequence"));
  for (auto& option : without_default_options(column.list("identity_options"), column.text("type")))
    inside.push_back(std::move(option));
  return "GENERATED " + column.text("identity") + " AS IDENTITY" + (inside.empty() ? "" : " (" + join(inside, " ") + ")");
}

namespace {

// Before 16 a column that a parent computes must not say how.
bool generated_by_parent(const Object& column, const Database& in) {
  if (in.major() >= 16 || !column.flag("inherited") || !column.parent) return false;
  const Object* table = in.find(*column.parent);
  if (table == nullptr) return false;
  return std::ranges::any_of(table->needs, [&](const Id& need) {
    if (need.kind != KindId::table) return false;
    const Object* above = in.find(KindId::column, {need.path[0], need.path[1], column.id.name()});
    return above != nullptr && above->value("generated");
  });
}

// 18: a NOT NULL is an object with a name. That of an INHERITS parent comes along; said here as well it would be another one.
bool not_null_by_parent(const Object& column, const Database& in) {
  if (in.major() < 18 || !column.flag("inherited") || column.flag("not_null_local") || !column.parent) return false;
  const Object* table = in.find(*column.parent);
  return table != nullptr && !table->list("inherits").empty();
}

}  // namespace

std::string column_definition(const Object& column, const Database& in, bool with_default) {
  std::string out = ident(column.id.name()) + " " + column.text("type");
  if (const auto options = column.list("server_options"); !options.empty()) {
    out += " OPTIONS (" + generic_options(options) + ")";
  }
  if (column.value("compression")) out += " COMPRESSION " + column.text("compression");
  if (column.value("collation")) out += " COLLATE " + column.text("collation");
  if (column.value("generated") && !generated_by_parent(column, in)) {
    out += " GENERATED ALWAYS AS (" + column.text("expression") + ") " + column.text("generated");
  }
  if (column.value("identity")) out += " " + identity_definition(column);
  if (with_default) {
    if (const Object* value = in.find(KindId::column_default, column.id.path)) out += " DEFAULT " + value->text("expression");
  }
  if (column.flag("not_null") && column.flag("not_null_valid") && !not_null_by_parent(column, in)) {
    const bool named = column.value("not_null_name") && !column.flag("not_null_name_is_default");
    out += (named ? " CONSTRAINT " + ident(column.text("not_null_name")) : std::string()) + " NOT NULL";
    if (column.flag("not_null_no_inherit")) out += " NO INHERIT";
  }
  return out;
}

Statements column_settings(const Object& column) {
  Statements out;
  const std::string only = "ALTER TABLE ONLY " + table_name(column);
  const std::string alter = only + " ALTER COLUMN " + ident(column.id.name());
  if (column.flag("not_null") && !column.flag("not_null_valid")) {
    out.push_back({"ALTER TABLE " + table_name(column) + " ADD CONSTRAINT " + ident(column.text("not_null_name")) + " NOT NULL " +
                   ident(column.id.name()) + (column.flag("not_null_no_inherit") ? " NO INHERIT" : "") + " NOT VALID"});
  }
  if (column.value("storage")) out.push_back({alter + " SET STORAGE " + column.text("storage")});
  if (column.value("statistics_target")) out.push_back({alter + " SET STATISTICS " + column.text("statistics_target")});
  if (const auto options = column.list("options"); !options.empty()) {
    out.push_back({alter + " SET (" + storage_parameters(options) + ")"});
  }
  if (column.flag("identity_unlogged")) {
    out.push_back({"ALTER SEQUENCE " + column.text("identity_sequence") + " SET UNLOGGED"});
  }
  if (column.value("not_null_comment")) {
    out.push_back({"COMMENT ON CONSTRAINT " + ident(column.text("not_null_name")) + " ON " + table_name(column) + " IS " +
                   literal(column.text("not_null_comment"))});
  }
  return out;
}

std::string constraint_definition(const Object& constraint, bool not_valid) {
  std::string out = "CONSTRAINT " + ident(constraint.id.name()) + " " + constraint.text("definition");
  if (const auto options = constraint.list("options"); !options.empty()) {
    // WITH stands before a predicate and before DEFERRABLE; an exclusion's predicate is in its definition already.
    std::string with = " WITH (" + storage_parameters(options) + ")";
    size_t at = std::string::npos;
    for (const char* tail : {" WHERE (", " DEFERRABLE"}) {
      const size_t found = out.rfind(tail);
      if (found != std::string::npos && (at == std::string::npos || found < at)) at = found;
    }
    out.insert(at == std::string::npos ? out.size() : at, with);
  }
  if (constraint.value("tablespace")) {
    size_t at = std::string::npos;
    for (const char* tail : {" WHERE (", " DEFERRABLE"}) {
      const size_t found = out.rfind(tail);
      if (found != std::string::npos && (at == std::string::npos || found < at)) at = found;
    }
    out.insert(at == std::string::npos ? out.size() : at, " USING INDEX TABLESPACE " + ident(constraint.text("tablespace")));
  }
  if (not_valid && constraint.flag("enforced")) out += " NOT VALID";
  return out;
}

Statements constraint_settings(const Object& constraint) {
  Statements out;
  if (constraint.text("type") == "FOREIGN KEY" || constraint.text("type") == "CHECK") return out;
  const std::string& schema = constraint.id.path[0];
  if (constraint.value("index_name")) {
    out.push_back(
        {"ALTER INDEX " + ident({schema, constraint.id.name()}) + " RENAME TO " + ident(constraint.text("index_name"))});
  }
  const std::string index = constraint.value("index_name") ? constraint.text("index_name") : constraint.id.name();
  if (const auto parent = constraint.list("attached_to"); !parent.empty()) {
    out.push_back({"ALTER INDEX " + qualified(parent) + " ATTACH PARTITION " + ident({schema, index})});
  }
  if (constraint.flag("clustered")) {
    out.push_back({"ALTER TABLE " + table_name(constraint) + " CLUSTER ON " + ident(index)});
  }
  if (constraint.flag("replica_identity")) {
    out.push_back({"ALTER TABLE ONLY " + table_name(constraint) + " REPLICA IDENTITY USING INDEX " + ident(index)});
  }
  if (constraint.value("index_comment")) {
    out.push_back({"COMMENT ON INDEX " + ident({schema, index}) + " IS " + literal(constraint.text("index_comment"))});
  }
  return out;
}

PartitionForm natural_partition_form(const Object& table, const Database& in) {
  const auto parent_path = table.list("partition_of");
  if (parent_path.empty() || table.text("form") == "foreign") return PartitionForm::partition_of;
  const auto mine = in.children(table.id, KindId::column);
  const auto theirs = in.children(Id{KindId::table, parent_path}, KindId::column);
  const auto same = [](const Object* a, const Object* b) {
    return a->id.name() == b->id.name() && a->value("type") == b->value("type") &&
           a->value("collation") == b->value("collation") && a->value("expression") == b->value("expression") &&
           a->value("compression") == b->value("compression") && a->value("not_null_name") == b->value("not_null_name");
  };
  return std::ranges::equal(mine, theirs, same) ? PartitionForm::partition_of : PartitionForm::attach;
}

Statement attach_partition(const Object& table) {
  return {"ALTER TABLE ONLY " + qualified(table.list("partition_of")) + " ATTACH PARTITION " + table_name(table) + " " +
          table.text("partition_bound")};
}

std::vector<const Object*> rules_of_parents(const Object& table, const Database& in) {
  std::vector<const Object*> out;
  const Object* at = &table;
  for (auto path = at->list("partition_of"); !path.empty() && at != nullptr; path = at->list("partition_of")) {
    at = in.find(KindId::table, path);
    if (at == nullptr) break;
    for (const Object* constraint : in.children(at->id, KindId::constraint)) {
      const bool check = constraint->text("type") == "CHECK" && !constraint->flag("no_inherit");
      if (check || constraint->text("type") == "FOREIGN KEY") out.push_back(constraint);
    }
  }
  return out;
}

std::vector<std::string> rules_left_behind(const Object& from, const Object& to, const Database& from_db, const Database& to_db) {
  std::vector<std::string> out;
  const auto after = rules_of_parents(to, to_db);
  for (const Object* rule : rules_of_parents(from, from_db)) {
    const auto same = [&](const Object* other) {
      return other->id.name() == rule->id.name() && other->text("definition") == rule->text("definition");
    };
    const Object* own = to_db.find(KindId::constraint, {to.id.path[0], to.id.path[1], rule->id.name()});
    if (std::ranges::any_of(after, same) || (own != nullptr && same(own))) continue;
    out.push_back(rule->id.name());
  }
  return out;
}

Object rule_for(const Object& rule, const Object& table) {
  Object out = rule;
  out.id.path = {table.id.path[0], table.id.path[1], rule.id.name()};
  out.parent = table.id;
  return out;
}

Statements create_table(const Object& table, const Database& in, const std::set<Id>& inlined, PartitionForm form) {
  const bool partition = table.value("partition_of").has_value();
  std::vector<std::string> items;
  Statements after;
  for (const Object* column : in.children(table.id, KindId::column)) {
    const Id default_id{KindId::column_default, column->id.path};
    if (is_declared(*column, form, partition)) {
      items.push_back(column_definition(*column, in, inlined.contains(default_id)));
    } else {
      std::ranges::copy(inherited_differences(*column, in), std::back_inserter(after));
    }
    std::ranges::copy(column_settings(*column), std::back_inserter(after));
  }
  for (const Object* constraint : in.children(table.id, KindId::constraint)) {
    if (!inlined.contains(constraint->id)) continue;
    items.push_back(constraint_definition(*constraint, false));
    std::ranges::copy(constraint_settings(*constraint), std::back_inserter(after));
  }
  if (partition && form == PartitionForm::attach) {  // checks of the parent must exist before it can be attached
    for (const Object* constraint : in.children(Id{KindId::table, table.list("partition_of")}, KindId::constraint)) {
      if (constraint->text("type") == "CHECK" && !constraint->flag("no_inherit") &&
          !in.find({KindId::constraint, {table.id.path[0], table.id.path[1], constraint->id.name()}})) {
        items.push_back(constraint_definition(*constraint, false));
      }
    }
  }
  std::string sql = partition_header(table);
  if (partition && form == PartitionForm::partition_of) {
    sql += " PARTITION OF " + qualified(table.list("partition_of"));
    if (!items.empty()) sql += " (\n    " + join(items, ",\n    ") + "\n)";
    sql += "\n" + table.text("partition_bound");
  } else if (table.value("of_type")) {
    sql += " OF " + table.text("of_type");
    std::vector<std::string> typed;
    for (const Object* column : in.children(table.id, KindId::column)) {
      std::string with;
      if (inlined.contains(Id{KindId::column_default, column->id.path})) {
        with += " DEFAULT " + in.find(KindId::column_default, column->id.path)->text("expression");
      }
      if (column->flag("not_null")) with += " NOT NULL";
      if (!with.empty()) typed.push_back(ident(column->id.name()) + " WITH OPTIONS" + with);
    }
    items.erase(items.begin(), items.begin() + static_cast<long>(in.children(table.id, KindId::column).size()));
    typed.insert(typed.end(), items.begin(), items.end());
    if (!typed.empty()) sql += " (\n    " + join(typed, ",\n    ") + "\n)";
  } else {
    sql += items.empty() ? " ()" : " (\n    " + join(items, ",\n    ") + "\n)";
    if (const auto parents = table.list("inherits"); !parents.empty()) sql += "\nINHERITS (" + join(parents, ", ") + ")";
  }
  Statements out = {{sql + table_tail(table)}};
  if (table.flag("row_security")) after.push_back({"ALTER TABLE " + table_name(table) + " ENABLE ROW LEVEL SECURITY"});
  if (table.flag("force_row_security")) after.push_back({"ALTER TABLE ONLY " + table_name(table) + " FORCE ROW LEVEL SECURITY"});
  const std::string identity = table.text("replica_identity");
  if (identity == "FULL" || identity == "NOTHING") {
    after.push_back({"ALTER TABLE ONLY " + table_name(table) + " REPLICA IDENTITY " + identity});
  }
  std::ranges::move(after, std::back_inserter(out));
  return out;
}

}  // namespace pga::schema
