#include "patchead/report/alignment_summary.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "patchead/results/csv.hpp"
#include "text/percent.hpp"

namespace patchead {
namespace {

double abs_angle_deg(const Transform& transform) {
    return std::abs(std::atan2(transform.m[3], transform.m[0])) * 180 / std::numbers::pi;
}

/// How far the centre of the image moves.
double centre_shift(const Transform& transform) {
    const auto& m = transform.m;
    return std::hypot(0.5 * (m[0] + m[1] - 1) + m[2], 0.5 * (m[3] + m[4] - 1) + m[5]);
}

std::string methods_text(const AlignmentSummary& summary) {
    std::string text;
    for (const auto& [method, count] : summary.methods) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", method, count);
    }
    return text;
}

}  // namespace

AlignmentSummary summarise(std::span<const Alignment> alignments) {
    AlignmentSummary summary;
    summary.attempts = alignments.size();
    double with_keypoints = 0;
    for (const auto& alignment : alignments) {
        if (!alignment.accepted) { continue; }
        ++summary.accepted;
        ++summary.methods[alignment.method];
        with_keypoints += alignment.inliers > 0 ? 1 : 0;
        summary.inliers += alignment.inliers;
        summary.abs_angle_deg += abs_angle_deg(alignment.transform);
        summary.shift += centre_shift(alignment.transform);
        summary.ncc_before += alignment.ncc_before;
        summary.ncc_after += alignment.ncc_after;
    }
    const auto count = std::max(1.0, static_cast<double>(summary.accepted));
    summary.inliers /= std::max(1.0, with_keypoints);
    summary.abs_angle_deg /= count;
    summary.shift /= count;
    summary.ncc_before /= count;
    summary.ncc_after /= count;
    return summary;
}

std::string alignment_csv(std::span<const AlignmentSummary> summaries) {
    std::string text =
        "dataset,category,setting,attempts,accepted,mean_inliers,mean_abs_angle_deg,mean_shift,"
        "mean_ncc_before,mean_ncc_after,methods\n";
    for (const auto& s : summaries) {
        text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(s.dataset),
                            csv_field(s.category), s.setting, s.attempts, s.accepted,
                            csv_number(s.inliers), csv_number(s.abs_angle_deg), csv_number(s.shift),
                            csv_number(s.ncc_before), csv_number(s.ncc_after),
                            csv_field(methods_text(s)));
    }
    return text;
}

std::string alignment_markdown(std::span<const AlignmentSummary> summaries) {
    std::string text =
        "**Alignment: where it acted**\n\n"
        "| data set | category | setting | attempts | accepted % | inliers | abs angle | ZNCC "
        "before "
        "| ZNCC after | proposed by |\n"
        "|---|---|---|---:|---:|---:|---:|---:|---:|---|\n";
    for (const auto& s : summaries) {
        const double share =
            s.attempts > 0 ? static_cast<double>(s.accepted) / static_cast<double>(s.attempts) : 0;
        text += fmt::format("| {} | {} | {} | {} | {} | {:.1f} | {:.1f} | {:.3f} | {:.3f} | {} |\n",
                            s.dataset, s.category, s.setting, s.attempts, percent(share), s.inliers,
                            s.abs_angle_deg, s.ncc_before, s.ncc_after, methods_text(s));
    }
    return text +
           "\nMeans over the accepted pairs; an image that could not be aligned keeps its own "
           "position.\nAngles in degrees; inliers where keypoints proposed the position.\n";
}

}  // namespace patchead
