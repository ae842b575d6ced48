#include "patchead/plan/company.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include <gtest/gtest.h>

#include "patchead/plan/method_options.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "toy_sweep.hpp"

// Who is scored against whom: toy categories of half normal, half anomalous images of three kinds.

namespace patchead {
namespace {

struct Toy {
    explicit Toy(int count) : samples(patchead::samples(count)) {
        for (std::size_t i = 0; i < samples.size(); ++i) {
            if (samples[i].split == "test") { tests.push_back(i); }
        }
    }
    [[nodiscard]] const Sample& at(std::size_t place) const { return samples[tests[place]]; }
    [[nodiscard]] CompanyDraw draw(const CompanyOptions& options, std::uint64_t seed = 0) const {
        return draw_companies(samples, tests, options, seed);
    }
    [[nodiscard]] std::size_t anomalous(const std::vector<std::size_t>& company) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(company, [&](auto place) { return at(place).anomalous; }));
    }

    std::vector<Sample> samples;
    std::vector<std::size_t> tests;
};

const CompanyOptions kHalfOfNine{0.5, 9, CompanyOrder::shuffle};

TEST(Companies, AreNoneUnlessAskedFor) {
    const auto draw = Toy(20).draw({});
    EXPECT_EQ(draw.companies, nullptr);
    EXPECT_EQ(draw.hindrance, "");
}

TEST(Companies, HaveTheShareAndTheSizeAndNeverTheImageItself) {
    const Toy toy(40);
    for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        const auto companies = toy.draw({share, 9, CompanyOrder::shuffle}).companies;
        ASSERT_EQ(companies->size(), 40U);
        for (std::size_t i = 0; i < companies->size(); ++i) {
            const auto& company = (*companies)[i];
            EXPECT_EQ(std::set(company.begin(), company.end()).size(), 8U);
            EXPECT_TRUE(std::ranges::is_sorted(company));
            EXPECT_EQ(std::ranges::count(company, i), 0);
            EXPECT_EQ(static_cast<double>(toy.anomalous(company)), share * 8) << share;
        }
    }
}

// 0.3 * 3 = 0.9 and 0.1 * 1: one or none, and the mean of 20 normal and of 20 anomalous images is
// the share as nearly as 20 images allow.
TEST(Companies, TakeTurnsWhereTheShareIsNoWholeNumber) {
    const Toy toy(40);
    for (const auto& [share, size] : {std::pair{0.3, 4}, {0.1, 2}, {0.7, 2}, {0.45, 8}}) {
        const auto others = static_cast<double>(size - 1);
        const auto companies =
            toy.draw({share, static_cast<std::size_t>(size), CompanyOrder::shuffle}).companies;
        std::array<double, 2> sums{};
        for (std::size_t i = 0; i < companies->size(); ++i) {
            const auto count = static_cast<double>(toy.anomalous((*companies)[i]));
            EXPECT_LT(std::abs(count - share * others), 1) << share;
            sums[toy.at(i).anomalous] += count;
        }
        EXPECT_LE(std::abs(sums[0] - 20 * share * others), 0.5 + 1e-9) << share;
        EXPECT_LE(std::abs(sums[1] - 20 * share * others), 0.5 + 1e-9) << share;
    }
}

TEST(Companies, AreAFunctionOfTheSeedAndGrowWithTheSize) {
    const Toy toy(40);
    EXPECT_EQ(*toy.draw(kHalfOfNine).companies, *toy.draw(kHalfOfNine).companies);
    EXPECT_NE(*toy.draw(kHalfOfNine).companies, *toy.draw(kHalfOfNine, 1).companies);
    const auto small = toy.draw({kNaturalShare, 4, CompanyOrder::shuffle}).companies;
    const auto large = toy.draw({kNaturalShare, 16, CompanyOrder::shuffle}).companies;
    for (std::size_t i = 0; i < small->size(); ++i) {
        EXPECT_TRUE(std::ranges::includes((*large)[i], (*small)[i]));
    }
}

TEST(Companies, OfANaturalShareReadNoLabels) {
    const Toy toy(40);
    auto other = toy;
    for (auto& sample : other.samples) { sample.anomalous = !sample.anomalous; }
    const CompanyOptions options{kNaturalShare, 8, CompanyOrder::shuffle};
    EXPECT_FALSE(options.read_labels());
    EXPECT_EQ(*toy.draw(options).companies, *other.draw(options).companies);
    EXPECT_TRUE(kHalfOfNine.read_labels());
    const CompanyOptions quarter{0.25, 9, CompanyOrder::shuffle};
    EXPECT_NE(*toy.draw(quarter).companies, *other.draw(quarter).companies);
}

