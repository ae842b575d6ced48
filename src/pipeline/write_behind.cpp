#include "write_behind.hpp"

#include <stdexcept>
#include <utility>

#include "patchead/core/stages.hpp"

namespace patchead {

WriteBehind::WriteBehind(std::function<void(const FeatureParts& next)> write)
    : thread_([this, write = std::move(write)] { run(write); }) {}

WriteBehind::~WriteBehind() {
    {
        const std::scoped_lock lock(mutex_);
        is_given_up_ = !is_complete_;
    }
    changed_.notify_all();
}

void WriteBehind::push(FeatureBlock part) {
    const StageTimer timer(Stage::write);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_ || has_ended_; });
    if (failure_) { std::rethrow_exception(failure_); }
    waiting_ = std::move(part);
    lock.unlock();
    changed_.notify_all();
}

void WriteBehind::finish() {
    const StageTimer timer(Stage::write);
    {
        const std::scoped_lock lock(mutex_);
        is_complete_ = true;
    }
    changed_.notify_all();
    thread_.join();
    if (failure_) { std::rethrow_exception(failure_); }
}

void WriteBehind::run(const std::function<void(const FeatureParts& next)>& write) {
    std::exception_ptr failure;
    try {
        write([this] { return next(); });
    } catch (...) { failure = std::current_exception(); }
    {
        const std::scoped_lock lock(mutex_);
        failure_ = failure;
        has_ended_ = true;
    }
    changed_.notify_all();
}

const FeatureBlock* WriteBehind::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ || is_complete_ || is_given_up_; });
    if (is_given_up_) { throw std::runtime_error("the block was given up"); }
    if (!waiting_) { return nullptr; }
    current_ = std::move(*waiting_);
    waiting_.reset();
    lock.unlock();
    changed_.notify_all();
    return &current_;
}

}  // namespace patchead
