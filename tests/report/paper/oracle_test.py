"""Makes the tables of argv[1]/results.h5 again, from docs/results.md, and compares them.

Exits with an assertion if results.csv or a cell of a table differs.
"""

import csv
import decimal
import json
import math
import pathlib
import sys

import h5py
import numpy as np

POINT = ["dataset", "category", "backbone", "image_size", "setting", "shots", "seed", "modules"]
CONFIGURATION = ["backbone", "image_size", "setting", "shots", "modules"]
METRICS = ["I-AUROC", "AUPRO"]


def columns(group: h5py.Group) -> dict:
    return {name: data.asstr()[...].tolist() if data.dtype.kind in "SO" else data[...].tolist()
            for name, data in group.items()}


def lines(group: h5py.Group) -> list:
    by_name = columns(group)
    return [dict(zip(by_name, values)) for values in zip(*by_name.values())]


def check_csv(folder: pathlib.Path, file: h5py.File) -> None:
    """results.csv says what /points, /metrics and /missing say, in their order."""
    points = lines(file["points"])
    expected = [{**points[m["point"]], **m} for m in lines(file["metrics"])]
    expected += [{**gap, "metric": metric, "value": math.nan}
                 for gap in lines(file["missing"]) for metric in METRICS]
    with open(folder / "results.csv", newline="", encoding="utf-8") as text:
        found = list(csv.DictReader(text))
    assert len(found) == len(expected) > 0
    for one, other in zip(found, expected):
        assert list(one) == POINT + ["metric", "value", "reason"]
        for name in POINT + ["metric", "reason"]:
            assert one[name] == str(other[name]), (one, other)
        assert repr(float(one["value"])) == repr(other["value"]), (one, other)


def check_scores(file: h5py.File) -> None:
    points, images = lines(file["points"]), lines(file["images"])
    assert len(images) == len({image["id"] for image in images}) == 9
    scored = [0] * len(points)
    for score in lines(file["scores"]):
        image = images[score["image"]]
        assert image["id"].startswith(points[score["point"]]["category"] + "/test/")
        assert image["anomalous"] == ("dent" in image["id"])
        scored[score["point"]] += 1
    assert scored == [3] * len(points)
    prompts = [prompt["point"] for prompt in lines(file["prompts"])]
    assert [prompts.count(i) for i in range(len(points))] == [p["shots"] for p in points]
    assert file.attrs["config"].decode() == "shots = 0 1\n"


def cell(values: dict, configuration: tuple, categories: list, metric: str) -> tuple:
    """Mean and population std over seeds of means over categories; None where missing."""
    means = []
    for seed in range(3):
        found = [values.get((configuration, category, seed, metric)) for category in categories]
        if None not in found and not np.isnan(found).all():
            means.append(np.nanmean(found))
    return (np.mean(means), np.std(means), len(means)) if means else (None, None, 0)


def percent(fraction: float) -> str:
    """Rounded half to even on the exact value of the double."""
    exact = decimal.Decimal(fraction) * 100
    return str(exact.quantize(decimal.Decimal("0.1"), rounding=decimal.ROUND_HALF_EVEN))


def check_cell(found: dict, expected: tuple) -> None:
    mean, std, seeds = expected
    assert found["seeds"] == seeds, (found, expected)
    if mean is None:
        assert found["mean"] is None and found["std"] is None and found["note"], found
        return
    assert abs(found["mean"] - mean) < 1e-15 and abs(found["std"] - std) < 1e-15, (found, expected)


def check_text(folder: pathlib.Path, table: dict) -> int:
    """Markdown and CSV show the numbers of the JSON. Returns how many numbers were compared."""
    cells = [c for row in table["rows"] for c in row["values"].values()]
    with open(folder / f"{table['name']}.csv", newline="", encoding="utf-8") as text:
        read = [line for line in csv.DictReader(text)]
    flat = [(line[metric], line[metric + "_std"]) for line in read for metric in METRICS]
    markdown = [line.split("|")[-3:-1] for line in
                (folder / f"{table['name']}.md").read_text(encoding="utf-8").splitlines()
                if line.startswith("|")][2:]
    shown = [text.split("[")[0].strip() for line in markdown for text in line]
    assert len(cells) == len(flat) == len(shown)
    for number, (mean, std), text in zip(cells, flat, shown):
        if number["mean"] is None:
            assert (mean, std, text) == ("nan", "nan", "–")
            continue
        assert (float(mean), float(std)) == (number["mean"], number["std"])
        spread = f" ± {percent(number['std'])}" if number["seeds"] > 1 else ""
        assert text == percent(number["mean"]) + spread, (text, number)
    return len(cells)


def check_tables(folder: pathlib.Path, file: h5py.File) -> None:
    points = lines(file["points"])
    values = {(tuple(str(points[m["point"]][n]) for n in CONFIGURATION),
               points[m["point"]]["category"], points[m["point"]]["seed"], m["metric"]): m["value"]
              for m in lines(file["metrics"])}
    categories = sorted({point["category"] for point in points + lines(file["missing"])})
    for name, per_category in ("summary_d", False), ("categories_d", True):
        table = json.loads((folder / "tables" / f"{name}.json").read_text(encoding="utf-8"))
        assert len(table["rows"]) == (3 * (len(categories) + 1) if per_category else 3)
        for row in table["rows"]:
            label = row.get("category", "Average")
            behind = categories if label == "Average" else [label]
            configuration = tuple(row[n] for n in CONFIGURATION)
            for metric in METRICS:
                check_cell(row["values"][metric], cell(values, configuration, behind, metric))
        assert check_text(folder / "tables", table) == len(table["rows"]) * len(METRICS)


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[1])
    with h5py.File(place / "results.h5") as results:
        check_csv(place, results)
        check_scores(results)
        check_tables(place, results)
