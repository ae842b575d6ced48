#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/backbone/backbone_info.hpp"
#include "patchead/backbone/encoding.hpp"

/// \file
/// \brief From network input to patch embeddings. No LibTorch here: torch/torch.h costs each file
/// that sees it some 16 s and 1 GB to compile.

namespace patchead {

/// A network with its weights, ready to use.
class Backbone {
  public:
    virtual ~Backbone() = default;

    /// Patch embeddings and class-token attention of a batch of images of equal size.
    ///
    /// Shape: `pixels[batch, 3, height, width]`, normalised. An image's result does not depend on
    /// the other images of its batch, to the last bit.
    /// Throws ConfigError if `height` or `width` is not a multiple of the patch size,
    /// and if `request` asks for a layer or windows that the network has not.
    [[nodiscard]] virtual Encoding encode(std::span<const float> pixels, int batch, int height,
                                          int width, const TokenRequest& request) const = 0;

    [[nodiscard]] Encoding encode(std::span<const float> pixels, int batch, int height,
                                  int width) const {
        return encode(pixels, batch, height, width, {});
    }

    /// How many images of this size to give at a time so that, by estimate, `bytes` are enough for
    /// them, what the network makes of them on the way, and their results for `request` (its
    /// weights not counted); at least one. On a CPU at least one for each thread of the calling
    /// thread.
    [[nodiscard]] virtual int images_within(std::int64_t bytes, int height, int width,
                                            const TokenRequest& request) const = 0;

    [[nodiscard]] virtual const BackboneInfo& info() const = 0;
};

/// A backbone that can be asked for by name: a line of the table `src/backbone/backbones.def`, or
/// a module of the user's own.
struct BackboneEntry {
    std::string name;    ///< In options and results, e.g. "dinov2_vitb14_reg".
    std::string family;  ///< In `src/backbone/families.def`.
    std::string title;   ///< In tables, e.g. "DINOv2".
    int image_px = 0;    ///< Default side of the square input.
    int patch_px = 0;
    int dim = 0;          ///< Channels inside the network; 0: whatever the file has.
    int depth = 0;        ///< Blocks.
    bool bicubic = true;  ///< Resize filter; false: bilinear.
    std::array<float, 3> mean{};
    std::array<float, 3> std{};
    std::string licence;
    std::string file;         ///< Name of the published checkpoint file, or a path of its own.
    std::string source;       ///< Where users get it.
    std::int64_t bytes = 0;   ///< Of its float32 tensors, if it holds nothing else; 0: unknown.
    std::string sha256{};     ///< First digits, where the publisher gives them.
    bool fixed_size = false;  ///< Takes no other side than `image_px`.
    /// Named options that its network needs, as `LoadOptions::overrides`.
    std::map<std::string, std::string> options{};
};

/// All named backbones.
[[nodiscard]] std::span<const BackboneEntry> backbones();

/// The named backbone `name`; or, for "torchscript:PATH" or "pt2:PATH", the module in the file PATH
/// as the JSON file beside it describes it (docs/backbones.md), called "torchscript:" or "pt2:" and
/// its name there, by default that of the file; or, for "FAMILY:PATH", the network of any size in
/// the checkpoint PATH, called by the family and the file's name, with the pixels that most of the
/// family have. Throws ConfigError for an unknown name, WeightsError if the file is missing or a
/// module's description is none.
[[nodiscard]] BackboneEntry find_backbone(std::string_view name);

/// How a backbone is to be loaded.
struct LoadOptions {
    std::string device = "cpu";  ///< "cpu", "cuda" or "cuda:N".
    /// Named options. Every family has `heads` (else 64 channels make a head), `depth` (the number
    /// of blocks that must be there) and `model_ema` ("true": the averaged weights of the file);
    /// docs/backbones.md lists those of each family.
    std::map<std::string, std::string> overrides{};
    /// Of weights and products: "fp32", "bf16"; on CUDA only "tf32" (float32 whose products round
    /// their factors) and "fp16".
    std::string precision = "fp32";
};

/// The network of `family` with the weights in `file`; sizes are read from the shapes in it.
/// Families "torchscript" and "pt2" are modules that bring their own code, which is run: load only
/// what you trust.
///
/// Throws ConfigError for an unknown family, option, device or precision, or one that a CPU has
/// not, WeightsError that names the file and the key (or offset) if the file is missing, damaged,
/// or a key is absent, left over or of another shape, or holds NaN or infinity.
[[nodiscard]] std::unique_ptr<const Backbone> load_backbone(std::string_view family,
                                                            const std::filesystem::path& file,
                                                            const LoadOptions& options);

/// The same for a named backbone: throws WeightsError also if the file holds a network of other
/// sizes (a truncated one, or ViT-L instead of ViT-B).
[[nodiscard]] std::unique_ptr<const Backbone> load_backbone(const BackboneEntry& entry,
                                                            const std::filesystem::path& file,
                                                            const LoadOptions& options);

/// Uses `threads` threads for the networks and matrix products that the calling thread starts.
/// On a CPU each thread takes images of its own, so give batches of at least as many images.
void set_compute_threads(int threads);

/// The kind of device that `wanted` stands for: "auto" is "cuda" where LibTorch has it and finds a
/// GPU, else "cpu". Throws ConfigError for another word, and for "cuda" where there is none.
[[nodiscard]] std::string pick_device(std::string_view wanted);

/// "cuda" as one of several ranks of a machine uses it, "cuda:N": round the GPUs that this process
/// sees, since launchers may show each rank only its own. Other devices stay as they are.
/// Throws ConfigError if this process sees no GPU.
[[nodiscard]] std::string device_of_rank(const std::string& device, int local_rank);

/// Versions and settings of LibTorch and its BLAS, one fact per line, for provenance and doctor.
[[nodiscard]] std::map<std::string, std::string> compute_facts();

/// Measured speed of single-precision matrix products with the current threads, in GFLOP/s.
[[nodiscard]] double measure_sgemm_gflops();

}  // namespace patchead
