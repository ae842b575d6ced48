#include "patchead/engine/run_state.hpp"

#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "data/fixtures.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using Json = nlohmann::json;

constexpr auto kStatuses =
    std::to_array({RunStatus::running, RunStatus::draining, RunStatus::lost_rank,
                   RunStatus::finished, RunStatus::failures, RunStatus::drained, RunStatus::disk});

/// No two members have the same value.
RunState full_state() {
    RunState state;
    state.status = RunStatus::failures;
    state.ranks = 4;
    state.process = "node7-01234567.12";
    state.started = "2026-11-25T03:00:00Z";
    state.updated = "2026-11-25T04:00:00Z";
    state.seconds = 0.1;
    state.eta_seconds = 1.0 / 3;
    state.units_done = 11;
    state.units_failed = 12;
    state.units_skipped = 13;
    state.units_running = 14;
    state.units_elsewhere = 15;
    state.units_total = 16;
    state.forwards_saved = 1ULL << 60;
    state.forwards = (1ULL << 60) + 1;
    state.products = (1ULL << 60) + 2;
    state.forwards_by = {(1ULL << 60) + 3, (1ULL << 60) + 4, (1ULL << 60) + 5};
    for (std::size_t i = 0; i < state.kinds.size(); ++i) {
        const auto n = static_cast<double>(i);
        state.kinds[i] = {20 + i, 30 + i, 0.7 * n, 0.9 * n};
    }
    state.stacks = {"LibTorch 1.13.0, OpenBLAS 0.3.21 Haswell", "unknown"};
    state.failures = {"no such image 'ä\"\\'", "two\nlines"};
    state.troubles = {"tried once more"};
    return state;
}

void expect_equal(const KindStates& a, const KindStates& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].total, b[i].total) << kUnitKinds[i].name;
        EXPECT_EQ(a[i].done, b[i].done) << kUnitKinds[i].name;
        EXPECT_EQ(a[i].rank_seconds, b[i].rank_seconds) << kUnitKinds[i].name;
        EXPECT_EQ(a[i].model_seconds, b[i].model_seconds) << kUnitKinds[i].name;
    }
}

void expect_equal(const RunState& a, const RunState& b) {
    EXPECT_EQ(a.status, b.status);
    EXPECT_EQ(a.ranks, b.ranks);
    EXPECT_EQ(a.process, b.process);
    EXPECT_EQ(a.started, b.started);
    EXPECT_EQ(a.updated, b.updated);
    EXPECT_EQ(a.seconds, b.seconds);
    EXPECT_EQ(a.eta_seconds, b.eta_seconds);
    EXPECT_EQ(a.units_done, b.units_done);
    EXPECT_EQ(a.units_failed, b.units_failed);
    EXPECT_EQ(a.units_skipped, b.units_skipped);
    EXPECT_EQ(a.units_running, b.units_running);
    EXPECT_EQ(a.units_elsewhere, b.units_elsewhere);
    EXPECT_EQ(a.units_total, b.units_total);
    EXPECT_EQ(a.forwards_saved, b.forwards_saved);
    EXPECT_EQ(a.forwards, b.forwards);
    EXPECT_EQ(a.products, b.products);
    EXPECT_EQ(a.forwards_by.images, b.forwards_by.images);
    EXPECT_EQ(a.forwards_by.turned, b.forwards_by.turned);
    EXPECT_EQ(a.forwards_by.aligned, b.forwards_by.aligned);
    expect_equal(a.kinds, b.kinds);
    EXPECT_EQ(a.stacks, b.stacks);
    EXPECT_EQ(a.failures, b.failures);
    EXPECT_EQ(a.troubles, b.troubles);
}

class RunStateTest : public testing::Test {
  protected:
    void SetUp() override {
        write_run_state(file_, full_state());
        whole_ = Json::parse(bytes_of(file_));
    }

