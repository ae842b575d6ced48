/// \file
/// \brief `patchead selftest`: does this machine compute what it should, and how fast?

#include <iostream>
#include <string>
#include <vector>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/precision.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/text.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/ranks/communicator.hpp"
#include "patchead/setup/build_facts.hpp"
#include "patchead/setup/selftest_rates.hpp"

namespace patchead {
namespace {

po::options_description own_options() {
    using Kind = OptionRow::Kind;
    return group_of(
        "options",
        {{"device", "NAME", "auto, cpu or cuda", Kind::text, "auto"},
         {"threads", "N", "threads of each rank", Kind::text, "1"},
         {"network", "NAME",
          "for the rates, of random numbers: vit_small or vit_base (on a GPU by default)"},
         {"image-size", "PX", "for the rates (224; on a GPU 448)"},
         {"batch", "N,N,...", "images at a time, for the rates (1,4; on a GPU 8,32,128)"},
         {"precision", "NAME,...",
          "for the rates: fp32, bf16 and, on a GPU, tf32 and fp16 (all that are fast there)"},
         {"fixtures", "DIR", "instead of those that come with patchead"},
         {"json", "FILE", "write everything there, for programs and for plan --rates"}});
}

CommandSyntax syntax() {
    return {"patchead selftest", "[options]",
            "Runs small networks of all families, matching and kernels of low precision against "
            "numbers of\nindependent code, tries what happens when memory ends, and measures "
            "images/s. Under mpirun all\nranks must have the same bits. Exit code 1 if a check "
            "fails.\n",
            own_options()};
}

std::string or_else(const po::variables_map& values, const std::string& name,
                    const std::string& fallback) {
    const auto text = text_of(values, name);
    return text.empty() ? fallback : text;
}

/// What networks are run in; not bf16 where a CPU is much slower in it, which would take minutes.
std::vector<std::string> usual_precisions(const std::string& device) {
    auto names = precisions_on(device);
    std::erase_if(names, [&](const auto& name) { return !precision_note(name, device).empty(); });
    return names;
}

RateRequest rate_request(const po::variables_map& values, const std::string& device) {
    const bool on_cpu = device == "cpu";
    RateRequest request;
    request.device = device;
    request.threads = whole_number("threads", text_of(values, "threads"), 1);
    request.network = or_else(values, "network", on_cpu ? "vit_small" : "vit_base");
    request.side_px =
        whole_number("image-size", or_else(values, "image-size", on_cpu ? "224" : "448"), 1);
    const auto batches = or_else(values, "batch", on_cpu ? "1,4" : "8,32,128");
    for (const auto& word : split_at_commas(batches)) {
        append_new(whole_number("batch", word, 1), request.batches);
    }
    request.precisions = usual_precisions(device);
    if (const auto asked = text_of(values, "precision"); !asked.empty()) {
        request.precisions.clear();
        for (const auto& word : split_at_commas(asked)) { append_new(word, request.precisions); }
    }
    return request;
}

/// What rank 0 says and does when all have checked. Other ranks are idle, so that it has the device
/// for itself.
int conclude(const po::variables_map& values, const RateRequest& request,
             const std::vector<std::string>& of_rank) {
    std::vector<SelftestChecks> decoded;
    decoded.reserve(of_rank.size());
    for (const auto& text : of_rank) { decoded.push_back(Codec<SelftestChecks>::decode(text)); }
    auto checks = merge_checks(decoded);
    std::cout << to_text(checks) << std::flush;
    const auto rates = measure_rates(request);
    checks.push_back(check_memory(request.device));  // Last: it leaves a GPU's memory reserved.
    std::cout << to_text({checks.back()}) << to_text(rates);
    if (const auto file = text_of(values, "json"); !file.empty()) {
        write_whole(file, to_json(build_facts(mpi_version()), static_cast<int>(of_rank.size()),
                                  checks, rates));
    }
    const bool good = passed(checks);
    std::cout << (good ? "selftest passed" : "selftest FAILED: do not trust tables of this machine")
              << "\n";
    return good ? kExitDone : kExitError;
}

int check_and_measure(const po::variables_map& values, const Communicator& world) {
    const auto device = device_of_rank(pick_device(text_of(values, "device")), world.local_rank());
    const auto request = rate_request(values, device);
    set_compute_threads(request.threads);
    set_image_threads(request.threads);
    const auto fixtures = text_of(values, "fixtures");
    const auto checks =
        run_checks(fixtures.empty() ? shipped_fixtures() : std::filesystem::path(fixtures), device);
    const auto of_rank = world.gather(Codec<SelftestChecks>::encode(checks));
    return world.is_root() ? conclude(values, request, of_rank) : kExitDone;
}

}  // namespace

int run_selftest(const Arguments& arguments) {
    const auto parsed = parse_options(arguments, syntax());
    if (parsed.help) { return kExitDone; }
    return run_job(0, nullptr, kFailureCodes, [&](const Communicator& world) {
        return check_and_measure(parsed.values, world);
    });
}

}  // namespace patchead
