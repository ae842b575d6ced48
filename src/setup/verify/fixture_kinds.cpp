#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "patchead/backbone/verify.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/setup/verify_folders.hpp"
#include "verify/metrics_fixture.hpp"
#include "verify/published_fixture.hpp"
#include "verify/resize_fixture.hpp"
#include "verify/tokenizer_fixture.hpp"
#include "verify/turn_fixture.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";

std::vector<FixtureResult> verify_network(const fs::path& folder) {
    const auto cases = verify_fixture(folder);
    return {cases.begin(), cases.end()};
}

/// In place of a member: the text is the name of a file that tells the kind.
constexpr std::string_view kAFile = "a file";

/// What tells kinds of fixture apart: a member of its `config.json` and its text, or a file.
struct KindName {
    std::string_view member;
    std::string text;
};

/// A kind of fixture; without a text: of any other.
struct FixtureKind {
    std::string_view member;
    std::string_view text;
    std::vector<FixtureResult> (*run)(const fs::path& folder);
};
constexpr auto kKinds = std::to_array<FixtureKind>({
    {"family", "resize", verify_resize},
    {"family", "pickle", verify_pickles},
    {"family", "", verify_network},
    {"method", "anomalydino_rotate", verify_turns},
    {"method", "metrics", verify_metrics},
    {"method", "", verify_published},
    {kAFile, kTokenizerCases, verify_tokenizer},
});

/// None if a `config.json` is none of a fixture.
std::optional<KindName> kind_in(const fs::path& file) {
    const auto config = nlohmann::json::parse(read_text(file), nullptr, /*allow_exceptions=*/false);
    if (!config.is_object()) { return std::nullopt; }
    for (const auto& kind : kKinds) {
        const auto found = config.find(kind.member);
        if (found == config.end() || !found->is_string()) { continue; }
        if (auto text = found->get<std::string>(); !text.empty()) {
            return KindName{kind.member, std::move(text)};
        }
    }
    return std::nullopt;
}

/// None if the folder is no fixture.
std::optional<KindName> kind_of(const fs::path& folder) {
    for (const auto& kind : kKinds) {
        if (kind.member == kAFile && fs::is_regular_file(folder / kind.text)) {
            return KindName{kind.member, std::string(kind.text)};
        }
    }
    return fs::is_regular_file(folder / kConfig) ? kind_in(folder / kConfig) : std::nullopt;
}

/// Adds fixtures at or below `folder`.
void add_fixtures(const fs::path& folder, std::set<fs::path>& found) {
    if (kind_of(folder)) {
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
        require<DataError>(
            !below.empty(), "no fixture in '", folder.string(),
            "' (no config.json that names a family or a method, no cases.tsv, there or "
            "below); docs/backbones.md says what a fixture holds");
        found.merge(below);
    }
    return {found.begin(), found.end()};
}

std::vector<FixtureResult> verify_folder(const fs::path& folder) {
    const auto name = kind_of(folder);
    PATCHEAD_ASSERT(name.has_value());
    const auto* const kind = std::ranges::find_if(kKinds, [&](const auto& known) {
        return known.member == name->member && (known.text == name->text || known.text.empty());
    });
    return kind->run(folder);
}

}  // namespace patchead
