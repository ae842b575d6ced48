#include "forward.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/input_shape.hpp"
#include "patchead/core/stages.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// Appends the mean over heads of `attention[heads, L]` to `means`.
void append_head_means(std::span<const float> attention, std::size_t heads,
                       std::vector<float>& means) {
    const auto patches = attention.size() / heads;
    for (std::size_t patch = 0; patch < patches; ++patch) {
        double sum = 0;
        for (std::size_t head = 0; head < heads; ++head) {
            sum += double{attention[head * patches + patch]};
        }
        means.push_back(static_cast<float>(sum / static_cast<double>(heads)));
    }
}

/// The mean over heads of the attention of `images` images. Shape: `[images, L]`.
std::vector<float> head_means(const Encoding& encoding, std::size_t images) {
    std::vector<float> means;
    const std::span attention(encoding.attention);
    const auto size = attention.size() / images;
    for (std::size_t image = 0; image < images && size > 0; ++image) {
        append_head_means(attention.subspan(image * size, size),
                          static_cast<std::size_t>(encoding.heads), means);
    }
    return means;
}

Encoding encode(const Backbone& backbone, const InputBatch& inputs, const TokenRequest& tokens) {
    const StageTimer timer(Stage::forward);
    return backbone.encode(inputs.values, static_cast<int>(inputs.count), inputs.height,
                           inputs.width, tokens);
}

LayerTokens without_values(const LayerEncoding& layer, std::size_t images) {
    const auto patches = images * static_cast<std::size_t>(layer.grid.size());
    const auto dim = static_cast<int>(layer.patches.size() / patches);
    return {layer.layer, layer.grid, dim, {}, {}, layer.form};
}

/// The tokens of `images` images.
std::vector<LayerTokens> layers_of(Encoding& encoding, std::size_t images) {
    std::vector<LayerTokens> layers;
    for (auto& layer : encoding.layers) {
        auto& own = layers.emplace_back(without_values(layer, images));
        own.patches = std::move(layer.patches);
        own.prefix = std::move(layer.prefix);
    }
    return layers;
}

/// Embeddings of the windows of `images` images.
std::vector<WindowTokens> windows_of(Encoding& encoding, std::size_t images) {
    std::vector<WindowTokens> all;
    for (auto& windows : encoding.windows) {
        const auto count = images * static_cast<std::size_t>(windows.grid.size());
        const auto dim = static_cast<int>(windows.values.size() / count);
        all.push_back({windows.side, windows.grid, dim, std::move(windows.values)});
    }
    return all;
}

void require_image_token(const Backbone& backbone, bool has_one) {
    require<ConfigError>(has_one, "the ", backbone.info().family, " network gives no token of the ",
                         "whole image, or none of an image in tiles; leave --image-token out, ",
                         "or the detector that needs one");
}

/// By which patch of which tile an image gets a layer's patch, its embedding's place says.
void require_patch_grid(const Backbone& backbone, const LayerEncoding& layer, Grid grid) {
    require<ConfigError>(layer.grid == grid, "layer ", layer.layer, " of the ",
                         backbone.info().family, " network with --tile (it has ", layer.grid.rows,
                         "x", layer.grid.cols, " patches of a tile, embeddings have ", grid.rows,
                         "x", grid.cols, "); leave --tile or the layer out");
}

Grid patches_of(int height, int width, int patch_px) {
    return {height / patch_px, width / patch_px};
}

/// The tiles of images of one size: image by image, of each row by row.
class Tiles {
  public:
    Tiles(const InputBatch& inputs, int patch_px, const Tiling& tiling)
        : inputs_(inputs),
          patch_px_(patch_px),
          grid_(patches_of(inputs.height, inputs.width, patch_px)),
          tiles_(tiles_of(grid_, patch_px, tiling)) {}

    [[nodiscard]] Grid grid() const { return grid_; }
    [[nodiscard]] std::size_t count() const { return inputs_.count * of_image(); }

