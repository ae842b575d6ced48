/// \file
/// \brief `patchead fit`: from good photos to a model.

#include "commands.hpp"
#include "exit_codes.hpp"
#include "factory/fitting.hpp"
#include "options/photo_options.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/ranks/on_root.hpp"

namespace patchead {
namespace {

void fit_and_write(const FitOptions& options, const Communicator& world) {
    set_compute_threads(options.resources.threads);
    set_image_threads(options.resources.threads);
    auto fitted = fit_photos(options.request, options.normal, options.resources, world);
    write_model_file(options.output, fitted.model);
    print_model(fitted.model, options.output.string());
    if (!options.images.empty()) { try_photos(fitted, options.request, options.images); }
}

}  // namespace

int run_fit(const Arguments& arguments) {
    const auto options = parse_fit_options(arguments);
    if (!options) { return kExitDone; }  // Help was printed.
    return run_job(0, nullptr, kFailureCodes, [&](const Communicator& world) {
        const bool is_done = on_root(world, [&] { fit_and_write(*options, world); });
        return is_done ? kExitDone : kExitError;
    });
}

}  // namespace patchead
