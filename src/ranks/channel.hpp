#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include <mpi.h>

#include "mailbox.hpp"

/// \file
/// \brief Requests and answers between ranks. Private to the ranks layer.

namespace patchead::inline ranks_detail {

/// The ranks' connection to the manager on rank 0, on a duplicate of the world, so that nobody
/// else's messages are met. Made and destroyed collectively. Every message is received: the last
/// of a rank is one that `leaves`.
class Channel {
  public:
    Channel();
    /// Frees the duplicate, unless an exception passes: freeing is collective, and the other ranks
    /// would not come.
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Worker: waits for the manager's answer without burning a core.
    [[nodiscard]] Answer ask(const Request& request) const;
    /// Worker, from any thread: says something that needs no answer.
    void tell(const Request& request) const;
    /// Worker, from one thread: whether the manager has said that the run drains.
    [[nodiscard]] bool hears_draining();
    /// Worker, at the end: waits for a notice of draining that is under way; whether it was new.
    [[nodiscard]] bool await_notice();

    /// Manager: a rank and its request, if one has come.
    [[nodiscard]] std::optional<std::pair<int, Request>> poll() const;
    void answer(int rank, Answer answer) const;
    /// Manager: tells `ranks` - 1 others that the run drains. Once.
    void announce_draining(int ranks);
    /// Ends all ranks.
    [[noreturn]] void abort(int code) const;

  private:
    void send(const std::string& message, int to, int tag) const;
    [[nodiscard]] std::optional<MPI_Status> probe(int from, int tag) const;
    [[nodiscard]] std::string receive(const MPI_Status& probed) const;

    MPI_Comm comm_ = MPI_COMM_NULL;
    bool announced_ = false;                      ///< Manager.
    bool heard_ = false;                          ///< Worker.
    mutable std::atomic<bool> expected_ = false;  ///< Worker: an answer said that it was announced.
};

}  // namespace patchead::inline ranks_detail
