/// \file
/// \brief main of tests that run under mpirun: rank 0 prints all, other ranks their failures.

#include <cstdio>

#include <gtest/gtest.h>

#include "mpi_test.hpp"
#include "patchead/ranks/communicator.hpp"
#include "verdict.hpp"

namespace {

const patchead::Communicator* world_of_test = nullptr;

class FailuresOnly : public testing::EmptyTestEventListener {
    void OnTestPartResult(const testing::TestPartResult& part) override {
        if (!part.failed()) { return; }
        std::fprintf(stderr, "rank %d: %s:%d: %s\n", world_of_test->rank(), part.file_name(),
                     part.line_number(), part.summary());
    }
};

}  // namespace

const patchead::Communicator& test_world() { return *world_of_test; }

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    return patchead::run_job(argc, argv, {}, [](const patchead::Communicator& world) {
        world_of_test = &world;
        auto& listeners = testing::UnitTest::GetInstance()->listeners();
        if (!world.is_root()) {
            delete listeners.Release(listeners.default_result_printer());
            listeners.Append(new FailuresOnly);
        }
        const int failed = world.max(RUN_ALL_TESTS());
        if (failed != 0 && world.is_root()) { std::fputs("FAILED on at least one rank\n", stderr); }
        const bool tested = world.max(only_skipped() ? 0 : 1) > 0;
        return failed == 0 && !tested ? kExitSkipped : failed;
    });
}
