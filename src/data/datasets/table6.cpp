#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/data/check.hpp"

/// \file
/// \brief The paper's Table 6: data sets, their kinds and the sizes of their test splits.

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// Nothing if the data set is not there, or if it cannot be indexed: `datasets check` says why.
std::optional<PaperCounts> count(const DatasetEntry& entry, std::string_view kind,
                                 const fs::path& data_root) {
    if (find_dataset(entry, data_root).empty()) { return std::nullopt; }
    try {
        const auto index = index_dataset(entry.name, data_root, {});
        const auto sum = count_all(index.samples);
        return PaperCounts{kind, static_cast<int>(count_images(index.samples).size()),
                           sum.test_normal, sum.test_anomalous};
    } catch (const DataError&) { return std::nullopt; }
}

std::string line(std::string_view title, const PaperCounts& paper,
                 const std::optional<PaperCounts>& found) {
    const auto pair = [&](int PaperCounts::*member) {
        return concat(" | ", found ? std::to_string((*found).*member) : "–", " | ", paper.*member);
    };
    return concat("| ", title, " | ", paper.kind, pair(&PaperCounts::categories),
                  pair(&PaperCounts::test_normal), pair(&PaperCounts::test_anomalous), " |\n");
}

void add(PaperCounts& sum, const PaperCounts& counts) {
    sum.categories += counts.categories;
    sum.test_normal += counts.test_normal;
    sum.test_anomalous += counts.test_anomalous;
}

}  // namespace

std::vector<Table6Row> table6(const fs::path& data_root) {
    std::vector<Table6Row> rows;
    for (const auto& entry : datasets()) {
        const auto& paper = entry.get().info().paper;
        if (!paper) { continue; }
        rows.push_back({std::string(entry.title), *paper, count(entry, paper->kind, data_root)});
    }
    return rows;
}

std::string table6_markdown(std::span<const Table6Row> rows) {
    std::string text =
        "| data set | type | categories | paper | normal | paper | abnormal | paper |\n"
        "|---|---|---:|---:|---:|---:|---:|---:|\n";
    PaperCounts paper;
    PaperCounts found;
    for (const auto& row : rows) {
        text += line(row.title, row.paper, row.found);
        add(paper, row.paper);
        if (row.found) { add(found, *row.found); }
    }
    return text + line("sum", paper, found);
}

}  // namespace patchead
