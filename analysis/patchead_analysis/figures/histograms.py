"""Figure 7(d): histograms of image scores, normal against anomalous."""
import numpy as np

from patchead_analysis.figures.choice import setting_text
from patchead_analysis.figures.drawing import ANOMALOUS, NORMAL, Drawing, chart

BINS = 30


def draw(study):
    """One figure for each data set: a panel for each setting, without modules, of the first seed."""
    by_dataset = {}
    for point in study.results.points:
        if study.shows(point) and point.modules == "none" and point.seed == study.results.points[0].seed:
            by_dataset.setdefault(point.dataset, []).append(point)
    for dataset, points in by_dataset.items():
        yield drawing_of(study.results, dataset, points)


def drawing_of(results, dataset, points):
    settings = sorted({p.shots for p in points})
    figure, axes = chart(0.6 + 2.6 * len(settings), 2.5, len(settings))
    means = []
    for place, shots in zip(axes, settings):
        normal, anomalous = pooled(results, [p for p in points if p.shots == shots])
        edges = np.histogram_bin_edges(np.concatenate([normal, anomalous]), BINS)
        for scores, colour, label, style in ((normal, NORMAL, "normal", "-"),
                                             (anomalous, ANOMALOUS, "anomalous", "--")):
            if len(scores):
                share = np.full(len(scores), 100 / len(scores))
                place.hist(scores, edges, weights=share, color=colour, alpha=0.35)
                place.hist(scores, edges, weights=share, color=colour, histtype="step", label=label, linestyle=style)
        auroc = np.nanmean([results.values[p, "I-AUROC"] for p in points if p.shots == shots])
        means.append(f"{setting_text(shots)} {100 * auroc:.1f} %")
        place.set_title(f"{setting_text(shots)} (mean I-AUROC {100 * auroc:.1f} %)", fontsize=8)
        place.set_xlabel("image score")
    axes[0].set_ylabel("share of the images [%]")
    axes[0].legend(fontsize=7)
    return Drawing(
        f"figure7d_scores_{dataset}", figure,
        f"Image scores of PatchEAD on {dataset} ({points[0].backbone}, {points[0].image_size} px, first seed), all "
        "categories pooled.",
        "Histograms of the image scores of normal and anomalous images. Mean image AUROC of the categories: "
        + "; ".join(means) + ".")


def pooled(results, points):
    """Scores of the normal and of the anomalous images of all categories."""
    scores = [results.scores(point)[1:] for point in points]
    labels = np.concatenate([label for label, _ in scores])
    values = np.concatenate([score for _, score in scores])
    return values[~labels], values[labels]
