/// \file
/// \brief `patchead demo-data`: the synthetic data set.

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/data/demo_data.hpp"

namespace patchead {

int run_demo_data(const Arguments& arguments) {
    DemoDataOptions demo;
    std::string output;
    po::options_description options("options");
    options.add_options()("output", po::value(&output)->required()->value_name("DIR"),
                          "where to write; the data set appears as DIR/mvtec-like")(
        "seed", po::value(&demo.seed)->default_value(demo.seed), "another seed, other images")(
        "side", po::value(&demo.side_px)->default_value(demo.side_px), "side of the images in px")(
        "train", po::value(&demo.train)->default_value(demo.train),
        "training images of each category")(
        "test-good", po::value(&demo.test_good)->default_value(demo.test_good),
        "good test images of each category")(
        "per-defect", po::value(&demo.per_defect)->default_value(demo.per_defect),
        "test images of each kind of defect");
    const auto parsed = parse_options(
        arguments,
        {"patchead demo-data", "--output DIR [options]",
         "Writes a small data set in MVTec layout: two objects with random pose and one texture,\n"
         "several kinds of defect with exact masks. The same options give the same bytes.\n",
         options, "output"});
    if (parsed.help) { return kExitDone; }
    write_demo_data(output, demo);
    std::cout << "wrote " << output << "/mvtec-like\n";
    return kExitDone;
}

}  // namespace patchead
