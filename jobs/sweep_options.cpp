#include "sweep_options.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <sstream>

#include "backbone_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/data/dataset.hpp"
#include "point_options.hpp"
#include "sweep_option_list.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

/// Options that only say where and how fast; no number depends on them.
const std::set<std::string> kRunControl{
    "config",       "grid",          "data-root",       "store",          "output",   "help",
    "threads",      "forward-batch", "forward-memory",  "decode-threads", "device",   "weights",
    "weights-dir",  "heatmaps",      "prompts",         "over",           "manifest", "normal-dir",
    "abnormal-dir", "mask-dir",      "normal-test-dir", "align-pictures", "maps",     "map-shots"};

CommandHelp sweep_help() {
    return {"patchead sweep", "--data-root DIR --dataset NAME --store DIR --output DIR [options]",
            "Embeds images, matches patches, scores, measures and prints the tables. Start it "
            "alone or\n"
            "under mpirun or srun; what is in the store is never computed again.\n"};
}

CommandHelp ablate_help() {
    return {"patchead ablate", "--over NAME=V,V,... [--over ...] [the options of a finished sweep]",
            "Varies scoring and metric options on the match tensors of a sweep: no forward pass "
            "and no\n"
            "matrix product. Prints the effect table and writes it as Markdown, CSV and JSON.\n"};
}

std::string text_of(const po::variables_map& values, const char* name) {
    return values.count(name) > 0 ? values[name].as<std::string>() : std::string();
}

int integer(const po::variables_map& values, const char* name, int least) {
    const int value = values[name].as<int>();
    require<ConfigError>(value >= least, "option --", name, ": ", value, " is too small; give at ",
                         "least ", least);
    return value;
}

double fraction(const po::variables_map& values, const char* name) {
    const auto value = values[name].as<double>();
    require<ConfigError>(value >= 0 && value <= 1, "option --", name, ": ", value,
                         " is no fraction; give a number from 0 to 1");
    return value;
}

/// Options that stand in for those that were not given.
struct Profile {
    std::string_view name;
    Words options;
};

const Profile& find_profile(const std::string& name) {
    static const std::vector<Profile> profiles{
        {"default", {}}, {"paper-literal", {"--reading=C", "--align-estimator=orb"}}};
    return find(std::span<const Profile>(profiles), "profile", name);
}

struct Reading {
    std::string_view name;
    Reduce reduce;
    Select select;
};
constexpr std::array<Reading, 4> kReadings{{{"A", Reduce::nearest, Select::closest},
                                            {"B", Reduce::nearest, Select::farthest},
                                            {"C", Reduce::farthest, Select::farthest},
                                            {"D", Reduce::farthest, Select::closest}}};

void set_scoring(const po::variables_map& values, SweepSpec& method) {
    const auto& reading =
        find(std::span<const Reading>(kReadings), "reading", text_of(values, "reading"));
    const auto distance = text_of(values, "distance");
    require<ConfigError>(distance == "cosine" || distance == "l2", "unknown distance '", distance,
                         "'; one of: cosine, l2");
    ScoringOptions common;
    common.select = reading.select;
    common.euclidean = distance == "l2";
    common.reference_rounding =
        parse_option<Rounding>("kp-rounding", text_of(values, "kp-rounding"));
    method.reduce = reading.reduce;
    method.few_shot = common;
    method.few_shot.patch_fraction = fraction(values, "rho-few");
    method.zero_shot = common;
    method.zero_shot.patch_fraction = fraction(values, "rho-zero");
    method.zero_shot.reference_fraction = fraction(values, "kp-fraction");
    method.masking = {fraction(values, "mask-threshold"), fraction(values, "mask-weight"),
                      parse_option<MaskSource>("mask-source", text_of(values, "mask-source"))};
    method.batch.size = static_cast<std::size_t>(integer(values, "batch-size", 0));
    method.batch.order = parse_option<BatchOrder>("batch-order", text_of(values, "batch-order"));
    method.batch.remainder =
        parse_option<BatchRemainder>("batch-remainder", text_of(values, "batch-remainder"));
}

bool yes_or_no(const po::variables_map& values, const char* name) {
    const auto word = text_of(values, name);
    require<ConfigError>(word == "yes" || word == "no", "option --", name, ": '", word,
                         "'; give yes or no");
    return word == "yes";
}

void set_alignment(const po::variables_map& values, SweepSpec& method) {
    constexpr int kLeastSide = 32;
    auto& align = method.align;
    align.estimator =
        parse_option<AlignEstimator>("align-estimator", text_of(values, "align-estimator"));
    align.model = parse_option<AlignModel>("align-model", text_of(values, "align-model"));
    align.side_px = integer(values, "align-size", kLeastSide);
    align.border = parse_option<AlignBorder>("align-border", text_of(values, "align-border"));
    align.warp = parse_option<AlignWarp>("align-warp", text_of(values, "align-warp"));
    align.rotations = yes_or_no(values, "align-rotate");
    align.originals = yes_or_no(values, "align-keep");
    align.zero = parse_option<ZeroAlign>("zero-align", text_of(values, "zero-align"));
    for (const auto& dataset : datasets()) {
        if (!dataset.get().info().aligned) { method.masking_only.emplace(dataset.name); }
    }
}

