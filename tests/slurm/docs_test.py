"""The commands of docs/hpc.md, word for word, in a Slurm cluster: each ends with the same tables."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from cluster import Cluster, Job
from support import BINARY, SOURCE, main, outcome, patchead

GRID = {"image-size": "96", "shots": "0 1", "seeds": "0", "modules": "none mask", "batch-size": "8",
        "block-images": "2"}


def commands(section):
    """Indented lines of a section that run something of this project, without their comments."""
    text = (SOURCE / "docs/hpc.md").read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line.split("  #")[0].strip() for line in text.splitlines() if line.startswith("    ")]
    found = [line for line in lines if re.search(r"build/release/|slurm/", line)]
    assert found, section
    return found


class Docs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(cpus=8)
        cls.addClassCleanup(cls.cluster.down)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-docs-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        patchead("demo-data", "--output", cls.folder / "data", "--side", 96, "--train", 4,
                 "--test-good", 3, "--per-defect", 2)
        cls.make_home()
        cls.environment = {name: value for name, value in cls.cluster.environment.items()
                           if not name.startswith("PATCHEAD_")}
        patchead("sweep", "--config", cls.home / "my.cfg", "--output", cls.folder / "calm",
                 "--store", cls.folder / "calm-store")
        cls.calm = outcome(cls.folder / "calm")

    @classmethod
    def make_home(cls):
        """A folder like the repository, with a config of one's own: what the page starts from."""
        cls.home = cls.folder / "home"
        (cls.home / "build/release").mkdir(parents=True)
        (cls.home / "build/release/patchead").symlink_to(BINARY)
        (cls.home / "slurm").symlink_to(SOURCE / "slurm")
        (cls.home / "configs").symlink_to(SOURCE / "configs")
        lines = {"data-root": cls.folder / "data", "dataset": "mvtec-like",
                 "store": cls.folder / "store", "output": cls.folder / "output", **GRID}
        (cls.home / "my.cfg").write_text("".join(f"{k} = {v}\n" for k, v in lines.items()))

    def setUp(self):
        for name in "store", "output":
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def run_line(self, line):
        """One line of the page, its placeholders filled in."""
        for option in "data-root", "store", "output":
            name = option.removesuffix("-root")
            line = line.replace(f"--{option} DIR", f"--{option} {self.folder / name}")
        line = line.replace("STORE", str(self.folder / "store"))
        line = line.replace("OUTPUT", str(self.folder / "output")).replace("...", "--config my.cfg")
        self.assertNotIn("DIR", line)
        done = subprocess.run(line, shell=True, cwd=self.home, env=self.environment, text=True,
                              capture_output=True, timeout=300)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def wait(self, number):
        """Ends of all tasks of a job, whose logs lie where sbatch puts them."""
        job = Job(self.cluster, number, self.home / f"slurm-{number}.out")
        self.assertEqual(job.wait_for_end(), 0, job.text())

    def check(self):
        self.assertEqual(outcome(self.folder / "output"), self.calm)

    def test_plan(self):
        for line in commands("Plan"):
            self.assertIn("efficiency", self.run_line(line))
        self.assertFalse(os.path.exists(self.folder / "store"))

    def test_run(self):
        for line in commands("Run"):
            with self.subTest(line):
                self.setUp()
                self.run_line(line)
                self.check()

    def test_slurm_then_watching_and_the_store(self):
        for line in commands("Slurm"):
            with self.subTest(line):
                self.setUp()
                for number in re.findall(r"job (\d+)", self.run_line(line)):
                    self.wait(number)
                self.check()
        for line in commands("Watching") + commands("Restart"):
            with self.subTest(line):
                self.run_line(line)
        self.check()


if __name__ == "__main__":
    main()
