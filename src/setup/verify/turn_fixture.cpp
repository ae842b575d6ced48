#include "verify/turn_fixture.hpp"

#include <nlohmann/json.hpp>

#include "patchead/alignment/warp.hpp"
#include "patchead/core/error.hpp"
#include "verify/published_fixture.hpp"

namespace patchead::inline setup_detail {
namespace {

Image picture_of(const PlainTensor& tensor) {
    require<DataError>(tensor.shape.size() == 3 && tensor.shape[2] == 3,
                       "an image of a fixture is no picture [height, width, 3]; make it again");
    return {static_cast<int>(tensor.shape[0]),
            static_cast<int>(tensor.shape[1]),
            {tensor.values.begin(), tensor.values.end()}};
}

template <class Values>
void append_values(const Values& from, PlainTensor& to) {
    for (const auto value : from) { to.values.push_back(static_cast<float>(value)); }
}

NamedTensors run_turns(const PublishedCase& fixture) {
    const auto angles = nlohmann::json::parse(fixture.parameters).at("angles");
    const auto count = static_cast<std::int64_t>(angles.size());
    NamedTensors outputs;
    for (const auto& [name, tensor] : fixture.inputs) {
        const auto image = picture_of(tensor);
        const auto number = name.substr(name.find('.') + 1);
        auto& copies = outputs["rotated." + number] = {{count, image.height, image.width, 3}, {}};
        auto& matrices = outputs["matrix." + number] = {{count, 2, 3}, {}};
        for (const auto& angle : angles) {
            append_values(turned(image, angle.get<double>()).rgb, copies);
            append_values(turn_matrix({image.height, image.width}, angle.get<double>()), matrices);
        }
    }
    return outputs;
}

}  // namespace

std::vector<FixtureResult> verify_turns(const std::filesystem::path& folder) {
    return verify_method(folder, run_turns);
}

}  // namespace patchead::inline setup_detail
