#include "options/choosing_options.hpp"

#include <array>
#include <span>
#include <string_view>

#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

struct HeldOutEntry {
    std::string_view name;
    HeldOut held_out;
};
constexpr auto kHeldOut = std::to_array<HeldOutEntry>(
    {{"leave-one-dataset-out", HeldOut::dataset}, {"leave-one-category-out", HeldOut::category}});

}  // namespace

po::options_description choosing_option_group() {
    return group_of(
        "choosing (docs/evaluation.md)",
        {{"choose", "HOW",
          "leave-one-dataset-out or leave-one-category-out: of the combinations the one that is "
          "best on the others, what it gives, and how much more the one that the test set chooses",
          OptionRow::Kind::text},
         {"by", "METRIC", "the metric by which --choose chooses; default: I-AUROC",
          OptionRow::Kind::text}});
}

std::optional<Choosing> read_choosing(const po::variables_map& values,
                                      const SweepRequest& request) {
    const auto how = text_of(values, "choose");
    const auto by = text_of(values, "by");
    require<ConfigError>(!how.empty() || by.empty(),
                         "option --by is about a choice (which was not asked for); add --choose "
                         "leave-one-dataset-out or leave-one-category-out");
    if (how.empty()) { return std::nullopt; }
    const Choosing choosing{
        find(std::span<const HeldOutEntry>(kHeldOut), "way to --choose", how).held_out,
        by.empty() ? std::string(kResampledMetric) : by};
    const auto& datasets = request.data.datasets;
    require<ConfigError>(choosing.held_out != HeldOut::dataset || datasets.size() > 1,
                         "option --choose ", how, ": there is one data set only, '",
                         datasets.empty() ? "" : datasets.front(),
                         "' (a choice is made on the others); give several to --dataset, or choose "
                         "by leave-one-category-out");
    return choosing;
}

}  // namespace patchead
