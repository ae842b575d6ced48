#include "sweep_options.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "backbone_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

/// Options that only say where and how fast; no number depends on them.
const std::set<std::string> kRunControl{
    "config",        "data-root", "store",      "output",       "help",     "threads",
    "forward-batch", "device",    "weights",    "weights-dir",  "heatmaps", "prompts",
    "over",          "manifest",  "normal-dir", "abnormal-dir", "mask-dir", "normal-test-dir"};

void add_data_options(po::options_description& options) {
    auto add = options.add_options();
    const auto folder = [] { return po::value<std::string>()->value_name("DIR"); };
    add("data-root", folder(),
        "folder that holds the data sets by name, or a data set's own folder");
    add("dataset", po::value<Words>()->multitoken()->required()->value_name("NAME..."),
        "data sets; patchead datasets list names them");
    add("category", po::value<Words>()->multitoken()->value_name("NAME..."),
        "categories (dataset/category for one data set only); default: all that are found");
    add("manifest", po::value<std::string>()->value_name("FILE"),
        "run the split that patchead datasets freeze wrote");
    add("normal-dir", folder(), "data set folder: normal images");
    add("abnormal-dir", folder(), "data set folder: defective images");
    add("mask-dir", folder(), "data set folder: their masks");
    add("normal-test-dir", folder(),
        "data set folder: normal test images; default: a quarter of --normal-dir");
    add("backbone", po::value<Words>()->multitoken()->value_name("NAME..."),
        "backbones; default: patchead_tiny, which is built in");
    add("weights", po::value<Words>()->multitoken()->value_name("NAME=FILE..."),
        "checkpoint file of a backbone");
    add("weights-dir", po::value<std::string>()->value_name("DIR"),
        "folder of checkpoints under their published names");
    add("backbone-option", po::value<Words>()->multitoken()->value_name("NAME:OPTION=VALUE..."),
        "named option of a backbone (docs/backbones.md)");
    add("prompts", po::value<std::string>()->value_name("FILE"),
        "explicit prompt images: dataset<TAB>category<TAB>path; shots take the first ones");
}

void add_grid_options(po::options_description& options) {
    auto add = options.add_options();
    add("image-size", po::value<Words>()->multitoken()->value_name("PX..."),
        "sides of the square network input, or 'default': each backbone's own (the default)");
    add("shots", po::value<Words>()->multitoken()->value_name("N..."),
        "prompt images; 0 = batch zero-shot; default: 0 1 2 4");
    add("seeds", po::value<Words>()->multitoken()->value_name("N..."),
        "seeds of prompt choice and batch order; default: 0 1 2");
    add("modules", po::value<Words>()->multitoken()->value_name("NAME..."),
        "none, mask; default: none");
}

void add_method_options(po::options_description& options) {
    const auto text = [](const char* value) {
        return po::value<std::string>()->default_value(value);
    };
    const auto real = [](double value, const char* shown) {
        return po::value<double>()->default_value(value, shown);
    };
    auto add = options.add_options();
    add("reading", text("A"), "reading of the paper's Eqs. (2)-(3): A, B, C or D (docs/method.md)");
    add("kp-fraction", real(0.3, "0.3"), "zero-shot: share of references averaged over");
    add("kp-rounding", text("floor"), "floor, round or ceil");
    add("rho-few", real(0, "0"), "few-shot: share of patches in the image score; 0 = the highest");
    add("rho-zero", real(0.01, "0.01"), "batch zero-shot: the same");
    add("distance", text("cosine"), "cosine or l2");
    add("batch-size", po::value<int>()->default_value(64), "batch zero-shot; 0 = whole category");
    add("batch-order", text("shuffle"), "shuffle or sorted");
    add("batch-remainder", text("refill"), "short last batch: refill, short or balanced");
    add("mask-threshold", real(0.05, "0.05"), "foreground: min-max attention above this");
    add("mask-weight", real(0.5, "0.5"), "factor of background patch scores");
    add("eval-size", po::value<int>()->default_value(0), "side of maps in px; 0 = network input");
    add("interpolation", text("bilinear"), "of the maps: bilinear, bilinear-ac or nearest");
    add("smooth-sigma", real(0, "0"), "Gaussian on the maps, in px; 0 = none");
    add("mask-resize", text("area50"), "ground truth: area50, nearest, any or all");
    add("pro-limit", real(0.3, "0.3"), "AUPRO up to this false positive rate");
    add("pro-connectivity", po::value<int>()->default_value(8), "regions: 4 or 8");
}

