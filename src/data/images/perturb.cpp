#include "patchead/data/perturb.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "images/pixels.hpp"
#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

/// A kind, and its levels.
struct PerturbationKind {
    std::string_view name;
    double initial = 0;
    double least = 0;
    double most = 0;
    /// From pixels of the result to those of the image; nothing: pixels stay where they are.
    cv::Matx23d (*move)(cv::Size size, double level, Random& random) = nullptr;
};

cv::Matx23d turned_back(cv::Size size, double level, Random& random) {
    const double degrees = random.uniform(-level, level);
    const cv::Point2d centre{(size.width - 1) / 2.0, (size.height - 1) / 2.0};
    const double radians = degrees * CV_PI / 180;
    const double c = std::cos(radians);
    const double s = std::sin(radians);
    return {c, -s, centre.x - c * centre.x + s * centre.y,
            s, c,  centre.y - s * centre.x - c * centre.y};
}

cv::Matx23d enlarged_back(cv::Size size, double level, Random& random) {
    const double left = random.uniform(0, (1 - level) * size.width);
    const double top = random.uniform(0, (1 - level) * size.height);
    // Of centres of pixels: (x + 0.5) level + left - 0.5.
    const double shift = level / 2 - 0.5;
    return {level, 0, left + shift, 0, level, top + shift};
}

constexpr auto kPerturbationKinds = std::to_array<PerturbationKind>({
    {"rotation", 10, 0, 180, &turned_back},
    {"crop", 0.9, 0.1, 1, &enlarged_back},
    {"noise", 0.05, 0, 1, nullptr},
});

Random random_of(const Perturbation& perturbation, std::string_view name) {
    return {concat("perturb/", perturbation.kind, "/", name), perturbation.seed};
}

const PerturbationKind& kind_of(const Perturbation& perturbation) {
    return find<PerturbationKind>(kPerturbationKinds, "perturbation", perturbation.kind);
}

/// Both in place of `pixels`.
cv::Mat moved(const cv::Mat& pixels, const cv::Matx23d& back, int interpolation) {
    cv::Mat result;
    cv::warpAffine(pixels, result, back, pixels.size(), interpolation | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REFLECT_101);
    return result;
}

void add_noise(double level, Random random, std::vector<std::uint8_t>& bytes) {
    for (auto& byte : bytes) {
        const double value = std::round(byte + 255 * level * random.normal());
        byte = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
    }
}

/// The parts of `text` between dashes.
std::vector<std::string> parts_of_name(std::string_view text) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == '-') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

}  // namespace

Perturbation parse_perturbation(std::string_view text) {
    const auto parts = parts_of_name(text);
    require<ConfigError>(parts.size() <= 3, "perturbation '", text,
                         "' is not of the form KIND-LEVEL-SEED; e.g. noise-0.05");
    const auto& kind = find<PerturbationKind>(kPerturbationKinds, "perturbation", parts[0]);
    Perturbation perturbation{parts[0], kind.initial, 0};
    const auto of = concat("perturbation ", kind.name);
    if (parts.size() > 1) { perturbation.level = Real(kind.least, kind.most).parse(of, parts[1]); }
    if (parts.size() > 2) {
        perturbation.seed = static_cast<std::uint64_t>(whole_number(of, parts[2], 0));
    }
    return perturbation;
}

std::string text_of(const Perturbation& perturbation) {
    return concat(perturbation.kind, "-", exact_text(perturbation.level), "-", perturbation.seed);
}

Image perturbed(const Image& image, const Perturbation& perturbation, std::string_view name) {
    auto random = random_of(perturbation, name);
    auto result = image;
    const auto& kind = kind_of(perturbation);
    if (kind.move == nullptr) {
        add_noise(perturbation.level, random, result.rgb);
        return result;
    }
    const auto pixels = pixels_of(image);
    const auto now =
        moved(pixels, kind.move(pixels.size(), perturbation.level, random), cv::INTER_LINEAR);
    std::copy(now.datastart, now.dataend, result.rgb.begin());
    return result;
}

Mask perturbed(const Mask& mask, const Perturbation& perturbation, std::string_view name) {
    auto random = random_of(perturbation, name);
    const auto& kind = kind_of(perturbation);
    if (kind.move == nullptr) { return mask; }
    auto result = mask;
    const auto pixels = pixels_of(mask);
    const auto now =
        moved(pixels, kind.move(pixels.size(), perturbation.level, random), cv::INTER_NEAREST);
    std::copy(now.datastart, now.dataend, result.anomalous.begin());
    return result;
}

std::vector<Sample> perturbed_samples(std::vector<Sample> samples, const std::string& dataset) {
    const auto text = text_of(parse_perturbation(perturbation_in_name(dataset)));
    for (auto& sample : samples) {
        sample.dataset = dataset;
        if (sample.split == "test") { sample.perturbation = text; }
    }
    return samples;
}

}  // namespace patchead
