#include "tokens_file.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "artifact.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"

namespace patchead::inline cache_detail {
namespace {

constexpr auto kLayers = "layers";
constexpr auto kPatches = "patches";
constexpr auto kPrefix = "prefix";
constexpr auto kImage = "image";
constexpr auto kToken = "token";
constexpr auto kFeature = "feature";
constexpr auto kWindows = "windows";
constexpr auto kValues = "values";

std::string name_in_file(const TokenLayer& layer, bool with_form) {
    const auto number = std::to_string(layer.number);
    return with_form ? concat(number, ".", name_of(layer.form)) : number;
}

/// Where the layer lies in a file that has it.
std::string path_of(hid_t root, const TokenLayer& layer) {
    auto path = concat(kLayers, "/", name_in_file(layer, true));
    return h5::has_link(root, path) ? path : concat(kLayers, "/", name_in_file(layer, false));
}

TokenLayer layer_of(const LayerTokens& tokens) { return {tokens.layer, tokens.form}; }

std::string window_path(int side) { return concat(kWindows, "/", side); }

h5::SliceReader open(hid_t root, const std::string& group, const char* name) {
    return h5::SliceReader(h5::open_dataset(root, concat(group, "/", name)));
}

/// What is there of these axes, of so many images.
void require_shape(const h5::SliceReader& reader, std::size_t axes, std::size_t images,
                   const std::string& name) {
    const auto& shape = reader.shape();
    constexpr auto most = static_cast<hsize_t>(std::numeric_limits<int>::max());
    if (shape.size() != axes || shape[0] != images || shape.back() > most) {
        throw h5::Failure(
            concat("its ", name, " are [", h5::shape_text(shape), "] for ", images, " ids"));
    }
}

/// What lies on a grid: patches of a layer, or windows. Shape: `values[rows, grid.size(), dim]`.
struct OnGrid {
    Grid grid;
    int dim = 0;
    std::vector<float> values;
};

OnGrid parse_on_grid(hid_t root, const std::string& path, const char* name, std::size_t images,
                     std::span<const std::size_t> rows) {
    const auto reader = open(root, path, name);
    require_shape(reader, 3, images, path);
    const h5::ObjectId group(H5Oopen(root, path.c_str(), H5P_DEFAULT), "group");
    const auto grid = read_grid(group.id());
    const auto count = reader.shape()[1];
    if (count != static_cast<hsize_t>(grid.size())) {
        throw h5::Failure(
            concat("its ", path, " are ", count, " for a grid of ", grid.rows, " x ", grid.cols));
    }
    return {grid, static_cast<int>(reader.shape()[2]), read_values(reader, rows)};
}

std::vector<float> read_optional(hid_t root, const char* name, std::size_t images,
                                 std::span<const std::size_t> rows) {
    if (!h5::has_link(root, concat(kImage, "/", name))) { return {}; }
    const auto reader = open(root, kImage, name);
    require_shape(reader, 2, images, concat(kImage, "/", name));
    return read_singles(reader, 2, rows);
}

}  // namespace

TokenWriter::TokenWriter(hid_t root, const FeatureBlock& first, const TokenRequest& tokens,
                         std::size_t images, CacheType type, std::filesystem::path path)
    : root_(root), images_(images), type_(type), path_(std::move(path)) {
    const bool has_these = std::ranges::equal(first.layers, tokens.layers, {}, layer_of);
    const bool has_windows =
        std::ranges::equal(first.windows, tokens.windows, {}, &WindowTokens::side);
    const bool has_image = !first.image_tokens.token.empty() || !first.image_tokens.feature.empty();
    require<CacheError>(has_these && has_windows && has_image == tokens.image, "cannot write '",
                        path_.string(), "' (", first.layers.size(), " layers came, windows of ",
                        first.windows.size(), " sides, and ", has_image ? "a" : "no",
                        " token of the image); report this bug");
    start_windows(first);
    if (first.layers.empty()) { return; }
    const auto is_other = [&](const LayerTokens& one) { return one.form != first.layers[0].form; };
    const bool with_forms = std::ranges::any_of(first.layers, is_other);
    const auto all = h5::create_group(root, kLayers);
    for (const auto& layer : first.layers) {
        auto group = h5::create_group(all.id(), name_in_file(layer_of(layer), with_forms));
        write_grid(group.id(), layer.grid);
        const h5::Extent shape{images, static_cast<hsize_t>(layer.grid.size()),
                               static_cast<hsize_t>(layer.dim)};
        ValueWriter patches(group.id(), kPatches, type, shape);
        layers_.push_back(
            {std::move(group), std::move(patches), shape[1] * shape[2], {}, layer.dim});
    }
}

void TokenWriter::start_windows(const FeatureBlock& first) {
    if (first.windows.empty()) { return; }
    const auto all = h5::create_group(root_, kWindows);
    for (const auto& windows : first.windows) {
        const auto group = h5::create_group(all.id(), std::to_string(windows.side));
        write_grid(group.id(), windows.grid);
        const h5::Extent shape{images_, static_cast<hsize_t>(windows.grid.size()),
                               static_cast<hsize_t>(windows.dim)};
        windows_.emplace_back(group.id(), kValues, type_, shape);
        window_values_.push_back(shape[1] * shape[2]);
    }
}

void TokenWriter::append_windows(const FeatureBlock& part) {
    auto writer = windows_.begin();
    for (std::size_t i = 0; i < window_values_.size(); ++i, ++writer) {
        const auto& values = part.windows[i].values;
        require_storable(values, type_, part.ids, "value of a window", path_);
        writer->append(values, part.images());
    }
}

void TokenWriter::require_whole(const FeatureBlock& part) const {
    bool fits = part.layers.size() == layers_.size();
    auto layer = part.layers.begin();
    for (const auto& own : layers_) {
        fits = fits && layer->patches.size() == part.images() * own.patch_values;
        if (fits) { ++layer; }
    }
    fits = fits && part.windows.size() == window_values_.size();
    for (std::size_t i = 0; fits && i < window_values_.size(); ++i) {
        fits = part.windows[i].values.size() == part.images() * window_values_[i];
    }
    require<CacheError>(fits, "cannot write '", path_.string(), "' (the layers of ", part.images(),
                        " images have other sizes than those before); report this bug");
}

void TokenWriter::append(const FeatureBlock& part) {
    require_whole(part);
    auto own = layers_.begin();
    for (const auto& layer : part.layers) {
        require_storable(layer.patches, type_, part.ids, "value of a layer", path_);
        own->patches.append(layer.patches, part.images());
        append_few(layer.prefix, part, "value of a class token or register", own->prefix);
        ++own;
    }
    append_windows(part);
    append_few(part.image_tokens.token, part, "value of an image token", image_.token);
    append_few(part.image_tokens.feature, part, "value of an image token", image_.feature);
}

void TokenWriter::append_few(std::span<const float> values, const FeatureBlock& part,
                             const char* what, std::vector<float>& to) const {
    require_storable(values, CacheType::fp32, part.ids, what, path_);
    to.insert(to.end(), values.begin(), values.end());
}

void TokenWriter::require_few(std::span<const float> values) const {
    require<CacheError>(values.size() % images_ == 0, "cannot write '", path_.string(), "' (",
                        values.size(), " values of class or image tokens came for ", images_,
                        " images); report this bug");
}

void TokenWriter::finish() {
    for (auto& writer : windows_) { writer.finish(); }
    for (auto& layer : layers_) {
        layer.patches.finish();
        if (layer.prefix.empty()) { continue; }
        require_few(layer.prefix);
        const auto dim = static_cast<std::size_t>(layer.dim);
        h5::write_array<float>(layer.group.id(), kPrefix,
                               {images_, layer.prefix.size() / images_ / dim, dim}, layer.prefix);
    }
    if (image_.token.empty() && image_.feature.empty()) { return; }
    const auto group = h5::create_group(root_, kImage);
    const std::pair<const char*, const std::vector<float>&> few[]{{kToken, image_.token},
                                                                  {kFeature, image_.feature}};
    for (const auto& [name, values] : few) {
        if (values.empty()) { continue; }
        require_few(values);
        h5::write_array<float>(group.id(), name, {images_, values.size() / images_}, values);
    }
}

LayerTokens parse_layer_patches(hid_t root, const TokenLayer& layer, std::size_t images,
                                std::span<const std::size_t> rows) {
    const auto path = path_of(root, layer);
    auto [grid, dim, values] = parse_on_grid(root, path, kPatches, images, rows);
    return {layer.number, grid, dim, std::move(values), {}, layer.form};
}

PrefixTokens parse_prefix_tokens(hid_t root, const TokenLayer& layer, std::size_t images,
                                 std::span<const std::size_t> rows) {
    const auto path = path_of(root, layer);
    if (!h5::has_link(root, concat(path, "/", kPrefix))) { return {}; }
    const auto reader = open(root, path, kPrefix);
    require_shape(reader, 3, images, path);
    return {static_cast<int>(reader.shape()[1]), static_cast<int>(reader.shape()[2]),
            read_singles(reader, 3, rows)};
}

LayerTokens parse_layer_tokens(hid_t root, const TokenLayer& layer, std::size_t images,
                               std::span<const std::size_t> rows) {
    auto tokens = parse_layer_patches(root, layer, images, rows);
    tokens.prefix = parse_prefix_tokens(root, layer, images, rows).values;
    return tokens;
}

WindowTokens parse_window_tokens(hid_t root, int side, std::size_t images,
                                 std::span<const std::size_t> rows) {
    auto [grid, dim, values] = parse_on_grid(root, window_path(side), kValues, images, rows);
    return {side, grid, dim, std::move(values)};
}

ImageTokens parse_image_tokens(hid_t root, std::size_t images, std::span<const std::size_t> rows) {
    return {read_optional(root, kToken, images, rows), read_optional(root, kFeature, images, rows)};
}

}  // namespace patchead::inline cache_detail
