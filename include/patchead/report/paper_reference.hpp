#pragma once

#include <compare>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// \file
/// \brief The numbers that the paper prints (analysis/reference), and what does not fit among them.

namespace patchead {

/// What a number of the paper is about, in the paper's words.
struct PaperPoint {
    std::string method;    ///< "PatchEAD", "PatchEAD+" or the name of another method.
    std::string backbone;  ///< "DINOv2"; empty for other methods.
    std::string modules;   ///< "none", "align", "mask", "align+mask" or "patchead+"; may be empty.
    std::string setting;   ///< "few-shot" or "batch-zero-shot".
    int shots = 0;
    int image_size = 0;    ///< 0: what the paper uses for the backbone.
    std::string dataset;   ///< "MVTec"; "Average" is the mean over the data sets of a table.
    std::string category;  ///< Empty: the mean over the categories.
    std::string metric;    ///< "I-AUROC", "I-AP", "P-AUROC" or "P-PRO"; in Table 6 what is counted.
    std::string
        detector{};  ///< Of a measured line of a method that the paper quotes: its name here.

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the comparison it makes.
    auto operator<=>(const PaperPoint&) const = default;
};

/// A printed number. Fractions, but for the counts of Table 6.
struct PaperNumber {
    std::string table;    ///< "table1".
    PaperPoint point;     ///< PatchEAD+ has modules "patchead+",
    std::string modules;  ///< and here what that means on the data set.
    double mean = 0;
    std::optional<double> std;
    /// Of a category cell of Tables 7 and 8 with 2 or 4 shots, which is a mean over the shots up
    /// to these: what the shots themselves gave.
    std::optional<double> recovered;
};

/// All that the paper prints.
struct PaperReference {
    std::vector<PaperNumber> numbers;  ///< In the order of the tables.
    std::vector<std::pair<std::string, std::string>> dataset_types;  ///< Table 6: name and type.

    /// Nothing if the paper does not print it.
    [[nodiscard]] const PaperNumber* find(const std::string& table, const PaperPoint& point) const;
    /// Of a data set, in the order of the paper.
    [[nodiscard]] std::vector<std::string> categories(const std::string& dataset) const;
};

/// The numbers of analysis/reference, as they were when the program was built.
[[nodiscard]] const PaperReference& paper_reference();

/// Something that does not fit among the paper's own numbers.
struct PaperInconsistency {
    std::string kind;  ///< "average", "cumulative", "impossible", "mean" or "deviation".
    std::string text;  ///< A sentence, with the numbers in percent.
    std::vector<std::pair<std::string, PaperPoint>> cells;  ///< Tables and points that it is about.
};

/// Checks the paper against itself:
///  * an average of categories (Tables 7-10) or data sets (Table 2) is their mean within 0.1
///    points, the most that rounding to one decimal explains ("average", or "cumulative" where
///    the cells are means over several shots and the recovered ones do average to it);
///  * no value exceeds 100 % by more than rounding explains ("impossible");
///  * tables that print the same point print the same mean ("mean") and, if so, the same standard
///    deviation ("deviation").
[[nodiscard]] std::vector<PaperInconsistency> audit(const PaperReference& reference);

}  // namespace patchead
