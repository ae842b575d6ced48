#include "datasets/tree.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>

#include "datasets/folders.hpp"

namespace patchead::inline data_detail {
namespace {

namespace fs = std::filesystem;

/// Made by systems, not by people: previews, rescued files, bins.
bool is_of_system(std::string_view folder) {
    constexpr std::array<std::string_view, 5> names{"__MACOSX", "@eaDir", "lost+found",
                                                    "$RECYCLE.BIN", "System Volume Information"};
    return std::ranges::find(names, folder) != names.end();
}

/// Previews and settings of folders.
bool is_file_of_system(std::string_view file) {
    constexpr std::array<std::string_view, 2> names{"thumbs.db", "desktop.ini"};
    return std::ranges::any_of(names, [&](auto name) { return same_in_any_case(file, name); });
}

class Walk {
  public:
    Walk(Tree& tree, std::size_t most_files) : tree_(tree), most_files_(most_files) {}

    void enter(const std::string& folder) {
        const auto path = folder.empty() ? tree_.root : tree_.root / folder;
        if (!can_list(path)) {
            tree_.unreadable.push_back(folder);
            return;
        }
        std::error_code error;
        if (!seen_.insert(fs::canonical(path, error).native()).second) { return; }
        if (!folder.empty()) { tree_.folders.push_back(folder); }
        const auto inside = [&](const std::string& name) {
            return folder.empty() ? name : folder + "/" + name;
        };
        for (const auto& name : files_in(path)) {
            if (tree_.files.size() < most_files_ && !is_file_of_system(name)) {
                tree_.files.push_back(inside(name));
            }
        }
        for (const auto& name : subfolders(path)) {
            if (is_of_system(name) || tree_.files.size() >= most_files_) { continue; }
            enter(inside(name));
        }
    }

  private:
    Tree& tree_;
    std::size_t most_files_;
    std::set<std::string> seen_;
};

}  // namespace

Tree list_tree(const fs::path& root, std::size_t most_files) {
    Tree tree{root, {}, {}, {}};
    Walk(tree, most_files).enter("");
    return tree;
}

std::string_view folder_part(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool lies_in(std::string_view path, std::string_view folder) {
    return folder.empty() || (path.starts_with(folder) &&
                              (path.size() == folder.size() || path[folder.size()] == '/'));
}

}  // namespace patchead::inline data_detail
