"""Image sizes alone and fused (sweep --fuse-sizes): I-AUROC and AUPRO of each category by setting."""
import numpy as np

from patchead_analysis.figures.choice import setting_text
from patchead_analysis.figures.drawing import COLOURS, MARKERS, Drawing, chart
from patchead_analysis.results import ALL_SHOTS, size_rank

METRICS = ("I-AUROC", "AUPRO")
MODULES = "none"
MOST_PANELS = 8


def draw(study):
    """One figure of the chosen backbone, without modules, if points of it are fused over sizes."""
    points = [p for p in study.results.points if p.backbone == study.backbone and p.modules == MODULES]
    sizes = sorted({p.image_size for p in points}, key=size_rank)
    metrics = [name for name in METRICS if name in study.results.metric_names]
    if not metrics or all(isinstance(size, int) for size in sizes):
        return
    categories = list(dict.fromkeys((p.dataset, p.category) for p in points))[:MOST_PANELS]
    settings = sorted({p.shots for p in points})
    figure, axes = chart(0.8 + 1.9 * len(categories), 0.7 + 1.9 * len(metrics), len(metrics), len(categories))
    told = []
    for row, metric in zip(axes, metrics):
        for place, category in zip(row, categories):
            curves = {size: curve_of(study.results, points, metric, category, size, settings) for size in sizes}
            draw_panel(place, curves, settings)
            told += [f"{metric} of {category[1]} at {size} px: {100 * curve[-1]:.1f} %" for size, curve in curves.items()]
        row[0].set_ylabel(f"{metric} [%]")
    for place, (_, category) in zip(axes[0], categories):
        place.set_title(category, fontsize=8)
    axes[0][0].legend(fontsize=6)
    yield Drawing(
        f"figure_sizes_{study.backbone.replace(':', '_')}", figure,
        f"Image sizes alone and fused, {study.backbone}, modules {MODULES}: mean over seeds by number of prompts.",
        f"Line charts. With {setting_text(settings[-1])}: " + "; ".join(told) + ".")


def curve_of(results, points, metric, category, size, settings):
    """The mean over seeds at each setting; NaN where there is none."""
    curve = []
    for shots in settings:
        values = [results.value(p, metric) for p in points
                  if ((p.dataset, p.category), p.image_size, p.shots) == (category, size, shots)]
        defined = [value for value in values if value is not None]
        curve.append(np.mean(defined) if defined else np.nan)
    return np.array(curve)


def draw_panel(place, curves, settings):
    for number, (size, curve) in enumerate(curves.items()):
        style = "-" if isinstance(size, str) else "--"
        place.plot(range(len(settings)), 100 * curve, style, marker=MARKERS[number % len(MARKERS)], markersize=3.5,
                   linewidth=1.2, color=COLOURS[number % len(COLOURS)], label=f"{size} px")
    place.set_xticks(range(len(settings)), [tick_of(shots) for shots in settings])
    place.set_xlabel("prompts", fontsize=8)


def tick_of(shots):
    return "batch" if shots == 0 else "all" if shots == ALL_SHOTS else str(shots)
