#include "parts/nearest.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/vectorised.hpp"

namespace patchead::inline detectors_detail {
namespace {

constexpr std::int64_t kQueriesAtOnce = 1024;
constexpr std::int64_t kRowsAtOnce = 1024;
constexpr std::int64_t kMeanOfRows = 1024;
constexpr std::size_t kMostCandidates = 2048;  // Of a query, before they are settled.
constexpr float kFar = std::numeric_limits<float>::infinity();

/// A row of memory that may be among the nearest.
struct Candidate {
    std::int64_t row;
    float rough;
};

/// The rows of a matrix that are looked at together, moved by what is common to all rows: their
/// distances stay, and small rows have small errors.
struct RoughRows {
    at::Tensor rows;              ///< `[n, D]`, float32.
    at::Tensor squares;           ///< Squared norms, `[n]`, float32.
    std::vector<double> norms{};  ///< `[n]`.
};

RoughRows roughly(const at::Tensor& rows, const at::Tensor& centre) {
    const auto moved = rows.to(at::kDouble) - centre;
    const auto squares = moved.square().sum(-1);
    const auto norms = squares.sqrt().contiguous();
    const auto* const begin = norms.data_ptr<double>();
    return {moved.to(at::kFloat), squares.to(at::kFloat), {begin, begin + norms.numel()}};
}

/// The mean of some of the rows.
at::Tensor common_part(const at::Tensor& rows) {
    const auto step = std::max<std::int64_t>(1, rows.size(0) / kMeanOfRows);
    return rows.slice(0, 0, c10::nullopt, step).to(at::kDouble).mean(0);
}

/// How far `|b|^2 - 2 a b` in float32 may be off, for rows b of a norm up to `largest`: D products
/// and their sums in any order, operands and squares that were rounded, and two operations more.
double rough_error(double norm, double largest, std::int64_t dim) {
    const double unit = std::ldexp(1.0, -24);
    const double sums = 1.02 * unit * static_cast<double>(dim + 5);
    return 2 * sums * norm * largest + 2.1 * unit * largest * largest + 1e-35;
}

/// In double, in lanes of a fixed number.
template <class T>
double squared_distance(const T* a, const T* b, std::int64_t dim) {
    constexpr std::int64_t kLanes = 8;
    std::array<double, kLanes> lanes{};
    const auto whole = dim - dim % kLanes;
    for (std::int64_t i = 0; i < whole; i += kLanes) {
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
            const double apart =
                static_cast<double>(a[i + lane]) - static_cast<double>(b[i + lane]);
            lanes[static_cast<std::size_t>(lane)] += apart * apart;
        }
    }
    for (std::int64_t i = whole; i < dim; ++i) {
        const double apart = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        lanes[static_cast<std::size_t>(i - whole)] += apart * apart;
    }
    double sum = 0;
    for (const double lane : lanes) { sum += lane; }
    return std::isnan(sum) ? std::numeric_limits<double>::infinity() : sum;
}

/// Whether a rough distance is not above the limit; what is no number is not.
PATCHEAD_VECTORISED
bool any_is_near(const float* products, const float* squares, std::int64_t count, float limit) {
    int near = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        near |= squares[i] - 2 * products[i] > limit ? 0 : 1;
    }
    return near != 0;
}

/// What is known of one query.
class QuerySearch {
  public:
    QuerySearch(std::int64_t k, double norm) : k_(static_cast<std::size_t>(k)), norm_(norm) {}

    /// To be called before rows of a larger norm come.
    void allow_for(double largest, std::int64_t dim) {
        slack_ = 2 * rough_error(norm_, largest, dim);
        set_limit();
    }

    /// Takes rows that begin at `first`. Returns whether there are too many candidates.
    bool screen(const float* products, const float* squares, std::int64_t count,
                std::int64_t first) {
        constexpr std::int64_t kChunk = 64;  // Most have no candidate.
        for (std::int64_t c = 0; c < count; c += kChunk) {
            const auto length = std::min(kChunk, count - c);
            if (any_is_near(products + c, squares + c, length, limit_)) {
                collect(products + c, squares + c, length, first + c);
            }
        }
        std::erase_if(candidates_, [this](const auto& one) { return one.rough > limit_; });
        return candidates_.size() > std::max(kMostCandidates, 4 * k_);
    }

