#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/thumbnail.hpp"
#include "patchead/outputs/sweep_outputs.hpp"
#include "patchead/report/prompt_tables.hpp"
#include "point_names.hpp"

namespace patchead {
namespace {

constexpr int kPromptSide = 256;

/// Data set and id of every prompt that is to be seen.
std::set<std::pair<std::string, std::string>> shown_prompts(const Results& results) {
    std::set<std::pair<std::string, std::string>> shown;
    for (const auto& table : make_prompt_tables(results)) {
        for (const auto& row : table.rows) {
            if (row.metric != kResampledMetric) { continue; }
            for (const auto* draw : {&row.spread.worst, &row.spread.middle, &row.spread.best}) {
                for (const auto& id : draw->prompts) { shown.emplace(table.dataset, id); }
            }
        }
    }
    return shown;
}

}  // namespace

std::vector<std::string> write_prompt_pictures(const std::filesystem::path& folder,
                                               const SweepPlan& plan, const Results& results) {
    std::vector<std::string> notes;
    const auto shown = shown_prompts(results);
    for (const auto& sample : plan.spec.samples) {
        if (!shown.contains({sample.dataset, sample.id})) { continue; }
        try {
            write_whole(folder / "prompts" / sample.dataset / (file_stem(sample.id) + ".jpg"),
                        jpeg_thumbnail(read_image(sample), kPromptSide));
        } catch (const Error& error) { notes.push_back(concat("no picture: ", error.what())); }
    }
    return notes;
}

}  // namespace patchead
