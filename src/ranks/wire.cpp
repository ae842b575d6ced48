#include "wire.hpp"

#include <cstdint>
#include <cstring>

#include "patchead/core/error.hpp"

namespace patchead::inline ranks_detail {
namespace {

constexpr std::int64_t kNothing = -1;

/// Head of a request's message; the text follows.
struct RequestHead {
    std::int64_t task;
    double seconds;
    std::int32_t ended;
    std::int32_t asks, stop, leaves;
};

struct WireReply {
    std::int64_t task;
    std::int64_t draining;
};

std::int64_t to_wire(std::optional<std::size_t> task) {
    return task ? static_cast<std::int64_t>(*task) : kNothing;
}

void require_ours(bool ok, std::size_t bytes, const char* why) {
    require<MpiError>(ok, "a message of ", bytes, " bytes (", why,
                      "); run the same binary on all ranks");
}

std::optional<std::size_t> from_wire(std::int64_t task, std::size_t bytes) {
    require_ours(task >= kNothing, bytes, "its task has no number");
    return task == kNothing ? std::nullopt : std::optional(static_cast<std::size_t>(task));
}

bool flag_from_wire(std::int64_t flag, std::size_t bytes) {
    require_ours(flag == 0 || flag == 1, bytes, "neither yes nor no where one of them belongs");
    return flag == 1;
}

template <class T>
std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
T value_from(const std::string& message) {
    require_ours(message.size() >= sizeof(T), message.size(), "too short to be ours");
    T value{};
    std::memcpy(&value, message.data(), sizeof value);
    return value;
}

}  // namespace

std::string pack(const Request& request) {
    return bytes_of(RequestHead{to_wire(request.task), request.seconds,
                                static_cast<std::int32_t>(request.ended), request.asks,
                                request.stop, request.leaves}) +
           request.text;
}

std::string pack(const Reply& reply) {
    return bytes_of(WireReply{to_wire(reply.task), reply.draining ? 1 : 0});
}

Request unpack_request(const std::string& message) {
    const auto head = value_from<RequestHead>(message);
    const auto size = message.size();
    require_ours(head.ended >= 0 && head.ended <= static_cast<std::int32_t>(Ended::busy), size,
                 "its task has come to an end that is not known");
    return {from_wire(head.task, size),
            static_cast<Ended>(head.ended),
            head.seconds,
            message.substr(sizeof head),
            flag_from_wire(head.asks, size),
            flag_from_wire(head.stop, size),
            flag_from_wire(head.leaves, size)};
}

Reply unpack_reply(const std::string& message) {
    const auto reply = value_from<WireReply>(message);
    require_ours(message.size() == sizeof reply, message.size(), "too long to be ours");
    return {from_wire(reply.task, message.size()), flag_from_wire(reply.draining, message.size())};
}

}  // namespace patchead::inline ranks_detail
