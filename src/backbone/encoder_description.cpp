#include "encoder_description.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string_view>

#include <nlohmann/json.hpp>

#include "patchead/core/bounded_files.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/json_levels.hpp"
#include "patchead/core/registry.hpp"

namespace patchead::inline backbone_detail {
namespace {

namespace fs = std::filesystem;

constexpr auto kKeys = std::to_array<std::string_view>(
    {"patch_px", "prefix_tokens", "image_px", "mean", "std", "interpolation", "fixed_size", "depth",
     "name", "title", "licence", "source", "layers", "image_token", "parameters", "input"});
constexpr auto kLayerKeys = std::to_array<std::string_view>({"name", "stride", "channels"});

/// The values of a JSON file, checked.
class Values {
  public:
    Values(const fs::path& file, const std::string& text) : file_(file.string()) {
        check(!is_deeper_than(kMostJsonLevels, text), "it is nested deeper than ", kMostJsonLevels,
              " levels");
        values_ = nlohmann::json::parse(text, nullptr, false);
        check(!values_.is_discarded(), "it is not JSON");
        check(values_.is_object(), "it is not a JSON object");
        for (const auto& [key, value] : values_.items()) {
            check(std::ranges::count(kKeys, key) > 0, unknown_name("key", key, kKeys));
        }
    }

    /// Throws WeightsError "bad description '<file>' (<reason>); ..." unless `ok`.
    template <class... Parts>
    void check(bool ok, const Parts&... reason) const {
        require<WeightsError>(ok, "bad description '", file_, "' (", concat(reason...),
                              "); mend it, or write it with analysis/export_torchscript.py");
    }

    [[nodiscard]] int whole_number(const std::string& key, int least) const {
        return whole_number(required(key), concat("'", key, "'"), least);
    }
    [[nodiscard]] int whole_number(const std::string& key, int least, int fallback) const {
        return values_.contains(key) ? whole_number(key, least) : fallback;
    }

    [[nodiscard]] std::array<float, 3> channels(const std::string& key) const {
        const auto& value = required(key);
        check(value.is_array() && value.size() == 3 &&
                  std::ranges::all_of(value,
                                      [](const nlohmann::json& item) { return item.is_number(); }),
              "'", key, "' is ", value.dump(), ", not a list of three numbers");
        const auto numbers = value.get<std::array<double, 3>>();
        std::array<float, 3> result{};
        for (std::size_t i = 0; i < result.size(); ++i) {
            check(std::abs(numbers[i]) <= std::numeric_limits<float>::max(), "'", key, "' is ",
                  value.dump(), ", and ", numbers[i], " is too large");
            result[i] = static_cast<float>(numbers[i]);
        }
        return result;
    }

    [[nodiscard]] bool flag(const std::string& key) const {
        if (!values_.contains(key)) { return false; }
        check(values_[key].is_boolean(), "'", key, "' is ", values_[key].dump(),
              ", not true or false");
        return values_[key].get<bool>();
    }

    [[nodiscard]] std::string text(const std::string& key, const std::string& fallback) const {
        if (!values_.contains(key)) { return fallback; }
        check(values_[key].is_string(), "'", key, "' is ", values_[key].dump(), ", not a text");
        return values_[key].get<std::string>();
    }

    [[nodiscard]] std::int64_t count(const std::string& key) const {
        if (!values_.contains(key)) { return 0; }
        const auto& value = values_[key];
        check(value.is_number_unsigned() &&
                  value.get<std::uint64_t>() <=
                      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()),
              "'", key, "' is ", value.dump(), ", not a whole number of at least 0");
        return value.get<std::int64_t>();
    }

    [[nodiscard]] std::vector<LayerShape> layers() const {
        std::vector<LayerShape> all;
        if (!values_.contains("layers")) { return all; }
        const auto& list = values_["layers"];
        check(list.is_array(), "'layers' is ", list.dump(), ", not a list");
        for (const auto& value : list) { all.push_back(layer(value, all.size() + 1)); }
        return all;
    }

  private:
    [[nodiscard]] LayerShape layer(const nlohmann::json& value, std::size_t number) const {
        const auto where = concat("layer ", number, " of 'layers'");
        check(value.is_object(), where, " is ", value.dump(), ", not an object");
        for (const auto& [key, ignored] : value.items()) {
            check(std::ranges::count(kLayerKeys, key) > 0, where, ": ",
                  unknown_name("key", key, kLayerKeys));
        }
        for (const auto key : kLayerKeys) {
            check(value.contains(key), where, ": key '", key, "' is missing");
        }
        check(value["name"].is_string(), where, ": 'name' is ", value["name"].dump(),
              ", not a text");
        return {value["name"].get<std::string>(),
                whole_number(value["stride"], concat(where, ": 'stride'"), 1),
                whole_number(value["channels"], concat(where, ": 'channels'"), 1)};
    }

