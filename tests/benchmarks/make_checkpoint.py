#!/usr/bin/env python3
"""A full-size checkpoint with seeded weights, for runs where the published file is not at hand.

    make_checkpoint.py KEYS.tsv OUTPUT.safetensors [--seed N]

KEYS.tsv lists a network's state dictionary, one `key <TAB> [shape] <TAB> dtype` a line. Values are
uniform, scaled by fan-in, so that activations keep their size through all blocks; they depend on
key and seed only (SplitMix64 in counter mode, keyed by the FNV-1a of the key).
"""
import argparse
import json
import math

import numpy as np

MASK = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def uniform(key, count, seed):
    """`count` float32 numbers of [-1, 1), multiples of 2^-23."""
    state = np.uint64(fnv1a(key) ^ (seed * STEP & MASK))
    with np.errstate(over="ignore"):
        z = state + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(STEP)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1).astype(np.float32)


def offset_and_scale(key, shape):
    """No bias, position or LayerScale is 0 or 1, so that every term counts."""
    leaf = key.split(".")[-1]
    if leaf == "periods":
        return 50.0, 49.0
    if leaf == "bias_mask" or leaf in ("gamma", "gamma_1", "gamma_2"):
        return 0.6, 0.4
    if leaf == "weight" and len(shape) == 1:
        return 1.0, 0.3
    if leaf in ("weight", "in_proj_weight") and len(shape) >= 2:
        return 0.0, math.sqrt(3 / math.prod(shape[1:]))
    if leaf == "proj" and len(shape) == 2:
        return 0.0, math.sqrt(3 / shape[0])
    return 0.0, 0.3


def read_keys(path):
    """(key, shape) of the floating-point tensors; the others (indices) are not needed."""
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip()]
    return [(key, json.loads(shape)) for key, shape, dtype in rows if dtype.startswith("float")]


def write_header(file, tensors):
    """Of a safetensors file that holds these (key, shape) in float32, one after the other."""
    header, end = {}, 0
    for key, shape in tensors:
        size = 4 * math.prod(shape)
        header[key] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    file.write(len(text).to_bytes(8, "little") + text)


def write_checkpoint(path, tensors, seed):
    with open(path, "wb") as file:
        write_header(file, tensors)
        for key, shape in tensors:
            offset, scale = offset_and_scale(key, shape)
            values = np.float32(offset) + np.float32(scale) * uniform(key, math.prod(shape), seed)
            file.write(values.astype("<f4").tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("keys")
    parser.add_argument("output")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_checkpoint(options.output, read_keys(options.keys), options.seed)


if __name__ == "__main__":
    main()
