"""Stores that users share: artifacts that one of them may not read, programs of other metrics."""

import os
import shutil
import subprocess
import sys

import h5py
import numpy as np

from support import BINARY, CalmTest, main, outcome, patchead, rows, run_state

QUICK = ["--image-size", 96, "--shots", 1, 2, "--seeds", 0, 1]
OTHER_USER = 54321


def crc32c(data):
    """The checksum from its definition (RFC 3720), bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def write_column(group, name, values):
    data = group.create_dataset(name, data=values)
    data.attrs["crc32c"] = np.array([crc32c(data[...].tobytes())], np.uint32)


def set_metrics(artifact, metrics):
    """Makes `artifact` one of a program that knows these metrics: name -> value."""
    width = h5py.string_dtype("utf-8", max(map(len, metrics)))
    with h5py.File(artifact, "r+") as file:
        del file["metrics"]
        group = file.create_group("metrics")
        write_column(group, "name", np.array(list(metrics), width))
        write_column(group, "value", np.array(list(metrics.values()), np.float64))
        write_column(group, "reason", np.array([""] * len(metrics), h5py.string_dtype("utf-8", 1)))


def metrics_of(artifact):
    with h5py.File(artifact) as file:
        return dict(zip((name.decode() for name in file["metrics/name"]), file["metrics/value"]))


class SharedStore(CalmTest):
    grid = QUICK

    def setUp(self):
        super().setUp()
        shutil.copytree(self.calm_store, self.folder / "store")

    def artifacts(self, kind, folder=None):
        return sorted(((folder or self.folder / "store") / kind).rglob("*.h5"))

    # --- metrics ----------------------------------------------------------------------------------

    def test_a_metric_that_came_later_is_measured_from_the_stored_matches(self):
        for artifact in self.artifacts("result"):
            known = metrics_of(artifact)
            known.pop("AUPRO")
            set_metrics(artifact, {**known, "of another program": 0.25})
        shutil.rmtree(self.folder / "store/features")
        self.sweep(*QUICK)
        state = run_state(self.folder / "output")
        self.assertEqual((state["forwards"], state["matrix_products"]), (0, 0))
        done = {kind: count["done"] for kind, count in state["units_by_kind"].items() if count["done"]}
        self.assertEqual(done, {"evaluate": len(self.artifacts("result"))})
        self.assertEqual(outcome(self.folder / "output"), outcome(self.calm))
        for artifact in self.artifacts("result"):
            of_calm = metrics_of(self.calm_store / artifact.relative_to(self.folder / "store"))
            found = metrics_of(artifact)
            self.assertEqual(found.pop("of another program"), 0.25, "it stays")
            self.assertEqual(found, of_calm)
        self.assertIn(" 0 damaged", patchead("store", "verify", self.folder / "store").stdout)
        self.sweep(*QUICK)
        self.assertEqual(run_state(self.folder / "output")["units"]["total"], 0)

    # --- other users ------------------------------------------------------------------------------

    def as_other_user(self, *command):
        """Runs the binary as a user who may read the data and write to the store's folders."""
        if os.geteuid() != 0:
            print("SKIPPED: only root can play two users", file=sys.stderr)
            self.skipTest("needs root")
        self.folder.chmod(0o777)
        self.shared_folder.chmod(0o755)
        for path in (self.folder / "store").rglob("*"):
            if path.is_dir():
                path.chmod(0o777)
        (self.folder / "store").chmod(0o777)
        return subprocess.run([BINARY, *map(str, command)], capture_output=True, text=True,
                              user=OTHER_USER, group=OTHER_USER, extra_groups=[],
                              env={**os.environ, "HOME": str(self.folder)}, timeout=600)

    def test_a_result_of_another_user_fails_alone_and_stays(self):
        theirs = self.artifacts("result")[0]
        theirs.chmod(0o600)
        done = self.as_other_user(*self.arguments(*QUICK))
        self.assertEqual(done.returncode, 76, done.stderr)
        for word in (str(theirs), "Permission denied", "chmod", "umask 002", "another --store"):
            self.assertIn(word, done.stderr)
        self.assertTrue(theirs.exists())
        self.assertEqual(list((self.folder / "store").rglob("*.damaged")), [])
        reasons = {row["reason"] for row in rows(self.folder / "output") if row["reason"]}
        self.assertEqual(len([text for text in reasons if "Permission denied" in text]), 1)
        valued = [row for row in rows(self.folder / "output") if row["value"] != "nan"]
        self.assertGreater(len(valued), len(rows(self.folder / "output")) // 2)

    def test_a_match_of_another_user_is_not_made_again(self):
        theirs = self.artifacts("match")[0]
        theirs.chmod(0o600)
        shutil.rmtree(self.folder / "store/result")
        done = self.as_other_user(*self.arguments(*QUICK))
        self.assertEqual(done.returncode, 76, done.stderr)
        self.assertIn(str(theirs), done.stderr)
        self.assertIn("Permission denied", done.stderr)
        self.assertEqual(list((self.folder / "store").rglob("*.damaged")), [])
        self.assertGreater(len(self.artifacts("result")), 0, "those of other matches")

    def test_looking_after_the_store_of_another_user(self):
        theirs = self.artifacts("features")[0]
        theirs.chmod(0o600)
        damaged = self.artifacts("match")[0]
        damaged.write_bytes(damaged.read_bytes()[:-100])
        done = self.as_other_user("store", "verify", self.folder / "store")
        self.assertEqual(done.returncode, 76)
        self.assertIn(str(theirs), done.stderr)
        self.assertIn("Permission denied", done.stderr)
        self.assertIn(" 1 damaged", done.stdout)
        self.assertTrue(theirs.exists())
        self.assertFalse(damaged.exists(), "the others are looked at all the same")
        hidden = theirs.parent
        hidden.chmod(0o700)
        done = subprocess.run([BINARY, "store", "ls", self.folder / "store"], capture_output=True,
                              text=True, user=OTHER_USER, group=OTHER_USER, extra_groups=[])
        self.assertEqual(done.returncode, 76)
        self.assertIn(str(hidden), done.stderr)
        self.assertIn("match", done.stdout)

    def test_results_of_another_user_are_not_damaged_either(self):
        shutil.copytree(self.calm, self.folder / "run")
        (self.folder / "run/results.h5").chmod(0o600)
        for command in (["report", self.folder / "run", "--output", self.folder / "tables"],
                        ["compare", self.folder / "run", self.folder / "run"],
                        ["inspect", self.folder / "run/results.h5"]):
            done = self.as_other_user(*command)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("Permission denied", done.stderr)
            self.assertIn("results.h5", done.stderr)
            self.assertNotIn("damaged", done.stderr)
        (self.folder / "run/run.json").chmod(0o600)
        done = self.as_other_user("status", self.folder / "run")
        self.assertIn("Permission denied", done.stderr)

    def test_a_folder_in_the_place_of_an_artifact(self):
        taken = self.artifacts("result")[0]
        kept = taken.read_bytes()
        taken.unlink()
        taken.mkdir()
        done = self.sweep(*QUICK, check=False)
        self.assertEqual(done.returncode, 76, done.stderr)
        self.assertIn("Is a directory", done.stderr)
        self.assertIn("move it away", done.stderr)
        taken.rmdir()
        taken.write_bytes(kept)
        self.sweep(*QUICK)
        self.assertEqual(outcome(self.folder / "output"), outcome(self.calm))


if __name__ == "__main__":
    main()
