#include "options/measure_groups.hpp"

#include <algorithm>

#include "options/read_method.hpp"
#include "options/request_options.hpp"

namespace patchead {
namespace {

/// Those of `from` that are named.
void add_named(const po::options_description& from, const std::vector<std::string>& names,
               po::options_description& to) {
    for (const auto& option : from.options()) {
        if (std::ranges::count(names, option->long_name()) > 0) { to.add(option); }
    }
}

po::options_description map_group() {
    using Kind = OptionRow::Kind;
    return group_of(
        "maps",
        {{"maps", "DIR", "anomaly maps, one file an image, or the output of a sweep with --maps"},
         {"list", "FILE", "CSV with columns image and map, score or both"},
         {"point", "NAME...", "of recorded maps: files without ending; default: all", Kind::words},
         {"output", "DIR", "results and tables"},
         {"name", "NAME", "what made the maps, the detector of the results; default: the folder"},
         {"backbone-label", "NAME", "its network, a label", Kind::text, "–"},
         {"image-size", "PX",
          "side of its input: a label, and the size of --eval-size input; without it the latter is "
          "each image's own"},
         {"shots", "N", "normal images it had, or all: a label; default: setting maps"},
         {"seed", "N", "a label", Kind::text, "0"},
         {"map-memory", "MB", "maps of a category kept, so that each file is read once", Kind::text,
          "256"},
         {"example", "DIR", "write an example of all this there, and print how to measure it"}});
}

}  // namespace

const std::vector<std::string>& measured_method_options() {
    static const std::vector<std::string> names{
#define PATCHEAD_METRIC_OPTION(type, member, initial, domain, option, ...) option,
#include "patchead/core/options.def"
        "resize"};
    return names;
}

po::options_description measure_option_groups() {
    po::options_description data("data");
    add_named(request_option_group(),
              {"data-root", "category", "manifest", "normal-dir", "abnormal-dir", "mask-dir",
               "normal-test-dir"},
              data);
    add_row(data, {"dataset", "NAME...", "data sets; patchead datasets list names them",
                   OptionRow::Kind::words});
    po::options_description method("measurement (docs/measure.md)");
    add_row(method,
            {"image-score", "RULE",
             "max, top:RHO (mean of the highest share RHO) of a map as it lies in its file, "
             "or given; default: given where scores are, else max"});
    add_named(request_option_group(), {"metrics"}, method);
    add_named(method_option_group(), measured_method_options(), method);
    add_named(run_option_group(), measured_method_options(), method);
    po::options_description all;
    all.add(map_group());
    all.add(data);
    all.add(method);
    return all;
}

}  // namespace patchead
