/// \file
/// \brief RAD (docs/detectors.md): the references most like a query by their image vectors, and of
/// these the nearest patch within a few rows and columns of the same place.

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "parts/maps.hpp"
#include "parts/memory_rows.hpp"
#include "parts/option_values.hpp"
#include "parts/partwise.hpp"
#include "parts/rad_map.hpp"
#include "parts/retrieval.hpp"
#include "parts/stored_view.hpp"
#include "parts/tensors.hpp"
#include "parts/top_share.hpp"
#include "parts/unit_nearest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/text.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead::inline detectors_detail {
namespace {

std::string bank_name(std::size_t layer) { return concat("bank.", layer); }
constexpr const char* kBankVectors = "bank.image";

/// Of places along one axis that lie so near to each other.
double near_pairs(int places, std::optional<int> radius) {
    double pairs = 0;
    for (int place = 0; place < places; ++place) {
        const int reach = radius.value_or(places);
        pairs += std::min(place + reach, places - 1) - std::max(place - reach, 0) + 1;
    }
    return pairs;
}

double pairs_within(Grid grid, std::optional<int> radius) {
    return near_pairs(grid.rows, radius) * near_pairs(grid.cols, radius);
}

struct RadOptions {
    std::string layers;
    int k_image;
    std::optional<int> pos_radius;
    std::vector<double> layer_weights;  ///< Empty: all are equal.
    int map_size;
    std::int64_t most_rows;  ///< Of a layer; 0: all.
};

class Rad final : public PartwiseDetector {
  public:
    explicit Rad(RadOptions options) : options_(std::move(options)) {}

    [[nodiscard]] DetectorNeeds needs(Setting) const override {
        return {.layers = options_.layers, .final_norm = true, .image_token = true};
    }
    [[nodiscard]] MapRule map_rule() const override { return {Interpolation::bilinear, 1}; }

    [[nodiscard]] bool draws() const override { return options_.most_rows > 0; }

    /// A bank of fewer rows has fewer images: all of an image's places are looked up.
    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override {
        require_references(references);
        const auto images = static_cast<std::int64_t>(references.images());
        const auto layers = references.read(0, 1).layers;
        const MemoryRows empty(images, images_of(layers.front().grid), Random("rad", seed));
        std::vector<MemoryRows> banks(layers.size() + 1, empty);  // A row is an image.
        for_each_part(references, [&](const DetectorImages& part) {
            for (std::size_t l = 0; l < layers.size(); ++l) {
                banks[l].add(unit_images(view_of(part.layers[l])).flatten(1));
            }
            const auto count = static_cast<std::int64_t>(part.images());
            banks.back().add(at::tensor(part.image_tokens).view({count, -1}));
        });
        DetectorModel model{{kBankVectors, banks.back().take()}};
        for (std::size_t l = 0; l < layers.size(); ++l) {
            auto bank = banks[l].take();
            bank.shape = {bank.shape.front(), layers[l].grid.size(), layers[l].dim};
            model[bank_name(l)] = std::move(bank);
        }
        return model;
    }

    [[nodiscard]] PatchScores score(const DetectorModel& model,
                                    const DetectorImages& queries) const override {
        const auto images = static_cast<std::int64_t>(queries.images());
        const auto grid = queries.layers.front().grid;
        const auto vectors = to_double({{images, -1}, queries.image_tokens});
        const auto bank = stored_view(model, kBankVectors, 2);
        auto scores = at::zeros({images, grid.rows, grid.cols}, at::kDouble);
        for (std::int64_t i = 0; i < images; ++i) {
            const auto retrieved = most_similar(vectors[i], bank, options_.k_image);
            scores[i].copy_(score_query(model, queries, i, retrieved));
        }
        const auto maps = rad_map(scores, scaled_map(queries.input, options_.map_size));
        return {grid, queries.ids, to_plain(scores).values,
                to_plain(mean_of_top_share(maps, 0.01)).values};
    }

    /// The image vectors, and each patch with those near its place in the references searched.
    [[nodiscard]] double scoring_flops(const ScoringWork& work) const override {
        const double images = std::min<double>(options_.k_image, work.rows_of(kBankVectors));
        double flops = 2 * work.values_of(kBankVectors);
        for (const auto& layer : work.layers) {
            flops += 2 * images * pairs_within(layer.grid, options_.pos_radius) * layer.dim;
        }
        return flops;
    }

