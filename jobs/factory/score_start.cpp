#include "factory/score_start.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

#include "exit_codes.hpp"
#include "factory/fitting.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/engine/rank_resources.hpp"
#include "patchead/outputs/fitted_model.hpp"
#include "patchead/ranks/on_root.hpp"
#include "patchead/report/photo_threshold.hpp"
#include "patchead/setup/build_facts.hpp"
#include "patchead/setup/python_tool.hpp"

namespace patchead {
namespace {

/// The model that --normal is made into, or that --model names; empty: there is none.
std::filesystem::path model_of(const ScoreOptions& options) {
    return options.normal.empty() ? options.model : options.output / "model.h5";
}

void write_model_of_normal(const ScoreOptions& options, const Communicator& world) {
    require_writable(options.output);
    if (options.normal.empty()) { return; }
    const auto model = fit_photos(options.request, options.normal, options.resources, world).model;
    write_model_file(model_of(options), model);
    print_model(model, model_of(options).string());
}

ModelFile read_model(const ScoreOptions& options) {
    const auto file = model_of(options);
    return file.empty() ? ModelFile{} : read_model_file(file);
}

SweepFindings find_network(const ScoreOptions& options) {
    const auto file = model_of(options).string();
    auto [request, resources] = std::pair(options.request, options.resources);
    const auto model = read_model(options);
    if (!file.empty()) { use_network_of(model, request, resources); }
    auto findings = find_photo_inputs(request, photos_of_model(model, request), resources,
                                      build_facts(mpi_version()));
    if (!file.empty()) { require_network_of(model, file, findings); }
    return findings;
}

PhotoOutputs outputs_of(const ScoreOptions& options, const ModelFile& model) {
    PhotoOutputs outputs;
    outputs.folder = options.output;
    outputs.category = options.request.category;
    outputs.upright = options.request.upright;
    outputs.pictures = options.pictures;
    outputs.maps = options.maps;
    const auto& word = options.request.threshold;
    if (model.photos.empty()) {
        require<ConfigError>(word.empty() || word == "none" || finite_number(word),
                             "option --threshold: '", word, "' is made of scores of normal photos ",
                             "(there are none here); give a number, --model or --normal");
        outputs.scale = photo_scale(word.empty() ? "max" : word, {});
    } else {
        use_scale(model, word, outputs);
    }
    return outputs;
}

PhotoRun run_of(const ScoreOptions& options, const SweepInputs& inputs, const PhotoScale& scale) {
    PhotoRun run;
    const auto& facts = inputs.provenance;
    run.program = {{"version", facts.at("version")}, {"revision", facts.at("git_revision")}};
    const auto file = model_of(options);
    run.model = {{"path", file.string()},
                 {"digest", file.empty() ? std::string() : sha256_file(file)},
                 {"backbone", inputs.spec.backbones.front().name},
                 {"detector", options.request.sweep.detectors.names.back()}};
    const int side = inputs.spec.grids.front().sides_px.front();
    run.image_size = side == kDefaultSide ? inputs.spec.backbones.front().image_px : side;
    run.prompts = inputs.spec.samples.size();
    run.scale = scale;
    for (const auto& line : lines_of(options.request.sweep.config, "options")) {
        const auto at = line.text.find(" = ");
        run.options[line.text.substr(0, at)] = line.text.substr(at + 3);
    }
    run.exif = options.request.upright;
    return run;
}

}  // namespace

std::optional<ScoreStart> start_scoring(const ScoreOptions& options, const Communicator& world) {
    set_compute_threads(options.resources.threads);
    set_image_threads(options.resources.threads);
    if (!on_root(world, [&] { write_model_of_normal(options, world); })) { return std::nullopt; }
    auto findings = on_root(world, [&] { return find_network(options); });
    if (!findings) { return std::nullopt; }
    for (auto& source : findings->sources) {
        source.options.device = device_of_rank(source.options.device, world.local_rank());
    }
    if (world.is_root()) { print_notes(findings->notes); }
    const auto model = read_model(options);
    auto outputs = outputs_of(options, model);
    auto inputs = make_inputs(*std::move(findings), options.request.sweep);
    auto run = run_of(options, inputs, outputs.scale);
    return ScoreStart{
        PhotoScorer(std::move(inputs), model.artifacts, worker_of_rank(options.resources, world)),
        std::move(outputs), std::move(run)};
}

void write_score_page(const std::filesystem::path& folder, const std::string& python) {
    try {
        run_python_tool("make_score_page.py", {folder.string()}, python, {"jinja2"},
                        "there is no page");
    } catch (const ConfigError& error) { std::cerr << "note: " << printable(error.what()) << "\n"; }
}

int score_exit_code(const ScoreOptions& options, const PhotoRun& run) {
    const bool has_defect = std::ranges::any_of(run.scores.images, [&](const PhotoScore& photo) {
        return run.scale.verdict(photo.score) == "defect";
    });
    if (options.fails_on_defect && has_defect) { return kExitDefect; }
    return run.scores.failed.empty() || options.allows_failed ? kExitDone : kExitFailures;
}

}  // namespace patchead
