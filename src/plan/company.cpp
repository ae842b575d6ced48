#include "patchead/plan/company.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/random.hpp"

namespace patchead {
namespace {

using Places = std::vector<std::size_t>;

constexpr double kGuard = 1e-9;  // 0.7 * 10 is 7.000000000000001 in binary.

std::size_t whole_below(double value) {
    return static_cast<std::size_t>(std::floor(value + kGuard));
}

std::size_t whole_above(double value) {
    return static_cast<std::size_t>(std::ceil(value - kGuard));
}

/// Draws companies of one category.
class CompanyMaker {
  public:
    CompanyMaker(std::span<const Sample> samples, std::span<const std::size_t> tests,
                 const CompanyOptions& options, std::uint64_t seed)
        : samples_(samples), tests_(tests), options_(options), seed_(seed) {
        for (std::size_t i = 0; i < tests.size(); ++i) { of_class_[is_anomalous(i)].push_back(i); }
    }

    CompanyDraw draw() {
        const auto members = members_each();
        if (members == 0) { return {nullptr, hindrance()}; }
        Companies companies(tests_.size());
        if (options_.share == kNaturalShare) {
            for (std::size_t i = 0; i < tests_.size(); ++i) {
                companies[i] =
                    options_.order == CompanyOrder::shuffle ? any(i, members) : beside(i, members);
            }
        } else {
            for (const auto& images : of_class_) { mix(images, members, companies); }
        }
        for (auto& company : companies) { std::ranges::sort(company); }
        return {std::make_shared<const Companies>(std::move(companies)), {}};
    }

  private:
    [[nodiscard]] const Sample& sample(std::size_t place) const { return samples_[tests_[place]]; }
    [[nodiscard]] bool is_anomalous(std::size_t place) const { return sample(place).anomalous; }

    /// Of the normal or of the anomalous images so many meet each image: one fewer than there are
    /// if it may be one of them.
    [[nodiscard]] std::size_t others(bool anomalous) const {
        const auto count = of_class_[anomalous].size();
        return count > 0 ? count - 1 : 0;
    }

    [[nodiscard]] bool can_have(std::size_t members) const {
        if (members >= tests_.size()) { return false; }
        if (options_.share == kNaturalShare) { return true; }
        const double wanted = options_.share * static_cast<double>(members);
        return whole_above(wanted) <= others(true) &&
               members - whole_below(wanted) <= others(false);
    }

    /// How many each company has; 0 if that cannot be.
    [[nodiscard]] std::size_t members_each() const {
        if (options_.size != kAllImages) {
            return can_have(options_.size - 1) ? options_.size - 1 : 0;
        }
        std::size_t members = 0;
        while (can_have(members + 1)) { ++members; }
        return members;
    }

    [[nodiscard]] std::string hindrance() const {
        const auto share = options_.share == kNaturalShare
                               ? std::string()
                               : concat(" with a share of ", exact_share(), " anomalous ones");
        const auto size = options_.size == kAllImages ? std::string("any number of images")
                                                      : concat(options_.size, " images");
        const auto& first = tests_.empty() ? Sample{} : sample(0);
        return concat(first.dataset, "/", first.category, " is too small for batches of ", size,
                      share, " (each test image has ", others(false), " normal and ", others(true),
                      " anomalous others)");
    }

    [[nodiscard]] std::string exact_share() const { return ShareOrNatural().text(options_.share); }

    [[nodiscard]] Random random(const std::string& of) const {
        const auto& first = sample(0);
        return {concat("company/", first.dataset, "/", first.category, "/", of), seed_};
    }

    /// All others in the order in which this image meets them.
    [[nodiscard]] Places others_in_turn(std::size_t image) const {
        auto order = shuffled(tests_.size(), random(sample(image).id));
        std::erase(order, image);
        return order;
    }

    [[nodiscard]] Places any(std::size_t image, std::size_t members) const {
        auto company = others_in_turn(image);
        company.resize(members);
        return company;
    }

    /// The batch of an image where sorted tests are cut one after another.
    [[nodiscard]] Places beside(std::size_t image, std::size_t members) const {
        const auto size = members + 1;
        const auto first = std::min(image / size * size, tests_.size() - size);
        Places company;
        for (auto i = first; i < first + size; ++i) {
            if (i != image) { company.push_back(i); }
        }
        return company;
    }

    /// Companies of `images`, all normal or all anomalous.
    void mix(const Places& images, std::size_t members, Companies& companies) const {
        if (images.empty()) { return; }
        const double wanted = options_.share * static_cast<double>(members);
        const auto until = [&](std::size_t turn) {
            return whole_below(wanted * static_cast<double>(turn) + 0.5);
        };
        const auto turns =
            shuffled(images.size(),
                     random(is_anomalous(images.front()) ? "turns/anomalous" : "turns/normal"));
        for (std::size_t turn = 0; turn < turns.size(); ++turn) {
            const auto image = images[turns[turn]];
            companies[image] = mixed(image, members, until(turn + 1) - until(turn));
        }
    }

    [[nodiscard]] Places mixed(std::size_t image, std::size_t members,
                               std::size_t anomalous) const {
        Places normal, other;
        for (const auto place : others_in_turn(image)) {
            (is_anomalous(place) ? other : normal).push_back(place);
        }
        if (options_.order == CompanyOrder::defect) { put_kinds_together(image, other); }
        other.resize(anomalous);
        normal.resize(members - anomalous);
        other.insert(other.end(), normal.begin(), normal.end());
        return other;
    }

    /// `anomalous` in the order of their kinds: that of `image`, then as they come.
    void put_kinds_together(std::size_t image, Places& anomalous) const {
        std::map<std::string, std::size_t> rank;
        if (is_anomalous(image)) { rank.emplace(sample(image).defect_type, 0); }
        for (const auto place : anomalous) { rank.emplace(sample(place).defect_type, rank.size()); }
        std::ranges::stable_sort(
            anomalous, {}, [&](std::size_t place) { return rank.at(sample(place).defect_type); });
    }

    std::span<const Sample> samples_;
    std::span<const std::size_t> tests_;
    const CompanyOptions& options_;
    std::uint64_t seed_;
    std::array<Places, 2> of_class_;  ///< The normal ones, then the anomalous ones.
};

}  // namespace

CompanyDraw draw_companies(std::span<const Sample> samples, std::span<const std::size_t> tests,
                           const CompanyOptions& options, std::uint64_t seed) {
    if (!options.are_asked()) { return {}; }
    return CompanyMaker(samples, tests, options, seed).draw();
}

std::string digest_of(const Companies& companies) {
    ListDigest list;
    for (const auto& company : companies) {
        std::string places;
        for (const auto place : company) { places += concat(place, " "); }
        list.add(places);
    }
    return list.text();
}

}  // namespace patchead
