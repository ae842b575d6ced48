#include <algorithm>

#include <fmt/format.h>

#include "patchead/backbone/precision.hpp"
#include "patchead/backbone/trial_network.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/shipped.hpp"
#include "selftest/checks.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr double kRelativeTolerance = 1e-4;
constexpr double kCosineOfFp32Sums = 0.999;
constexpr double kCosineOfLowSums = 0.99;

constexpr const char* kMendNetwork =
    "tables of this machine would be wrong: try --device cpu, another LibTorch, or "
    "OPENBLAS_CORETYPE=Haswell; `patchead verify-backbone` with the fixture's folder shows each "
    "weights file";

/// Folders of networks, by name.
std::vector<fs::path> networks_in(const fs::path& fixtures) {
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fixtures, ignored)) {
        if (fs::exists(entry.path() / "config.json")) { folders.push_back(entry.path()); }
    }
    std::ranges::sort(folders);
    require<DataError>(!folders.empty(), "no fixture of a network in '", fixtures.string(),
                       "' (folders with config.json are); name the folder that holds them");
    return folders;
}

void check_network(const fs::path& folder, const std::string& device, SelftestChecks& result,
                   std::string& bits) {
    for (const auto& precision : precisions_on(device)) {
        const LoadOptions place{.device = device, .precision = precision};
        for (const auto& found : verify_fixture(folder, place)) {
            auto check = judge_network(found, precision, device);
            check.name = fmt::format("{} in {}", folder.filename().string(), precision);
            result.checks.push_back(std::move(check));
            bits += found.digest;
        }
    }
}

void add_failures(const std::vector<SelftestCheck>& of_rank, std::size_t rank,
                  std::vector<SelftestCheck>& all) {
    for (auto check : of_rank) {
        if (check.verdict != CheckVerdict::failed) { continue; }
        check.name += fmt::format(", rank {}", rank);
        all.push_back(std::move(check));
    }
}

SelftestCheck compare_ranks(const std::vector<SelftestChecks>& of_rank) {
    SelftestCheck check{"ranks", fmt::format("{} ranks have the same bits", of_rank.size())};
    if (of_rank.size() == 1) {
        check.verdict = CheckVerdict::not_checked;
        check.found = "one rank";
        check.mend = "mpirun -n 2 patchead selftest";
        return check;
    }
    const auto is_other = [&](const SelftestChecks& checks) {
        return checks.digest != of_rank.front().digest;
    };
    const auto other = std::ranges::count_if(of_rank, is_other);
    if (other == 0) { return check; }
    check.verdict = CheckVerdict::failed;
    check.found = fmt::format("{} of {} ranks have other bits than rank 0", other, of_rank.size());
    check.mend =
        "on one kind of processor and GPU they must not: run with one rank on each, and "
        "compare; on different ones give a sweep's ranks one kind";
    return check;
}

std::string_view verdict_text(CheckVerdict verdict) {
    switch (verdict) {
        case CheckVerdict::passed:
            return "ok";
        case CheckVerdict::warned:
            return "WARNING";
        case CheckVerdict::failed:
            return "FAILED";
        case CheckVerdict::not_checked:
            break;
    }
    return "-";
}

}  // namespace

