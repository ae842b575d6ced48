#include "encoder_description.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

constexpr std::array<float, 3> kImageNetMean{0.485F, 0.456F, 0.406F};
constexpr std::array<float, 3> kImageNetStd{0.229F, 0.224F, 0.225F};
constexpr std::array<float, 3> kClipMean{0.48145466F, 0.4578275F, 0.40821073F};
constexpr std::array<float, 3> kClipStd{0.26862954F, 0.26130258F, 0.27577711F};
constexpr std::array<float, 3> kHalf{0.5F, 0.5F, 0.5F};
constexpr std::string_view kModule = "torchscript:";

}  // namespace

std::span<const BackboneEntry> backbones() {
    static const auto table = std::to_array<BackboneEntry>({
#define PATCHEAD_BACKBONE(...) {__VA_ARGS__},
#include "backbones.def"
#undef PATCHEAD_BACKBONE
    });
    return table;
}

BackboneEntry find_backbone(std::string_view name) {
    if (!name.starts_with(kModule)) { return find(backbones(), "backbone", name); }
    auto entry = to_entry(read_description(name.substr(kModule.size())));
    entry.name.insert(0, kModule);
    return entry;
}

}  // namespace patchead
