#include "checkpoint/networks.hpp"

#include <algorithm>
#include <array>

namespace patchead::inline backbone_detail {
namespace {

constexpr auto kAveraged =
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
    if (!has_part(network.name, kAveraged)) { return 0; }
    return averaged ? -1 : 1;
}

bool has_block(const std::vector<std::string>& keys, const std::string& begin) {
    return std::ranges::any_of(keys, [&](const auto& key) { return key.starts_with(begin); });
}

/// The prefixes in one dictionary.
std::vector<std::string> prefixes_of(const std::vector<std::string>& keys,
                                     std::span<const Landmark> landmarks) {
    std::vector<std::string> prefixes;
    for (const auto& [marker, block] : landmarks) {
        for (const auto& key : keys) {
            if (key != marker && !key.ends_with("." + marker)) { continue; }
            auto prefix = key.substr(0, key.size() - marker.size());
            const bool is_new = std::ranges::count(prefixes, prefix) == 0;
            if (is_new && has_block(keys, prefix + block)) {
                prefixes.push_back(std::move(prefix));
            }
        }
    }
    return prefixes;
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

}  // namespace patchead::inline backbone_detail
