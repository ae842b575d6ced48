#include "verify/resize_fixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <nlohmann/json.hpp>

#include "patchead/backbone/tensor_file.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead::inline setup_detail {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr double kNormalisedTolerance = 1e-6;
constexpr auto kFilters = std::to_array<std::pair<std::string_view, Filter>>(
    {{"bicubic", Filter::bicubic}, {"bilinear", Filter::bilinear}});

Image to_image(const PlainTensor& tensor, const fs::path& folder) {
    require<DataError>(tensor.shape.size() == 3 && tensor.shape[2] == 3, "'image_rgb_u8' in '",
                       folder.string(), "' is no picture [height, width, 3]; make it again");
    Image image;
    image.height = static_cast<int>(tensor.shape[0]);
    image.width = static_cast<int>(tensor.shape[1]);
    image.rgb.assign(tensor.values.begin(), tensor.values.end());
    return image;
}

template <class Values>
double largest_difference(const std::vector<float>& expected, const Values& actual) {
    if (expected.size() != actual.size()) { return HUGE_VAL; }
    double largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double difference = std::abs(double{expected[i]} - static_cast<double>(actual[i]));
        if (!(difference <= largest)) { largest = difference; }
    }
    return largest;
}

/// Outputs whose name begins with the filter's.
void compare_filter(const Json& config, const std::map<std::string, PlainTensor>& outputs,
                    const std::string& filter, const Image& resized, FixtureResult& result) {
    for (const auto& [name, expected] : outputs) {
        if (name == filter) {
            result.outputs.push_back({name, largest_difference(expected.values, resized.rgb), 0});
            continue;
        }
        constexpr std::string_view end = "_normalised";
        if (!name.starts_with(filter + "_") || !name.ends_with(end)) { continue; }
        const auto scale =
            name.substr(filter.size() + 1, name.size() - filter.size() - 1 - end.size());
        Preprocessing preprocessing;
        preprocessing.mean = config.at(scale).at(0).get<std::array<float, 3>>();
        preprocessing.std = config.at(scale).at(1).get<std::array<float, 3>>();
        const auto input = normalise(resized, preprocessing);
        result.outputs.push_back(
            {name, largest_difference(expected.values, input.values), kNormalisedTolerance});
    }
}

}  // namespace

std::vector<FixtureResult> verify_resize(const fs::path& folder) {
    FixtureResult result{.name = folder.filename().string()};
    try {
        const auto config = Json::parse(read_text(folder / "config.json"));
        const auto image =
            to_image(read_tensor_file(folder / "inputs.safetensors").at("image_rgb_u8"), folder);
        const auto outputs = read_tensor_file(folder / "outputs.safetensors");
        const auto size = config.at("output_hw").get<std::array<int, 2>>();
        for (const auto& [name, filter] : kFilters) {
            const auto resized = resize(image, size[0], size[1], filter);
            compare_filter(config, outputs, std::string(name), resized, result);
        }
        for (const auto& [name, expected] : outputs) {
            if (std::ranges::count(result.outputs, name, &ComparedOutput::name) == 0) {
                result.left_out.push_back(name);
            }
        }
    } catch (const std::out_of_range&) {
        throw DataError(concat("'", folder.string(), "' is no fixture of a resize (no tensor ",
                               "'image_rgb_u8' in its inputs); make it again"));
    } catch (const Json::exception& error) {
        throw DataError(concat("bad 'config.json' in '", folder.string(), "' (", error.what(),
                               "); make the fixture again"));
    } catch (const WeightsError& error) {
        throw DataError(concat("'", folder.string(), "' is no fixture: ", error.what()));
    }
    return {result};
}

}  // namespace patchead::inline setup_detail
