#include "observers/prometheus.hpp"

#include <string_view>

#include <fmt/format.h>

#include "patchead/core/files.hpp"

namespace patchead::inline engine_detail {
namespace {

/// Text as a label's value.
std::string label_value(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '\n') {
            result += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') { result += '\\'; }
        result += c;
    }
    return result + '"';
}

/// One metric: its head, and a line for each value.
class Metric {
  public:
    Metric(std::string name, std::string_view type, std::string_view help, const std::string& run)
        : name_("patchead_" + std::move(name)), run_(label_value(run)) {
        text_ = fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name_, help, type);
    }

    Metric& add(double value, std::string_view label = {}, std::string_view of = {}) {
        const auto more = label.empty() ? "" : fmt::format(",{}={}", label, label_value(of));
        text_ += fmt::format("{}{{run={}{}}} {}\n", name_, run_, more, value);
        return *this;
    }

    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string name_, run_, text_;
};

double number(std::size_t count) { return static_cast<double>(count); }

std::string units_text(const std::string& run, const RunState& state) {
    return Metric("units", "gauge", "Units by state.", run)
        .add(number(state.units_done), "state", "done")
        .add(number(state.units_failed), "state", "failed")
        .add(number(state.units_skipped), "state", "skipped")
        .add(number(state.units_running), "state", "running")
        .add(number(state.units_total), "state", "total")
        .text();
}

std::string times_text(const std::string& run, const RunState& state) {
    Metric metric("rank_seconds_total", "counter", "Time of all ranks by kind of unit.", run);
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        metric.add(state.kinds[i].rank_seconds, "kind", kUnitKinds[i].name);
    }
    return metric.text();
}

}  // namespace

void write_prometheus(const std::filesystem::path& file, const std::string& run,
                      const RunState& state) {
    const auto one = [&](const char* name, const char* type, const char* help, double value) {
        return Metric(name, type, help, run).add(value).text();
    };
    write_whole(
        file,
        Metric("run_info", "gauge", "1, with the state of the run as a label.", run)
                .add(1, "state", name_of(state.status))
                .text() +
            units_text(run, state) + times_text(run, state) +
            one("ranks", "gauge", "Ranks of the run.", state.ranks) +
            one("run_seconds", "gauge", "Since the start of the run.", state.seconds) +
            one("eta_seconds", "gauge", "Until its end; 0: unknown, or done.", state.eta_seconds) +
            one("forwards_total", "counter", "Images through the networks.",
                static_cast<double>(state.forwards)) +
            one("failures", "gauge", "Different reasons of failed units.",
                number(state.failures.size())) +
            one("troubles", "gauge", "Retried attempts, lost ranks, repaired artifacts.",
                number(state.troubles.size())));
}

}  // namespace patchead::inline engine_detail