/// 0 for the network input, which differs between points.
int evaluation_size(const std::string& text) {
    if (text == "input") { return 0; }
    return text == "native" ? kNativeSide : whole_number("eval-size", text, 0);
}

void set_metrics(const po::variables_map& values, SweepSpec& method) {
    auto& metrics = method.metrics;
    metrics.side_px = evaluation_size(text_of(values, "eval-size"));
    metrics.interpolation =
        parse_option<Interpolation>("interpolation", text_of(values, "interpolation"));
    metrics.smooth_sigma_px = values["smooth-sigma"].as<double>();
    require<ConfigError>(metrics.smooth_sigma_px >= 0 && metrics.smooth_sigma_px <= 100,
                         "option --smooth-sigma: ", metrics.smooth_sigma_px,
                         " is out of range; give 0 to 100 px");
    metrics.mask_resize = parse_option<MaskResize>("mask-resize", text_of(values, "mask-resize"));
    metrics.pro_limit = fraction(values, "pro-limit");
    require<ConfigError>(metrics.pro_limit > 0, "option --pro-limit: 0 integrates over nothing; ",
                         "give a number above 0, usually 0.3");
    metrics.connectivity = integer(values, "pro-connectivity", 4);
    require<ConfigError>(metrics.connectivity == 4 || metrics.connectivity == 8,
                         "option --pro-connectivity: ", metrics.connectivity, "; give 4 or 8");
}

void set_maps(const po::variables_map& values, SweepSpec& method) {
    const auto count = text_of(values, "maps");
    method.maps = count == "all" ? std::numeric_limits<std::size_t>::max()
                                 : static_cast<std::size_t>(whole_number("maps", count, 0));
    method.map_shots = numbers(values, "map-shots", 0);
    for (const int shots : method.map_shots) {
        const bool is_planned = std::ranges::any_of(method.grids, [&](const PointGrid& grid) {
            return std::ranges::count(grid.shots, shots) > 0;
        });
        require<ConfigError>(is_planned, "option --map-shots: ", shots,
                             " is none of --shots; give some of these");
    }
}

SweepSpec parse_method(const po::variables_map& values) {
    SweepSpec method;
    method.cache_type = parse_option<CacheType>("cache-dtype", text_of(values, "cache-dtype"));
    method.block_images = static_cast<std::size_t>(integer(values, "block-images", 1));
    method.heatmaps = integer(values, "heatmaps", 0);
    set_scoring(values, method);
    set_alignment(values, method);
    set_metrics(values, method);
    return method;
}

std::string value_text(const boost::any& value) {
    if (const auto* text = boost::any_cast<std::string>(&value)) { return *text; }
    if (const auto* number = boost::any_cast<int>(&value)) { return std::to_string(*number); }
    if (const auto* real = boost::any_cast<double>(&value)) { return exact_text(*real); }
    std::string list;
    for (const auto& item : boost::any_cast<const Words&>(value)) {
        list += (list.empty() ? "" : " ") + item;
    }
    return list;
}

std::string config_text(const po::variables_map& values) {
    std::string text;
    for (const auto& [name, value] : values) {
        if (!kRunControl.contains(name) && !engine_option_names().contains(name)) {
            text += concat(name, " = ", value_text(value.value()), "\n");
        }
    }
    return text;
}

}  // namespace

std::optional<SweepOptions> parse_sweep_options(const SweepCommandLine& line) {
    const bool ablates = line.command == "ablate";
    const auto options = sweep_option_list(ablates);
    const auto parse = [&](const Words& fallbacks) {
        return parse_options(line.arguments, ablates ? ablate_help() : sweep_help(), options, "",
                             line.overrides, fallbacks);
    };
    const auto first = parse({});
    if (first.help) { return std::nullopt; }
    const auto parsed = parse(find_profile(text_of(first.values, "profile")).options);
    const auto& values = parsed.values;
    SweepOptions result;
    result.data_root = text_of(values, "data-root");
    result.manifest = text_of(values, "manifest");
    result.folders = {text_of(values, "normal-dir"), text_of(values, "abnormal-dir"),
                      text_of(values, "mask-dir"), text_of(values, "normal-test-dir")};
    result.categories = words(values, "category");
    auto points = parse_points(values);
    result.datasets = std::move(points.datasets);
    result.backbones = std::move(points.backbones);
    result.weights = parse_weights(values);
    result.weights_dir = text_of(values, "weights-dir");
    result.backbone_options = parse_backbone_options(values);
    result.precision = text_of(values, "precision");
    result.prompts_file = text_of(values, "prompts");
    result.store = text_of(values, "store");
    result.output = text_of(values, "output");
    result.device = text_of(values, "device");
    result.threads = integer(values, "threads", 1);
    result.forward = {integer(values, "forward-batch", 0),
                      std::int64_t{integer(values, "forward-memory", 1)} * 1'000'000,
                      integer(values, "decode-threads", 0)};
    result.align_pictures = static_cast<std::size_t>(integer(values, "align-pictures", 0));
    result.over = words(values, "over");
    result.method = parse_method(values);
    result.method.grids = std::move(points.grids);
    set_maps(values, result.method);
    result.engine = parse_engine_options(values);
    result.config = config_text(values) + points.text;
    return result;
}

}  // namespace patchead
