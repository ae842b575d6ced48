#include "patchead/data/file_findings.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "datasets/content_findings.hpp"
#include "images/parallel.hpp"

namespace patchead {
namespace {

/// `most` of `samples`, evenly spaced, the first among them.
std::vector<std::size_t> spread(const std::vector<std::size_t>& samples, std::size_t most) {
    std::vector<std::size_t> chosen;
    const auto count = std::min(samples.size(), most);
    for (std::size_t i = 0; i < count; ++i) {
        chosen.push_back(samples[i * samples.size() / count]);
    }
    return chosen;
}

/// Samples to look at, in their order.
std::vector<Sample> choose(std::span<const Sample> samples, std::size_t most) {
    std::map<std::tuple<std::string, std::string, bool>, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& sample = samples[i];
        groups[{sample.dataset, sample.category, sample.mask.empty()}].push_back(i);
    }
    std::vector<std::size_t> chosen;
    for (const auto& [name, members] : groups) {
        std::ranges::copy(spread(members, most), std::back_inserter(chosen));
    }
    std::ranges::sort(chosen);
    std::vector<Sample> result;
    result.reserve(chosen.size());
    for (const auto i : chosen) { result.push_back(samples[i]); }
    return result;
}

}  // namespace

std::vector<std::string> look_at_files(std::span<const Sample> samples,
                                       const LookOptions& options) {
    const auto chosen = choose(samples, options.most);
    std::vector<FileFacts> facts(chosen.size());
    parallel_for(chosen.size(), options.threads, [&](std::size_t i) {
        facts[i] = read_facts(chosen[i], options.truth_threshold, false);
    });
    return content_findings(chosen, facts, {.truth_threshold = options.truth_threshold});
}

}  // namespace patchead
