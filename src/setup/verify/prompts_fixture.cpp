#include "verify/prompts_fixture.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "patchead/core/files.hpp"
#include "patchead/data/prompt_set.hpp"

namespace patchead::inline setup_detail {
namespace {

using Sentences = std::vector<std::string>;

double unequal(const Sentences& expected, const Sentences& actual) {
    auto apart =
        std::max(expected.size(), actual.size()) - std::min(expected.size(), actual.size());
    for (std::size_t i = 0; i < std::min(expected.size(), actual.size()); ++i) {
        apart += expected[i] == actual[i] ? 0 : 1;
    }
    return static_cast<double>(apart);
}

}  // namespace

FixtureResult verify_prompts(const std::filesystem::path& folder, const std::string& method) {
    FixtureResult result{.name = (folder.filename() / "prompts.json").string()};
    const auto set = read_prompt_set(find_prompt_set(method));
    const auto prompts = nlohmann::json::parse(read_text(folder / "prompts.json"));
    const auto name = prompts.at("class_name").get<std::string>();
    const auto* const other = prompts.contains("anomalous") ? "anomalous" : "abnormal";
    const auto compare = [&](const char* list, const Sentences& states) {
        result.outputs.push_back(
            {list,
             unequal(prompts.at(list).get<Sentences>(), sentences(states, set.templates, name)),
             0});
    };
    compare("normal", set.normal);
    compare(other, set.anomalous);
    return result;
}

}  // namespace patchead::inline setup_detail
