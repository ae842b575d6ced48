#include "copies.hpp"

#include <algorithm>
#include <utility>

#include "patchead/alignment/warp.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// The copies that need a forward pass, each once, and which of them each copy is.
struct Distinct {
    std::vector<Copy> copies;
    std::vector<std::size_t> of;  ///< Of each row; unused for one that is known.
};

Distinct find_distinct(std::span<const Copy> copies) {
    Distinct distinct;
    for (const auto& copy : copies) {
        const auto found = std::ranges::find(distinct.copies, copy);
        distinct.of.push_back(static_cast<std::size_t>(found - distinct.copies.begin()));
        if (!copy.known && found == distinct.copies.end()) { distinct.copies.push_back(copy); }
    }
    return distinct;
}

/// Adds the share of image `at` of `images`.
void append_share(std::span<const float> from, std::size_t at, std::size_t images,
                  std::vector<float>& to) {
    const auto size = from.size() / images;
    const auto own = from.subspan(at * size, size);
    to.insert(to.end(), own.begin(), own.end());
}

/// Gives patches of `embedding[L, D]` that do not show the source the values of one that does.
void replace_invalid(std::span<float> embedding, const Transform& transform, Grid grid) {
    const auto valid = valid_patches(transform, grid);
    const auto first = std::ranges::find(valid, 1) - valid.begin();
    require<DataError>(first < std::ssize(valid), "a warped image shows nothing of its source ",
                       "(its transform is damaged); remove the alignment from the store");
    const auto dim = embedding.size() / valid.size();
    for (std::size_t patch = 0; patch < valid.size(); ++patch) {
        if (valid[patch] == 0) {
            std::ranges::copy(embedding.subspan(static_cast<std::size_t>(first) * dim, dim),
                              embedding.begin() + static_cast<std::ptrdiff_t>(patch * dim));
        }
    }
}

void drop_borders(std::span<const Copy> copies, Grid grid, std::span<float> patches) {
    const auto size = patches.size() / copies.size();
    for (std::size_t i = 0; i < copies.size(); ++i) {
        const auto& copy = copies[i];
        const auto transform =
            copy.version == Version::rotated ? then_rotated_180(copy.transform) : copy.transform;
        replace_invalid(patches.subspan(i * size, size), transform, grid);
    }
}

void drop_borders(std::span<const Copy> copies, FeatureBlock& block) {
    drop_borders(copies, block.grid, block.embeddings);
    for (auto& layer : block.layers) { drop_borders(copies, layer.grid, layer.patches); }
}

FeatureBlock embed_distinct(const Backbone& backbone, std::span<const Copy> copies,
                            CopyMaker& maker, const ForwardOptions& how) {
    std::vector<std::string> ids;
    for (const auto& copy : copies) { ids.push_back(copy.sample->id); }
    const auto make = [&](std::size_t row) { return maker.make(copies[row]); };
    // One thread: the maker keeps the image that its copies have in common.
    FeatureBlock block;
    embed_inputs(backbone, std::move(ids), {make, 1}, how,
                 [&](FeatureBlock part) { append(std::move(part), block); });
    return block;
}

}  // namespace

NetworkInput CopyMaker::make(const Copy& copy) {
    safe_point_();
    if (is_fixed(copy.version)) { return normalise(fixed(copy), preprocessing_); }
    const auto& image = warped(*copy.sample, copy.transform);
    return normalise(copy.version == Version::rotated ? rotate_180(image) : image, preprocessing_);
}

const Image& CopyMaker::warped(const Sample& sample, const Transform& transform) {
    const auto& original = source(sample);
    if (last_ != transform) {
        last_.reset();
        warped_ = warp(original, transform, options_.border);
        if (options_.warp == AlignWarp::native) { warped_ = resized(warped_); }
        last_ = transform;
    }
    return warped_;
}

void CopyMaker::load(const Sample& sample) {
    if (loaded_ == &sample) { return; }
    loaded_ = nullptr;
    last_.reset();
    resized_.reset();
    native_ = images_.of(sample);
    loaded_ = &sample;
}

const Image& CopyMaker::source(const Sample& sample) {
    load(sample);
    if (options_.warp == AlignWarp::native) { return *native_; }
    if (!resized_) { resized_ = resized(*native_); }
    return *resized_;
}

Image CopyMaker::fixed(const Copy& copy) {
    load(*copy.sample);
    return resized(fixed_version(*native_, copy.version));
}

Image CopyMaker::resized(const Image& image) const {
    const auto& [height, width] = shape_.resized;
    return fit(resize(image, height, width, preprocessing_.filter), shape_.input());
}

EmbeddedCopies embed_copies(const Backbone& backbone, std::span<const Copy> copies,
                            const FeatureBlock& known, CopyMaker& maker,
                            const ForwardOptions& how) {
    const auto distinct = find_distinct(copies);
    auto made = embed_distinct(backbone, distinct.copies, maker, how);
    if (maker.drops_borders() && !distinct.copies.empty()) { drop_borders(distinct.copies, made); }
    EmbeddedCopies result{{}, distinct.copies.size()};
    auto& block = result.features;
    block = without_images(distinct.copies.empty() ? known : made);
    for (std::size_t row = 0; row < copies.size(); ++row) {
        const auto& from = copies[row].known ? known : made;
        const auto at = copies[row].known.value_or(distinct.of[row]);
        block.ids.push_back(copies[row].sample->id);
        block.versions.push_back(copies[row].version);
        for_each_values(
            [&](const auto& values, auto& to) { append_share(values, at, from.images(), to); },
            from, block);
    }
    return result;
}

}  // namespace patchead::inline pipeline_detail
