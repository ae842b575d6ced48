#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

/// \file
/// \brief Writing and reading features of the size of a ViT-B at 512 px, in bytes of the file.
///
/// `Write` includes the flush to disk. `Read` and `ReadRows` come from the page cache. `PlainRead`
/// is the system's read() of the same file into one small buffer again and again, so into the
/// cache of the CPU; `ReadToMemory` that into memory of the size of the floats, where features have
/// to go. `ReadFromDisk` and `PlainReadFromDisk` are `Read` and `ReadToMemory` of a file that the
/// system was told to forget. Freed memory is kept, as in jobs/main.cpp; `FreshMemory` is what it
/// would cost otherwise.

namespace {

using namespace patchead;

constexpr std::size_t kImages = 128;

FeatureBlock block() {
    FeatureBlock features{
        .grid = {32, 32}, .dim = 768, .ids = {}, .embeddings = {}, .attention = {}};
    for (std::size_t i = 0; i < kImages; ++i) { features.ids.push_back(std::to_string(i)); }
    features.embeddings.resize(kImages * 1024 * 768);
    for (std::size_t i = 0; i < features.embeddings.size(); ++i) {
        features.embeddings[i] = static_cast<float>(i * 2654435761U % 10007) / 5003 - 1;
    }
    features.attention.assign(kImages * 1024, 1.0F / 1024);
    return features;
}

const ArtifactKey& key() {
    static const ArtifactKey features("features", {});
    return features;
}

CacheType type_of(const benchmark::State& state) {
    return state.range(0) == 16 ? CacheType::fp16 : CacheType::fp32;
}

void count(benchmark::State& state, std::size_t images) {
    const auto bytes = images * 1024 * 768 * static_cast<std::size_t>(state.range(0) / 8);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
    state.SetItemsProcessed(static_cast<std::int64_t>(images) * state.iterations());
}

void Write(benchmark::State& state) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    const auto features = block();
    for (auto _ : state) { store.write(key(), features, type_of(state), {}); }
    count(state, kImages);
}

/// Whether the file comes from the page cache or from the disk.
enum class From { cache, disk };

/// Makes the system forget the pages of `path`, off the clock.
void forget(benchmark::State& state, const std::filesystem::path& path) {
    state.PauseTiming();
    const int file = ::open(path.c_str(), O_RDONLY);
    ::fsync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
    state.ResumeTiming();
}

void read_features(benchmark::State& state, From from) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(key(), block(), type_of(state), {});
    for (auto _ : state) {
        if (from == From::disk) { forget(state, store.path(key())); }
        benchmark::DoNotOptimize(store.read_features(key()));
    }
    count(state, kImages);
}
void Read(benchmark::State& state) { read_features(state, From::cache); }
void ReadFromDisk(benchmark::State& state) { read_features(state, From::disk); }

void ReadRows(benchmark::State& state) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(key(), block(), type_of(state), {});
    const std::vector<std::size_t> rows{100, 3, 77, 5};
    for (auto _ : state) { benchmark::DoNotOptimize(store.read_features(key(), rows)); }
    count(state, rows.size());
}

void PlainRead(benchmark::State& state) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(key(), block(), type_of(state), {});
    std::vector<char> buffer(std::size_t{2} << 20);
    for (auto _ : state) {
        const int file = ::open(store.path(key()).c_str(), O_RDONLY);
        while (::read(file, buffer.data(), buffer.size()) > 0) {}
        ::close(file);
    }
    count(state, kImages);
}

void read_to_memory(benchmark::State& state, From from) {
    const TemporaryFolder folder;
    const Store store(folder.path());
    store.write(key(), block(), type_of(state), {});
    const auto size = std::filesystem::file_size(store.path(key()));
    std::vector<char> memory(size);
    for (auto _ : state) {
        if (from == From::disk) { forget(state, store.path(key())); }
        const int file = ::open(store.path(key()).c_str(), O_RDONLY);
        for (std::size_t at = 0; at < size;) {
            const auto got = ::read(file, memory.data() + at, size - at);
            if (got <= 0) { throw DataError("cannot read"); }
            at += static_cast<std::size_t>(got);
        }
        ::close(file);
    }
    count(state, kImages);
}

void ReadToMemory(benchmark::State& state) { read_to_memory(state, From::cache); }
void PlainReadFromDisk(benchmark::State& state) { read_to_memory(state, From::disk); }

void FreshMemory(benchmark::State& state) {
    for (auto _ : state) {
        std::vector<float> values(kImages * 1024 * 768);
        benchmark::DoNotOptimize(values.data());
    }
    count(state, kImages);
}

BENCHMARK(Write)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(Read)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(ReadRows)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(PlainRead)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(ReadToMemory)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(ReadFromDisk)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(PlainReadFromDisk)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(FreshMemory)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

int main(int argc, char** argv) {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);  // As in jobs/main.cpp.
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
