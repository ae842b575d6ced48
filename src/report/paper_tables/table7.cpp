#include "../paper_definition.hpp"

namespace patchead {

/// Few-shot, each category of MVTec.
PaperDefinition table7() { return few_shot_by_category("MVTec"); }

}  // namespace patchead
