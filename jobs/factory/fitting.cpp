#include "factory/fitting.hpp"

#include <iostream>
#include <utility>

#include "patchead/core/counted.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/engine/rank_resources.hpp"
#include "patchead/outputs/fitted_model.hpp"
#include "patchead/pipeline/facts_here.hpp"
#include "patchead/setup/build_facts.hpp"

namespace patchead {

void print_notes(const std::vector<std::string>& notes) {
    for (const auto& note : notes) { std::cerr << "note: " << printable(note) << "\n"; }
}

ModelFile fit_photos(const PhotoRequest& request, const std::vector<std::string>& normal,
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
    return fitted_model(scorer.inputs(), scorer.fit(true), facts);
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
