#include "few_shot_units.hpp"

#include <algorithm>

namespace patchead {

std::vector<MatchGroup> FewShotUnits::groups(int shots, bool align) {
    if (blocks_.empty()) { plan_plain(); }
    if (align) { plan_warped(static_cast<std::size_t>(shots)); }
    std::vector<MatchGroup> groups;
    for (const auto& block : blocks_) {
        MatchGroup group = block.plain;
        if (align) {
            group.insert(group.end(), block.warped.begin(), block.warped.begin() + shots);
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

/// An image is matched with itself, too, which scores pass over: by its id.
std::vector<MatchGroup> FewShotUnits::among_prompts(int shots) {
    if (blocks_.empty()) { plan_plain(); }
    const auto of_prompt = references_.size() / prompts_.size();
    const auto count = static_cast<std::size_t>(shots);
    std::vector<MatchGroup> groups;
    for (std::size_t prompt = 0; prompt < count;) {
        std::vector<ImageRef> queries;
        for (; prompt < count && queries.size() < of_unit_; ++prompt) {
            queries.push_back(references_[prompt * of_prompt]);
        }
        groups.push_back(match_all(queries, count * of_prompt));
    }
    return groups;
}

/// Every prompt is an embed unit of its own: seeds and shot counts share them freely. So are its
/// fixed versions.
void FewShotUnits::plan_plain() {
    const auto versions = fixed_versions(scope_.spec.method.prompts.copies);
    for (const auto prompt : prompts_) {
        references_.push_back(
            {units_.add(EmbedUnit{scope_.backbone, scope_.side_px, {prompt}}), 0});
        if (versions.empty()) { continue; }
        const std::vector<std::size_t> samples(versions.size(), prompt);
        const auto copies = units_.add(
            EmbedUnit{scope_.backbone, scope_.side_px, samples, Copies{.versions = versions}});
        for (std::size_t row = 0; row < versions.size(); ++row) {
            references_.push_back({copies, row});
        }
    }
    const auto& tests = scope_.tests;
    for (std::size_t at = 0; at < tests.size();) {
        Block block;
        block.first = at;
        for (; at < tests.size() && tests[at].embed == tests[block.first].embed; ++at) {
            block.queries.push_back(tests[at]);
        }
        block.plain = match_all(block.queries, references_.size());
        blocks_.push_back(std::move(block));
    }
}

/// Few prompts make one unit, whose columns every number of shots takes from.
std::vector<std::size_t> FewShotUnits::match_all(const std::vector<ImageRef>& queries,
                                                 std::size_t references) {
    const auto of_prompt = references_.size() / prompts_.size();
    const auto step = std::min(of_unit_, prompts_.size()) * of_prompt;
    std::vector<std::size_t> matches;
    for (std::size_t at = 0; at < references; at += step) {
        const auto first = references_.begin() + std::ptrdiff_t(at);
        const auto count = std::min(step, references - at);
        matches.push_back(
            units_.add(MatchUnit{false, queries, {first, first + std::ptrdiff_t(count)}}));
    }
    return matches;
}

/// A prompt is aligned with all tests at once: an estimate serves all backbones and sizes.
void FewShotUnits::plan_warped(std::size_t prompts) {
    const auto of_prompt = references_.size() / prompts_.size();
    for (auto p = blocks_.front().warped.size(); p < prompts; ++p) {
        AlignUnit align;
        for (const auto test : scope_.category.tests) {
            align.pairs.push_back({prompts_[p], test});
        }
        const auto transforms = units_.add(std::move(align));
        const auto rotated = units_.add(
            EmbedUnit{scope_.backbone, scope_.side_px, {prompts_[p]}, Copies{{Version::rotated}}});
        for (auto& block : blocks_) {
            block.warped.push_back(plan_warped(block, prompts_[p], transforms,
                                               {references_[p * of_prompt], {rotated, 0}}));
        }
    }
}

std::size_t FewShotUnits::plan_warped(const Block& block, std::size_t prompt, std::size_t align,
                                      const std::vector<ImageRef>& references) {
    WarpedPrompt warped{prompt, {}};
    for (std::size_t q = 0; q < block.queries.size(); ++q) {
        warped.transforms.push_back({align, block.first + q});
    }
    return units_.add(MatchUnit{false, block.queries, references, std::move(warped)});
}

}  // namespace patchead
