#include "estimator.hpp"

#include <array>
namespace patchead::inline alignment_detail {

#define PATCHEAD_ESTIMATOR(option, look, propose, in_automatic) \
    std::any look(const View& view);                            \
    std::vector<Proposal> propose(const std::any& source, const std::any& target, AlignModel model);
#include "estimators.def"
#undef PATCHEAD_ESTIMATOR

std::vector<const Estimator*> estimators_of(AlignEstimator option) {
    static constexpr auto table = std::to_array<Estimator>({
#define PATCHEAD_ESTIMATOR(option, look, propose, in_automatic) \
    {AlignEstimator::option, &(look), &(propose), in_automatic},
#include "estimators.def"
#undef PATCHEAD_ESTIMATOR
    });
    std::vector<const Estimator*> asked;
    for (const auto& estimator : table) {
        const bool by_automatic = option == AlignEstimator::automatic && estimator.in_automatic;
        if (estimator.option == option || by_automatic) { asked.push_back(&estimator); }
    }
    return asked;
}

}  // namespace patchead::inline alignment_detail
