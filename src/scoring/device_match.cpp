#include "device_match.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

namespace patchead::inline scoring_detail {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::int64_t kLanes = 32;  // As in similarity().
constexpr std::int64_t kCandidatesAtOnce = 1 << 14;

/// TF32 takes bf16 values as they are, so here it costs no bit.
class FastProducts {
  public:
    FastProducts() : before_(at::globalContext().allowTF32CuBLAS()) {
        at::globalContext().setAllowTF32CuBLAS(true);
    }
    ~FastProducts() { at::globalContext().setAllowTF32CuBLAS(before_); }
    FastProducts(const FastProducts&) = delete;
    FastProducts& operator=(const FastProducts&) = delete;

  private:
    bool before_;
};

/// An image on the device.
struct Patches {
    at::Tensor exact;  ///< `[L, D]`.
    at::Tensor rough;  ///< The same, rounded to bf16, but stored as float.
    double error = 0;  ///< The largest distance that a patch moved.
};

/// similarity() of `a[k, D]` and `b[k, D]`, row by row: the same sums in the same order. Products
/// of floats are exact in double, whether fused or not.
at::Tensor similarities(const at::Tensor& a, const at::Tensor& b) {
    const auto dim = a.size(1);
    auto lanes = at::zeros({a.size(0), kLanes}, a.options().dtype(at::kDouble));
    for (std::int64_t at = 0; at < dim; at += kLanes) {
        const auto width = std::min(kLanes, dim - at);
        lanes.narrow(1, 0, width)
            .add_(a.narrow(1, at, width).to(at::kDouble) * b.narrow(1, at, width).to(at::kDouble));
    }
    auto sum = at::zeros({a.size(0)}, lanes.options());
    for (std::int64_t lane = 0; lane < kLanes; ++lane) { sum += lanes.select(1, lane); }
    return sum.to(at::kFloat);
}

/// Pairs with one left image, worked on together.
class DeviceMatch {
  public:
    DeviceMatch(std::size_t patches, std::size_t dim, Reduce reduce, const DeviceTiles& tiles)
        : patches_(static_cast<std::int64_t>(patches)),
          dim_(static_cast<std::int64_t>(dim)),
          sign_(reduce == Reduce::farthest ? -1.0F : 1.0F),
          device_(tiles.device),
          pairs_at_once_(std::max<std::int64_t>(1, tiles.products / (patches_ * patches_))) {}

    [[nodiscard]] std::int64_t pairs_at_once() const { return pairs_at_once_; }

    /// Pairs of one and the same left image.
    void run(std::span<const Pair> pairs) {
        const auto& left = image(pairs.front().left);
        std::vector<at::Tensor> exact;
        std::vector<at::Tensor> rough;
        std::vector<float> slack;
        for (const auto& pair : pairs) {
            const auto& right = image(pair.right);
            exact.push_back(right.exact);
            rough.push_back(right.rough);
            slack.push_back(2 * bound(left.error, right.error));
        }
        const auto count = static_cast<std::int64_t>(pairs.size());
        auto products = at::matmul(left.rough, at::cat(rough).t());
        if (sign_ < 0) { products.neg_(); }
        const bool has_cols =
            std::ranges::any_of(pairs, [](const Pair& pair) { return !pair.by_col.empty(); });
        const auto candidates = find_candidates(products.view({patches_, count, patches_}),
                                                at::tensor(slack).to(device_), has_cols);
        keep_best(left.exact, at::cat(exact), candidates, pairs, has_cols);
    }

  private:
    const Patches& image(std::span<const float> values) {
        const auto [found, is_new] = images_.try_emplace(values.data());
        if (is_new) {
            // ATen has no tensors of constants; it is copied, or read only.
            auto* const data = const_cast<float*>(values.data());
            auto& patches = found->second;
            patches.exact = at::from_blob(data, {patches_, dim_}, at::kFloat).to(device_);
            patches.rough = patches.exact.to(at::kBFloat16).to(at::kFloat);
            const auto moved = (patches.exact - patches.rough).to(at::kDouble);
            patches.error = std::sqrt((moved * moved).sum(1).max().item<double>());
        }
        return found->second;
    }

