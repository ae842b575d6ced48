#include <algorithm>

#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/input_shape.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

/// Units: pixels of tiles, patches of the network.
struct TileSides {
    int side_px;
    int overlap_px;  ///< To each side, so that neighbours share at least twice as much.
    int patch_px;
};

TileAxis axis_of(int side_px, const TileSides& sides) {
    require<DataError>(side_px >= sides.side_px, "a side of ", side_px,
                       " px is less than a tile of ", sides.side_px,
                       " px (the method refuses it); make the fixture again");
    return tile_axis(side_px / sides.patch_px, sides.side_px / sides.patch_px,
                     2 * sides.overlap_px / sides.patch_px);
}

/// What each tile reads, which of its patches count, and where they come to lie.
void add_axis(const TileAxis& axis, int side_px, int patch_px, Outputs& outputs) {
    std::vector<std::int64_t> input;
    std::vector<std::int64_t> prediction;
    std::vector<std::int64_t> result;
    for (std::size_t tile = 0; tile < axis.starts.size(); ++tile) {
        const auto owned = std::ranges::equal_range(axis.tile_of, static_cast<int>(tile));
        const auto first = owned.begin() - axis.tile_of.begin();
        const auto last = owned.end() - axis.tile_of.begin();
        const std::int64_t start = axis.starts[tile];
        input.insert(input.end(), {start * patch_px, (start + axis.length) * patch_px});
        prediction.insert(prediction.end(), {first - start, last - start});
        result.insert(result.end(), {first, last});
    }
    const auto add = [&](const char* name, const std::vector<std::int64_t>& values) {
        outputs.add(concat("axis.", side_px, ".", name),
                    at::tensor(values, at::kLong).view({-1, 2}));
    };
    add("input", input);
    add("prediction", prediction);
    add("result", result);
}

/// Tile, row and column in it, of each patch of an image. Shape: `[rows, cols, 3]`.
at::Tensor sources_of(const TileAxis& rows, const TileAxis& cols) {
    std::vector<std::int64_t> sources;
    const auto across = static_cast<std::int64_t>(cols.starts.size());
    for (std::size_t row = 0; row < rows.tile_of.size(); ++row) {
        const auto down = static_cast<std::size_t>(rows.tile_of[row]);
        for (std::size_t col = 0; col < cols.tile_of.size(); ++col) {
            const auto right = static_cast<std::size_t>(cols.tile_of[col]);
            sources.insert(sources.end(),
                           {static_cast<std::int64_t>(down) * across + cols.tile_of[col],
                            static_cast<std::int64_t>(row) - rows.starts[down],
                            static_cast<std::int64_t>(col) - cols.starts[right]});
        }
    }
    return at::tensor(sources, at::kLong)
        .view({static_cast<std::int64_t>(rows.tile_of.size()), -1, 3});
}

}  // namespace

NamedTensors run_superadd_tiling(const Inputs& inputs) {
    const auto& parameters = inputs.parameters;
    const TileSides sides{parameters.at("patch_size").get<int>(),
                          parameters.at("patch_overlap").get<int>(),
                          parameters.at("model_patch_size").get<int>()};
    require<DataError>(sides.overlap_px > 0 && 2 * sides.overlap_px < sides.side_px, "tiles of ",
                       sides.side_px, " px cannot overlap by ", sides.overlap_px,
                       " px to each side; make the fixture again");
    Outputs outputs;
    for (const auto& side : parameters.at("sizes")) {
        const int px = side.get<int>();
        add_axis(axis_of(px, sides), px, sides.patch_px, outputs);
    }
    for (const auto& size : parameters.at("executed")) {
        const int height = size.at(0).get<int>();
        const int width = size.at(1).get<int>();
        outputs.add(concat("source.", height, "x", width),
                    sources_of(axis_of(height, sides), axis_of(width, sides)));
    }
    return outputs.take();
}

}  // namespace patchead::inline detectors_detail
