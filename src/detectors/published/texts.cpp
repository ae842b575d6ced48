#include "parts/winclip_prompts.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/published.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {
namespace {

std::vector<std::string> as_strings(std::span<const std::string_view> texts) {
    return {texts.begin(), texts.end()};
}

NamedTexts texts_of_winclip(const nlohmann::json& parameters) {
    const auto name = parameters.at("class_name").get<std::string>();
    return {{"class_name", {name}},
            {"normal_states", as_strings(winclip_normal_states())},
            {"anomalous_states", as_strings(winclip_anomalous_states())},
            {"templates", as_strings(winclip_templates())},
            {"normal", winclip_prompts(winclip_normal_states(), name)},
            {"anomalous", winclip_prompts(winclip_anomalous_states(), name)}};
}

}  // namespace
}  // namespace patchead::inline detectors_detail

namespace patchead {

NamedTexts published_texts(const PublishedCase& fixture) {
    if (fixture.method != "winclip") { return {}; }
    try {
        return texts_of_winclip(nlohmann::json::parse(fixture.parameters));
    } catch (const nlohmann::json::exception& error) {
        throw DataError(concat("bad parameters of a fixture of ", fixture.method, " (",
                               error.what(), "); make the fixture again"));
    }
}

}  // namespace patchead
