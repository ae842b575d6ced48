"""One call of the system fails, any one of a small sweep: one clear message, the right exit code,
nothing whole is destroyed, and the run after it has the same tables to the byte.

PATCHEAD_FAULT_STEP says to try every how many-th call; by default so many that it takes a minute of
processor time. Faults take turns; PATCHEAD_FAULT_TURN says which one comes first. PATCHEAD_FAULT_TABLE
is a file for the counts, as a table.
"""

import collections
import os
import pathlib
import random
import shutil
import tempfile
import time
import unittest

import faults
from support import main, patchead

STEP = int(os.environ.get("PATCHEAD_FAULT_STEP", "41"))  # Prime, so that all faults have their turn.
TURN = int(os.environ.get("PATCHEAD_FAULT_TURN", "0"))
SWEEP = ["--dataset", "mvtec-like", "--category", "fabric", "--image-size", 48, "--shots", 1,
         "--seeds", 0, "--modules", "none"]


@unittest.skipUnless(faults.LIBRARY, "a sanitizer must be loaded first")
class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-faults-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        data = cls.folder / "data"
        patchead("demo-data", "--output", data, "--side", 48, "--train", 2, "--test-good", 1,
                 "--per-defect", 1)
        cls.place = faults.Place(cls.folder, data, SWEEP)

    def counts(self, begin, ranks):
        """Calls of a calm run."""
        self.place.begin_with(self.folder / begin)
        run = self.place.run(ranks)
        self.assertEqual(run.code, 0, run.errors)
        return run.counts

    def sample(self):
        """Of what a sweep does from an empty folder, and over one that has all; on one rank and two."""
        one = faults.points_of("empty", 0, self.counts("empty", 0), TURN)
        self.place.save(self.folder / "again")
        one += faults.points_of("again", 0, self.counts("again", 0), TURN)
        # Ranks share a count, and a start of mpirun takes longer than all the rest.
        two = faults.points_of("empty", 2, self.counts("empty", 2), TURN)
        chosen = one[::STEP] + two[::10 * STEP]
        random.Random(TURN).shuffle(chosen)  # Who ends a long test early has tried some of all.
        return chosen, len(one) + len(two)

    def test_any_call_may_fail(self):
        start = time.monotonic()
        points, number = self.sample()
        calm = self.folder / "calm"
        shutil.copytree(self.folder / "again", calm)
        ends, wrong = collections.Counter(), []
        for point in points:
            self.place.begin_with(self.folder / point.begin)
            found, run = faults.problems(self.place, point, calm)
            ends[point.begin, point.ranks, point.kind,
                 run.code if run and run.failed else "not met"] += 1
            for text in found:
                wrong.append(f"{point}: {text}")
                print(wrong[-1], run.errors if run else "", sep="\n", flush=True)
            report(ends, number, time.monotonic() - start)
        print(table_of(ends))
        self.assertEqual(wrong, [])


def report(ends, number, seconds):
    """Writes what was tried up to now, where that was asked for."""
    if "PATCHEAD_FAULT_TABLE" in os.environ:
        text = f"{table_of(ends)}\n{sum(ends.values())} of {number} points in {seconds:.0f} s\n"
        pathlib.Path(os.environ["PATCHEAD_FAULT_TABLE"]).write_text(text)


def table_of(ends):
    """Points by kind of call and by how their runs ended."""
    codes = sorted({end[3] for end in ends}, key=str)
    lines = [f"| call | points | {' | '.join(map(str, codes))} |", "|---|---:|" + "---:|" * len(codes)]
    for kind in faults.KINDS:
        counts = [sum(count for end, count in ends.items() if (end[2], end[3]) == (kind, code))
                  for code in codes]
        if sum(counts):
            lines.append(f"| {kind} | {sum(counts)} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
