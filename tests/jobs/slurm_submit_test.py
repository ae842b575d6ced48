"""slurm/submit: the resources that it asks for, by an sbatch that writes them down."""

import os
import subprocess

from support import BINARY, SOURCE, DemoTest, main

SBATCH = """#!/bin/sh
echo "$*" >>"$SUBMITTED"
echo 7
"""


class Submit(DemoTest):
    def submit(self, **profile):
        """What the sweep's job asks for, and what is said."""
        path = self.folder / "bin"
        path.mkdir(exist_ok=True)
        (path / "sbatch").write_text(SBATCH)
        (path / "sbatch").chmod(0o755)
        (self.folder / "my.env").write_text("".join(f"{name}={value}\n" for name, value in profile.items()))
        submitted = self.folder / "submitted"
        submitted.unlink(missing_ok=True)
        done = subprocess.run(
            [SOURCE / "slurm/submit", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
             self.folder / "store", "--output", self.folder / "output", "--image-size", "96"],
            env={**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "SUBMITTED": str(submitted),
                 "PATCHEAD_BINARY": BINARY, "PATCHEAD_PROFILE": str(self.folder / "my.env"),
                 "PATCHEAD_NODES": "2"},
            capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return submitted.read_text().splitlines()[0], done.stdout

    def test_ranks_without_gpus_need_none(self):
        sweep, said = self.submit(PATCHEAD_RANKS_PER_NODE=3, PATCHEAD_CPUS_PER_RANK=2)
        self.assertIn("-N 2 --ntasks-per-node=3 --cpus-per-task=2 ", sweep)
        self.assertNotIn("gpus", sweep)
        self.assertIn("6 ranks on 2 nodes", said)

    def test_core_ranks_come_beside_those_with_a_gpu(self):
        sweep, said = self.submit(PATCHEAD_RANKS_PER_NODE=4, PATCHEAD_CORE_RANKS_PER_NODE=2,
                                  PATCHEAD_CPUS_PER_RANK=8, PATCHEAD_GPUS_PER_RANK=1)
        self.assertIn("-N 2 --ntasks-per-node=6 --cpus-per-task=8 ", sweep)
        self.assertIn("--gpus-per-node=4", sweep)
        self.assertIn("12 ranks on 2 nodes", said)


if __name__ == "__main__":
    main()
