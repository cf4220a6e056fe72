// Members of an entity in a brief: "title 1..200", "email ? unique per company", "status: draft > done".
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "request/statement.h"

namespace pga::request {

// "" when it was read; else what is wrong. `before` are the statements so far: a second line of steps goes on with the workflow.
std::string read_member(std::string_view text, const std::string& subject, std::vector<Statement>& before,
                        std::vector<Statement>& into);
std::vector<Attribute> junction_members(std::string_view text);                      // of "via table(…)"
std::vector<std::string_view> split_outside(std::string_view text, char separator);  // not inside parentheses

std::string pattern_slug(std::string_view name);     // "soft_delete" -> "soft-delete"; "" when there is none
std::string nearest_pattern(std::string_view name);  // as a brief writes it
std::vector<std::pair<std::string, std::string>> pattern_options(
    std::string_view text);  // "from: title, weekly" -> {from, title}, {weekly, ""}

}  // namespace pga::request
