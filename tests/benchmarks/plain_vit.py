#!/usr/bin/env python3
"""ViT-B of plain torch.nn modules (MAE's layout) against forward_benchmark, measured in one run.

    plain_vit.py FORWARD_BENCHMARK WEIGHTS.safetensors [SIDE [IMAGES [THREADS]]]

Each in a process of its own with the same weights, batch and threads; prints time per image, peak
memory and the ratio ours / theirs. Exit code 1 if ours is slower or larger.
"""
import os
import pathlib
import re
import resource
import subprocess
import sys
import time

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import plain_network  # noqa: E402


HEADS = 12


def measure(weights, side, images, threads):
    """Theirs: milliseconds per image (best of three passes) and peak memory in MB."""
    torch.set_num_threads(threads)
    network = plain_network.load(weights, HEADS)
    pixels = torch.randn(images, 3, side, side)
    best = float("inf")
    with torch.inference_mode():
        for _ in range(3):
            start = time.perf_counter()
            network(pixels)
            best = min(best, time.perf_counter() - start)
    return best / images * 1e3, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def measure_ours(program, weights, side, images, threads):
    words = [program, "mae", weights, side, "fp32", images, threads]
    text = subprocess.run([str(word) for word in words], check=True, capture_output=True,
                          text=True).stdout
    found = re.search(r"(\d+) ms/image, peak (\d+) MB", text)
    return float(found[1]), float(found[2])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, weights = os.path.abspath(sys.argv[1]), sys.argv[2]
    given = [int(word) for word in sys.argv[3:]]
    side, images, threads = given + [224, 4, 1][len(given):]
    ours = measure_ours(program, weights, side, images, threads)
    theirs = measure(weights, side, images, threads)
    for label, (milliseconds, megabytes) in (("patchead", ours), ("torch.nn", theirs)):
        print(f"{label}: {milliseconds:.0f} ms/image, peak {megabytes:.0f} MB")
    ratios = ours[0] / theirs[0], ours[1] / theirs[1]
    print(f"ours / theirs at {side} px, batch {images}, {threads} threads: "
          f"time {ratios[0]:.2f}, memory {ratios[1]:.2f}")
    sys.exit(max(ratios) > 1)


if __name__ == "__main__":
    main()
