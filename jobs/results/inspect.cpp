/// \file
/// \brief `patchead inspect FILE...`: what is in a cache or result file.

#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/cache/describe.hpp"

namespace patchead {

int run_inspect(const Arguments& arguments) {
    std::vector<std::string> files;
    po::options_description options("options");
    options.add_options()("file", po::value(&files)->required()->value_name("FILE"),
                          "an artifact of the store, a results.h5, or any HDF5 file");
    const auto parsed =
        parse_options(arguments, {"patchead inspect", "FILE... [options]",
                                  "Prints what made a file (key, provenance), its data sets "
                                  "and whether its checksums hold.\n",
                                  options, "file"});
    if (parsed.help) { return kExitDone; }
    for (const auto& file : files) { std::cout << describe_file(file) << "\n"; }
    return kExitDone;
}

}  // namespace patchead
