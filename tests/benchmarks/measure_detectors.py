#!/usr/bin/env python3
"""Time and memory of what detectors do beside networks.

    measure_detectors.py BENCHMARKS_DIR [--rows N] [--dim D] [--members N] [--images N]

BENCHMARKS_DIR holds detectors_benchmark. Processor time of one thread:
 * a greedy coreset, against a plain NumPy loop, and one whose distances are a product of a matrix
   and a vector, on the same features; it must choose the rows that the plain loop chooses;
 * nearest rows of 1024 patches, against a product of matrices in NumPy and its minima;
 * PatchCore of --images references of 32 x 32 patches of 768 channels (0: left out), with its peak
   memory.
Exit status 1 if the coreset is not ten times as fast as the plain loop, or PatchCore takes 3 GB.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402: threads are set before.

QUERIES = 1024


def features(rows, dim):
    """Clusters that are flat: as patches of a network are."""
    random = np.random.default_rng(0)
    centres = 2 * random.standard_normal((40, dim))
    flat = random.standard_normal((rows, 12)) @ random.standard_normal((12, dim))
    noise = 0.3 * random.standard_normal((rows, dim))
    return (centres[random.integers(0, 40, rows)] + flat + noise).astype(np.float32)


def coreset(rows, count, squared_distances):
    """Rows by the plain rule: the farthest from all before it."""
    chosen = [0]
    near = np.full(len(rows), np.inf)
    while len(chosen) < count:
        near = np.minimum(near, squared_distances(rows, chosen[-1]))
        chosen.append(int(near.argmax()))
    return chosen


def plain(rows, i):
    """Squared distances to row i, from differences."""
    return np.square(rows - rows[i]).sum(1)


class ByProduct:
    """Squared distances to row i, from products."""

    def __init__(self, rows):
        self.squares = np.square(rows).sum(1)

    def __call__(self, rows, i):
        return self.squares + self.squares[i] - 2 * (rows @ rows[i])


def seconds_of(work):
    """(processor seconds, result)."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def run(program, *arguments):
    """(processor seconds, peak bytes)."""
    text = subprocess.run([program, *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout
    return tuple(float(word) for word in text.split())


def compare_coresets(program, rows, file, members):
    """The ratio to the plain loop."""
    out = file.with_suffix(".rows")
    ours, _ = run(program, "coreset", file, *rows.shape, members, out)
    chosen = [int(line) for line in out.read_text().split()]
    by_difference, expected = seconds_of(lambda: coreset(rows, members, plain))
    wide = rows.astype(np.float64)  # Products lose small distances, and float32 may swap two rows.
    assert chosen in (expected, coreset(wide, members, plain)), "another coreset"
    by_product, _ = seconds_of(lambda: coreset(rows, members, ByProduct(rows)))
    print(f"coreset of {members} of {len(rows)} x {rows.shape[1]}: {ours:.2f} s; NumPy, plain: "
          f"{by_difference:.2f} s ({by_difference / ours:.1f} x); NumPy, by products: "
          f"{by_product:.2f} s ({by_product / ours:.1f} x)")
    return by_difference / ours


def compare_nearest(program, rows, file):
    """Prints the ratio to a product of matrices."""
    ours, _ = run(program, "nearest", file, *rows.shape, QUERIES)
    queries, memory = rows[:QUERIES], rows[QUERIES:]
    squares = np.square(memory).sum(1)
    theirs, _ = seconds_of(lambda: (squares - 2 * (queries @ memory.T)).min(1))
    print(f"nearest of {len(memory)} x {rows.shape[1]} to {QUERIES} patches, exact: {ours:.2f} s; "
          f"NumPy, product and minimum in float32: {theirs:.2f} s")


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmarks", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--dim", type=int, default=128)
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--images", type=int, default=209)
    options = parser.parse_args()
    program = options.benchmarks.resolve() / "detectors_benchmark"
    rows = features(options.rows, options.dim)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "features.f32"
        rows.tofile(file)
        good = compare_coresets(program, rows, file, options.members) >= 10
        compare_nearest(program, rows, file)
    if options.images:
        seconds, peak = run(program, "patchcore", options.images, 32, 768)
        print(f"PatchCore of {options.images} x 1024 x 768: {seconds:.0f} s, {peak / 1e9:.2f} GB")
        good = good and peak < 3e9
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
