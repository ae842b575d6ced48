#include "datasets/json_file.hpp"

#include <cmath>

#include "patchead/core/bounded_files.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline data_detail {
namespace {

constexpr int kDeepest = 8;  // A split has four levels.

const Json& member(const Json& json, const char* name, const std::string& where) {
    require<DataError>(json.is_object(), where, "it is no object {...}; mend the file");
    const auto found = json.find(name);
    require<DataError>(found != json.end(), where, "there is no \"", name, "\"; mend the file");
    return *found;
}

}  // namespace

Json read_json(const std::filesystem::path& file) {
    const auto text = plain_text(read_text(file, kMostDataTextBytes), file.string());
    const auto watch_depth = [&](int depth, Json::parse_event_t, const Json&) {
        require<DataError>(depth <= kDeepest, "'", file.string(), "' is nested deeper than ",
                           kDeepest, " levels (no split is); take the original file");
        return true;
    };
    try {
        return Json::parse(text, watch_depth);
    } catch (const Json::exception& error) {
        throw DataError(concat("'", file.string(), "' is no JSON (", error.what(),
                               "); unpack or copy it again, completely"));
    }
}

std::string text_in(const Json& json, const char* name, const std::string& where) {
    const auto& value = member(json, name, where);
    require<DataError>(value.is_string(), where, "\"", name, "\" is no text; mend the file");
    return value.get<std::string>();
}

double number_in(const Json& json, const char* name, const std::string& where) {
    const auto& value = member(json, name, where);
    require<DataError>(value.is_number() && std::isfinite(value.get<double>()), where, "\"", name,
                       "\" is no number; mend the file");
    return value.get<double>();
}

bool flag_in(const Json& json, const char* name, const std::string& where) {
    const auto& value = member(json, name, where);
    require<DataError>(value.is_boolean(), where, "\"", name,
                       "\" is neither true nor false; mend the file");
    return value.get<bool>();
}

std::string text_if_any(const Json& json, const char* name, const std::string& where) {
    require<DataError>(json.is_object(), where, "it is no object {...}; mend the file");
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? std::string() : text_in(json, name, where);
}

}  // namespace patchead::inline data_detail
