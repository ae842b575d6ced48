"""Figure 4: image AUROC against the number of prompts, with the deviation over seeds."""
import numpy as np

from patchead_analysis.figures.drawing import COLOURS, MARKERS, Drawing, chart

METRIC = "I-AUROC"


def draw(study):
    curves = curves_of(study.results)
    if not curves:
        return
    figure, (axes,) = chart(4.6, 3.0 + 0.16 * len(curves))
    for i, (label, curve) in enumerate(curves.items()):
        shots, mean, std = np.array(curve).T
        colour = COLOURS[i % len(COLOURS)]
        axes.plot(shots, 100 * mean, marker=MARKERS[i % len(MARKERS)], color=colour, label=label)
        axes.fill_between(shots, 100 * (mean - std), 100 * (mean + std), color=colour, alpha=0.18, linewidth=0)
    ticks = sorted({int(shots) for curve in curves.values() for shots, _, _ in curve})
    axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("normal prompt images")
    axes.set_ylabel("image AUROC [%]")
    axes.legend(fontsize=7, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
    last = {label: f"{100 * curve[-1][1]:.1f} % at {curve[-1][0]:.0f}" for label, curve in curves.items()}
    yield Drawing(
        "figure4_shots", figure,
        "Image AUROC of PatchEAD against the number of normal prompt images: mean over categories; the band is "
        "± one standard deviation over seeds.",
        "Line chart. " + "; ".join(f"{label}: {text}" for label, text in last.items()) + ".")


def curves_of(results):
    """Label -> [(shots, mean, std over seeds)], without modules, where there are two numbers of shots."""
    lines = dict.fromkeys((p.dataset, p.backbone, p.image_size) for p in results.points)
    curves = {}
    for dataset, backbone, size in lines:
        where = {"dataset": dataset, "backbone": backbone, "image_size": size, "modules": "none"}
        curve = []
        for shots in sorted({p.shots for p in results.points if p.shots > 0}):
            values = list(results.dataset_values(METRIC, shots=shots, **where).values())
            if values:
                curve.append((shots, np.mean(values), np.std(values)))
        if len(curve) > 1:
            curves[f"{dataset}, {backbone}, {size} px"] = curve
    return curves
