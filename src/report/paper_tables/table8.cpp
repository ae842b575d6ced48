#include "../paper_definition.hpp"

namespace patchead {

/// Few-shot, each category of VisA.
PaperDefinition table8() { return few_shot_by_category("VisA"); }

}  // namespace patchead
