#include "patchead/data/manifest.hpp"

#include <array>
#include <charconv>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr std::string_view kHeader =
    "id\tdataset\tcategory\tsplit\tdefect_type\tlabel\timage\tmask\ty0\ty1\tdigest";
constexpr std::size_t kColumns = 11;
using Fields = std::array<std::string_view, kColumns>;

void append(std::string& text, const std::string& field, char end) {
    require<DataError>(field.find_first_of("\t\n\r") == std::string::npos, "the name '", field,
                       "' cannot be put into a manifest (it holds a tab or a line break); rename ",
                       "the file or folder");
    text += field;
    text += end;
}

Fields split(std::string_view line, std::size_t number) {
    Fields fields;
    std::size_t count = 0;
    for (std::size_t begin = 0; begin <= line.size(); ++count) {
        const auto end = std::min(line.find('\t', begin), line.size());
        if (count < kColumns) { fields[count] = line.substr(begin, end - begin); }
        begin = end + 1;
    }
    require<DataError>(count == kColumns, "line ", number, " of the manifest has ", count,
                       " fields (a sample has ", kColumns, "); make the manifest again");
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

Sample parse_sample(std::string_view line, std::size_t number) {
    const auto fields = split(line, number);
    const auto text = [&](std::size_t column) { return std::string(fields[column]); };
    require<DataError>(fields[5] == "0" || fields[5] == "1", "label '", fields[5], "' in line ",
                       number, " of the manifest (a label is 0 or 1); make the manifest again");
    return {.id = text(0),
            .dataset = text(1),
            .category = text(2),
            .split = text(3),
            .defect_type = text(4),
            .anomalous = fields[5] == "1",
            .image = text(6),
            .mask = text(7),
            .crop = parse_crop(fields, number),
            .digest = text(10)};
}

}  // namespace

std::string to_tsv(std::span<const Sample> samples) {
    auto text = std::string(kHeader) + '\n';
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
        append(text, sample.digest, '\n');
    }
    return text;
}

std::vector<Sample> samples_from_tsv(std::string_view text) {
    require<DataError>(text.ends_with('\n'),
                       "a manifest without its last line break (it was cut short); make it again");
    require<DataError>(text.substr(0, text.find('\n')) == kHeader,
                       "a manifest with an unknown header (this program writes '", kHeader,
                       "'); make it again");
    std::vector<Sample> samples;
    std::size_t number = 2;
    for (auto begin = kHeader.size() + 1; begin < text.size(); ++number) {
        const auto end = text.find('\n', begin);
        samples.push_back(parse_sample(text.substr(begin, end - begin), number));
        begin = end + 1;
    }
    return samples;
}

}  // namespace patchead