  private:
    /// How many images the bank has at most, at least one; 0: all.
    [[nodiscard]] std::int64_t images_of(Grid grid) const {
        if (options_.most_rows == 0) { return 0; }
        return std::max<std::int64_t>(1, options_.most_rows / grid.size());
    }

    /// Shape: `[h, w]`.
    [[nodiscard]] at::Tensor score_query(const DetectorModel& model, const DetectorImages& queries,
                                         std::int64_t image,
                                         const std::vector<std::int64_t>& retrieved) const {
        const auto grid = queries.layers.front().grid;
        const auto weights = layer_weights(options_.layer_weights, queries.layers.size());
        auto sum = at::zeros({grid.rows, grid.cols}, at::kDouble);
        for (std::size_t l = 0; l < weights.size(); ++l) {
            const auto& layer = queries.layers[l];
            const auto bank = stored_view(model, bank_name(l), 3);
            require<DataError>(bank.size(1) == layer.grid.size() && bank.size(2) == layer.dim,
                               "references have ", bank.size(1), " patches of ", bank.size(2),
                               " channels, queries ", layer.grid.size(), " of ", layer.dim,
                               "; RAD compares places, so embed both with the same options");
            const auto rows = unit_images(view_of(layer).narrow(0, image, 1))[0];
            const auto distance =
                regional_distance(rows, bank, retrieved, {layer.grid, options_.pos_radius});
            sum += weights[l] * resize_maps(distance.view({layer.grid.rows, layer.grid.cols}),
                                            {grid.rows, grid.cols});
        }
        return sum;
    }

    RadOptions options_;
};

std::optional<int> pos_radius_of(const DetectorOptions& options) {
    if (options.at("pos_radius") == "any") { return std::nullopt; }
    return whole(options, "pos_radius", 0);
}

std::vector<double> weights_of(const DetectorOptions& options) {
    std::vector<double> weights;
    if (options.at("layer_weights") == "equal") { return weights; }
    for (const auto& part : split_at_commas(options.at("layer_weights"))) {
        weights.push_back(Real(0, 1e6).parse("layer_weights", part));
    }
    require<ConfigError>(std::accumulate(weights.begin(), weights.end(), 0.0) > 0,
                         "option 'layer_weights': '", options.at("layer_weights"),
                         "' weighs nothing; give numbers with a sum above 0, or equal");
    return weights;
}

}  // namespace

DetectorInfo rad_info() {
    return {
        .name = "rad",
        .title = "RAD",
        .source = "RAD (ICML 2026), longkukuhi/RAD",
        .port =
            "the blur of maps is cut at 4 sigma where the source has 5x5 pixels of a map of 256",
        .network = "DINOv3 ViT-B/16, 512 px cut to 448",
        .backbone = "dinov3_vitb16",
        .options = {{"layers", "0.33,0.58,0.83,1", "layers whose distances are averaged"},
                    {"k_image", "150",
                     "references that are searched, the most similar ones, by "
                     "image vector; at least 1"},
                    {"pos_radius", "1",
                     "rows and columns that a patch may have moved; at least 0, "
                     "or any"},
                    {"layer_weights", "equal", "weights of the layers: 1,2,1; or equal"},
                    {"map_size", "256",
                     "longer side, px, of the map whose highest 1 % are the "
                     "image score; at least 1"},
                    {"max_memory_rows", "0",
                     "patches of the bank, whole images drawn from all if they are more; 0: "
                     "all",
                     true}},
        .published = {{"mvtec", "k_image", "150"},
                      {"mvtec", "pos_radius", "1"},
                      {"visa", "k_image", "900"},
                      {"visa", "pos_radius", "2"}},
        .make = [](const DetectorOptions& options) -> std::unique_ptr<const Detector> {
            return std::make_unique<Rad>(
                RadOptions{options.at("layers"), whole(options, "k_image", 1),
                           pos_radius_of(options), weights_of(options),
                           whole(options, "map_size", 1), whole(options, "max_memory_rows", 0)});
        }};
}

}  // namespace patchead::inline detectors_detail
