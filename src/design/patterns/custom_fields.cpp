// Fields that customers define for themselves.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what = first_known(draft, {statement.subject, "contact", "customer", "ticket", "task", "product"});
  if (what.empty()) what = statement.subject.empty() ? "contact" : statement.subject;
  Table& table = thing(draft, what);
  const std::string one = singular_of(table.name);
  const std::string tenant = first_known(draft, {"tenant", "workspace", "organisation", "organization", "company"});
  const bool by_tenant = !tenant.empty() && singular_of(tenant) != one;
  Table& defs = thing(draft, "custom_field");
  std::vector<std::string> key;
  std::string mine;
  if (by_tenant) {
    const auto owner = draft.target(tenant);
    defs.reference(owner.one + "_id", owner, OnDelete::cascade, true, "Whose field", false);
    table.reference(owner.one + "_id", owner, OnDelete::cascade, !table.existing, "Whose row it is");
    key.push_back(owner.one + "_id");
    mine = " AND d." + ident(owner.one + "_id") + " = NEW." + ident(owner.one + "_id");
  }
  defs.text("entity", 1, 60, true, "The table: '" + table.name + "'");
  defs.text("key", 1, 60, true, "In the JSON; never changes: the values stand under it");
  defs.check("key", "shape", "key ~ '^[a-z][a-z0-9_]*$'");
  defs.text("label", 1, 120, true, "What people read; may change");
  defs.one_of("kind", {"text", "number", "boolean", "date", "choice"}, "text");
  defs.column({"options", "text[]", false, "", "The choices"});
  defs.check("options", "given", "(kind = 'choice') = (options IS NOT NULL)", "Both directions");
  defs.check("options", "not_empty", "cardinality(options) > 0");
  defs.column({"required", "boolean", true, "DEFAULT false", "From the next change of a row on"});
  key.insert(key.end(), {"entity", "key"});
  defs.unique(key);
  defs.says("The fields that were defined");
  table.column({"custom", "jsonb", true, "DEFAULT '{}'", "Values of the fields that were defined; checked by a trigger"});
  table.check("custom", "object", "jsonb_typeof(custom) = 'object'");
  table.check("custom", "size", "octet_length(custom::text) <= 65536");
  table.special_index(
      {"idx_" + table.name + "_custom", false, "USING gin (custom jsonb_path_ops)", "rows that have a value in such a field"});
  const std::string name = table.name + "_custom_known";
  trigger_function(
      draft, name,
      fmt::format(
          "DECLARE\n  field record;\n  value jsonb;\n  unknown text;\nBEGIN\n  SELECT k INTO unknown FROM "
          "jsonb_object_keys(NEW.custom) k\n    WHERE NOT EXISTS (SELECT FROM {0} d WHERE d.entity = {1} AND d.key = k{2}) LIMIT "
          "1;\n  IF unknown IS NOT NULL THEN\n    RAISE EXCEPTION '{3}: there is no field %', unknown USING ERRCODE = "
          "'check_violation', CONSTRAINT = '{3}';\n  END IF;\n  FOR field IN SELECT * FROM {0} d WHERE d.entity = "
          "{1}{2} LOOP\n    value := NEW.custom -> field.key;\n    IF value IS NULL OR value = 'null' THEN\n      IF "
          "field.required THEN\n        RAISE EXCEPTION '{3}: the field % is required', field.key USING ERRCODE = "
          "'check_violation', CONSTRAINT = '{3}';\n      END IF;\n    ELSIF NOT (CASE field.kind\n        WHEN 'text' THEN "
          "jsonb_typeof(value) = 'string'\n        WHEN 'number' THEN jsonb_typeof(value) = 'number'\n        WHEN "
          "'boolean' THEN jsonb_typeof(value) = 'boolean'\n        WHEN 'date' THEN value #>> '{{}}' ~ "
          "'^\\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$'\n        ELSE value #>> '{{}}' = ANY (field.options) END) THEN\n  "
          "    RAISE "
          "EXCEPTION '{3}: the field % is a %', field.key, field.kind USING ERRCODE = 'check_violation', CONSTRAINT = '{3}';\n   "
          " END IF;\n  END LOOP;\n  RETURN NEW;\nEND",
          qualified(defs), literal(table.name), mine, name),
      "values are those of fields that were defined");
  trigger(table, name, "BEFORE INSERT OR UPDATE OF custom", "FOR EACH ROW", name);
  draft.query("Rows that have a value", "SELECT * FROM " + table.sql_name() + " WHERE custom @> '{\"size\": \"M\"}'",
              "idx_" + table.name + "_custom");
  draft.warn("field-rename", "A key that changes leaves the values under the old one.", "change the label; the key stays");
  draft.warn("field-delete", "Deleting a definition makes the next change of a row that has it fail.",
             "remove the key from the rows first: UPDATE … SET custom = custom - 'key'");
}

}  // namespace

extern const Pattern pattern_custom_fields;
const Pattern pattern_custom_fields = {"custom-fields", "Definitions of fields, and values that are checked against them",
                                       &build};

}  // namespace pga::design
