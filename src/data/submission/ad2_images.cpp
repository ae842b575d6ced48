#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/submission.hpp"
#include "submission/half_tiff.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

struct PrivateSplit {
    std::string_view name;
    std::string_view ending;  ///< Of the names of its images.
};
constexpr auto kPrivateSplits =
    std::to_array<PrivateSplit>({{"test_private", "_regular"}, {"test_private_mixed", "_mixed"}});

std::string image_name(std::size_t number, std::string_view ending) {
    constexpr std::size_t digits = 3;
    auto text = std::to_string(number);
    text.insert(0, digits - std::min(digits, text.size()), '0');
    return text.append(ending);
}

SubmittedSplit published_split(const PublishedCategory& category, const PrivateSplit& split) {
    SubmittedSplit whole{std::string(category.name), std::string(split.name), {}, {}};
    const auto count = static_cast<std::size_t>(category.unlabelled);
    for (std::size_t i = 0; i < count; ++i) { whole.images.push_back(image_name(i, split.ending)); }
    whole.sizes.assign(count, {category.height_px, category.width_px});
    return whole;
}

/// What is wrong with the names of one split.
void add_name_faults(const SubmittedSplit& split, std::vector<std::string>& faults) {
    const auto where = concat(split.category, "/", split.split);
    const auto known = std::ranges::find(kPrivateSplits, split.split, &PrivateSplit::name);
    if (known == kPrivateSplits.end()) {
        faults.push_back(concat(where, ": no split that is submitted"));
        return;
    }
    for (std::size_t i = 0; i < split.images.size(); ++i) {
        const auto expected = image_name(i, known->ending);
        if (split.images[i] == expected) { continue; }
        faults.push_back(concat(where, ": image ", i, " is called '", split.images[i],
                                "' in place of '", expected,
                                "' (numbers begin at 000 and have no gaps)"));
        return;
    }
}

}  // namespace

std::vector<SubmittedSplit> published_submission() {
    std::vector<SubmittedSplit> splits;
    const auto& info = find(datasets(), "data set", "mvtec-ad2").get().info();
    for (const auto& category : info.categories) {
        for (const auto& split : kPrivateSplits) {
            splits.push_back(published_split(category, split));
        }
    }
    return splits;
}

std::vector<std::string> faults_of(std::span<const SubmittedSplit> splits, bool is_whole) {
    std::vector<std::string> faults;
    std::map<std::pair<std::string, std::string>, std::size_t> counts;
    for (const auto& split : splits) {
        counts[{split.category, split.split}] = split.images.size();
        add_name_faults(split, faults);
    }
    if (!is_whole) { return faults; }
    for (const auto& expected : published_submission()) {
        const auto found = counts.extract(std::pair(expected.category, expected.split));
        const auto where = concat(expected.category, "/", expected.split);
        if (found.empty()) {
            faults.push_back(concat(where, ": missing"));
        } else if (found.mapped() != expected.images.size()) {
            faults.push_back(concat(where, ": ", counted(found.mapped(), "image"), " in place of ",
                                    expected.images.size()));
        }
    }
    for (const auto& [name, count] : counts) {
        faults.push_back(concat(name.first, "/", name.second, ": no part of the data set"));
    }
    return faults;
}

int exponent_for(double highest) {
    constexpr double kLeast = 1.0 / 64;
    constexpr double kMost = 32768;
    if (highest <= 0 || (highest >= kLeast && highest <= kMost)) { return 0; }
    return -std::ilogb(highest);
}

void write_submitted(const fs::path& folder, const SubmittedSplit& split, std::size_t image,
                     const FloatMap& map, double threshold, int exponent) {
    const auto factor = std::ldexp(1.0, exponent);
    const auto half = to_half(map, factor);
    cv::Mat values;
    half.convertTo(values, CV_32F);
    const auto& name = split.images.at(image);
    Mask above{map.size.height, map.size.width, {}};
    above.anomalous.reserve(map.size.area());
    for (const float value : std::span(values.ptr<float>(), values.total())) {
        require<DataError>(std::isfinite(value), "the map of ", split.category, "/", split.split,
                           "/", name,
                           " has a value that 16 bits do not hold (it is no number, or far larger "
                           "than all others); run the sweep again, or leave the point out");
        above.anomalous.push_back(static_cast<double>(value) > threshold * factor ? 1 : 0);
    }
    const auto place = fs::path(split.category) / split.split;
    write_half_tiff(folder / kMapFolder / place / (name + ".tiff"), half);
    write_png(folder / kBinaryFolder / place / (name + ".png"), above);
}

std::vector<std::string> submitted_files(std::span<const SubmittedSplit> splits) {
    std::vector<std::string> files;
    for (const auto& split : splits) {
        for (const auto& image : split.images) {
            const auto place = concat(split.category, "/", split.split, "/", image);
            files.push_back(concat(kMapFolder, "/", place, ".tiff"));
            files.push_back(concat(kBinaryFolder, "/", place, ".png"));
        }
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace patchead
