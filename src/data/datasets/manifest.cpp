#include "patchead/data/manifest.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr std::string_view kHeader =
    "id\tdataset\tcategory\tsplit\tdefect_type\tlabel\timage\tmask\ty0\ty1\tdigest";
constexpr std::size_t kColumns = 11;
using Fields = std::vector<std::string_view>;

constexpr char kBetweenMasks = '|';

std::string text_of_masks(const Sample& sample) {
    std::string text;
    for (const auto& mask : sample.more_masks) {
        const auto name = mask.string();
        require<DataError>(name.find(kBetweenMasks) == std::string::npos, "the name '", name,
                           "' cannot be put into a manifest (its image has several masks, and it ",
                           "holds a '", kBetweenMasks, "'); rename the file or folder");
        if (!text.empty()) { text += kBetweenMasks; }
        text += name;
    }
    return text;
}

void read_masks(std::string_view text, Sample& sample) {
    while (!text.empty()) {
        const auto name = text.substr(0, text.find(kBetweenMasks));
        require<DataError>(!name.empty(), "'", text, "' in a manifest (a mask has no name); make ",
                           "the manifest again");
        sample.more_masks.emplace_back(name);
        text.remove_prefix(std::min(name.size() + 1, text.size()));
    }
}

/// A column that is there only if some sample has something for it.
struct AddedColumn {
    std::string_view name;
    std::string (*text)(const Sample&);
    void (*read)(std::string_view, Sample&);
};

constexpr auto kAdded = std::to_array<AddedColumn>({
    {"more_masks", &text_of_masks, &read_masks},
    {"saturation", [](const Sample& sample) { return text_of(sample.saturation); },
     [](std::string_view text, Sample& sample) { sample.saturation = parse_saturation(text); }},
    {"unseen", [](const Sample& sample) { return std::string(sample.unseen ? "1" : ""); },
     [](std::string_view text, Sample& sample) {
         require<DataError>(text.empty() || text == "1", "'", text,
                            "' in a manifest (1 or nothing says whether a defect is unseen); make ",
                            "the manifest again");
         sample.unseen = text == "1";
     }},
    {"group", [](const Sample& sample) { return sample.group; },
     [](std::string_view text, Sample& sample) { sample.group = text; }},
});

using Columns = std::vector<const AddedColumn*>;

/// Those that `samples` need.
Columns columns_of(std::span<const Sample> samples) {
    Columns columns;
    for (const auto& column : kAdded) {
        const auto has_text = [&](const Sample& sample) { return !column.text(sample).empty(); };
        if (std::ranges::any_of(samples, has_text)) { columns.push_back(&column); }
    }
    return columns;
}

std::string header_of(const Columns& columns) {
    std::string header(kHeader);
    for (const auto* column : columns) { header.append("\t").append(column->name); }
    return header;
}

/// Those that a header names, each at most once and in their order.
Columns columns_in(std::string_view header) {
    Columns columns;
    for (const auto& column : kAdded) {
        const auto name = concat("\t", column.name);
        const auto at = header.find(name);
        if (at == std::string_view::npos) { continue; }
        columns.push_back(&column);
    }
    require<DataError>(header == header_of(columns),
                       "a manifest with an unknown header (this program writes '", kHeader,
                       "'); make it again");
    return columns;
}

void append(std::string& text, const std::string& field, char end) {
    require<DataError>(field.find_first_of("\t\n\r") == std::string::npos, "the name '", field,
                       "' cannot be put into a manifest (it holds a tab or a line break); rename ",
                       "the file or folder");
    text += field;
    text += end;
}

Fields split(std::string_view line, std::size_t columns, std::size_t number) {
    require<DataError>(line.find('\r') == std::string_view::npos, "line ", number,
                       " of the manifest has a carriage return (an editor of Windows put it ",
                       "there?); make the manifest again");
    Fields fields;
    for (std::size_t begin = 0; begin <= line.size();) {
        const auto end = std::min(line.find('\t', begin), line.size());
        fields.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    require<DataError>(fields.size() == columns, "line ", number, " of the manifest has ",
                       fields.size(), " fields (a sample has ", columns,
                       "); make the manifest again");
    return fields;
}

int parse_row(std::string_view text, std::size_t number) {
    int row = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row);
    require<DataError>(error == std::errc() && end == text.data() + text.size(), "'", text,
                       "' in line ", number, " of the manifest (it is not a row number); make the ",
                       "manifest again");
    return row;
}

std::optional<CropRows> parse_crop(const Fields& fields, std::size_t number) {
    if (fields[8].empty() && fields[9].empty()) { return std::nullopt; }
    return CropRows{parse_row(fields[8], number), parse_row(fields[9], number)};
}

Sample parse_sample(std::string_view line, const Columns& columns, std::size_t number) {
    const auto fields = split(line, kColumns + columns.size(), number);
    const auto text = [&](std::size_t column) { return std::string(fields[column]); };
    require<DataError>(fields[5] == "0" || fields[5] == "1", "label '", fields[5], "' in line ",
                       number, " of the manifest (a label is 0 or 1); make the manifest again");
    Sample sample{.id = text(0),
                  .dataset = text(1),
                  .category = text(2),
                  .split = text(3),
                  .defect_type = text(4),
                  .anomalous = fields[5] == "1",
                  .image = text(6),
                  .mask = text(7),
                  .crop = parse_crop(fields, number),
                  .digest = text(10)};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        columns[i]->read(fields[kColumns + i], sample);
    }
    return sample;
}

}  // namespace

std::string to_tsv(std::span<const Sample> samples) {
    const auto columns = columns_of(samples);
    auto text = header_of(columns) + '\n';
    for (const auto& sample : samples) {
        append(text, sample.id, '\t');
        append(text, sample.dataset, '\t');
        append(text, sample.category, '\t');
        append(text, sample.split, '\t');
        append(text, sample.defect_type, '\t');
        append(text, sample.anomalous ? "1" : "0", '\t');
        append(text, sample.image.string(), '\t');
        append(text, sample.mask.string(), '\t');
        append(text, sample.crop ? std::to_string(sample.crop->first) : "", '\t');
        append(text, sample.crop ? std::to_string(sample.crop->last) : "", '\t');
        append(text, sample.digest, columns.empty() ? '\n' : '\t');
        for (const auto* column : columns) {
            append(text, column->text(sample), column == columns.back() ? '\n' : '\t');
        }
    }
    return text;
}

std::vector<Sample> samples_from_tsv(std::string_view text) {
    require<DataError>(text.ends_with('\n'),
                       "a manifest without its last line break (it was cut short); make it again");
    const auto header = text.substr(0, text.find('\n'));
    const auto columns = columns_in(header);
    std::vector<Sample> samples;
    std::size_t number = 2;
    for (auto begin = header.size() + 1; begin < text.size(); ++number) {
        const auto end = text.find('\n', begin);
        samples.push_back(parse_sample(text.substr(begin, end - begin), columns, number));
        begin = end + 1;
    }
    return samples;
}

}  // namespace patchead
