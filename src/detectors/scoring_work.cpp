#include "patchead/detectors/scoring_work.hpp"

#include <functional>
#include <numeric>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

double product_of(const std::vector<std::int64_t>& shape) {
    return std::accumulate(shape.begin(), shape.end(), 1.0, [](double product, std::int64_t side) {
        return product * static_cast<double>(side);
    });
}

}  // namespace

double ScoringWork::values_of(const std::string& array) const {
    const auto found = model.find(array);
    return found == model.end() ? 0 : product_of(found->second);
}

double ScoringWork::rows_of(const std::string& array) const {
    const auto found = model.find(array);
    const bool has_rows = found != model.end() && !found->second.empty();
    return has_rows ? static_cast<double>(found->second.front()) : 0;
}

double ScoringWork::values() const {
    double sum = 0;
    for (const auto& layer : layers) { sum += layer.values(); }
    return sum;
}

double lookup_flops(const LayerPlan& layer, double values) {
    return 2 * static_cast<double>(layer.grid.size()) * values;
}

double lookups_by_layer(const ScoringWork& work, const std::string& prefix) {
    double flops = 0;
    for (std::size_t l = 0; l < work.layers.size(); ++l) {
        flops += lookup_flops(work.layers[l], work.values_of(concat(prefix, l)));
    }
    return flops;
}

double plain_lookups(const ScoringWork& work) {
    double flops = 0;
    if (work.batch == 0) {
        for (const auto& [name, shape] : work.model) {
            flops += lookup_flops(work.layers.front(), product_of(shape));
        }
        return flops;
    }
    for (const auto& layer : work.layers) {
        flops += lookup_flops(layer, work.others() * layer.values());
    }
    return flops;
}

}  // namespace patchead
