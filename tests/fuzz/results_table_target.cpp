/// \file
/// \brief Tables that could be results: groups and columns of any kind, length and content.

#include <array>
#include <cstring>

#include "fuzz.hpp"
#include "results_file.hpp"

namespace patchead::fuzz {
namespace {

struct GroupForm {
    const char* name;
    std::vector<const char*> columns;  ///< The first letter is the type.
};

const std::vector<GroupForm>& group_forms() {
    static const std::vector<const char*> point{"tdataset", "tcategory",   "tbackbone", "tsetting",
                                                "tmodules", "nimage_size", "nshots",    "nseed"};
    static const std::vector<GroupForm> forms = [] {
        auto points = point;
        points.insert(points.end(), {"tartifact", "tsizes", "tdetector", "dnetwork_flop",
                                     "dscoring_flop", "dmemory_bytes"});
        auto missing = point;
        missing.push_back("treason");
        return std::vector<GroupForm>{{"points", points},
                                      {"metrics", {"npoint", "tmetric", "dvalue", "treason"}},
                                      {"image_metrics", {"npoint", "tmetric", "nimage", "dvalue"}},
                                      {"images", {"tdataset", "tid", "nanomalous"}},
                                      {"scores", {"npoint", "nimage", "fscore"}},
                                      {"prompts", {"npoint", "norder", "tid"}},
                                      {"left_out", {"npoint", "fscore"}},
                                      {"unmeasured", {"npoint", "tsplit", "tid", "fscore"}},
                                      {"missing", missing},
                                      {"metric_names", {"tname"}}};
    }();
    return forms;
}

std::int64_t draw_number(Draw& draw) {
    const int kind = draw.byte();
    if (kind < 240) { return kind % 4; }
    std::int64_t number = 0;
    const auto bytes = draw.bytes(sizeof number);
    std::memcpy(&number, bytes.data(), bytes.size());
    return number;
}

template <class Value, class Next>
Column drawn(std::size_t count, const Next& next) {
    std::vector<Value> values;
    for (std::size_t i = 0; i < count; ++i) { values.push_back(static_cast<Value>(next())); }
    return values;
}

Column draw_column(Draw& draw, char type, std::size_t count) {
    switch (type) {
        case 't':
            return drawn<std::string>(count, [&] { return std::string(draw.bytes(1)); });
        case 'd':
            return drawn<double>(count, [&] { return draw.byte() / 16.0; });
        case 'f':
            return drawn<float>(count, [&] { return draw.byte() / 16.0; });
        default:
            return drawn<std::int64_t>(count, [&] { return draw_number(draw); });
    }
}

/// Most of the groups, with most of their columns, most of which have their type.
TableFile draw_table(Draw& draw) {
    TableFile table{.attributes = {{"version", "0.1.0"}}, .groups = {}};
    for (const auto& [name, columns] : group_forms()) {
        const auto head = draw.byte();
        if (head > 250) { continue; }
        auto& group = table.groups[name];
        for (const auto* column : columns) {
            const auto odd = draw.byte();
            if (odd > 250) { continue; }
            const char type = odd > 245 ? "tdfn"[odd % 4] : column[0];
            group[column + 1] = draw_column(draw, type, head % 4);
        }
    }
    return table;
}

/// Bit by bit: a NaN is a NaN.
bool same_column(const Column& one, const Column& other) {
    if (one.index() != other.index()) { return false; }
    return std::visit(
        [&](const auto& values) {
            using Values = std::decay_t<decltype(values)>;
            const auto& others = std::get<Values>(other);
            if constexpr (std::is_same_v<Values, std::vector<std::string>>) {
                return values == others;
            } else {
                return values.size() == others.size() &&
                       (values.empty() || std::memcmp(values.data(), others.data(),
                                                      values.size() * sizeof(values.front())) == 0);
            }
        },
        one);
}

bool same_table(const TableFile& one, const TableFile& other) {
    if (one.attributes != other.attributes || one.groups.size() != other.groups.size()) {
        return false;
    }
    for (const auto& [name, columns] : one.groups) {
        const auto found = other.groups.find(name);
        if (found == other.groups.end() || found->second.size() != columns.size()) { return false; }
        for (const auto& [column, values] : columns) {
            const auto there = found->second.find(column);
            if (there == found->second.end() || !same_column(values, there->second)) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace

/// Refused, or results whose numbers are those of the table, and which stay the same when they are
/// written and read again.
void fuzz_results_table(std::string_view input) {
    Draw draw(input);
    const auto table = draw_table(draw);
    const auto results = result_of([&] { return from_table_file("a.h5", table); });
    if (!results) { return; }
    const auto& points = table.groups.at("points");
    const auto& sizes = std::get<std::vector<std::int64_t>>(points.at("image_size"));
    const auto& shots = std::get<std::vector<std::int64_t>>(points.at("shots"));
    require_property(results->rows.size() == sizes.size(), "each point is a row");
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        require_property(
            results->rows[i].image_size == sizes[i] && results->rows[i].shots == shots[i],
            "numbers are those of the table");
    }
    const auto written = result_of([&] { return to_table_file(*results); });
    require_property(written.has_value(), "what is read can be written");
    const auto again = to_table_file(from_table_file("b.h5", *written));
    require_property(same_table(*written, again), "written and read again it is the same");
}

}  // namespace patchead::fuzz
