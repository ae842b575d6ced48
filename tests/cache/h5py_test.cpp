// The files as a user reads them: by h5py, from the documented layout, without our code.

#include <cstdlib>

#include <gtest/gtest.h>

#include "patchead/cache/store.hpp"
#include "patchead/cache/table_file.hpp"
#include "patchead/core/error.hpp"
#include "samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

TEST(H5py, ReadsEveryNumberAndTextOfOurFiles) {
    const std::string python = PATCHEAD_PYTHON;
    if (std::system((python + " -c 'import h5py' 2>/dev/null").c_str()) != 0) {
        GTEST_SKIP() << "SKIPPED: " << python << " has no h5py (Debian: python3-h5py)";
    }
    const TemporaryFolder folder;
    const Store store(folder.path() / "store");
    const auto hand_over = [&](const char* name) {
        std::filesystem::rename(store.path(kKey), folder.path() / name);
    };
    store.write(kKey, features(), CacheType::fp16, kProvenance);
    hand_over("fp16.h5");
    store.write(kKey, features(), CacheType::fp32, kProvenance);
    hand_over("fp32.h5");
    store.write(kKey, matches(), kProvenance);
    hand_over("match.h5");
    store.write(kKey, result(), kProvenance);
    hand_over("result.h5");
    write_table_file(folder.path() / "table.h5",
                     {{{"note", "für alle"}},
                      {{"metrics",
                        {{"category", std::vector<std::string>{"screw", "Größe"}},
                         {"seed", std::vector<std::int64_t>{0, 1}},
                         {"value", std::vector<double>{0.1, 1}}}}}});
    EXPECT_EQ(std::system(concat(python, " ", PATCHEAD_SOURCE_DIR, "/tests/cache/h5py_test.py ",
                                 folder.path().string())
                              .c_str()),
              0);
}

}  // namespace
}  // namespace patchead
