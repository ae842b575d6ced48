#include "patchead/core/option_names.hpp"

#include <array>

namespace patchead {

// Clang finds it by itself only from version 17 on.
template <class E>
OptionName(std::string_view, E) -> OptionName<E>;

std::span<const OptionName<Filter>> option_names(Filter) {
    static constexpr std::array names{OptionName{"bicubic", Filter::bicubic},
                                      OptionName{"bilinear", Filter::bilinear}};
    return names;
}

std::span<const OptionName<CacheType>> option_names(CacheType) {
    static constexpr std::array names{OptionName{"fp16", CacheType::fp16},
                                      OptionName{"fp32", CacheType::fp32}};
    return names;
}

std::span<const OptionName<Resize>> option_names(Resize) {
    static constexpr std::array names{OptionName{"squash", Resize::squash},
                                      OptionName{"shorter", Resize::shorter},
                                      OptionName{"longer", Resize::longer}};
    return names;
}

std::span<const OptionName<PatchFit>> option_names(PatchFit) {
    static constexpr std::array names{OptionName{"crop", PatchFit::crop},
                                      OptionName{"pad", PatchFit::pad}};
    return names;
}

std::span<const OptionName<TokenForm>> option_names(TokenForm) {
    static constexpr std::array names{OptionName{"norm", TokenForm::norm},
                                      OptionName{"raw", TokenForm::raw},
                                      OptionName{"projected", TokenForm::projected}};
    return names;
}

std::span<const OptionName<Reduce>> option_names(Reduce) {
    static constexpr std::array names{OptionName{"nearest", Reduce::nearest},
                                      OptionName{"farthest", Reduce::farthest}};
    return names;
}

std::span<const OptionName<Select>> option_names(Select) {
    static constexpr std::array names{OptionName{"closest", Select::closest},
                                      OptionName{"farthest", Select::farthest}};
    return names;
}

std::span<const OptionName<Rounding>> option_names(Rounding) {
    static constexpr std::array names{OptionName{"floor", Rounding::floor},
                                      OptionName{"round", Rounding::round},
                                      OptionName{"ceil", Rounding::ceil}};
    return names;
}

std::span<const OptionName<Reading>> option_names(Reading) {
    static constexpr std::array names{OptionName{"A", Reading::a}, OptionName{"B", Reading::b},
                                      OptionName{"C", Reading::c}, OptionName{"D", Reading::d}};
    return names;
}

std::span<const OptionName<Distance>> option_names(Distance) {
    static constexpr std::array names{OptionName{"cosine", Distance::cosine},
                                      OptionName{"l2", Distance::euclidean}};
    return names;
}

std::span<const OptionName<Setting>> option_names(Setting) {
    static constexpr std::array names{OptionName{"few-shot", Setting::few_shot},
                                      OptionName{"batch-zero-shot", Setting::zero_shot}};
    return names;
}

std::span<const OptionName<AlignEstimator>> option_names(AlignEstimator) {
    static constexpr std::array names{OptionName{"auto", AlignEstimator::automatic},
                                      OptionName{"orb", AlignEstimator::orb},
                                      OptionName{"sift", AlignEstimator::sift},
                                      OptionName{"akaze", AlignEstimator::akaze},
                                      OptionName{"logpolar", AlignEstimator::log_polar},
                                      OptionName{"moments", AlignEstimator::moments},
                                      OptionName{"identity", AlignEstimator::identity}};
    return names;
}

std::span<const OptionName<AlignModel>> option_names(AlignModel) {
    static constexpr std::array names{OptionName{"rigid", AlignModel::rigid},
                                      OptionName{"similarity", AlignModel::similarity}};
    return names;
}

std::span<const OptionName<AlignBorder>> option_names(AlignBorder) {
    static constexpr std::array names{OptionName{"reflect", AlignBorder::reflect},
                                      OptionName{"replicate", AlignBorder::replicate},
                                      OptionName{"constant", AlignBorder::constant},
                                      OptionName{"drop", AlignBorder::drop}};
    return names;
}

std::span<const OptionName<AlignWarp>> option_names(AlignWarp) {
    static constexpr std::array names{OptionName{"input", AlignWarp::input},
                                      OptionName{"native", AlignWarp::native}};
    return names;
}

std::span<const OptionName<ZeroAlign>> option_names(ZeroAlign) {
    static constexpr std::array names{
        OptionName{"z1", ZeroAlign::z1}, OptionName{"z2", ZeroAlign::z2},
        OptionName{"z3", ZeroAlign::z3}, OptionName{"z4", ZeroAlign::z4}};
    return names;
}

std::span<const OptionName<MaskSource>> option_names(MaskSource) {
    static constexpr std::array names{OptionName{"attention", MaskSource::attention},
                                      OptionName{"object", MaskSource::object}};
    return names;
}

std::span<const OptionName<MaskResize>> option_names(MaskResize) {
    static constexpr std::array names{
        OptionName{"area50", MaskResize::area50},     OptionName{"nearest", MaskResize::nearest},
        OptionName{"any", MaskResize::any},           OptionName{"all", MaskResize::all},
        OptionName{"musc-any", MaskResize::musc_any}, OptionName{"musc-all", MaskResize::musc_all}};
    return names;
}

std::span<const OptionName<Interpolation>> option_names(Interpolation) {
    static constexpr std::array names{
        OptionName{"bilinear", Interpolation::bilinear},
        OptionName{"bilinear-ac", Interpolation::bilinear_align_corners},
        OptionName{"nearest", Interpolation::nearest}};
    return names;
}

std::span<const OptionName<ReferenceCopies>> option_names(ReferenceCopies) {
    static constexpr std::array names{
        OptionName{"none", ReferenceCopies::none}, OptionName{"rot90", ReferenceCopies::rot90},
        OptionName{"rot45", ReferenceCopies::rot45}, OptionName{"flips", ReferenceCopies::flips},
        OptionName{"rot90+flips", ReferenceCopies::rot90_flips}};
    return names;
}

std::span<const OptionName<BatchOrder>> option_names(BatchOrder) {
    static constexpr std::array names{OptionName{"shuffle", BatchOrder::shuffle},
                                      OptionName{"sorted", BatchOrder::sorted}};
    return names;
}

std::span<const OptionName<CompanyOrder>> option_names(CompanyOrder) {
    static constexpr std::array names{OptionName{"shuffle", CompanyOrder::shuffle},
                                      OptionName{"defect", CompanyOrder::defect}};
    return names;
}

std::span<const OptionName<BatchRemainder>> option_names(BatchRemainder) {
    static constexpr std::array names{OptionName{"refill", BatchRemainder::refill},
                                      OptionName{"short", BatchRemainder::short_last},
                                      OptionName{"balanced", BatchRemainder::balanced}};
    return names;
}

std::span<const OptionName<FuseRule>> option_names(FuseRule) {
    static constexpr std::array names{OptionName{"mean", FuseRule::mean},
                                      OptionName{"max", FuseRule::highest}};
    return names;
}

std::span<const OptionName<FuseCalibration>> option_names(FuseCalibration) {
    static constexpr std::array names{OptionName{"auto", FuseCalibration::automatic},
                                      OptionName{"none", FuseCalibration::none},
                                      OptionName{"robust_z", FuseCalibration::robust_z},
                                      OptionName{"rank", FuseCalibration::rank}};
    return names;
}

}  // namespace patchead
