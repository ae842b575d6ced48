"""Figure 4: image AUROC against the number of prompts, with the deviation over seeds; a panel for each choice of modules."""
import numpy as np

from patchead_analysis.figures.drawing import COLOURS, MARKERS, Drawing, chart
from patchead_analysis.results import ALL_SHOTS, EACH_PROMPT, module_rank

METRIC = "I-AUROC"


def draw(study):
    modules = sorted({point.modules for point in study.results.points}, key=module_rank)
    panels = {name: curves for name in modules if (curves := curves_of(study.results, name))}
    if not panels:
        return
    labels = list(dict.fromkeys(label for curves in panels.values() for label in curves))
    figure, (row,) = chart(1.0 + 3.4 * len(panels), 3.0 + 0.16 * len(labels), 1, len(panels), sharey=True)
    for axes, (name, curves) in zip(row, panels.items()):
        draw_panel(axes, name, curves, labels)
    row[0].set_ylabel("image AUROC [%]")
    handles = {label: handle for axes in row for handle, label in zip(*axes.get_legend_handles_labels())}
    row[0].legend([handles[label] for label in labels], labels, fontsize=7, loc="lower left", bbox_to_anchor=(0, 1.12),
                  borderaxespad=0)
    last = [f"{label}, {name}: {100 * curve[-1][1]:.1f} % at {curve[-1][0]:.0f}"
            for name, curves in panels.items() for label, curve in curves.items()]
    yield Drawing(
        "figure4_shots", figure,
        f"Image AUROC against the number of normal prompt images with modules {', '.join(panels)}: mean over categories; "
        "the band is ± one standard deviation over seeds.",
        "Line charts. " + "; ".join(last) + ".")


def draw_panel(axes, name, curves, labels):
    for label, curve in curves.items():
        number = labels.index(label)
        shots, mean, std = np.array(curve).T
        colour = COLOURS[number % len(COLOURS)]
        # Colours come again after so many curves, then with other markers.
        marker = MARKERS[(number + number // len(COLOURS)) % len(MARKERS)]
        axes.plot(shots, 100 * mean, marker=marker, color=colour, label=label)
        axes.fill_between(shots, 100 * (mean - std), 100 * (mean + std), color=colour, alpha=0.18, linewidth=0)
    ticks = sorted({int(shots) for curve in curves.values() for shots, _, _ in curve})
    axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_title(name, fontsize=8)
    axes.set_xlabel("normal prompt images")


def curves_of(results, modules="none"):
    """Label -> [(shots, mean, std over seeds)], where there are two numbers of shots."""
    lines = dict.fromkeys((p.dataset, p.backbone, p.image_size) for p in results.points)
    curves = {}
    for dataset, backbone, size in lines:
        where = {"dataset": dataset, "backbone": backbone, "image_size": size, "modules": modules}
        curve = []
        for shots in sorted({p.shots for p in results.points if EACH_PROMPT < p.shots < ALL_SHOTS}):
            values = list(results.dataset_values(METRIC, shots=shots, **where).values())
            if values:
                curve.append((shots, np.mean(values), np.std(values)))
        if len(curve) > 1:
            curves[f"{dataset}, {backbone}, {size} px"] = curve
    return curves
