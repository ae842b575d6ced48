#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "patchead/results/results.hpp"

/// \file
/// \brief What a point is, as a key and as text.

namespace patchead {

/// Everything that tells points apart.
[[nodiscard]] inline auto key_of(const ResultRow& row) {
    return std::tuple(row.dataset, row.category, row.backbone, row.image_size, row.sizes,
                      row.setting, row.shots, row.seed, row.modules, row.detector);
}
using PointKey = decltype(key_of({}));

/// "448", or what a point of several sizes says: "224+448-mean".
[[nodiscard]] std::string size_label(const ResultRow& row);

/// Whether the prompts were the whole training set.
[[nodiscard]] bool is_full_shot(const ResultRow& row);
/// Whether its prompt is one of all the training images, each of which is one in its turn.
[[nodiscard]] bool is_each_prompt(const ResultRow& row);
/// "4", or "all" of kAllShots.
[[nodiscard]] std::string shots_label(int shots);
/// "4", "all" of full-shot, whose number is another in each category, or "each".
[[nodiscard]] std::string shots_label(const ResultRow& row);

/// The backbones behind a point: of "a+b-mean" a and b, else the one that it names.
[[nodiscard]] std::vector<std::string> backbones_behind(const ResultRow& row);
/// The sides behind a point, in px: of "224+448-mean" 224 and 448.
[[nodiscard]] std::vector<std::string> sides_behind(const ResultRow& row);
/// "mean" or "max" if `label` is that of several things fused ("a+b-mean"); else empty.
[[nodiscard]] std::string fuse_rule_of(const std::string& label);

/// Whether the options of a point's detector were chosen by data set, as its publication does: by
/// how well they did on the test images.
[[nodiscard]] bool is_tuned(const ResultRow& row);
/// Whether any point of `results` is of another detector than PatchEAD. Files and tables without
/// one do not speak of detectors.
[[nodiscard]] bool has_detectors(const Results& results);
/// "musc on dinov2_vitb14", or the backbone alone of PatchEAD: for messages.
[[nodiscard]] std::string network_label(const ResultRow& row);

/// The columns of points in CSV files.
class PointColumns {
  public:
    /// With those of detectors if `results` has any.
    explicit PointColumns(const Results& results) : with_detector_(has_detectors(results)) {}

    /// The head, each name with its comma.
    [[nodiscard]] std::string head() const;
    /// The fields of a point, each with its comma.
    [[nodiscard]] std::string fields(const ResultRow& row) const;

  private:
    bool with_detector_;
};

/// Of metrics; null if it is not among them.
[[nodiscard]] const MetricValue* find_metric(const MetricSet& metrics, std::string_view name);

/// Whether both are the same number to the last bit, or both undefined.
[[nodiscard]] bool are_same(double one, double other);

}  // namespace patchead
