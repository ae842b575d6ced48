"""The store: damage, disks that are full or read-only, the size limit, looking after it."""

import shutil
import subprocess
import sys

from support import CalmTest, files, leftovers, main, outcome, patchead, run_state

QUICK = ["--image-size", 96, "--shots", 0, 2, "--seeds", 0, 1, "--modules", "none", "mask",
         "--batch-size", 8]
KINDS = ("features", "match", "result")


class StoreJobs(CalmTest):
    grid = QUICK

    def artifacts(self, kind):
        return sorted((self.folder / "store" / kind).rglob("*.h5"))

    def copy_store(self):
        shutil.rmtree(self.folder / "store", ignore_errors=True)
        shutil.copytree(self.calm_store, self.folder / "store")

    def mount(self, folder, options):
        """An own small disk; skips the test, loudly, where none can be mounted."""
        folder.mkdir(exist_ok=True)
        try:
            subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True,
                           capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"SKIPPED: cannot mount a tmpfs here ({error})", file=sys.stderr)
            self.skipTest("mounting needs root")
        self.addCleanup(subprocess.run, ["umount", folder])

    # --- damage -----------------------------------------------------------------------------------

    def flip(self, artifact, share):
        content = bytearray(artifact.read_bytes())
        content[int(share * (len(content) - 1))] ^= 0x10
        artifact.write_bytes(bytes(content))

    def test_a_flipped_byte_in_any_kind_of_artifact_never_changes_a_table(self):
        expected = outcome(self.calm)
        detected = 0
        for kind in KINDS:
            for share in 0.02, 0.3, 0.6, 0.9, 1.0:
                self.copy_store()
                artifact = self.artifacts(kind)[0]
                self.flip(artifact, share)
                # So that it is read: what was made from it is gone.
                for later in KINDS[KINDS.index(kind) + 1:]:
                    shutil.rmtree(self.folder / "store" / later)
                done = self.sweep(*QUICK, check=False)
                if artifact.with_name(artifact.name + ".damaged").exists():
                    detected += 1
                    self.assertIn(artifact.name, done.stderr)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(outcome(self.folder / "output"), expected, (kind, share))
        self.assertGreaterEqual(detected, 6, "most bytes matter, few are padding of the format")

    def test_verify_names_every_damaged_artifact_and_sets_it_aside(self):
        self.copy_store()
        damaged = [self.artifacts(kind)[1] for kind in KINDS]
        for artifact in damaged:
            artifact.write_bytes(artifact.read_bytes()[:-100])
        done = patchead("store", "verify", self.folder / "store", check=False)
        self.assertEqual(done.returncode, 76)
        for artifact in damaged:
            self.assertIn(str(artifact), done.stdout)
            self.assertFalse(artifact.exists())
        self.assertIn("3 damaged", done.stdout)
        done = patchead("store", "verify", self.folder / "store")
        self.assertIn(" 0 damaged", done.stdout)
        self.assertIn("removed 3 damaged", patchead("store", "gc", self.folder / "store").stdout)

    def test_a_sweep_that_verifies_makes_damaged_artifacts_again(self):
        self.copy_store()
        damaged = [self.artifacts(kind)[1] for kind in KINDS]
        for artifact in damaged:
            artifact.write_bytes(artifact.read_bytes()[:-100])
        done = self.sweep(*QUICK, "--verify", ranks=2)
        for artifact in damaged:
            self.assertIn(str(artifact), done.stderr)
            self.assertTrue(artifact.with_name(artifact.name + ".damaged").exists())
        self.assertTrue(damaged[-1].exists(), "results are wanted, the others only for results")
        self.assertEqual(outcome(self.folder / "output"), outcome(self.calm))

    # --- disks ------------------------------------------------------------------------------------

    def test_a_full_disk_is_one_message_and_the_next_run_goes_on(self):
        disk = self.folder / "disk"
        self.mount(disk, "size=900k")
        done = self.sweep(*QUICK, store="disk/store", ranks=2, check=False)
        self.assertEqual(done.returncode, 74, done.stderr)
        messages = [line for line in done.stderr.splitlines() if line.startswith("patchead: ")]
        self.assertEqual(len(messages), 1, done.stderr)
        self.assertIn("No space left on device", messages[0])
        self.assertIn(str(disk), messages[0])
        self.assertEqual(done.stderr.count("No space left"), 1, done.stderr)
        self.assertEqual(leftovers(disk), [])
        self.assertIn(" 0 damaged", patchead("store", "verify", disk / "store").stdout)
        self.assertEqual(patchead("status", self.folder / "output", check=False).returncode, 74)
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        self.sweep(*QUICK, store="disk/store", ranks=2)
        self.assertEqual(outcome(self.folder / "output"), outcome(self.calm))

    def test_a_disk_that_is_full_of_inodes_is_the_same(self):
        disk = self.folder / "disk"
        self.mount(disk, "size=100m,nr_inodes=40")
        done = self.sweep(*QUICK, store="disk/store", check=False)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertEqual(done.stderr.count("No space left"), 1, done.stderr)

    def test_an_output_folder_on_a_full_disk(self):
        disk = self.folder / "disk"
        self.mount(disk, "size=4k")
        done = self.sweep(*QUICK, output="disk/output", check=False)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("No space left on device", done.stderr)
        self.assertNotIn("internal error", done.stderr)

    def test_a_read_only_store_is_said_at_once(self):
        disk = self.folder / "disk"
        self.mount(disk, "size=100m")
        shutil.copytree(self.calm_store, disk / "store")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        done = self.sweep(*QUICK, store="disk/store", check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("Read-only file system", done.stderr)
        self.assertIn(str(disk / "store"), done.stderr)
        # Looking at it is possible all the same.
        self.assertIn(" 0 damaged", patchead("store", "verify", disk / "store").stdout)
        self.assertIn("features", patchead("store", "ls", disk / "store").stdout)

    # --- size -------------------------------------------------------------------------------------

    def size(self):
        return sum(path.stat().st_size for path in (self.folder / "store").rglob("*.h5"))

    def test_the_limit_removes_features_that_nothing_needs_any_more(self):
        grid = [*QUICK, "--block-images", 4]
        self.sweep(*grid, ranks=2, output="free")
        everything = self.size()
        shutil.rmtree(self.folder / "store")
        limit = everything * 3 // 4
        self.sweep(*grid, "--store-limit", limit, ranks=2)
        self.assertEqual(outcome(self.folder / "output"), outcome(self.folder / "free"))
        self.assertLessEqual(self.size(), limit)
        # Matches are kept, and they are enough for a second run.
        self.sweep(*grid, "--store-limit", limit)
        self.assertEqual(run_state(self.folder / "output")["forwards"], 0)

    def test_a_limit_that_cannot_be_kept_costs_nothing_but_the_limit(self):
        self.sweep(*QUICK, "--store-limit", "1K")
        self.assertEqual(outcome(self.folder / "output"), outcome(self.calm))
        self.assertEqual(self.artifacts("features"), [], "at the end none is needed")

    def test_gc_removes_the_least_recently_used_features_first(self):
        self.sweep("--image-size", 96, "--shots", 1, "--seeds", 0)
        first = {path.name for path in self.artifacts("features")}
        self.sweep("--image-size", 112, "--shots", 1, "--seeds", 0, output="other")
        second = {path.name for path in self.artifacts("features")} - first
        self.sweep("--image-size", 96, "--shots", 1, "--seeds", 0, "--rho-few", "0.5",
                   output="third")
        features = sum(path.stat().st_size for path in self.artifacts("features"))
        patchead("store", "gc", self.folder / "store", "--limit", self.size() - features // 4)
        left = {path.name for path in self.artifacts("features")}
        self.assertTrue(left < first | second)
        self.assertTrue(first <= left, "the first ones were used last")

    def test_gc_spares_what_may_belong_to_others(self):
        self.copy_store()
        mine = self.folder / "store/features/aa"
        mine.mkdir(exist_ok=True)
        (mine / "x.h5.tmp.node7-01234567.12.1").write_text("being written elsewhere")
        before = files(self.folder / "store")
        done = patchead("store", "gc", self.folder / "store")
        self.assertIn("kept 1", done.stdout)
        self.assertEqual(files(self.folder / "store"), before)

    def test_words_that_are_wrong(self):
        for arguments, word in ((["lss"], "ls"), (["ls", self.folder / "nowhere"], "no store"),
                                (["gc", self.folder, "--limit", "5X"], "5X")):
            done = patchead("store", *arguments, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(word, done.stderr)
        self.assertEqual(patchead("status", self.folder, check=False).returncode, 1)
        done = self.sweep(*QUICK, "--array-task", "a/b", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--array-task", done.stderr)


if __name__ == "__main__":
    main()
