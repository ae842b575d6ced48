#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "patchead/backbone/verify.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/setup/verify_folders.hpp"
#include "verify/resize_fixture.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";

std::vector<FixtureResult> verify_network(const fs::path& folder) {
    const auto cases = verify_fixture(folder);
    return {cases.begin(), cases.end()};
}

/// A kind of fixture by the family that its `config.json` names; empty: any family of networks.
struct FixtureKind {
    std::string_view family;
    std::vector<FixtureResult> (*run)(const fs::path& folder);
};
constexpr auto kKinds = std::to_array<FixtureKind>({
    {"resize", verify_resize},
    {"pickle", verify_pickles},
    {"", verify_network},
});

/// The family that a `config.json` names; empty if it is none of a fixture.
std::string family_in(const fs::path& file) {
    const auto config = nlohmann::json::parse(read_text(file), nullptr, /*allow_exceptions=*/false);
    if (!config.is_object()) { return ""; }
    const auto family = config.find("family");
    return family != config.end() && family->is_string() ? family->get<std::string>() : "";
}

bool is_fixture(const fs::path& folder) {
    return fs::is_regular_file(folder / kConfig) && !family_in(folder / kConfig).empty();
}

/// Adds fixtures at or below `folder`.
void add_fixtures(const fs::path& folder, std::set<fs::path>& found) {
    if (is_fixture(folder)) {
        found.insert(folder);
        return;
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.is_directory()) { add_fixtures(entry.path(), found); }
    }
}

}  // namespace

std::vector<fs::path> find_fixtures(const std::vector<fs::path>& folders) {
    std::set<fs::path> found;
    for (const auto& folder : folders) {
        require<DataError>(fs::is_directory(folder), "no folder '", folder.string(),
                           "' (there is none of that name); give fixture folders");
        std::set<fs::path> below;
        add_fixtures(fs::absolute(folder / "").lexically_normal().parent_path(), below);
        require<DataError>(!below.empty(), "no fixture in '", folder.string(),
                           "' (no config.json that names a family, there or below); "
                           "docs/backbones.md says what a fixture holds");
        found.merge(below);
    }
    return {found.begin(), found.end()};
}

std::vector<FixtureResult> verify_folder(const fs::path& folder) {
    const auto family = family_in(folder / kConfig);
    const auto* const kind = std::ranges::find_if(
        kKinds, [&](const auto& known) { return known.family == family || known.family.empty(); });
    return kind->run(folder);
}

}  // namespace patchead
