#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "patchead/metrics/bootstrap.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What words and patches tell apart: the paper's supplement C, Figure 7 and Eq. (8), of
/// recorded image scores. docs/method.md says what each number means.

namespace patchead {

struct TextStudyOptions {
    int bins = 30;              ///< Of the histograms whose overlap is told.
    bool in_deviations = true;  ///< Bounds in standard deviations of the critic's scores, or in its
                                ///< own units.
    BootstrapOptions bootstrap{};  ///< Without resamples there are no intervals.
};

/// A number with its 95 % interval over test images; an overlap has none (resamples repeat images,
/// so their histograms share less).
struct StudyValue {
    std::optional<double> value;
    std::optional<Interval> interval;
};

/// What is told of scores.
enum class StudyMeasure : std::uint8_t {
    mean_normal,
    mean_anomalous,
    overlap,  ///< Share of either kind under both histograms, in [0, 1].
    auroc,
    bound,  ///< I_CLUB: expected score of negatives less that of positives.
    shift   ///< How far an augmentation moves the score of an image beyond what moves all alike.
};
inline constexpr std::size_t kStudyMeasures = 6;

/// A data set, or its categories one by one.
struct TextStudyTable {
    struct Row {
        std::string category;  ///< Empty: the mean of all.
        std::string backbone;
        std::string image_size;
        std::string setting;
        std::string shots;
        std::string critic;   ///< The detector whose scores they are, as results call it.
        std::string modules;  ///< Of PatchEAD.
        /// "nothing"; a perturbation, "noise-0.05"; "patches", all of them; or "words", all
        /// paraphrases.
        std::string augmented;
        std::string term;         ///< "U1", "U2" or empty: which term I_CLUB bounds.
        std::size_t members = 0;  ///< Points that the numbers are means of.
        std::array<StudyValue, kStudyMeasures> values{};
        std::string note;  ///< Why numbers are missing, or left out of a mean.
    };
    std::string name;  ///< "text_mvtec" or "text_mvtec_categories": file stem.
    std::string caption;
    std::vector<Row> rows;
    std::vector<std::string> footnotes;
};

/// Two tables for each data set. A detector's perturbed test images and paraphrased sentences
/// ("mvtec+noise-0.05", "clip:paraphrase=1") stand in rows of their own below it; rows of words
/// want each paraphrase with its negative (1 and -1).
/// Throws DataError if points of a category have different test images.
[[nodiscard]] std::vector<TextStudyTable> make_text_study(const Results& results,
                                                          const TextStudyOptions& options);

[[nodiscard]] std::string to_markdown(const TextStudyTable& table);
[[nodiscard]] std::string to_latex(const TextStudyTable& table);
/// In full precision, as fractions.
[[nodiscard]] std::string to_csv(const TextStudyTable& table);
[[nodiscard]] std::string to_json(const TextStudyTable& table);

/// Each table as .md, .tex, .csv and .json into `folder`.
void write_text_study(const std::filesystem::path& folder,
                      const std::vector<TextStudyTable>& tables);

}  // namespace patchead
