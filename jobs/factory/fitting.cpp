#include "factory/fitting.hpp"

#include <algorithm>
#include <iostream>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/quantile.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/photos.hpp"
#include "patchead/engine/rank_resources.hpp"
#include "patchead/outputs/fitted_model.hpp"
#include "patchead/pipeline/facts_here.hpp"
#include "patchead/setup/build_facts.hpp"

namespace patchead {
namespace {

/// `scores`: of photos of which nothing is known, ascending.
void print_comparison(const std::vector<double>& scores, std::size_t unread,
                      const PhotoScale& scale) {
    std::cerr << counted(scores.size(), "photo") << " of --images: median score "
              << fmt::format("{:.4g}", quantile_of(scores, 0.5));
    if (!scale.normal_scores.empty()) {
        std::vector<double> normal(scale.normal_scores.begin(), scale.normal_scores.end());
        std::ranges::sort(normal);
        std::cerr << fmt::format(", of the normal photos {:.4g}", quantile_of(normal, 0.5));
    }
    std::size_t above = 0;
    if (scale.threshold) {
        above = static_cast<std::size_t>(scores.end() -
                                         std::ranges::upper_bound(scores, *scale.threshold));
        std::cerr << "; above the threshold " << above;
    }
    if (unread > 0) { std::cerr << "; " << unread << " cannot be read (patchead score says why)"; }
    std::cerr << "\n";
    if (2 * above > scores.size()) {
        std::cerr
            << "warning: more than half of them look unlike the normal photos; unless so many "
               "are defective, light, background or position differ: take normal photos "
               "where these come from\n";
    }
}

}  // namespace

void print_notes(const std::vector<std::string>& notes) {
    for (const auto& note : notes) { std::cerr << "note: " << printable(note) << "\n"; }
}

FittedScorer fit_photos(const PhotoRequest& request, const std::vector<std::string>& normal,
                        const Resources& resources, const Communicator& world) {
    const auto photos = read_normal_photos(normal, request);
    print_notes(photos.notes);
    auto findings =
        find_photo_inputs(request, photos.samples, resources, build_facts(mpi_version()));
    print_notes(findings.notes);
    const auto facts = model_facts(request, findings);
    auto inputs = make_inputs(std::move(findings), request.sweep);
    inputs.provenance["numeric_stack"] = numeric_stack(facts_here(device_of(inputs.sources)));
    PhotoScorer scorer(std::move(inputs), {}, worker_of_rank(resources, world));
    auto model = fitted_model(scorer.inputs(), scorer.fit(true), facts);
    return {std::move(model), std::move(scorer)};
}

void try_photos(FittedScorer& fitted, const PhotoRequest& request,
                const std::vector<std::string>& images) {
    const auto list = list_photos(images, true);
    PhotoOutputs outputs;
    outputs.category = request.category;
    outputs.upright = request.upright;
    outputs.pictures = PhotoPictures::none;
    use_scale(fitted.model, "", outputs);
    const auto block = fitted.scorer.inputs().spec.method.units.block_images;
    std::vector<double> scores;
    std::size_t unread = list.unread.size();
    const std::span files(list.photos);
    for (std::size_t at = 0; at < files.size(); at += block) {
        const auto some = files.subspan(at, std::min(block, files.size() - at));
        const auto scored = score_photos(fitted.scorer, outputs, some);
        unread += scored.failed.size();
        for (const auto& photo : scored.images) { scores.push_back(photo.score); }
    }
    require<DataError>(!scores.empty(), "there is no photo that can be read in '", images.front(),
                       "'; check --images");
    std::ranges::sort(scores);
    print_comparison(scores, unread, outputs.scale);
}

void print_model(const ModelFile& model, const std::string& file) {
    PhotoOutputs shown;
    use_scale(model, "", shown);
    std::cerr << "model of " << counted(model.photos.size(), "photo") << " in " << file << "; ";
    if (shown.scale.threshold) {
        std::cerr << "threshold " << exact_text(*shown.scale.threshold) << " (" << shown.scale.rule
                  << ")\n";
    } else {
        std::cerr << "no threshold (" << shown.scale.rule << ")\n";
    }
}

}  // namespace patchead
