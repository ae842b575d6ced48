#include "patchead/pipeline/duplicates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "features.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/quantile.hpp"

namespace patchead {
namespace {

constexpr double kUsual = 0.75;
/// Of features that are the same but for the sums that compare them.
constexpr double kSameFeatures = 1e-5;

using Vector = std::vector<double>;
using Neighbours = std::vector<std::set<std::size_t>>;

void normalise(Vector& values) {
    const double norm =
        std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
    if (norm == 0) { return; }
    for (double& value : values) { value /= norm; }
}

double cosine(const Vector& a, const Vector& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The direction of the mean over the patches of an image, each of length 1.
Vector mean_direction(std::span<const float> patches, std::size_t dim) {
    Vector mean(dim);
    for (std::size_t at = 0; at < patches.size(); at += dim) {
        Vector patch(patches.begin() + std::ptrdiff_t(at),
                     patches.begin() + std::ptrdiff_t(at + dim));
        normalise(patch);
        std::ranges::transform(mean, patch, mean.begin(), std::plus<>());
    }
    normalise(mean);
    return mean;
}

/// Of pairs of images that were looked at from both sides the similarity from each.
using Similarities = std::map<std::pair<std::size_t, std::size_t>, double>;

/// The images of one category.
class CategoryOfImages {
  public:
    CategoryOfImages(const Store& store, const SweepPlan& plan, std::vector<ImageRef> images)
        : store_(store), plan_(plan), images_(std::move(images)) {}

    [[nodiscard]] CategoryDuplicates find(const DuplicateOptions& options,
                                          const MatchEngine& engine) const {
        const auto& first = sample(0);
        CategoryDuplicates found{first.dataset, first.category, images_.size(), 0, {}};
        const auto similarities = compare(neighbours(options.neighbours), engine);
        Vector nearest(images_.size(), std::numeric_limits<double>::infinity());
        for (const auto& [pair, similarity] : similarities) {
            const auto [one, other] = pair;
            nearest[one] = std::min(nearest[one], distance(similarities, one, other));
        }
        std::ranges::sort(nearest);
        if (images_.size() >= kFewestToCompare) { found.usual = quantile_of(nearest, kUsual); }
        const double most = std::max(options.ratio * found.usual, kSameFeatures);
        for (const auto& [pair, similarity] : similarities) {
            const auto [one, other] = pair;
            if (one > other) { continue; }
            const double d = distance(similarities, one, other);
            if (d <= most) { found.pairs.push_back(told(one, other, d, found.usual)); }
        }
        std::ranges::stable_sort(found.pairs, {}, &DuplicatePair::distance);
        return found;
    }

  private:
    [[nodiscard]] std::size_t number(std::size_t image) const {
        return plan_.embeds[images_[image].embed].samples[images_[image].row];
    }
    [[nodiscard]] const Sample& sample(std::size_t image) const {
        return plan_.spec.samples[number(image)];
    }

    [[nodiscard]] FeatureBlock read(std::span<const ImageRef> images) const {
        return read_features(store_, plan_, images);
    }

    [[nodiscard]] std::vector<Vector> vectors() const {
        if (plan_.spec.method.tokens.image) { return whole_images(); }
        std::vector<Vector> all;
        for (const auto& image : images_) {
            const auto block = read(std::span(&image, 1));
            all.push_back(mean_direction(block.embedding(0), static_cast<std::size_t>(block.dim)));
        }
        return all;
    }

    [[nodiscard]] std::vector<Vector> whole_images() const {
        std::vector<Vector> all;
        for (const auto& image : images_) {
            const auto tokens = read_image_tokens(store_, plan_, std::span(&image, 1));
            all.emplace_back(tokens.feature.begin(), tokens.feature.end());
            normalise(all.back());
        }
        return all;
    }

    /// Of each image those next to it, and those that it is next to.
    [[nodiscard]] Neighbours neighbours(std::size_t count) const {
        const auto all = vectors();
        Neighbours near(all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            std::vector<std::pair<double, std::size_t>> others;
            for (std::size_t j = 0; j < all.size(); ++j) {
                if (j != i) { others.emplace_back(-cosine(all[i], all[j]), j); }
            }
            const auto wanted = std::min(count, others.size());
            std::ranges::partial_sort(others, others.begin() + std::ptrdiff_t(wanted));
            for (std::size_t k = 0; k < wanted; ++k) {
                near[i].insert(others[k].second);
                near[others[k].second].insert(i);
            }
        }
        return near;
    }

    [[nodiscard]] Similarities compare(const Neighbours& near, const MatchEngine& engine) const {
        Similarities found;
        for (std::size_t i = 0; i < near.size(); ++i) {
            if (near[i].empty()) { continue; }
            std::vector<ImageRef> others;
            for (const auto j : near[i]) { others.push_back(images_[j]); }
            const auto match = match_references(read(std::span(&images_[i], 1)), read(others),
                                                Reduce::nearest, engine);
            std::size_t column = 0;
            for (const auto j : near[i]) {
                const auto row = match.row(0, column++);
                found[{i, j}] =
                    std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size());
            }
        }
        return found;
    }

    static double distance(const Similarities& of, std::size_t one, std::size_t other) {
        return std::max(0.0, 1 - std::min(of.at({one, other}), of.at({other, one})));
    }

    [[nodiscard]] DuplicatePair told(std::size_t one, std::size_t other, double distance,
                                     double usual) const {
        const auto [low, high] = std::minmax({number(one), number(other)});
        return {low, high, distance, usual > 0 ? distance / usual : 0,
                sample(one).digest == sample(other).digest && !sample(one).digest.empty()};
    }

    const Store& store_;
    const SweepPlan& plan_;
    std::vector<ImageRef> images_;
};

}  // namespace

std::vector<CategoryDuplicates> find_duplicates(const Store& store, const SweepPlan& plan,
                                                const DuplicateOptions& options,
                                                const MatchEngine& engine) {
    std::map<std::pair<std::string, std::string>, std::vector<ImageRef>> categories;
    std::set<std::pair<std::size_t, int>> inputs;
    for (std::size_t embed = 0; embed < plan.embeds.size(); ++embed) {
        const auto& unit = plan.embeds[embed];
        if (unit.copies) { continue; }
        inputs.emplace(unit.backbone, unit.side_px);
        for (std::size_t row = 0; row < unit.samples.size(); ++row) {
            const auto& sample = plan.spec.samples[unit.samples[row]];
            categories[{sample.dataset, sample.category}].push_back({embed, row});
        }
    }
    require<ConfigError>(inputs.size() <= 1, "duplicates are told by one backbone at one size (",
                         inputs.size(), " were asked for); give one of each");
    std::vector<CategoryDuplicates> found;
    found.reserve(categories.size());
    for (auto& [name, images] : categories) {
        found.push_back(CategoryOfImages(store, plan, std::move(images)).find(options, engine));
    }
    return found;
}

}  // namespace patchead
