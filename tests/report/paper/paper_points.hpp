#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "patchead/report/paper_reference.hpp"

/// \file
/// \brief Every point of the paper's tables, and the paper's numbers of it.

namespace patchead {

/// A configuration of the paper, listed here anew: the tests do not ask the tables what they need.
struct SamplePoint {
    std::string dataset;  ///< As the paper writes it.
    std::string backbone;
    std::string modules;
    int shots = 0;
    int side_px = 0;
};

/// Names in results, and sides, of the paper's backbones.
inline const std::map<std::string, std::pair<std::string, int>>& sample_backbones() {
    static const std::map<std::string, std::pair<std::string, int>> backbones{
        {"CLIP", {"openclip_vitb16_plus_240", 240}},
        {"DINOv2", {"dinov2_vitb14_reg", 448}},
        {"MAE", {"mae_vitb16", 224}},
        {"BEiTv2", {"beitv2_vitb16", 224}},
        {"EVA-02", {"eva02_vitb14_448", 448}},
        {"PE_spatial", {"pe_spatial_b16_512", 512}},
        {"DINOv3", {"dinov3_vitb16", 448}}};
    return backbones;
}

/// VisA says "align+mask" and MPDD "mask" where others say "patchead+".
inline std::vector<SamplePoint> sample_points() {
    std::vector<SamplePoint> points;
    const auto add = [&](const std::string& dataset, const std::string& backbone,
                         std::string modules, int shots, int side_px = 0) {
        if (modules == "patchead+" && dataset == "VisA") { modules = "align+mask"; }
        if (modules == "patchead+" && dataset == "MPDD") { modules = "mask"; }
        const int own = sample_backbones().at(backbone).second;
        points.push_back({dataset, backbone, modules, shots, side_px > 0 ? side_px : own});
    };
    for (const auto* dataset : {"MVTec", "VisA"}) {
        for (const int shots : {0, 1, 2, 4}) {
            for (const auto& [backbone, own] : sample_backbones()) {
                add(dataset, backbone, "none", shots);
            }
            add(dataset, "CLIP", "patchead+", shots);
            add(dataset, "DINOv2", "patchead+", shots);
        }
        for (const int shots : {0, 4}) {
            add(dataset, "DINOv2", "align", shots);
            add(dataset, "DINOv2", "mask", shots);
            add(dataset, "DINOv2", "none", shots, 224);
            add(dataset, "DINOv2", "none", shots, 672);
        }
    }
    for (const auto* dataset : {"MPDD", "BTAD", "KSDD", "DAGM", "DTD-Synthetic"}) {
        for (const auto* backbone : {"CLIP", "DINOv2"}) {
            add(dataset, backbone, "none", 0);
            add(dataset, backbone, "patchead+", 0);
        }
    }
    return points;
}

/// The paper's numbers of a data set or category, to be near to.
class SampleTargets {
  public:
    SampleTargets() {
        for (const auto& number : paper_reference().numbers) {
            const auto& p = number.point;
            targets_.try_emplace(key(p.backbone, p.shots, p.dataset, p.category, p.metric),
                                 number.recovered.value_or(number.mean));
        }
    }
    [[nodiscard]] double near(const SamplePoint& point, const std::string& category,
                              const std::string& metric) const {
        for (const auto& of : {category, std::string()}) {
            const auto found =
                targets_.find(key(point.backbone, point.shots, point.dataset, of, metric));
            if (found != targets_.end()) { return found->second; }
        }
        return 0.9;
    }

  private:
    using Key = std::tuple<std::string, int, std::string, std::string, std::string>;
    static Key key(const std::string& backbone, int shots, const std::string& dataset,
                   const std::string& category, const std::string& metric) {
        return {backbone, shots, dataset, category, metric};
    }
    std::map<Key, double> targets_;
};

}  // namespace patchead
