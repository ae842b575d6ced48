#include "published/emulated.hpp"
#include "published/linear_200.hpp"

namespace patchead {

/// PRO as MuSc computes it. Source: xrli-U/MuSc, utils/metrics.py.
Quantity pro_musc200(const Evidence& evidence, const Argument&) {
    return emulated(evidence, [&] {
        return pro_at_200_thresholds(read_pixels(evidence.category), RateScale::by_extremes,
                                     MapPrecision::float64);
    });
}

/// The same of maps in single precision.
Quantity pro_musc200_float32(const Evidence& evidence, const Argument&) {
    return emulated(evidence, [&] {
        return pro_at_200_thresholds(read_pixels(evidence.category), RateScale::by_extremes,
                                     MapPrecision::float32);
    });
}

}  // namespace patchead
