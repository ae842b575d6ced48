#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/core/codec.hpp"

/// \file
/// \brief Does this machine compute what it should? The checks of `patchead selftest`; on a CPU and
/// on a GPU the same code.

namespace patchead {

/// How a check went; `warned`: something is wrong that networks of this program do not meet.
enum class CheckVerdict { passed, warned, failed, not_checked };

struct SelftestCheck {
    std::string name;    ///< What was checked: "eva02 in bf16".
    std::string found;   ///< What came out, with numbers and what was expected.
    std::string mend{};  ///< What to do about it; empty of a passed check.
    CheckVerdict verdict = CheckVerdict::passed;
};

/// Checks, and the bits that every rank must have.
struct SelftestChecks {
    std::vector<SelftestCheck> checks{};
    std::string digest{};  ///< SHA-256 of all outputs of networks and matching.
};

template <>
struct Codec<SelftestCheck>
    : RecordCodec<SelftestCheck, &SelftestCheck::name, &SelftestCheck::found, &SelftestCheck::mend,
                  &SelftestCheck::verdict> {};

template <>
struct Codec<SelftestChecks>
    : RecordCodec<SelftestChecks, &SelftestChecks::checks, &SelftestChecks::digest> {};

/// What comes with the program. Throws ConfigError if it is nowhere.
[[nodiscard]] std::filesystem::path shipped_fixtures();

/// Networks of all families that lie in `fixtures` in every precision of `device` ("cpu",
/// "cuda:N") against numbers of independent code, matching against the bits of such, and
/// LibTorch's kernels of low precision. Throws DataError if `fixtures` has no network or no
/// `match.json`.
[[nodiscard]] SelftestChecks run_checks(const std::filesystem::path& fixtures,
                                        const std::string& device);

/// What happens when memory ends. On a GPU nothing else may need its memory meanwhile.
[[nodiscard]] SelftestCheck check_memory(const std::string& device);

/// The checks of all ranks as one list: those of rank 0, those that failed elsewhere, and whether
/// all ranks have the same bits.
[[nodiscard]] std::vector<SelftestCheck> merge_checks(const std::vector<SelftestChecks>& of_rank);

/// Whether none failed.
[[nodiscard]] bool passed(const std::vector<SelftestCheck>& checks);

/// A line a check; below a failed one what to do.
[[nodiscard]] std::string to_text(const std::vector<SelftestCheck>& checks);

}  // namespace patchead
