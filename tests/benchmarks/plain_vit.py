#!/usr/bin/env python3
"""ViT-B of plain torch.nn modules (MAE or DINOv2) against forward_benchmark, measured in one run.

    plain_vit.py FORWARD_BENCHMARK FAMILY WEIGHTS.safetensors [SIDE [IMAGES [THREADS]]]

Three times in turn, each in a process of its own with the same weights, batch and threads; prints
the medians of processor time per image and peak memory, and the ratio ours / theirs. Exit code 1
if ours is slower or larger.
"""
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import time

HEADS = 12
ROUNDS = 3


def measure_plain(weights, side, images, threads):
    """Theirs: prints processor time per image (median of three passes) and peak memory."""
    import torch
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
    import plain_network
    torch.set_num_threads(threads)
    network = plain_network.load(weights, HEADS)
    pixels = torch.randn(images, 3, side, side)
    times = []
    with torch.inference_mode():
        network(pixels)
        for _ in range(3):
            start = time.process_time()
            network(pixels)
            times.append(time.process_time() - start)
    print(f"cpu {statistics.median(times) / images * 1e3:.0f} ms/image, "
          f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


def run(*command):
    text = subprocess.run([str(word) for word in command], check=True, capture_output=True,
                          text=True).stdout
    found = re.search(r"cpu (\d+) ms/image, peak (\d+) MB", text)
    return float(found[1]), float(found[2])


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, family, weights = sys.argv[1:4]
    given = [int(word) for word in sys.argv[4:]]
    side, images, threads = given + [224, 4, 1][len(given):]
    if program == "--plain":
        measure_plain(weights, side, images, threads)
        return
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(run(pathlib.Path(program).resolve(), family, weights, side, "fp32", images,
                        threads))
        theirs.append(run(sys.executable, __file__, "--plain", family, weights, side, images,
                          threads))
    medians = [[statistics.median(column) for column in zip(*rows)] for rows in (ours, theirs)]
    for label, (milliseconds, megabytes) in zip(("patchead", "torch.nn"), medians):
        print(f"{label}: {milliseconds:.0f} ms/image, peak {megabytes:.0f} MB")
    ratios = [a / b for a, b in zip(*medians)]
    print(f"{family}, ours / theirs at {side} px, batch {images}, {threads} threads: "
          f"time {ratios[0]:.2f}, memory {ratios[1]:.2f}")
    sys.exit(max(ratios) > 1)


if __name__ == "__main__":
    main()
