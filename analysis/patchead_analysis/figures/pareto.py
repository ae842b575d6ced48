"""Detectors by what a query costs and how well it is told: I-AUROC against FLOP, a panel for each number of shots."""
import dataclasses

import numpy as np

from patchead_analysis.figures.choice import setting_text
from patchead_analysis.figures.drawing import COLOURS, MARKERS, Drawing, chart
from patchead_analysis.results import module_rank, size_rank

METRIC = "I-AUROC"


@dataclasses.dataclass
class Place:
    """A row of the tables as the figure has it."""
    label: str
    gflop: float
    value: float  # The mean over seeds,
    std: float    # and its deviation.
    tuned: bool = False  # On the test data: it does not compete.


def draw(study):
    """A figure of each data set of which points say what they cost (sweeps of several detectors)."""
    results = study.results
    for dataset in dict.fromkeys(p.dataset for p in results.costs):
        panels = {shots: places for shots in sorted({p.shots for p in results.costs if p.dataset == dataset})
                  if (places := places_of(results, dataset, shots))}
        if panels:
            yield drawing_of(dataset, panels)


def places_of(results, dataset, shots):
    """The places of a panel, in the order of tables."""
    points = [p for p in results.costs if (p.dataset, p.shots) == (dataset, shots)]
    rows = sorted({(p.backbone, p.image_size, p.modules) for p in points},
                  key=lambda row: (row[0], size_rank(row[1]), module_rank(row[2])))
    networks = {row[:2] for row in rows}
    places = []
    for backbone, size, modules in rows:
        where = {"dataset": dataset, "shots": shots, "backbone": backbone, "image_size": size, "modules": modules}
        flops = [results.costs[p].flop for p in points
                 if (p.backbone, p.image_size, p.modules) == (backbone, size, modules)]
        values = list(results.dataset_values(METRIC, **where).values())
        if values and np.isfinite(np.mean(flops)):
            label = method_text(modules) + (f", {backbone} {size} px" if len(networks) > 1 else "")
            places.append(Place(label, float(np.mean(flops)) / 1e9, float(np.mean(values)), float(np.std(values)),
                                modules.endswith(":published")))
    return places


def method_text(modules):
    """Points of PatchEAD are told apart by modules, those of other detectors have its name there."""
    if module_rank(modules)[0] < module_rank("?")[0]:
        return "PatchEAD" if modules == "none" else f"PatchEAD {modules}"
    return modules.replace(":published", " (tuned)")


def front_of(places):
    """Those that no other beats: with as little FLOP and a higher value, or as high a value and less. By FLOP; without
    those that were tuned."""
    places = [place for place in places if not place.tuned]

    def beats(other, place):
        no_worse = other.gflop <= place.gflop and other.value >= place.value
        return no_worse and (other.gflop < place.gflop or other.value > place.value)

    front = [place for place in places if not any(beats(other, place) for other in places)]
    return sorted(front, key=lambda place: (place.gflop, place.value))


def drawing_of(dataset, panels):
    labels = list(dict.fromkeys(place.label for places in panels.values() for place in places))
    beside = 0.6 + 0.065 * max(map(len, labels))
    figure, (row,) = chart(0.9 + 2.9 * len(panels) + beside, max(3.2, 0.6 + 0.17 * len(labels)), 1, len(panels), sharey=True)
    for axes, (shots, places) in zip(row, panels.items()):
        draw_panel(axes, places, labels)
        axes.set_title(setting_text(shots), fontsize=8)
        axes.set_xlabel("GFLOP of a query")
    row[0].set_ylabel("image AUROC [%]")
    handles = {label: handle for axes in row for handle, label in zip(*axes.get_legend_handles_labels())}
    row[-1].legend([handles[label] for label in labels], labels, fontsize=7, loc="upper left", bbox_to_anchor=(1.03, 1),
                   borderaxespad=0)
    told = [f"{setting_text(shots)}: " + ", ".join(f"{place.label} {100 * place.value:.1f} % at {place.gflop:.3g} GFLOP"
                                                   for place in front_of(places)) for shots, places in panels.items()]
    return Drawing(
        f"figure_pareto_{dataset}", figure,
        f"What a query costs and how well it is told, {dataset}: image AUROC, the mean over seeds ± their standard deviation, "
        "against reckoned FLOP of network and scoring. The line joins those that no other beats in both; what is hollow was tuned "
        "on the test data and does not compete.",
        "Scatter plots. On the front, " + "; ".join(told) + ".")


def looks_of(place, is_front, colour):
    """What was tuned is hollow, what lies on the front has an edge."""
    if place.tuned:
        return {"markerfacecolor": "none", "markeredgecolor": colour}
    return {"markeredgecolor": "black" if is_front else "none"}


def draw_panel(axes, places, labels):
    front = front_of(places)
    axes.step([place.gflop for place in front], [100 * place.value for place in front], where="post", color="0.6",
              linewidth=1.2, zorder=1)
    for place in places:
        number = labels.index(place.label)
        # Colours come again after so many, then with other markers.
        marker = MARKERS[(number + number // len(COLOURS)) % len(MARKERS)]
        is_front = place in front
        axes.errorbar(place.gflop, 100 * place.value, 100 * place.std, fmt=marker, markersize=6.5 if is_front else 5,
                      color=COLOURS[number % len(COLOURS)], markeredgewidth=0.8, elinewidth=0.8, label=place.label, zorder=2,
                      **looks_of(place, is_front, COLOURS[number % len(COLOURS)]))
    flops = [place.gflop for place in places]
    if max(flops) > 10 * min(flops):
        axes.set_xscale("log")
    else:  # Mostly the network's share, which is that of all: powers of ten would leave the axis without numbers.
        axes.locator_params(axis="x", nbins=4)
        axes.ticklabel_format(axis="x", style="plain", useOffset=False)
