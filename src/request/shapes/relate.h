// Relations, for the families that find them.
#pragma once
#include "request/reading.h"

namespace pga::request {

// "an order has many items": the owned side of a list.
void relate_owned(Reading& reading, const Noun& owner, const Item& item);
// A noun that may be a thing of its own ("department"): asked.
void ask_entity_or_attribute(Reading& reading, const Noun& owner, const Item& item);
// A user, a person: who did it, not what it is about.
bool person_like(std::string_view entity);
std::string dashed(std::string_view name);
std::string with_article(std::string_view entity);  // "an event", "a user"

}  // namespace pga::request
