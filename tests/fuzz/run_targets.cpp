/// \file
/// \brief What a run writes for itself: its state, and messages between its ranks.

#include <cmath>
#include <cstring>
#include <map>
#include <optional>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "fuzz.hpp"
#include "patchead/core/codec.hpp"
#include "patchead/core/files.hpp"
#include "patchead/engine/run_state.hpp"
#include "ranks/wire.hpp"
#include "setup/sample_codec.hpp"

namespace patchead::fuzz {
namespace {

using Json = nlohmann::json;

/// Whether a whole number of the file is the one that was read.
template <class Number>
bool is_read_exactly(const Json& json, Number read) {
    if (json.is_number_unsigned()) {
        return read >= 0 && json.get<std::uint64_t>() == static_cast<std::uint64_t>(read);
    }
    if (json.is_number_integer()) {
        return json.get<std::int64_t>() == static_cast<std::int64_t>(read);
    }
    return false;
}

/// A text that a codec refuses makes it say so; of another one it writes the same again.
template <class T>
void try_codec(std::string_view text) {
    std::optional<T> value;
    try {
        value = Codec<T>::decode(text);
    } catch (const std::logic_error& error) {
        require_property(*error.what() != '\0', "a refusal says why");
        return;
    }
    require_property(Codec<T>::encode(*value) == text, "a message is what was sent");
}

struct Nested {
    std::map<std::string, std::vector<std::pair<int, double>>> lists;
    std::optional<std::vector<bool>> flags;
    std::array<float, 2> numbers{};
    Sample sample;
};

}  // namespace
}  // namespace patchead::fuzz

namespace patchead {
template <>
struct Codec<fuzz::Nested> : RecordCodec<fuzz::Nested, &fuzz::Nested::lists, &fuzz::Nested::flags,
                                         &fuzz::Nested::numbers, &fuzz::Nested::sample> {};
}  // namespace patchead

namespace patchead::fuzz {

/// Refused, or a state whose numbers are those of the file and that is the same once it is written
/// and read again.
void fuzz_run_state(std::string_view input) {
    const auto file = scratch_file("run.json", input);
    static_cast<void>(result_of([&] { return speed_factors(file); }));
    const auto state = result_of([&] { return read_run_state(file); });
    if (!state) { return; }
    const auto json = Json::parse(input, nullptr, false);
    const auto& units = json.at("units");
    require_property(is_read_exactly(json.at("ranks"), state->ranks) &&
                         is_read_exactly(json.at("forwards"), state->forwards) &&
                         is_read_exactly(units.at("total"), state->units_total) &&
                         is_read_exactly(units.at("done"), state->units_done),
                     "numbers are those of the file");
    require_property(std::isfinite(state->seconds) && std::isfinite(state->idle_share()),
                     "times are numbers");
    const auto once = scratch_folder() / "once.json";
    const auto twice = scratch_folder() / "twice.json";
    write_run_state(once, *state);
    write_run_state(twice, read_run_state(once));
    require_property(read_text(once) == read_text(twice), "written and read it is the same");
}

/// Refused, or the value of which the counterpart writes these very bytes. The first byte chooses
/// the type.
void fuzz_messages(std::string_view input) {
    Draw draw(input);
    const auto kind = draw.up_to(8);
    const auto text = draw.rest();
    switch (kind) {
        case 0:
            return try_codec<int>(text);
        case 1:
            return try_codec<double>(text);
        case 2:
            return try_codec<std::vector<std::string>>(text);
        case 3:
            return try_codec<std::map<std::string, std::optional<std::uint64_t>>>(text);
        case 4:
            return try_codec<std::vector<bool>>(text);
        case 5:
            return try_codec<Sample>(text);
        case 6:
            return try_codec<Nested>(text);
        default:
            break;
    }
    const std::string message(text);
    if (kind == 7) {
        const auto request = result_of([&] { return unpack_request(message); });
        if (request) { require_property(pack(*request) == message, "a request is what was sent"); }
    } else if (const auto reply = result_of([&] { return unpack_reply(message); })) {
        require_property(pack(*reply) == message, "a reply is what was sent");
    }
}

}  // namespace patchead::fuzz