    /// Puts what was written into the file, after `change`.
    void put_changed(const std::function<void(Json&)>& change) const {
        auto json = whole_;
        change(json);
        put_bytes(file_, json.dump());
    }
    /// Reading fails with a message that names the file and says `part`.
    void expect_refused(const std::string& part) const {
        const auto message =
            message_of<DataError>([&] { static_cast<void>(read_run_state(file_)); });
        EXPECT_NE(message.find("'" + file_.string() + "'"), std::string::npos) << message;
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_NE(message.find("no run.json of this version"), std::string::npos) << message;
    }

    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_.path() / "run.json";
    Json whole_;  ///< What is written of `full_state`.
};

TEST_F(RunStateTest, ReadsBackEveryMember) {
    expect_equal(read_run_state(file_), full_state());
    write_run_state(file_, RunState{});
    expect_equal(read_run_state(file_), RunState{});
}

TEST_F(RunStateTest, OfBeforePassesWereToldApartIsRead) {
    put_changed([](Json& json) { json.erase("forwards_by"); });
    EXPECT_EQ(read_run_state(file_).forwards, full_state().forwards);
    EXPECT_EQ(read_run_state(file_).forwards_by.images, 0U);
}

TEST(ForwardState, TellsPassesApartWhereThereAreSeveralKinds) {
    EXPECT_EQ((ForwardState{10, 0, 0}.text()), "");
    EXPECT_EQ((ForwardState{10, 14, 0}.text()),
              "(10 of images, 14 of turned or flipped references)");
    EXPECT_EQ((ForwardState{0, 0, 3}.text()), "(3 of aligned copies)");
}

TEST_F(RunStateTest, ReadsBackEveryStatus) {
    for (const auto status : kStatuses) {
        RunState state;
        state.status = status;
        write_run_state(file_, state);
        EXPECT_EQ(read_run_state(file_).status, status) << name_of(status);
    }
}

TEST_F(RunStateTest, HasAWordForEveryStatus) {
    EXPECT_EQ(name_of(RunStatus::running), "running");
    EXPECT_EQ(name_of(RunStatus::draining), "draining");
    EXPECT_EQ(name_of(RunStatus::lost_rank), "lost a rank");
    EXPECT_EQ(name_of(RunStatus::finished), "finished");
    EXPECT_EQ(name_of(RunStatus::failures), "finished with failures");
    EXPECT_EQ(name_of(RunStatus::drained), "drained");
    EXPECT_EQ(name_of(RunStatus::disk), "disk full or read-only");
}

TEST_F(RunStateTest, SaysWhichRunsGoOnAndWhichHaveNoTables) {
    for (const auto status : kStatuses) {
        EXPECT_EQ(goes_on(status), status == RunStatus::running || status == RunStatus::draining);
        EXPECT_EQ(is_unfinished(status), status == RunStatus::drained || status == RunStatus::disk);
    }
}

TEST_F(RunStateTest, WritesRatesForReadersThatDoNotCount) {
    RunState state;
    state.ranks = 2;
    state.seconds = 10;
    state.units_done = 5;
    state.forwards = 40;
    state.kinds[place_of(UnitKind::embed)].rank_seconds = 12;
    state.kinds[place_of(UnitKind::match)].rank_seconds = 3;
    write_run_state(file_, state);
    const auto rates = Json::parse(bytes_of(file_)).at("rates");
    EXPECT_EQ(rates.at("units_per_second"), 0.5);
    EXPECT_EQ(rates.at("images_per_second"), 4.0);
    EXPECT_EQ(rates.at("idle_share"), 0.25);
}

TEST_F(RunStateTest, HasNoRatesBeforeTimeHasPassed) {
    EXPECT_EQ(RunState{}.units_per_second(), 0);
    EXPECT_EQ(RunState{}.images_per_second(), 0);
    EXPECT_EQ(RunState{}.idle_share(), 0);
}

TEST_F(RunStateTest, SurvivesTextThatIsNoUtf8) {
    RunState state;
    state.failures = {"no such image '\xff'"};
    write_run_state(file_, state);
    EXPECT_TRUE(read_run_state(file_).failures[0].starts_with("no such image '"));
}

TEST_F(RunStateTest, RefusesAStatusOfAnotherVersion) {
    put_changed([](Json& json) { json["state"] = "sleeping"; });
    expect_refused("state 'sleeping' is not known");
}

