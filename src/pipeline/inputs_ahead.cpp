#include "inputs_ahead.hpp"

#include <algorithm>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/stages.hpp"

namespace patchead {

InputsAhead::InputsAhead(InputSource source, std::size_t rows, std::size_t most)
    : source_(std::move(source)), rows_(rows), most_(most) {
    PATCHEAD_ASSERT(most > 0 && source_.threads > 0);
    const auto threads = std::min({static_cast<std::size_t>(source_.threads), rows, most});
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

InputsAhead::~InputsAhead() {
    {
        const std::scoped_lock lock(mutex_);
        is_given_up_ = true;
    }
    changed_.notify_all();
}

NetworkInput InputsAhead::next() {
    const StageTimer timer(Stage::wait);
    std::unique_lock lock(mutex_);
    PATCHEAD_ASSERT(taken_ < rows_);
    changed_.wait(lock, [&] { return made_.contains(taken_); });
    auto made = std::move(made_.extract(taken_).mapped());
    ++taken_;
    lock.unlock();
    changed_.notify_all();
    if (made.failure) { std::rethrow_exception(made.failure); }
    return std::move(made.input);
}

void InputsAhead::work() {
    while (const auto row = begin_row()) {
        auto made = make(*row);
        const std::scoped_lock lock(mutex_);
        made_.emplace(*row, std::move(made));
        changed_.notify_all();
    }
}

/// Waits for room; none if there is nothing left to do.
std::optional<std::size_t> InputsAhead::begin_row() {
    std::unique_lock lock(mutex_);
    const auto is_over = [&] { return is_given_up_ || begun_ == rows_; };
    changed_.wait(lock, [&] { return is_over() || begun_ < taken_ + most_; });
    return is_over() ? std::nullopt : std::optional(begun_++);
}

InputsAhead::Made InputsAhead::make(std::size_t row) const {
    const StageTimer timer(Stage::decode);
    try {
        Made made{source_.make(row), nullptr};
        count_work(Stage::decode,
                   {0, 0, static_cast<double>(made.input.values.size() * sizeof(float))});
        return made;
    } catch (...) { return {{}, std::current_exception()}; }
}

}  // namespace patchead
