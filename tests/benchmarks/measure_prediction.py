#!/usr/bin/env python3
"""Predicted against measured time of a sweep, and its efficiency on two ranks.

    measure_prediction.py PATCHEAD SCRATCH_DIR SWEEP_OPTION...

Predicts with `patchead plan` the time of a sweep on one and on two ranks, from what the plan times
itself and from the rates of a run on one rank; runs it on both with empty stores, and compares. The options must name no --store and
no --output. Exit code 1 if a prediction is off by more than 20 %, the results differ in a bit, or
the efficiency of two ranks is below 0.9.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

OFF = 0.2
EFFICIENCY = 0.9


def environment():
    """One thread a rank; mpirun runs as root, too (in containers)."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OMPI_ALLOW_RUN_AS_ROOT": "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}


def sweep(program, folder, ranks, options):
    """The state of a run from nothing, and its table of values."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["mpirun", "-n", str(ranks), program, "sweep", *options, "--store",
                    folder / "store", "--output", folder / "output"],
                   check=True, capture_output=True, env=environment())
    state = json.loads((folder / "output/run.json").read_text())
    return state, (folder / "output/results.csv").read_bytes()


def predict(program, folder, options):
    """Seconds by number of ranks."""
    text = subprocess.run([program, "plan", "--ranks", "1,2", "--json", *options, "--store",
                           folder / "none"], check=True, stdout=subprocess.PIPE,
                          env=environment()).stdout
    return {run["ranks"]: run["seconds"] for run in json.loads(text)["runs"]}


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, scratch = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    options = sys.argv[3:]
    sweep(program, scratch / "rates", 1, options)
    rates = ["--rates", scratch / "rates/output/run.json"]
    predicted = {"timed by the plan": predict(program, scratch, options),
                 "rates of a run": predict(program, scratch, rates + options)}
    runs = {ranks: sweep(program, scratch / str(ranks), ranks, options) for ranks in (1, 2)}
    good = runs[1][1] == runs[2][1]
    print(f"same bits on 1 and 2 ranks: {'yes' if good else 'NO'}")
    for ranks, (state, _) in runs.items():
        print(f"{ranks} ranks: {state['seconds']:.1f} s, idle {100 * state['rates']['idle_share']:.1f} %")
        for source, seconds in predicted.items():
            off = seconds[ranks] / state["seconds"] - 1
            good &= abs(off) <= OFF
            print(f"    predicted {seconds[ranks]:.1f} s ({100 * off:+.0f} %), {source}")
    efficiency = runs[1][0]["seconds"] / (2 * runs[2][0]["seconds"])
    good &= efficiency >= EFFICIENCY
    print(f"efficiency of 2 ranks: {efficiency:.2f}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
