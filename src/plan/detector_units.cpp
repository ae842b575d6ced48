#include "detector_units.hpp"

#include <string>

#include "patchead/core/error.hpp"
#include "patchead/core/turns.hpp"
#include "patchead/plan/class_texts.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "patchead/plan/pass_tokens.hpp"

namespace patchead::inline plan_detail {
namespace {

/// Detectors see the patches of all images on one grid, and every patch counts.
void require_one_shape(const Scope& scope, const PlannedDetector& detector) {
    if (scope.spec.method.features.resize == Resize::squash) { return; }
    const auto frame =
        frame_of(scope.spec, scope.category.tests.front(), scope.backbone, scope.side_px);
    for (const auto& sample : scope.spec.samples) {
        const bool takes_part = sample.size.area() > 0 && sample.category == scope.category.name &&
                                sample.dataset == scope.category.dataset;
        if (!takes_part) { continue; }
        const auto place = static_cast<std::size_t>(&sample - scope.spec.samples.data());
        const auto shape = shape_of(scope.spec, place, scope.backbone, scope.side_px);
        require<ConfigError>(shape.grid == frame, "detector ", detector.name, ": the images of ",
                             sample.dataset, "/", sample.category, " differ in shape ('", sample.id,
                             "' has ", shape.grid.rows, " x ", shape.grid.cols,
                             " patches, others fill ", frame.rows, " x ", frame.cols,
                             "; its model needs one grid); give --resize squash, or leave the "
                             "category or the detector out");
    }
}

}  // namespace

DetectorUnits::DetectorUnits(const Scope& scope, std::size_t detector, std::uint64_t seed,
                             UnitList& units)
    : scope_(scope),
      detector_(detector),
      seed_(seed),
      units_(units),
      settings_(
          scope.spec.detectors[detector].settings(scope.category.dataset, scope.category.name)) {
    const auto& planned = scope.spec.detectors[detector];
    require_one_shape(scope, planned);
    for (const auto* needs : {&settings_.few_shot, &settings_.zero_shot}) {
        if (*needs) { require_towers(scope.spec.backbones[scope.backbone], planned.name, **needs); }
    }
}

std::vector<ImageRef> DetectorUnits::tests(const PlannedNeeds& needs) {
    std::vector<ImageRef> places;
    for (const auto& test : scope_.tests) {
        places.push_back({units_.with_needs(test.embed, needs), test.row});
    }
    return places;
}

std::vector<ImageRef> DetectorUnits::references(const PlannedNeeds& needs, std::size_t prompt) {
    EmbedUnit unit{scope_.backbone, scope_.side_px, {prompt}};
    unit.tokens = tokens_for(scope_.spec, scope_.backbone, needs);
    std::vector<ImageRef> rows{{units_.add(unit), 0}};
    auto versions = fixed_versions(needs.copies);
    const auto turns = even_turns(needs.turns);
    versions.insert(versions.end(), turns.begin(), turns.end());
    if (versions.empty()) { return rows; }
    unit.samples.assign(versions.size(), prompt);
    unit.copies = Copies{.versions = versions};
    const auto copies = units_.add(std::move(unit));
    for (std::size_t row = 0; row < versions.size(); ++row) { rows.push_back({copies, row}); }
    return rows;
}

std::size_t DetectorUnits::model_of(const std::vector<std::size_t>& prompts) {
    const auto& needs = *settings_.few_shot;
    FitUnit fit{.detector = detector_, .seed = seed_, .references = {}};
    for (const auto prompt : prompts) {
        const auto rows = references(needs, prompt);
        fit.references.insert(fit.references.end(), rows.begin(), rows.end());
    }
    return units_.add(std::move(fit));
}

std::size_t DetectorUnits::leave_out(const std::vector<std::size_t>& prompts,
                                     std::size_t left_out) {
    auto others = prompts;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(left_out));
    const auto image = references(*settings_.few_shot, prompts[left_out]).front();
    return units_.add(
        DetectUnit{.detector = detector_, .fit = model_of(others), .queries = {image}, .owned = 1});
}

std::vector<std::size_t> DetectorUnits::few_shot(const std::vector<std::size_t>& prompts) {
    const auto model = model_of(prompts);
    std::vector<std::size_t> detects;
    const auto queries = tests(*settings_.few_shot);
    for (std::size_t at = 0; at < queries.size();) {
        DetectUnit unit{.detector = detector_, .fit = model, .queries = {}};
        const auto block = queries[at].embed;
        for (; at < queries.size() && queries[at].embed == block; ++at) {
            unit.queries.push_back(queries[at]);
        }
        unit.owned = unit.queries.size();
        detects.push_back(units_.add(std::move(unit)));
    }
    return detects;
}

std::vector<std::size_t> DetectorUnits::zero_shot() {
    const auto images = tests(*settings_.zero_shot);
    const auto& category = scope_.category;
    std::vector<std::size_t> detects;
    for (const auto& batch : make_batches(images.size(), scope_.spec.method.batch, category.dataset,
                                          category.name, seed_)) {
        DetectUnit unit{.detector = detector_, .fit = {}, .queries = {}, .owned = batch.owned};
        for (const auto member : batch.members) { unit.queries.push_back(images[member]); }
        detects.push_back(units_.add(std::move(unit)));
    }
    return detects;
}

}  // namespace patchead::inline plan_detail
