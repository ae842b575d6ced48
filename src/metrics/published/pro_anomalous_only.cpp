#include "published/emulated.hpp"

namespace patchead {
namespace {

Quantity pro_of_stretched(const Evidence& evidence, ImagesTaken taken, double limit) {
    return emulated(evidence, [&] {
        auto pixels = read_pixels(evidence.category, taken);
        stretch_maps(pixels);
        return area_under(pro_curve_of(pixels), limit) / limit;
    });
}

}  // namespace

/// Source: SubspaceAD, main.py before its commit 2ca687e, with anomalib 2.3.
Quantity pro_anomalous_only(const Evidence& evidence, const Argument& limit) {
    return pro_of_stretched(evidence, ImagesTaken::anomalous, limit.first);
}

/// Source: MuSc, its maps for the eye (single_norm) taken for those of the metric.
Quantity pro_minmax(const Evidence& evidence, const Argument& limit) {
    return pro_of_stretched(evidence, ImagesTaken::all, limit.first);
}

}  // namespace patchead
