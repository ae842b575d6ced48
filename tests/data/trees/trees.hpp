#pragma once

#include <array>
#include <utility>

#include "factory_sets.hpp"
#include "json_splits.hpp"
#include "later_mvtec_sets.hpp"
#include "loco.hpp"
#include "mvtec_sets.hpp"
#include "paper_sets.hpp"

/// \file
/// \brief The generated native tree of every data set: a line of datasets.def needs one here.

namespace patchead {

struct TreeEntry {
    std::string_view dataset;
    NativeSet (*make)();
};

inline constexpr auto kTrees = std::to_array<TreeEntry>({
    {"mvtec", &mvtec_set},
    {"visa", &visa_set},
    {"mpdd", &mpdd_set},
    {"btad", &btad_set},
    {"ksdd", &ksdd_set},
    {"dagm", &dagm_set},
    {"dtd-synthetic", &dtd_synthetic_set},
    {"loco", &loco_set},
    {"real-iad", &real_iad_set},
    {"real-iad-sv", &real_iad_sv_set},
    {"real-iad-fuiad-0.0", [] { return real_iad_fuiad_set("0.0"); }},
    {"real-iad-fuiad-0.1", [] { return real_iad_fuiad_set("0.1"); }},
    {"real-iad-fuiad-0.2", [] { return real_iad_fuiad_set("0.2"); }},
    {"real-iad-fuiad-0.4", [] { return real_iad_fuiad_set("0.4"); }},
    {"mvtec-ad2", &mvtec_ad2_set},
    {"mvtec-3d", &mvtec_3d_set},
    {"autovi", &autovi_set},
    {"ksdd2", &ksdd2_set},
    {"magnetic-tile", &magnetic_tile_set},
    {"json-split", &own_splits_set},
    {"mvtec-like", &mvtec_like_set},
    {"folder", &folder_set},
});

}  // namespace patchead
