// Typos: a word that nobody knows and that is one slip (two in long words) away from exactly one word that is known is taken for
// that word, and the repair is reported. Never on words of three letters or less, never from one known word to another.
#pragma once
#include "request/reading.h"

namespace pga::request {

int damerau_distance(std::string_view one, std::string_view other, int limit);  // limit + 1 when it is more
void repair_typos(Tokens& tokens, const Vocabulary& vocabulary, Understood& out);

}  // namespace pga::request
