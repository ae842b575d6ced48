#pragma once

/// What the two ends of a fork server say to each other, over a local socket.
///
/// LibTorch takes 0.8 s of processor time to load and to set up before main(), and the tests start
/// the program some hundred times. So a script starts it once more, with server.cpp preloaded: that
/// process stops before main() and then forks for each run, which goes through main() and exit()
/// like any other. client.cpp stands for such a run: it has its arguments, environment, folder,
/// streams, signals and exit code.

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace patchead::forked {

constexpr const char* kListening =
    "PATCHEAD_FORK_LISTENING";  ///< Server: number of its listening socket.
constexpr const char* kSocket = "PATCHEAD_FORK_SOCKET";  ///< Client: path of that socket.
constexpr int kStreams = 3;  ///< Standard input, output and errors go along as descriptors.

/// Comes first, with the streams. Then `bytes` bytes of zero-terminated words: the folder,
/// `arguments` arguments, and the environment. After that the client sends a byte for each signal,
/// and the server at last the wait status.
struct Request {
    std::uint32_t bytes = 0;
    std::uint32_t arguments = 0;
};

/// A message of one Request with room for the streams.
struct Message {
    Request request;
    std::array<int, kStreams> streams{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kStreams)> room{};
    iovec content{&request, sizeof request};
    msghdr header{};

    Message() {
        header.msg_iov = &content;
        header.msg_iovlen = 1;
        header.msg_control = room.data();
        header.msg_controllen = room.size();
    }
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;

    bool send(int socket) {
        cmsghdr* control = CMSG_FIRSTHDR(&header);
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        control->cmsg_len = CMSG_LEN(sizeof streams);
        std::memcpy(CMSG_DATA(control), streams.data(), sizeof streams);
        return sendmsg(socket, &header, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof request);
    }

    bool receive(int socket) {
        if (recvmsg(socket, &header, 0) != static_cast<ssize_t>(sizeof request)) { return false; }
        const cmsghdr* control = CMSG_FIRSTHDR(&header);
        if (control == nullptr || control->cmsg_type != SCM_RIGHTS ||
            control->cmsg_len != CMSG_LEN(sizeof streams)) {
            return false;
        }
        std::memcpy(streams.data(), CMSG_DATA(control), sizeof streams);
        return true;
    }
};

}  // namespace patchead::forked
