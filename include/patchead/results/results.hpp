#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/detector_names.hpp"
#include "patchead/core/point_cost.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief The long table of results: what was asked, then what was measured.

namespace patchead {

/// Images of one split that are in no metric: of `kValidation`, or without labels.
struct UnmeasuredScores {
    std::string split;
    std::vector<std::string> ids;
    std::vector<float> scores;  ///< Of the images.

    bool operator==(const UnmeasuredScores&) const = default;
};

/// One ablation point on one category.
struct ResultRow {
    std::string dataset;
    std::string category;
    std::string backbone;  ///< Of a point fused over several: "a+b-mean".
    int image_size = 0;    ///< Side of the input in px; the largest if there are several.
    std::string setting;   ///< "few-shot", "full-shot", "each-prompt" or "batch-zero-shot".
    int shots = 0;         ///< 0 for batch zero-shot; for full-shot the size of the training set.
    std::int64_t seed = 0;
    std::string modules;  ///< "none", "align", "mask" or "align+mask".
    MetricSet metrics;    ///< Fractions in [0, 1] or NaN with a reason.

    std::vector<std::string> ids;         ///< Test images, in order.
    std::vector<std::uint8_t> anomalous;  ///< Their labels.
    std::vector<float> scores;            ///< Their image scores.
    std::vector<std::string> prompts;     ///< Prompt images of few-shot, in order.
    /// Image scores of the prompts, each against the others; empty: they were not asked for, or
    /// there are none.
    std::vector<float> left_out{};
    std::vector<UnmeasuredScores> unmeasured{};  ///< Where they were asked for.

    std::string artifact{};           ///< Key of its result in the store; empty: not known.
    std::vector<double> resamples{};  ///< `kResampledMetric` of resampled test images: `resample`.
    std::string sizes{};  ///< Several sizes: "224+448-mean" if fused over them; empty: image_size.
    std::string detector{kPatchEadName};  ///< "musc", or "musc:published": `is_tuned`.
    std::optional<PointCost> cost{};      ///< Reckoned where there are several detectors.
};

/// The metric of which resampled test images tell the uncertainty.
inline constexpr std::string_view kResampledMetric = "I-AUROC";

/// How test images are resampled.
struct BootstrapOptions {
    std::size_t resamples = 1000;
    std::uint64_t seed = 0;
};

/// A point that has no result, and why; tables show it as a gap with a footnote.
struct MissingRow {
    ResultRow point;  ///< Without metrics.
    std::string reason;
};

/// Everything that the tables are made from.
struct Results {
    std::map<std::string, std::string> provenance;  ///< Config, revision, digests, versions.
    std::vector<ResultRow> rows;                    ///< In plan order.
    std::vector<MissingRow> missing;
    std::vector<std::string> metric_names;        ///< In the order of the tables' columns.
    std::optional<BootstrapOptions> bootstrap{};  ///< How `resample` was called, if it was.
};

/// In the provenance of results: rules of thresholds that their sweep was asked for, with blanks
/// between them.
inline constexpr std::string_view kThresholdRules = "threshold_rules";

/// Results without rows, with the names of the default metrics.
[[nodiscard]] Results no_results(std::map<std::string, std::string> provenance);

/// Without image ids, labels, scores and prompts: what tables of means need of many results.
[[nodiscard]] Results without_images(Results results);

/// `results.csv`: `dataset,category,backbone,image_size,setting,shots,seed,modules,detector,tuned,
/// metric,value,reason` (without `detector,tuned` if there is none but PatchEAD), one value a line,
/// values with full precision ("nan" where undefined). Missing points come last, as lines with
/// value "nan" and their reason, one for each of `metric_names`.
[[nodiscard]] std::string results_csv(const Results& results);

/// `image_metrics.csv`: of metrics that are means over images (AUPIMO) the value of each image: the
/// columns of a point, then `metric,image,value`. Empty if none is.
[[nodiscard]] std::string image_metrics_csv(const Results& results);

/// `unmeasured.csv`: the columns of a point, then `split,image,score`. Empty if none has any.
[[nodiscard]] std::string unmeasured_csv(const Results& results);

/// Writes `results.csv` into `folder` and, if there are any, `image_metrics.csv` and
/// `unmeasured.csv`, each file whole; if there is none, that of earlier results goes.
void write_csv(const std::filesystem::path& folder, const Results& results);

/// `costs.csv`: what a query costs at every point that says so: `network_flop`, `scoring_flop` and
/// `memory_bytes`, "nan" where it is not known. Empty if none does.
[[nodiscard]] std::string costs_csv(const Results& results);

/// `results.h5`: the same, with image scores and provenance. Layout: docs/results.md.
void write_results(const std::filesystem::path& path, const Results& results);

/// Reads what `write_results` wrote. Throws CacheError.
[[nodiscard]] Results read_results(const std::filesystem::path& path);

/// `results` with the resamples of every row. A category has the same resampled images in all rows,
/// so that rows can be compared pair by pair; categories are resampled independently of each other.
/// A function of the names of data set and category, their labels and the seed. Not written to
/// files. Throws DataError if a category has other images in one row than in another.
[[nodiscard]] Results resample(Results results, const BootstrapOptions& options);

/// `bootstrap.csv`: the 95 % interval of every point that has resamples, in full precision.
[[nodiscard]] std::string bootstrap_csv(const Results& results);

/// Results and what they are called in messages.
struct ResultsFile {
    std::string name;
    Results results;
};

/// The rows of several runs as one, in the order of `files`, e.g. backbones run on two clusters.
/// A point that several runs hold is taken once (provenance "repeated_points" says how often that
/// was), and is missing only if none has it.
/// Throws ConfigError that names two files if they saw different samples of a data set (their id
/// digests differ), hold different metrics, or different values of a point.
[[nodiscard]] Results merge_results(std::span<const ResultsFile> files);

}  // namespace patchead
