#include <algorithm>
#include <iterator>

#include "patchead/core/error.hpp"
#include "patchead/report/results.hpp"

namespace patchead {
namespace {

constexpr std::string_view kIdDigest = "id_digest.";

/// Numbers of different splits must not meet in one mean.
void require_same_splits(const ResultsFile& first, const ResultsFile& other) {
    for (const auto& [name, digest] : other.results.provenance) {
        const auto known = first.results.provenance.find(name);
        if (!name.starts_with(kIdDigest) || known == first.results.provenance.end()) { continue; }
        require<ConfigError>(known->second == digest, "'", first.name, "' and '", other.name,
                             "' cannot be merged (their splits of data set '",
                             name.substr(kIdDigest.size()),
                             "' differ); run both with the same --manifest");
    }
}

/// Facts that all runs share keep their name; others say of which run they are.
void add_provenance(const ResultsFile& file, std::size_t run,
                    std::map<std::string, std::string>& all) {
    all[concat("run ", run)] = file.name;
    for (const auto& [name, fact] : file.results.provenance) {
        const auto [known, is_new] = all.emplace(name, fact);
        if (!is_new && known->second != fact) { all[concat(name, " of run ", run)] = fact; }
    }
}

}  // namespace

Results merge_results(std::span<const ResultsFile> files) {
    if (files.size() == 1) { return files.front().results; }
    Results merged;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& file = files[i];
        for (std::size_t j = 0; j < i; ++j) { require_same_splits(files[j], file); }
        require<ConfigError>(i == 0 || merged.metric_names == file.results.metric_names, "'",
                             files.front().name, "' and '", file.name,
                             "' cannot be merged (they hold different metrics); make both with ",
                             "the same version");
        merged.metric_names = file.results.metric_names;
        add_provenance(file, i + 1, merged.provenance);
        std::ranges::copy(file.results.rows, std::back_inserter(merged.rows));
        std::ranges::copy(file.results.missing, std::back_inserter(merged.missing));
    }
    return merged;
}

}  // namespace patchead
