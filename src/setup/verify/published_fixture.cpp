#include "verify/published_fixture.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <nlohmann/json.hpp>

#include "patchead/backbone/tensor_file.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead::inline setup_detail {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kInputs = "inputs.safetensors";

/// Every `step`-th entry along axes [first, last).
PlainTensor thinned(const PlainTensor& whole, std::size_t first, std::size_t last,
                    std::int64_t step) {
    PlainTensor part{whole.shape, {}};
    for (auto axis = first; axis < last; ++axis) {
        part.shape[axis] = (whole.shape[axis] + step - 1) / step;
    }
    for (std::size_t i = 0; i < whole.values.size(); ++i) {
        auto rest = static_cast<std::int64_t>(i);
        bool kept = true;
        for (auto axis = whole.shape.size(); axis-- > 0;) {
            const auto place = rest % whole.shape[axis];
            rest /= whole.shape[axis];
            kept = kept && (axis < first || axis >= last || place % step == 0);
        }
        if (kept) { part.values.push_back(whole.values[i]); }
    }
    return part;
}

/// K of a name that ends in "<word>K".
std::optional<std::int64_t> step_of(const std::string& tail, std::string_view word) {
    std::int64_t step = 0;
    if (!tail.starts_with(word)) { return std::nullopt; }
    const auto* const end = tail.data() + tail.size();
    const auto [rest, error] = std::from_chars(tail.data() + word.size(), end, step);
    if (error != std::errc{} || rest != end || step < 1) { return std::nullopt; }
    return step;
}

/// The output that a fixture calls `name`, whole or in part.
std::optional<PlainTensor> output_named(const NamedTensors& outputs, const std::string& name) {
    if (const auto whole = outputs.find(name); whole != outputs.end()) { return whole->second; }
    const auto dot = name.rfind('.');
    if (dot == std::string::npos) { return std::nullopt; }
    const auto whole = outputs.find(name.substr(0, dot));
    if (whole == outputs.end()) { return std::nullopt; }
    const auto axes = whole->second.shape.size();
    const auto tail = name.substr(dot + 1);
    if (const auto step = step_of(tail, "every"); step && axes > 0) {
        return thinned(whole->second, 0, 1, *step);
    }
    if (const auto step = step_of(tail, "grid"); step && axes > 1) {
        return thinned(whole->second, axes - 2, axes, *step);
    }
    return std::nullopt;
}

/// Infinite if shapes or places of NaN differ. Axes of length 1 do not count.
double relative_difference(const PlainTensor& expected, const PlainTensor& actual) {
    const auto shape_of = [](const PlainTensor& tensor) {
        auto shape = tensor.shape;
        std::erase(shape, 1);
        return shape;
    };
    constexpr double apart = std::numeric_limits<double>::infinity();
    if (shape_of(expected) != shape_of(actual)) { return apart; }
    double largest = 0;
    double magnitude = 1;
    for (std::size_t i = 0; i < expected.values.size(); ++i) {
        const double a = expected.values[i];
        const double b = actual.values[i];
        if (std::isnan(a) != std::isnan(b)) { return apart; }
        if (std::isnan(a) || a == b) { continue; }
        largest = std::max(largest, std::abs(a - b));
        magnitude = std::max(magnitude, std::abs(a));
    }
    return largest / magnitude;
}

double tolerance_of(const Json& config, const std::string& name) {
    const auto single = config.value("tolerances", Json::object());
    for (const auto& key : {name, name.substr(0, name.find('.'))}) {
        if (single.contains(key)) { return single.at(key).get<double>(); }
    }
    return config.at("tolerance").get<double>();
}

FixtureResult compare_outputs(const fs::path& folder, const Json& config,
                              NamedTensors (*run)(const PublishedCase&)) {
    FixtureResult result{.name = folder.filename().string()};
    const auto expected = read_tensor_file(folder / "outputs.safetensors");
    const auto actual = run({config.at("method").get<std::string>(), config.at("parameters").dump(),
                             read_tensor_file(folder / kInputs)});
    for (const auto& [name, values] : expected) {
        const auto output = output_named(actual, name);
        if (!output) {
            result.left_out.push_back(name);
            continue;
        }
        result.outputs.push_back(
            {name, relative_difference(values, *output), tolerance_of(config, name)});
    }
    return result;
}

}  // namespace

std::vector<FixtureResult> verify_published(const fs::path& folder) {
    return verify_method(folder, run_published);
}

std::vector<FixtureResult> verify_method(const fs::path& folder,
                                         NamedTensors (*run)(const PublishedCase&)) {
    std::vector<FixtureResult> results;
    try {
        const auto config = Json::parse(read_text(folder / "config.json"));
        const bool has_prompts = fs::exists(folder / "prompts.json");
        // Prompts alone are a fixture, too: those who only list them record no arrays.
        if (!has_prompts || fs::exists(folder / kInputs)) {
            results.push_back(compare_outputs(folder, config, run));
        }
        if (has_prompts) {
            results.push_back(verify_prompts(folder, config.at("method").get<std::string>()));
        }
    } catch (const Json::exception& error) {
        throw DataError(concat("bad JSON in '", folder.string(), "' (", error.what(),
                               "); make the fixture again"));
    } catch (const Error& error) {
        throw DataError(concat("cannot run the fixture '", folder.string(), "': ", error.what()));
    }
    return results;
}

}  // namespace patchead::inline setup_detail
