#!/usr/bin/env python3
"""ViT-B of plain torch.nn modules (MAE's layout) against forward_benchmark, measured in one run.

    plain_vit.py FORWARD_BENCHMARK WEIGHTS.safetensors [SIDE [IMAGES [THREADS]]]

Each in a process of its own with the same weights, batch and threads; prints time per image, peak
memory and the ratio ours / theirs. Exit code 1 if ours is slower or larger.
"""
import json
import os
import re
import resource
import subprocess
import sys
import time

import numpy as np
import torch
from torch import nn

DIM, DEPTH, HEADS, PATCH = 768, 12, 12, 16


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(DIM, 3 * DIM)
        self.proj = nn.Linear(DIM, DIM)

    def forward(self, x):
        batch, count, _ = x.shape
        q, k, v = self.qkv(x).reshape(batch, count, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        weights = (q * (DIM // HEADS) ** -0.5 @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(batch, count, DIM)), weights


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(DIM, 4 * DIM)
        self.fc2 = nn.Linear(4 * DIM, DIM)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(DIM, eps=1e-6)
        self.attn = Attention()
        self.norm2 = nn.LayerNorm(DIM, eps=1e-6)
        self.mlp = Mlp()

    def forward(self, x):
        mixed, weights = self.attn(self.norm1(x))
        x = x + mixed
        return x + self.mlp(self.norm2(x)), weights


class PlainVit(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(3, DIM, PATCH, PATCH)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, DIM))
        self.pos_embed = nn.Parameter(torch.zeros(1, 197, DIM))
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))
        self.norm = nn.LayerNorm(DIM, eps=1e-6)

    def positions(self, rows, cols):
        if (rows, cols) == (14, 14):
            return self.pos_embed[:, 1:]
        table = self.pos_embed[:, 1:].reshape(1, 14, 14, DIM).permute(0, 3, 1, 2)
        table = nn.functional.interpolate(table, (rows, cols), mode="bicubic")
        return table.permute(0, 2, 3, 1).reshape(1, -1, DIM)

    def forward(self, images):
        x = self.patch_embed.proj(images)
        x = x.flatten(2).transpose(1, 2) + self.positions(x.shape[2], x.shape[3])
        cls = (self.cls_token + self.pos_embed[:, :1]).expand(len(x), -1, -1)
        x = torch.cat([cls, x], 1)
        for block in self.blocks:
            x, weights = block(x)
        return self.norm(x)[:, 1:], weights[:, :, 0, 1:]


def load(network, path):
    """One tensor at a time, so that the weights are in memory once."""
    parameters = network.state_dict()
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = np.fromfile(path, "<f4", (end - begin) // 4, offset=8 + size + begin)
        parameters.pop(key).copy_(torch.from_numpy(values.reshape(entry["shape"])))
    assert not parameters, f"{path} lacks {list(parameters)}"


def measure(weights, side, images, threads):
    """Theirs: milliseconds per image (best of three passes) and peak memory in MB."""
    torch.set_num_threads(threads)
    network = PlainVit().eval()
    load(network, weights)
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
