#include "fuzz.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace patchead::fuzz {

#define PATCHEAD_FUZZ_TARGET(name) void fuzz_##name(std::string_view input);
#include "targets.def"

namespace {

namespace fs = std::filesystem;

constexpr auto kTargets = std::to_array<Target>({
#define PATCHEAD_FUZZ_TARGET(name) {#name, &fuzz_##name},
#include "targets.def"
});

/// A folder for as long as the process lives; fuzzers end it by _Exit only where it has failed.
class Scratch {
  public:
    Scratch() {
        std::error_code error;
        const fs::path memory = "/dev/shm";
        const auto parent = fs::is_directory(memory, error) ? memory : fs::temp_directory_path();
        std::string name = (parent / "patchead-fuzz-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) { std::abort(); }
        path_ = name;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

}  // namespace

const Target* find_target(std::string_view name) {
    const auto* const found = std::ranges::find(kTargets, name, &Target::name);
    return found == kTargets.end() ? nullptr : found;
}

void require_property(bool ok, std::string_view what) {
    if (ok) { return; }
    std::fprintf(stderr, "broken property: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

const fs::path& scratch_folder() {
    static const Scratch scratch;
    return scratch.path();
}

fs::path scratch_file(std::string_view name, std::string_view bytes) {
    auto path = scratch_folder() / name;
    const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    require_property(file >= 0, "the scratch folder is there");
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        require_property(written > 0, "the scratch folder has room");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    ::close(file);
    return path;
}

std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string file;
    std::string directory;
    for (const auto& [name, content] : entries) {
        const auto place = raw(static_cast<std::uint32_t>(file.size()));
        const auto size = raw(static_cast<std::uint32_t>(content.size()));
        const auto lengths = raw(static_cast<std::uint16_t>(name.size())) + std::string(2, '\0');
        const auto shared = std::string(10, '\0') + std::string(4, '\0') + size + size + lengths;
        file += "PK\x03\x04" + shared + name + content;
        directory +=
            "PK\x01\x02" + std::string(2, '\0') + shared + std::string(10, '\0') + place + name;
    }
    const auto count = raw(static_cast<std::uint16_t>(entries.size()));
    return file + directory + "PK\x05\x06" + std::string(4, '\0') + count + count +
           raw(static_cast<std::uint32_t>(directory.size())) +
           raw(static_cast<std::uint32_t>(file.size())) + std::string(2, '\0');
}

}  // namespace patchead::fuzz
