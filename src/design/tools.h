// What many patterns need: a decision in one call, trigger functions, rows that are only added.
#pragma once
#include <string>
#include <vector>

#include "design/build.h"

namespace pga::design {

// A decision whose first option is recommended, for `reason`. Returns the option taken. Weight as in request/decision.h.
std::string choose(Draft& draft, const std::string& id, std::string question, std::vector<request::Option> options,
                   std::string reason, int weight = 1);

// CREATE FUNCTION name() RETURNS trigger, in PL/pgSQL, with a pinned search_path: `body` is from DECLARE or BEGIN to END, names
// of tables in it are qualified. Once a name.
void trigger_function(Draft& draft, const std::string& name, const std::string& body, const std::string& comment);
// CREATE TRIGGER name <when> ON table <how> EXECUTE FUNCTION name(arguments).
void trigger(Table& table, const std::string& name, const std::string& when, const std::string& how, const std::string& function,
             const std::string& arguments = {});

// A function that people call: `signature` with argument names and types, `rest` from RETURNS to the body.
void function(Draft& draft, const std::string& name, const std::string& arguments, const std::string& types,
              const std::string& rest, const std::string& comment);

void needs_extension(Draft& draft, const std::string& name);
// Rows are added and never changed: `what` is "UPDATE", "DELETE" or "UPDATE OR DELETE".
void refuse_changes(Draft& draft, Table& table, const std::string& what);
// The table with its key and the time of its rows, unless it is there already.
Table& thing(Draft& draft, const std::string& entity);
std::string qualified(const Table& table);  // "public"."orders", for bodies of functions
// The first of the entities that the schema or the draft has; "" none.
std::string first_known(Draft& draft, const std::vector<std::string>& entities);
std::string spoken(const std::string& name);  // order_line -> "order line"

}  // namespace pga::design
