#include "patchead/plan/planned_detector.hpp"

#include <algorithm>

#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"

namespace patchead {

const DetectorSettings& PlannedDetector::settings(const std::string& dataset,
                                                  const std::string& category) const {
    const auto base = base_dataset(dataset);
    for (const auto& place : {concat(base, "/", category), base}) {
        const auto found = own.find(place);
        if (found != own.end()) { return found->second; }
    }
    return common;
}

bool PlannedDetector::draws_anywhere() const {
    return common.draws ||
           std::ranges::any_of(own, [](const auto& entry) { return entry.second.draws; });
}

}  // namespace patchead
