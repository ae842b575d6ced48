#include <algorithm>
#include <vector>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include "patchead/backbone/trial_network.hpp"
#include "patchead/core/error.hpp"
#include "run_in_parts.hpp"

namespace patchead {
namespace {

constexpr NetworkShape kTiny{{}, 14, 64, 2, 2};
constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kLeftFree = 256 * kMiB;

struct Pictures {
    int count = 0;
    int side_px = 0;
    std::vector<float> pixels{};

    [[nodiscard]] std::size_t values_of_one() const { return pixels.size() / std::size_t(count); }
    [[nodiscard]] std::span<const float> part(std::int64_t first, std::int64_t number) const {
        const auto one = values_of_one();
        return std::span(pixels).subspan(static_cast<std::size_t>(first) * one,
                                         static_cast<std::size_t>(number) * one);
    }
};

Pictures random_pictures(int count, int side_px) {
    return {count, side_px, random_pixels(count, side_px)};
}

Encoding encode(const Backbone& network, const Pictures& pictures, std::int64_t first,
                std::int64_t number) {
    return network.encode(pictures.part(first, number), static_cast<int>(number), pictures.side_px,
                          pictures.side_px);
}

/// Nearly all memory of a GPU that nobody has taken, as long as this lives.
class Ballast {
  public:
    explicit Ballast(c10::Device device) {
        const auto options = at::TensorOptions(device).dtype(at::kByte);
        for (auto bytes = 4096 * kMiB; bytes >= 64 * kMiB;) {
            if (!take(bytes, options)) { bytes /= 2; }
        }
        for (std::int64_t freed = 0; freed < kLeftFree && !held_.empty(); held_.pop_back()) {
            freed += held_.back().numel();
        }
    }

  private:
    bool take(std::int64_t bytes, const at::TensorOptions& options) {
        try {
            held_.push_back(at::empty({bytes}, options));
            return true;
        } catch (const c10::OutOfMemoryError&) { return false; }
    }

    std::vector<at::Tensor> held_;
};

/// How far the tokens of each image are from those that it has by itself.
void compare(const Backbone& network, const Pictures& pictures, const std::vector<float>& tokens,
             MemoryTrial& trial) {
    const auto size = static_cast<std::int64_t>(tokens.size()) / pictures.count;
    trial.cosine = 1;
    trial.same_bits = true;
    for (int i = 0; i < pictures.count; ++i) {
        auto alone = encode(network, pictures, i, 1);
        const auto expected = at::from_blob(alone.tokens.data(), {size}, at::kFloat);
        const auto found =
            at::from_blob(const_cast<float*>(tokens.data()) + i * size, {size});  // NOLINT
        trial.same_bits = trial.same_bits && at::equal(found, expected);
        trial.cosine =
            std::min(trial.cosine, at::cosine_similarity(found, expected, 0).item<double>());
    }
}

/// On a CPU nothing throws when memory ends: the system ends the process. So a limit stands for it.
MemoryTrial try_limit(const Backbone& network) {
    constexpr std::int64_t kFits = 3;
    const auto pictures = random_pictures(8, 56);
    MemoryTrial trial{concat("a limit of ", kFits, " images"), pictures.count};
    std::vector<float> tokens;
    std::int64_t at_once = pictures.count;
    run_in_parts<c10::OutOfMemoryError>(
        pictures.count, at_once, [&](std::int64_t first, std::int64_t number) {
            TORCH_CHECK_WITH(OutOfMemoryError, number <= kFits, "as if there were no memory");
            const auto part = encode(network, pictures, first, number);
            tokens.insert(tokens.end(), part.tokens.begin(), part.tokens.end());
        });
    compare(network, pictures, tokens, trial);
    return trial;
}

/// The input alone is twice what is left.
MemoryTrial try_full_device(const Backbone& network, c10::Device device) {
    const auto pictures = random_pictures(256, 448);
    MemoryTrial trial{concat("a GPU with ", kLeftFree / kMiB, " MiB left"), pictures.count};
    std::vector<float> tokens;
    {
        const c10::InferenceMode inference;
        const Ballast ballast(device);
        tokens = encode(network, pictures, 0, pictures.count).tokens;
    }
    compare(network, pictures, tokens, trial);
    return trial;
}

}  // namespace

MemoryTrial try_little_memory(const std::string& device) {
    const auto network = random_network(kTiny, {.device = device});
    const c10::Device place(device);
    return place.is_cuda() ? try_full_device(*network, place) : try_limit(*network);
}

}  // namespace patchead
