#!/usr/bin/env python3
"""ViT-B of plain torch.nn modules (MAE or DINOv2) against forward_benchmark, measured in one run.

    plain_vit.py [--fused] FORWARD_BENCHMARK FAMILY WEIGHTS.safetensors [SIDE [IMAGES [THREADS]]]

Three times in turn, each in a process of its own with the same weights, batch and threads; prints
the medians of processor time per image and peak memory, and the ratio ours / theirs. Exit code 1
if ours is slower or larger. --fused: attention of theirs is PyTorch 2's scaled_dot_product_attention
in all blocks but the last, whose weights are wanted.
"""
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import time
import types

HEADS = 12
ROUNDS = 3


def fused_attention(attention, x):
    import torch
    batch, count, dim = x.shape
    q, k, v = attention.qkv(x).reshape(batch, count, 3, attention.heads, -1).permute(2, 0, 3, 1, 4)
    mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    return attention.proj(mixed.transpose(1, 2).reshape(batch, count, dim)), None


def measure_plain(weights, side, images, threads, is_fused):
    """Theirs: prints processor time per image (median of three passes) and peak memory."""
    import torch
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
    import plain_network
    torch.set_num_threads(threads)
    network = plain_network.load(weights, HEADS)
    for block in network.blocks[:-1] if is_fused else ():
        block.attn.forward = types.MethodType(fused_attention, block.attn)
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
    is_fused = "--fused" in sys.argv
    words = [word for word in sys.argv[1:] if word != "--fused"]
    if len(words) < 3:
        sys.exit(__doc__)
    program, family, weights = words[:3]
    given = [int(word) for word in words[3:]]
    side, images, threads = given + [224, 4, 1][len(given):]
    if program == "--plain":
        measure_plain(weights, side, images, threads, is_fused)
        return
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(run(pathlib.Path(program).resolve(), family, weights, side, "fp32", images,
                        threads))
        theirs.append(run(sys.executable, __file__, *(["--fused"] * is_fused), "--plain", family,
                          weights, side, images, threads))
    medians = [[statistics.median(column) for column in zip(*rows)] for rows in (ours, theirs)]
    for label, (milliseconds, megabytes) in zip(("patchead", "torch.nn"), medians):
        print(f"{label}: {milliseconds:.0f} ms/image, peak {megabytes:.0f} MB")
    ratios = [a / b for a, b in zip(*medians)]
    print(f"{family}, ours / theirs at {side} px, batch {images}, {threads} threads: "
          f"time {ratios[0]:.2f}, memory {ratios[1]:.2f}")
    sys.exit(max(ratios) > 1)


if __name__ == "__main__":
    main()
