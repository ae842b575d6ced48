#include "sweep_option_list.hpp"

#include "engine_options.hpp"
#include "point_options.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

void add_data_options(po::options_description& options) {
    auto add = options.add_options();
    const auto folder = [] { return po::value<std::string>()->value_name("DIR"); };
    add("data-root", folder(),
        "folder that holds the data sets by name, or a data set's own folder");
    add("category", po::value<Words>()->multitoken()->value_name("NAME..."),
        "categories (dataset/category for one data set only); default: all that are found");
    add("manifest", po::value<std::string>()->value_name("FILE"),
        "run the split that patchead datasets freeze wrote");
    add("normal-dir", folder(), "data set folder: normal images");
    add("abnormal-dir", folder(), "data set folder: defective images");
    add("mask-dir", folder(), "data set folder: their masks");
    add("normal-test-dir", folder(),
        "data set folder: normal test images; default: a quarter of --normal-dir");
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
    options.add(point_option_list());
    options.add_options()(
        "grid", po::value<Words>()->multitoken()->value_name("FILE..."),
        "points of these config files in place of one grid; the options above then narrow them to "
        "the values given");
}

void add_method_options(po::options_description& options) {
    const auto text = [](const char* value) {
        return po::value<std::string>()->default_value(value);
    };
    const auto real = [](double value, const char* shown) {
        return po::value<double>()->default_value(value, shown);
    };
    auto add = options.add_options();
    add("profile", text("default"),
        "default, or paper-literal: the equations as printed, keypoints only; options win over it");
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
    add("mask-source", text("attention"),
        "what tells the foreground: attention of the class token, or the object in the picture");
    add("mask-weight", real(0.5, "0.5"), "factor of background patch scores");
    add("align-estimator", text("auto"),
        "auto, orb, sift, akaze, logpolar, moments or identity (a control)");
    add("align-model", text("rigid"), "rigid or similarity");
    add("align-size", po::value<int>()->default_value(448), "images are compared at this side, px");
    add("align-border", text("reflect"), "corners of a copy: reflect, replicate, constant or drop");
    add("align-warp", text("native"), "copies from the file's pixels (native) or the input's");
    add("align-rotate", text("yes"), "each copy turned by 180 degrees, too: yes or no");
    add("align-keep", text("yes"), "few-shot: the prompts themselves stay in the list: yes or no");
    add("zero-align", text("z2"), "batch zero-shot with copies: z1, z2, z3 or z4");
    add("eval-size", po::value<std::string>()->default_value("input")->value_name("SIZE"),
        "of maps and masks: input (of the network), native (of each image) or a side in px");
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
    add("forward-memory", po::value<int>()->default_value(2000),
        "MB, by estimate, for the images in a network at a time: says how many there are");
    add("forward-batch", po::value<int>()->default_value(0),
        "images in a network at a time; 0 = as many as fit --forward-memory");
    add("decode-threads", po::value<int>()->default_value(0),
        "that read and resize images ahead of the network; 0 = one for each core that a rank has "
        "left, at least one");
    add("device", po::value<std::string>()->default_value("auto"), "auto, cpu or cuda");
    add("threads", po::value<int>()->default_value(1), "threads of each rank");
    add("heatmaps", po::value<int>()->default_value(0),
        "pictures of each category and point (first seed)");
    add("maps", po::value<std::string>()->default_value("0")->value_name("N|all"),
        "images of each category whose patch scores, attention and thumbnails are recorded in "
        "OUTPUT/maps (first seed), for figures and the HTML report");
    add("map-shots", po::value<Words>()->multitoken()->value_name("N..."),
        "shots at which they are; default: 0, and the most that all of --modules have");
    add("align-pictures", po::value<int>()->default_value(0),
        "pictures of aligned pairs of each category");
}

void add_ablation_options(po::options_description& options) {
    options.add_options()("over",
                          po::value<Words>()->multitoken()->required()->value_name("NAME=V,V,..."),
                          "an option and the values it takes; all combinations of several. rho and "
                          "kp stand for rho-few with rho-zero, and for kp-fraction");
}

}  // namespace

po::options_description sweep_option_list(bool ablates) {
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
    return options;
}

}  // namespace patchead