TEST(Companies, OfAllAreAsManyAsEachImageCanHave) {
    const Toy toy(40);  // Each has 19 others of its own class.
    const auto of = [&](double share) {
        return toy.draw({share, kAllImages, CompanyOrder::shuffle}).companies->front().size();
    };
    EXPECT_EQ(of(0), 19U);
    EXPECT_EQ(of(0.5), 38U);
    EXPECT_EQ(of(0.75), 25U);  // 18.75 of 25 are 19 at most; of 26, 19.5 would be 20.
    const auto all = toy.draw({kNaturalShare, kAllImages, CompanyOrder::defect}).companies;
    EXPECT_EQ(all->front().size(), 39U);
}

TEST(Companies, ByDefectAreTheBatchesOfSortedFolders) {
    const Toy toy(22);
    const auto companies = toy.draw({kNaturalShare, 5, CompanyOrder::defect}).companies;
    EXPECT_EQ((*companies)[6], (std::vector<std::size_t>{5, 7, 8, 9}));
    EXPECT_EQ((*companies)[21], (std::vector<std::size_t>{17, 18, 19, 20})) << "it begins earlier";
}

TEST(Companies, ByDefectWithAShareHaveTheirOwnKindFirst) {
    const Toy toy(60);  // 10 of each of three kinds.
    const auto companies = toy.draw({0.5, 9, CompanyOrder::defect}).companies;
    for (std::size_t i = 0; i < companies->size(); ++i) {
        std::set<std::string> kinds;
        for (const auto place : (*companies)[i]) {
            if (toy.at(place).anomalous) { kinds.insert(toy.at(place).defect_type); }
        }
        EXPECT_EQ(kinds.size(), 1U);
        if (toy.at(i).anomalous) { EXPECT_EQ(*kinds.begin(), toy.at(i).defect_type); }
    }
    const auto larger = toy.draw({0.5, 29, CompanyOrder::defect}).companies;  // 14 of 9 own ones.
    for (std::size_t i = 0; i < larger->size(); ++i) {
        if (!toy.at(i).anomalous) { continue; }
        EXPECT_EQ(
            std::ranges::count_if(
                (*larger)[i],
                [&](auto place) { return toy.at(place).defect_type == toy.at(i).defect_type; }),
            9);
    }
}

TEST(Companies, ThatACategoryIsTooSmallForAreRefusedByName) {
    const Toy toy(20);  // 9 others of each class.
    EXPECT_EQ(toy.draw({0.7, 14, CompanyOrder::shuffle}).hindrance,
              "toy/dots is too small for batches of 14 images with a share of 0.7 anomalous ones "
              "(each test image has 9 normal and 9 anomalous others)");
    EXPECT_EQ(toy.draw({0.7, 13, CompanyOrder::shuffle}).hindrance, "");
    EXPECT_NE(toy.draw({kNaturalShare, 21, CompanyOrder::shuffle}).hindrance, "");
    EXPECT_EQ(toy.draw({kNaturalShare, 20, CompanyOrder::shuffle}).hindrance, "");
}

SweepPlan plan_with(const CompanyOptions& options, int tests = 40) {
    auto task = spec(tests);
    task.method.batch.size = 0;
    task.method.company = options;
    return make_plan(std::move(task));
}

/// Digests of units.
std::set<std::string> keys(const auto& units) {
    std::set<std::string> found;
    for (const auto& unit : units) { found.insert(unit.key.digest()); }
    return found;
}

TEST(CompanyPlan, ReadsTheMatchesOfTheBatchOfAll) {
    const auto plain = plan_with({});
    const auto attacked = plan_with(kHalfOfNine);
    EXPECT_EQ(keys(plain.embeds), keys(attacked.embeds));
    EXPECT_EQ(keys(plain.matches), keys(attacked.matches));
    for (std::size_t i = 0; i < plain.evaluates.size(); ++i) {
        const auto& one = plain.evaluates[i];
        const bool is_few_shot = one.shots > 0;
        EXPECT_EQ(one.key.digest() == attacked.evaluates[i].key.digest(), is_few_shot);
        EXPECT_EQ(one.key.json().find("company"), std::string::npos);
        EXPECT_EQ(attacked.evaluates[i].companies == nullptr, is_few_shot);
        EXPECT_EQ(one.tests, attacked.evaluates[i].tests) << "fixed test images";
    }
}

TEST(CompanyPlan, LeavesOutWhatACategoryIsTooSmallForAndSaysSo) {
    const auto plan = plan_with({0.7, 36, CompanyOrder::shuffle});
    EXPECT_EQ(plan.impossible.size(), 4U) << "two seeds, two modules";
    EXPECT_NE(plan.impossible.front().reason.find("toy/dots is too small"), std::string::npos);
    ASSERT_EQ(plan.notes.size(), 1U);
    EXPECT_NE(plan.notes.front().find("no points"), std::string::npos);
    for (const auto& unit : plan.evaluates) { EXPECT_GT(unit.shots, 0); }
}

}  // namespace
}  // namespace patchead
