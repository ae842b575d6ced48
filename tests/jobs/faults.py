"""Runs in which one call of the system fails (tests/support/faults): which one, and what must come of it."""

import dataclasses
import errno
import os
import pathlib
import shutil
import struct
import subprocess

import forked
from support import MPIEXEC, PATIENCE, SOURCE, files, leftovers, outcome

LIBRARY = os.environ.get("PATCHEAD_FAULT_LIBRARY", "")
forked.PRELOADED.append(LIBRARY)
WEIGHTS = SOURCE / "configs/backbones/patchead_tiny"

# What each kind of call may say (plan.hpp). A + is a disk that is gone from then on.
FAULTS = {
    "open": ["EIO", "EMFILE", "ESTALE", "EINTR", "EIO+"],
    "create": ["EIO", "ENOSPC", "EDQUOT", "EMFILE", "ESTALE", "EINTR", "ENOSPC+", "EIO+"],
    "read": ["EIO", "ESTALE", "EINTR", "short"],
    "write": ["EIO", "ENOSPC", "EDQUOT", "ESTALE", "EINTR", "short", "ENOSPC+", "EDQUOT+"],
    "sync": ["EIO", "ENOSPC", "EDQUOT", "EINTR"],
    "close": ["EIO", "EDQUOT", "EINTR"],
    "rename": ["EIO", "ENOSPC", "EDQUOT", "ESTALE", "EINTR"],
    "unlink": ["EIO", "ESTALE", "EINTR"],
    "map": ["EIO", "ENOMEM", "EMFILE"],
    "truncate": ["EIO", "ENOSPC", "EDQUOT", "EINTR"],
    "mkdir": ["EIO", "ENOSPC", "EDQUOT", "ESTALE"],
    "link": ["EIO", "ENOSPC", "ESTALE"],
    "list": ["EIO", "EMFILE", "ESTALE"],
    "stat": ["EIO", "ESTALE"],
}
KINDS = list(FAULTS)  # In the order of the counters.
HARMLESS = ("EINTR", "short")  # What every program must go on from.
DISK_IS_FULL = ("ENOSPC", "EDQUOT")
DONE, ERROR, DISK, FAILURES = 0, 1, 74, 76  # docs/hpc.md


@dataclasses.dataclass(frozen=True)
class Point:
    """The n-th call of a kind fails, in a run of `ranks` (0: without mpirun) from the state `begin`."""

    begin: str
    ranks: int
    kind: str
    n: int
    fault: str

    def __str__(self):
        return f"{self.begin}, {self.ranks} ranks, {self.kind}:{self.n}:{self.fault}"

    @property
    def name(self):
        return self.fault.rstrip("+")

    def codes(self):
        """Exit codes that docs/hpc.md allows."""
        if self.name in HARMLESS:
            return {DONE}
        if self.name in DISK_IS_FULL:
            return {DONE, DISK}
        return {DONE, ERROR, FAILURES, DISK}  # A run that cannot write how far it is drains, too.


@dataclasses.dataclass
class Run:
    """How it ended, and what failed in it: lines of kind, number, fault and path."""

    code: int
    errors: str
    counts: dict
    failed: list

    def messages(self):
        return [line for line in self.errors.splitlines() if line.startswith("patchead: ")]


class Place:
    """A folder with a store and an output folder, in which sweeps of `arguments` run."""

    def __init__(self, folder, data, arguments):
        self.folder, self.data, self.arguments = pathlib.Path(folder), pathlib.Path(data), arguments

    @property
    def store(self):
        return self.folder / "place/store"

    @property
    def output(self):
        return self.folder / "place/output"

    def begin_with(self, template):
        """As `template`, a folder that may be absent, was."""
        shutil.rmtree(self.folder / "place", ignore_errors=True)
        if template.exists():
            shutil.copytree(template, self.folder / "place")

    def save(self, template):
        shutil.copytree(self.folder / "place", template)

    def run(self, ranks, fault=""):
        """A sweep in which `fault` happens; the files of MPI and of the system do not count."""
        state, log = self.folder / "state", self.folder / "log"
        state.write_bytes(bytes(8 * (len(KINDS) + 1)))
        log.write_text("")
        environment = {**os.environ, "PATCHEAD_FAULT": fault, "PATCHEAD_FAULT_LOG": str(log),
                       "PATCHEAD_FAULT_STATE": str(state), "PATCHEAD_FAULT_FOLDERS":
                       f"{self.folder}/place:{self.data}:{WEIGHTS}"}
        command = [forked.program(), "sweep", "--data-root", self.data, "--store", self.store,
                   "--output", self.output, *self.arguments]
        if ranks:
            command = [MPIEXEC, "-n", str(ranks), *command]
        done = subprocess.run(list(map(str, command)), env=environment, capture_output=True,
                              text=True, errors="replace", timeout=PATIENCE)
        counts = struct.unpack(f"{len(KINDS) + 1}Q", state.read_bytes())
        return Run(done.returncode, done.stderr, dict(zip(KINDS, counts)),
                   log.read_text().splitlines())


