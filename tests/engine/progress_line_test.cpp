#include "patchead/engine/progress_line.hpp"

#include <cstdlib>
#include <memory>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <termios.h>
#include <unistd.h>

namespace patchead {
namespace {

/// A third of the cost done after 40 s.
ProgressState third(double seconds = 40) {
    return {.done = 42,
            .failed = 0,
            .total = 128,
            .images = 4720,
            .cost_done = 1,
            .cost_total = 3,
            .seconds = seconds};
}

/// At the end of a run of which two thirds could not be done.
ProgressState stopped() {
    auto state = third(59);
    state.failed = 3;
    return state;
}
const std::string kLast = "[ 42/128]  33 %, 80 images/s, 00:59 elapsed, 3 failed";

TEST(ProgressLine, SaysWhatIsDoneHowFastAndForHowLong) {
    EXPECT_EQ(progress_line(third()), "[ 42/128]  33 %, 118 images/s, 00:40 elapsed, ETA 01:20");
}

TEST(ProgressLine, TellsFailures) {
    auto state = third();
    state.failed = 2;
    EXPECT_TRUE(progress_line(state).ends_with(", 2 failed"));
}

TEST(ProgressLine, FollowsTheCostAndNotTheNumberOfUnits) {
    ProgressState state{.done = 9, .total = 10, .cost_done = 1, .cost_total = 4, .seconds = 10};
    EXPECT_EQ(progress_line(state), "[ 9/10]  25 %, 00:10 elapsed, ETA 00:30");
    state.cost_total = 0;
    EXPECT_EQ(progress_line(state), "[ 9/10]  90 %, 00:10 elapsed, ETA 00:01");
}

TEST(ProgressLine, HasNoEtaBeforeTheFirstUnitAndAfterTheLast) {
    EXPECT_EQ(progress_line({.total = 5, .cost_total = 2, .seconds = 3}),
              "[0/5]   0 %, 00:03 elapsed");
    EXPECT_EQ(progress_line(
                  {.done = 5, .total = 5, .cost_done = 2.0000001, .cost_total = 2, .seconds = 3}),
              "[5/5] 100 %, 00:03 elapsed");
    EXPECT_EQ(progress_line({}), "[0/0] 100 %, 00:00 elapsed");
}

// 0.1 + 0.2 + 0.3 is not the sum of the same numbers in another order.
TEST(ProgressLine, IsAtHundredWhenAllUnitsAreDoneWhateverTheSumOfTheirCosts) {
    EXPECT_EQ(
        progress_line({.done = 3, .total = 3, .cost_done = 0.6, .cost_total = 0.1 + 0.2 + 0.3}),
        "[3/3] 100 %, 00:00 elapsed");
}

TEST(ProgressLine, NeverSaysHundredBeforeAllIsDone) {
    EXPECT_EQ(
        progress_line({.done = 1, .total = 2, .cost_done = 999, .cost_total = 1000}).substr(0, 11),
        "[1/2]  99 %");
}

TEST(ProgressLine, ShowsHoursAndSlowRates) {
    EXPECT_EQ(progress_line({.done = 1,
                             .total = 2,
                             .images = 9000,
                             .cost_done = 1,
                             .cost_total = 2,
                             .seconds = 3600 + 2 * 60 + 3}),
              "[1/2]  50 %, 2.4 images/s, 01:02:03 elapsed, ETA 01:02:03");
}

/// What a display writes to a file.
class OnAFile : public testing::Test {
  protected:
    std::string written() {
        std::fflush(file_.get());
        std::rewind(file_.get());
        std::string text;
        for (int c = std::fgetc(file_.get()); c != EOF; c = std::fgetc(file_.get())) {
            text += static_cast<char>(c);
        }
        return text;
    }
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), std::fclose};
};

TEST_F(OnAFile, ThereIsAPlainLineEveryIntervalAndAtTheEnd) {
    ProgressDisplay display(file_.get(), 10);
    for (const double seconds : {0.0, 1.0, 9.9, 10.0, 19.0, 21.0}) {
        display.update(third(seconds));
    }
    display.message("failed: unit 7");
    display.finish(stopped());
    EXPECT_EQ(written(), progress_line(third(0)) + "\n" + progress_line(third(10)) + "\n" +
                             progress_line(third(21)) + "\nfailed: unit 7\n" + kLast + "\n");
}

/// What a display writes to a terminal (a pseudo-terminal that changes no byte).
class OnATerminal : public testing::Test {
  protected:
    void SetUp() override {
        master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
        ASSERT_GE(master_, 0);
        ASSERT_EQ(::grantpt(master_), 0);
        ASSERT_EQ(::unlockpt(master_), 0);
        const int slave = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
        ASSERT_GE(slave, 0);
        termios mode{};
        ASSERT_EQ(::tcgetattr(slave, &mode), 0);
        ::cfmakeraw(&mode);
        ASSERT_EQ(::tcsetattr(slave, TCSANOW, &mode), 0);
        stream_ = ::fdopen(slave, "w");
        ASSERT_NE(stream_, nullptr);
    }
    void TearDown() override {
        if (stream_ != nullptr) { std::fclose(stream_); }
        if (master_ >= 0) { ::close(master_); }
    }
    /// Everything written since the last call. A terminal hands its bytes over when it likes, so an
    /// end mark is sent behind them and read up to.
    std::string written() {
        constexpr char end_mark = '\x01';
        std::fputc(end_mark, stream_);
        std::fflush(stream_);
        std::string text;
        for (char byte = 0; ::read(master_, &byte, 1) == 1 && byte != end_mark;) { text += byte; }
        return text;
    }
    int master_ = -1;
    std::FILE* stream_ = nullptr;
};

TEST_F(OnATerminal, TheLineIsRewrittenInPlaceAtMostTenTimesASecond) {
    ProgressDisplay display(stream_, 1e9);
    display.update(third(1));
    display.update(third(1.05));
    display.update(third(61.0));
    EXPECT_EQ(
        written(),
        "\r" + progress_line(third(1)) + "\r" + progress_line(third(61)) +
            std::string(progress_line(third(1)).size() - progress_line(third(61)).size(), ' '));
}

TEST_F(OnATerminal, AMessageLeavesNoRestOfTheLineAndTheLineComesBack) {
    ProgressDisplay display(stream_, 1e9);
    display.update(third(1));
    static_cast<void>(written());
    display.message("failed");
    const std::string blank(progress_line(third(1)).size(), ' ');
    EXPECT_EQ(written(), "\r" + blank + "\rfailed\n");
    display.update(third(1.01));
    EXPECT_EQ(written(), "\r" + progress_line(third(1.01)));
    display.finish(stopped());
    const std::string last(progress_line(third(1.01)).size(), ' ');
    EXPECT_EQ(written(), "\r" + last + "\r" + kLast + "\n");
}

}  // namespace
}  // namespace patchead