TEST_F(RunStateTest, RefusesAFileWithoutAMember) {
    for (const auto& [name, value] : whole_.items()) {
        // For other readers; not in runs from before passes were told apart.
        if (name == "rates" || name == "forwards_by") { continue; }
        put_changed([&, key = name](Json& json) { json.erase(key); });
        expect_refused(name);
    }
    put_changed([](Json& json) { json["units"].erase("elsewhere"); });
    expect_refused("elsewhere");
    put_changed([](Json& json) { json["units_by_kind"].erase("picture"); });
    expect_refused("picture");
}

TEST_F(RunStateTest, RefusesAMemberOfAnotherType) {
    put_changed([](Json& json) { json["failures"] = "many"; });
    expect_refused("type");
    put_changed([](Json& json) { json["seconds"] = "long"; });
    expect_refused("type");
}

TEST_F(RunStateTest, RefusesAFileThatWasCutShortAtAnyByte) {
    write_run_state(file_, RunState{});
    const auto text = bytes_of(file_);
    for (std::size_t size = 0; size + 2 < text.size(); size += 37) {
        put_bytes(file_, text.substr(0, size));
        EXPECT_THROW(static_cast<void>(read_run_state(file_)), DataError) << size;
    }
    put_bytes(file_, text.substr(0, text.size() / 2));
    expect_refused("");
}

TEST_F(RunStateTest, RefusesOtherJson) {
    for (const auto* text : {"[]", "{}", "3", "null", "\"state\""}) {
        put_bytes(file_, text);
        expect_refused("");
    }
    std::filesystem::remove(file_);
    EXPECT_THROW(static_cast<void>(read_run_state(file_)), DataError);
}

TEST_F(RunStateTest, GivesTheSpeedOfKindsFromAFileThatHasNothingElse) {
    Json json;
    for (const auto& kind : kUnitKinds) {
        const auto n = static_cast<double>(place_of(kind.kind));
        json["rank_seconds"][std::string(kind.name)] = 8 * n;
        json["model_seconds"][std::string(kind.name)] = kind.kind == UnitKind::match ? 0 : 2;
    }
    put_bytes(file_, json.dump());
    const auto factors = speed_factors(file_);
    for (const auto& kind : kUnitKinds) {
        const auto n = static_cast<double>(place_of(kind.kind));
        const double expected = kind.kind == UnitKind::match ? 1 : 4 * n;
        EXPECT_EQ(factors[place_of(kind.kind)], expected) << kind.name;
    }
    json.erase("model_seconds");
    put_bytes(file_, json.dump());
    EXPECT_THROW(static_cast<void>(speed_factors(file_)), DataError);
}

TEST_F(RunStateTest, GivesTheSpeedOfKindsFromAWholeFile) {
    const auto state = full_state();
    write_run_state(file_, state);
    const auto& kind = state.kinds[2];
    EXPECT_EQ(speed_factors(file_)[2], kind.rank_seconds / kind.model_seconds);
    EXPECT_EQ(speed_factors(file_)[0], 1) << "nothing was measured";
}

TEST_F(RunStateTest, FindsTheStatesOfAllArrayTasks) {
    EXPECT_TRUE(state_files(folder_.path() / "nowhere").empty());
    for (const auto* name : {"run.json", "run.b.json", "run.a.json", "run.a.json.tmp.x.1.0",
                             "trace.a.json", "rerun.json", "results.csv"}) {
        put_bytes(folder_.path() / name, "");
    }
    std::filesystem::create_directory(folder_.path() / "run.d.json");
    EXPECT_EQ(state_files(folder_.path()),
              (std::vector{folder_.path() / "run.a.json", folder_.path() / "run.b.json",
                           folder_.path() / "run.json"}));
}

TEST_F(RunStateTest, TellsTheTimeInUtc) {
    const auto text = utc_text();
    ASSERT_EQ(text.size(), std::string("2026-11-25T03:00:00Z").size());
    EXPECT_EQ(text[10], 'T');
    EXPECT_EQ(text.back(), 'Z');
}

}  // namespace
}  // namespace patchead
