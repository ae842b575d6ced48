/// \file
/// \brief Runs every target over the files of its folder of the corpus: seeds, and inputs that once
/// failed. So that the tests need no clang.
///
/// fuzz_corpus CORPUS TARGET...: the targets named; each must have a file.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz.hpp"

namespace {

namespace fs = std::filesystem;

int run_target(const fs::path& corpus, const char* name) {
    const auto* target = patchead::fuzz::find_target(name);
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(corpus / name, error)) {
        files.push_back(entry.path());
    }
    if (target == nullptr || files.empty()) {
        std::printf("%s: no target, or no file in its corpus\n", name);
        return 1;
    }
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        std::printf("%s %s\n", name, file.filename().c_str());
        std::fflush(stdout);
        target->run(bytes);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    int failed = argc < 3 ? 1 : 0;
    for (int i = 2; i < argc; ++i) { failed |= run_target(argv[1], argv[i]); }
    return failed;
}
