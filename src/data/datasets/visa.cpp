#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "datasets/mvtec_layout.hpp"
#include "datasets/visa_raw.hpp"

/// \file
/// \brief VisA (Zou et al., ECCV 2022): raw, with its split file, or as the prepared 1cls tree.

namespace patchead {
namespace {

namespace fs = std::filesystem;

// Source: split_csv/1cls.csv of the archive; the sums are 8659, 962 and 1200.
constexpr PublishedCategory kVisaCategories[] = {
    {"candle", {{900, 100, 100}}},    {"capsules", {{542, 60, 100}}},
    {"cashew", {{450, 50, 100}}},     {"chewinggum", {{453, 50, 100}}},
    {"fryum", {{450, 50, 100}}},      {"macaroni1", {{900, 100, 100}}},
    {"macaroni2", {{900, 100, 100}}}, {"pcb1", {{904, 100, 100}}},
    {"pcb2", {{901, 100, 100}}},      {"pcb3", {{905, 101, 100}}},
    {"pcb4", {{904, 101, 100}}},      {"pipe_fryum", {{450, 50, 100}}},
};

constexpr DatasetInfo kVisa{
    .source = "https://amazon-visual-anomaly.s3.us-west-2.amazonaws.com/VisA_20220922.tar",
    .licence = "CC BY 4.0",
    .citation =
        "Zou et al., SPot-the-Difference self-supervised pre-training for anomaly "
        "detection and segmentation, ECCV 2022",
    .tree =
        "split_csv/1cls.csv and <object>/Data/{Images/Normal,Images/Anomaly,Masks/Anomaly}, "
        "or [1cls/]<object>/{train/good,test/good,test/bad,ground_truth/bad}",
    .categories = kVisaCategories,
    .paper = PaperCounts{"object", 12, 962, 1200},
};

class Visa final : public Dataset {
  public:
    [[nodiscard]] const DatasetInfo& info() const override { return kVisa; }
    [[nodiscard]] bool recognises(const fs::path& root) const override {
        return has_visa_split(root) || tree_.recognises(root) || tree_.recognises(root / "1cls") ||
               !raw_visa_objects(root, kVisaCategories).empty();
    }
    [[nodiscard]] DatasetIndex index(std::string_view name, const fs::path& root,
                                     std::span<const std::string> categories) const override {
        if (has_visa_split(root)) { return index_visa_split(name, root, categories); }
        for (const auto& folder : {root, root / "1cls"}) {
            if (tree_.recognises(folder)) { return tree_.index(name, folder, categories); }
        }
        return index_visa_unsplit(name, root, raw_visa_objects(root, kVisaCategories), categories);
    }

  private:
    MvtecLayout tree_{kVisa, {.layout = "1cls"}};
};

}  // namespace

const Dataset& visa() {
    static const Visa dataset;
    return dataset;
}

}  // namespace patchead
