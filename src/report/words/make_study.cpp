#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/report/text_study.hpp"
#include "words/critics.hpp"
#include "words/member.hpp"

namespace patchead {
namespace {

constexpr const char* kNothingAugmented = "nothing";
constexpr const char* kPatchesAugmented = "patches";
constexpr const char* kWordsAugmented = "words";

/// Which points are a row.
struct AugmentedGroup {
    std::string name;
    std::string term;
    std::vector<Augmentation> of;
};

/// Of a critic: what any of its categories has.
std::vector<AugmentedGroup> groups_of(const std::map<std::string, CriticPoints>& categories) {
    std::set<Augmentation> all;
    for (const auto& [category, points] : categories) {
        for (const auto& augmentation : points.augmentations()) { all.insert(augmentation); }
    }
    std::vector<AugmentedGroup> groups{{kNothingAugmented, "", {{}}}};
    AugmentedGroup patches{kPatchesAugmented, "U1", {}};
    AugmentedGroup words{kWordsAugmented, "U2", {}};
    for (const auto& augmentation : all) {
        const auto& [perturbation, paraphrase] = augmentation;
        if (!perturbation.empty() && paraphrase == 0) {
            groups.push_back({perturbation, "", {augmentation}});
            patches.of.push_back(augmentation);
        }
        if (perturbation.empty() && paraphrase > 0) { words.of.push_back(augmentation); }
    }
    for (auto* group : {&patches, &words}) {
        if (!group->of.empty()) { groups.push_back(std::move(*group)); }
    }
    return groups;
}

/// The points of `group` of all seeds; a paraphrase without its negative is none.
std::vector<StudyMember> members_of(const CriticPoints& points, const AugmentedGroup& group) {
    std::vector<StudyMember> members;
    for (const auto seed : points.seeds()) {
        for (const auto& augmentation : group.of) {
            StudyMember member{points.find(seed, augmentation), nullptr, points.find(seed, {})};
            if (augmentation.paraphrase != 0) {
                member.negative =
                    points.find(seed, {augmentation.perturbation, -augmentation.paraphrase});
                if (member.negative == nullptr) { continue; }
            }
            if (member.row != nullptr) { members.push_back(member); }
        }
    }
    return members;
}

/// Means over members, and over categories: those of each resample, too.
MemberNumbers mean_of(const std::vector<MemberNumbers>& parts) {
    const auto count = static_cast<double>(parts.size());
    auto mean = parts.front();
    const auto add = [](const MemberValues& from, MemberValues& to) {
        for (std::size_t i = 0; i < kStudyMeasures; ++i) { to[i] += from[i]; }
    };
    const auto divide = [count](MemberValues& values) {
        for (auto& value : values) { value /= count; }
    };
    for (std::size_t part = 1; part < parts.size(); ++part) {
        add(parts[part].values, mean.values);
        for (std::size_t i = 0; i < mean.resamples.size(); ++i) {
            add(parts[part].resamples[i], mean.resamples[i]);
        }
    }
    divide(mean.values);
    std::ranges::for_each(mean.resamples, divide);
    return mean;
}

StudyValue value_of(const MemberNumbers& numbers, std::size_t measure) {
    const double value = numbers.values[measure];
    if (std::isnan(value)) { return {}; }
    std::vector<double> resamples;
    for (const auto& values : numbers.resamples) {
        if (!std::isnan(values[measure])) { resamples.push_back(values[measure]); }
    }
    const bool is_overlap = measure == static_cast<std::size_t>(StudyMeasure::overlap);
    if (resamples.empty() || is_overlap) { return {value, std::nullopt}; }
    return {value, percentile_interval(std::move(resamples))};
}

/// Without numbers.
TextStudyTable::Row row_of(const Critic& critic, const AugmentedGroup& group) {
    TextStudyTable::Row row;
    row.backbone = critic.backbone;
    row.image_size = critic.image_size;
    row.setting = critic.setting;
    row.shots = critic.shots;
    row.critic = critic.detector;
    row.modules = critic.modules;
    row.augmented = group.name;
    row.term = group.term;
    return row;
}

bool has_both(const ResultRow& row) {
    return std::ranges::count(row.anomalous, 0) > 0 &&
           std::ranges::count(row.anomalous, 0) < std::ssize(row.anomalous);
}

/// The rows of one data set in the making.
class StudyMaker {
  public:
    StudyMaker(std::string dataset, const TextStudyOptions& options)
        : dataset_(std::move(dataset)), options_(options) {}

    void add(const Critic& critic, const std::map<std::string, CriticPoints>& categories) {
        look_for_unused(critic, categories);
        for (const auto& group : groups_of(categories)) { add(critic, group, categories); }
    }

    [[nodiscard]] std::vector<TextStudyTable> tables() && {
        const auto caption = fmt::format("Words and patches on {}", dataset_);
        const auto footnotes = notes();
        TextStudyTable means{"text_" + dataset_, caption, std::move(means_), footnotes};
        TextStudyTable all{"text_" + dataset_ + "_categories", caption + ", by category",
                           std::move(categories_), footnotes};
        return {std::move(means), std::move(all)};
    }