void add_run_options(po::options_description& options) {
    auto add = options.add_options();
    add("store", po::value<std::string>()->required()->value_name("DIR"),
        "cache of features, matches and results; shared between sweeps");
    add("output", po::value<std::string>()->required()->value_name("DIR"),
        "results, tables and pictures");
    add("cache-dtype", po::value<std::string>()->default_value("fp16"),
        "embeddings in the store: fp16 or fp32");
    add("precision", po::value<std::string>()->default_value("fp32"),
        "of the networks: fp32, bf16 or (CUDA only) fp16");
    add("block-images", po::value<int>()->default_value(32), "images of one embed unit");
    add("forward-batch", po::value<int>()->default_value(8), "images in memory at a forward pass");
    add("device", po::value<std::string>()->default_value("auto"), "auto, cpu or cuda");
    add("threads", po::value<int>()->default_value(1), "threads of each rank");
    add("heatmaps", po::value<int>()->default_value(0),
        "pictures of each category and point (first seed)");
}

void add_ablation_options(po::options_description& options) {
    options.add_options()("over",
                          po::value<Words>()->multitoken()->required()->value_name("NAME=V,V,..."),
                          "an option and the values it takes; all combinations of several. rho and "
                          "kp stand for rho-few with rho-zero, and for kp-fraction");
}

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

template <class T>
std::vector<T> or_default(std::vector<T> given, std::vector<T> standard) {
    if (given.empty()) { return standard; }
    std::vector<T> unique;
    for (const auto& value : given) {
        if (std::ranges::count(unique, value) == 0) { unique.push_back(value); }
    }
    return unique;
}

/// Sides in px; 0 stands for the backbone's own.
std::vector<int> parse_sides(const po::variables_map& values) {
    std::vector<int> sides;
    for (const auto& word : words(values, "image-size")) {
        sides.push_back(word == "default" ? 0 : whole_number("image-size", word, 1));
    }
    return or_default(sides, {0});
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
    method.masking = {fraction(values, "mask-threshold"), fraction(values, "mask-weight")};
    method.batch.size = static_cast<std::size_t>(integer(values, "batch-size", 0));
    method.batch.order = parse_option<BatchOrder>("batch-order", text_of(values, "batch-order"));
    method.batch.remainder =
        parse_option<BatchRemainder>("batch-remainder", text_of(values, "batch-remainder"));
}

void set_metrics(const po::variables_map& values, SweepSpec& method) {
    auto& metrics = method.metrics;
    metrics.side_px = integer(values, "eval-size", 0);
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

SweepSpec parse_method(const po::variables_map& values) {
    SweepSpec method;
    method.sides_px = parse_sides(values);
    method.shots = or_default(numbers(values, "shots", 0), {0, 1, 2, 4});
    for (const int seed : or_default(numbers(values, "seeds", 0), {0, 1, 2})) {
        method.seeds.push_back(static_cast<std::uint64_t>(seed));
    }
    for (const auto& word : or_default(words(values, "modules"), {"none"})) {
        method.modules.push_back(parse_modules(word));
    }
    method.cache_type = parse_option<CacheType>("cache-dtype", text_of(values, "cache-dtype"));
    method.block_images = static_cast<std::size_t>(integer(values, "block-images", 1));
    method.heatmaps = integer(values, "heatmaps", 0);
    set_scoring(values, method);
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
    po::options_description options;
    const auto group = [&](const char* title, void (*add)(po::options_description&)) {
        po::options_description part(title);
        add(part);
        options.add(part);
    };
    if (ablates) { group("ablation", add_ablation_options); }
    group("data and backbones", add_data_options);
    group("grid (every combination is computed)", add_grid_options);
    group("method (docs/method.md)", add_method_options);
    group("run", add_run_options);
    group("engine (docs/hpc.md)", add_engine_options);
    const auto parsed = parse_options(line.arguments, ablates ? ablate_help() : sweep_help(),
                                      options, "", line.overrides);
    if (parsed.help) { return std::nullopt; }
    const auto& values = parsed.values;
    SweepOptions result;
    result.data_root = text_of(values, "data-root");
    result.manifest = text_of(values, "manifest");
    result.folders = {text_of(values, "normal-dir"), text_of(values, "abnormal-dir"),
                      text_of(values, "mask-dir"), text_of(values, "normal-test-dir")};
    result.datasets = or_default(words(values, "dataset"), {});
    result.categories = or_default(words(values, "category"), {});
    result.backbones = or_default(words(values, "backbone"), {"patchead_tiny"});
    result.weights = parse_weights(values);
    result.weights_dir = text_of(values, "weights-dir");
    result.backbone_options = parse_backbone_options(values);
    result.precision = text_of(values, "precision");
    result.prompts_file = text_of(values, "prompts");
    result.store = text_of(values, "store");
    result.output = text_of(values, "output");
    result.device = text_of(values, "device");
    result.threads = integer(values, "threads", 1);
    result.forward_batch = static_cast<std::size_t>(integer(values, "forward-batch", 1));
    result.over = words(values, "over");
    result.method = parse_method(values);
    result.engine = parse_engine_options(values);
    result.config = config_text(values);
    return result;
}

}  // namespace patchead
