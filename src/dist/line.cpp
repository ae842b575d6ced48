#include "line.hpp"

#include <utility>

namespace patchead {

Answer Line::ask(Request request) {
    std::unique_lock lock(mutex_);
    request_ = std::move(request);
    changed_.notify_all();
    changed_.wait(lock, [&] { return answer_ || hung_up_; });
    return answer_ ? *std::exchange(answer_, std::nullopt) : std::nullopt;
}

std::optional<Request> Line::listen(std::chrono::microseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return request_.has_value(); });
    return std::exchange(request_, std::nullopt);
}

void Line::answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = answer;
    changed_.notify_all();
}

void Line::hang_up() {
    const std::lock_guard lock(mutex_);
    hung_up_ = true;
    changed_.notify_all();
}

}  // namespace patchead
