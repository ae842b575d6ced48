/// \file
/// \brief `patchead submit`: a submission to a server of hidden masks, and its check.

#include <iostream>

#include <fmt/format.h>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/outputs/submission.hpp"

namespace patchead {
namespace {

constexpr const char* kFormat = "mvtec-ad2";

po::options_description submit_options() {
    po::options_description options("options");
    auto add = options.add_options();
    add("run", po::value<std::string>()->default_value("")->value_name("RUN"),
        "output folder of a sweep that recorded maps of validation and private images; without "
        "one, --check goes by the published numbers of images");
    add("format", po::value<std::string>()->default_value(kFormat)->value_name("NAME"),
        "what the server takes: mvtec-ad2");
    add("output", po::value<std::string>()->default_value("")->value_name("DIR"),
        "where the submission is written: pictures, thresholds.csv and submission.tar.gz");
    add("check", po::value<std::string>()->default_value("")->value_name("DIR"),
        "only look at the submission in DIR");
    add("point", po::value<std::string>()->default_value("")->value_name("NAME"),
        "the point, as its maps are called, if the run has several");
    add("threshold", po::value<std::string>()->default_value("mean3sigma")->value_name("RULE"),
        "of the binary pictures, from the pixels of the validation images only: mean3sigma, max, "
        "quantile:SHARE, p95x1.421 or robust");
    add("shrink", po::value<std::string>()->default_value("4")->value_name("N"),
        "maps have the size of their image divided by this; 1: all of it (10 GB)");
    add("incomplete", po::value<std::string>()->default_value("no")->value_name("yes|no"),
        "yes: go on without categories or images that the server asks for, as a trial");
    return options;
}

SubmissionRequest request_from(const po::variables_map& values) {
    SubmissionRequest request;
    request.run = text_of(values, "run");
    request.point = text_of(values, "point");
    const auto rules = parse_threshold_rules({text_of(values, "threshold")});
    require<ConfigError>(rules.size() == 1 && !rules.front().is_of_validation,
                         "option --threshold: '", text_of(values, "threshold"),
                         "' (one rule, and always of validation images); give e.g. mean3sigma");
    request.rule = rules.front();
    request.shrink = Whole(1).parse("shrink", text_of(values, "shrink"));
    request.is_whole = !YesNo().parse("incomplete", text_of(values, "incomplete"));
    return request;
}

int check(const SubmissionRequest& request, const std::string& folder) {
    const auto splits = request.run.empty() ? published_submission() : splits_of_run(request);
    require_no_faults(concat("'", folder, "'"), check_submission(folder, splits));
    std::cout << fmt::format("'{}' has all {} files of a submission, and they are in order\n",
                             folder, submitted_files(splits).size());
    return kExitDone;
}

int write(const SubmissionRequest& request, const std::string& folder) {
    for (const auto& of : write_submission(folder, request)) {
        std::cout << fmt::format("{:<14} {} of {} validation images ({} pixels): {:.6g}{}\n",
                                 of.category, request.rule.name, of.images, of.pixels, of.threshold,
                                 of.exponent == 0
                                     ? ""
                                     : fmt::format("; maps are scores times 2^{}, which 16 bits "
                                                   "do not hold otherwise",
                                                   of.exponent));
    }
    std::cout << fmt::format("wrote '{}/submission.tar.gz'{}\n", folder,
                             request.is_whole ? "" : "; incomplete, the server refuses it");
    return kExitDone;
}

}  // namespace

int run_submit(const Arguments& arguments) {
    const auto parsed = parse_options(
        arguments,
        {"patchead submit", "RUN --output DIR [options]",
         "Makes a submission to the server of MVTec AD 2 from a sweep with --maps and\n"
         "--score-also validation unlabelled, or checks one. Refuses what the server would.\n",
         submit_options(), "run"});
    if (parsed.help) { return kExitDone; }
    const auto& values = parsed.values;
    require<ConfigError>(text_of(values, "format") == kFormat, "unknown --format '",
                         text_of(values, "format"), "'; one of: ", kFormat);
    const auto request = request_from(values);
    const auto looked_at = text_of(values, "check");
    const auto folder = text_of(values, "output");
    require<ConfigError>(looked_at.empty() != folder.empty(),
                         "either --output or --check is needed; give one of them");
    if (!looked_at.empty()) { return check(request, looked_at); }
    require<ConfigError>(!request.run.empty(),
                         "no run was named (its maps are submitted); give RUN");
    return write(request, folder);
}

}  // namespace patchead
