#include "patchead/plan/planned_detector.hpp"

#include "patchead/core/error.hpp"

namespace patchead {

const DetectorSettings& PlannedDetector::settings(const std::string& dataset,
                                                  const std::string& category) const {
    for (const auto& place : {concat(dataset, "/", category), dataset}) {
        const auto found = own.find(place);
        if (found != own.end()) { return found->second; }
    }
    return common;
}

}  // namespace patchead
