#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "patchead/core/company_options.hpp"
#include "patchead/core/layer_shape.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "patchead/plan/planned_detector.hpp"
#include "patchead/plan/sampling.hpp"

/// \file
/// \brief What is asked of a sweep: images, backbones, points and method. Pure values.

namespace patchead {

/// A checkpoint's text tower.
struct PlannedTower {
    /// Everything that determines it: family, weights digest, named options, precision.
    std::map<std::string, std::string> identity;
    std::string vocabulary;  ///< Its digest.
};

/// What a prompt set says of a class.
struct ClassSentences {
    std::vector<std::string> normal;
    std::vector<std::string> anomalous;
};

/// A backbone as the plan needs it.
struct PlannedBackbone {
    std::string name;
    /// Everything that determines its features beside image and size: family, weights digest,
    /// named options, precision.
    std::map<std::string, std::string> identity;
    Preprocessing preprocessing;
    int patch_px = 0;
    int dim = 0;
    int depth = 0;
    std::int64_t parameters = 0;
    bool has_attention = true;
    int image_px = 224;       ///< Default side of its input.
    bool fixed_size = false;  ///< It takes no other.
    int width = 0;            ///< Channels of a layer's tokens that are not projected.
    int layers = 0;           ///< After how many blocks tokens can be had, at most; 0: after none.
    /// Of each layer; empty: all have the grid of the embeddings and `width` channels.
    std::vector<LayerShape> layer_shapes{};
    bool windows = false;  ///< Whether it gives embeddings of windows.
    /// Looked up where a detector needs texts; nothing: it has none, or none does.
    std::optional<PlannedTower> text{};
};

/// Which parts of PatchEAD+ a point uses.
struct Modules {
    bool align = false;
    bool mask = false;
    bool by_dataset = false;  ///< "patchead+": what the paper uses on the data set at hand.

    bool operator==(const Modules&) const = default;
};

/// "none", "align", "mask", "align+mask" or "patchead+". Throws ConfigError for another word.
[[nodiscard]] Modules parse_modules(const std::string& word);
[[nodiscard]] std::string name_of(const Modules& modules);

/// As a side in a grid: the default of each backbone.
inline constexpr int kDefaultSide = 0;

/// Points of a sweep: every combination of what is listed.
struct PointGrid {
    std::vector<std::string> datasets{};   ///< Empty: all.
    std::vector<std::size_t> backbones{};  ///< Numbers in `SweepSpec::backbones`; empty: all.
    std::vector<int> sides_px{};           ///< kDefaultSide stands for each backbone's own.
    /// 0 stands for batch zero-shot, kAllShots for full-shot, kEachShot for every prompt by itself.
    std::vector<int> shots{};
    std::vector<std::uint64_t> seeds{};
    std::vector<Modules> modules{};
    /// For each of these, one more point of every choice of the rest, made of its sides.
    std::vector<FuseRule> fuse_sides{};
    /// The same, made of the backbones.
    std::vector<FuseRule> fuse_backbones{};
    /// Numbers in `SweepSpec::detectors`; empty: PatchEAD.
    std::vector<std::size_t> detectors{};
};

/// Images beside the test images that are scored, too. No metric and no key depends on it.
struct UnmeasuredOptions {
    bool validation = false;  ///< Those of `kValidation`.
    bool unlabelled = false;  ///< Those of all splits without labels.
};

/// Every option that changes a number, and how work is cut into units. Complete when parsed.
struct Method {
    FeatureOptions features{};
    MatchOptions matching{};
    BatchOptions batch{};
    CompanyOptions company{};
    PromptOptions prompts{};
    ScoringOptions few_shot{};  ///< Masking is set by the modules of each point.
    ScoringOptions zero_shot{};
    Masking masking{};
    AlignOptions align{};
    MetricOptions metrics{};
    FuseOptions fusing{};
    TokenOptions tokens{};
    UnitOptions units{};
    std::set<std::string> masking_only{};  ///< Data sets on which "patchead+" does not align.
    UnmeasuredOptions unmeasured{};

    [[nodiscard]] const ScoringOptions& scoring(Setting setting) const {
        return setting == Setting::few_shot ? few_shot : zero_shot;
    }
    [[nodiscard]] ScoringOptions& scoring(Setting setting) {
        return setting == Setting::few_shot ? few_shot : zero_shot;
    }
};

/// Everything that a sweep computes.
struct SweepSpec {
    std::vector<Sample> samples{};  ///< Sorted by data set and id; digests where images are used.
    std::vector<PlannedBackbone> backbones{};
    std::vector<ExplicitPrompt> prompts{};  ///< Empty: sampled.
    std::vector<PointGrid> grids{};         ///< A point that several have is computed once.
    Method method{};
    /// What each result is to hold. In no key: a result that lacks one is measured again, from
    /// the matches in the store.
    std::vector<std::string> metric_names{};
    /// The first is PatchEAD, in the sweep or not; none at all: PatchEAD alone.
    std::vector<PlannedDetector> detectors{};
    /// Where detectors need them, by `sentences_name` of plan/class_texts.hpp.
    std::map<std::string, ClassSentences> sentences{};
};

/// The samples whose image files `spec` needs (test images and prompts), ascending: those whose
/// digests must be known before `make_plan`.
[[nodiscard]] std::vector<std::size_t> needed_samples(const SweepSpec& spec);

}  // namespace patchead
