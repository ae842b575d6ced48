#include <algorithm>
#include <array>
#include <charconv>

#include <ATen/Context.h>
#include <c10/core/InferenceMode.h>

#include "checkpoint/networks.hpp"
#include "families/family.hpp"
#include "float32_products.hpp"
#include "patchead/backbone/precision.hpp"
#include "patchead/backbone/weights_note.hpp"
#include "patchead/core/registry.hpp"
#include "torch_version.hpp"
#include "vit/vit_backbone.hpp"

namespace patchead::inline backbone_detail {

#define PATCHEAD_FAMILY(function) Family function();
#include "families/families.def"
#undef PATCHEAD_FAMILY

std::span<const Family> families() {
    static const std::vector<Family> table{
#define PATCHEAD_FAMILY(function) function(),
#include "families/families.def"
#undef PATCHEAD_FAMILY
    };
    return table;
}

}  // namespace patchead::inline backbone_detail

namespace patchead {
namespace {

/// The device by its name, checked and set up.
c10::Device parse_device(const std::string& name) {
    const std::string_view cuda = "cuda";
    if (name == "cpu") { return c10::kCPU; }
    const auto colon = name.find(':');
    int index = 0;
    bool valid = std::string_view(name).substr(0, colon) == cuda;
    if (valid && colon != name.npos) {
        const auto* const end = name.data() + name.size();
        const auto [rest, error] = std::from_chars(name.data() + colon + 1, end, index);
        valid = error == std::errc{} && rest == end && index >= 0;
    }
    require<ConfigError>(valid, "unknown device '", name, "'; one of: cpu, cuda, cuda:N");
    require<ConfigError>(at::hasCUDA(), "device '", name,
                         "' cannot be used (this LibTorch has no CUDA or finds no GPU); choose "
                         "cpu or install a CUDA build of LibTorch");
    const auto count = static_cast<int>(at::getNumGPUs());
    require<ConfigError>(index < count, "device '", name, "' does not exist (", count,
                         " GPUs are visible); choose a lower number");
    allow_tf32(false);  // Float32 means float32, as on a CPU.
    keep_sums_in_float32();
    return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

struct Precision {
    std::string_view name;
    c10::ScalarType type;
    bool tf32 = false;
    std::string_view not_on_cpu{};  ///< Why, and what to do about it; empty: CPUs have it, too.
};
constexpr auto kPrecisions = std::to_array<Precision>({
    {"fp32", c10::ScalarType::Float},
    {"tf32", c10::ScalarType::Float, true, "(only GPUs have it); use fp32"},
    {"bf16", c10::ScalarType::BFloat16},
    {"fp16", c10::ScalarType::Half, false, "(LibTorch has no such kernels); use bf16 or fp32"},
});

}  // namespace

inline namespace backbone_detail {

ComputePlace parse_place(const LoadOptions& options) {
    const auto device = parse_device(options.device);
    const auto& found = find<Precision>(kPrecisions, "precision", options.precision);
    require<ConfigError>(!device.is_cpu() || found.not_on_cpu.empty(), "precision ", found.name,
                         " on a CPU ", found.not_on_cpu);
    return {device, found.type, found.tf32, device.is_cpu() ? Work::by_head : Work::at_once};
}

}  // namespace backbone_detail

std::vector<std::string> precisions_on(const std::string& device) {
    const bool on_cpu = c10::Device(device).is_cpu();
    std::vector<std::string> names;
    for (const auto& precision : kPrecisions) {
        if (!on_cpu || precision.not_on_cpu.empty()) { names.emplace_back(precision.name); }
    }
    return names;
}

namespace {

NetworkFile read_network_of(const Family& family, const std::filesystem::path& file,
                            const NamedOptions& named) {
    std::vector<Landmark> landmarks;
    for (const auto& layout : family.layouts) {
        landmarks.push_back({std::string(layout.marker), concat(layout.blocks, "0.")});
    }
    return read_network(file, is(named, "model_ema", "true"), landmarks);
}

}  // namespace

inline namespace backbone_detail {

std::unique_ptr<const Backbone> load_vit(const Family& family, const std::filesystem::path& file,
                                         ComputePlace place, const NamedOptions& given) {
    const auto named = complete(family, given);
    const c10::InferenceMode inference;
    Weights weights(read_network_of(family, file, named).checkpoint, family.layouts);
    auto vit = build_vit(family, weights, named);
    weights.finish(family.ignored, family.beside);
    BackboneInfo info{.family = std::string(family.name),
                      .layout = std::string(weights.layout().name),
                      .patch_px = vit.patch_px,
                      .width = vit.dim,
                      .dim = vit.output_dim(),
                      .depth = static_cast<int>(vit.blocks.size()),
                      .heads = vit.heads,
                      .parameters = weights.parameters(),
                      .layers = static_cast<int>(vit.blocks.size()),
                      .attention_heads = vit.attention_heads(),
                      .options = recorded(family, named),
                      .windows = vit.has_windows()};
    return make_backbone(std::move(vit), std::move(info), place);
}

}  // namespace backbone_detail

std::unique_ptr<const Backbone> load_backbone(std::string_view family_name,
                                              const std::filesystem::path& file,
                                              const LoadOptions& options) {
    const auto& family = find(families(), "backbone family", family_name);
    const auto place = parse_place(options);
    if (family.load == nullptr) { return load_vit(family, file, place, options.overrides); }
    static_cast<void>(complete(family, options.overrides));
    return family.load(file, place);
}

std::unique_ptr<const Backbone> load_backbone(const BackboneEntry& entry,
                                              const std::filesystem::path& file,
                                              const LoadOptions& options) {
    auto all = options;
    all.overrides.insert(entry.options.begin(), entry.options.end());
    auto backbone = load_backbone(entry.family, file, all);
    const auto& info = backbone->info();
    if (entry.depth == 0) { return backbone; }
    require<WeightsError>(
        info.patch_px == entry.patch_px && (entry.dim == 0 || info.width == entry.dim) &&
            info.depth == entry.depth,
        "checkpoint '", file.string(), "' is not ", entry.name, " (", info.depth, " blocks of ",
        info.width, " channels on ", info.patch_px, " px patches, expected ", entry.depth, " of ",
        entry.dim, " on ", entry.patch_px, "); give ", entry.file, " from ", entry.source);
    return backbone;
}

std::string weights_note(const BackboneEntry& entry, const std::filesystem::path& file,
                         const LoadOptions& options) {
    const auto& family = find(families(), "backbone family", entry.family);
    if (family.load != nullptr) { return ""; }
    auto known = family.ignored;
    known.insert(known.end(), family.beside.begin(), family.beside.end());
    auto named = options.overrides;
    named.insert(entry.options.begin(), entry.options.end());
    return note_on(read_network_of(family, file, complete(family, named)), known);
}

}  // namespace patchead
