#include "patchead/outputs/fitted_model.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/report/threshold_rules.hpp"

namespace patchead {
namespace {

constexpr const char* kNoRule = "none";

std::optional<double> number_in(const std::string& word) {
    double number = 0;
    const auto* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, number);
    const bool is_number = error == std::errc() && stop == end && std::isfinite(number);
    return is_number ? std::optional(number) : std::nullopt;
}

const std::string& text_of_fact(const ModelFile& model, const std::string& name) {
    const auto found = model.facts.find(name);
    require<DamagedError>(found != model.facts.end(), "the model holds no '", name,
                          "' (it is of another version, or not whole); fit it again");
    return found->second;
}

float number_of_fact(const ModelFile& model, const std::string& name) {
    const auto number = number_in(text_of_fact(model, name));
    require<DamagedError>(number.has_value(), "the '", name,
                          "' of the model is no number; fit it again");
    return static_cast<float>(*number);
}

}  // namespace

void require_threshold_word(const std::string& word) {
    if (word == kNoRule || number_in(word)) { return; }
    require<ConfigError>(word != "all", "option --threshold: 'all' is for tables of sweeps (here ",
                         "there is one threshold); name one rule, a number, or none");
    static_cast<void>(parse_threshold_rules({word}));
}

PhotoScale photo_scale(const std::string& word, std::vector<float> normal_scores) {
    PhotoScale scale{{}, word, std::move(normal_scores)};
    const auto count = scale.normal_scores.size();
    if (const auto number = number_in(word)) {
        scale.threshold = *number;
        scale.rule = "given";
    } else if (word == kNoRule) {
        scale.rule = "none: as asked for";
    } else if (count < kFewestForThreshold) {
        scale.rule = concat("none: ",
                            count == 0 ? std::string("no score of a normal photo is known")
                                       : counted(count, "normal photo"),
                            ", and a threshold is made of ", kFewestForThreshold, " or more");
    } else {
        scale.threshold =
            threshold_of(parse_threshold_rules({word}).front(), scale.normal_scores);
    }
    return scale;
}

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
