#include "features.hpp"

#include <algorithm>
#include <map>

namespace patchead {
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

}  // namespace

FeatureBlock read_features(const Store& store, const SweepPlan& plan,
                           std::span<const ImageRef> images) {
    FeatureBlock all;
    all.ids.resize(images.size());
    all.versions.resize(images.size(), Version::original);
    for (const auto& [embed, wanted] : by_artifact(images)) {
        const auto& key = plan.embeds[embed].key;
        const auto part = read_or_set_aside(
            store, key, [&] { return store.read_features(key, std::span(wanted.rows)); });
        all.grid = part.grid;
        all.dim = part.dim;
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            const auto place = wanted.places[i];
            all.ids[place] = part.ids[i];
            if (const auto& copies = plan.embeds[embed].copies) {
                all.versions[place] = copies->versions[wanted.rows[i]];
            }
            copy_row(part.embedding(i), all.embeddings, place, images.size());
            if (!part.attention.empty()) {
                copy_row(part.attention_of(i), all.attention, place, images.size());
            }
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
            read_or_set_aside(store, unit.key, [&] { return store.read_attention(unit.key); });
        const auto patches = attention.size() / unit.samples.size();
        for (std::size_t i = 0; i < wanted.places.size(); ++i) {
            copy_row(std::span(attention).subspan(wanted.rows[i] * patches, patches), all,
                     wanted.places[i], images.size());
        }
    }
    return all;
}

}  // namespace patchead
