#!/usr/bin/env python3
"""Compares results.csv of the same sweep on two systems: compare_results.py HERE THERE

Image metrics are ranks of images, which must not change with a library. Pixel metrics are ranks of
a million pixels, some of which change places where the last bits of a feature differ: they may
differ by the limit, and the table says by how much. Exit code 1 if that does not hold."""
import csv
import math
import pathlib
import sys

LIMIT = 1e-4  # Of a pixel metric; a table prints three digits of a percentage.


def read(folder):
    """Everything that names a value -> the value."""
    found = {}
    with open(pathlib.Path(folder) / "results.csv", newline="") as file:
        for row in csv.DictReader(file):
            value = float(row.pop("value"))
            row.pop("reason")
            found[tuple(row.values())] = (row["metric"], value)
    return found


def difference(a, b):
    return 0.0 if a == b or (math.isnan(a) and math.isnan(b)) else abs(a - b)


def compare(here, there):
    """Metric -> (values, identical ones, largest difference)."""
    if here.keys() != there.keys():
        raise SystemExit(f"compare_results: {len(here.keys() ^ there.keys())} values are on one side "
                         "only: not the same sweep")
    table = {}
    for name, (metric, value) in here.items():
        d = difference(value, there[name][1])
        count, same, worst = table.get(metric, (0, 0, 0.0))
        # Not `max`: it would lose a difference that is no number.
        table[metric] = count + 1, same + (d == 0), worst if d <= worst else d
    return table


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    here, there = sys.argv[1:]
    table = compare(read(here), read(there))
    wrong = []
    print("| metric | values | identical | largest difference |\n|---|---:|---:|---:|")
    for metric, (count, same, worst) in table.items():
        print(f"| {metric} | {count} | {same} | {worst:.1e} |")
        if not worst <= (0 if metric.startswith("I-") else LIMIT):
            wrong.append(metric)
    if wrong:
        raise SystemExit(f"compare_results: more than allowed: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
