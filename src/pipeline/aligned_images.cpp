#include "patchead/pipeline/aligned_images.hpp"

#include "patchead/alignment/warp.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead {

AlignedImages aligned_images(std::span<const Sample> samples, const AlignPair& pair,
                             const Alignment& alignment, const AlignOptions& options) {
    const auto square = [&](std::size_t sample) {
        return resize(read_image(samples[sample]), options.side_px, options.side_px,
                      Filter::bilinear);
    };
    AlignedImages images{square(pair.target), square(pair.source), {}};
    images.aligned = warp(images.source, alignment.transform, options.border);
    return images;
}

}  // namespace patchead
