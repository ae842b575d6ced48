#include "patchead/pictures/heatmap.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "heatmap_panels.hpp"
#include "patchead/core/error.hpp"
#include "picture.hpp"

namespace patchead {
namespace {

// Lengths in pixels of the picture.
constexpr int kLeastHeight = 256;  ///< Of a panel; smaller images are enlarged.
constexpr int kMostHeight = 448;   ///< Larger ones shrink.
constexpr int kMostWidth = 1024;
constexpr int kLeastText = 480;  ///< Room for text under narrow panels.
constexpr int kFrame = 10;
constexpr int kTitle = 20;
constexpr int kBar = 10;

std::size_t pixels(int height, int width) {
    return static_cast<std::size_t>(std::max(height, 0)) *
           static_cast<std::size_t>(std::max(width, 0));
}

bool has_truth(const Heatmap& heatmap) {
    return heatmap.truth.height != 0 || heatmap.truth.width != 0;
}

/// What is wrong with `heatmap`; empty if it can be drawn.
std::string fault(const Heatmap& heatmap) {
    const auto& [image, truth, size, map, low, high, caption] = heatmap;
    const auto area = pixels(image.height, image.width);
    if (area == 0 || image.rgb.size() != 3 * area) { return "its image is empty or incomplete"; }
    const bool is_as_image = truth.height == image.height && truth.width == image.width &&
                             truth.anomalous.size() == area;
    if (has_truth(heatmap) && !is_as_image) {
        return concat("its ground truth is ", truth.width, "x", truth.height, ", its image ",
                      image.width, "x", image.height);
    }
    if (map.empty() || map.size() != pixels(size.height, size.width)) {
        return concat("its map has ", map.size(), " values for ", size.height, " x ", size.width,
                      " pixels");
    }
    const bool finite = std::isfinite(low) && std::isfinite(high) &&
                        std::ranges::all_of(map, [](float value) { return std::isfinite(value); });
    return finite ? "" : "its map or its scale is not finite";
}

/// The size at which the image is shown; its aspect is kept.
cv::Size panel_size(const Image& image) {
    const double scale = std::min<double>(
        static_cast<double>(std::clamp(image.height, kLeastHeight, kMostHeight)) / image.height,
        static_cast<double>(kMostWidth) / image.width);
    const auto scaled = [&](int side) { return std::max(1, cvRound(scale * side)); };
    return {scaled(image.width), scaled(image.height)};
}

/// `text` in lines of at most `width`, broken at spaces; a longer word has a line of its own.
std::vector<std::string> wrapped(const std::string& text, int width) {
    std::istringstream words(text);
    std::vector<std::string> lines;
    for (std::string word; words >> word;) {
        const auto longer = lines.empty() ? word : lines.back() + " " + word;
        if (lines.empty() || text_width(longer) > width) {
            lines.push_back(word);
        } else {
            lines.back() = longer;
        }
    }
    return lines;
}

/// The colours with their two ends, in `place`.
void draw_scale(cv::Mat& picture, const Heatmap& heatmap, const cv::Rect& place) {
    const auto low = fmt::format("{:.3g}", heatmap.low);
    const auto high = fmt::format("{:.3g}", heatmap.high);
    const int left = text_width(low) + 6;
    const cv::Size size(std::max(1, place.width - left - text_width(high) - 6), kBar);
    const int baseline = place.y + kBar - 1;
    write_text(picture, low, {place.x, baseline});
    colour_bar(size).copyTo(picture(cv::Rect({place.x + left, place.y}, size)));
    write_text(picture, high, {place.x + left + size.width + 6, baseline});
}

struct Composed {
    cv::Mat picture;
    cv::Rect map;  ///< The overlay.
};

Composed compose(const Heatmap& heatmap) {
    const auto problem = fault(heatmap);
    require<DataError>(problem.empty(), "cannot draw the heat map '", heatmap.caption, "' (",
                       problem, "); give an image, its mask and its map");
    const auto size = panel_size(heatmap.image);
    const auto input = input_panel(heatmap.image, size);
    std::vector<std::pair<const char*, cv::Mat>> panels{{"input", input}};
    if (has_truth(heatmap)) {
        panels.emplace_back("ground truth", truth_panel(input, heatmap.truth));
    }
    panels.emplace_back("anomaly map", overlay_panel(input, heatmap));

    const auto count = static_cast<int>(panels.size());
    const int inner = std::max(count * (size.width + kFrame) - kFrame, kLeastText);
    const auto caption = wrapped(heatmap.caption, inner);
    const int bar_top = kTitle + size.height + kFrame;
    const int caption_top = bar_top + kBar + kFrame / 2;
    auto picture = blank_picture(
        {inner + 2 * kFrame, caption_top + kTextLine * static_cast<int>(caption.size()) + kFrame});
    cv::Rect place({kFrame, kTitle}, size);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        place.x = kFrame + static_cast<int>(i) * (size.width + kFrame);
        write_text(picture, panels[i].first, {place.x, kTitle - 6});
        panels[i].second.copyTo(picture(place));
    }
    const int bar_width = std::max(size.width, kLeastText / 3);
    draw_scale(picture, heatmap, {kFrame + inner - bar_width, bar_top, bar_width, kBar});
    for (std::size_t i = 0; i < caption.size(); ++i) {
        write_text(picture, caption[i],
                   {kFrame, caption_top + kTextLine * static_cast<int>(i + 1) - 5});
    }
    return {picture, place};
}

}  // namespace

Image render(const Heatmap& heatmap) {
    cv::Mat rgb;
    cv::cvtColor(compose(heatmap).picture, rgb, cv::COLOR_BGR2RGB);
    return {rgb.rows, rgb.cols, {rgb.datastart, rgb.dataend}};
}

PicturePart write_heatmap(const std::filesystem::path& path, const Heatmap& heatmap) {
    const auto [picture, map] = compose(heatmap);
    write_picture(path, picture);
    const double width = picture.cols;
    const double height = picture.rows;
    return {map.x / width, map.y / height, map.width / width, map.height / height};
}

}  // namespace patchead
