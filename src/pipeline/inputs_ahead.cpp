#include "inputs_ahead.hpp"

#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/stages.hpp"

namespace patchead {

InputsAhead::InputsAhead(InputSource source, std::size_t rows, std::size_t most)
    : source_(std::move(source)), most_(most), thread_([this, rows] { make(rows); }) {
    PATCHEAD_ASSERT(most > 0);
}

InputsAhead::~InputsAhead() {
    {
        const std::scoped_lock lock(mutex_);
        is_given_up_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

NetworkInput InputsAhead::next() {
    const StageTimer timer(Stage::wait);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_.empty() || failure_; });
    if (waiting_.empty()) { std::rethrow_exception(failure_); }
    auto input = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return input;
}

void InputsAhead::make(std::size_t rows) {
    try {
        for (std::size_t row = 0; row < rows && wait_for_room(); ++row) {
            const StageTimer timer(Stage::decode);
            auto input = source_(row);
            count_work(Stage::decode,
                       {0, 0, static_cast<double>(input.values.size() * sizeof(float))});
            put(std::move(input));
        }
    } catch (...) {
        const std::scoped_lock lock(mutex_);
        failure_ = std::current_exception();
        changed_.notify_all();
    }
}

/// False if nobody wants more.
bool InputsAhead::wait_for_room() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < most_ || is_given_up_; });
    return !is_given_up_;
}

void InputsAhead::put(NetworkInput input) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back(std::move(input));
    }
    changed_.notify_all();
}

}  // namespace patchead
