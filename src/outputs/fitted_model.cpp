#include "patchead/outputs/fitted_model.hpp"

#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/report/photo_threshold.hpp"

namespace patchead {
namespace {

const std::string& text_of_fact(const ModelFile& model, const std::string& name) {
    const auto found = model.facts.find(name);
    require<DamagedError>(found != model.facts.end(), "the model holds no '", name,
                          "' (it is of another version, or not whole); fit it again");
    return found->second;
}

float number_of_fact(const ModelFile& model, const std::string& name) {
    const auto number = finite_number(text_of_fact(model, name));
    require<DamagedError>(number.has_value(), "the '", name,
                          "' of the model is no number; fit it again");
    return static_cast<float>(*number);
}

}  // namespace

bool needs_photos(const SweepSpec& spec) {
    return spec.grids.front().modules.front().align ||
           spec.method.features.resize != Resize::squash;
}

ModelFile fitted_model(const SweepInputs& inputs, const FittedPhotos& fitted,
                       const std::map<std::string, std::string>& facts) {
    ModelFile model{facts, {}, fitted.left_out, fitted.artifacts};
    for (const auto& [name, fact] : inputs.provenance) { model.facts["made." + name] = fact; }
    model.facts["colour.low"] = exact_text(fitted.low);
    model.facts["colour.high"] = exact_text(fitted.high);
    const bool with_bytes = needs_photos(inputs.spec);
    for (const auto& photo : inputs.spec.samples) {
        model.photos.push_back({photo.id.substr(photo.id.rfind('/') + 1), photo.digest,
                                photo.size.height, photo.size.width,
                                with_bytes ? photo.bytes : nullptr});
    }
    return model;
}

void use_scale(const ModelFile& model, const std::string& word, PhotoOutputs& outputs) {
    outputs.scale =
        photo_scale(word.empty() ? text_of_fact(model, "threshold") : word, model.left_out);
    outputs.low = number_of_fact(model, "colour.low");
    outputs.high = number_of_fact(model, "colour.high");
    for (const auto& photo : model.photos) { outputs.prompts.insert(photo.digest); }
}

}  // namespace patchead
