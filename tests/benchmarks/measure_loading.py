#!/usr/bin/env python3
"""Time and peak memory of loading named checkpoints at full size.

    measure_loading.py PATCHEAD KEYS_DIR SCRATCH_DIR [NAME...]

KEYS_DIR holds NAME.LAYOUT.tsv, lists of keys and shapes of a named checkpoint or a family; files of
random numbers (float32, one at a time, deleted afterwards) are made of them in SCRATCH_DIR. What a
process needs before it loads anything is measured with the built-in backbone and told beside.
Without names all that fit into memory and swap with room to spare. Memory is what a process has
resident or in swap.
"""
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

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


def memory_of(process):
    """What a process has in memory and in swap now, in MB."""
    try:
        lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0  # It is gone.
    fields = dict(line.split(":", 1) for line in lines)
    return sum(int(fields.get(name, "0").split()[0]) for name in ("VmRSS", "VmSwap")) / 1024


def room():
    """Bytes of memory and swap of this machine."""
    lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return 1024 * sum(int(fields[name].split()[0]) for name in ("MemTotal", "SwapTotal"))


def check(program, name, file=None):
    """(exit code, text, processor seconds, peak in MB) of `patchead backbones --check`."""
    command = [program, "backbones", "--backbone", name, "--check"]
    if file is not None:
        command += ["--weights", f"{name}={file}"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    most = 0
    with tempfile.TemporaryFile("w+") as said, \
            subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT,
                             env=environment) as process:
        while True:
            most = max(most, memory_of(process))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read()
    # The kernel knows the highest peak of what was resident, we have only looked now and then.
    peak = max(most, usage.ru_maxrss / 1024)
    return process.returncode, text, usage.ru_utime + usage.ru_stime, peak


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, keys, scratch = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    known = subprocess.run([program, "backbones"], check=True, capture_output=True, text=True).stdout
    lists = {path.name.split(".")[0]: path for path in sorted(keys.glob("*.tsv"))}
    names = sys.argv[4:] or list(lists)
    *_, bare = check(program, "patchead_tiny")
    print(f"before loading: {bare:.0f} MB\n")
    print("| checkpoint | file MB | peak MB | peak without what stood before : file | seconds |")
    print("|---|---:|---:|---:|---:|")
    for name in names:
        tensors = read_keys(lists[name])
        size = 4 * sum(math.prod(shape) for _, shape in tensors)
        if 1.4 * size > room():
            print(f"| {name} | {size / 2**20:.0f} | does not fit this machine | | |", flush=True)
            continue
        file = scratch / f"{name}.safetensors"
        write_random(file, tensors)
        is_named = f"\n{name} (" in "\n" + known
        code, text, seconds, peak = (check(program, name, file) if is_named else
                                     check(program, f"{name}:{file}"))
        if code != 0:
            sys.exit(f"{name}: {text}")
        print(f"| {name} | {size / 2**20:.0f} | {peak:.0f} | {(peak - bare) * 2**20 / size:.2f} | "
              f"{seconds:.1f} |", flush=True)
        file.unlink()


if __name__ == "__main__":
    main()
