#include "patchead/outputs/alignment_outputs.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/pictures/aligned_pair.hpp"
#include "patchead/pipeline/aligned_images.hpp"
#include "patchead/report/alignment_summary.hpp"
#include "point_names.hpp"

namespace patchead {
namespace {

/// Attempts of one category in one setting.
struct Attempts {
    std::vector<AlignPair> pairs;
    std::vector<Alignment> alignments;
};
using Group = std::tuple<std::string, std::string, std::string>;  ///< Data set, category, setting.

/// Batches align test images with each other, few-shot aligns prompts with them.
Group group_of(const SweepSpec& spec, const AlignPair& pair) {
    const auto& source = spec.samples[pair.source];
    return {source.dataset, source.category,
            std::string(name_of(source.split != "train" ? Setting::zero_shot : Setting::few_shot))};
}

/// Empty if it is not there or cannot be read; a damaged one is set aside, to be made again.
std::vector<Alignment> read(const Store& store, const ArtifactKey& key) {
    if (!store.contains(key)) { return {}; }
    try {
        return read_or_quarantine(store, key, [&] { return store.read_alignments(key); });
    } catch (const Error& error) {
        std::cerr << "note: " << error.what() << "\n";
        return {};
    }
}

std::map<Group, Attempts> collect(const SweepPlan& plan, const Store& store) {
    std::map<Group, Attempts> groups;
    for (const auto& unit : plan.aligns) {
        const auto alignments = read(store, unit.key);
        if (alignments.empty()) { continue; }
        for (std::size_t i = 0; i < unit.pairs.size(); ++i) {
            const auto& pair = unit.pairs[i];
            if (pair.source == pair.target) { continue; }
            auto& group = groups[group_of(plan.spec, pair)];
            group.pairs.push_back(pair);
            group.alignments.push_back(alignments.at(i));
        }
    }
    return groups;
}

/// Pictures of `count` attempts, spread evenly.
void draw(const std::filesystem::path& folder, std::size_t pictures, const SweepSpec& spec,
          const Group& group, const Attempts& attempts) {
    const auto& [dataset, category, setting] = group;
    const auto count = std::min(pictures, attempts.pairs.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = i * attempts.pairs.size() / count;
        const auto& pair = attempts.pairs[at];
        const auto& alignment = attempts.alignments[at];
        auto images = aligned_images(spec.samples, pair, alignment, spec.method.align);
        const auto& source = spec.samples[pair.source].id;
        const auto& target = spec.samples[pair.target].id;
        const auto file = fmt::format("{}_onto_{}.png", file_stem(source), file_stem(target));
        write_aligned_pair(
            folder / "alignment" / dataset / category / setting / file,
            {std::move(images.target), std::move(images.source), std::move(images.aligned),
             fmt::format("{} onto {}: {}, ZNCC {:.3f} -> {:.3f}", source, target,
                         alignment.accepted ? alignment.method : "not accepted",
                         alignment.ncc_before, alignment.ncc_after)});
    }
}

}  // namespace

void report_alignment(const std::filesystem::path& folder, std::size_t pictures,
                      const SweepPlan& plan, const Store& store) {
    if (plan.aligns.empty()) { return; }
    std::vector<AlignmentSummary> summaries;
    for (const auto& [group, attempts] : collect(plan, store)) {
        summaries.push_back(summarise(attempts.alignments));
        std::tie(summaries.back().dataset, summaries.back().category, summaries.back().setting) =
            group;
        draw(folder, pictures, plan.spec, group, attempts);
    }
    write_whole(folder / "alignment.csv", alignment_csv(summaries));
    const auto table = alignment_markdown(summaries);
    write_whole(folder / "alignment.md", table);
    std::cout << "\n" << table << std::flush;
}

}  // namespace patchead
