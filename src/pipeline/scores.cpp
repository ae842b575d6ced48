#include "scores.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "features.hpp"
#include "patchead/alignment/warp.hpp"
#include "patchead/core/error.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/sampling.hpp"
#include "patchead/scoring/score.hpp"
#include "patchead/scoring/versions.hpp"

namespace patchead::inline pipeline_detail {
namespace {

std::vector<MatchTensor> read_group(const Store& store, const SweepPlan& plan,
                                    const MatchGroup& group) {
    std::vector<MatchTensor> parts;
    for (const auto match : group) {
        const auto& key = plan.matches[match].key;
        parts.push_back(read_or_quarantine(store, key, [&] { return store.read_matches(key); }));
    }
    return parts;
}

/// Which references count at a point with alignment.
ReferenceFilter wanted_references(const SweepSpec& spec, const EvaluateUnit& unit) {
    std::unordered_set<std::string> prompts;
    for (const auto i : unit.prompts) { prompts.insert(spec.samples[i].id); }
    return [prompts = std::move(prompts), setting = setting_of(unit.shots), align = unit.align](
               const std::string& id, Version version) {
        if (setting == Setting::few_shot && !prompts.contains(id)) { return false; }
        switch (version) {
            case Version::aligned:
                return true;
            case Version::rotated:
                return align.rotations;
            default:
                return setting == Setting::zero_shot || align.originals;
        }
    };
}

/// All references, in the order of the parts.
MatchTensor side_by_side(std::vector<MatchTensor> parts) {
    if (parts.size() == 1) { return std::move(parts.front()); }
    return join_references(parts, [](const std::string&, Version) { return true; });
}

/// The tensor of a group as the point wants it. In few-shot, copies are further images in the list
/// of prompts; in batch zero-shot, versions of an image are one reference.
MatchTensor with_copies(const SweepSpec& spec, const EvaluateUnit& unit,
                        std::vector<MatchTensor> parts) {
    auto joined = join_references(parts, wanted_references(spec, unit));
    parts.clear();
    if (setting_of(unit.shots) == Setting::few_shot) { return joined; }
    const auto how =
        unit.align.zero == ZeroAlign::z1 ? MergeVersions::mean : MergeVersions::extreme;
    return merge_versions(joined, how, spec.method.matching.reduce);
}

/// The references of each query that belong to its company.
ReferenceLists lists_of(const SweepSpec& spec, const EvaluateUnit& unit,
                        const MatchTensor& matches) {
    std::unordered_map<std::string, std::size_t> places;
    for (const auto i : unit.tests) { places.emplace(spec.samples[i].id, places.size()); }
    std::vector<std::vector<std::size_t>> columns(unit.tests.size());  // By place of the test.
    for (std::size_t r = 0; r < matches.reference_ids.size(); ++r) {
        columns[places.at(matches.reference_ids[r])].push_back(r);
    }
    ReferenceLists lists;
    for (const auto& id : matches.query_ids) {
        auto& list = lists.emplace_back();
        for (const auto other : (*unit.companies)[places.at(id)]) {
            list.insert(list.end(), columns[other].begin(), columns[other].end());
        }
    }
    return lists;
}

void add_images(const std::vector<float>& more, std::vector<float>& sums) {
    std::ranges::transform(sums, more, sums.begin(), [](float a, float b) { return a + b; });
}

}  // namespace

ScoreMerger::ScoreMerger(std::span<const Sample> samples, std::span<const std::size_t> tests,
                         bool rotations)
    : rotations_(rotations), versions_(3) {
    for (const auto i : tests) {
        place_.emplace(samples[i].id, ids_.size());
        ids_.push_back(samples[i].id);
    }
}

ScoreMerger::OfVersion& ScoreMerger::of(Version version) {
    auto& found = versions_[static_cast<std::size_t>(version)];
    if (found.times.empty()) {
        found.times.resize(ids_.size());
        found.scores.ids = ids_;
        found.scores.images.resize(ids_.size());
    }
    return found;
}

void ScoreMerger::add(const PatchScores& part, std::span<const Version> versions) {
    for (std::size_t i = 0; i < part.ids.size(); ++i) {
        const auto version = versions.empty() ? Version::original : versions[i];
        if (version == Version::rotated && !rotations_) { continue; }
        auto& [scores, times] = of(version);
        const auto place = place_.at(part.ids[i]);
        const auto patches = part.of(i);
        scores.grid = part.grid;
        scores.patches.resize(ids_.size() * patches.size());
        std::ranges::copy(
            patches, scores.patches.begin() + static_cast<std::ptrdiff_t>(place * patches.size()));
        scores.images[place] = part.images[i];
        if (!part.shapes.empty()) {
            scores.shapes.resize(ids_.size());
            scores.shapes[place] = part.shapes[i];
        }
        ++times[place];
    }
}

TestScores ScoreMerger::merged() {
    TestScores result;
    float count = 0;
    for (std::size_t v = 0; v < versions_.size(); ++v) {
        auto& [scores, times] = versions_[v];
        if (times.empty() && v > 0) { continue; }
        if (times.empty() || !std::ranges::all_of(times, [](int n) { return n == 1; })) {
            throw std::logic_error("match units do not cover each test image once");
        }
        ++count;
        if (v == 0) {
            result.scores = std::move(scores);
        } else {
            add_images(scores.images, result.scores.images);
            result.copies.push_back({static_cast<Version>(v), std::move(scores)});
        }
    }
    for (float& image : result.scores.images) { image /= count; }
    return result;
}

std::vector<float> own_scores(const PatchScores& scores) {
    if (scores.shapes.empty()) { return scores.patches; }
    std::vector<float> own;
    for (std::size_t image = 0; image < scores.ids.size(); ++image) {
        const auto patches = scores.of(image);
        const auto& [rows, cols] = scores.shapes[image].grid;
        for (int row = 0; row < rows; ++row) {
            const auto of_row = patches.subspan(static_cast<std::size_t>(row * scores.grid.cols),
                                                static_cast<std::size_t>(cols));
            own.insert(own.end(), of_row.begin(), of_row.end());
        }
    }
    return own;
}

TestScores score_tests(const Store& store, const SweepPlan& plan, const EvaluateUnit& unit,
                       const ForegroundSource& foreground) {
    ScoreMerger merger(plan.spec.samples, unit.tests, unit.align.rotations);
    for (const auto i : unit.detects) {
        const auto& detect = plan.detects[i];
        auto part =
            read_or_quarantine(store, detect.key, [&] { return store.read_scores(detect.key); });
        part.shapes = shapes_of_scores(plan, detect);
        merger.add(part, {});
    }
    const auto of_prompt = 1 + fixed_versions(plan.spec.method.prompts.copies).size();
    for (const auto& group : unit.matches) {
        auto parts = read_group(store, plan, group);
        const auto matches = unit.modules.align ? with_copies(plan.spec, unit, std::move(parts))
                                                : side_by_side(std::move(parts));
        const auto references = setting_of(unit.shots) == Setting::few_shot && !unit.modules.align
                                    ? static_cast<std::size_t>(unit.shots) * of_prompt
                                    : matches.reference_ids.size();
        std::vector<float> attention;
        if (unit.scoring.masking) { attention = foreground(plan.matches[group.front()].queries); }
        auto shapes = shapes_of(plan, plan.matches[group.front()].queries);
        merger.add(unit.companies
                       ? score(matches, lists_of(plan.spec, unit, matches), attention, unit.scoring,
                               std::move(shapes))
                       : score(matches, references, attention, unit.scoring, std::move(shapes)),
                   matches.query_versions);
    }
    return merger.merged();
}

AnomalyMaps::AnomalyMaps(const TestScores& scores, std::vector<Transform> transforms,
                         const MetricOptions& options)
    : scores_(scores), transforms_(std::move(transforms)), options_(options) {
    require_finite(scores_.scores);
    for (const auto& copies : scores_.copies) { require_finite(copies.scores); }
    PATCHEAD_ASSERT(scores_.copies.empty() || transforms_.size() == scores_.scores.ids.size());
}

std::vector<float> map_of(const PatchScores& scores, std::size_t image, MapSize size,
                          const MetricOptions& options) {
    const auto patches = scores.of(image);
    return scores.shapes.empty()
               ? upsample(patches, scores.grid, size, options)
               : upsample(patches, scores.grid, scores.shapes[image], size, options);
}

std::span<const float> AnomalyMaps::map(std::size_t image, MapSize size) {
    sum_ = map_of(scores_.scores, image, size, options_);
    if (scores_.copies.empty()) { return sum_; }
    count_.assign(sum_.size(), 1.0F);
    for (const auto& [version, scores] : scores_.copies) {
        const auto& transform = transforms_[image];
        add_warped_back(map_of(scores, image, size, options_),
                        version == Version::rotated ? then_rotated_180(transform) : transform, size,
                        sum_, count_);
    }
    std::ranges::transform(sum_, count_, sum_.begin(), [](float a, float n) { return a / n; });
    return sum_;
}

}  // namespace patchead::inline pipeline_detail
