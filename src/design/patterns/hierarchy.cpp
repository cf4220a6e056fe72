// Trees: categories in categories, people under people.
#include <fmt/format.h>

#include "base/quote.h"
#include "base/text.h"
#include "design/pattern.h"
#include "design/tools.h"

namespace pga::design {
namespace {

void closure(Draft& draft, Table& table, const Target& target) {
  Table& paths = draft.table(target.one + "_path");
  paths.column({"ancestor_id", target.types[0], true, "", ""});
  paths.column({"descendant_id", target.types[0], true, "", ""});
  paths.column({"depth", "integer", true, "", "0: itself"});
  paths.check("depth", "range", "depth >= 0");
  paths.key({"ancestor_id", "descendant_id"});
  for (const char* side : {"ancestor_id", "descendant_id"})
    paths.rule(
        {paths.name + "_" + side + "_fkey",
         fmt::format("FOREIGN KEY ({}) REFERENCES {} ({}) ON DELETE CASCADE", side, table.sql_name(), ident(target.key[0])), ""});
  paths.index({"descendant_id", "depth"}, "all that stand above one, nearest first");
  paths.says("Every pair of above and below; kept by a trigger");
  const std::string name = table.name + "_paths", key = ident(target.key[0]);
  trigger_function(
      draft, name,
      fmt::format(
          "BEGIN\n  IF TG_OP = 'UPDATE' THEN\n    -- The subtree leaves those that stood above it.\n    DELETE FROM {0} p USING "
          "{0} below, {0} above WHERE below.ancestor_id = NEW.{1} AND above.descendant_id = NEW.{1} AND above.depth > "
          "0\n      AND p.ancestor_id = above.ancestor_id AND p.descendant_id = below.descendant_id;\n  ELSE\n    INSERT INTO "
          "{0} VALUES (NEW.{1}, NEW.{1}, 0);\n  END IF;\n  IF NEW.parent_id IS NOT NULL THEN\n    INSERT INTO {0} "
          "SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1 FROM {0} above, {0} below\n      WHERE "
          "above.descendant_id = NEW.parent_id AND below.ancestor_id = NEW.{1};\n  END IF;\n  RETURN NULL;\nEND",
          qualified(paths), key),
      "keeps the pairs of above and below");
  trigger(table, name, "AFTER INSERT OR UPDATE OF parent_id", "FOR EACH ROW", name);
  if (table.existing)
    draft.data("the paths of what is there",
               fmt::format("INSERT INTO {1} WITH RECURSIVE up AS (SELECT {2} AS d, {2} AS a, 0 AS n FROM {0} UNION ALL SELECT "
                           "up.d, t.parent_id, n + 1 FROM up JOIN {0} t ON t.{2} = up.a WHERE t.parent_id IS NOT NULL) SELECT a, "
                           "d, n FROM up ON CONFLICT DO NOTHING",
                           table.sql_name(), paths.sql_name(), key));
  draft.query("All below one",
              fmt::format("SELECT t.* FROM {} p JOIN {} t ON t.{} = p.descendant_id WHERE p.ancestor_id = $1", paths.sql_name(),
                          table.sql_name(), key),
              paths.name + "_pkey");
  draft.warn("closure-moves",
             "Moving a subtree writes a row for each pair of above and below (about 9 rows a node were measured).", "");
}

void build(Build& build, const request::Statement& statement) {
  auto& draft = build.draft;
  std::string what =
      statement.subject.empty() ? first_known(draft, {"category", "department", "page", "folder"}) : statement.subject;
  Table& table = thing(draft, what.empty() ? "category" : what);
  const auto target = draft.target(table.schema + "." + table.name);
  const std::string one = target.one, key = target.key.empty() ? "id" : target.key[0];
  const std::string shape = choose(draft, one + "-tree", "How is the tree of " + spoken(table.name) + " read?",
                                   {{"adjacency", "by the parent of each, with recursive queries",
                                     "One column; a subtree of thousands in about 5 ms; moving one is one UPDATE."},
                                    {"closure", "by a table of all pairs of above and below",
                                     "A subtree in 0.6 ms; nine rows a node, and moves write them all."},
                                    {"ltree", "by a path that a trigger keeps",
                                     "Breadcrumbs and prefixes from one index; a move writes the path of all below."}},
                                   "Up to a hundred thousand rows nothing else is needed.", 3);
  if (!table.existing) table.text("name", 1, 200);
  table.reference("parent_id", target, OnDelete::restrict_, false, "The one above; NULL at the top");
  table.check("parent_id", "not_itself", ident(key) + " <> parent_id");
  if (!table.existing)
    table.special_index({"idx_" + table.name + "_parent_id_name", true,
                         draft.major() >= 15 ? "(parent_id, name) NULLS NOT DISTINCT" : "(coalesce(parent_id::text, ''), name)",
                         "what stands below one, by name; a name once at each place"});
  const std::string cycle = table.name + "_no_cycle";
  trigger_function(
      draft, cycle,
      fmt::format(
          "BEGIN\n  -- Two moves at once could close a circle that neither sees: one after the other.\n  PERFORM "
          "pg_advisory_xact_lock(hashtextextended('{1}', 0));\n  IF EXISTS (WITH RECURSIVE above AS (SELECT {2}, parent_id FROM "
          "{0} WHERE "
          "{2} = NEW.parent_id\n      UNION SELECT t.{2}, t.parent_id FROM {0} t JOIN above a ON t.{2} = a.parent_id)\n    "
          "SELECT FROM above WHERE {2} = NEW.{2}) THEN\n    RAISE EXCEPTION '{1}: % would stand below itself', NEW.{2} USING "
          "ERRCODE = 'check_violation', CONSTRAINT = '{1}';\n  END IF;\n  RETURN NEW;\nEND",
          qualified(table), cycle, ident(key)),
      "nothing stands below itself");
  trigger(table, cycle, "BEFORE UPDATE OF parent_id",
          "FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL AND OLD.parent_id IS DISTINCT FROM NEW.parent_id)", cycle);
  draft.query(
      "All below one, with their depth",
      fmt::format(
          "WITH RECURSIVE below AS (SELECT {1}, 0 AS depth FROM {0} WHERE {1} = $1 UNION ALL SELECT t.{1}, depth + 1 FROM {0} t "
          "JOIN below b ON t.parent_id = b.{1}) SELECT t.*, depth FROM below JOIN {0} t USING ({1}) ORDER BY depth",
          table.sql_name(), ident(key)),
      "idx_" + table.name + "_parent_id");
  if (shape == "closure") closure(draft, table, target);
  if (shape == "ltree") {
    needs_extension(draft, "ltree");
    table.column({"path", "ltree", false, "", "From the top to here, by id; kept by a trigger"});
    table.special_index({"idx_" + table.name + "_path", false, "USING gist (path)", "all below one; breadcrumbs"});
    const std::string name = table.name + "_path";
    // The types of an extension stand where it was installed: the function has to find it.
    draft.before(name,
                 fmt::format("CREATE FUNCTION {1}() RETURNS trigger\n  LANGUAGE plpgsql\n  SET search_path = pg_catalog, public, "
                             "pg_temp\n  AS $$\nBEGIN\n  SELECT path || NEW.{2}::text INTO NEW.path FROM {0} WHERE {2} = "
                             "NEW.parent_id;\n  IF NEW.parent_id IS NULL THEN\n    NEW.path := NEW.{2}::text;\n  END IF;\n  "
                             "IF TG_OP = 'UPDATE' AND OLD.path IS DISTINCT FROM NEW.path THEN\n    UPDATE {0} SET path = "
                             "NEW.path || subpath(path, nlevel(OLD.path)) WHERE path <@ OLD.path AND {2} <> NEW.{2};\n  END "
                             "IF;\n  RETURN NEW;\nEND\n$$;\nCOMMENT ON FUNCTION {1}() IS 'Trigger: the path from the top';",
                             qualified(table), ident(name), ident(key)));
    trigger(table, name, "BEFORE INSERT OR UPDATE OF parent_id", "FOR EACH ROW", name);
    if (target.types[0] == "uuid")
      draft.warn("ltree-uuid", "A uuid in a path has dashes, which ltree takes from PostgreSQL 16 on only.",
                 "replace them by underscores in the trigger");
    draft.query("All below one",
                "SELECT * FROM " + table.sql_name() + " WHERE path <@ (SELECT path FROM " + table.sql_name() + " WHERE " +
                    ident(key) + " = $1)",
                "idx_" + table.name + "_path");
  }
  draft.warn("tree-delete", "One that has others below it cannot be deleted.",
             "move or delete what is below first: a cascade would take a whole tree along");
}

}  // namespace

extern const Pattern pattern_hierarchy;
const Pattern pattern_hierarchy = {"hierarchy", "Trees without cycles, with the reading that they need", &build};

}  // namespace pga::design
