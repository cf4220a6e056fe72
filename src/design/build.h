// How statements become a draft: one function a group of meanings, and the patterns.
#pragma once
#include "design/draft.h"

namespace pga::design {

// What a pattern or a meaning is built from.
struct Build {
  Draft& draft;
  const request::Understood& understood;
};

void build_structure(Build& build);  // entities, attributes, keys, rules of values
void build_relations(Build& build);
void build_rules(Build& build);     // overlaps, workflows, flags, immutability, policies
void build_subtypes(Build& build);  // things of several kinds
void build_patterns(Build& build);
void build_life(Build& build);      // retention, soft delete, audit, tenants, personal data, partitions
void build_policies(Build& build);  // who may do what; "if … then …"
void build_use(Build& build);       // access paths, slow queries, indexes
void build_changes(Build& build);   // drops, changes of columns, splits
void build_rest(Build& build);      // questions, what belongs elsewhere, what is understood and not designed

// Words of a statement, for a cause.
void because(Build& build, const request::Statement& statement);

}  // namespace pga::design
