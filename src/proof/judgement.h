// How a judgement comes out of a comparison, and how it is shown: shared by prove and history. Internal to the room.
#pragma once
#include <string>

#include "base/json.h"
#include "base/terminal.h"
#include "proof/prove.h"

namespace pga::proof {

void set(Judgement& judgement, Verdict verdict, std::string reason);
void judge(Judgement& judgement, Comparison comparison);
void judge(Judgement& judgement, RowComparison rows);

std::string verdict_text(const Judgement& judgement, const Terminal& out);  // in its colour
// What differs, with a heading; nothing when nothing is wrong.
void print_judgement(const std::string& prefix, const Judgement& judgement, Terminal& out);
void judgement_json(const Judgement& judgement, Json& json);

}  // namespace pga::proof
