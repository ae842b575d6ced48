#pragma once

#include <iostream>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

#include "patchead/core/codec.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief Work that only rank 0 does and of which every rank gets the result.

namespace patchead {

namespace on_root_detail {

/// What `work` returns; nothing after an Error, which is printed.
template <class Value, class Work>
[[nodiscard]] std::optional<Value> value_of(const Work& work) {
    std::optional<Value> value;
    try {
        value.emplace(naming_unreadable(work));
    } catch (const Error& error) { std::cerr << "patchead: " << error.what() << std::endl; }
    return value;
}

}  // namespace on_root_detail

/// Calls `work` on rank 0 and returns its value on every rank as std::optional of it; of work that
/// returns void, whether it succeeded, as bool. Collective.
///
/// If `work` throws an Error, rank 0 prints it ("patchead: <what>") and every rank gets nothing (or
/// false), so that all leave together, without the noise of an abort. Any other exception leaves
/// this function on rank 0 alone, while the others wait: it must go on to `run_job`, which ends
/// them. The value travels by its Codec; rank 0 too returns the decoded one, so that it is the same
/// on every rank, and so that a codec at fault shows on one rank. Throws MpiError if MPI fails, and
/// std::logic_error if the value of rank 0 cannot be decoded.
template <class Work>
[[nodiscard]] auto on_root(const Communicator& world, const Work& work) {
    using Value = std::decay_t<std::invoke_result_t<const Work&>>;
    if constexpr (std::is_void_v<Value>) {
        const auto done = on_root(world, [&] {
            work();
            return std::monostate();
        });
        return done.has_value();
    } else {
        using ValueCodec = Codec<std::optional<Value>>;
        std::string text;
        if (world.is_root()) { text = ValueCodec::encode(on_root_detail::value_of<Value>(work)); }
        return ValueCodec::decode(world.broadcast(text));
    }
}

}  // namespace patchead
