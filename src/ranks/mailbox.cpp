#include "mailbox.hpp"

#include <utility>

namespace patchead {

Answer Mailbox::ask(Request request) {
    std::unique_lock lock(mutex_);
    request_ = std::move(request);
    changed_.notify_all();
    changed_.wait(lock, [&] { return answer_ || closed_; });
    return answer_ ? *std::exchange(answer_, std::nullopt) : std::nullopt;
}

std::optional<Request> Mailbox::listen(std::chrono::microseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return request_.has_value(); });
    return std::exchange(request_, std::nullopt);
}

void Mailbox::answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = answer;
    changed_.notify_all();
}

void Mailbox::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

}  // namespace patchead
