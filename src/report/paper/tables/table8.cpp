#include "paper/definition.hpp"

namespace patchead::inline report_detail {

/// Few-shot, each category of VisA.
PaperDefinition table8() { return few_shot_by_category("VisA"); }

}  // namespace patchead::inline report_detail
