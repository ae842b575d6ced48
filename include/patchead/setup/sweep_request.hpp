#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "patchead/data/folder.hpp"
#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief What a user asks of a sweep, parsed and checked, before anything was looked up.

namespace patchead {

/// Which images.
struct DataRequest {
    std::filesystem::path data_root{};
    std::filesystem::path manifest{};  ///< Empty: the data sets are indexed.
    std::filesystem::path without{};   ///< Lists images to leave out; empty: none.
    UserFolders folders{};  ///< Of data set "folder"; empty: it lies under the data root.
    std::vector<std::string> datasets{};
    std::vector<std::string> categories{};  ///< "screw" or "mvtec/screw"; empty: all.
};

/// By the name of the backbone.
using WeightFiles = std::map<std::string, std::filesystem::path>;
using BackboneOptions = std::map<std::string, std::map<std::string, std::string>>;

/// Which networks.
struct BackboneRequest {
    std::vector<std::string> names{};
    WeightFiles weights{};
    std::filesystem::path weights_dir{};  ///< Holds files by published name.
    BackboneOptions options{};
    std::string precision = "fp32";
    /// Of text towers, a file or a folder; empty: what lies beside each checkpoint.
    std::filesystem::path vocabulary{};
};

/// Which detectors, and how.
struct DetectorRequest {
    /// The first is "patchead", in the sweep or not; "NAME:published" asks for options by data set.
    std::vector<std::string> names{"patchead"};
    std::map<std::string, std::map<std::string, std::string>> options{};  ///< By name.
    std::string maps{};  ///< "published" (the default), or "common": as those of PatchEAD.

    [[nodiscard]] bool has_others() const { return names.size() > 1; }
};

/// Everything that decides what a sweep computes.
struct SweepRequest {
    DataRequest data{};
    BackboneRequest backbones{};
    DetectorRequest detectors{};
    std::vector<std::string> metrics{};    ///< As patchead/metrics/metric_names.hpp reads them.
    std::filesystem::path prompts_file{};  ///< Empty: sampled.
    std::vector<PointGrid> grids{};        ///< Their numbers count the names above.
    Method method{};
    std::string config{};  ///< Every option that can change a number, as lines `name = value`.
};

}  // namespace patchead
