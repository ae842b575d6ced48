/// \file
/// \brief The description of a module, a JSON file beside it.

#include <cmath>

#include <nlohmann/json.hpp>

#include "encoder_description.hpp"
#include "fuzz.hpp"

namespace patchead::fuzz {
namespace {

using Json = nlohmann::json;

/// Whether a number of the file is the one that was read, or is not there.
template <class Number>
bool is_exact(const Json& json, const char* key, Number read) {
    if (!json.contains(key)) { return true; }
    const auto& value = json.at(key);
    if (value.is_number_unsigned()) {
        return read >= 0 && value.get<std::uint64_t>() == static_cast<std::uint64_t>(read);
    }
    return value.is_number_integer() && value.get<std::int64_t>() == std::int64_t{read};
}

bool has_channels(const Json& json, const char* key, const std::array<float, 3>& read) {
    const auto& list = json.at(key);
    for (std::size_t i = 0; i < read.size(); ++i) {
        if (!std::isfinite(read[i])) { return false; }
        if (static_cast<float>(list.at(i).get<double>()) != read[i]) { return false; }
    }
    return true;
}

}  // namespace

/// Refused, or each value is exactly what the file says.
void fuzz_description(std::string_view input) {
    static const auto module = scratch_file("module.pt", "no module");
    const auto file = scratch_file("module.json", input);
    const auto found = result_of([&] { return read_description(module, "torchscript"); });
    if (!found) { return; }
    const auto json = Json::parse(input, nullptr, false);
    require_property(json.is_object(), "what is read is a JSON object");
    require_property(is_exact(json, "patch_px", found->patch_px) &&
                         is_exact(json, "prefix_tokens", found->prefix_tokens) &&
                         is_exact(json, "image_px", found->image_px) &&
                         is_exact(json, "depth", found->depth) &&
                         is_exact(json, "parameters", found->parameters),
                     "numbers are those of the file");
    require_property(
        found->patch_px > 0 && found->image_px % found->patch_px == 0 && found->parameters >= 0,
        "sizes fit each other");
    require_property(
        has_channels(json, "mean", found->mean) && has_channels(json, "std", found->std),
        "channels are finite and those of the file");
    const auto layers = json.value("layers", Json::array());
    require_property(layers.size() == found->layers.size(), "no layer is lost");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        require_property(layers[i].at("name") == found->layers[i].name &&
                             is_exact(layers[i], "stride", found->layers[i].stride_px) &&
                             is_exact(layers[i], "channels", found->layers[i].channels),
                         "layers are those of the file");
    }
    require_property(to_entry(*found, "torchscript").image_px == found->image_px,
                     "an entry says what the description says");
}

}  // namespace patchead::fuzz
