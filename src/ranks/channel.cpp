#include "channel.hpp"

#include <cstdlib>
#include <exception>

#include "mpi_call.hpp"
#include "wire.hpp"

namespace patchead {
namespace {

constexpr int kRequest = 1;
constexpr int kAnswer = 2;
constexpr int kDraining = 3;

}  // namespace

Channel::Channel() {
    // MPI_Comm_dup would spin until the last rank comes.
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Comm_idup(MPI_COMM_WORLD, &comm_, &request), "MPI_Comm_idup");
    wait(request);
}

Channel::~Channel() {
    if (std::uncaught_exceptions() == 0) { MPI_Comm_free(&comm_); }
}

Answer Channel::ask(const Request& request) const {
    send(pack(request), 0, kRequest);
    Nap nap(std::chrono::milliseconds(1));
    for (;;) {
        if (const auto answer = probe(0, kAnswer)) {
            const auto reply = unpack_reply(receive(*answer));
            if (reply.draining) { expected_ = true; }
            return reply.task;
        }
        nap.take();
    }
}

void Channel::tell(const Request& request) const { send(pack(request), 0, kRequest); }

bool Channel::hears_draining() {
    if (heard_) { return true; }
    if (const auto notice = probe(0, kDraining)) {
        static_cast<void>(receive(*notice));
        heard_ = true;
    }
    return heard_;
}

bool Channel::await_notice() {
    if (!expected_ || heard_) { return false; }
    Nap nap(std::chrono::milliseconds(1));
    while (!hears_draining()) { nap.take(); }
    return true;
}

std::optional<std::pair<int, Request>> Channel::poll() const {
    const auto request = probe(MPI_ANY_SOURCE, kRequest);
    if (!request) { return std::nullopt; }
    return std::pair{request->MPI_SOURCE, unpack_request(receive(*request))};
}

void Channel::answer(int rank, Answer answer) const {
    send(pack(Reply{answer, announced_}), rank, kAnswer);
}

void Channel::announce_draining(int ranks) {
    announced_ = true;
    for (int rank = 1; rank < ranks; ++rank) { send("!", rank, kDraining); }
}

void Channel::abort(int code) const {
    MPI_Abort(comm_, code);
    std::_Exit(code);
}

void Channel::send(const std::string& message, int to, int tag) const {
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Isend(message.data(), to_count(message.size()), MPI_BYTE, to, tag, comm_, &request),
          "MPI_Isend");
    wait(request);
}

std::optional<MPI_Status> Channel::probe(int from, int tag) const {
    MPI_Status status{};
    int is_there = 0;
    check(MPI_Iprobe(from, tag, comm_, &is_there, &status), "MPI_Iprobe");
    return is_there != 0 ? std::optional(status) : std::nullopt;
}

std::string Channel::receive(const MPI_Status& probed) const {
    int size = 0;
    check(MPI_Get_count(&probed, MPI_BYTE, &size), "MPI_Get_count");
    std::string message(static_cast<std::size_t>(size), '\0');
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Irecv(message.data(), size, MPI_BYTE, probed.MPI_SOURCE, probed.MPI_TAG, comm_,
                    &request),
          "MPI_Irecv");
    wait(request);
    return message;
}

}  // namespace patchead
