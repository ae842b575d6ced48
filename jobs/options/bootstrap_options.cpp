#include "options/bootstrap_options.hpp"

#include <string>

#include "patchead/core/error.hpp"

namespace patchead {

void add_bootstrap_options(po::options_description& options, int resamples) {
    auto add = options.add_options();
    add("bootstrap", po::value<int>()->default_value(resamples)->value_name("N"),
        "95 % intervals of I-AUROC from N resamples of the test images; 0: none");
    add("bootstrap-seed", po::value<int>()->default_value(0)->value_name("S"),
        "seed of the resampling");
}

std::optional<BootstrapOptions> parse_bootstrap(const po::variables_map& values) {
    constexpr int kLeast = 100;  // 95 % percentiles of fewer mean nothing.
    const int resamples = values["bootstrap"].as<int>();
    const int seed = values["bootstrap-seed"].as<int>();
    require<ConfigError>(resamples == 0 || resamples >= kLeast, "option --bootstrap: ", resamples,
                         " resamples are too few for 95 % intervals; give at least ", kLeast,
                         ", or 0 for none");
    require<ConfigError>(seed >= 0, "option --bootstrap-seed: ", seed,
                         " is negative; give at least 0");
    if (resamples == 0) { return std::nullopt; }
    return BootstrapOptions{static_cast<std::size_t>(resamples), static_cast<std::uint64_t>(seed)};
}

}  // namespace patchead
