#include "patchead/results/photo_scores.hpp"

#include <cmath>
#include <numeric>

namespace patchead {

double PhotoScale::distance(double score) const {
    const auto count = static_cast<double>(normal_scores.size());
    if (count < 2) { return std::numeric_limits<double>::quiet_NaN(); }
    const double mean = std::accumulate(normal_scores.begin(), normal_scores.end(), 0.0) / count;
    double squares = 0;
    for (const double normal : normal_scores) { squares += (normal - mean) * (normal - mean); }
    if (squares <= 0) { return std::numeric_limits<double>::quiet_NaN(); }
    return (score - mean) / std::sqrt(squares / count);
}

std::string_view PhotoScale::verdict(double score) const {
    if (!threshold) { return "unknown"; }
    return score > *threshold ? "defect" : "ok";
}

}  // namespace patchead
