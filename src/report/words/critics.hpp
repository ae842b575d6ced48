#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "patchead/results/results.hpp"

/// \file
/// \brief Points by the critic whose scores they are and by what of its inputs was augmented.
/// Private to the report layer.

namespace patchead::inline report_detail {

/// A method at one setting: what points share that differ in data, seed and augmentation.
struct Critic {
    std::string backbone;
    std::string image_size;
    std::string setting;
    std::string shots;
    std::string detector;  ///< Without its paraphrase: "clip" of "clip:paraphrase=1".
    std::string modules;

    auto operator<=>(const Critic&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// What was done to the inputs of a point.
struct Augmentation {
    std::string perturbation;  ///< Of images; empty: they are as they are.
    int paraphrase = 0;        ///< 0: all sentences.

    auto operator<=>(const Augmentation&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// The points of a critic on a category.
class CriticPoints {
  public:
    void add(const ResultRow& row, const Augmentation& augmentation) {
        rows_[row.seed][augmentation] = &row;
    }
    /// Null if there is none.
    [[nodiscard]] const ResultRow* find(std::int64_t seed, const Augmentation& augmentation) const;
    [[nodiscard]] std::vector<std::int64_t> seeds() const;
    /// Of any seed, ascending.
    [[nodiscard]] std::vector<Augmentation> augmentations() const;

  private:
    std::map<std::int64_t, std::map<Augmentation, const ResultRow*>> rows_;
};

/// Data set, without what perturbs it -> critic -> category.
using CriticsByDataset =
    std::map<std::string, std::map<Critic, std::map<std::string, CriticPoints>>>;

/// `results` must outlive it. Throws DataError if points of a category have different images.
[[nodiscard]] CriticsByDataset group_critics(const Results& results);

}  // namespace patchead::inline report_detail
