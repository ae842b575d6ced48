#include "zero_shot_units.hpp"

#include <algorithm>

namespace patchead {
namespace {

std::size_t copy_place(Version version) { return static_cast<std::size_t>(version); }

const std::vector<Version> kCopies{Version::aligned, Version::rotated};

}  // namespace

std::vector<MatchGroup> ZeroShotUnits::groups(bool align) {
    if (batches_.empty()) { plan_batches(); }
    if (align) {
        if (aligned_.empty()) { plan_aligned(); }
        return aligned_;
    }
    std::vector<MatchGroup> groups;
    for (const auto unit : plain_) { groups.push_back({unit}); }
    return groups;
}

std::vector<PairRef> ZeroShotUnits::transforms() const {
    const auto reading = scope_.spec.method.align.zero;
    const bool queries_have_copies = reading == ZeroAlign::z2 || reading == ZeroAlign::z4;
    return queries_have_copies ? transforms_ : std::vector<PairRef>{};
}

const CompanyDraw& ZeroShotUnits::companies() {
    if (!drawn_) {
        drawn_ = draw_companies(scope_.spec.samples, scope_.category.tests,
                                scope_.spec.method.company, seed_);
    }
    return *drawn_;
}

void ZeroShotUnits::plan_batches() {
    const auto& category = scope_.category;
    auto options = scope_.spec.method.batch;
    if (scope_.spec.method.company.are_asked()) { options.size = 0; }  // Any may meet any.
    batches_ = make_batches(scope_.tests.size(), options, category.dataset, category.name, seed_);
    for (const auto& batch : batches_) {
        MatchUnit unit{true, {}, {}};
        for (const auto member : batch.members) { unit.references.push_back(scope_.tests[member]); }
        unit.queries.assign(unit.references.begin(),
                            unit.references.begin() + std::ptrdiff_t(batch.owned));
        plain_.push_back(units_.add(std::move(unit)));
    }
}

/// "We use the first image as the query and apply the same process to all other images" (paper,
/// section 3.3): a batch's first member is the target of the others.
void ZeroShotUnits::plan_aligned() {
    transforms_.resize(scope_.tests.size());
    for (std::size_t b = 0; b < batches_.size(); ++b) {
        const auto& batch = batches_[b];
        const auto& tests = scope_.category.tests;
        AlignUnit align;
        for (const auto member : batch.members) {
            align.pairs.push_back({tests[member], tests[batch.members.front()]});
        }
        const auto number = units_.add(std::move(align));
        for (std::size_t i = 0; i < batch.owned; ++i) {
            transforms_[batch.members[i]] = {number, i};
        }
        for (auto& group : aligned_groups(plain_[b], embed_copies(batch, number))) {
            aligned_.push_back(std::move(group));
        }
    }
}

/// Copies in units of about `block_images` rows; an image's copies stay together.
ZeroShotUnits::Versions ZeroShotUnits::embed_copies(const Batch& batch, std::size_t align) {
    Versions versions;
    versions.owned = batch.owned;
    for (const auto member : batch.members) { versions.of[0].push_back(scope_.tests[member]); }
    const auto step =
        std::max<std::size_t>(1, scope_.spec.method.units.block_images / kCopies.size());
    for (std::size_t at = 0; at < batch.members.size(); at += step) {
        EmbedUnit unit{scope_.backbone, scope_.side_px, {}, Copies{}};
        const auto end = std::min(at + step, batch.members.size());
        for (auto i = at; i < end; ++i) {
            for (const auto version : kCopies) {
                unit.samples.push_back(scope_.category.tests[batch.members[i]]);
                unit.copies->versions.push_back(version);
                unit.copies->transforms.push_back({align, i});
                unit.copies->originals.push_back(scope_.tests[batch.members[i]]);
            }
        }
        const auto number = units_.add(std::move(unit));
        for (std::size_t row = 0; row < (end - at) * kCopies.size(); ++row) {
            versions.of[copy_place(kCopies[row % kCopies.size()])].push_back({number, row});
        }
    }
    return versions;
}

std::vector<MatchGroup> ZeroShotUnits::aligned_groups(std::size_t plain, const Versions& versions) {
    switch (scope_.spec.method.align.zero) {
        case ZeroAlign::z2:
            return {
                {match_within(versions, {Version::original, Version::aligned, Version::rotated})}};
        case ZeroAlign::z4: {
            std::vector<MatchGroup> groups{{plain}, {match_within(versions, {Version::aligned})}};
            if (scope_.spec.method.align.rotations) {
                groups.push_back({match_within(versions, {Version::rotated})});
            }
            return groups;
        }
        case ZeroAlign::z1:
        case ZeroAlign::z3:
            break;
    }
    // The originals against each other, and against the copies of all.
    const auto& originals = versions.of[copy_place(Version::original)];
    MatchUnit copies{
        false, {originals.begin(), originals.begin() + std::ptrdiff_t(versions.owned)}, {}};
    for (const auto version : kCopies) {
        const auto& refs = versions.of[copy_place(version)];
        copies.references.insert(copies.references.end(), refs.begin(), refs.end());
    }
    return {{plain, units_.add(std::move(copies))}};
}

/// A batch of `which` versions of its members, all of which meet all.
std::size_t ZeroShotUnits::match_within(const Versions& versions,
                                        const std::vector<Version>& which) {
    MatchUnit unit{true, {}, {}};
    const auto owned = std::ptrdiff_t(versions.owned);
    for (const auto version : which) {
        const auto& refs = versions.of[copy_place(version)];
        unit.queries.insert(unit.queries.end(), refs.begin(), refs.begin() + owned);
    }
    unit.references = unit.queries;
    for (const auto version : which) {
        const auto& refs = versions.of[copy_place(version)];
        unit.references.insert(unit.references.end(), refs.begin() + owned, refs.end());
    }
    return units_.add(std::move(unit));
}

}  // namespace patchead
