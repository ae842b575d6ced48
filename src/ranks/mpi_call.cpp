#include "mpi_call.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <thread>
#include <utility>

#include "patchead/core/error.hpp"

namespace patchead::inline ranks_detail {

void check(int code, const char* call) {
    if (code == MPI_SUCCESS) { return; }
    std::array<char, MPI_MAX_ERROR_STRING> text{};
    int length = 0;
    MPI_Error_string(code, text.data(), &length);
    throw MpiError(concat(call, " failed (",
                          std::string(text.data(), static_cast<std::size_t>(length)),
                          "); see the messages of MPI above"));
}

int to_count(std::size_t n) {
    require<MpiError>(n <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
                      "a message of ", n,
                      " bytes is too long (MPI counts are int); send less at a time");
    return static_cast<int>(n);
}

void Nap::take() { std::this_thread::sleep_for(next_length()); }

std::chrono::microseconds Nap::next_length() {
    return std::exchange(length_, std::min(2 * length_, longest_));
}

void wait(MPI_Request& request) {
    Nap nap(std::chrono::milliseconds(1));
    for (;;) {
        int done = 0;
        check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
        if (done != 0) { return; }
        nap.take();
    }
}

}  // namespace patchead::inline ranks_detail
