#!/usr/bin/env python3
"""Matching, metrics and cache against plain baselines, each figure a ratio within one run.

    measure_performance.py PROGRAMS_DIR [--only match|metrics|cache|adeval] [--adeval DIR] [--rounds N] [--json FILE]

PROGRAMS_DIR holds bench_match, bench_metrics and bench_cache. A round runs a program and then its
baselines, on one thread, in processor time (since others may use the machine); the table shows the
median over the rounds of each ratio. Needs Debian's python3-torch, -faiss, -sklearn and -skimage;
with --adeval, a checkout of github.com/winggan/adeval, and python3-opencv.
Exit code 1 if a metric differs from its baseline by more than 1e-9.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"  # Before the libraries below are loaded.

import faiss
import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from plain_metrics import aupro_by_sorting, f1_max, pro_at_200, regions_of

TOLERANCE = 1e-9
BATCHES = ((64, 32, 768), (64, 15, 896))           # Images, side of the grid, channels.
FEW_SHOTS = ((32, 4, 32, 768), (64, 4, 15, 896))   # Queries, references, side, channels.
MAPS = (83, 448)


def run(program, name):
    """What a Google Benchmark program reports of the benchmarks that `name` selects, by name."""
    text = subprocess.run([str(program), f"--benchmark_filter=^{name}", "--benchmark_format=json"],
                          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return {entry["name"]: entry for entry in json.loads(text)["benchmarks"]}


def run_one(program, name):
    (entry,) = run(program, name).values()
    return entry


def seconds_of(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def unit_features(images, patches, dim):
    return torch.nn.functional.normalize(torch.rand(images, patches, dim) * 2 - 1, dim=-1)


# --- matching --------------------------------------------------------------------------------

def one_sided(queries, references):
    """Every ordered pair by itself, as one would write it down."""
    for query in queries:
        for reference in references:
            (query @ reference.T).max(1)


def measure_batch(programs, images, side, dim):
    fp32, ours = (run_one(programs / "bench_match", f"batch/{images}/{side}/{dim}/{bits}/")
                  for bits in (32, 16))
    queries, references = unit_features(2, side * side, dim), unit_features(16, side * side, dim)
    pair = seconds_of(lambda: one_sided(queries, references)) / 32
    return {"of sgemm peak (screened in fp32)": fp32["of_peak"],
            "x every ordered pair at sgemm peak (fp32)": fp32["vs_one_sided"],
            "x every ordered pair at sgemm peak (bf16)": ours["vs_one_sided"],
            "x plain one-sided PyTorch": pair * images * (images - 1) / (ours["real_time"] * 1e-3)}


def search(queries, indices):
    for index in indices:
        index.search(queries, 1)


def measure_few_shot(programs, images, shots, side, dim):
    fp32, ours = (run_one(programs / "bench_match", f"few_shot/{images}/{shots}/{side}/{dim}/{bits}/")
                  for bits in (32, 16))
    seconds = ours["real_time"] * 1e-3
    queries = unit_features(images, side * side, dim)
    references = unit_features(shots, side * side, dim)
    plain = seconds_of(lambda: one_sided(queries, references))
    indices = [faiss.IndexFlatIP(dim) for _ in references]
    for index, reference in zip(indices, references):
        index.add(reference.numpy())
    flat = seconds_of(lambda: search(queries.reshape(-1, dim).numpy(), indices))
    return {"of sgemm peak (screened in fp32)": fp32["of_peak"],
            "of sgemm peak (bf16)": ours["of_peak"],
            "x plain one-sided PyTorch": plain / seconds,
            "x faiss flat search": flat / seconds}


def measure_match(programs):
    rows = {}
    for shape in BATCHES:
        rows["match, batch zero-shot {} images, grid {}, {} channels".format(*shape)] = \
            measure_batch(programs, *shape)
    for shape in FEW_SHOTS:
        rows["match, few-shot {} x {} images, grid {}, {} channels".format(*shape)] = \
            measure_few_shot(programs, *shape)
    return rows


# --- metrics ---------------------------------------------------------------------------------

def noise(i):
    """As in metrics_benchmark.cpp."""
    i = np.asarray(i, np.uint32)
    i = (i ^ i >> np.uint32(15)) * np.uint32(2246822519)
    i = (i ^ i >> np.uint32(13)) * np.uint32(3266489917)
    return (i >> np.uint32(22)).astype(np.float32) / np.float32(1024)


def category(images, side):
    """(labels, image scores, masks, maps) of metrics_benchmark.cpp."""
    grid, defect = side // 16, side // 10
    masks = np.zeros((images, side, side), np.uint8)
    lift = np.zeros((images, grid, grid), np.float32)
    corner = (np.arange(grid) * side) // grid
    for i in range(1, images, 2):
        top, left = (noise([2 * i, 2 * i + 1]) * np.float32(side - defect)).astype(int)
        masks[i, top:top + defect, left:left + defect] = 1
        inside = [(corner >= start) & (corner < start + defect) for start in (top, left)]
        lift[i] = 0.375 * np.outer(*inside)
    patches = noise(np.arange(images * grid * grid)).reshape(images, grid, grid) + lift
    labels = np.arange(images) % 2
    maps = torch.nn.functional.interpolate(torch.from_numpy(patches)[:, None], (side, side),
                                           mode="bilinear", align_corners=False)
    return labels, noise(np.arange(images)) + 0.25 * labels, masks, maps[:, 0].numpy()


def plain_metrics(masks, maps):
    """The pixel metrics by name, and the processor seconds of each."""
    truth, pixels = masks.ravel(), maps.ravel()
    regions = []
    work = {"regions": lambda: regions.extend(regions_of(masks, 8)),
            "P-AUROC": lambda: roc_auc_score(truth, pixels),
            "P-AP": lambda: average_precision_score(truth, pixels),
            "P-F1max": lambda: f1_max(truth, pixels),
            "AUPRO": lambda: aupro_by_sorting(masks, maps, regions, 0.3),
            "PRO@200": lambda: pro_at_200(masks, maps, regions, 0.3)}
    values, seconds = {}, {}
    for name, function in work.items():
        start = time.process_time()
        values[name] = function()
        seconds[name] = time.process_time() - start
    del values["regions"]
    return values, seconds


def measure_metrics(programs):
    program = programs / "bench_metrics"
    images, side = MAPS
    ours = run_one(program, f"measure_all/{images}/{side}/0$")
    large = run_one(program, f"measure_all/{images}/1024/0$")
    regions = run_one(program, "find_all_regions")["per_pixel"] * images * side * side
    labels, image_scores, masks, maps = category(images, side)
    values, seconds = plain_metrics(masks, maps)
    values["I-AUROC"] = roc_auc_score(labels, image_scores)
    values["I-AP"] = average_precision_score(labels, image_scores)
    values["I-F1max"] = f1_max(labels, image_scores)
    total = ours["cpu_time"] * 1e-3 + regions
    return {f"metrics, {images} maps of {side}^2": {
        "x scikit-learn and scikit-image": sum(seconds.values()) / total,
        "x the same without AUPRO": (sum(seconds.values()) - seconds["AUPRO"]) / total,
        "largest difference": max(abs(ours[name] - value) for name, value in values.items()),
        "time per pixel at 1024^2 / at this size": large["per_pixel"] / ours["per_pixel"]}}


def measure_adeval(programs):
    """P-AUROC, P-AP and AUPRO, exact, against ADEval's from 1000 strips; both find the regions, too."""
    from adeval.mem_effic import auroc_aupr_aupro
    rows = {}
    for side in (224, 448, 900):
        ours = run_one(programs / "bench_metrics", f"measure_three/83/{side}$")
        _, _, masks, maps = category(83, side)
        theirs = seconds_of(lambda: auroc_aupr_aupro(maps, masks))
        rows[f"three metrics of pixels, 83 maps of {side}^2"] = {"x ADEval": theirs * 1e3 / ours["cpu_time"]}
    return rows


