"""Figure 7(c, d): histograms of image scores, normal against anomalous, of PatchEAD and, where the sweep has them, of
other detectors (WinCLIP: c)."""
import numpy as np

from patchead_analysis.figures.choice import is_anomaly_score, setting_text
from patchead_analysis.figures.drawing import ANOMALOUS, NORMAL, Drawing, chart
from patchead_analysis.results import MODULES, module_rank

BINS = 30


def draw(study):
    """One figure for each data set: a row for each choice of modules, a panel for each setting, of the first seed."""
    by_dataset = {}
    for point in study.results.points:
        if study.shows(point) and point.seed == study.results.points[0].seed and is_anomaly_score(point.modules):
            by_dataset.setdefault(point.dataset, []).append(point)
    for dataset, points in by_dataset.items():
        yield drawing_of(study, dataset, points)


def drawing_of(study, dataset, points):
    settings = sorted({p.shots for p in points})
    modules = sorted({p.modules for p in points}, key=module_rank)
    figure, axes = chart(0.6 + 2.6 * len(settings), 0.4 + 2.1 * len(modules), len(modules), len(settings))
    means = []
    for row, name in zip(axes, modules):
        title = method_text(name, modules)
        for place, shots in zip(row, settings):
            chosen = [p for p in points if (p.shots, p.modules) == (shots, name)]
            if not chosen:
                place.set_axis_off()
                continue
            draw_panel(place, *pooled(study.results, chosen))
            text = auroc_text(study.results, chosen)
            shared = f"{100 * overlap(*pooled(study.results, chosen)):.0f} %"
            means.append(f"{title}, {setting_text(shots)} {text} (overlap {shared})")
            place.set_title(f"{title}, {setting_text(shots)}\n(mean I-AUROC {text}, overlap {shared})", fontsize=8)
        row[0].set_ylabel("share of the images [%]")
    for place in axes[-1]:
        place.set_xlabel("image score")
    next(place for place in axes[0] if place.axison).legend(fontsize=7)
    return Drawing(
        f"figure7d_scores_{dataset}", figure,
        f"Image scores on {dataset} ({study.text}, first seed) with modules {', '.join(modules)}, all categories pooled.",
        "Histograms of the image scores of normal and anomalous images. Mean image AUROC of the categories: "
        + "; ".join(means) + ".")


def method_text(name, others):
    """Choices of modules are PatchEAD's where other detectors stand beside it."""
    if name not in MODULES or all(other in MODULES for other in others):
        return name
    return "PatchEAD" if name == "none" else f"PatchEAD {name}"


def edges_of(normal, anomalous):
    return np.histogram_bin_edges(np.concatenate([normal, anomalous]), BINS)


def overlap(normal, anomalous):
    """The share of either kind that lies under both histograms: 0 where no bin has both, 1 for equal ones."""
    if not len(normal) or not len(anomalous):
        return np.nan
    shares = [np.histogram(scores, edges_of(normal, anomalous))[0] / len(scores) for scores in (normal, anomalous)]
    return float(np.minimum(*shares).sum())


def draw_panel(place, normal, anomalous):
    edges = edges_of(normal, anomalous)
    for scores, colour, label, style in ((normal, NORMAL, "normal", "-"), (anomalous, ANOMALOUS, "anomalous", "--")):
        if len(scores):
            share = np.full(len(scores), 100 / len(scores))
            place.hist(scores, edges, weights=share, color=colour, alpha=0.35)
            place.hist(scores, edges, weights=share, color=colour, histtype="step", label=label, linestyle=style)


def auroc_text(results, points):
    values = [results.value(point, "I-AUROC") for point in points]
    defined = [value for value in values if value is not None]
    return f"{100 * np.mean(defined):.1f} %" if defined else "undefined"


def pooled(results, points):
    """Scores of the normal and of the anomalous images of all categories."""
    scores = [results.scores(point)[1:] for point in points]
    labels = np.concatenate([label for label, _ in scores])
    values = np.concatenate([score for _, score in scores]).astype(np.float64)
    return values[~labels], values[labels]
