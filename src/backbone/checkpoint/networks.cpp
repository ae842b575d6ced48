#include "checkpoint/networks.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include <fnmatch.h>

#include "patchead/core/user_text.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr auto kAveragedParts =
    std::to_array<std::string_view>({"model_ema", "ema", "ema_model", "ema_state_dict"});
constexpr std::string_view kStudent = "student";

/// Whether one of `words` is a part of "teacher.backbone.".
bool has_part(std::string_view name, std::span<const std::string_view> words) {
    while (!name.empty()) {
        const auto part = name.substr(0, name.find('.'));
        if (std::ranges::find(words, part) != words.end()) { return true; }
        name.remove_prefix(std::min(part.size() + 1, name.size()));
    }
    return false;
}

/// Networks of the lowest rank can be meant.
int rank_of(const FoundNetwork& network, bool averaged) {
    if (has_part(network.name, std::span(&kStudent, 1))) { return 1; }
    if (!has_part(network.name, kAveragedParts)) { return 0; }
    return averaged ? -1 : 1;
}

/// Whether one of the sorted `keys` begins with `begin`.
bool has_block(const std::vector<std::string_view>& keys, const std::string& begin) {
    const auto found = std::ranges::lower_bound(keys, std::string_view(begin));
    return found != keys.end() && found->starts_with(begin);
}

/// The prefixes in one dictionary, in the order of its keys. (A file may hold a hundred thousand.)
std::vector<std::string> prefixes_of(const std::vector<std::string>& keys,
                                     std::span<const Landmark> landmarks) {
    std::vector<std::string_view> sorted(keys.begin(), keys.end());
    std::ranges::sort(sorted);
    std::set<std::string> known;
    std::vector<std::string> prefixes;
    for (const auto& [marker, block] : landmarks) {
        for (const auto& key : keys) {
            if (key != marker && !key.ends_with("." + marker)) { continue; }
            auto prefix = key.substr(0, key.size() - marker.size());
            if (has_block(sorted, prefix + block) && known.insert(prefix).second) {
                prefixes.push_back(std::move(prefix));
            }
        }
    }
    return prefixes;
}

/// `key` behind the parts with which `prefix` begins, too.
std::string behind_common(std::string_view key, std::string_view prefix) {
    for (auto dot = prefix.find('.'); dot != prefix.npos; dot = prefix.find('.')) {
        if (!key.starts_with(prefix.substr(0, dot + 1))) { break; }
        key.remove_prefix(dot + 1);
        prefix.remove_prefix(dot + 1);
    }
    return std::string(key);
}

/// `name` up to the first part in which it is not `other`: "student." of two trained together.
std::string first_difference(const std::string& name, const std::string& other) {
    const auto rest = behind_common(name, other);
    return name.substr(0, name.size() - rest.size() + std::min(rest.find('.'), rest.size()) + 1);
}

/// Whether `key` begins with one of `paths`, which end in points.
bool lies_below_any(const std::set<std::string, std::less<>>& paths, std::string_view key) {
    if (paths.contains(std::string_view())) { return true; }
    for (auto dot = key.find('.'); dot != key.npos; dot = key.find('.', dot + 1)) {
        if (paths.contains(key.substr(0, dot + 1))) { return true; }
    }
    return false;
}

bool matches_any(std::span<const std::string_view> patterns, const std::string& key) {
    return std::ranges::any_of(patterns, [&](std::string_view pattern) {
        return ::fnmatch(std::string(pattern).c_str(), key.c_str(), 0) == 0;
    });
}

}  // namespace

std::vector<FoundNetwork> find_networks(std::span<const KeyGroup> groups,
                                        std::span<const Landmark> landmarks) {
    std::vector<FoundNetwork> networks;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        for (auto& prefix : prefixes_of(groups[i].keys, landmarks)) {
            networks.push_back({i, prefix, groups[i].path + prefix});
        }
    }
    return networks;
}

const FoundNetwork* choose_network(std::span<const FoundNetwork> networks, bool averaged) {
    const FoundNetwork* best = nullptr;
    bool is_alone = false;
    for (const auto& network : networks) {
        const int rank = rank_of(network, averaged);
        const bool is_better = best == nullptr || rank < rank_of(*best, averaged);
        is_alone = is_better || (is_alone && rank > rank_of(*best, averaged));
        if (is_better) { best = &network; }
    }
    return is_alone ? best : nullptr;
}

std::string note_on(const NetworkFile& file, std::span<const std::string_view> known) {
    const auto& [checkpoint, path, other_networks] = file;
    const auto network = path + checkpoint.prefix;
    std::string text;
    constexpr std::size_t shown = 8;
    const std::size_t count_shown = std::min(other_networks.size(), shown);
    const auto first_ones = std::span(other_networks).first(count_shown);
    for (const auto& name : first_ones) {
        text += concat(text.empty() ? "also in the file: the networks '" : ", '", name, "'");
    }
    if (other_networks.size() > shown) { text += ", ..."; }
    if (!text.empty()) { text = concat("'", network, "' is used; ", text); }
    std::set<std::string, std::less<>> others;
    for (const auto& name : other_networks) { others.insert(first_difference(name, network)); }
    std::size_t count = 0;
    std::string example;
    for (const auto& [key, what] : checkpoint.others) {
        const bool is_known = matches_any(known, key) ||
                              matches_any(known, behind_common(key, checkpoint.prefix)) ||
                              lies_below_any(others, file.path + key);
        if (is_known || what != kATensor) { continue; }
        if (count++ == 0) { example = escaped_name(key); }
    }
    if (count == 0) { return text; }
    return concat(text, text.empty() ? "" : "; ", count, count == 1 ? " tensor" : " tensors",
                  " outside '", checkpoint.prefix, "' not used, e.g. '", example, "'");
}

}  // namespace patchead::inline backbone_detail