    /// Of the value that messages call `what`.
    [[nodiscard]] int whole_number(const nlohmann::json& value, const std::string& what,
                                   int least) const {
        check(value.is_number_integer() && value >= least &&
                  value <= std::numeric_limits<std::int16_t>::max(),
              what, " is ", value.dump(), ", not a whole number of at least ", least);
        return value.get<int>();
    }

    [[nodiscard]] const nlohmann::json& required(const std::string& key) const {
        check(values_.contains(key), "key '", key, "' is missing");
        return values_.at(key);
    }

    std::string file_;
    nlohmann::json values_;
};

/// Names stand in tables, file names and keys.
bool is_plain(const std::string& name) {
    return !name.empty() && std::ranges::all_of(name, [](unsigned char letter) {
        return std::isalnum(letter) != 0 ||
               std::string_view("._+-").find(char(letter)) != std::string_view::npos;
    });
}

bool parse_filter(const Values& values) {
    const auto filter = values.text("interpolation", "bicubic");
    values.check(filter == "bicubic" || filter == "bilinear", "'interpolation' is '", filter,
                 "', not one of: bicubic, bilinear");
    return filter == "bicubic";
}

bool parse_input(const Values& values) {
    const auto input = values.text("input", "image");
    values.check(input == "image" || input == "patches", "'input' is '", input,
                 "', not one of: image, patches");
    return input == "patches";
}

void check(const Values& values, const EncoderDescription& result) {
    values.check(result.image_px % result.patch_px == 0, "'image_px' ", result.image_px,
                 " is no multiple of 'patch_px' ", result.patch_px);
    values.check(std::ranges::all_of(result.std, [](float value) { return value > 0; }),
                 "'std' has a value that is not above 0");
    values.check(is_plain(result.name), "'", result.name,
                 "' cannot be a name: letters, digits and ._+- only; give another as 'name'");
}

}  // namespace

EncoderDescription read_description(const fs::path& module, std::string_view family) {
    require<WeightsError>(!module.empty(), "no module '' (its path is empty); give backbone ",
                          family, ":PATH");
    EncoderDescription result;
    result.module = fs::absolute(module).lexically_normal();
    result.file = fs::path(result.module).replace_extension(".json");
    require<WeightsError>(fs::is_regular_file(result.module), "no module '", result.module.string(),
                          "' (there is no such file); give backbone ", family, ":PATH");
    require<WeightsError>(fs::is_regular_file(result.file), "no description '",
                          result.file.string(), "' (patch size, normalisation and so on of the ",
                          "module beside it); docs/backbones.md says what stands in it");
    const auto text = read_text(result.file, kMostDataTextBytes);
    const Values values(result.file, text);
    result.digest = sha256(text);
    result.name = values.text("name", result.module.stem().string());
    result.title = values.text("title", result.name);
    result.licence = values.text("licence", "not stated");
    result.source = values.text("source", result.module.string());
    result.patch_px = values.whole_number("patch_px", 1);
    result.prefix_tokens = values.whole_number("prefix_tokens", 0);
    result.image_px = values.whole_number("image_px", 1);
    result.fixed_size = values.flag("fixed_size");
    result.depth = values.whole_number("depth", 0, 0);
    result.bicubic = parse_filter(values);
    result.mean = values.channels("mean");
    result.std = values.channels("std");
    result.layers = values.layers();
    result.image_token = values.flag("image_token");
    result.parameters = values.count("parameters");
    result.cut_input = parse_input(values);
    check(values, result);
    return result;
}

BackboneEntry to_entry(const EncoderDescription& description, std::string_view family) {
    BackboneEntry entry;
    entry.name = concat(family, ":", description.name);
    entry.family = family;
    entry.title = description.title;
    entry.image_px = description.image_px;
    entry.patch_px = description.patch_px;
    entry.depth = description.depth;
    entry.bicubic = description.bicubic;
    entry.mean = description.mean;
    entry.std = description.std;
    entry.licence = description.licence;
    entry.file = description.module.string();
    entry.source = description.source;
    entry.fixed_size = description.fixed_size;
    return entry;
}

}  // namespace patchead::inline backbone_detail
