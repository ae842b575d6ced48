#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/options.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/core/types.hpp"
#include "patchead/detectors/detector_images.hpp"
#include "patchead/detectors/scoring_work.hpp"

/// \file
/// \brief Training-free detectors of the literature on the tokens of a frozen encoder. A detector
/// says what it needs, fits references to a model, and scores queries. docs/detectors.md has a
/// section for each: formula, defaults, source, and what is known to differ from the publication.
///
/// Detectors are pure functions of what they are given: no files, no data sets' names, no labels.
/// Sums that decide a bit run in an order that depends on shapes alone, never on threads or ranks.

namespace patchead {

/// What a detector wants of an encoder and of the prompts.
struct DetectorNeeds {
    /// As the words of `--layers`: "last", "middle", block numbers or fractions of the depth.
    std::string layers = "last";
    bool final_norm = true;    ///< Whether tokens of layers go through the network's final norm.
    bool image_token = false;  ///< Class token, or what pooling or projection makes of the image.
    /// Further versions of each prompt, rows beside it.
    ReferenceCopies copies = ReferenceCopies::none;
    int turns = 0;  ///< And so many turns, evenly spaced: `even_turns` of core/turns.hpp.
    /// Sides, in patches, of square windows whose embeddings are wanted, ascending.
    std::vector<int> windows{};
    /// The prompt set whose sentences about the images' class are wanted, embedded by the text
    /// tower of the same checkpoint; empty: none.
    std::string prompts{};
    /// Whether tokens of layers are projected into the space that images share with sentences.
    bool projected = false;
};

/// What references became: named arrays, an artifact of the store. Whatever `score` needs is here.
using DetectorModel = NamedTensors;

/// How a detector's patch scores become a map: published, and a default that a user may change.
struct MapRule {
    Interpolation interpolation = Interpolation::bilinear;
    double smooth_sigma_px = 0;  ///< Gaussian on the map, cut at 4 sigma; 0: none.
};

class Detector {
  public:
    Detector() = default;
    Detector(const Detector&) = delete;
    Detector& operator=(const Detector&) = delete;
    Detector(Detector&&) = delete;
    Detector& operator=(Detector&&) = delete;
    virtual ~Detector() = default;

    [[nodiscard]] virtual DetectorNeeds needs(Setting setting) const = 0;
    [[nodiscard]] virtual bool is_for(Setting setting) const {
        return setting == Setting::few_shot;
    }
    [[nodiscard]] virtual MapRule map_rule() const { return {}; }

    /// The model of references: the prompts, each followed by its copies. `seed` is the point's;
    /// detectors that draw record what they drew in the model.
    /// Throws DataError that says what is wrong with the references.
    [[nodiscard]] virtual DetectorModel fit(const DetectorImages& references,
                                            std::uint64_t seed) const;
    /// The same of references that are read part by part. By default all are read; detectors say
    /// otherwise whose models are made of less than all that they need of all references.
    [[nodiscard]] virtual DetectorModel fit_parts(const ReferenceSource& references,
                                                  std::uint64_t seed) const;
    /// Whether models depend on the seed, with these options. Of the whole training set a detector
    /// that does not draw has one point for all seeds.
    [[nodiscard]] virtual bool draws() const { return false; }
    /// Scores of queries, each by itself: the same bits for any company.
    [[nodiscard]] virtual PatchScores score(const DetectorModel& model,
                                            const DetectorImages& queries) const;
    /// Scores of images against each other (batch zero-shot).
    /// Throws DataError for a batch that is too small.
    [[nodiscard]] virtual PatchScores score_batch(const DetectorImages& batch) const;

    /// What the scores of one query take beside the network (and the fit), in floating point
    /// operations, of shapes alone. Unless a detector knows better: `plain_lookups`.
    [[nodiscard]] virtual double scoring_flops(const ScoringWork& work) const;
};

/// A detector's options by name, complete: every option of the detector is there.
using DetectorOptions = std::map<std::string, std::string>;

struct DetectorOption {
    std::string_view name;
    std::string_view
        initial;            ///< The published value; where that differs by data set, one for all.
    std::string_view help;  ///< With the range of values.
    bool is_added = false;  ///< It came later: keys leave it out where it has its default.
};

/// Options that a publication sets by data set: rows made with them are tuned on the test data.
struct PublishedOptions {
    std::string_view dataset;  ///< Or a category of one: "mvtec/screw".
    std::string_view option;
    std::string_view value;
};

/// One line of detectors.def.
struct DetectorInfo {
    std::string_view name;
    std::string_view title;   ///< As tables print it.
    std::string_view source;  ///< Publication and implementation that it follows.
    std::string_view port;    ///< What differs: layers, rotations, ...; a footnote of tables.
    /// What it was published with: network and size of input, as text; empty: nothing to compare.
    std::string_view network{};
    std::string_view backbone{};  ///< The same network by its name here; empty: it has none.
    std::vector<DetectorOption> options;
    std::vector<PublishedOptions> published{};
    /// Whether keys of models have the seed with all options; else only with those with which it
    /// `Detector::draws`, and seeds share the others.
    bool draws = true;
    /// Whether an image's scores in batch zero-shot depend on no other image: else rows are
    /// transductive.
    bool scores_alone = false;
    /// Throws ConfigError that names the option for a value out of its range.
    std::unique_ptr<const Detector> (*make)(const DetectorOptions& options) = nullptr;
};

/// All detectors, in the order of detectors.def.
[[nodiscard]] std::span<const DetectorInfo> detectors();

/// `given` with the defaults of all other options.
/// Throws ConfigError for an option that the detector does not have.
[[nodiscard]] DetectorOptions complete_options(const DetectorInfo& detector,
                                               const DetectorOptions& given);

/// Throws ConfigError for an unknown name, an unknown option or a bad value.
[[nodiscard]] std::unique_ptr<const Detector> make_detector(std::string_view name,
                                                            const DetectorOptions& given = {});

}  // namespace patchead
