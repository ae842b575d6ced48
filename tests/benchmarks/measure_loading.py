#!/usr/bin/env python3
"""Time and peak memory of loading named checkpoints at full size.

    measure_loading.py PATCHEAD KEYS_DIR SCRATCH_DIR [NAME...]

KEYS_DIR holds NAME.LAYOUT.tsv, lists of keys and shapes; files of random numbers (float32, one at a
time, deleted afterwards) are made of them in SCRATCH_DIR. What a process needs before it loads
anything is measured with the built-in backbone and told beside. Without names all that PATCHEAD
knows and that fit into memory twice.
"""
import math
import os
import pathlib
import subprocess
import sys

import numpy as np

from make_checkpoint import read_keys, write_header

BLOCK = 1 << 22


def write_random(path, tensors):
    """Numbers of a seeded generator, all above zero, since some must be."""
    random = np.random.default_rng(0)
    with open(path, "wb") as file:
        write_header(file, tensors)
        for _, shape in tensors:
            left = math.prod(shape)
            while left > 0:
                count = min(left, BLOCK)
                file.write((random.random(count, np.float32) * 0.02 + 0.001).tobytes())
                left -= count


def check(program, name, file=None):
    """(exit code, text, processor seconds, peak in MB) of `patchead backbones --check`."""
    command = [program, "backbones", "--backbone", name, "--check"]
    if file is not None:
        command += ["--weights", f"{name}={file}"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment) as process:
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, keys, scratch = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    known = subprocess.run([program, "backbones"], check=True, capture_output=True, text=True).stdout
    lists = {path.name.split(".")[0]: path for path in sorted(keys.glob("*.tsv"))}
    names = sys.argv[4:] or [name for name in lists if f"\n{name} (" in "\n" + known]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    *_, bare = check(program, "patchead_tiny")
    print(f"before loading: {bare:.0f} MB\n")
    print("| checkpoint | file MB | peak MB | peak without what stood before : file | seconds |")
    print("|---|---:|---:|---:|---:|")
    for name in names:
        tensors = read_keys(lists[name])
        size = 4 * sum(math.prod(shape) for _, shape in tensors)
        if 1.5 * size > memory:
            print(f"| {name} | {size / 2**20:.0f} | does not fit this machine | | |", flush=True)
            continue
        file = scratch / f"{name}.safetensors"
        write_random(file, tensors)
        code, text, seconds, peak = check(program, name, file)
        if code != 0:
            sys.exit(f"{name}: {text}")
        print(f"| {name} | {size / 2**20:.0f} | {peak:.0f} | {(peak - bare) * 2**20 / size:.2f} | "
              f"{seconds:.1f} |", flush=True)
        file.unlink()


if __name__ == "__main__":
    main()