    /// Of the error of a product; see rough_product.hpp.
    [[nodiscard]] float bound(double left, double right) const {
        const double sums = std::ldexp(static_cast<double>(dim_ + 2), -23);
        return static_cast<float>(1.001 * (left + right + left * right) + sums);
    }

    /// (row, image, column) of all that may be an extreme. Shapes: `products[L, n, L]`, `slack[n]`,
    /// result `[k, 3]`.
    static at::Tensor find_candidates(const at::Tensor& products, const at::Tensor& slack,
                                      bool has_cols) {
        auto reaches = products.ge((products.amax(2) - slack).unsqueeze(2));
        if (has_cols) {
            reaches.logical_or_(products.ge((products.amax(0) - slack.unsqueeze(1)).unsqueeze(0)));
        }
        return reaches.nonzero();
    }

    void keep_best(const at::Tensor& left, const at::Tensor& rights, const at::Tensor& candidates,
                   std::span<const Pair> pairs, bool has_cols) const {
        const auto count = static_cast<std::int64_t>(pairs.size());
        auto by_row = at::full({count * patches_}, -kInfinity, left.options());
        auto by_col = by_row.clone();
        for (std::int64_t at = 0; at < candidates.size(0); at += kCandidatesAtOnce) {
            const auto some =
                candidates.narrow(0, at, std::min(kCandidatesAtOnce, candidates.size(0) - at));
            const auto row = some.select(1, 0);
            const auto first = some.select(1, 1) * patches_;
            const auto col = first + some.select(1, 2);
            // Adding 0 turns -0 into 0, so that of equal candidates any may come first.
            const auto values =
                similarities(left.index_select(0, row), rights.index_select(0, col)) * sign_ + 0;
            by_row.scatter_reduce_(0, first + row, values, "amax");
            if (has_cols) { by_col.scatter_reduce_(0, col, values, "amax"); }
        }
        hand_out(by_row, pairs, &Pair::by_row);
        if (has_cols) { hand_out(by_col, pairs, &Pair::by_col); }
    }

    void hand_out(const at::Tensor& best, std::span<const Pair> pairs,
                  std::span<float> Pair::*to) const {
        const auto values = (best * sign_).cpu();
        const auto* from = values.data_ptr<float>();
        for (const auto& pair : pairs) {
            std::copy_n(from, (pair.*to).size(), (pair.*to).begin());
            from += patches_;
        }
    }

    std::int64_t patches_;
    std::int64_t dim_;
    float sign_;
    at::Device device_;
    std::int64_t pairs_at_once_;
    std::map<const float*, Patches> images_;
};

/// As many of the first pairs as have one left image, at most `most`.
std::size_t same_left(std::span<const Pair> pairs, std::size_t most) {
    std::size_t count = 0;
    while (count < std::min(pairs.size(), most) &&
           pairs[count].left.data() == pairs[0].left.data()) {
        ++count;
    }
    return count;
}

}  // namespace

bool match_on_device(std::span<const Pair> pairs, std::size_t patches, std::size_t dim,
                     Reduce reduce, const DeviceTiles& tiles) {
    const c10::InferenceMode inference;
    const FastProducts fast;
    try {
        DeviceMatch match(patches, dim, reduce, tiles);
        const auto most = static_cast<std::size_t>(match.pairs_at_once());
        while (!pairs.empty()) {
            const auto count = same_left(pairs, most);
            match.run(pairs.first(count));
            pairs = pairs.subspan(count);
        }
        return true;
    } catch (const c10::OutOfMemoryError&) { return false; }
}

}  // namespace patchead::inline scoring_detail
