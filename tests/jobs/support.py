"""What the tests of whole runs share: starting the binary, reading its results."""

import contextlib
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from forked import program

BINARY = os.environ["PATCHEAD_BINARY"]
MPIEXEC = os.environ.get("PATCHEAD_MPIEXEC", "mpirun")
SOURCE = pathlib.Path(os.environ["PATCHEAD_SOURCE_DIR"])
PATIENCE = 600  # Seconds after which something hangs, on a busy machine, too.
EXIT_SKIPPED = 77  # SKIP_RETURN_CODE of ctest.
SHARED = pathlib.Path(os.environ.get("PATCHEAD_SHARED", SOURCE.parent / "shared"))


def patchead(*arguments, ranks=0, check=True, **options):
    """Runs the binary, under mpirun if `ranks` is given; returns the finished process."""
    # What a library reads from the environment as it is loaded, a fork does not read.
    command = [BINARY if "env" in options else program(), *map(str, arguments)]
    if ranks:
        command = [MPIEXEC, "-n", str(ranks), *command]
    # Open MPI 5 may put the bytes of two ranks between each other.
    done = subprocess.run(command, capture_output=True, text=True, errors="backslashreplace", timeout=800, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{command} exited with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


def start(*arguments, ranks=0, log):
    """The same without waiting; what it prints goes to the file `log`."""
    command = [BINARY, *map(str, arguments)]
    if ranks:
        command = [MPIEXEC, "-n", str(ranks), *command]
    with open(log, "ab") as file:
        return subprocess.Popen(command, stdout=file, stderr=file)


def ranks_of(launcher):
    """Process ids of the ranks that `launcher`, an mpirun, has started."""
    found = []
    for tasks in pathlib.Path(f"/proc/{launcher.pid}/task").glob("*/children"):
        try:
            children = tasks.read_text().split()
        except OSError:
            continue
        for child in children:
            try:
                if os.path.basename(os.readlink(f"/proc/{child}/exe")) == os.path.basename(BINARY):
                    found.append(int(child))
            except OSError:
                continue
    return sorted(found)


def handles(pid, number):
    """Whether the process has said what to do about a signal."""
    try:
        with open(f"/proc/{pid}/status") as file:
            caught = next(line.split()[1] for line in file if line.startswith("SigCgt"))
    except OSError:
        return False
    return bool(int(caught, 16) & 1 << (number - 1))


def wait_until(condition, process=None):
    """Whether `condition` came true before `process` ended; fails after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if process is not None and process.poll() is not None:
            return condition()
        if time.monotonic() > end:
            raise AssertionError(f"nothing happened in {PATIENCE} s")
        time.sleep(0.01)
    return True


def run_state(output, name="run.json"):
    """The run state as it is now; None before there is one."""
    try:
        return json.loads((pathlib.Path(output) / name).read_text())
    except FileNotFoundError:
        return None


def fixed_rates(folder):
    """A file for `plan --rates`, so that what it says does not depend on this machine.

    Cores of 120 GFLOP/s as in docs/hpc.md, three times what the model takes for granted."""
    took = dict.fromkeys(("align", "embed", "match", "evaluate", "picture"), 1)
    path = pathlib.Path(folder) / "rates.json"
    path.write_text(json.dumps({"model_seconds": {**took, "embed": 3, "match": 3},
                                "rank_seconds": took}))
    return path


def as_made(store):
    """Digests of the artifacts of a store, inputs before what was made of them."""
    # Times may tie; the names of the kinds are in this order, too.
    found = sorted(pathlib.Path(store).rglob("*.h5"), key=lambda path: (path.stat().st_mtime_ns, path))
    return [path.stem for path in found]


class Hold:
    """Keeps the artifacts of these digests from being made: claims as of a process elsewhere.

    However fast a sweep is, it does not end before `release`."""

    def __init__(self, store, digests):
        self.claims = [pathlib.Path(store) / "claims" / digest for digest in digests]
        for claim in self.claims:
            claim.parent.mkdir(parents=True, exist_ok=True)
            claim.write_text("elsewhere-00000000.1")
        threading.Thread(target=self.keep_alive, daemon=True).start()

    def keep_alive(self):
        """A claim that is left alone for a minute is taken for abandoned."""
        while self.claims:
            for claim in self.claims:
                with contextlib.suppress(FileNotFoundError):
                    os.utime(claim)
            time.sleep(5)

    def release(self, count=None):
        """The first `count` of those that are still held, else all."""
        count = len(self.claims) if count is None else count
        released, self.claims = self.claims[:count], self.claims[count:]
        for claim in released:
            claim.unlink()


def leftovers(*folders):
    """Temporary files and claims below `folders`."""
    return [str(path) for folder in folders for path in pathlib.Path(folder).rglob("*")
            if path.is_file() and (".tmp." in path.name or path.parent.name == "claims")]


def outcome(folder):
    """Everything that must be the same to the byte."""
    kept = files(pathlib.Path(folder) / "tables")
    kept["results.csv"] = (pathlib.Path(folder) / "results.csv").read_bytes()
    return kept


def rows(output):
    """results.csv as a list of dicts."""
    with open(pathlib.Path(output) / "results.csv", newline="") as file:
        return list(csv.DictReader(file))


def value(table, metric, **where):
    """The one value of `metric` in the rows that agree with `where`."""
    found = [row["value"] for row in table
             if row["metric"] == metric and all(row[k] == str(v) for k, v in where.items())]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} rows for {metric} {where}")
    return float(found[0])


def files(folder):
    """Relative path -> bytes of every file below `folder`."""
    folder = pathlib.Path(folder)
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def require_shared(*parts):
    """The path in the reference library; skips the test, loudly, if it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        print(f"SKIPPED: {path} is not there (set PATCHEAD_SHARED)", file=sys.stderr)
        raise unittest.SkipTest(f"{path} is not there (set PATCHEAD_SHARED)")
    return path


class FolderTest(unittest.TestCase):
    """Each test has an empty folder of its own, `self.folder`."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)


class DemoTest(FolderTest):
    """The same with a small demo data set, made once for all tests of the class."""

    @classmethod
    def setUpClass(cls):
        cls.shared_folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-demo-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared_folder, ignore_errors=True)
        cls.data = cls.shared_folder / "data"
        patchead("demo-data", "--output", cls.data, "--side", 96, "--train", 4, "--test-good", 3,
                 "--per-defect", 2)

    def arguments(self, *arguments, data=None, store="store", output="output"):
        return ["sweep", "--data-root", data or self.data, "--dataset", "mvtec-like", "--store",
                self.folder / store, "--output", self.folder / output, *arguments]

    def sweep(self, *arguments, data=None, store="store", output="output", **options):
        return patchead(*self.arguments(*arguments, data=data, store=store, output=output),
                        **options)

    def start_sweep(self, *arguments, data=None, store="store", output="output", **options):
        """Starts one; its messages go to `output`.log."""
        return start(*self.arguments(*arguments, data=data, store=store, output=output),
                     log=self.folder / f"{output}.log", **options)

    def log_of(self, output="output"):
        return (self.folder / f"{output}.log").read_text()


class CalmTest(DemoTest):
    """The same with an undisturbed run of `grid`, to compare with: `self.calm`, `self.calm_store`."""

    grid, calm_ranks = [], 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calm, cls.calm_store = cls.shared_folder / "calm", cls.shared_folder / "calm-store"
        patchead("sweep", "--data-root", cls.data, "--dataset", "mvtec-like", "--store",
                 cls.calm_store, "--output", cls.calm, *cls.grid, ranks=cls.calm_ranks)


class Result(unittest.TextTestResult):
    """Knows whether anything passed."""

    passed = False

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed = True


class Runner(unittest.TextTestRunner):
    resultclass = Result


def main():
    """Runs the tests of the script; ctest shows it as skipped where all of them were."""
    result = unittest.main(verbosity=2, exit=False, testRunner=Runner).result
    skipped = result.skipped and not result.passed
    sys.exit(1 if not result.wasSuccessful() else EXIT_SKIPPED if skipped else 0)
