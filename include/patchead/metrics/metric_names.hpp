#pragma once

#include <string>
#include <vector>

/// \file
/// \brief Which metrics can be asked for, and what they are called.

namespace patchead {

/// Canonical names of what `words` ask for, each once, in that order: "default" stands for those
/// of `metric_names`, "all" for these and every other that needs scores and masks only; no word:
/// the default. Arguments are part of a name, "AUPRO@0.05", so that a name says what a number is.
/// Behind a '/' may stand a type of defect, or "types" for the mean over all: normal images and the
/// anomalous ones of that type count.
/// Throws ConfigError that names a word that is no metric.
[[nodiscard]] std::vector<std::string> asked_metrics(const std::vector<std::string>& words);

/// Whether one of `names` looks at `GroundTruth::marked`. Throws as `asked_metrics`.
[[nodiscard]] bool need_marked_regions(const std::vector<std::string>& names);

/// A metric that is measured where it is asked for.
struct MetricDescription {
    std::string form;  ///< "AUPRO@<RATE>", "AUPIMO[@<LOW>:<HIGH>]".
    std::string meaning;
    std::string source;  ///< Of an emulated one: whose it is,
    std::string fault;   ///< and what is wrong with it, one sentence; empty of an exact one.
};

/// All of them, exact ones first.
[[nodiscard]] std::vector<MetricDescription> describe_metrics();

/// Of an emulated metric what a table says below it: whose it is, and what is wrong with it. Empty
/// for any other name.
[[nodiscard]] std::string emulation_note(const std::string& name);

}  // namespace patchead
