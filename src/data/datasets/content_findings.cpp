#include "datasets/content_findings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "patchead/core/error.hpp"

namespace patchead::inline data_detail {
namespace {

/// The high byte is what is left of 16 bits. Where the images of a category lie in fewer of its 256
/// levels than this, detail is lost: cameras of 10, 12 and 14 bits leave 4, 16 and 64.
constexpr int kFewLevels = 64;
constexpr std::size_t kExamples = 3;

/// A sample and what its files hold.
struct Look {
    const Sample* sample;
    const FileFacts* facts;
};

/// The looks at one category.
struct Group {
    std::string name;
    std::vector<Look> all;
    FindingOptions options;

    [[nodiscard]] std::vector<Look> those(const std::function<bool(const Look&)>& are) const {
        std::vector<Look> found;
        std::ranges::copy_if(all, std::back_inserter(found), are);
        return found;
    }
    [[nodiscard]] std::vector<Look> masks() const {
        return those([](const Look& look) {
            return look.sample->anomalous && look.facts->mask.has_value();
        });
    }
};

std::string examples(const std::vector<Look>& looks, std::filesystem::path Sample::*file) {
    std::string text = ": ";
    for (std::size_t i = 0; i < std::min(looks.size(), kExamples); ++i) {
        text += concat(i == 0 ? "'" : ", '", ((*looks[i].sample).*file).string(), "'");
    }
    return text + (looks.size() > kExamples ? ", ..." : "");
}

std::string percent(double share) { return concat(std::lround(100 * share), " %"); }

/// "3 of the 8 masks of 'cap' that were looked at".
std::string some_of(const Group& group, std::size_t count, std::size_t all, const char* what) {
    return concat(count, " of the ", all, ' ', what, " of '", group.name, "' that were looked at");
}

std::string unused_depth(const Group& group) {
    const auto deep = group.those([](const Look& look) {
        return look.facts->bits == 16 && look.facts->brightest >= look.facts->darkest &&
               look.facts->height > 0;
    });
    if (deep.empty()) { return {}; }
    int darkest = 65535;
    int brightest = 0;
    for (const auto& look : deep) {
        darkest = std::min(darkest, look.facts->darkest);
        brightest = std::max(brightest, look.facts->brightest);
    }
    const int left = (brightest >> 8) - (darkest >> 8) + 1;
    if (left > kFewLevels) { return {}; }
    return concat("the 16-bit images of '", group.name, "' (", deep.size(),
                  " looked at) use the levels ", darkest, " to ", brightest,
                  " of 0 to 65535 only, so that ", left,
                  left == 1 ? " of 256 levels is" : " of 256 levels are",
                  " left: the high byte is taken. Convert all images with one fixed scale that "
                  "fills 8 or 16 bit (12 bits of a camera: times 16)",
                  examples(deep, &Sample::image));
}

std::string turned_images(const Group& group) {
    const auto turned = group.those([](const Look& look) { return look.facts->orientation != 1; });
    std::set<int> orientations;
    for (const auto& look : group.all) { orientations.insert(look.facts->orientation); }
    const bool has_masks =
        std::ranges::any_of(turned, [](const Look& look) { return !look.sample->mask.empty(); });
    // Alike in all images and without masks, it makes no difference.
    if (turned.empty() || (!has_masks && orientations.size() == 1)) { return {}; }
    return concat(some_of(group, turned.size(), group.all.size(), "images"),
                  " have an EXIF orientation other than 1, which is not applied",
                  has_masks ? ": masks that were drawn on the upright pictures do not lie on them"
                            : ": they lie otherwise than the others",
                  ". Turn their pixels and remove the tag (ImageMagick: mogrify -auto-orient), "
                  "unless masks fit the pixels as stored",
                  examples(turned, &Sample::image));
}

std::string lossy_masks(const Group& group) {
    const auto masks = group.masks();
    auto lossy = masks;
    std::erase_if(lossy, [](const Look& look) { return !look.facts->mask->is_lossy; });
    if (lossy.empty() || group.options.truth_threshold > 0) { return {}; }
    return concat(some_of(group, lossy.size(), masks.size(), "masks"),
                  " are JPEG, whose loss leaves low levels around each defect, and every level "
                  "above 0 counts as anomalous. Pass --truth-threshold 127, or take PNG masks",
                  examples(lossy, &Sample::mask));
}

std::string soft_masks(const Group& group) {
    const auto masks = group.masks();
    auto soft = masks;
    std::erase_if(soft, [](const Look& look) {
        return look.facts->mask->is_lossy || !look.facts->mask->is_soft();
    });
    if (soft.empty() || group.options.truth_threshold > 0) { return {}; }
    std::size_t above_zero = 0;
    std::size_t above_half = 0;
    for (const auto& look : soft) {
        above_zero += look.facts->mask->above_zero;
        above_half += look.facts->mask->above_half;
    }
    return concat(some_of(group, soft.size(), masks.size(), "masks"),
                  " have soft edges (levels between 0 and their largest): every level above 0 "
                  "counts as anomalous, ",
                  above_zero, " pixels; above half of 255 are ", above_half,
                  ". Pass --truth-threshold 127 if that is the defect",
                  examples(soft, &Sample::mask));
}

std::string implausible_masks(const Group& group) {
    const auto masks = group.masks();
    auto covering = masks;
    std::erase_if(covering, [](const Look& look) { return !look.facts->mask->is_implausible(); });
    if (covering.empty()) { return {}; }
    double least = 1;
    double most = 0;
    bool has_ground = false;
    for (const auto& look : covering) {
        least = std::min(least, look.facts->mask->share());
        most = std::max(most, look.facts->mask->share());
        has_ground = has_ground || look.facts->mask->smallest <= 0;
    }
    const auto* reason = least >= 1 ? "anomalous everywhere?" : "inverted?";
    return concat(
        some_of(group, covering.size(), masks.size(), "masks"), " cover ",
        least < most ? percent(least) + " to " : "", percent(most), " of their image (",
        has_ground ? reason : "no pixel is 0: anomalous everywhere, or class ids from 1 on?",
        "). A mask is above 0 where the defect is, and 0 elsewhere: mend the files",
        examples(covering, &Sample::mask));
}

std::string empty_masks(const Group& group) {
    const auto masks = group.masks();
    auto empty = masks;
    std::erase_if(empty, [](const Look& look) { return look.facts->mask->anomalous > 0; });
    if (empty.empty() || !group.options.empty_masks) { return {}; }
    float largest = 0;
    for (const auto& look : empty) { largest = std::max(largest, look.facts->mask->largest); }
    const auto above =
        concat(" have no level above --truth-threshold ", group.options.truth_threshold,
               " (the largest is ", largest, "): lower it");
    return concat(some_of(group, empty.size(), masks.size(), "masks"), " of defective images",
                  group.options.truth_threshold > 0 ? above : " are empty",
                  examples(empty, &Sample::mask));
}

constexpr std::array kRules{&unused_depth, &turned_images,     &lossy_masks,
                            &soft_masks,   &implausible_masks, &empty_masks};

}  // namespace

std::vector<std::string> content_findings(std::span<const Sample> samples,
                                          std::span<const FileFacts> facts,
                                          const FindingOptions& options) {
    std::map<std::pair<std::string, std::string>, Group> groups;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        auto& group = groups[{samples[i].dataset, samples[i].category}];
        group.name = samples[i].category;
        group.options = options;
        group.all.push_back({&samples[i], &facts[i]});
    }
    std::vector<std::string> findings;
    for (const auto& [name, group] : groups) {
        for (const auto rule : kRules) {
            if (auto text = rule(group); !text.empty()) { findings.push_back(std::move(text)); }
        }
    }
    return findings;
}

}  // namespace patchead::inline data_detail
