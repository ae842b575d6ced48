#include "region_tables.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "patchead/core/options.hpp"

namespace patchead {
namespace {

auto counts_of(const RegionLoss& loss) {
    return std::tuple(loss.in_files, loss.lost, loss.measured, loss.images, loss.empty);
}

PlainTable no_regions(const std::string& dataset) {
    using Kind = PlainTable::Kind;
    PlainTable table;
    table.name = "regions_" + dataset;
    table.caption = dataset + ": what conventions leave of the defects";
    table.columns = {{"category"},
                     {"convention"},
                     {"value"},
                     {"measured at"},
                     {"regions in files", Kind::count},
                     {"lost", Kind::count},
                     {"regions measured", Kind::count},
                     {"defective images", Kind::count},
                     {"without a pixel left", Kind::count}};
    table.labels = 4;
    table.footnotes = {
        "lost: regions of the mask files of which no measured pixel is anomalous. Others are cut "
        "in "
        "two or grow together: then other numbers of regions are measured. Conventions that leave "
        "what the base leaves have no row."};
    return table;
}

}  // namespace

RegionTables::RegionTables(std::vector<RegionLoss> base) : base_(std::move(base)) {
    for (const auto& loss : base_) { add_row("base", "", loss); }
}

void RegionTables::add(const std::string& convention, const std::string& value,
                       const std::vector<RegionLoss>& losses) {
    for (std::size_t i = 0; i < losses.size(); ++i) {
        // Sizes that become one, as all do at 256 px, are one entry.
        const bool is_like_base =
            losses.size() == base_.size() && counts_of(losses[i]) == counts_of(base_[i]);
        if (!is_like_base) { add_row(convention, value, losses[i]); }
    }
}

std::vector<PlainTable> RegionTables::take() const {
    std::vector<PlainTable> tables;
    for (const auto& [dataset, table] : tables_) {
        tables.push_back(table);
        std::ranges::stable_sort(tables.back().rows, {},
                                 [](const PlainTable::Row& row) { return row.front().text; });
    }
    return tables;
}

void RegionTables::add_row(const std::string& convention, const std::string& value,
                           const RegionLoss& loss) {
    auto& table = tables_.try_emplace(loss.dataset, no_regions(loss.dataset)).first->second;
    const auto count = [](std::size_t number) {
        return PlainTable::Value{{}, static_cast<double>(number)};
    };
    const auto size =
        loss.side_px == kNativeSide ? std::string("native") : std::to_string(loss.side_px) + " px";
    table.rows.push_back({{loss.category},
                          {convention},
                          {value},
                          {size},
                          count(loss.in_files),
                          count(loss.lost),
                          count(loss.measured),
                          count(loss.images),
                          count(loss.empty)});
}

}  // namespace patchead
