#include <array>
#include <span>
#include <stdexcept>
#include <string_view>

#include "patchead/core/registry.hpp"
#include "patchead/plan/sweep_spec.hpp"

namespace patchead {
namespace {

struct ModulesEntry {
    std::string_view name;
    Modules modules;
};
constexpr std::array<ModulesEntry, 5> kModules{{{"none", {false, false}},
                                                {"align", {true, false}},
                                                {"mask", {false, true}},
                                                {"align+mask", {true, true}},
                                                {"patchead+", {true, true, true}}}};

}  // namespace

Modules parse_modules(const std::string& word) {
    return find(std::span<const ModulesEntry>(kModules), "modules", word).modules;
}

std::string name_of(const Modules& modules) {
    if (modules.by_dataset) { return std::string(kModules.back().name); }
    for (const auto& entry : kModules) {
        if (entry.modules.align == modules.align && entry.modules.mask == modules.mask) {
            return std::string(entry.name);
        }
    }
    throw std::logic_error("modules without a name");
}

}  // namespace patchead
