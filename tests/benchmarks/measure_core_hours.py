#!/usr/bin/env python3
"""Core hours that a sweep takes beside its networks and its matching.

    measure_core_hours.py PATCHEAD SCRATCH_DIR CONFIG --data-root DIR --dataset NAME...

Times on one core, with patchead_tiny on the data in DIR: reading and resizing of images (three
sizes of one network), aligned copies, estimates of alignments, metrics, and writing, which mostly
waits for the disk. Multiplies that by what `patchead plan --published --config CONFIG` counts.
Images want the size of the published ones, and nothing else may run. Prints a table; --json is for
programs.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess

HOUR = 3600


def run(program, *arguments):
    """What the program prints."""
    return subprocess.run([program, *map(str, arguments)], check=True, stdout=subprocess.PIPE,
                          env={**os.environ, "OMP_NUM_THREADS": "1"}).stdout


def sweep(options, sizes, modules, output):
    """State and stages of a run on the store of the run before."""
    run(options.patchead, "sweep", "--backbone", "patchead_tiny", "--image-size", *sizes, "--shots", 1,
        2, 4, "--seeds", 0, 1, 2, "--modules", modules, "--dataset", *options.dataset, "--data-root",
        options.data_root, "--store", options.scratch / "store", "--output", output, "--roofline",
        "--decode-threads", 1)
    return (json.loads((output / "run.json").read_text()),
            json.loads((output / "profile.json").read_text())["stages"])


def planned(options, rates):
    """Kinds of unit of the config, in seconds that follow from the rates of a run."""
    text = run(options.patchead, "plan", "--published", "--config", options.config, "--store",
               options.scratch / "none", "--rates", rates, "--ranks", 1, "--json")
    return json.loads(text)["kinds"]


def core_hours(options):
    """By what is done: hours for all of the config, and seconds for one."""
    plain, plain_stages = sweep(options, (224, 336, 448), "none", options.scratch / "plain")
    aligned, aligned_stages = sweep(options, (448,), "patchead+", options.scratch / "aligned")
    kinds = planned(options, options.scratch / "aligned/run.json")
    image = plain_stages["decode"]["seconds"] / plain["forwards"]
    copy = aligned_stages["decode"]["seconds"] / aligned["forwards"]
    written = [stages["write"] for stages in (plain_stages, aligned_stages)]
    byte = sum(w["seconds"] for w in written) / sum(w["bytes"] for w in written)
    bytes_planned = sum(kind["bytes"] for kind in kinds.values())
    return {
        "read and resize": (kinds["embed"]["forwards"] * image, image),
        "aligned copies": (kinds["match"]["forwards"] * copy, copy),
        "align": (kinds["align"]["rank_seconds"],
                  kinds["align"]["rank_seconds"] / kinds["align"]["pairs"]),
        "evaluate": (kinds["evaluate"]["rank_seconds"],
                     kinds["evaluate"]["rank_seconds"] / kinds["evaluate"]["planned"]),
        "write": (bytes_planned * byte, byte * 2**30),  # For a GiB.
    }


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("patchead", "scratch", "config"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--data-root", type=pathlib.Path, required=True)
    parser.add_argument("--dataset", nargs="+", required=True)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.patchead, options.scratch = options.patchead.resolve(), options.scratch.resolve()
    shutil.rmtree(options.scratch, ignore_errors=True)
    options.scratch.mkdir(parents=True)
    found = core_hours(options)
    total = sum(seconds for seconds, _ in found.values()) / HOUR
    if options.json:
        print(json.dumps({**{name: seconds / HOUR for name, (seconds, _) in found.items()}, "all": total}))
        return
    for name, (seconds, each) in found.items():
        print(f"{name:<16} {seconds / HOUR:8.2f} core hours {1e3 * each:10.2f} ms each (write: a GiB)")
    print(f"{'all':<16} {total:8.2f} core hours")


if __name__ == "__main__":
    main()
