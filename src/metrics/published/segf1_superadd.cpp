#include <algorithm>
#include <cstdint>
#include <utility>

#include "float_key.hpp"
#include "published/emulated.hpp"
#include "radix_sort.hpp"

namespace patchead {
namespace {

double best_f1(std::span<const float> map, std::span<const std::uint32_t> regions) {
    std::vector<Positive> sorted;
    std::int64_t positives = 0;
    for (std::size_t p = 0; p < map.size(); ++p) {
        sorted.push_back({descending_key(map[p]), regions[p]});
        positives += regions[p] != kNormalPixel ? 1 : 0;
    }
    if (positives == 0) { return 0; }
    std::vector<Positive> scratch;
    radix_sort(sorted, scratch, [](const Positive& pixel) { return pixel.key; });
    double best = 0;
    std::int64_t found = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        found += sorted[i].region != kNormalPixel ? 1 : 0;
        if (i + 1 < sorted.size() && sorted[i + 1].key == sorted[i].key) { continue; }
        const auto selected = static_cast<std::int64_t>(i) + 1;
        best = std::max(best,
                        2 * static_cast<double>(found) / static_cast<double>(selected + positives));
    }
    return best;
}

}  // namespace

std::vector<double> best_f1_of_images(const CategoryMaps& category) {
    auto pixels = read_pixels(category);
    std::vector<double> values;
    for (std::size_t i = 0; i < pixels.images(); ++i) {
        values.push_back(best_f1(pixels.map(i), pixels.regions(i)));
    }
    return values;
}

/// Source: SuperADD, utils/industrial/evaluate.py.
Quantity segf1_superadd(const Evidence& evidence, const Argument&) {
    return emulated(evidence, [&] {
        auto pixels = read_pixels(evidence.category, ImagesTaken::anomalous);
        double sum = 0;
        for (std::size_t i = 0; i < pixels.images(); ++i) {
            sum += best_f1(pixels.map(i), pixels.regions(i));
        }
        return sum / static_cast<double>(pixels.images());
    });
}

}  // namespace patchead
