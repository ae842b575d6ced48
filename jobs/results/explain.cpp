/// \file
/// \brief `patchead explain`: what is behind a cell of a table.

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "options/report_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/report/explain.hpp"

namespace patchead {
namespace {

po::options_description explain_options() {
    po::options_description options("options");
    auto add = options.add_options();
    add("words", po::value<std::vector<std::string>>()->required()->value_name("RUN... CELL"),
        "results.h5 or output folders, and the name of a cell");
    add("json", po::bool_switch(), "for programs");
    add_paper_options(options);
    return options;
}

}  // namespace

int run_explain(const Arguments& arguments) {
    const auto parsed = parse_options(
        arguments,
        {"patchead explain", "RUN... CELL [options]",
         "Says what is behind a cell of a table: categories, seeds, options, digests of weights\n"
         "and data, artifacts and commands; and computes metrics of images again from the stored\n"
         "image scores. CELL is like table1/PatchEAD+/DINOv2/1-shot/MVTec/I-AUROC or\n"
         "summary_mvtec/dinov2_vitb14_reg/448/few-shot/1/none/I-AUROC; of a name that is not\n"
         "whole, or wrong, it says how it could go on. Several runs are merged.\n",
         explain_options(), "words"});
    if (parsed.help) { return kExitDone; }
    const auto& given = parsed.values["words"].as<std::vector<std::string>>();
    require<ConfigError>(given.size() >= 2, "only '", given.front(), "' was given (a run and a ",
                         "cell are needed); give RUN CELL, e.g. out ",
                         "table1/PatchEAD+/DINOv2/1-shot/MVTec/I-AUROC");
    std::vector<ResultsFile> runs;
    for (std::size_t i = 0; i + 1 < given.size(); ++i) { runs.push_back(read_run(given[i])); }
    const auto explanation =
        explain(merge_results(runs), given.back(), parse_paper_options(parsed.values));
    std::cout << (parsed.values["json"].as<bool>() ? to_json(explanation) : to_text(explanation));
    require<DataError>(explanation.holds(), "stored values of ", explanation.metric,
                       " are not those of the stored image scores (a file was changed, or another ",
                       "version made it); run the sweep again");
    return kExitDone;
}

}  // namespace patchead
