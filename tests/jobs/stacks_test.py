"""Numeric stacks: a store that several systems fill, and a run that wants one of them only."""

import json
import os
import shutil
import sys

import h5py

from support import CalmTest, files, main, patchead, run_state

QUICK = ["--image-size", 96, "--shots", 1, "--seeds", 0]
# OpenBLAS then takes other kernels, as it would on another processor.
OTHER_KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell")
SUMMARY = "tables/summary_mvtec-like.md"


class Stacks(CalmTest):
    grid = QUICK

    def setUp(self):
        super().setUp()
        shutil.copytree(self.calm_store, self.folder / "store")
        self.own = run_state(self.calm)["stacks"]
        self.assertEqual(len(self.own), 1)
        kernel = next((name for name in OTHER_KERNELS if name not in self.own[0]), None)
        if "OpenBLAS" not in self.own[0] or kernel is None:
            print(f"SKIPPED: no other kernels than those of {self.own[0]}", file=sys.stderr)
            self.skipTest("needs OpenBLAS with kernels of several processors")
        self.elsewhere = {**os.environ, "OPENBLAS_CORETYPE": kernel}

    def test_a_mix_is_told_wherever_numbers_are(self):
        self.assertNotIn("numeric stack", (self.calm / SUMMARY).read_text())
        shutil.rmtree(self.folder / "store/match")
        shutil.rmtree(self.folder / "store/result")
        done = self.sweep(*QUICK, env=self.elsewhere)
        state = run_state(self.folder / "output")
        self.assertEqual(len(state["stacks"]), 2, state["stacks"])
        self.assertIn(self.own[0], state["stacks"])
        self.assertEqual(state["forwards"], 0, "features are the store's")
        self.assertIn("2 numeric stacks", done.stderr)
        self.assertTrue(any("2 numeric stacks" in text for text in state["troubles"]))
        self.assertIn("2 different numeric stacks", (self.folder / "output" / SUMMARY).read_text())
        cell = "summary_mvtec-like/patchead_tiny/96/few-shot/1/none/I-AUROC"
        told = patchead("explain", self.folder / "output", cell).stdout
        self.assertIn("stacks: " + "; ".join(state["stacks"]), told)

    def test_what_a_result_was_made_from_is_known_when_it_is_gone(self):
        shutil.rmtree(self.folder / "store/match")
        shutil.rmtree(self.folder / "store/result")
        self.sweep(*QUICK, env=self.elsewhere)
        shutil.rmtree(self.folder / "store/features")
        shutil.rmtree(self.folder / "store/match")
        self.sweep(*QUICK, env=self.elsewhere, output="again")
        self.assertEqual(len(run_state(self.folder / "again")["stacks"]), 2)

    def test_same_stack_refuses_before_work_starts(self):
        before = files(self.folder / "store")
        done = self.sweep(*QUICK, "--same-stack", env=self.elsewhere, check=False)
        self.assertEqual(done.returncode, 1)
        for word in ("--same-stack", self.own[0], "--store", f"{len(before)} with"):
            self.assertIn(word, done.stderr)
        self.assertEqual(files(self.folder / "store"), before)
        self.sweep(*QUICK, "--same-stack", env=self.elsewhere, store="another")
        self.sweep(*QUICK, "--same-stack", ranks=2)
        self.assertEqual(run_state(self.folder / "output")["stacks"], self.own)

    def test_every_artifact_records_its_stack(self):
        for path in self.calm_store.rglob("*.h5"):
            with h5py.File(path) as file:
                made = json.loads(file.attrs["provenance"])
            self.assertEqual(made["stacks"], self.own[0], path)


if __name__ == "__main__":
    main()
