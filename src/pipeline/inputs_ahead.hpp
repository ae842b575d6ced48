#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Network inputs made on threads of their own. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

/// Where network inputs come from.
struct InputSource {
    /// What the network gets to see as row `row` of a block.
    std::function<NetworkInput(std::size_t row)> make;
    int threads = 1;  ///< That may call it at the same time, each for another row.
};

/// Makes the rows of a block ahead of the one who takes them, in order.
class InputsAhead {
  public:
    /// Rows `[0, rows)` of `source`; no more than `most` (at least 1) are in the making or wait to
    /// be taken.
    InputsAhead(InputSource source, std::size_t rows, std::size_t most);
    /// Gives up what was not taken.
    ~InputsAhead();
    InputsAhead(const InputsAhead&) = delete;
    InputsAhead& operator=(const InputsAhead&) = delete;

    /// The next row. Throws what the source threw for it.
    NetworkInput next();

  private:
    /// An input, or why there is none.
    struct Made {
        NetworkInput input;
        std::exception_ptr failure;
    };

    void work();
    [[nodiscard]] std::optional<std::size_t> begin_row();
    [[nodiscard]] Made make(std::size_t row) const;

    InputSource source_;
    std::size_t rows_;
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t begun_ = 0;
    std::size_t taken_ = 0;
    std::map<std::size_t, Made> made_;  ///< By row; not taken yet.
    bool is_given_up_ = false;
    std::vector<std::jthread> threads_;  ///< Last, since they use all the others.
};

}  // namespace patchead::inline pipeline_detail