inline namespace setup_detail {

SelftestCheck judge_network(const VerifyCase& result, const std::string& precision,
                            const std::string& device) {
    SelftestCheck check{result.name, result.error};
    bool good = false;
    if (result.error.empty() && precision == "fp32") {
        const double tokens = result.token_difference / result.token_scale;
        good = tokens <= kRelativeTolerance && result.attention_difference <= kRelativeTolerance;
        check.found = fmt::format(
            "embeddings differ by {:.1e} of their scale, attention by {:.1e} (at most {:.0e})",
            tokens, result.attention_difference, kRelativeTolerance);
    } else if (result.error.empty()) {
        const bool low = !precision_note(precision, device).empty();
        const double least = low ? kCosineOfLowSums : kCosineOfFp32Sums;
        good = result.token_cosine >= least;
        check.found = fmt::format("mean cosine of embeddings {:.6f} (at least {})",
                                  result.token_cosine, least);
    }
    if (good) { return check; }
    check.verdict = CheckVerdict::failed;
    check.mend = kMendNetwork;
    return check;
}

SelftestCheck judge_kernels(std::span<const KernelCheck> kernels) {
    SelftestCheck check{"kernels in low precision",
                        fmt::format("{} are as exact as rounding allows", kernels.size())};
    std::string wrong;
    for (const auto& kernel : kernels) {
        if (passed(kernel)) { continue; }
        wrong += wrong.empty() ? "" : "; ";
        wrong += kernel.error.empty()
                     ? fmt::format("{}: off by {:.2g} % of its scale (rounding explains {:.2g} %)",
                                   kernel.name, 100 * kernel.difference, 100 * kernel.tolerance)
                     : fmt::format("{}: {}", kernel.name, kernel.error);
        if (kernel.is_ours) { check.verdict = CheckVerdict::failed; }
    }
    if (wrong.empty()) { return check; }
    check.found = wrong;
    check.mend = "do not use --precision bf16 or fp16 here, or take another LibTorch";
    if (check.verdict == CheckVerdict::passed) {
        check.verdict = CheckVerdict::warned;
        check.mend =
            "only modules of your own (torchscript:) may meet it: run them in fp32, or "
            "take another LibTorch";
    }
    return check;
}

}  // namespace setup_detail

fs::path shipped_fixtures() {
    const auto found = find_shipped("selftest", "match.json");
    require<ConfigError>(!found.empty(), "the fixtures of the selftest are not at hand (",
                         kNotShipped, "); or name their folder: --fixtures DIR");
    return found.parent_path();
}

SelftestChecks run_checks(const fs::path& fixtures, const std::string& device) {
    SelftestChecks result;
    std::string bits;
    for (const auto& folder : networks_in(fixtures)) {
        check_network(folder, device, result, bits);
    }
    result.checks.push_back(check_match(fixtures / "match.json", device, bits));
    const auto kernels = check_kernels(device);
    result.checks.push_back(judge_kernels(kernels));
    result.digest = sha256(bits);
    return result;
}

SelftestCheck check_memory(const std::string& device) {
    SelftestCheck check{"too little memory", {}};
    try {
        const auto trial = try_little_memory(device);
        check.found = fmt::format(
            "{} images went through {} in parts, with {} (cosine {:.6f})", trial.images, trial.how,
            trial.same_bits ? "the bits that each has alone" : "nearly the numbers of each alone",
            trial.cosine);
        const bool on_cpu = device == "cpu";
        if (on_cpu) { check.found += "; a GPU was not tried"; }
        if (trial.cosine > kCosineOfFp32Sums && (trial.same_bits || !on_cpu)) { return check; }
    } catch (const Error& error) { check.found = error.what(); }
    check.verdict = CheckVerdict::failed;
    check.mend = "give --forward-batch a number that fits, and report it";
    return check;
}

std::vector<SelftestCheck> merge_checks(const std::vector<SelftestChecks>& of_rank) {
    auto all = of_rank.at(0).checks;
    for (std::size_t rank = 1; rank < of_rank.size(); ++rank) {
        add_failures(of_rank[rank].checks, rank, all);
    }
    all.push_back(compare_ranks(of_rank));
    return all;
}

bool passed(const std::vector<SelftestCheck>& checks) {
    return std::ranges::none_of(
        checks, [](const SelftestCheck& check) { return check.verdict == CheckVerdict::failed; });
}

std::string to_text(const std::vector<SelftestCheck>& checks) {
    std::string text;
    for (const auto& check : checks) {
        text +=
            fmt::format("{:<8} {:<26} {}\n", verdict_text(check.verdict), check.name, check.found);
        if (!check.mend.empty()) { text += fmt::format("{:>36}{}\n", "-> ", check.mend); }
    }
    return text;
}

}  // namespace patchead
