#include "published/emulated.hpp"
#include "published/linear_200.hpp"

namespace patchead {

/// PRO as RAD computes it. Source: longkukuhi/RAD, utils.py.
Quantity pro_rad200(const Evidence& evidence, const Argument&) {
    return emulated(evidence, [&] {
        return pro_at_200_thresholds(read_pixels(evidence.category), RateScale::by_largest,
                                     MapPrecision::float64);
    });
}

/// The same of maps in single precision.
Quantity pro_rad200_float32(const Evidence& evidence, const Argument&) {
    return emulated(evidence, [&] {
        return pro_at_200_thresholds(read_pixels(evidence.category), RateScale::by_largest,
                                     MapPrecision::float32);
    });
}

}  // namespace patchead
