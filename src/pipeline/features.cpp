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

void copy_row(std::span<const float> from, std::vector<float>& to, std::size_t place,
              std::size_t images) {
    to.resize(from.size() * images);
    std::ranges::copy(from, to.begin() + static_cast<std::ptrdiff_t>(place * from.size()));
}

Version version_of(const EmbedUnit& unit, std::size_t row) {
    return unit.copies ? unit.copies->versions[row] : Version::original;
}

/// Copies the share of image `row` of `rows` in `from` to place `place` of `images` in `to`.
void copy_share(std::span<const float> from, std::size_t row, std::size_t rows,
                std::vector<float>& to, std::size_t place, std::size_t images) {
    if (from.empty()) { return; }
    const auto size = from.size() / rows;
    copy_row(from.subspan(row * size, size), to, place, images);
}

/// Images from as many artifacts as they lie in, each read by `read(key, rows)`.
template <class Read>
FeatureBlock read_blocks(const Store& store, const SweepPlan& plan,
                         std::span<const ImageRef> images, Read read) {
    FeatureBlock all;
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& key = plan.embeds[embed].key;
        const auto part =
            read_or_quarantine(store, key, [&] { return read(key, std::span(wanted.rows)); });
        if (all.ids.empty()) {
            all = without_images(part);
            all.ids.resize(images.size());
            all.versions.resize(images.size());
        }
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            const auto place = wanted.places[i];
            all.ids[place] = part.ids[i];
            all.versions[place] = version_of(plan.embeds[embed], wanted.rows[i]);
            for_each_values(
                [&](const auto& from, auto& to) {
                    copy_share(from, i, part.images(), to, place, images.size());
                },
                part, all);
        }
    }
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
                        int layer) {
    return read_blocks(store, plan, images, [&](const ArtifactKey& key, auto rows) {
        return store.read_layer(key, layer, rows);
    });
}

PrefixTokens read_prefix(const Store& store, const SweepPlan& plan,
                         std::span<const ImageRef> images, int layer) {
    PrefixTokens all;
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& key = plan.embeds[embed].key;
        const auto part = read_or_quarantine(
            store, key, [&] { return store.read_prefix(key, layer, wanted.rows); });
        all.count = part.count;
        all.dim = part.dim;
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            copy_share(part.values, i, wanted.rows.size(), all.values, wanted.places[i],
                       images.size());
        }
    }
    return all;
}

ImageTokens read_image_tokens(const Store& store, const SweepPlan& plan,
                              std::span<const ImageRef> images) {
    ImageTokens all;
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& key = plan.embeds[embed].key;
        const auto part = read_or_quarantine(
            store, key, [&] { return store.read_image_tokens(key, wanted.rows); });
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            const auto copy = [&](const std::vector<float>& from, std::vector<float>& to) {
                copy_share(from, i, wanted.rows.size(), to, wanted.places[i], images.size());
            };
            copy(part.token, all.token);
            copy(part.feature, all.feature);
        }
    }
    return all;
}

WindowTokens read_windows(const Store& store, const SweepPlan& plan,
                          std::span<const ImageRef> images, int side) {
    WindowTokens all;
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& key = plan.embeds[embed].key;
        const auto part = read_or_quarantine(
            store, key, [&] { return store.read_windows(key, side, wanted.rows); });
        all.side = part.side;
        all.grid = part.grid;
        all.dim = part.dim;
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            copy_share(part.values, i, wanted.rows.size(), all.values, wanted.places[i],
                       images.size());
        }
    }
    return all;
}

std::vector<float> read_attention(const Store& store, const SweepPlan& plan,
                                  std::span<const ImageRef> images) {
    std::vector<float> all;
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& unit = plan.embeds[embed];
        const auto attention =
            read_or_quarantine(store, unit.key, [&] { return store.read_attention(unit.key); });
        const auto patches = attention.size() / unit.samples.size();
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            copy_row(std::span(attention).subspan(wanted.rows[i] * patches, patches), all,
                     wanted.places[i], images.size());
        }
    }
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
