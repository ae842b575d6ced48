#include "patchead/ranks/communicator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <thread>

#include "mpi_call.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

/// Pieces in which long texts are broadcast.
constexpr std::size_t kChunk = std::size_t{1} << 24;

/// How long other ranks let rank 0 speak first.
constexpr auto kRootSpeaksFirst = std::chrono::milliseconds(500);

/// Starts MPI and returns the thread level that it grants.
int start(int& argc, char**& argv) {
    int granted = 0;
    check(MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &granted), "MPI_Init_thread");
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    return granted;
}

const char* level_name(int level) {
    switch (level) {
        case MPI_THREAD_SINGLE:
            return "MPI_THREAD_SINGLE";
        case MPI_THREAD_FUNNELED:
            return "MPI_THREAD_FUNNELED";
        case MPI_THREAD_SERIALIZED:
            return "MPI_THREAD_SERIALIZED";
        default:
            return "MPI_THREAD_MULTIPLE";
    }
}

bool mpi_is_running() {
    int started = 0;
    int ended = 0;
    MPI_Initialized(&started);
    MPI_Finalized(&ended);
    return started != 0 && ended == 0;
}

/// Says what went wrong and ends the job: all of it, since other ranks may wait in a collective.
///
/// Trouble that all ranks meet at once, like a broken file, is told by rank 0 alone: its abort ends
/// the others before they speak. A single rank leaves without the pages that an abort prints.
int give_up(const Communicator& world, const std::string& what, int code) {
    if (!world.is_root()) { std::this_thread::sleep_for(kRootSpeaksFirst); }
    const auto speaker =
        world.size() > 1 ? concat("rank ", world.rank(), " of ", world.size(), ": ") : "";
    std::fprintf(stderr, "patchead: %s%s\n", speaker.c_str(), printable(what).c_str());
    std::fflush(nullptr);
    if (!mpi_is_running()) { return code; }
    if (world.size() > 1) { MPI_Abort(MPI_COMM_WORLD, code); }
    MPI_Finalize();
    return code;
}

}  // namespace

void Communicator::barrier() const {
    if (!has_mpi_) { return; }
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Ibarrier(MPI_COMM_WORLD, &request), "MPI_Ibarrier");
    wait(request);
}

std::string Communicator::broadcast(const std::string& text) const {
    if (!has_mpi_) { return text; }
    const auto share = [](void* data, std::size_t size) {
        MPI_Request request = MPI_REQUEST_NULL;
        check(MPI_Ibcast(data, to_count(size), MPI_BYTE, 0, MPI_COMM_WORLD, &request),
              "MPI_Ibcast");
        wait(request);
    };
    std::string result = is_root() ? text : std::string();
    std::uint64_t size = result.size();
    share(&size, sizeof size);
    result.resize(size);
    for (std::size_t at = 0; at < result.size(); at += kChunk) {
        share(result.data() + at, std::min(kChunk, result.size() - at));
    }
    return result;
}

std::vector<std::string> Communicator::gather(const std::string& text) const {
    if (!has_mpi_) { return {text}; }
    const auto ranks = static_cast<std::size_t>(is_root() ? size_ : 0);
    const int length = to_count(text.size());
    std::vector<int> lengths(ranks);
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Igather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, MPI_COMM_WORLD, &request),
          "MPI_Igather");
    wait(request);

    const auto total = std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
    std::string all(static_cast<std::size_t>(to_count(total)), '\0');
    std::vector<int> offsets(ranks);
    std::exclusive_scan(lengths.begin(), lengths.end(), offsets.begin(), 0);
    check(MPI_Igatherv(text.data(), length, MPI_CHAR, all.data(), lengths.data(), offsets.data(),
                       MPI_CHAR, 0, MPI_COMM_WORLD, &request),
          "MPI_Igatherv");
    wait(request);

    std::vector<std::string> texts;
    for (std::size_t r = 0; r < ranks; ++r) {
        texts.push_back(
            all.substr(static_cast<std::size_t>(offsets[r]), static_cast<std::size_t>(lengths[r])));
    }
    return texts;
}

int Communicator::max(int value) const {
    if (!has_mpi_) { return value; }
    int result = value;
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Iallreduce(&value, &result, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD, &request),
          "MPI_Iallreduce");
    wait(request);
    return result;
}

/// Those on the same machine.
void Communicator::find_neighbours() {
    MPI_Comm machine = MPI_COMM_NULL;
    check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &machine),
          "MPI_Comm_split_type");
    check(MPI_Comm_rank(machine, &local_rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(machine, &local_size_), "MPI_Comm_size");
    check(MPI_Comm_free(&machine), "MPI_Comm_free");
}

int run_job(int argc, char** argv, const FailureCodes& codes,
            const std::function<int(const Communicator&)>& body) {
    Communicator world;
    try {
        const int level = start(argc, argv);
        check(MPI_Comm_rank(MPI_COMM_WORLD, &world.rank_), "MPI_Comm_rank");
        check(MPI_Comm_size(MPI_COMM_WORLD, &world.size_), "MPI_Comm_size");
        require<MpiError>(level >= MPI_THREAD_MULTIPLE, "this MPI grants only ", level_name(level),
                          " (the manager of the tasks is a thread of rank 0 and needs "
                          "MPI_THREAD_MULTIPLE); use an MPI that is built with it");
        world.has_mpi_ = true;
        world.find_neighbours();
        // Also keeps ranks that are done early from spinning in MPI_Finalize.
        const int code = world.max(naming_unreadable([&] { return body(world); }));
        check(MPI_Finalize(), "MPI_Finalize");
        return code;
    } catch (const DiskError& error) {
        return give_up(world, error.what(), codes.disk);
    } catch (const Error& error) {
        return give_up(world, error.what(), codes.error);
    } catch (const std::exception& error) {
        return give_up(world, concat("internal error: ", error.what()), codes.internal);
    } catch (...) {
        return give_up(world, "internal error: an exception that is none of std's", codes.internal);
    }
}

std::string mpi_version() {
    std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
    int length = 0;
    check(MPI_Get_library_version(text.data(), &length), "MPI_Get_library_version");
    const std::string all(text.data(), static_cast<std::size_t>(length));
    return all.substr(0, all.find_first_of(",\n"));
}

std::string mpi_thread_level() {
    int argc = 0;
    char** argv = nullptr;
    const int level = start(argc, argv);
    check(MPI_Finalize(), "MPI_Finalize");
    return level_name(level);
}

}  // namespace patchead
