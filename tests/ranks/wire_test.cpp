#include "wire.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

TEST(Wire, GivesBackWhatWasPacked) {
    const Request request{7, Ended::disk, 1.5, std::string("a\0b", 3), false, true, true};
    const auto read = unpack_request(pack(request));
    EXPECT_EQ(read.task, request.task);
    EXPECT_EQ(read.ended, request.ended);
    EXPECT_EQ(read.text, request.text);
    EXPECT_EQ(pack(read), pack(request));
    EXPECT_FALSE(unpack_reply(pack(Reply{std::nullopt, true})).task);
    EXPECT_TRUE(unpack_reply(pack(Reply{std::nullopt, true})).draining);
}

TEST(Wire, RefusesWhatNoRankSends) {
    const auto request = pack(Request{});
    const auto reply = pack(Reply{3, false});
    EXPECT_THROW(static_cast<void>(unpack_request(request.substr(1))), MpiError);
    EXPECT_THROW(static_cast<void>(unpack_reply(reply + "x")), MpiError);
    for (const std::size_t place : {7U, 16U, 20U, 24U, 28U}) {  // Task, end and flags.
        auto spoilt = request;
        spoilt[place] = '\x80';
        EXPECT_THROW(static_cast<void>(unpack_request(spoilt)), MpiError) << place;
    }
    auto spoilt = reply;
    spoilt[15] = 1;
    EXPECT_THROW(static_cast<void>(unpack_reply(spoilt)), MpiError);
}

}  // namespace
}  // namespace patchead