    /// The pixels of tiles `[first, first + count)`.
    [[nodiscard]] InputBatch pixels(std::size_t first, std::size_t count) const {
        const auto tile = tiles_.tile();
        InputBatch batch{tile.rows * patch_px_, tile.cols * patch_px_, count, {}};
        batch.values.reserve(count * 3 * MapSize{batch.height, batch.width}.area());
        for (auto i = first; i < first + count; ++i) { append_pixels(i, batch); }
        return batch;
    }

    /// Copies the patches of tiles `[first, first + count)` to their places in `all`, which gets
    /// its size here. Shapes: `tokens[count, patches of a tile, dim]`, `all[images, L, dim]`.
    void put(std::size_t first, std::size_t count, std::span<const float> tokens, int dim,
             std::vector<float>& all) const {
        const auto channels = static_cast<std::size_t>(dim);
        all.resize(inputs_.count * static_cast<std::size_t>(grid_.size()) * channels);
        const auto size = tokens.size() / count;
        for (std::size_t i = 0; i < count; ++i) {
            put(first + i, tokens.subspan(i * size, size), channels, all);
        }
    }

  private:
    /// Those of tile `i` that are most central in it.
    void put(std::size_t i, std::span<const float> tokens, std::size_t dim,
             std::vector<float>& all) const {
        const auto [row_tile, col_tile] = place(i);
        const auto first = i / of_image() * static_cast<std::size_t>(grid_.size());
        const int top = start(tiles_.rows, row_tile);
        const int left = start(tiles_.cols, col_tile);
        for (int row = top; row < top + tiles_.rows.length; ++row) {
            if (owner(tiles_.rows, row) != row_tile) { continue; }
            for (int col = left; col < left + tiles_.cols.length; ++col) {
                if (owner(tiles_.cols, col) != col_tile) { continue; }
                const auto from = number(row - top, col - left, tiles_.cols.length);
                const auto to = first + number(row, col, grid_.cols);
                std::ranges::copy(tokens.subspan(from * dim, dim),
                                  all.begin() + static_cast<std::ptrdiff_t>(to * dim));
            }
        }
    }

    [[nodiscard]] std::size_t of_image() const { return static_cast<std::size_t>(tiles_.count()); }
    [[nodiscard]] std::pair<std::size_t, std::size_t> place(std::size_t i) const {
        const auto in_image = i % of_image();
        const auto across = tiles_.cols.starts.size();
        return {in_image / across, in_image % across};
    }
    static int start(const TileAxis& axis, std::size_t tile) { return axis.starts[tile]; }
    static std::size_t owner(const TileAxis& axis, int patch) {
        return static_cast<std::size_t>(axis.tile_of[static_cast<std::size_t>(patch)]);
    }
    static std::size_t number(int row, int col, int cols) {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) +
               static_cast<std::size_t>(col);
    }

    void append_pixels(std::size_t i, InputBatch& batch) const {
        const auto [row_tile, col_tile] = place(i);
        const int top = start(tiles_.rows, row_tile) * patch_px_;
        const int left = start(tiles_.cols, col_tile) * patch_px_;
        const auto image = static_cast<int>(i / of_image());
        for (int plane = 3 * image; plane < 3 * image + 3; ++plane) {
            for (int y = top; y < top + batch.height; ++y) {
                const auto at = number(plane * inputs_.height + y, left, inputs_.width);
                const auto begin = inputs_.values.begin() + static_cast<std::ptrdiff_t>(at);
                batch.values.insert(batch.values.end(), begin, begin + batch.width);
            }
        }
    }

    const InputBatch& inputs_;
    int patch_px_;
    Grid grid_;
    TileGrid tiles_;
};

