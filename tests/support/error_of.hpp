#pragma once

#include <string>

#include "patchead/core/error.hpp"

/// \file
/// \brief What a call says when it refuses.

namespace patchead {

/// Message of the error that `call` throws.
template <class Call>
std::string error_of(Call call) {
    try {
        call();
    } catch (const Error& error) { return error.what(); }
    return "no error";
}

inline bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace patchead