  private:
    void add(const Critic& critic, const AugmentedGroup& group,
             const std::map<std::string, CriticPoints>& categories) {
        std::vector<MemberNumbers> parts;
        auto mean = row_of(critic, group);
        std::string left_out;
        for (const auto& [category, points] : categories) {
            const auto members = members_of(points, group);
            if (members.empty()) { continue; }
            auto row = mean;
            row.category = category;
            row.members = members.size();
            if (has_both(*members.front().row)) {
                parts.push_back(measured(category, members));
                put(parts.back(), row);
                mean.members += members.size();
            } else {
                row.note = "Its test images are all of one kind, between which nothing tells.";
                left_out += (left_out.empty() ? "" : ", ") + category;
            }
            categories_.push_back(std::move(row));
        }
        if (parts.empty() && left_out.empty()) { return; }  // Paraphrases without negatives.
        if (!parts.empty()) { put(mean_of(parts), mean); }
        if (!left_out.empty()) {
            mean.note = fmt::format("Without {} (test images of one kind).", left_out);
        }
        means_.push_back(std::move(mean));
    }

    /// What no row is made of.
    void look_for_unused(const Critic& critic,
                         const std::map<std::string, CriticPoints>& categories) {
        for (const auto& [category, points] : categories) {
            const auto all = points.augmentations();
            for (const auto& [perturbation, paraphrase] : all) {
                if (paraphrase == 0) { continue; }
                if (!perturbation.empty()) {
                    unused_.insert("points with both patches and words augmented");
                } else if (std::ranges::count(all, Augmentation{"", -paraphrase}) == 0) {
                    unused_.insert(fmt::format("paraphrase {} of {} (without {})", paraphrase,
                                               critic.detector, -paraphrase));
                }
            }
        }
    }

    [[nodiscard]] MemberNumbers measured(const std::string& category,
                                         const std::vector<StudyMember>& members) {
        const auto found = resamples_.find(category);
        const auto& resamples =
            found != resamples_.end()
                ? found->second
                : resamples_
                      .emplace(
                          category,
                          Resamples(members.front().row->anomalous, options_.bootstrap.resamples,
                                    Random(concat("bootstrap ", dataset_, "/", category),
                                           options_.bootstrap.seed)))
                      .first->second;
        std::vector<MemberNumbers> numbers;
        for (const auto& member : members) {
            numbers.push_back(measure_member(member, resamples, options_));
        }
        return mean_of(numbers);
    }

    static void put(const MemberNumbers& numbers, TextStudyTable::Row& row) {
        for (std::size_t i = 0; i < kStudyMeasures; ++i) { row.values[i] = value_of(numbers, i); }
    }

    [[nodiscard]] std::vector<std::string> notes() const {
        std::vector<std::string> notes{fmt::format(
            "I_CLUB, Eq. (8): the critic's expected score of negatives less that of positives{}. "
            "Rows U1 have augmented patches, rows U2 paraphrased sentences. Overlap: of histograms "
            "of {} bins. Shift: how far an augmentation moves an image's score, beyond what moves "
            "all alike. "
            "docs/method.md.",
            options_.in_deviations ? ", in percent of the standard deviation of its scores" : "",
            options_.bins)};
        if (!unused_.empty()) {
            notes.push_back(fmt::format("Left out: {}.", fmt::join(unused_, ", ")));
        }
        const auto has_term = [](const TextStudyTable::Row& row) { return !row.term.empty(); };
        if (std::ranges::none_of(means_, has_term)) {
            notes.emplace_back(
                "No row bounds U1 or U2: the sweep has no perturbed test images and no paraphrases "
                "with their negatives (configs/figure7.cfg has).");
        }
        if (options_.bootstrap.resamples > 0) {
            notes.push_back(
                fmt::format("In brackets: 95 % intervals from {} resamples of the test images.",
                            options_.bootstrap.resamples));
        }
        return notes;
    }

    std::string dataset_;
    const TextStudyOptions& options_;
    std::map<std::string, Resamples> resamples_;
    std::set<std::string> unused_;
    std::vector<TextStudyTable::Row> means_;
    std::vector<TextStudyTable::Row> categories_;
};

}  // namespace

std::vector<TextStudyTable> make_text_study(const Results& results,
                                            const TextStudyOptions& options) {
    require<DataError>(!results.rows.empty(),
                       "the results have no point (nothing can be told of them); run the sweep "
                       "again");
    std::vector<TextStudyTable> tables;
    for (const auto& [dataset, critics] : group_critics(results)) {
        StudyMaker maker(dataset, options);
        for (const auto& [critic, categories] : critics) { maker.add(critic, categories); }
        for (auto& table : std::move(maker).tables()) { tables.push_back(std::move(table)); }
    }
    return tables;
}

}  // namespace patchead
