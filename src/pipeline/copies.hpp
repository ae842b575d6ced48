#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "embed.hpp"
#include "images_at_hand.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Aligned, rotated and fixed copies of images, made and embedded. Private to the pipeline
/// layer.

namespace patchead::inline pipeline_detail {

/// A copy of an image: how it is made of the file's pixels.
struct Copy {
    const Sample* sample = nullptr;
    Version version = Version::original;
    Transform transform{};  ///< Before the rotation, if any.
    /// Row of the known features that it has because it is the same picture; nothing: embed it.
    std::optional<std::size_t> known{};

    bool operator==(const Copy&) const = default;
};

/// Makes copies as network inputs. Keeps the last image and the last warped one, since the copies
/// of one image mostly follow each other, and a rotated one its aligned one. All have one shape.
class CopyMaker {
  public:
    /// `images` must outlive it. `safe_point`, called before each copy, may throw.
    CopyMaker(
        const InputShape& shape, const Preprocessing& preprocessing, const AlignOptions& options,
        ImagesAtHand& images, std::function<void()> safe_point = [] {})
        : shape_(shape),
          preprocessing_(preprocessing),
          options_(options),
          images_(images),
          safe_point_(std::move(safe_point)) {}

    /// Throws DataError that names the image file at fault.
    [[nodiscard]] NetworkInput make(const Copy& copy);

    [[nodiscard]] bool drops_borders() const { return options_.border == AlignBorder::drop; }

  private:
    void load(const Sample& sample);
    /// The image of `sample` at the size at which it is warped.
    const Image& source(const Sample& sample);
    /// The same warped, at the size of the network's input.
    const Image& warped(const Sample& sample, const Transform& transform);
    /// The file's pixels turned or flipped, at that size.
    [[nodiscard]] Image fixed(const Copy& copy);
    [[nodiscard]] Image resized(const Image& image) const;

    InputShape shape_;
    Preprocessing preprocessing_;
    AlignOptions options_;
    ImagesAtHand& images_;
    std::function<void()> safe_point_;
    const Sample* loaded_ = nullptr;
    std::shared_ptr<const Image> native_;  ///< Of that one.
    std::optional<Image> resized_;         ///< The same, once it was wanted.
    std::optional<Transform> last_;        ///< What `source` was warped by for `warped_`.
    Image warped_;
};

/// Features of copies and how many forward passes they took.
struct EmbeddedCopies {
    FeatureBlock features;
    std::size_t forwards = 0;
};

/// Features of `copies`. Those that are not in `known` are embedded, each distinct one once.
/// With border `drop`, a patch that does not show the source has the embedding of one that does:
/// an extreme over patches does not change when one of them is there twice.
[[nodiscard]] EmbeddedCopies embed_copies(const Backbone& backbone, std::span<const Copy> copies,
                                          const FeatureBlock& known, CopyMaker& maker,
                                          const ForwardOptions& how);

}  // namespace patchead::inline pipeline_detail
