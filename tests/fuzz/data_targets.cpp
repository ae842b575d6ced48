/// \file
/// \brief Texts about data sets: manifests, prompt sets, splits in JSON.

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "datasets/json_split.hpp"
#include "fuzz.hpp"
#include "patchead/data/manifest.hpp"
#include "patchead/data/prompt_set.hpp"

namespace patchead::fuzz {
namespace {

/// A prompt set as a file has it.
std::string text_of_set(const PromptSet& set) {
    std::string text;
    const auto add = [&](const char* section, const std::vector<std::string>& lines) {
        text += concat(section, "\n");
        for (const auto& line : lines) { text += line + "\n"; }
    };
    add("[normal]", set.normal);
    add("[anomalous]", set.anomalous);
    add("[templates]", set.templates);
    add("[classes]", {});
    for (const auto& [name, words] : set.classes) { text += concat(name, " = ", words, "\n"); }
    return text;
}

/// A folder with some images, made once.
const std::filesystem::path& split_folder() {
    static const auto folder = [] {
        auto made = scratch_folder() / "split";
        std::filesystem::create_directories(made / "cap" / "NG");
        for (const auto* name : {"cap/a.png", "cap/cap_01_C1_2023.jpg", "cap/NG/b.png", "c.png"}) {
            std::ofstream(made / name) << "no picture is read";
        }
        return made;
    }();
    return folder;
}

DatasetIndex indexed(const JsonCategory& category, bool ids_by_stem) {
    DatasetIndex index;
    index.dataset = "real-iad";
    index_json_splits(std::span(&category, 1), split_folder(), {ids_by_stem, !ids_by_stem}, index);
    return index;
}

}  // namespace

/// Refused, or samples that a manifest of them gives back.
void fuzz_manifest(std::string_view input) {
    const auto samples = result_of([&] { return samples_from_tsv(input); });
    if (!samples) { return; }
    const auto written = result_of([&] { return to_tsv(*samples); });
    require_property(written.has_value(), "what is read can be written");
    require_property(samples_from_tsv(*written) == *samples, "written and read it is the same");
    const auto lines = static_cast<std::size_t>(std::ranges::count(input, '\n'));
    require_property(samples->size() + 1 == lines, "each line is a sample");
}

/// Refused, or a set that a file of it gives back, with as many sentences as states and templates.
void fuzz_prompts(std::string_view input) {
    const auto set = result_of([&] { return read_prompt_set(scratch_file("set.txt", input)); });
    if (!set) { return; }
    auto again = read_prompt_set(scratch_file("again.txt", text_of_set(*set)));
    require_property(again.normal == set->normal && again.anomalous == set->anomalous &&
                         again.templates == set->templates && again.classes == set->classes,
                     "written and read it is the same");
    const auto name = class_name(*set, "mvtec", "metal_nut");
    const auto all = sentences(set->anomalous, set->templates, name);
    require_property(all.size() == set->anomalous.size() * set->templates.size(),
                     "each state has each template");
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& state = set->anomalous[i / set->templates.size()];
        const auto& pattern = set->templates[i % set->templates.size()];
        require_property(all[i].size() == state.size() + pattern.size() + name.size() - 4 &&
                             all[i].find(name) != std::string::npos,
                         "a sentence is its template, its state and its class");
    }
}

/// Refused, or samples that are all there, inside the folder, one for each entry of the lists. The
/// first byte says how ids are made.
void fuzz_json_split(std::string_view input) {
    Draw draw(input);
    const bool ids_by_stem = draw.up_to(1) == 0;
    const JsonCategory category{"cap", scratch_file("cap.json", draw.rest())};
    const auto index = result_of([&] { return indexed(category, ids_by_stem); });
    if (!index) { return; }
    const auto json = nlohmann::json::parse(draw.rest(), nullptr, false);
    const auto& root = split_folder().native();
    require_property(
        json.is_object() && index->samples.size() == json["train"].size() + json["test"].size(),
        "each entry is a sample");
    for (const auto& sample : index->samples) {
        const auto is_there = [&](const std::filesystem::path& file) {
            return file.native().starts_with(root + "/") && file == file.lexically_normal() &&
                   std::filesystem::is_regular_file(file);
        };
        require_property(is_there(sample.image), "an image lies in the folder");
        require_property(sample.mask.empty() || is_there(sample.mask), "so does a mask");
        require_property(sample.split == "train" || sample.split == "test", "a split is one");
        require_property(!sample.unseen || (sample.anomalous && sample.mask.empty()),
                         "only a defect can be unseen");
    }
    require_property(indexed(category, ids_by_stem).samples == index->samples,
                     "read again it is the same");
}

}  // namespace patchead::fuzz
