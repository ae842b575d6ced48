#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "patchead/cache/store.hpp"

/// \file
/// \brief Features that are written while those that follow are still made. Private to the pipeline
/// layer.

namespace patchead::inline pipeline_detail {

/// Writes a block on a thread of its own, part by part. HDF5 must rest elsewhere meanwhile: it is
/// not made for two threads.
class WriteBehind {
  public:
    /// `write` asks for the parts until there are no more.
    explicit WriteBehind(std::function<void(const FeatureParts& next)> write);
    /// Without finish(): lets the writing fail, so that nothing half-written stays.
    ~WriteBehind();
    WriteBehind(const WriteBehind&) = delete;
    WriteBehind& operator=(const WriteBehind&) = delete;

    /// Hands over the next part; waits while one before it waits. Throws what the writing threw.
    void push(FeatureBlock part);
    /// Waits until all is on the disk. Throws what the writing threw.
    void finish();

  private:
    void run(const std::function<void(const FeatureParts& next)>& write);
    [[nodiscard]] const FeatureBlock* next();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<FeatureBlock> waiting_;
    FeatureBlock current_;  ///< What is being written.
    bool is_complete_ = false;
    bool is_given_up_ = false;
    bool has_ended_ = false;  ///< The writing, well or with a failure.
    std::exception_ptr failure_;
    std::jthread thread_;  ///< Last, since it uses all the others.
};

}  // namespace patchead::inline pipeline_detail
