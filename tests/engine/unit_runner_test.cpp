#include "engine/unit_runner.hpp"

#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "toy_run.hpp"

namespace patchead {
namespace {

class UnitRunnerTest : public ToyRun {
  protected:
    UnitRunner runner(int rank = 0) {
        return {settings_, plan_, store_, rank,
                [&](const UnitRef& unit) { return worker_.execute(unit); }};
    }

    [[nodiscard]] std::filesystem::path claim(const UnitRef& unit) const {
        return store_.root() / "claims" / key_of(plan_, unit)->digest();
    }
    void claim_elsewhere(const UnitRef& unit) const {
        std::filesystem::create_directories(claim(unit).parent_path());
        put_bytes(claim(unit), "node7-01234567.12");
    }
    [[nodiscard]] std::string log(int rank = 0) const {
        return bytes_of(settings_.output / "logs" / concat("rank-000", rank, ".log"));
    }
};

TEST_F(UnitRunnerTest, HoldsTheClaimOfAUnitWhileItIsAtIt) {
    worker_.before = [&](const UnitRef& unit) {
        EXPECT_EQ(bytes_of(claim(unit)), process_token());
    };
    EXPECT_EQ(runner().run(tests()).forwards, 4U);
    EXPECT_TRUE(store_.contains(*key_of(plan_, tests())));
    EXPECT_FALSE(std::filesystem::exists(claim(tests())));
}

TEST_F(UnitRunnerTest, GivesTheClaimBackWhateverHappens) {
    auto runs = runner();
    worker_.before = [](const UnitRef&) { throw DataError("no such image"); };
    EXPECT_THROW(runs.run(tests()), DataError);
    EXPECT_FALSE(std::filesystem::exists(claim(tests())));
    worker_.before = [](const UnitRef&) { throw TaskInterrupted(); };
    EXPECT_THROW(runs.run(tests()), TaskInterrupted);
    EXPECT_FALSE(std::filesystem::exists(claim(tests())));
    worker_.before = [](const UnitRef&) { throw 3; };
    EXPECT_THROW(runs.run(tests()), int);
    EXPECT_FALSE(std::filesystem::exists(claim(tests())));
}

TEST_F(UnitRunnerTest, LeavesAUnitAloneThatAnotherProcessIsAt) {
    claim_elsewhere(tests());
    auto runs = runner();
    EXPECT_THROW(runs.run(tests()), TaskBusy);
    EXPECT_TRUE(worker_.executed.empty());
    EXPECT_TRUE(std::filesystem::exists(claim(tests())));
    EXPECT_EQ(log(), "") << "nothing was done";
    EXPECT_NO_THROW(runs.run(prompt())) << "another unit";
}

TEST_F(UnitRunnerTest, NeedsNoClaimForWhatIsInTheStore) {
    EXPECT_NO_THROW(runner().run(tests()));
    claim_elsewhere(tests());
    EXPECT_EQ(runner().run(tests()).forwards, 0U);
    EXPECT_TRUE(std::filesystem::exists(claim(tests()))) << "it is not ours";
}

TEST_F(UnitRunnerTest, NeedsNoClaimForPictures) {
    worker_.before = [&](const UnitRef&) {
        EXPECT_FALSE(std::filesystem::exists(store_.root() / "claims"));
    };
    EXPECT_NO_THROW(runner().run({UnitKind::picture, 0}));
    EXPECT_EQ(worker_.executed.size(), 1U);
}

TEST_F(UnitRunnerTest, LogsALineForEachUnitOfItsRank) {
    auto runs = runner(3);
    runs.run(tests());
    worker_.before = [](const UnitRef&) { throw DataError("no such image"); };
    EXPECT_THROW(runs.run(prompt()), DataError);
    worker_.before = [](const UnitRef&) { throw TaskInterrupted(); };
    EXPECT_THROW(runs.run(prompt()), TaskInterrupted);

    std::istringstream lines(log(3));
    for (const auto& what : {label_of(plan_, tests()) + ": done",
                             label_of(plan_, prompt()) + ": FAILED (no such image)",
                             label_of(plan_, prompt()) + ": interrupted"}) {
        std::string line;
        ASSERT_TRUE(std::getline(lines, line));
        EXPECT_TRUE(line.ends_with(" s  " + what)) << line;
        EXPECT_EQ(line.substr(10, 1), "T") << "the time comes first: " << line;
    }
    EXPECT_TRUE(lines.peek() == std::istringstream::traits_type::eof());
    EXPECT_EQ(log(0), "");
}

TEST_F(UnitRunnerTest, AddsToTheLogOfAnEarlierRun) {
    runner().run(tests());
    runner().run(prompt());
    const auto lines = log();
    EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
}

TEST_F(UnitRunnerTest, GoesOnWithoutALogThatCannotBeWritten) {
    std::filesystem::create_directories(settings_.output);
    put_bytes(settings_.output / "logs", "a file");
    EXPECT_EQ(runner().run(tests()).forwards, 4U);
}

TEST_F(UnitRunnerTest, InterruptsNothingBeforeItDrains) {
    settings_.grace_seconds = 0;
    EXPECT_NO_THROW(runner().check());
}

TEST_F(UnitRunnerTest, InterruptsAtOnceWithoutAGracePeriod) {
    settings_.grace_seconds = 0;
    auto runs = runner();
    runs.begin_draining();
    const auto work = [&] {
        for (;;) { runs.check(); }
    };
    EXPECT_THROW(work(), TaskInterrupted);
}

TEST_F(UnitRunnerTest, LetsUnitsGoOnWithinTheGracePeriod) {
    settings_.grace_seconds = 1e9;
    auto runs = runner();
    runs.begin_draining();
    EXPECT_NO_THROW(runs.check());
}

}  // namespace
}  // namespace patchead
