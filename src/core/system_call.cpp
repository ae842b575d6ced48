#include "patchead/core/system_call.hpp"

#include <unistd.h>

namespace patchead {

int close_file(int descriptor) {
    const int error = ::close(descriptor) == 0 ? 0 : errno;
    return error == EINTR ? 0 : error;
}

int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto written =
            uninterrupted([&] { return ::write(descriptor, text.data(), text.size()); });
        if (written < 0) { return errno; }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

}  // namespace patchead
