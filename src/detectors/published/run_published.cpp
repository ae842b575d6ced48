#include "patchead/detectors/published.hpp"

#include <algorithm>
#include <array>

#include "parts/tensors.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "published/inputs.hpp"

namespace patchead::inline detectors_detail {

#define PATCHEAD_PUBLISHED(method) NamedTensors run_##method(const Inputs& inputs);
#include "published/published.def"
#undef PATCHEAD_PUBLISHED

at::Tensor Inputs::get(const std::string& name) const { return to_double(array_of(tensors, name)); }

at::Tensor Inputs::rows(const std::string& name) const { return get(name).to(at::kLong); }

std::vector<at::Tensor> Inputs::list(const std::string& name) const {
    std::vector<at::Tensor> all{get(name + ".0")};
    while (has(concat(name, ".", all.size()))) {
        all.push_back(get(concat(name, ".", all.size())));
    }
    return all;
}

MapSize Inputs::size(const char* parameter) const {
    const auto& value = parameters.at(parameter);
    if (value.is_array()) { return {value.at(0).get<int>(), value.at(1).get<int>()}; }
    return {value.get<int>(), value.get<int>()};
}

Grid Inputs::grid() const {
    const auto& value = parameters.at("grid");
    return {value.at(0).get<int>(), value.at(1).get<int>()};
}

void Outputs::add(const std::string& name, const at::Tensor& values) {
    tensors_[name] = to_plain(values);
}

namespace {

struct Method {
    std::string_view name;
    NamedTensors (*run)(const Inputs& inputs);
};
constexpr auto kMethods = std::to_array<Method>({
#define PATCHEAD_PUBLISHED(method) {#method, run_##method},
#include "published/published.def"
#undef PATCHEAD_PUBLISHED
});

}  // namespace
}  // namespace patchead::inline detectors_detail

namespace patchead {

std::vector<std::string_view> published_methods() {
    std::vector<std::string_view> names;
    std::ranges::transform(kMethods, std::back_inserter(names), &Method::name);
    return names;
}

NamedTensors run_published(const PublishedCase& fixture) {
    const auto& method = find<Method>(kMethods, "method of a fixture", fixture.method);
    try {
        return method.run({fixture.inputs, nlohmann::json::parse(fixture.parameters)});
    } catch (const nlohmann::json::exception& error) {
        throw DataError(concat("bad parameters of a fixture of ", fixture.method, " (",
                               error.what(), "); make the fixture again"));
    } catch (const c10::Error& error) {
        throw DataError(concat("inputs of a fixture of ", fixture.method,
                               " do not fit each other (", error.what_without_backtrace(),
                               "); make the fixture again"));
    }
}

}  // namespace patchead
