#include "patchead/scoring/fuse.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr double kSigmaOfMad = 1.4826;

double median_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1) { return *middle; }
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

Calibration::Calibration(FuseCalibration how, std::span<const float> scores) : how_(how) {
    PATCHEAD_ASSERT(how != FuseCalibration::automatic);
    PATCHEAD_ASSERT(how == FuseCalibration::none || !scores.empty());
    if (how == FuseCalibration::rank) {
        sorted_.assign(scores.begin(), scores.end());
        std::ranges::sort(sorted_);
    }
    if (how == FuseCalibration::robust_z) {
        std::vector<double> values(scores.begin(), scores.end());
        median_ = median_of(values);
        for (auto& value : values) { value = std::abs(value - median_); }
        const double mad = median_of(std::move(values));
        if (mad > 0) { scale_ = kSigmaOfMad * mad; }
    }
}

float Calibration::operator()(float score) const {
    if (how_ == FuseCalibration::none) { return score; }
    if (how_ == FuseCalibration::robust_z) {
        return static_cast<float>((score - median_) / scale_);
    }
    const auto not_above = std::ranges::upper_bound(sorted_, score) - sorted_.begin();
    return static_cast<float>(static_cast<double>(not_above) / static_cast<double>(sorted_.size()));
}

void Calibration::apply(std::span<float> scores) const {
    for (auto& score : scores) { score = (*this)(score); }
}

void FusedScores::add(std::span<const float> scores) {
    if (count_++ == 0) {
        scores_.assign(scores.begin(), scores.end());
        return;
    }
    PATCHEAD_ASSERT(scores.size() == scores_.size());
    const auto fuse = [this](float a, float b) {
        return rule_ == FuseRule::mean ? a + b : std::max(a, b);
    };
    std::ranges::transform(scores_, scores, scores_.begin(), fuse);
}

std::vector<float> FusedScores::take() {
    if (rule_ == FuseRule::mean) {
        const auto count = static_cast<float>(count_);
        for (auto& score : scores_) { score /= count; }
    }
    count_ = 0;
    return std::exchange(scores_, {});
}

}  // namespace patchead
