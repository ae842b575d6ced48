#include "demo/render.hpp"

#include <array>

#include <opencv2/imgproc.hpp>

namespace patchead::demo {
namespace {

constexpr int kSamples = 2;  ///< Per pixel and axis.
constexpr float kVisible = 6;
constexpr double kSensorNoise = 1.3;  ///< Standard deviation in levels.

struct Space {
    double x, y, z;
};
double dot(const Space& a, const Space& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
Space unit(const Space& a) {
    const double scale = 1 / std::sqrt(dot(a, a));
    return {scale * a.x, scale * a.y, scale * a.z};
}

struct Lamp {
    Space direction;
    Colour colour;
    Space halfway;  ///< Between lamp and camera, for the highlight.
};

Lamp make_lamp(const Draw& draw) {
    auto random = draw.random("lamp");
    const auto direction =
        unit({-0.45 + random.uniform(-0.06, 0.06), -0.55 + random.uniform(-0.06, 0.06), 1});
    const double brightness = random.uniform(0.96, 1.04);
    const double warmth = random.uniform(-0.015, 0.015);
    return {direction,
            {brightness * (1 + warmth), brightness, brightness * (1 - warmth)},
            unit({direction.x, direction.y, direction.z + 1})};
}

/// Lambert's law, a broad and a narrow highlight after Blinn, and light from all around.
Colour shade(const Surface& surface, const Lamp& lamp) {
    constexpr double ambient = 0.30;
    const auto normal = unit({-surface.slope.x, -surface.slope.y, 1});
    const double facing = std::max(dot(normal, lamp.direction), 0.0);
    double shine = std::max(dot(normal, lamp.halfway), 0.0);
    for (int i = 0; i < 4; ++i) { shine *= shine; }
    const double broad = shine;  // to the power of 16
    for (int i = 0; i < 3; ++i) { shine *= shine; }
    const double highlight = surface.gloss * surface.light * (0.25 * broad + 0.75 * shine);
    const double lit = ambient * (0.4 + 0.6 * surface.light) + 0.85 * surface.light * facing;
    return lamp.colour * (lit * surface.albedo + Colour{highlight, highlight, highlight});
}

/// Gamma 2: near enough to sRGB, and exact on every machine.
float to_level(double light) {
    return static_cast<float>(255 * std::sqrt(std::clamp(light, 0.0, 1.0)));
}

/// Mean light on one pixel whose upper left corner is `corner`.
Colour gather(const Scene& scene, Vec corner, double pixel, const Lamp& lamp) {
    Colour sum;
    for (int row = 0; row < kSamples; ++row) {
        for (int col = 0; col < kSamples; ++col) {
            const auto place = corner + (pixel / kSamples) * Vec{col + 0.5, row + 0.5};
            sum = sum + (1 - 0.07 * dot(place, place)) * shade(scene.at(place), lamp);
        }
    }
    return (1.0 / (kSamples * kSamples)) * sum;
}

/// Nearly normal, mean 0 and variance 1: four uniform numbers from one draw.
double bell(Random& random) {
    const auto bits = random.bits();
    double sum = 0;
    for (int i = 0; i < 4; ++i) { sum += static_cast<double>((bits >> (16 * i)) & 0xFFFF); }
    return (sum / 65535 - 2) * std::sqrt(3.0);
}

}  // namespace

Surface blend(const Surface& a, const Surface& b, double share_of_b) {
    return {mix(a.albedo, b.albedo, share_of_b), mix(a.slope, b.slope, share_of_b),
            mix(a.gloss, b.gloss, share_of_b), mix(a.light, b.light, share_of_b)};
}

Exposure expose(const Scene& scene, int side_px, const Draw& draw) {
    const auto lamp = make_lamp(draw);
    const double pixel = 2.0 / side_px;
    Exposure exposure{side_px, {}};
    exposure.values.reserve(static_cast<std::size_t>(side_px) * static_cast<std::size_t>(side_px) *
                            3);
    for (int row = 0; row < side_px; ++row) {
        for (int col = 0; col < side_px; ++col) {
            const auto light = gather(scene, {col * pixel - 1, row * pixel - 1}, pixel, lamp);
            exposure.values.insert(exposure.values.end(),
                                   {to_level(light.r), to_level(light.g), to_level(light.b)});
        }
    }
    return exposure;
}

Image photograph(const Exposure& exposure, const Draw& draw) {
    auto random = draw.random("sensor");
    Image image{exposure.side_px, exposure.side_px, {}};
    image.rgb.reserve(exposure.values.size());
    for (const double value : exposure.values) {
        const double noisy = value + kSensorNoise * bell(random);
        image.rgb.push_back(static_cast<std::uint8_t>(std::clamp(noisy + 0.5, 0.0, 255.0)));
    }
    return image;
}

Mask visible_difference(const Exposure& a, const Exposure& b) {
    cv::Mat differs(a.side_px, a.side_px, CV_8UC1, cv::Scalar(0));
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        if (std::abs(a.values[i] - b.values[i]) >= kVisible) { differs.data[i / 3] = 1; }
    }
    const auto disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5});
    cv::morphologyEx(differs, differs, cv::MORPH_CLOSE, disc);
    return {a.side_px, a.side_px, {differs.datastart, differs.dataend}};
}

}  // namespace patchead::demo
