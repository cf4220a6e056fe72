// Is this English at all? A request in another language gets one clear answer instead of a hundred wrong ones.
#pragma once
#include <string>
#include <string_view>

namespace pga::request {

// The name of the language that a text is written in when it is clearly not English, else "". Looks at its first 4 kB.
std::string other_language(std::string_view text);

}  // namespace pga::request
