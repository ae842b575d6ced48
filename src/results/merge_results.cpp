#include <algorithm>
#include <map>
#include <string_view>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/results/point.hpp"
#include "patchead/results/results.hpp"

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

bool are_equal(const MetricSet& one, const MetricSet& other) {
    return std::ranges::equal(one, other, [](const MetricValue& a, const MetricValue& b) {
        return a.name == b.name && are_same(a.value, b.value);
    });
}

/// Collects the points of several runs. One that several of them computed counts once, as tables
/// share points; what one run lacks another may have.
class Merger {
  public:
    void add(const ResultsFile& file, Results& merged) {
        for (const auto& row : file.results.rows) { add(row, file.name, merged); }
    }

    /// After all rows.
    void add_missing(const ResultsFile& file, Results& merged) {
        for (const auto& gap : file.results.missing) {
            if (places_.contains(key_of(gap.point))) { continue; }
            places_.emplace(key_of(gap.point), Place{merged.missing.size(), file.name});
            merged.missing.push_back(gap);
        }
    }

    [[nodiscard]] std::size_t repeated() const { return repeated_; }

  private:
    struct Place {
        std::size_t row = 0;
        std::string file;
    };

    /// A point twice in one file is left for the tables to refuse.
    void add(const ResultRow& row, const std::string& name, Results& merged) {
        const auto [place, is_new] = places_.emplace(key_of(row), Place{merged.rows.size(), name});
        if (is_new || place->second.file == name) {
            merged.rows.push_back(row);
            return;
        }
        auto& known = merged.rows[place->second.row];
        require<ConfigError>(
            are_equal(known.metrics, row.metrics), "'", place->second.file, "' and '", name,
            "' cannot be merged (they hold different values of ", row.dataset, " ", row.category,
            ", ", network_label(row), " at ", size_label(row), " px, ",
            counted(static_cast<std::size_t>(row.shots), "shot"), ", seed ", row.seed, ", modules ",
            row.modules, "); run both with the same options");
        if (known.left_out.empty()) { known.left_out = row.left_out; }
        if (known.unmeasured.empty()) { known.unmeasured = row.unmeasured; }
        ++repeated_;
    }

    std::map<PointKey, Place> places_;
    std::size_t repeated_ = 0;
};

}  // namespace

Results merge_results(std::span<const ResultsFile> files) {
    if (files.size() == 1) { return files.front().results; }
    Results merged;
    Merger merger;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& file = files[i];
        for (std::size_t j = 0; j < i; ++j) { require_same_splits(files[j], file); }
        require<ConfigError>(i == 0 || merged.metric_names == file.results.metric_names, "'",
                             files.front().name, "' and '", file.name,
                             "' cannot be merged (they hold different metrics); make both with ",
                             "the same version");
        merged.metric_names = file.results.metric_names;
        add_provenance(file, i + 1, merged.provenance);
        merger.add(file, merged);
    }
    for (const auto& file : files) { merger.add_missing(file, merged); }
    if (merger.repeated() > 0) {
        merged.provenance["repeated_points"] = std::to_string(merger.repeated());
    }
    return merged;
}

}  // namespace patchead
