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

/// But for the version, which a file does not know.
void copy_image(const FeatureBlock& from, std::size_t row, FeatureBlock& to, std::size_t place) {
    to.ids[place] = from.ids[row];
    copy_row(from.embedding(row), to.embeddings, place, to.ids.size());
    if (!from.attention.empty()) {
        copy_row(from.attention_of(row), to.attention, place, to.ids.size());
    }
}

}  // namespace

FeatureBlock read_features(const Store& store, const SweepPlan& plan,
                           std::span<const ImageRef> images) {
    FeatureBlock all;
    all.ids.resize(images.size());
    all.versions.resize(images.size());
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& key = plan.embeds[embed].key;
        const auto part = read_or_quarantine(
            store, key, [&] { return store.read_features(key, std::span(wanted.rows)); });
        all.grid = part.grid;
        all.dim = part.dim;
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            const auto place = wanted.places[i];
            all.versions[place] = version_of(plan.embeds[embed], wanted.rows[i]);
            copy_image(part, i, all, place);
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
