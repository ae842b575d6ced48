#!/usr/bin/env python3
"""MuSc's mutual scoring against its published form in PyTorch, on the same features.

    measure_msm.py PROGRAMS_DIR [--images N] [--grid N] [--channels N] [--sides 1,3,5] [--rounds N]

PROGRAMS_DIR holds mutual_benchmark. A round times the program and then the published form, one
thread each, in processor time (since others may use the machine); the table shows the median over
the rounds of the ratio. The program's time includes making the features, that of PyTorch does not.
The published form is timed for a few images of each side and multiplied up. Needs Debian's
python3-torch. Exit code 1 if a score differs by more than 1e-4.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"  # Before the libraries below are loaded.

import numpy as np
import torch
from torch.nn.functional import avg_pool2d, layer_norm, normalize

torch.set_num_threads(1)
TOLERANCE = 1e-4
SAMPLE = 3  # Images whose scores the published form computes, of each side.


def tokens_like(images, grid, channels):
    """A pattern that all images share, smooth over the grid, and what is their own."""
    shared = torch.nn.functional.interpolate(torch.randn(1, channels, 5, 5), (grid, grid), mode="bicubic")
    tokens = shared + 0.7 * torch.randn(images, channels, grid, grid)
    return tokens.flatten(2).transpose(1, 2).contiguous()


def features_of(tokens, grid, side):
    """Tokens normalised over an image, averaged over windows, each of length 1."""
    images, _, channels = tokens.shape
    maps = tokens.transpose(1, 2).reshape(images, channels, grid, grid)
    maps = layer_norm(maps, maps.shape[1:])
    if side > 1:
        maps = avg_pool2d(maps, side, 1, side // 2)
    return normalize(maps.flatten(2).transpose(1, 2), dim=-1).contiguous()


def published_scores(features, i):
    """Of image i: distances to all patches of all others at once, as the published default does."""
    images, patches, channels = features.shape
    others = torch.cat((features[:i], features[i + 1:]))
    distances = torch.cdist(features[i:i + 1], others.reshape(-1, channels))
    least = distances.reshape(patches, images - 1, patches).min(-1)[0]
    return least.topk(int((images - 1) * 0.3), largest=False)[0].mean(1)


def published(features):
    """(scores of a few images, seconds of all)"""
    images = len(features)
    start = time.process_time()
    scores = [published_scores(features, i) for i in range(SAMPLE)]
    return torch.stack(scores), (time.process_time() - start) / SAMPLE * images


def ours(program, tokens, grid, sides, folder):
    images, patches, channels = tokens.shape
    tokens.numpy().tofile(folder / "tokens")
    words = [program, folder / "tokens", folder / "scores", images, grid, grid, channels,
             ",".join(map(str, sides))]
    text = subprocess.run([str(word) for word in words], check=True, stdout=subprocess.PIPE).stdout
    scores = np.fromfile(folder / "scores").reshape(len(sides), images, patches)
    return torch.from_numpy(scores), float(text)


def measure(options, folder):
    """(how many times as fast, largest difference)"""
    tokens = tokens_like(options.images, options.grid, options.channels)
    scores, seconds = ours(options.programs / "mutual_benchmark", tokens, options.grid,
                           options.sides, folder)
    total, difference = 0, 0
    for of_side, side in zip(scores, options.sides):
        expected, side_seconds = published(features_of(tokens, options.grid, side))
        total += side_seconds
        difference = max(difference, (of_side[:SAMPLE] - expected).abs().max().item())
    print(f"{seconds:.2f} s, published {total:.2f} s", flush=True)
    return total / seconds, difference


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("programs", type=pathlib.Path)
    for name, value in (("images", 16), ("grid", 32), ("channels", 768), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--sides", default=[1, 3, 5],
                        type=lambda text: [int(side) for side in text.split(",")])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = [measure(options, pathlib.Path(folder)) for _ in range(options.rounds)]
    ratio = statistics.median(ratio for ratio, _ in rounds)
    difference = max(difference for _, difference in rounds)
    print(f"mutual scoring of {options.images} images, grid {options.grid}, {options.channels} channels, "
          f"windows {options.sides}: {ratio:.1f} x published, largest difference {difference:.1e}")
    return int(difference > TOLERANCE)


if __name__ == "__main__":
    raise SystemExit(main())
