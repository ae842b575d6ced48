#include "mpi_call.hpp"

#include <chrono>
#include <limits>
#include <thread>

namespace patchead {

void check(int code, const char* call) {
    if (code == MPI_SUCCESS) { return; }
    char text[MPI_MAX_ERROR_STRING] = {};
    int length = 0;
    MPI_Error_string(code, text, &length);
    throw MpiError(concat(call, " failed (", std::string(text, static_cast<std::size_t>(length)),
                          "); see the messages of MPI above"));
}

int to_count(std::size_t n) {
    require<MpiError>(n <= static_cast<std::size_t>(std::numeric_limits<int>::max()), "message of ",
                      n, " bytes (MPI counts are int); send it in parts");
    return static_cast<int>(n);
}

void nap() { std::this_thread::sleep_for(std::chrono::microseconds(200)); }

void wait(MPI_Request& request) {
    for (;;) {
        int done = 0;
        check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
        if (done != 0) { return; }
        nap();
    }
}

}  // namespace patchead
