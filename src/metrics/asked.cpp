#include "asked.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "patchead/core/error.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/text.hpp"
#include "patchead/metrics/metric_names.hpp"

namespace patchead {

#define PATCHEAD_ASKED_METRIC(name, mark, takes, bare, usual, needs, function, meaning) \
    Quantity function(const Evidence& evidence, const Argument& argument);
#include "asked_metrics.def"
#undef PATCHEAD_ASKED_METRIC
#define PATCHEAD_EMULATED(name, takes, bare, function, meaning, source, fault) \
    Quantity function(const Evidence& evidence, const Argument& argument);
#include "published/published.def"
#undef PATCHEAD_EMULATED

namespace {

constexpr std::string_view kNotAlone = "-";  // As `bare`.
constexpr std::string_view kAlone = "bare";  // As `usual`.

constexpr auto kKinds = std::to_array<MetricKind>({
#define PATCHEAD_ASKED_METRIC(name, mark, takes, bare, usual, needs, function, meaning) \
    {name, mark, Takes::takes, bare, usual, Needs::needs, &function, meaning},
#include "asked_metrics.def"
#undef PATCHEAD_ASKED_METRIC
#define PATCHEAD_EMULATED(name, takes, bare, function, meaning, source, fault) \
    {name, "@", Takes::takes, bare, "", Needs::maps, &function, meaning, source, fault},
#include "published/published.def"
#undef PATCHEAD_EMULATED
});

const Metric* find_plain(std::string_view name) {
    for (const auto metrics : {image_metrics(), pixel_metrics()}) {
        const auto found = std::ranges::find(metrics, name, &Metric::name);
        if (found != metrics.end()) { return &*found; }
    }
    return nullptr;
}

/// How it is asked for: "AUPRO@<RATE>", "AUPIMO[@<LOW>:<HIGH>]".
std::string form_of(const MetricKind& kind) {
    if (kind.takes == Takes::nothing) { return std::string(kind.name); }
    const auto rest = concat(kind.mark, word_of(kind.takes));
    return kind.bare == kNotAlone ? concat(kind.name, rest) : concat(kind.name, "[", rest, "]");
}

[[noreturn]] void refuse(const std::string& name) {
    std::vector<std::string> forms;
    for (const auto metric : metric_names()) { forms.emplace_back(metric); }
    for (const auto& kind : kKinds) { forms.push_back(form_of(kind)); }
    const std::vector<std::string_view> known(forms.begin(), forms.end());
    throw ConfigError(unknown_name("metric", name, known));
}

Argument bare_argument(const MetricKind& kind) {
    constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
    if (kind.bare.empty()) { return {kNothing, kNothing}; }
    return parse_argument(kind.takes, kind.bare, std::string(kind.name));
}

/// The words of a line of the table.
std::vector<std::string> words_in(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        words.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

/// Adds what `--metrics all` takes of a kind.
void add_usual(const MetricKind& kind, std::vector<std::string>& names) {
    for (const auto& word : words_in(kind.usual)) {
        const auto name = std::string(kind.name);
        append_new(word == kAlone ? name : concat(name, kind.mark, word), names);
    }
}

}  // namespace
}  // namespace patchead

namespace patchead::inline metrics_detail {

std::span<const MetricKind> metric_kinds() { return kKinds; }

Needs AskedMetric::needs() const {
    if (kind != nullptr) { return kind->needs; }
    const auto images = image_metrics();
    const bool is_of_images = std::ranges::count(images, plain->name, &Metric::name) > 0;
    return is_of_images ? Needs::images : Needs::pixels;
}

Quantity AskedMetric::compute(const Evidence& evidence) const {
    return kind != nullptr ? kind->compute(evidence, argument) : plain->compute(evidence);
}

AskedMetric find_asked(const std::string& name) {
    const auto mark = name.find(kTypeMark);
    if (mark != std::string::npos && mark + 1 < name.size()) {
        auto metric = find_asked(name.substr(0, mark));
        metric.type = name.substr(mark + 1);
        metric.name += name.substr(mark);
        return metric;
    }
    if (const auto* plain = find_plain(name); plain != nullptr) { return {name, plain}; }
    for (const auto& kind : kKinds) {
        if (name == kind.name && kind.bare != kNotAlone) {
            return {name, nullptr, &kind, bare_argument(kind)};
        }
        const auto start = concat(kind.name, kind.mark);
        if (kind.takes == Takes::nothing || !name.starts_with(start)) { continue; }
        const auto text = std::string_view(name).substr(start.size());
        const auto argument = parse_argument(kind.takes, text, form_of(kind));
        return {concat(start, argument_text(kind.takes, argument)), nullptr, &kind, argument};
    }
    refuse(name);
}

std::vector<AskedMetric> find_asked(std::span<const std::string> names) {
    std::vector<AskedMetric> metrics;
    metrics.reserve(names.size());
    for (const auto& name : names) { metrics.push_back(find_asked(name)); }
    return metrics;
}

PixelDetail detail_for(std::span<const AskedMetric> metrics, std::optional<double> threshold) {
    PixelDetail detail;
    for (const auto& metric : metrics) {
        const auto needs = metric.needs();
        detail.normal_rates = detail.normal_rates || needs == Needs::normal_rates;
        detail.positives = detail.positives || needs == Needs::positives ||
                           needs == Needs::marked || needs == Needs::normal_rates;
        if (needs != Needs::cuts) { continue; }
        const double cut = std::isnan(metric.argument.first)
                               ? threshold.value_or(metric.argument.first)
                               : metric.argument.first;
        if (!std::isnan(cut)) { detail.cuts.push_back(cut); }
    }
    return detail;
}

}  // namespace patchead::inline metrics_detail

namespace patchead {

std::vector<std::string> asked_metrics(const std::vector<std::string>& words) {
    std::vector<std::string> names;
    const auto add_default = [&] {
        for (const auto name : metric_names()) { append_new(std::string(name), names); }
    };
    if (words.empty()) { add_default(); }
    for (const auto& word : words) {
        if (word == "default" || word == "all") { add_default(); }
        if (word == "all") {
            for (const auto& kind : kKinds) { add_usual(kind, names); }
        }
        if (word != "default" && word != "all") { append_new(find_asked(word).name, names); }
    }
    return names;
}

bool need_marked_regions(const std::vector<std::string>& names) {
    return std::ranges::any_of(
        names, [](const auto& name) { return find_asked(name).needs() == Needs::marked; });
}

std::vector<MetricDescription> describe_metrics() {
    std::vector<MetricDescription> all;
    for (const auto& kind : kKinds) {
        all.push_back({form_of(kind), std::string(kind.meaning), std::string(kind.source),
                       std::string(kind.fault)});
    }
    return all;
}

std::string emulation_note(const std::string& name) {
    const auto at = name.find_first_of("@/");
    const auto kind =
        std::ranges::find(kKinds, std::string_view(name).substr(0, at), &MetricKind::name);
    if (kind == kKinds.end() || kind->fault.empty()) { return {}; }
    return concat(name, " is emulated, for comparison with a publication only (", kind->source,
                  "): ", kind->fault);
}

}  // namespace patchead
