"""Batches under attack: how scores of the same test images fall with the share of anomalies among those that they are
scored against, and with the size of their batch (patchead ablate --over company-share=... --over company-size=...)."""
import dataclasses
import json
import math

from patchead_analysis.figures.drawing import COLOURS, MARKERS, Drawing, chart
from patchead_analysis.results import ResultsError, module_rank

METRICS = ("I-AUROC", "AUPRO")
SHARE, SIZE, ORDER = "company-share", "company-size", "company-order"
MOST_PANELS = 8
MOST_CURVES = len(COLOURS)
FILES = "ablation_categories_*.json"


@dataclasses.dataclass(frozen=True)
class Choice:
    """Whom the images of a row met, as the options' words."""
    share: str
    size: str
    order: str
    rest: str  # Of other options that were varied.

    def but(self, name):
        return dataclasses.replace(self, **{name: ""})

    @property
    def text(self):
        share = "" if not self.share else "natural share" if self.share == "natural" else f"{100 * float(self.share):g} % anomalous"
        size = "" if not self.size else "batch of all" if self.size == "all" else f"batches of {self.size}"
        order = "" if self.order in ("", "shuffle") else f"by {self.order}"
        return ", ".join(part for part in (share, size, order, self.rest) if part)


def draw(study):
    """For each data set a figure against the share and one against the size, of ablations in the run's folder or in
    one below it."""
    for table in tables_of(study):
        rows = rows_of(study, table)
        dataset = table["name"].removeprefix("ablation_categories_")
        metrics = [metric for metric in METRICS if metric in table["value_columns"]]
        known = {point.category for point in study.results.points if point.dataset == dataset}
        categories = [category for category in dict.fromkeys(row["category"] for row in rows) if category in known][:MOST_PANELS]
        if not metrics or not categories:
            continue
        # Choice -> category -> metric -> value.
        values = {}
        for row in rows:
            values.setdefault(choice_of(table, row), {})[row["category"]] = row["values"]
        for name, at in (("share", share_ticks), ("size", size_ticks)):
            if len({getattr(choice, name) for choice in values}) > 1:
                yield drawing_of(study, dataset, metrics, categories, values, name, at)


def tables_of(study):
    """The tables of ablations over the company's share or size."""
    for folder in study.folders:
        for path in sorted([*folder.glob(f"tables/{FILES}"), *folder.glob(f"*/tables/{FILES}")]):
            try:
                table = json.loads(path.read_text(encoding="utf-8"))
                columns = table["row_columns"]
            except (ValueError, KeyError, TypeError) as error:
                raise ResultsError(f"'{path}' is damaged ({error}); run `patchead ablate` again") from error
            if SHARE in columns or SIZE in columns:
                yield table


def rows_of(study, table):
    """Batch zero-shot of the chosen backbone and size with the fewest modules, without averages."""
    rows = [row for row in table["rows"] if row["setting"] == "batch-zero-shot" and row["backbone"] == study.backbone
            and row["image_size"] == str(study.image_size) and row["category"] != "Average"
            and row.get("detector", "patchead") == "patchead"]
    modules = min((row["modules"] for row in rows), key=module_rank, default="")
    return [row for row in rows if row["modules"] == modules]


def choice_of(table, row):
    varied = table["row_columns"][:table["row_columns"].index("backbone")]
    rest = ", ".join(f"{name} {row[name]}" for name in varied if name not in (SHARE, SIZE, ORDER))
    return Choice(row.get(SHARE, ""), row.get(SIZE, ""), row.get(ORDER, ""), rest)


def share_ticks(choices, natural):
    """Word -> place: a share where it is, the natural one where it is in this category."""
    return {choice.share: 100 * (natural if choice.share == "natural" else float(choice.share)) for choice in choices}


def size_ticks(choices, natural):
    """Word -> place: sizes one beside the other."""
    order = sorted({choice.size for choice in choices}, key=lambda size: math.inf if size == "all" else int(size))
    return {size: place for place, size in enumerate(order)}


def natural_share(study, dataset, category):
    """Of anomalous images among the tests of a category."""
    point = next(p for p in study.results.points if (p.dataset, p.category) == (dataset, category))
    return float(study.results.scores(point)[1].mean())


