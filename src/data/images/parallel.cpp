#include "images/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace patchead::inline data_detail {

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
    std::vector<std::exception_ptr> thrown(count);
    std::atomic<std::size_t> next{0};
    const auto try_work = [&](std::size_t i) {
        try {
            work(i);
        } catch (...) { thrown[i] = std::current_exception(); }
    };
    const auto take_work = [&] {
        for (auto i = next++; i < count; i = next++) { try_work(i); }
    };
    {
        std::vector<std::jthread> helpers;  // Joined at the end of the block.
        const auto wanted = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
        for (std::size_t i = 1; i < wanted; ++i) { helpers.emplace_back(take_work); }
        take_work();
    }
    const auto first = std::ranges::find_if(thrown, [](const auto& error) { return !!error; });
    if (first != thrown.end()) { std::rethrow_exception(*first); }
}

}  // namespace patchead::inline data_detail
