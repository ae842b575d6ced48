#include "observers/store_limit.hpp"

#include <iostream>
#include <set>
#include <system_error>

#include "patchead/cache/maintenance.hpp"
#include "patchead/plan/units.hpp"

namespace patchead {
namespace {

/// Evicting goes a little below the limit, so that not every new file causes a search.
std::uint64_t target(std::uint64_t limit) { return limit - limit / 20; }

}  // namespace

StoreLimit::StoreLimit(const Store& store, const SweepPlan& plan, std::uint64_t bytes)
    : store_(store), plan_(plan), limit_(bytes) {}

void StoreLimit::begun(const WorkGraph& graph, const RunState& /*state*/) {
    readers_.assign(plan_.embeds.size(), 0);
    bytes_ = 0;
    worth_a_look_ = true;
    for (const auto& unit : graph.units) {
        for (const auto embed : embeds_read_by(plan_, unit)) { ++readers_[embed]; }
    }
    for (const auto& file : list_store(store_.root()).artifacts) { bytes_ += file.bytes; }
    if (bytes_ > limit_) { evict(); }
}

void StoreLimit::ended(const EndedUnit& said) {
    const auto& unit = said.unit;
    for (const auto embed : embeds_read_by(plan_, unit)) {
        if (readers_[embed] > 0 && --readers_[embed] == 0) { worth_a_look_ = true; }
    }
    if (const auto* key = key_of(plan_, unit)) {
        std::error_code error;
        const auto size = std::filesystem::file_size(store_.found_path(*key), error);
        if (!error) { bytes_ += size; }
    }
    if (bytes_ > limit_ && worth_a_look_) { evict(); }
}

/// Looks at the disk anew, since other sweeps may share the store.
void StoreLimit::evict() {
    worth_a_look_ = false;
    std::set<std::filesystem::path> needed;
    for (std::size_t embed = 0; embed < readers_.size(); ++embed) {
        if (readers_[embed] > 0) { needed.insert(store_.found_path(plan_.embeds[embed].key)); }
    }
    std::vector<StoredFile> features;
    bytes_ = 0;
    for (auto& file : list_store(store_.root()).artifacts) {
        bytes_ += file.bytes;
        if (file.kind == "features") { features.push_back(std::move(file)); }
    }
    for (const auto& file : choose_evictions(std::move(features), bytes_, target(limit_), needed)) {
        std::error_code error;
        if (std::filesystem::remove(file.path, error)) { bytes_ -= file.bytes; }
    }
}

}  // namespace patchead