FeatureBlock forward_tiles(const Backbone& backbone, const InputBatch& inputs,
                           const ForwardOptions& how) {
    require_image_token(backbone, !how.tokens.image);
    require<ConfigError>(how.tokens.windows.empty(), "windows of images in tiles (a tile knows ",
                         "nothing of its neighbours); leave --tile out, or the detector that ",
                         "needs windows");
    const Tiles tiles(inputs, backbone.info().patch_px, how.tiling);
    FeatureBlock block{tiles.grid(), 0, {}, {}, {}};
    for (std::size_t at = 0; at < tiles.count(); at += how.at_once) {
        const auto count = std::min(how.at_once, tiles.count() - at);
        const auto encoding = encode(backbone, tiles.pixels(at, count), how.tokens);
        block.dim = encoding.dim;
        tiles.put(at, count, encoding.tokens, encoding.dim, block.embeddings);
        if (block.layers.empty()) {
            for (const auto& layer : encoding.layers) {
                require_patch_grid(backbone, layer, encoding.grid);
                block.layers.push_back(without_values(layer, count));
                block.layers.back().grid = block.grid;
            }
        }
        for (std::size_t i = 0; i < block.layers.size(); ++i) {
            auto& layer = block.layers[i];
            tiles.put(at, count, encoding.layers[i].patches, layer.dim, layer.patches);
        }
    }
    return block;
}

}  // namespace

MapSize pass_size(Grid grid, int patch_px, const Tiling& tiling) {
    const auto tile = tiles_of(grid, patch_px, tiling).tile();
    return {tile.rows * patch_px, tile.cols * patch_px};
}

std::size_t passes_of(const Backbone& backbone, int height, int width, const Tiling& tiling) {
    if (tiling == Tiling{}) { return 1; }
    const int patch_px = backbone.info().patch_px;
    return static_cast<std::size_t>(
        tiles_of(patches_of(height, width, patch_px), patch_px, tiling).count());
}

FeatureBlock forward(const Backbone& backbone, InputBatch inputs, const ForwardOptions& how) {
    if (how.tiling != Tiling{}) { return forward_tiles(backbone, inputs, how); }
    auto encoding = encode(backbone, inputs, how.tokens);
    FeatureBlock block{encoding.grid, encoding.dim, {}, {}, head_means(encoding, inputs.count)};
    block.layers = layers_of(encoding, inputs.count);
    block.windows = windows_of(encoding, inputs.count);
    block.embeddings = std::move(encoding.tokens);
    block.image_tokens = {std::move(encoding.image.token), std::move(encoding.image.feature)};
    require_image_token(backbone, !how.tokens.image || !block.image_tokens.token.empty() ||
                                      !block.image_tokens.feature.empty());
    return block;
}

std::vector<float> spread(std::span<const float> values, std::size_t images, Grid of, Grid to) {
    const auto patches = static_cast<std::size_t>(of.size());
    const auto channels = values.size() / (images * patches);
    std::vector<float> result;
    result.reserve(images * static_cast<std::size_t>(to.size()) * channels);
    const auto append = [&](std::size_t image, int row, int col) {
        const bool is_own = row < of.rows && col < of.cols;
        const auto patch = is_own ? row * of.cols + col : 0;
        const auto from = values.subspan(
            (image * patches + static_cast<std::size_t>(patch)) * channels, channels);
        result.insert(result.end(), from.begin(), from.end());
    };
    for (std::size_t image = 0; image < images; ++image) {
        for (int patch = 0; patch < to.size(); ++patch) {
            append(image, patch / to.cols, patch % to.cols);
        }
    }
    return result;
}

FeatureBlock in_frame(FeatureBlock features, Grid frame, const BackboneInfo& network) {
    const auto own = features.grid;
    if (own == frame) { return features; }
    PATCHEAD_ASSERT(own.rows <= frame.rows && own.cols <= frame.cols);
    // Detectors, which alone ask for them, see images of one shape.
    PATCHEAD_ASSERT(features.windows.empty());
    const auto images = features.images();
    features.embeddings = spread(features.embeddings, images, own, frame);
    if (!features.attention.empty()) {
        features.attention = spread(features.attention, images, own, frame);
    }
    for (auto& layer : features.layers) {
        const auto to = network.grid_of(layer.layer, frame);
        layer.patches = spread(layer.patches, images, layer.grid, to);
        layer.grid = to;
    }
    features.grid = frame;
    return features;
}

}  // namespace patchead::inline pipeline_detail
