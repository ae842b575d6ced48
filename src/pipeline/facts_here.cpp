#include "patchead/pipeline/facts_here.hpp"

#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/gpu.hpp"

namespace patchead {

std::string device_of(std::span<const BackboneSource> sources) {
    return sources.empty() ? std::string("cpu") : sources.front().options.device;
}

Facts facts_here(const std::string& device) {
    auto facts = compute_facts();
    if (auto gpu = gpu_name(device); !gpu.empty()) { facts["gpu"] = std::move(gpu); }
    return facts;
}

bool has_numeric_stack(UnitKind kind) { return is_stored(kind) && kind != UnitKind::align; }

}  // namespace patchead