# --- cache -----------------------------------------------------------------------------------

def measure_cache(programs):
    found = run(programs / "bench_cache", "(Plain)?Read(ToMemory|FromDisk)?/")
    seconds = {tuple(name.split("/")[:2]): entry["real_time"] for name, entry in found.items()}
    return {f"cache, fp{bits}": {
        "of a plain read, from disk": seconds["PlainReadFromDisk", bits] / seconds["ReadFromDisk", bits],
        "of a plain read to memory, from the page cache":
            seconds["ReadToMemory", bits] / seconds["Read", bits],
        "of a plain read to a small buffer, from the page cache":
            seconds["PlainRead", bits] / seconds["Read", bits]}
            for bits in ("16", "32")}


# --- the table -------------------------------------------------------------------------------

MEASURES = {"match": measure_match, "metrics": measure_metrics, "cache": measure_cache, "adeval": measure_adeval}


def medians(rounds):
    """The same table, with the median of each figure."""
    return {row: {figure: statistics.median(one[row][figure] for one in rounds)
                  for figure in rounds[0][row]} for row in rounds[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=lambda word: pathlib.Path(word).resolve())
    parser.add_argument("--only", choices=MEASURES, action="append")
    parser.add_argument("--adeval", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    faiss.omp_set_num_threads(1)
    table = {}
    if given.adeval:
        sys.path.insert(0, str(given.adeval.resolve()))
    for name in given.only or [name for name in MEASURES if name != "adeval" or given.adeval]:
        rows = medians([MEASURES[name](given.programs) for _ in range(given.rounds)])
        for row, figures in rows.items():
            print(row)
            for figure, value in figures.items():
                print(f"    {value:10.3g}  {figure}", flush=True)
        table |= rows
    if given.json:
        given.json.write_text(json.dumps(table, indent=2) + "\n")
    differences = [figures.get("largest difference", 0) for figures in table.values()]
    sys.exit(1 if max(differences) > TOLERANCE else 0)


if __name__ == "__main__":
    main()