def curves_of(values, name):
    """What is the same along a curve -> its choices; as many as have colours, spread over all."""
    curves = {}
    for choice in values:
        curves.setdefault(choice.but(name), []).append(choice)
    keys = list(curves)
    step = (len(keys) - 1) / (MOST_CURVES - 1) if len(keys) > MOST_CURVES else 1
    return {key: curves[key] for key in dict.fromkeys(keys[round(i * step)] for i in range(min(len(keys), MOST_CURVES)))}


def drawing_of(study, dataset, metrics, categories, values, name, ticks):
    curves = curves_of(values, name)
    figure, axes = chart(2.2 + 2.6 * len(categories), 0.7 + 2.1 * len(metrics), len(metrics), len(categories))
    told, left_out = [], {}
    for column, category in enumerate(categories):
        at = ticks(values, natural_share(study, dataset, category))
        for row, metric in enumerate(metrics):
            for number, (key, choices) in enumerate(curves.items()):
                points = points_of(values, choices, category, metric, name, at)
                draw_curve(axes[row][column], key, points, number)
                if row == 0:
                    found = [word for word, _, mean, _ in points if mean is None]
                    if found:
                        left_out.setdefault(category, []).append(f"{key.text} at {', '.join(found)}")
                    defined = [(word, mean) for word, _, mean, _ in points if mean is not None]
                    told += [f"{category}, {key.text}: {metric} {100 * defined[0][1]:.1f} % at {defined[0][0]}, "
                             f"{100 * defined[-1][1]:.1f} % at {defined[-1][0]}"] if defined else []
            label_axis(axes[row][column], name, at)
        axes[0][column].set_title(category, fontsize=8)
    for row, metric in zip(axes, metrics):
        row[0].set_ylabel(f"{metric} [%]")
    handles = {label: handle for place in axes[0] for handle, label in zip(*place.get_legend_handles_labels())}
    axes[0][-1].legend(handles.values(), handles.keys(), fontsize=7, loc="upper left", bbox_to_anchor=(1.02, 1))
    small = "".join(f" {category} is too small for {'; '.join(parts)}." for category, parts in left_out.items())
    what = "the share of anomalies among the images that each is scored against" if name == "share" else "the size of its batch"
    hollow = " Hollow: the natural share, no label read." if name == "share" and any(c.share == "natural" for c in values) else ""
    return Drawing(
        f"figure_contamination_{name}_{dataset}", figure,
        f"Batches under attack, {dataset}, {study.text}: the same test images by {what}; bars are ± one standard deviation over "
        f"draws.{hollow}{small}",
        "Line charts. " + "; ".join(told) + ".")


def points_of(values, choices, category, metric, name, at):
    """(word, place, mean or None, std) of a curve, from left to right."""
    points = []
    for choice in choices:
        cell = values[choice].get(category, {}).get(metric, {"mean": None, "std": None})
        word = getattr(choice, name)
        points.append((word, at[word], cell["mean"], cell["std"] or 0))
    return sorted(points, key=lambda point: point[1])


def draw_curve(place, key, points, number):
    """Gaps where a category is too small; the natural share by itself."""
    colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
    line = [point for point in points if point[0] != "natural"]
    nan = math.nan
    place.errorbar([x for _, x, _, _ in line], [nan if mean is None else 100 * mean for _, _, mean, _ in line],
                   [100 * std for _, _, _, std in line], color=colour, marker=marker, markersize=3.5, linewidth=1.2,
                   elinewidth=0.7, linestyle="--" if key.order == "defect" else "-", label=key.text)
    for _, x, mean, std in (point for point in points if point[0] == "natural" and point[2] is not None):
        place.errorbar([x], [100 * mean], [100 * std], color=colour, marker=marker, markersize=5, markerfacecolor="none",
                       elinewidth=0.7, linestyle="none")


def label_axis(place, name, at):
    if name == "size":
        place.set_xticks(list(at.values()), list(at))
    place.set_xlabel("anomalies among the others [%]" if name == "share" else "images of a batch", fontsize=8)
