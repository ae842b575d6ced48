/// \file
/// \brief main of tests that run in one process.

#include "verdict.hpp"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    const int failed = RUN_ALL_TESTS();
    return failed == 0 && only_skipped() ? kExitSkipped : failed;
}
