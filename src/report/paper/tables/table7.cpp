#include "paper/definition.hpp"

namespace patchead::inline report_detail {

/// Few-shot, each category of MVTec.
PaperDefinition table7() { return few_shot_by_category("MVTec"); }

}  // namespace patchead::inline report_detail
