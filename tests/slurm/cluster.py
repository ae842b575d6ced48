"""A small Slurm cluster of virtual nodes on this machine, and jobs in it.

The scripts that start it lie in the reference library (slurm/); tests that need it are skipped,
loudly, where they or Slurm's packages are missing, or where nobody may start daemons.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "jobs"))

from support import BINARY, PATIENCE, SOURCE, handles, require_shared  # noqa: E402


def skip(reason):
    print(f"SKIPPED: {reason}", file=sys.stderr)
    raise unittest.SkipTest(reason)


def safe_start():
    """Open MPI 5.0 takes a message by ob1 in MPI_Init before the communicator that it is for is ready, and
    crashes (open-mpi/ompi issue 12495). Other ways than ob1 do not."""
    version = subprocess.run(["mpirun", "--version"], capture_output=True, text=True).stdout
    if "Open MPI) 5.0." not in version:
        return {}
    return {"OMPI_MCA_pml": "cm", "OMPI_MCA_mtl": "ofi", "OMPI_MCA_mtl_ofi_provider_include": "tcp"}


class Cluster:
    def __init__(self, cpus=4):
        """Four nodes that pretend to have `cpus` processors each."""
        missing = [name for name in ("slurmctld", "slurmd", "munged", "srun", "sbatch")
                   if shutil.which(name) is None]
        if missing:
            skip(f"no {missing[0]} (apt-get install slurm-wlm munge)")
        if os.geteuid() != 0:
            skip("only root can start slurmd")
        # slurmctld answers nobody while it asks for this name, over and over: jobs do not end, nodes drain.
        try:
            socket.gethostbyname(socket.gethostname())
        except OSError as error:
            skip(f"this machine's name, {socket.gethostname()}, has no address ({error}); "
                 "a line '127.0.0.1 NAME' in /etc/hosts gives it one")
        self.scripts = require_shared("slurm", "slurm_up.sh").parent
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pslurm-"))
        self.folder.chmod(0o755)
        self.environment = dict(
            os.environ, SLURM_FIX_DIR=str(self.folder), SLURM_FIX_PURGE="1",
            SLURM_FIX_CPUS=str(cpus),
            SLURM_FIX_PORT=str(20000 + os.getpid() % 200 * 40), PATCHEAD_HOME=str(SOURCE),
            PATCHEAD_BINARY=BINARY, OMPI_MCA_btl_tcp_if_include="lo",
            OMPI_MCA_oob_tcp_if_include="lo", SLURM_CONF=str(self.folder / "slurm.conf"))
        self.environment.update(safe_start())
        done = self.run(self.scripts / "slurm_up.sh", check=False)
        if done.returncode != 0:
            self.down()
            skip(f"the cluster does not start here: {done.stderr}")

    def run(self, *command, check=True, seconds=120):
        done = subprocess.run([str(word) for word in command], env=self.environment,
                              capture_output=True, text=True, timeout=seconds)
        if check and done.returncode != 0:
            raise AssertionError(f"{command} exited with {done.returncode}:\n{done.stdout}\n"
                                 f"{done.stderr}")
        return done

    def node(self, action, name):
        self.run(self.scripts / "slurm_node.sh", action, name)

    def down(self):
        self.run(self.scripts / "slurm_down.sh", check=False)

    def submit(self, log, *options):
        return Job(self, self.run("sbatch", "--parsable", "-o", log, *options).stdout.strip(), log)


class Job:
    def __init__(self, cluster, number, log):
        self.cluster, self.number, self.log = cluster, number, pathlib.Path(log)

    def text(self):
        return self.log.read_text() if self.log.exists() else ""

    def fact(self, name):
        """A field of scontrol's, e.g. JobState."""
        text = self.cluster.run("scontrol", "-o", "show", "job", self.number).stdout
        return text.split(f" {name}=")[1].split()[0]

    def is_queued(self):
        """Whether it waits, runs, or will be run again."""
        done = self.cluster.run("squeue", "-h", "-j", self.number, check=False)
        if done.returncode != 0:  # Long over and forgotten, or slurmctld has no time for an answer.
            return "Invalid job id" not in done.stderr
        return bool(done.stdout.strip())

    def wait_for(self, condition, what, seconds=PATIENCE):
        """Until the condition is true; fails as soon as the job is over without it."""
        end = time.monotonic() + seconds
        while not condition():
            queued = self.is_queued()
            if condition():
                return
            if not queued or time.monotonic() > end:
                why = f"in {seconds} s" if queued else "before its end"
                raise AssertionError(f"job {self.number}: no {what} {why}\n{self.text()}")
            time.sleep(0.1)

    def wait_for_text(self, text, times=1, seconds=PATIENCE):
        self.wait_for(lambda: self.text().count(text) >= times, f"'{text}'", seconds)

    def wait_for_end(self, seconds=PATIENCE):
        """Until it is out of the queue; its exit code."""
        self.wait_for(lambda: not self.is_queued(), "end", seconds)
        return int(self.fact("ExitCode").split(":")[0])

    def ranks(self):
        """Process ids of patchead in this job."""
        wanted = f"SLURM_JOB_ID={self.number}".encode()
        conf = f"SLURM_CONF={self.cluster.folder}/slurm.conf".encode()
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "exe") != os.path.realpath(BINARY):
                    continue
                environment = (process / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted in environment and conf in environment:
                found.append(int(process.name))
        return found


class Throttle:
    """Lets the ranks of a job run only a part of the time: a slow machine that costs no time.

    `share()` says which part, as often as twice a second."""

    def __init__(self, job, share):
        self.job, self.share = job, share
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.over.is_set():
            share = self.share()
            # One that is still starting up would take the signal of the time limit for its end.
            ranks = [rank for rank in self.job.ranks() if handles(rank, signal.SIGUSR1)]
            self.send(ranks, signal.SIGSTOP)
            time.sleep(0.5 * (1 - share))
            self.send(ranks, signal.SIGCONT)
            time.sleep(0.5 * share)

    def send(self, ranks, number):
        for rank in ranks:
            try:
                os.kill(rank, number)
            except ProcessLookupError:
                continue

    def end(self):
        self.over.set()
        self.thread.join()
