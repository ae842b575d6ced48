#pragma once

#include <map>
#include <set>
#include <string>

/// \file
/// \brief What the last bits of a number depend on beside its key: the libraries and the processor
/// that it was computed with. Keys leave them out, so that systems can share a store; what is made
/// says which they were, so that nobody mixes them unknowingly.

namespace patchead {

/// Facts about how something was made, by name.
using Facts = std::map<std::string, std::string>;

/// LibTorch, its BLAS and the kernel that this chose, instructions of the processor, and the GPU
/// if there was one: "LibTorch 1.13.0, OpenBLAS 0.3.21 Haswell, AVX2". Of the facts that
/// `compute_facts` names; "unknown" if they do not say.
[[nodiscard]] std::string numeric_stack(const Facts& facts);

/// Every stack behind what was made, its own and those of what it was made from: as recorded, for
/// each of several merged runs; else that of the facts.
[[nodiscard]] std::set<std::string> stacks_of(const Facts& facts);

/// Records them in the fact "stacks".
void record_stacks(const std::set<std::string>& stacks, Facts& facts);

/// "A; B".
[[nodiscard]] std::string stacks_text(const std::set<std::string>& stacks);

}  // namespace patchead
