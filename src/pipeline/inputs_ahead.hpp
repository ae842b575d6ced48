#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "patchead/core/types.hpp"

/// \file
/// \brief Network inputs made on a thread of their own. Private to the pipeline layer.

namespace patchead {

/// What the network gets to see as row `row` of a block.
using InputSource = std::function<NetworkInput(std::size_t row)>;

/// Makes the rows of a block in order, ahead of the one who takes them.
class InputsAhead {
  public:
    /// Rows `[0, rows)` of `source`, which is called on one other thread only; no more than
    /// `most` (at least 1) wait to be taken.
    InputsAhead(InputSource source, std::size_t rows, std::size_t most);
    /// Gives up what was not taken.
    ~InputsAhead();
    InputsAhead(const InputsAhead&) = delete;
    InputsAhead& operator=(const InputsAhead&) = delete;

    /// The next row. Throws what `source` threw for it, after the rows before it were taken.
    NetworkInput next();

  private:
    void make(std::size_t rows);
    [[nodiscard]] bool wait_for_room();
    void put(NetworkInput input);

    InputSource source_;
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<NetworkInput> waiting_;
    std::exception_ptr failure_;  ///< Of the row after those that wait.
    bool is_given_up_ = false;
    std::thread thread_;  ///< Last, since it uses all the others.
};

}  // namespace patchead
