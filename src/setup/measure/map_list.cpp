#include "measure/map_list.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline setup_detail {
namespace {

/// The fields of a line (RFC 4180, but for line breaks in fields); nothing if a quote is open.
std::optional<std::vector<std::string>> csv_fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (is_quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += line[i++];
        } else if (line[i] == '"') {
            is_quoted = !is_quoted;
        } else if (line[i] == ',' && !is_quoted) {
            fields.emplace_back();
        } else {
            fields.back() += line[i];
        }
    }
    return is_quoted ? std::nullopt : std::optional(fields);
}

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string::npos) { return ""; }
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// A finite number; nothing if it is none.
std::optional<float> number_of(const std::string& text) {
    float value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end || !std::isfinite(value)) { return std::nullopt; }
    return value;
}

/// Where columns stand.
struct ListColumns {
    std::optional<std::size_t> image{}, map{}, score{};
    std::size_t count = 0;
};

ListColumns columns_of(const std::string& line, const std::string& file) {
    ListColumns columns;
    const auto names = csv_fields_of(line).value_or(std::vector<std::string>());
    columns.count = names.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto name = trimmed(names[i]);
        auto* place = name == "image"   ? &columns.image
                      : name == "map"   ? &columns.map
                      : name == "score" ? &columns.score
                                        : nullptr;
        require<ConfigError>(place != nullptr, "line 1 of '", file, "' has a column '",
                             escaped_name(name), "' (a list has the columns image, map and score);",
                             " begin it with image,map,score");
        require<ConfigError>(!place->has_value(), "line 1 of '", file, "' has a column '", name,
                             "' twice (one is meant); leave one out");
        *place = i;
    }
    require<ConfigError>(columns.image && (columns.map || columns.score), "line 1 of '", file,
                         "' names no columns (it is '", escaped_name(line),
                         "'); begin the list with image,map or image,map,score or image,score");
    return columns;
}

}  // namespace

MapList read_map_list(const std::filesystem::path& path) {
    const auto file = path.string();
    const auto lines = lines_of(read_text(path), file);
    require<ConfigError>(!lines.empty(), "the list '", file,
                         "' is empty (it has a head and a line for each image); fill it");
    const auto columns = columns_of(lines.front().text, file);
    MapList list{columns.map.has_value(), columns.score.has_value(), {}};
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto& [number, text] = lines[i];
        if (trimmed(text).empty()) { continue; }
        const auto fields = csv_fields_of(text);
        require<ConfigError>(fields && fields->size() == columns.count, "line ", number, " of '",
                             file, "' has ", fields ? std::to_string(fields->size()) : "a quote",
                             fields ? " fields" : " that is not closed", " (its head has ",
                             columns.count, "); mend the line");
        ListedMap line{number, trimmed((*fields)[*columns.image]), "", {}};
        if (columns.map) { line.map = trimmed((*fields)[*columns.map]); }
        if (columns.score) {
            const auto score = trimmed((*fields)[*columns.score]);
            line.score = number_of(score);
            require<ConfigError>(line.score.has_value(), "line ", number, " of '", file,
                                 "': the score '", escaped_name(score), "' is no finite number; ",
                                 "give one, with a point for decimals");
        }
        require<ConfigError>(!line.image.empty() && (!columns.map || !line.map.empty()), "line ",
                             number, " of '", file, "' names no ",
                             line.image.empty() ? "image" : "map", "; mend the line");
        list.lines.push_back(std::move(line));
    }
    return list;
}

}  // namespace patchead::inline setup_detail
