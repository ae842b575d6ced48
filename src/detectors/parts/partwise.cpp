#include "parts/partwise.hpp"

#include <iterator>

#include "patchead/core/error.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Values of rows `[first, first + count)`, as far as there are any.
template <class Values>
Values share_of_rows(const Values& values, std::size_t first, std::size_t count, std::size_t size) {
    const auto place = [&](std::size_t row) {
        return values.begin() + static_cast<std::ptrdiff_t>(std::min(row * size, values.size()));
    };
    return {place(first), place(first + count)};
}

LayerTokens share_of_layer(const LayerTokens& layer, std::size_t first, std::size_t count) {
    const auto size =
        static_cast<std::size_t>(layer.grid.size()) * static_cast<std::size_t>(layer.dim);
    auto patches = share_of_rows(layer.patches, first, count, size);
    return {layer.layer, layer.grid, layer.dim, std::move(patches), {}, layer.form};
}

/// References in memory.
class HeldReferences final : public ReferenceSource {
  public:
    explicit HeldReferences(const DetectorImages& images) : images_(images) {}

    [[nodiscard]] std::size_t images() const override { return images_.images(); }

    [[nodiscard]] DetectorImages read(std::size_t first, std::size_t count) const override {
        auto part = without_layers(first, count);
        for (const auto& layer : images_.layers) {
            part.layers.push_back(share_of_layer(layer, first, count));
        }
        part.image_tokens = share_of_rows(images_.image_tokens, first, count,
                                          images_.image_tokens.size() / images_.images());
        for (const auto& windows : images_.windows) {
            const auto size = windows.values.size() / images_.images();
            part.windows.push_back({windows.side, windows.grid, windows.dim,
                                    share_of_rows(windows.values, first, count, size)});
        }
        part.texts = images_.texts;
        return part;
    }

    [[nodiscard]] DetectorImages read_layer(std::size_t layer, std::size_t first,
                                            std::size_t count) const override {
        auto part = without_layers(first, count);
        part.layers.push_back(share_of_layer(images_.layers[layer], first, count));
        return part;
    }

  private:
    [[nodiscard]] DetectorImages without_layers(std::size_t first, std::size_t count) const {
        return {share_of_rows(images_.ids, first, count, 1),
                share_of_rows(images_.versions, first, count, 1),
                {},
                {},
                images_.input};
    }

    const DetectorImages& images_;
};

}  // namespace

void JoinedParts::add(const at::Tensor& part) {
    if (!joined_.defined()) {
        auto shape = part.sizes().vec();
        shape.front() = all_;
        joined_ = at::empty(shape, at::kFloat);
    }
    joined_.narrow(0, first_, part.size(0)).copy_(part);
    first_ += part.size(0);
}

void require_references(const ReferenceSource& references) {
    require<DataError>(references.images() > 0,
                       "there are no images (a detector needs one at least); give more");
}

DetectorModel PartwiseDetector::fit(const DetectorImages& references, std::uint64_t seed) const {
    return fit_parts(HeldReferences(references), seed);
}

}  // namespace patchead::inline detectors_detail
