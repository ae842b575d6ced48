"""Makes the output folder of a sweep that never ran, by the documented layout (docs/results.md) and with
known values: what analysis/ reads, written by nothing that it shares code with."""

import dataclasses
import io
import json
import subprocess
import sys

import h5py
import numpy as np
from PIL import Image

from support import SOURCE

GRID = 14


@dataclasses.dataclass
class Made:
    """What is in a made run. Images are anomalous by turns; scores are all different."""
    categories: list
    images: int = 12
    shots: tuple = (0, 4)
    seeds: tuple = (0, 1)
    modules: tuple = ("none", "mask")
    backbones: tuple = ("net",)
    grid: int = GRID
    dataset: str = "made"
    sizes: tuple = (224,)
    anomaly: str = ""     # Defect type of all anomalous images; empty: two take turns.
    recorded: int = 0     # Images with maps, of each category; 0: all.

    def points(self):
        return [(self.dataset, category, backbone, size, "few-shot" if shots else "batch-zero-shot", shots, seed,
                 modules)
                for category in self.categories for backbone in self.backbones for size in self.sizes for seed in self.seeds
                for shots in self.shots for modules in self.modules]

    def ids(self, category):
        return [f"{category}/test/{self.type_of(i)}/{i:03}" for i in range(self.images)]

    def type_of(self, i):
        return self.anomaly or ("dent", "scratch")[i // 2 % 2] if i % 2 else "good"

    def shown(self):
        return self.recorded or self.images


def value_of(point):
    """I-AUROC that the results claim for a point."""
    _, category, backbone, _, _, shots, seed, modules = point
    return 0.5 + 0.01 * shots + 0.002 * seed + 0.1 * (modules == "mask") + 0.001 * len(category)


def score_of(i, point):
    """Anomalous images score higher, but every fifth image is on the wrong side."""
    return 0.3 + 0.3 * (i % 2 != (i % 5 == 0)) + 0.0001 * i + 0.01 * point[5]


def table(path, groups, attributes=()):
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.attrs.update({"format": np.bytes_("patchead table"), "schema": np.int32(1), "complete": np.int32(1)})
        for name, text in dict(attributes).items():
            file.attrs[name] = np.bytes_(text)
        for group, columns in groups.items():
            for name, values in columns.items():
                values = np.asarray(values)
                if values.dtype.kind == "U":
                    values = np.char.encode(values, "utf-8")
                file[f"{group}/{name}"] = values
    return path


POINT = ("dataset", "category", "backbone", "image_size", "setting", "shots", "seed", "modules")


def columns_of(points):
    return {name: [point[i] for point in points] if points else np.array([], "S1" if i not in (3, 5, 6) else int)
            for i, name in enumerate(POINT)}


def write_results(folder, made):
    points = made.points()
    ids = [id for category in made.categories for id in made.ids(category)]
    place = {id: i for i, id in enumerate(ids)}
    score_point, score_image, scores = [], [], []
    for number, point in enumerate(points):
        for i, id in enumerate(made.ids(point[1])):
            score_point.append(number)
            score_image.append(place[id])
            scores.append(score_of(i, point))
    table(folder / "results.h5", {
        "metric_names": {"name": ["I-AUROC"]}, "points": columns_of(points),
        "metrics": {"point": np.arange(len(points)), "metric": ["I-AUROC"] * len(points),
                    "value": [value_of(point) for point in points], "reason": [""] * len(points)},
        "images": {"dataset": [made.dataset] * len(ids), "id": ids,
                   "anomalous": [int("/good/" not in id) for id in ids]},
        "scores": {"point": score_point, "image": score_image, "score": np.array(scores, np.float32)},
        "prompts": {"point": np.array([], int), "id": np.array([], "S1")},
        "missing": {**columns_of([]), "reason": np.array([], "S1")},
    }, {"config": "shots = 0 4\nseeds = 0 1", "version": "0.1.0", "evil": "</script><script>alert(1)</script>"})


def patches_of(made, i, point):
    """A hot spot whose place tells the image; masked points have half the background."""
    rows, cols = np.mgrid[:made.grid, :made.grid]
    spot = np.exp(-((rows - 3 - i % (made.grid - 6)) ** 2 + (cols - made.grid // 2) ** 2) / 4)
    return (0.05 + 0.4 * spot * (1 if i % 2 else 0.5) + 0.01 * np.sin(rows * 7 + cols * 3 + i)).astype(np.float32)


def attention_of(made, i):
    """Foreground is the middle of the image."""
    rows, cols = np.mgrid[:made.grid, :made.grid]
    centre = (made.grid - 1) / 2
    return np.exp(-((rows - centre) ** 2 + (cols - centre) ** 2) / (made.grid + i % 3)).astype(np.float32)


def thumbnails(count, side):
    """JPEGs with some texture, so that their size is that of photographs."""
    random = np.random.default_rng(3)
    for i in range(count):
        small = random.integers(60, 200, (side // 8, side // 8, 3), np.uint8)
        image = Image.fromarray(small).resize((side, side), Image.BICUBIC)
        noisy = np.clip(np.asarray(image).astype(int) + random.integers(-6, 7, (side, side, 1)), 0, 255)
        yield encoded(Image.fromarray(noisy.astype(np.uint8)), "JPEG", quality=80)


def encoded(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def truth_png(side):
    mask = np.zeros((side, side), np.uint8)
    mask[side // 4:side // 2, side // 3:side // 2] = 255
    return encoded(Image.fromarray(mask), "PNG")


def write_maps(folder, made, side=224, pictures=8):
    """Maps of the first seed. `pictures` different thumbnails take turns."""
    schema = {"content": "maps", "maps_schema": "1"}
    jpegs, truth = list(thumbnails(pictures, side)), truth_png(side)
    for category in made.categories:
        place = folder / "maps" / made.dataset / category
        types = [made.type_of(i) for i in range(made.shown())]
        chosen = [jpegs[i % pictures] for i in range(made.shown())]
        truths = [truth if i % 2 else b"" for i in range(made.shown())]
        table(place / "images.h5", {
            "images": {"id": made.ids(category)[:made.shown()], "defect_type": types,
                       "anomalous": [int(i % 2) for i in range(made.shown())],
                       "height": [side] * made.shown(), "width": [side] * made.shown(),
                       "jpeg_end": np.cumsum([len(b) for b in chosen]),
                       "truth_end": np.cumsum([len(b) for b in truths])},
            "jpeg": {"bytes": np.frombuffer(b"".join(chosen), np.uint8)},
            "truth": {"bytes": np.frombuffer(b"".join(truths), np.uint8)}}, schema)
        for point in made.points():
            if point[1] == category and point[6] == made.seeds[0]:
                write_point(place, made, point, schema)
    return folder


def write_point(place, made, point, schema):
    about = {name: [value] for name, value in zip(POINT, point)}
    about.update(grid_rows=[made.grid], grid_cols=[made.grid], low=np.array([0.05], np.float32),
                 high=np.array([0.4], np.float32))
    patches = {"score": np.concatenate([patches_of(made, i, point).ravel() for i in range(made.shown())])}
    if "mask" in point[7]:
        about.update(mask_threshold=[0.05], mask_weight=[0.5])
        patches["attention"] = np.concatenate([attention_of(made, i).ravel() for i in range(made.shown())])
    table(place / f"{point[2]}_{point[3]}px_{point[5]}-shot_{point[7]}.h5", {
        "point": about, "patches": patches,
        "images": {"id": made.ids(point[1])[:made.shown()],
                   "score": np.array([score_of(i, point) for i in range(made.shown())], np.float32)}}, schema)


def write_run_state(folder):
    (folder / "run.json").write_text(json.dumps({
        "state": "finished", "ranks": 2, "started": "2026-01-01T00:00:00Z", "seconds": 12.5, "forwards": 7,
        "forwards_saved": 3, "units_by_kind": {"embed": {"total": 4, "done": 4}}, "rank_seconds": {"embed": 2.5}}))


def write_run(folder, made, **options):
    """All that a sweep leaves but tables/."""
    write_results(folder, made)
    write_maps(folder, made, **options)
    write_run_state(folder)
    return folder


def write_tables(folder, made):
    """A summary and a categories table as `patchead report` writes them; the numbers are made up."""
    rows = [{"backbone": backbone, "image_size": str(size), "setting": "few-shot" if shots else "batch-zero-shot",
             "shots": str(shots), "modules": modules,
             "values": {"I-AUROC": {"mean": 0.82050000000000000711 - 0.01 * number, "std": 0.018, "seeds": 2,
                                    "categories": 2, "interval": [0.75, 0.9], **({"best": True} if number == 0 else {})},
                        "AUPRO": {"mean": None, "std": 0.0, "seeds": 0, "categories": 0, "note": "no masks"}}}
            for number, (backbone, size, shots, modules) in enumerate(
                (b, p, s, m) for b in made.backbones for p in made.sizes for s in made.shots for m in made.modules)]
    common = {"value_columns": ["I-AUROC", "AUPRO"], "footnotes": ["A footnote."]}
    columns = ["backbone", "image_size", "setting", "shots", "modules"]
    put(folder / f"tables/summary_{made.dataset}.json", {
        "name": f"summary_{made.dataset}", "caption": "means", "row_columns": columns, "rows": rows, **common})
    put(folder / f"tables/categories_{made.dataset}.json", {
        "name": f"categories_{made.dataset}", "caption": "categories", "row_columns": [*columns, "category"],
        "rows": [{**row, "category": category} for row in rows for category in [*made.categories, "Average"]],
        **common})


def write_differences(folder, made, against="none"):
    """What `patchead report --bootstrap` writes beside the summary."""
    lines = [{"backbone": backbone, "image_size": str(size), "setting": "few-shot" if shots else "batch-zero-shot",
              "shots": str(shots), "modules": modules, "category": category, "metric": "I-AUROC", "seeds": 2,
              "one": 0.8, "one_std": 0.01, "other": 0.85, "other_std": 0.02, "difference": 0.05, "low": -0.0125,
              "high": 0.1, "p": 0.042, "note": ""}
             for backbone in made.backbones for size in made.sizes for shots in made.shots for modules in made.modules
             if modules != against for category in [*made.categories, "Average"]]
    put(folder / f"tables/differences_{made.dataset}.json", {
        "name": f"differences_{made.dataset}", "caption": f"{made.dataset}: I-AUROC less that of modules={against}",
        "one": f"modules={against}", "other": "this", "lines": lines, "footnotes": ["1000 resamples."]})


def write_rivals(folder, made):
    """What `patchead report --rivals` writes, and the table of costs: PatchEAD, a detector that the paper quotes, and
    one that was tuned, which is not timed."""
    def row(detector, mean, **changes):
        value = {"mean": mean, "std": 0.01, "interval": [mean - 0.02, mean + 0.02], "seeds": 2, "categories": 2,
                 "best": False, "quoted": None, "quoted_std": None, "note": ""}
        about = {"backbone": "net", "image_size": "224", "setting": "few-shot", "shots": 4, "shots_text": "4-shot",
                 "transductive": False, "detector": detector,
                 "method": detector, "modules": "none", "tuned": False}
        costs = {"network_flop": 23.1e9, "scoring_flop": 4.2e6, "memory_bytes": 1.5e8, "network_ms": 12.5,
                 "scoring_ms": None}
        return {**about, "values": {made.dataset: {**value, **changes.pop("value", {})}}, **costs, **changes}

    rows = [row("patchead", 0.8), row("padim", 0.9, value={"best": True, "quoted": 0.766, "quoted_std": 0.031}),
            row("musc:published", 0.95, tuned=True, method="MuSc (tuned)", network_ms=None)]
    for metric, with_costs in (("I-AUROC", True), ("AUPRO", False)):
        put(folder / f"rivals/rivals_{metric}.json", {
            "name": f"rivals_{metric}", "caption": f"Training-free detectors: {metric}", "metric": metric,
            "columns": [made.dataset], "with_costs": with_costs, "rows": rows, "footnotes": ["padim: a port."]})
    put(folder / f"tables/costs_{made.dataset}.json", {
        "name": f"costs_{made.dataset}", "caption": "what a query costs", "metric": "I-AUROC",
        "row_columns": ["backbone", "detector"], "footnotes": ["FLOP."],
        "rows": [{"backbone": "net", "detector": row["detector"], "network_flop": 23.1e9, "scoring_flop": None,
                  "memory_bytes": 1.5e8, "mean": 0.8, "std": 0.01, "seeds": 2, "front": row["detector"] == "padim"}
                 for row in rows]})


def paper_cell(**changes):
    return {"dataset": "MVTec", "category": "", "metric": "I-AUROC", "method": "PatchEAD", "backbone": "DINOv2",
            "modules": "none", "setting": "few-shot", "shots": 1, "image_size": 0, "ours": None, "ours_std": None,
            "seeds": 0, "paper": None, "paper_std": None, "recovered": None, "difference": None, "outside": False,
            "best": False, "note": "", **changes}


def write_paper(folder):
    """A table of the paper with each kind of cell."""
    cells = [paper_cell(ours=0.948, ours_std=0.007, seeds=3, paper=0.95, paper_std=0.006, difference=-0.002),
             paper_cell(ours=0.9, ours_std=0.001, seeds=3, paper=0.95, difference=-0.05, outside=True),
             paper_cell(ours=0.884, ours_std=0.01, seeds=3, paper=0.843, recovered=0.88, difference=0.004),
             paper_cell(ours=0.97, ours_std=0.01, seeds=3, paper=0.95, difference=0.02, best=True),
             paper_cell(paper=0.8, note="2 of 15 categories are there")]
    quoted = [paper_cell(paper=0.931)] + [paper_cell()] * 4
    put(folder / "paper/table1.json", {
        "name": "table1", "source": "Table 1", "caption": "Comparisons", "counts": False, "footnotes": ["n = 3 seeds."],
        "blocks": [{"title": "", "label_heads": ["Method"], "heads": [["MVTec", name] for name in "ABCDE"], "rows": [
            {"group": "1-shot", "labels": ["WinCLIP"], "quoted": True, "cells": quoted},
            {"group": "1-shot", "labels": ["PatchEAD"], "quoted": False, "cells": cells}]}]})


def put(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def make_report(folder, *options, python=(sys.executable,), check=True):
    done = subprocess.run([*python, SOURCE / "analysis/make_report.py", folder, *options], capture_output=True,
                          text=True, timeout=300)
    if check and done.returncode:
        raise AssertionError(done.stderr)
    return done
