#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "channel.hpp"
#include "mailbox.hpp"
#include "mpi_call.hpp"

/// \file
/// \brief The requests of all ranks in one place. Private to the ranks layer.

namespace patchead::inline ranks_detail {

/// Where the requests of all ranks come in, and from where they are answered. Lives on rank 0.
class Inbox {
  public:
    /// `own` is that of rank 0's worker; `others` is null if there is no other rank. Both must
    /// outlive it.
    Inbox(Mailbox& own, Channel* others);

    /// A rank and its request; nothing if none came for a moment.
    [[nodiscard]] std::optional<std::pair<int, Request>> next();
    void answer(int rank, Answer answer);
    /// Tells `ranks` - 1 others that the run drains. Once.
    void announce_draining(int ranks);
    /// Ends all ranks.
    [[noreturn]] void abort(int code);

  private:
    [[nodiscard]] Nap fresh_nap() const;
    [[nodiscard]] std::optional<std::pair<int, Request>> look(std::chrono::microseconds patience);

    Mailbox& own_;
    Channel* others_;
    Nap nap_;
};

}  // namespace patchead::inline ranks_detail
