#include "warped_match.hpp"

#include <algorithm>
#include <span>

namespace patchead::inline pipeline_detail {
namespace {

/// Rows `[first, first + count)` of `block`.
FeatureBlock rows(const FeatureBlock& block, std::size_t first, std::size_t count) {
    const auto part = [&](const auto& values, std::size_t size) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first * size);
        return std::vector(begin, begin + static_cast<std::ptrdiff_t>(count * size));
    };
    const auto patches = static_cast<std::size_t>(block.grid.size());
    return {block.grid,
            block.dim,
            part(block.ids, 1),
            part(block.embeddings, patches * static_cast<std::size_t>(block.dim)),
            {},
            block.versions.empty() ? block.versions : part(block.versions, 1)};
}

/// Both copies for each of some transforms.
std::vector<Copy> copies_for(const Sample& sample, std::span<const Transform> transforms) {
    std::vector<Copy> copies;
    for (const auto& transform : transforms) {
        copies.push_back({&sample, Version::aligned, transform, {}});
        copies.push_back({&sample, Version::rotated, transform, {}});
        if (transform == Transform{}) {
            (copies.end() - 2)->known = 0;
            (copies.end() - 1)->known = 1;
        }
    }
    return copies;
}

}  // namespace

WarpedMatches match_warped(const Backbone& backbone, const FeatureBlock& queries,
                           const PromptCopies& prompt, CopyMaker& maker, const ForwardOptions& how,
                           const MatchImages& match) {
    constexpr std::size_t kLeast = 16;  // So that copies are made while others are embedded.
    const auto most = std::max(kLeast, how.at_once);
    const auto& id = prompt.sample->id;
    WarpedMatches result{{queries.grid,
                          queries.ids,
                          {id, id},
                          {},
                          queries.versions,
                          {Version::aligned, Version::rotated}},
                         0};
    for (std::size_t at = 0; at < queries.images(); at += most) {
        const auto count = std::min(most, queries.images() - at);
        const auto copies =
            copies_for(*prompt.sample, std::span(prompt.transforms).subspan(at, count));
        const auto embedded = embed_copies(backbone, copies, prompt.itself, maker, how);
        result.forwards += embedded.forwards;
        for (std::size_t q = 0; q < count; ++q) {
            const auto part = match(rows(queries, at + q, 1), rows(embedded.features, 2 * q, 2));
            result.matches.similarity.insert(result.matches.similarity.end(),
                                             part.similarity.begin(), part.similarity.end());
        }
    }
    return result;
}

}  // namespace patchead::inline pipeline_detail
