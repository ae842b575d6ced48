#include "images/tiff_memory.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace patchead::inline data_detail {
namespace {

tmsize_t read_memory(thandle_t handle, void* to, tmsize_t size) {
    auto& file = *static_cast<TiffMemory*>(handle);
    const auto left = file.bytes.size() - std::min(file.at, file.bytes.size());
    const auto count = std::min(left, static_cast<std::size_t>(size));
    if (count > 0) { std::memcpy(to, file.bytes.data() + file.at, count); }
    file.at += count;
    return static_cast<tmsize_t>(count);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek_memory(thandle_t handle, toff_t offset, int from) {
    auto& file = *static_cast<TiffMemory*>(handle);
    const std::size_t start = from == SEEK_CUR ? file.at : from == SEEK_END ? file.bytes.size() : 0;
    file.at = start + static_cast<std::size_t>(offset);
    return file.at;
}

int keep_memory(thandle_t) { return 0; }
toff_t size_of_memory(thandle_t handle) { return static_cast<TiffMemory*>(handle)->bytes.size(); }

/// What libtiff said last in this thread: it knows no better place for the reason of a failure.
thread_local std::string last_error;

void keep_error(thandle_t, const char*, const char* format, va_list values) {
    char text[256];
    if (std::vsnprintf(text, sizeof text, format, values) > 0) { last_error = text; }
}

/// Nothing is printed; reasons stand in our own messages.
bool silence() {
    TIFFSetErrorHandler(nullptr);
    TIFFSetWarningHandler(nullptr);
    TIFFSetErrorHandlerExt(&keep_error);
    return true;
}

}  // namespace

TiffHandle open_tiff(TiffMemory& memory, const std::string& name) {
    static const bool is_silent = silence();
    static_cast<void>(is_silent);
    last_error.clear();
    // m: the bytes are in memory already.
    return {TIFFClientOpen(name.c_str(), "rm", &memory, &read_memory, &write_nothing, &seek_memory,
                           &keep_memory, &size_of_memory, nullptr, nullptr),
            &TIFFClose};
}

std::string last_tiff_error() { return last_error; }

}  // namespace patchead::inline data_detail