    /// Keeps the k nearest candidates, nearest first; returns their squared distances.
    template <class T>
    std::vector<double> settle(const T* query, const T* memory, std::int64_t dim) {
        std::vector<std::pair<double, Candidate>> found;
        found.reserve(candidates_.size());
        for (const auto& one : candidates_) {
            found.emplace_back(squared_distance(query, memory + one.row * dim, dim), one);
        }
        const auto count = std::min(k_, found.size());
        std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(count),
                                  [](const auto& a, const auto& b) {
                                      return std::pair(a.first, a.second.row) <
                                             std::pair(b.first, b.second.row);
                                  });
        std::vector<double> distances;
        candidates_.clear();
        for (std::size_t i = 0; i < count; ++i) {
            distances.push_back(found[i].first);
            candidates_.push_back(found[i].second);
        }
        return distances;
    }

    [[nodiscard]] const std::vector<Candidate>& candidates() const { return candidates_; }

  private:
    void collect(const float* products, const float* squares, std::int64_t count,
                 std::int64_t first) {
        for (std::int64_t i = 0; i < count; ++i) {
            const float rough = squares[i] - 2 * products[i];
            if (rough > limit_) { continue; }
            candidates_.push_back({first + i, rough});
            if (best_.size() < k_ || rough < best_.back()) { take_best(rough); }
        }
    }

    void take_best(float rough) {
        best_.insert(std::ranges::upper_bound(best_, rough), rough);
        if (best_.size() > k_) { best_.pop_back(); }
        set_limit();
    }

    void set_limit() {
        if (best_.size() < k_) { return; }
        limit_ =
            std::nextafter(static_cast<float>(static_cast<double>(best_.back()) + slack_), kFar);
    }

    std::size_t k_;
    double norm_;
    double slack_ = 0;
    float limit_ = kFar;
    std::vector<float> best_{};  ///< The k lowest rough distances, ascending.
    std::vector<Candidate> candidates_{};
};

/// The search of some queries; both matrices are contiguous.
template <class T>
class QueriesSearch {
  public:
    QueriesSearch(const at::Tensor& queries, const at::Tensor& memory, const at::Tensor& centre,
                  std::int64_t k)
        : queries_(queries), memory_(memory), centre_(centre), rough_(roughly(queries, centre)) {
        for (const double norm : rough_.norms) { searches_.emplace_back(k, norm); }
    }

    void run(Neighbours& to, std::int64_t first) {
        for (std::int64_t begin = 0; begin < memory_.size(0); begin += kRowsAtOnce) {
            screen(begin, std::min(kRowsAtOnce, memory_.size(0) - begin));
        }
        const auto k = to.squared.size(1);
        auto* const squared = to.squared.data_ptr<double>() + first * k;
        auto* const rows = to.rows.data_ptr<std::int64_t>() + first * k;
        const auto count = queries_.size(0);
#pragma omp parallel for schedule(dynamic, 16)
        for (std::int64_t q = 0; q < count; ++q) {
            auto& search = searches_[static_cast<std::size_t>(q)];
            std::ranges::copy(settled(search, q), squared + q * k);
            std::ranges::transform(search.candidates(), rows + q * k, &Candidate::row);
        }
    }

  private:
    std::vector<double> settled(QuerySearch& search, std::int64_t q) const {
        const auto dim = queries_.size(1);
        return search.settle(queries_.data_ptr<T>() + q * dim, memory_.data_ptr<T>(), dim);
    }

    void screen(std::int64_t begin, std::int64_t count) {
        const auto rows = roughly(memory_.narrow(0, begin, count), centre_);
        for (const double norm : rows.norms) { largest_ = std::max(largest_, norm); }
        const auto tile = rough_.rows.matmul(rows.rows.t()).contiguous();
        const auto* const products = tile.data_ptr<float>();
        const auto* const squares = rows.squares.data_ptr<float>();
        const auto queries = queries_.size(0);
#pragma omp parallel for schedule(dynamic, 16)
        for (std::int64_t q = 0; q < queries; ++q) {
            auto& search = searches_[static_cast<std::size_t>(q)];
            search.allow_for(largest_, queries_.size(1));
            if (search.screen(products + q * count, squares, count, begin)) {
                (void)settled(search, q);
            }
        }
    }

    const at::Tensor& queries_;
    const at::Tensor& memory_;
    const at::Tensor& centre_;
    RoughRows rough_;
    double largest_ = 0;
    std::vector<QuerySearch> searches_;
};

template <class T>
Neighbours nearest_of(const at::Tensor& queries, const at::Tensor& memory, std::int64_t k) {
    Neighbours found{at::empty({queries.size(0), k}, at::kDouble),
                     at::empty({queries.size(0), k}, at::kLong)};
    const auto centre = common_part(memory);
    for (std::int64_t begin = 0; begin < queries.size(0); begin += kQueriesAtOnce) {
        const auto part =
            queries.narrow(0, begin, std::min(kQueriesAtOnce, queries.size(0) - begin));
        QueriesSearch<T>(part, memory, centre, k).run(found, begin);
    }
    return found;
}

}  // namespace

Neighbours nearest(const at::Tensor& queries, const at::Tensor& memory, std::int64_t k) {
    PATCHEAD_ASSERT(k > 0 && k <= memory.size(0));
    if (queries.scalar_type() == at::kFloat && memory.scalar_type() == at::kFloat) {
        return nearest_of<float>(queries.contiguous(), memory.contiguous(), k);
    }
    return nearest_of<double>(queries.to(at::kDouble).contiguous(),
                              memory.to(at::kDouble).contiguous(), k);
}

}  // namespace patchead::inline detectors_detail
