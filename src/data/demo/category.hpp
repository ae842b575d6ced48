#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "demo/render.hpp"

/// \file
/// \brief What the synthetic data set shows: categories and their kinds of defect.

namespace patchead::demo {

/// A kind of defect of the scene type `S` and how it gets there.
template <class S>
struct Flaw {
    std::string_view name;
    void (S::*add)(Random&);
};

/// A category as `write_demo_data` needs it.
struct DemoCategory {
    std::string_view name;
    std::vector<std::string_view> flaws;

    /// The scene of `draw` with the defect `flaw`, or without one if `flaw` is none of `flaws`.
    /// Everything but the defect is the same with and without it.
    std::unique_ptr<Scene> (*make)(const Draw& draw, std::string_view flaw);
};

template <class S>
std::unique_ptr<Scene> make_scene(const Draw& draw, std::string_view flaw) {
    auto scene = std::make_unique<S>(draw);
    auto random = draw.random("flaw");
    for (const auto& known : S::kFlaws) {
        if (known.name == flaw) { ((*scene).*known.add)(random); }
    }
    return scene;
}

template <class S>
DemoCategory make_category(std::string_view name) {
    DemoCategory category{name, {}, &make_scene<S>};
    for (const auto& flaw : S::kFlaws) { category.flaws.push_back(flaw.name); }
    return category;
}

/// A milled metal part at any angle.
[[nodiscard]] DemoCategory bracket();
/// A two-coloured capsule at any angle.
[[nodiscard]] DemoCategory gelcap();
/// A twill weave.
[[nodiscard]] DemoCategory fabric();

}  // namespace patchead::demo
