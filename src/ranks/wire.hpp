#pragma once

#include <string>

#include "mailbox.hpp"

/// \file
/// \brief Requests and answers as the bytes of messages. Private to the ranks layer; knows no MPI.

namespace patchead::inline ranks_detail {

/// An answer, and whether it was announced before that the run drains.
struct Reply {
    Answer task;
    bool draining = false;
};

[[nodiscard]] std::string pack(const Request& request);
[[nodiscard]] std::string pack(const Reply& reply);

/// Throws MpiError about bytes that `pack` did not make.
[[nodiscard]] Request unpack_request(const std::string& message);
[[nodiscard]] Reply unpack_reply(const std::string& message);

}  // namespace patchead::inline ranks_detail
