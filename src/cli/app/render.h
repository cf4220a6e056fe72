// Pieces of output that several commands share.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/terminal.h"
#include "diff/rename.h"
#include "plan/step.h"
#include "schema/object.h"

namespace pga::app {

// {"kind", "name": […], "parent", "owner", "comment", fields …}: an object as data.
void object_json(Json& json, const schema::Object& object);
void id_json(Json& json, const schema::Id& id);
// The sections and steps of one direction.
void script_json(Json& json, const plan::Script& script);
// SQL for a terminal: keywords bold, comments dim; unchanged without colours.
std::string paint_sql(const Terminal& out, std::string_view sql);
void candidates_text(Terminal& out, const std::vector<diff::Candidate>& candidates);

}  // namespace pga::app
