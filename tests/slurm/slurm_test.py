"""Sweeps in a Slurm cluster, disturbed in every way that a night brings: tables to the byte."""

import pathlib
import re
import shutil
import tempfile
import unittest

from cluster import Cluster, Job, Throttle
from support import BINARY, SOURCE, leftovers, main, outcome, patchead, run_state

GRID = ["--image-size", 224, 256, 288, "--shots", 0, 1, 2, "--seeds", 0, 1, "--modules", "none",
        "mask", "--batch-size", 8, "--block-images", 2]


class Slurm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.down)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-slurm-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.data = cls.folder / "data"
        patchead("demo-data", "--output", cls.data, "--side", 96, "--train", 4, "--test-good", 3,
                 "--per-defect", 2)
        cls.start_slow_job()
        cls.cluster.run("srun", "--mpi=pmix", "-N2", "-n8", "-w", "node2,node3",
                        BINARY, *cls.arguments("calm"))
        cls.calm = outcome(cls.folder / "calm")

    @classmethod
    def arguments(cls, name):
        return ["sweep", *cls.options(name)]

    @classmethod
    def options(cls, name):
        return ["--data-root", cls.data, "--dataset", "mvtec-like", "--store",
                cls.folder / f"store-{pathlib.Path(name).name}", "--output", cls.folder / name, *GRID]

    @classmethod
    def submit(cls, name, *options, script="sweep", more=(), log=None):
        return cls.cluster.submit(cls.folder / f"{log or name}.log", *options,
                                  SOURCE / f"slurm/{script}.sbatch", *cls.options(name), *more)

    @classmethod
    def start_slow_job(cls):
        """Beside the other tests. Slurm signals once, whether or not ranks are there, and up to a minute too early: with
        these numbers half a minute after the start or later, and a minute before the end."""
        cls.slow = cls.submit("limit", "-N2", "-n2", "-w", "node0,node1", "-t", "2",
                              "--signal=USR1@60")
        cls.throttle = Throttle(cls.slow, cls.share_of_slow_job)
        cls.addClassCleanup(cls.throttle.end)

    @classmethod
    def share_of_slow_job(cls):
        """A tenth of the time, almost none once it has done an eighth of its units, so that the limit
        hits first on any machine; but it may drain at full speed."""
        state = run_state(cls.folder / "limit")
        if state is None or state["state"] != "running":
            return 1 if state and state["state"] == "draining" else 0.1
        return 0.1 if state["units"]["done"] < 40 else 0.01

    def is_at_work(self, name, state_name="run.json"):
        state = run_state(self.folder / name, state_name)
        return state is not None and state["state"] == "running" and state["units"]["done"] > 0

    def check(self, name):
        self.assertEqual(outcome(self.folder / name), self.calm)
        self.assertEqual(leftovers(self.folder / f"store-{name}", self.folder / name), [])

    def test_scancel_signal_drains_and_the_job_comes_back(self):
        job = self.submit("signal", "-N2", "-n4", "-w", "node2,node3", "-t", "10")
        job.wait_for(lambda: self.is_at_work("signal"), "work")
        self.cluster.run("scancel", "--signal=USR1", job.number)
        job.wait_for_text("back into the queue")
        self.assertEqual(run_state(self.folder / "signal")["state"], "drained")
        self.assertEqual(job.wait_for_end(), 0, job.text())
        self.assertEqual(job.fact("Restarts"), "1")
        self.check("signal")

    def test_scontrol_requeue(self):
        job = self.submit("requeue", "-N2", "-n4", "-w", "node2,node3", "-t", "10")
        job.wait_for(lambda: self.is_at_work("requeue"), "work")
        self.cluster.run("scontrol", "requeue", job.number)
        job.wait_for_text("restart 1: on ")
        self.assertEqual(job.wait_for_end(), 0, job.text())
        self.check("requeue")

    def test_a_lost_node_is_noticed_and_the_job_goes_on_elsewhere(self):
        job = self.submit("lost", "-N2", "-n4", "-x", "node0,node1", "-t", "10",
                          more=["--silence", 5])
        job.wait_for(lambda: self.is_at_work("lost"), "work")
        self.cluster.node("crash", "node3")
        try:
            job.wait_for(lambda: job.text().count(" on node") >= 1 and not self.is_at_work("lost"),
                         "reaction")
        finally:
            self.cluster.node("start", "node3")
        self.assertEqual(job.wait_for_end(), 0, job.text())
        self.check("lost")

    def test_array_tasks_without_mpi_share_one_sweep(self):
        job = self.submit("array", "--array=0-3", "-x", "node0,node1", "-t", "10", script="array")
        self.assertEqual(job.wait_for_end(), 0, job.text())
        states = [run_state(self.folder / "array", f"run.{task}.json") for task in range(4)]
        calm = run_state(self.folder / "calm")
        self.assertEqual(sum(state["forwards"] for state in states), calm["forwards"])
        self.check("array")

    def test_a_time_limit_that_hits_twice(self):
        job = self.slow
        job.wait_for_text("back into the queue", times=2)
        self.throttle.end()
        self.cluster.run("scontrol", "update", f"jobid={job.number}", "TimeLimit=20")
        self.assertEqual(job.wait_for_end(), 0, job.text())
        self.assertEqual(job.fact("Restarts"), "2")
        self.check("limit")

    def test_submit_takes_resources_from_the_plan_and_chains_the_report(self):
        config = self.folder / "submit.cfg"
        options = self.options("submit")
        config.write_text("".join(f"{name[2:]} = {value}\n" for name, value in zip(
            options[:8:2], options[1:8:2])))
        profile = self.folder / "lanes.env"
        profile.write_text((SOURCE / "slurm/profiles/default.env").read_text()
                           + "PATCHEAD_RANKS_PER_NODE=3\nPATCHEAD_CORE_RANKS_PER_NODE=1\n")
        self.cluster.environment.update(PATCHEAD_NODES="1", PATCHEAD_LOGS=str(self.folder),
                                        PATCHEAD_PROFILE=str(profile))
        self.addCleanup(self.cluster.environment.pop, "PATCHEAD_PROFILE")
        said = self.cluster.run(SOURCE / "slurm/submit", config, *options[8:]).stdout
        sweep = re.search(r"sweep is job (\d+)", said)[1]
        report = re.search(r"report is job (\d+)", said)[1]
        job = Job(self.cluster, report, self.folder / f"patchead-report-{report}.log")
        self.assertEqual(job.wait_for_end(), 0, job.text())
        self.assertEqual(Job(self.cluster, sweep, self.folder / "none").fact("JobState"), "COMPLETED")
        self.assertIn("I-AUROC", job.text())
        self.check("submit")
        of_core_rank = (self.folder / "submit/logs/rank-0003.log").read_text()
        self.assertEqual(set(re.findall(r" s  (\S+) ", of_core_rank)), {"evaluate"})

    def test_a_job_without_progress_gives_up(self):
        (self.folder / "file").write_text("in the way")
        job = self.submit("file/output", "-N1", "-n1", "-x", "node0,node1", "-t", "10",
                          log="hopeless")
        self.assertEqual(job.wait_for_end(), 77, job.text())
        self.assertIn("giving up", job.text())
        self.assertIn(str(self.folder / "file"), job.text())


if __name__ == "__main__":
    main()
