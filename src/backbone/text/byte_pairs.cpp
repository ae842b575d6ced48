#include <algorithm>
#include <queue>

#include "text/vocabulary.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// A pair of neighbours that could become one.
struct MergeCandidate {
    std::int32_t rank = 0;
    std::int32_t place = 0;  ///< Of its left token.
    TokenPair pair;

    /// The lowest rank first, then from the left.
    friend bool operator<(const MergeCandidate& a, const MergeCandidate& b) {
        return std::pair(a.rank, a.place) > std::pair(b.rank, b.place);
    }
};

/// The tokens of a piece as a list in which neighbours become one.
class PieceMerger {
  public:
    PieceMerger(const ByteVocabulary& vocabulary, std::string_view piece)
        : vocabulary_(vocabulary) {
        for (const char c : piece) {
            tokens_.push_back(vocabulary.inner[static_cast<std::uint8_t>(c)]);
            next_.push_back(static_cast<std::int32_t>(tokens_.size()));
            previous_.push_back(static_cast<std::int32_t>(tokens_.size()) - 2);
        }
        tokens_.back() = vocabulary.ending[static_cast<std::uint8_t>(piece.back())];
        next_.back() = kNone;
    }

    std::vector<std::int32_t> run() {
        for (std::int32_t i = 0; i != kNone; i = next(i)) { add(i); }
        while (!candidates_.empty()) { merge_lowest(); }
        std::vector<std::int32_t> result;
        for (std::int32_t i = 0; i != kNone; i = next(i)) { result.push_back(token(i)); }
        return result;
    }

  private:
    static constexpr std::int32_t kNone = -1;

    /// All pairs of the lowest rank, from left to right; what comes of them waits for its turn, as
    /// upstream has it.
    void merge_lowest() {
        const auto rank = candidates_.top().rank;
        std::vector<std::int32_t> merged;
        while (!candidates_.empty() && candidates_.top().rank == rank) {
            const auto candidate = candidates_.top();
            candidates_.pop();
            if (!is_there(candidate)) { continue; }
            join(candidate);
            merged.push_back(candidate.place);
        }
        for (const auto place : merged) {
            add(previous_[static_cast<std::size_t>(place)]);
            add(place);
        }
    }

    /// Whether neither of the two has become part of another since.
    [[nodiscard]] bool is_there(const MergeCandidate& candidate) const {
        const auto right = next(candidate.place);
        return right != kNone && TokenPair{token(candidate.place), token(right)} == candidate.pair;
    }

    void join(const MergeCandidate& candidate) {
        const auto left = static_cast<std::size_t>(candidate.place);
        const auto right = static_cast<std::size_t>(next_[left]);
        tokens_[left] = vocabulary_.merges.at(candidate.pair).token;
        next_[left] = next_[right];
        if (next_[left] != kNone) {
            previous_[static_cast<std::size_t>(next_[left])] = candidate.place;
        }
        tokens_[right] = kNone;
        next_[right] = kNone;
    }

    /// The pair that begins at `place`, if it can become one.
    void add(std::int32_t place) {
        if (place == kNone || next(place) == kNone) { return; }
        const TokenPair pair{token(place), token(next(place))};
        const auto found = vocabulary_.merges.find(pair);
        if (found == vocabulary_.merges.end()) { return; }
        candidates_.push({found->second.rank, place, pair});
    }

    [[nodiscard]] std::int32_t token(std::int32_t i) const {
        return tokens_[static_cast<std::size_t>(i)];
    }
    [[nodiscard]] std::int32_t next(std::int32_t i) const {
        return next_[static_cast<std::size_t>(i)];
    }

    const ByteVocabulary& vocabulary_;
    std::vector<std::int32_t> tokens_;
    std::vector<std::int32_t> next_;
    std::vector<std::int32_t> previous_;
    std::priority_queue<MergeCandidate> candidates_;
};

}  // namespace

std::vector<std::int32_t> tokens_of_piece(const ByteVocabulary& vocabulary,
                                          std::string_view piece) {
    return PieceMerger(vocabulary, piece).run();
}

}  // namespace patchead::inline backbone_detail
