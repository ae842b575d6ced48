#include "features.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace patchead::inline pipeline_detail {
namespace {

/// Which rows of which artifact, and where they go.
struct Wanted {
    std::vector<std::size_t> rows;
    std::vector<std::size_t> places;
};

std::map<std::size_t, Wanted> by_artifact(std::span<const ImageRef> images) {
    std::map<std::size_t, Wanted> wanted;
    for (std::size_t i = 0; i < images.size(); ++i) {
        wanted[images[i].embed].rows.push_back(images[i].row);
        wanted[images[i].embed].places.push_back(i);
    }
    return wanted;
}

Version version_of(const EmbedUnit& unit, std::size_t row) {
    return unit.copies ? unit.copies->versions[row] : Version::original;
}

/// Calls `take(part, embed unit, wanted)` with what `read(key, rows)` gives of each artifact in
/// which some of the images lie.
template <class Read, class Take>
void read_parts(const Store& store, const SweepPlan& plan, std::span<const ImageRef> images,
                Read read, Take take) {
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& unit = plan.embeds[embed];
        take(read_or_quarantine(store, unit.key,
                                [&] { return read(unit.key, std::span(wanted.rows)); }),
             unit, wanted);
    }
}

/// Copies the share of image `row` of `rows` in `from` to place `place` of `images` in `to`.
void copy_share(std::span<const float> from, std::size_t row, std::size_t rows,
                std::vector<float>& to, std::size_t place, std::size_t images) {
    if (from.empty()) { return; }
    const auto size = from.size() / rows;
    to.resize(size * images);
    std::ranges::copy(from.subspan(row * size, size),
                      to.begin() + static_cast<std::ptrdiff_t>(place * size));
}

/// Copies the shares of the images that were read to their places among `images` in `to`.
void copy_shares(std::span<const float> from, const Wanted& wanted, std::size_t images,
                 std::vector<float>& to) {
    for (std::size_t i = 0; i < wanted.places.size(); ++i) {
        copy_share(from, i, wanted.places.size(), to, wanted.places[i], images);
    }
}

/// Images from as many artifacts as they lie in, each read by `read(key, rows)`.
template <class Read>
FeatureBlock read_blocks(const Store& store, const SweepPlan& plan,
                         std::span<const ImageRef> images, Read read) {
    FeatureBlock all;
    const auto take = [&](const FeatureBlock& part, const EmbedUnit& unit, const Wanted& wanted) {
        if (all.ids.empty()) {
            all = without_images(part);
            all.ids.resize(images.size());
            all.versions.resize(images.size());
        }
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            all.ids[wanted.places[i]] = part.ids[i];
            all.versions[wanted.places[i]] = version_of(unit, wanted.rows[i]);
        }
        for_each_values(
            [&](const auto& from, auto& to) { copy_shares(from, wanted, images.size(), to); }, part,
            all);
    };
    read_parts(store, plan, images, read, take);
    return all;
}

}  // namespace

FeatureBlock read_features(const Store& store, const SweepPlan& plan,
                           std::span<const ImageRef> images) {
    return read_blocks(store, plan, images, [&](const ArtifactKey& key, auto rows) {
        return store.read_features(key, rows);
    });
}

FeatureBlock read_with_tokens(const Store& store, const SweepPlan& plan,
                              std::span<const ImageRef> images, const TokenRequest& tokens) {
    return read_blocks(store, plan, images, [&](const ArtifactKey& key, auto rows) {
        return store.read_with_tokens(key, tokens, rows);
    });
}

FeatureBlock read_layer(const Store& store, const SweepPlan& plan, std::span<const ImageRef> images,
                        const TokenLayer& layer) {
    return read_blocks(store, plan, images, [&](const ArtifactKey& key, auto rows) {
        return store.read_layer(key, layer, rows);
    });
}

PrefixTokens read_prefix(const Store& store, const SweepPlan& plan,
                         std::span<const ImageRef> images, const TokenLayer& layer) {
    PrefixTokens all;
    const auto read = [&](const ArtifactKey& key, auto rows) {
        return store.read_prefix(key, layer, rows);
    };
    const auto take = [&](const PrefixTokens& part, const EmbedUnit&, const Wanted& wanted) {
        all.count = part.count;
        all.dim = part.dim;
        copy_shares(part.values, wanted, images.size(), all.values);
    };
    read_parts(store, plan, images, read, take);
    return all;
}

ImageTokens read_image_tokens(const Store& store, const SweepPlan& plan,
                              std::span<const ImageRef> images) {
    ImageTokens all;
    const auto read = [&](const ArtifactKey& key, auto rows) {
        return store.read_image_tokens(key, rows);
    };
    const auto take = [&](const ImageTokens& part, const EmbedUnit&, const Wanted& wanted) {
        copy_shares(part.token, wanted, images.size(), all.token);
        copy_shares(part.feature, wanted, images.size(), all.feature);
    };
    read_parts(store, plan, images, read, take);
    return all;
}

WindowTokens read_windows(const Store& store, const SweepPlan& plan,
                          std::span<const ImageRef> images, int side) {
    WindowTokens all;
    const auto read = [&](const ArtifactKey& key, auto rows) {
        return store.read_windows(key, side, rows);
    };
    const auto take = [&](const WindowTokens& part, const EmbedUnit&, const Wanted& wanted) {
        all.side = part.side;
        all.grid = part.grid;
        all.dim = part.dim;
        copy_shares(part.values, wanted, images.size(), all.values);
    };
    read_parts(store, plan, images, read, take);
    return all;
}

std::vector<float> read_attention(const Store& store, const SweepPlan& plan,
                                  std::span<const ImageRef> images) {
    std::vector<float> all;
    const auto read = [&](const ArtifactKey& key, auto) { return store.read_attention(key); };
    const auto take = [&](const std::vector<float>& part, const EmbedUnit& unit,
                          const Wanted& wanted) {
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            copy_share(part, wanted.rows[i], unit.samples.size(), all, wanted.places[i],
                       images.size());
        }
    };
    read_parts(store, plan, images, read, take);
    return all;
}

std::vector<Transform> read_transforms(const Store& store, const SweepPlan& plan,
                                       std::span<const PairRef> pairs) {
    const auto read_unit = [&](std::size_t align) {
        const auto& key = plan.aligns[align].key;
        return read_or_quarantine(store, key, [&] { return store.read_alignments(key); });
    };
    std::unordered_map<std::size_t, std::vector<Alignment>> read;
    std::vector<Transform> transforms;
    for (const auto& pair : pairs) {
        auto& alignments = read[pair.align];
        if (alignments.empty()) { alignments = read_unit(pair.align); }
        transforms.push_back(alignments.at(pair.pair).transform);
    }
    return transforms;
}

}  // namespace patchead::inline pipeline_detail
