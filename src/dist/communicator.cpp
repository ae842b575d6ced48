#include "patchead/dist/communicator.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include "mpi_call.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr int kExitError = 1;
constexpr int kExitInternal = 70;

/// Pieces in which long texts travel.
constexpr std::size_t kChunk = std::size_t{1} << 28;

int start(int& argc, char**& argv) {
    int provided = 0;
    check(MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided), "MPI_Init_thread");
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    return provided;
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

int rank_on_machine(int rank) {
    MPI_Comm machine = MPI_COMM_NULL;
    check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &machine),
          "MPI_Comm_split_type");
    int local = 0;
    check(MPI_Comm_rank(machine, &local), "MPI_Comm_rank");
    check(MPI_Comm_free(&machine), "MPI_Comm_free");
    return local;
}

/// Says what went wrong and ends the job: all of it, since other ranks may wait in a collective.
int give_up(const Communicator& world, const char* what, int code) {
    if (world.size() > 1) {
        std::fprintf(stderr, "patchead: rank %d of %d: %s\n", world.rank(), world.size(), what);
        std::fflush(nullptr);
        MPI_Abort(MPI_COMM_WORLD, code);
    }
    std::fprintf(stderr, "patchead: %s\n", what);
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
    const auto send = [](void* data, std::size_t size) {
        MPI_Request request = MPI_REQUEST_NULL;
        check(MPI_Ibcast(data, to_count(size), MPI_BYTE, 0, MPI_COMM_WORLD, &request),
              "MPI_Ibcast");
        wait(request);
    };
    auto result = is_root() ? text : std::string();
    std::uint64_t size = result.size();
    send(&size, sizeof size);
    result.resize(size);
    for (std::size_t at = 0; at < size; at += kChunk) {
        send(result.data() + at, std::min(kChunk, static_cast<std::size_t>(size) - at));
    }
    return result;
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

std::vector<std::string> Communicator::gather(const std::string& text) const {
    if (!has_mpi_) { return {text}; }
    barrier();  // The calls below spin; this way all ranks arrive together.
    const auto ranks = static_cast<std::size_t>(is_root() ? size_ : 0);
    const int length = to_count(text.size());
    std::vector<int> lengths(ranks);
    check(MPI_Gather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, MPI_COMM_WORLD),
          "MPI_Gather");
    const auto total = std::accumulate(lengths.begin(), lengths.end(), std::size_t{0});
    std::vector<int> offsets(ranks);
    std::string all(static_cast<std::size_t>(to_count(total)), '\0');
    std::exclusive_scan(lengths.begin(), lengths.end(), offsets.begin(), 0);
    check(MPI_Gatherv(text.data(), length, MPI_CHAR, all.data(), lengths.data(), offsets.data(),
                      MPI_CHAR, 0, MPI_COMM_WORLD),
          "MPI_Gatherv");
    std::vector<std::string> texts;
    for (std::size_t r = 0; r < ranks; ++r) {
        texts.push_back(
            all.substr(static_cast<std::size_t>(offsets[r]), static_cast<std::size_t>(lengths[r])));
    }
    return texts;
}

int run_job(int argc, char** argv, const std::function<int(const Communicator&)>& body) {
    Communicator world;
    try {
        const int level = start(argc, argv);
        check(MPI_Comm_rank(MPI_COMM_WORLD, &world.rank_), "MPI_Comm_rank");
        check(MPI_Comm_size(MPI_COMM_WORLD, &world.size_), "MPI_Comm_size");
        require<MpiError>(level == MPI_THREAD_MULTIPLE, "this MPI grants only ", level_name(level),
                          " (the manager thread needs MPI_THREAD_MULTIPLE); use another MPI build");
        world.has_mpi_ = true;
        world.local_rank_ = rank_on_machine(world.rank_);
        const int code = world.max(body(world));
        MPI_Finalize();
        return code;
    } catch (const Error& error) {
        return give_up(world, error.what(), kExitError);
    } catch (const std::exception& error) {
        return give_up(world, concat("internal error: ", error.what()).c_str(), kExitInternal);
    }
}

std::string mpi_version() {
    std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
    int length = 0;
    check(MPI_Get_library_version(text.data(), &length), "MPI_Get_library_version");
    const std::string all(text.data(), static_cast<std::size_t>(length));
    return all.substr(0, all.find(','));
}

std::string mpi_thread_level() {
    int argc = 0;
    char** argv = nullptr;
    const int level = start(argc, argv);
    check(MPI_Finalize(), "MPI_Finalize");
    return level_name(level);
}

}  // namespace patchead
