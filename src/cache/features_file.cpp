#include "features_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "artifact.hpp"
#include "h5/checked_data.hpp"
#include "patchead/core/error.hpp"

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

/// Throws if one of `values`, of `per_image` each image, is beyond `largest`.
void require_range(const FeatureBlock& features, std::span<const float> values, float largest,
                   const char* what, const std::filesystem::path& path) {
    const auto at = first_beyond(values, largest);
    if (at == values.size()) { return; }
    const auto& id = features.ids[at / (values.size() / features.images())];
    const bool finite = std::isfinite(values[at]);
    require<CacheError>(false, "cannot write '", path.string(), "' (", what, " ", values[at],
                        " of image '", id, "' is ",
                        finite ? "beyond half precision, which ends at 65504); store it with "
                                 "--cache-dtype fp32"
                               : "not a finite number); check the weights and the image");
}

void require_storable(const FeatureBlock& features, CacheType type,
                      const std::filesystem::path& path) {
    require_sizes(features, path);
    constexpr float any = std::numeric_limits<float>::max();
    require_range(features, features.embeddings, type == CacheType::fp16 ? kLargestHalf : any,
                  "embedding value", path);
    require_range(features, features.attention, any, "attention", path);
}

void append_embeddings(h5::SliceWriter& writer, const FeatureBlock& features, CacheType type) {
    std::vector<Half> halves;
    for (std::size_t i = 0; i < features.images(); ++i) {
        const auto embedding = features.embedding(i);
        if (type == CacheType::fp32) {
            writer.append(std::as_bytes(embedding));
            continue;
        }
        halves.resize(embedding.size());
        to_half(embedding, halves);
        writer.append(std::as_bytes(std::span(halves)));
    }
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

/// Adds `halves` to the end of `to`, by way of a buffer that stays in the first-level cache: a
/// resize would first fill the memory with zeros, which takes as long as the conversion.
void append_floats(std::span<const Half> halves, std::vector<float>& to) {
    std::array<float, 2048> buffer{};
    while (!halves.empty()) {
        const auto count = std::min(halves.size(), buffer.size());
        to_float(halves.first(count), std::span(buffer).first(count));
        to.insert(to.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
        halves = halves.subspan(count);
    }
}

template <class Element, class Append>
std::vector<float> gather(const h5::SliceReader& reader, std::span<const std::size_t> rows,
                          Append append) {
    std::vector<float> values;
    values.reserve(rows.size() * reader.slice_bytes() / sizeof(Element));
    for (const auto row : rows) {
        reader.stream(row, [&](std::span<const std::byte> piece) {
            const auto* const elements = reinterpret_cast<const Element*>(piece.data());
            append(std::span(elements, piece.size() / sizeof(Element)), values);
        });
    }
    return values;
}

std::vector<float> read_floats(const h5::SliceReader& reader, std::span<const std::size_t> rows) {
    return gather<float>(reader, rows, [](std::span<const float> slice, std::vector<float>& to) {
        to.insert(to.end(), slice.begin(), slice.end());
    });
}

std::vector<float> read_embeddings(const h5::SliceReader& reader,
                                   std::span<const std::size_t> rows) {
    const auto half = h5::type_of<Half>();
    if (H5Tequal(reader.type().id(), half.id()) > 0) {
        reader.require_form(half, 3);
        return gather<Half>(reader, rows, append_floats);
    }
    reader.require_form(h5::type_of<float>(), 3);
    return read_floats(reader, rows);
}

std::vector<float> read_attention_rows(hid_t root, std::span<const std::size_t> rows) {
    const h5::SliceReader reader(h5::open_dataset(root, kAttention));
    reader.require_form(h5::type_of<float>(), 2);
    return read_floats(reader, rows);
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

}  // namespace

void write_features(hid_t root, const std::vector<std::string>& ids, const FeatureParts& next,
                    CacheType type, const std::filesystem::path& path) {
    const auto* part = next();
    require<CacheError>(part != nullptr, "cannot write '", path.string(),
                        "' (its features did not come); report this bug");
    const auto grid = part->grid;
    const h5::Extent shape{ids.size(), static_cast<hsize_t>(grid.size()),
                           static_cast<hsize_t>(part->dim)};
    write_grid(root, grid);
    h5::write_texts(root, kIds, ids);
    h5::SliceWriter embeddings(root, kEmbeddings,
                               type == CacheType::fp16 ? h5::type_of<Half>() : h5::type_of<float>(),
                               shape);
    std::vector<float> attention;
    std::size_t images = 0;
    for (; part != nullptr; part = next()) {
        require_storable(*part, type, path);
        append_embeddings(embeddings, *part, type);
        attention.insert(attention.end(), part->attention.begin(), part->attention.end());
        images += part->images();
    }
    require_whole(images, ids.size(), attention.size(), grid, path);
    embeddings.finish();
    if (!attention.empty()) {
        h5::write_array<float>(root, kAttention, {shape[0], shape[1]}, attention);
    }
}

FeatureBlock parse_features(hid_t root, Grid grid,
                            std::optional<std::span<const std::size_t>> rows) {
    const auto ids = h5::read_texts(root, kIds);
    const h5::SliceReader embeddings(h5::open_dataset(root, kEmbeddings));
    require_shape(embeddings.shape(), ids.size(), grid);
    const auto all = counted(ids.size());
    const auto wanted = rows.value_or(std::span(all));
    FeatureBlock features;
    for (const auto row : wanted) {
        require<CacheError>(row < ids.size(), "there is no image ", row, " in a block of ",
                            ids.size(), " images (counted from 0); report this bug");
        features.ids.push_back(ids[row]);
    }
    features.grid = grid;
    features.dim = static_cast<int>(embeddings.shape()[2]);
    features.embeddings = read_embeddings(embeddings, wanted);
    if (h5::has_link(root, kAttention)) { features.attention = read_attention_rows(root, wanted); }
    return features;
}

std::vector<float> parse_attention(hid_t root) {
    if (!h5::has_link(root, kAttention)) { return {}; }
    return h5::read_array<float>(root, kAttention, 2).values;
}

}  // namespace patchead::inline cache_detail
