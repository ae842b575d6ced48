#include "datasets/look_around.hpp"

#include <algorithm>
#include <map>
#include <system_error>
#include <tuple>
#include <utility>

#include "datasets/leftovers.hpp"
#include "datasets/redistributed.hpp"
#include "datasets/tree.hpp"
#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {

namespace fs = std::filesystem;

void look_around(const fs::path& root, const DatasetInfo& info, bool is_whole,
                 DatasetIndex& index) {
    auto tree = list_tree(root);
    const auto taken = taken_from(tree, index);
    keep_what_matters(tree, taken, is_whole);
    for (auto& layout : recognise(tree, &taken, info.tree)) {
        require<DataError>(!layout.is_misread, "'", root.string(), "' would be misread (",
                           layout.text, ")");
        index.notes.push_back(std::move(layout.text));
    }
    for (auto& left_out : find_left_out(tree, taken)) {
        if (left_out.where.empty()) { left_out.where = root.string(); }
        index.left_out.push_back(std::move(left_out));
    }
}

std::string name_layout(const fs::path& root, const DatasetInfo& info) {
    constexpr std::size_t enough_files = 50'000;
    const auto layouts = recognise(list_tree(root, enough_files), nullptr, info.tree);
    return layouts.empty() ? std::string() : layouts.front().text;
}

void require_apart(std::span<const Sample> samples) {
    std::map<fs::path, fs::path> canonical;
    const auto real_folder = [&](const fs::path& folder) {
        const auto [known, is_new] = canonical.try_emplace(folder);
        std::error_code error;
        if (is_new) { known->second = fs::canonical(folder, error); }
        return known->second;
    };
    using File = std::tuple<std::string, fs::path, int>;
    std::map<File, const Sample*> seen;
    for (const auto& sample : samples) {
        const auto path = real_folder(sample.image.parent_path()) / sample.image.filename();
        const int row = sample.crop ? sample.crop->first : 0;
        const auto [first, is_new] = seen.try_emplace({sample.category, path, row}, &sample);
        require<DataError>(is_new, "the image '", sample.image.string(), "' is the image '",
                           first->second->image.string(), "' too (samples '", sample.id, "' and '",
                           first->second->id,
                           "': a prompt that is tested scores 0, and no number would mean "
                           "anything); remove the link, or the copy");
    }
}

}  // namespace patchead::inline data_detail
