#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/backbone/backbone.hpp"

/// \file
/// \brief Networks without a checkpoint, to try a machine with.

namespace patchead {

/// Sizes of a plain vision transformer: "vit_small" and "vit_base" on 14 px patches.
struct NetworkShape {
    std::string_view name;
    int patch_px = 0;
    int dim = 0;
    int depth = 0;
    int heads = 0;
};

/// The shape called `name`. Throws ConfigError for an unknown one.
[[nodiscard]] NetworkShape network_shape(const std::string& name);

/// A network of this shape whose weights are random numbers; work and memory are those of a DINOv2
/// without registers. Of `options` device and precision count. Throws as `load_backbone`.
[[nodiscard]] std::unique_ptr<const Backbone> random_network(const NetworkShape& shape,
                                                             const LoadOptions& options);

/// Images of random numbers as preprocessing scales them, the same ones every time.
/// Shape: `[images, 3, side_px, side_px]`.
[[nodiscard]] std::vector<float> random_pixels(int images, int side_px);

/// How a batch that did not fit the memory went through a network.
struct MemoryTrial {
    std::string how;    ///< What stood for too little memory.
    int images = 0;     ///< Of the batch.
    double cosine = 0;  ///< Smallest one of an image's tokens with those it has by itself.
    bool same_bits = false;
};

/// Gives a network on `device` more images than there is memory for. On a GPU all other memory is
/// held by this process meanwhile, so that nothing else on it may need any: not even the input of
/// the batch fits as a whole. On a CPU a limit stands for that, and the batch is divided by the
/// same code. Throws ConfigError if the batch does not go through.
[[nodiscard]] MemoryTrial try_little_memory(const std::string& device);

/// What computes: the model of a GPU by its driver, or of the CPU; "unknown" if nobody says.
[[nodiscard]] std::string device_name(const std::string& device);

}  // namespace patchead