def points_of(begin, ranks, counts, turn=0):
    """Every call that a calm run makes, each with one of its faults, in turn from `turn` on."""
    return [Point(begin, ranks, kind, n, faults[(n + turn) % len(faults)])
            for kind, faults in FAULTS.items() for n in range(1, counts[kind] + 1)]


def artifacts(store):
    """Path below the store -> bytes, of all that is taken for whole."""
    return {name: content for name, content in files(store).items() if name.endswith(".h5")}


def names_of(path):
    """What a message may call the file at `path`: a temporary one is that which it becomes, and a
    folder in which something was to be made is as good as its name."""
    path = pathlib.Path(path.split(".tmp.")[0])
    return {str(path), str(path.parent)}


def problems_of_ending(point, run):
    """What is wrong with code and words of a run in which `point` was met."""
    if run.code < 0 or run.code > 128:
        yield f"it ended by a signal ({run.code})"
    elif run.code not in point.codes():
        yield f"it ended with {run.code}, not with one of {sorted(point.codes())}"
    if "internal error" in run.errors or "what():" in run.errors:
        yield "it calls it a fault of its own"
    if run.code == DONE:
        return
    if len(run.messages()) != 1:
        yield f"it said {len(run.messages())} messages"
    if os.strerror(getattr(errno, point.name, 0)) not in run.errors:
        yield "it does not say why"
    paths = {line.split(" ", 3)[3] for line in run.failed}
    if not any(name in run.errors for path in paths for name in names_of(path)):
        yield f"it does not name {sorted(paths)}"


def problems_of_files(place, point, run, calm):
    """What is wrong with the files that the run left; `calm`: a place of a run without faults."""
    whole, found = artifacts(calm / "store"), artifacts(place.store)
    for name in sorted(found):
        if found[name] != whole.get(name):
            yield f"{name} is not what it is in a calm run"
    if point.begin == "again" and sorted(found) != sorted(whole):
        yield f"of the artifacts {sorted(set(whole) - set(found))} are gone"
    damaged = [name for name in files(place.store) if name.endswith(".damaged")]
    if damaged:
        yield f"what was whole was set aside: {damaged}"
    if run.code == DONE or point.begin == "again":
        now = outcome(place.output) if (place.output / "results.csv").exists() else None
        if now != outcome(calm / "output"):
            yield "its tables are not those of a calm run"


def is_as_calm(place, calm):
    """Whether the folders hold what a run without faults leaves, and nothing more."""
    return (files(place.store) == files(calm / "store") and
            outcome(place.output) == outcome(calm / "output") and
            sorted(files(place.output)) == sorted(files(calm / "output")))


def problems(place, point, calm):
    """Runs into `point` and then once more without it; all that is wrong, and the first run."""
    try:
        run = place.run(point.ranks, f"{point.kind}:{point.n}:{point.fault}")
    except subprocess.TimeoutExpired:
        return ["it hangs"], None
    found = []
    if run.failed:  # With threads the last calls of a kind are not always made.
        found += problems_of_ending(point, run)
        found += problems_of_files(place, point, run, calm)
    if run.code == DONE and not found and is_as_calm(place, calm):
        return found, run  # What a run does over such folders has been tried.
    again = place.run(0)
    if again.code != DONE:
        found.append(f"the run after it ended with {again.code}: {again.errors}")
    elif outcome(place.output) != outcome(calm / "output"):
        found.append("the run after it has other tables")
    elif artifacts(place.store) != artifacts(calm / "store"):
        found.append("the run after it has other artifacts")
    left = leftovers(place.store, place.output)
    if left:
        found.append(f"something is left: {left}")
    return found, run
