// Products that come in sizes and colours: each combination stands once, with its own number.
#include <fmt/format.h>

#include "base/quote.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void option_tables(Draft& draft, Table& variants, const Target& product, const std::string& on) {
  Table& options = thing(draft, product.one + "_option");
  options.reference(on, product, OnDelete::cascade, true, "", false);
  options.text("name", 1, 60, true, "'Size', 'Colour'");
  options.column({"position", "integer", true, "DEFAULT 0", "In which order they are shown"});
  options.unique({on, "name"});
  options.unique({on, "id"}, "What the foreign keys of values need: an option of the same " + product.one);
  options.says("What a " + product.one + " may be chosen by");
  Table& values = thing(draft, product.one + "_option_value");
  values.column({on, product.types[0], true, "", ""});
  values.column({"option_id", draft.target(options.name).types[0], true, "", ""});
  values.text("value", 1, 60, true, "'M', 'red'");
  values.rule(
      {values.name + "_option_fkey",
       fmt::format("FOREIGN KEY ({0}, option_id) REFERENCES {1} ({0}, id) ON DELETE CASCADE", ident(on), options.sql_name()),
       ""});
  values.unique({"option_id", "value"});
  values.unique({on, "option_id", "id"}, "What the foreign key of a variant's values needs");
  values.says("The values that an option has");
  Table& chosen = draft.table(product.one + "_variant_value");
  chosen.column({"variant_id", draft.target(variants.name).types[0], true, "", ""});
  chosen.column({on, product.types[0], true, "", "Of the variant and of the option: both foreign keys carry it"});
  chosen.column({"option_id", draft.target(options.name).types[0], true, "", ""});
  chosen.column({"value_id", draft.target(values.name).types[0], true, "", ""});
  chosen.key({"variant_id", "option_id"});
  chosen.rule(
      {chosen.name + "_variant_fkey",
       fmt::format("FOREIGN KEY ({0}, variant_id) REFERENCES {1} ({0}, id) ON DELETE CASCADE", ident(on), variants.sql_name()),
       "A variant has values of its own product only"});
  chosen.rule(
      {chosen.name + "_value_fkey",
       fmt::format("FOREIGN KEY ({0}, option_id, value_id) REFERENCES {1} ({0}, option_id, id)", ident(on), values.sql_name()),
       "One value an option, and a value of that option"});
  chosen.index({on, "option_id", "value_id"}, "the variants that have a value; the check when it is deleted");
  chosen.says("Which value a variant has of each option");
  draft.query(
      "The variants that are red",
      fmt::format(
          "SELECT v.* FROM {} v JOIN {} c ON c.variant_id = v.id WHERE c.{} = $1 AND c.option_id = $2 AND c.value_id = $3",
          variants.sql_name(), chosen.sql_name(), ident(on)),
      "idx_" + chosen.name + "_" + on + "_option_id_value_id");
  draft.warn("variant-duplicates", "Two variants with the same values are not refused by a key: the values stand in rows.",
             "keep the combination as text in the sku, whose key refuses the second, or choose JSONB");
}

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  const auto product = draft.target(statement.subject.empty() ? "product" : statement.subject);
  const std::string on = product.one + "_id";
  const std::string kind = choose(
      draft, product.one + "-variants", "How are the options of a variant kept?",
      {{"options", "tables of options and values", "Each option and value once, with an order; four joins to show a page."},
       {"jsonb", "a JSONB object on the variant", "One table, no joins; a misspelt colour is a new colour."},
       {"products", "each variant is a product", "No new tables; what is common is repeated in every one."}},
      "A shop lists sizes in order and renames colours: both are one UPDATE when each stands once.", 3);
  if (kind == "products") {
    Table& table = draft.table(product.one);
    table.column({"group_code", "text", false, "", "The same for all that are variants of one thing"});
    table.index({"group_code"}, "the variants of one thing", "group_code IS NOT NULL");
    return;
  }
  Table& variants = thing(draft, product.one + "_variant");
  variants.reference(on, product, OnDelete::cascade, true, "What it is a variant of", false);
  variants.text("sku", 1, 60, true, "The number in the warehouse and on the label; never used again");
  variants.unique({"sku"});
  variants.unique({on, "id"}, "What the foreign key of its values needs");
  variants.column({"price", "numeric(12,2)", true, "", "Its own price: sizes may differ"});
  variants.check("price", "range", "price >= 0");
  variants.column({"is_active", "boolean", true, "DEFAULT true", "Still sold; what orders name is never deleted"});
  variants.says("What is really sold: one combination of values, with its own number and price");
  if (kind == "jsonb") {
    variants.column({"attrs", "jsonb", true, "DEFAULT '{}'", "{\"size\": \"M\", \"colour\": \"red\"}"});
    variants.check("attrs", "object", "jsonb_typeof(attrs) = 'object'");
    variants.unique({on, "attrs"}, "A combination stands once");
    variants.special_index(
        {"idx_" + variants.name + "_attrs", false, "USING gin (attrs jsonb_path_ops)", "variants that have a value"});
  } else {
    option_tables(draft, variants, product, on);
  }
  draft.query("The variants of one " + spoken(product.one),
              fmt::format("SELECT id, sku, price FROM {} WHERE {} = $1 AND is_active", variants.sql_name(), ident(on)),
              variants.name + "_" + on + "_id_key");
  draft.warn("sku-reuse", "A number that is used again makes old orders mean something else.",
             "set is_active to false instead of deleting");
}

}  // namespace

extern const Pattern pattern_variants;
const Pattern pattern_variants = {"variants", "Products with options, and a variant for each combination that is sold", &build};

}  // namespace pga::design
