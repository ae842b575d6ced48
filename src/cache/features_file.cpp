#include "features_file.hpp"

#include <limits>
#include <numeric>
#include <utility>

#include "artifact.hpp"
#include "feature_values.hpp"
#include "h5/checked_data.hpp"
#include "patchead/core/error.hpp"
#include "tokens_file.hpp"

namespace patchead::inline cache_detail {
namespace {

constexpr auto kEmbeddings = "embeddings";
constexpr auto kAttention = "attention";
constexpr auto kIds = "ids";

void require_sizes(const FeatureBlock& features, const std::filesystem::path& path) {
    const auto patches = features.images() * static_cast<std::size_t>(features.grid.size());
    const bool fits =
        features.embeddings.size() == patches * static_cast<std::size_t>(features.dim) &&
        (features.attention.empty() || features.attention.size() == patches);
    require<CacheError>(fits, "cannot write '", path.string(), "' (", features.embeddings.size(),
                        " embedding and ", features.attention.size(), " attention values for ",
                        features.images(), " images of ", features.grid.size(), " patches and ",
                        features.dim, " channels); report this bug");
}

void require_storable(const FeatureBlock& features, CacheType type,
                      const std::filesystem::path& path) {
    require_sizes(features, path);
    require_storable(features.embeddings, type, features.ids, "embedding value", path);
    require_storable(features.attention, CacheType::fp32, features.ids, "attention", path);
}

/// Throws if `images` images in parts do not make a block of `ids` and, if there is any,
/// `attention`.
void require_whole(std::size_t images, std::size_t ids, std::size_t attention, Grid grid,
                   const std::filesystem::path& path) {
    const auto patches = ids * static_cast<std::size_t>(grid.size());
    require<CacheError>(images == ids && (attention == 0 || attention == patches), "cannot write '",
                        path.string(), "' (", images, " images and ", attention,
                        " attention values came for ", ids, " ids); report this bug");
}

std::vector<float> read_attention_rows(hid_t root, std::span<const std::size_t> rows) {
    const h5::SliceReader reader(h5::open_dataset(root, kAttention));
    return read_singles(reader, 2, rows);
}

std::vector<std::size_t> counted(std::size_t n) {
    std::vector<std::size_t> numbers(n);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
}

void require_shape(const h5::Extent& shape, std::size_t images, Grid grid) {
    if (shape.size() != 3 || shape[0] != images || shape[1] != static_cast<hsize_t>(grid.size()) ||
        shape[2] > static_cast<hsize_t>(std::numeric_limits<int>::max())) {
        throw h5::Failure(concat("its embeddings are [", h5::shape_text(shape), "] for ", images,
                                 " ids and a grid of ", grid.rows, " x ", grid.cols));
    }
}

/// Rows of a block and the ids of their images.
struct Chosen {
    std::span<const std::size_t> rows;
    std::vector<std::string> ids;
};

Chosen chosen(const std::vector<std::string>& ids, std::span<const std::size_t> rows) {
    Chosen images{rows, {}};
    for (const auto row : rows) {
        require<CacheError>(row < ids.size(), "there is no image ", row, " in a block of ",
                            ids.size(), " images (counted from 0); report this bug");
        images.ids.push_back(ids[row]);
    }
    return images;
}

}  // namespace

void write_features(hid_t root, const std::vector<std::string>& ids, const FeatureParts& next,
                    CacheType type, const TokenRequest& tokens, const std::filesystem::path& path) {
    const auto* part = next();
    require<CacheError>(part != nullptr, "cannot write '", path.string(),
                        "' (its features did not come); report this bug");
    const auto grid = part->grid;
    const h5::Extent shape{ids.size(), static_cast<hsize_t>(grid.size()),
                           static_cast<hsize_t>(part->dim)};
    write_grid(root, grid);
    h5::write_texts(root, kIds, ids);
    ValueWriter embeddings(root, kEmbeddings, type, shape);
    TokenWriter beside(root, *part, tokens, ids.size(), type, path);
    std::vector<float> attention;
    std::size_t images = 0;
    for (; part != nullptr; part = next()) {
        require_storable(*part, type, path);
        embeddings.append(part->embeddings, part->images());
        beside.append(*part);
        attention.insert(attention.end(), part->attention.begin(), part->attention.end());
        images += part->images();
    }
    require_whole(images, ids.size(), attention.size(), grid, path);
    embeddings.finish();
    if (!attention.empty()) {
        h5::write_array<float>(root, kAttention, {shape[0], shape[1]}, attention);
    }
    beside.finish();
}

FeatureBlock parse_features(hid_t root, Rows rows) {
    const auto ids = h5::read_texts(root, kIds);
    const auto grid = read_grid(root);
    const h5::SliceReader embeddings(h5::open_dataset(root, kEmbeddings));
    require_shape(embeddings.shape(), ids.size(), grid);
    const auto all = counted(ids.size());
    const auto wanted = chosen(ids, rows.value_or(std::span(all)));
    FeatureBlock features;
    features.ids = wanted.ids;
    features.grid = grid;
    features.dim = static_cast<int>(embeddings.shape()[2]);
    features.embeddings = read_values(embeddings, wanted.rows);
    if (h5::has_link(root, kAttention)) {
        features.attention = read_attention_rows(root, wanted.rows);
    }
    return features;
}

FeatureBlock parse_features(hid_t root, Rows rows, const TokenRequest& tokens) {
    auto features = parse_features(root, rows);
    if (tokens.empty()) { return features; }
    const auto images = h5::read_texts(root, kIds).size();
    const auto all = counted(images);
    const auto wanted = rows.value_or(std::span(all));
    for (const auto& layer : tokens.layers) {
        features.layers.push_back(parse_layer_tokens(root, layer, images, wanted));
    }
    if (tokens.image) { features.image_tokens = parse_image_tokens(root, images, wanted); }
    for (const int side : tokens.windows) {
        features.windows.push_back(parse_window_tokens(root, side, images, wanted));
    }
    return features;
}

FeatureBlock parse_layer(hid_t root, Rows rows, const TokenLayer& layer) {
    const auto ids = h5::read_texts(root, kIds);
    const auto all = counted(ids.size());
    const auto wanted = chosen(ids, rows.value_or(std::span(all)));
    auto tokens = parse_layer_patches(root, layer, ids.size(), wanted.rows);
    FeatureBlock features{tokens.grid, tokens.dim, wanted.ids, std::move(tokens.patches), {}};
    const bool has_attention = h5::has_link(root, kAttention) && features.grid == read_grid(root);
    if (has_attention) { features.attention = read_attention_rows(root, wanted.rows); }
    return features;
}

PrefixTokens parse_prefix(hid_t root, std::span<const std::size_t> rows, const TokenLayer& layer) {
    const auto ids = h5::read_texts(root, kIds);
    return parse_prefix_tokens(root, layer, ids.size(), chosen(ids, rows).rows);
}

ImageTokens parse_image(hid_t root, std::span<const std::size_t> rows) {
    const auto ids = h5::read_texts(root, kIds);
    return parse_image_tokens(root, ids.size(), chosen(ids, rows).rows);
}

WindowTokens parse_windows(hid_t root, std::span<const std::size_t> rows, int side) {
    const auto ids = h5::read_texts(root, kIds);
    return parse_window_tokens(root, side, ids.size(), chosen(ids, rows).rows);
}

std::vector<float> parse_attention(hid_t root) {
    if (!h5::has_link(root, kAttention)) { return {}; }
    return h5::read_array<float>(root, kAttention, 2).values;
}

}  // namespace patchead::inline cache_detail
