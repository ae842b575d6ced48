#pragma once

/// \file
/// \brief Functions compiled for several widths of vectors; the widest that the CPU has is called.

/// Of functions whose result does not depend on the width: extremes, comparisons, and sums that
/// are written in lanes of a fixed number.
#if defined(__x86_64__)
#define PATCHEAD_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define PATCHEAD_VECTORISED
#endif
