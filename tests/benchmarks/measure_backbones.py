#!/usr/bin/env python3
"""Time and memory of every family at full size, as the table of docs/backbones.md.

    measure_backbones.py FORWARD_BENCHMARK KEYS_DIR SCRATCH_DIR [FAMILY...]

KEYS_DIR holds FAMILY.official.tsv, the lists of keys that make_checkpoint.py reads; the seeded
checkpoints (350 MB each) are written to SCRATCH_DIR and left there. One thread, two images a pass.
"""
import pathlib
import re
import subprocess
import sys

# Family, its default size, another one.
CASES = (("mae", 224, 448), ("dinov2_reg", 448, 518), ("open_clip", 240, 448),
         ("beitv2", 224, 448), ("eva02", 448, 224), ("pe_spatial", 512, 448),
         ("dinov3", 448, 512))
IMAGES = 2


def checkpoint(family, keys, scratch):
    path = scratch / f"{family}.safetensors"
    if not path.exists():
        subprocess.run([sys.executable, pathlib.Path(__file__).with_name("make_checkpoint.py"),
                        keys / f"{family}.official.tsv", path], check=True)
    return path


def measure(program, family, weights, side, precision):
    """(million parameters, processor time per image in ms, peak in MB)."""
    text = subprocess.run([program, family, weights, str(side), precision, str(IMAGES), "1"],
                          check=True, capture_output=True, text=True).stdout
    found = re.search(r"([\d.]+) M parameters, .*cpu (\d+) ms/image, peak (\d+) MB", text)
    return float(found[1]), int(found[2]), int(found[3])


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, keys, scratch = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    scratch.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[4:] or [family for family, *_ in CASES]
    print("| family | M parameters | px | fp32 ms | fp32 MB | bf16 ms | bf16 MB | fp32 : bf16 |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for family, *sides in CASES:
        if family not in wanted:
            continue
        weights = checkpoint(family, keys, scratch)
        for side in sides:
            parameters, exact, exact_mb = measure(program, family, weights, side, "fp32")
            _, rough, rough_mb = measure(program, family, weights, side, "bf16")
            print(f"| {family} | {parameters:.1f} | {side} | {exact} | {exact_mb} | {rough} | "
                  f"{rough_mb} | {exact / rough:.1f} |", flush=True)


if __name__ == "__main__":
    main()
