"""What the choice of the prompt is worth: image AUROC with every training image as the only prompt in its turn."""
import numpy as np

from patchead_analysis.figures.choice import short_name
from patchead_analysis.figures.drawing import COLOURS, Drawing, chart
from patchead_analysis.figures.pareto import method_text
from patchead_analysis.results import EACH_PROMPT, module_rank, size_rank

METRIC = "I-AUROC"
HALF = 0.32  # Of the height of a row, over which its points are spread.


def draw(study):
    """A figure of each data set with points of --shots each."""
    points = [p for p in study.results.points if p.shots == EACH_PROMPT]
    for dataset in dict.fromkeys(p.dataset for p in points):
        panels = {category: found for category in dict.fromkeys(p.category for p in points if p.dataset == dataset)
                  if (found := draws_of(study.results, dataset, category))}
        if panels:
            yield drawing_of(dataset, panels)


def draws_of(results, dataset, category):
    """Label -> the values of all prompts, in the order of tables."""
    points = [p for p in results.points if (p.dataset, p.category, p.shots) == (dataset, category, EACH_PROMPT)]
    rows = sorted({(p.backbone, p.image_size, p.modules) for p in points},
                  key=lambda row: (row[0], size_rank(row[1]), module_rank(row[2])))
    networks = {row[:2] for row in rows}
    found = {}
    for backbone, size, modules in rows:
        values = [results.value(p, METRIC) for p in points if (p.backbone, p.image_size, p.modules) == (backbone, size, modules)]
        values = [value for value in values if value is not None]
        if values:
            found[method_text(modules) + (f", {backbone} {size} px" if len(networks) > 1 else "")] = np.array(values)
    return found


def drawing_of(dataset, panels):
    labels = list(dict.fromkeys(label for found in panels.values() for label in found))
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    figure, axes = chart(1.2 + 2.9 * columns, rows * (0.8 + 0.42 * len(labels)), rows, columns, sharey=True)
    for place, (category, found) in zip(axes.flat, panels.items()):
        draw_panel(place, category, found, labels)
    for place in list(axes.flat)[len(panels):]:
        place.set_axis_off()
    for place in axes[-1]:
        place.set_xlabel("image AUROC [%]")
    told = [f"{category}, {label}: {100 * values.min():.1f} to {100 * values.max():.1f} %, median {100 * np.median(values):.1f} %"
            for category, found in panels.items() for label, values in found.items()]
    return Drawing(
        f"figure_prompts_{dataset}", figure,
        f"What the choice of the prompt is worth, {dataset}: image AUROC of each training image as the only prompt (a point), "
        "their quartiles (the box) and median (the line).",
        "Points in rows. " + "; ".join(told) + ".")


def draw_panel(axes, category, found, labels):
    for label, values in found.items():
        row = labels.index(label)
        colour = COLOURS[row % len(COLOURS)]
        low, middle, high = 100 * np.quantile(values, [0.25, 0.5, 0.75])
        axes.barh(row, high - low, left=low, height=2 * HALF, color=colour, alpha=0.18, linewidth=0)
        axes.plot([middle, middle], [row - HALF, row + HALF], color=colour, linewidth=1.5)
        # Points in the order of their images, from the top of the row to its bottom.
        heights = row - HALF + 2 * HALF * (np.arange(len(values)) + 0.5) / len(values)
        axes.plot(100 * values, heights, ".", color=colour, markersize=3, alpha=0.7)
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_title(short_name(category), fontsize=8)
