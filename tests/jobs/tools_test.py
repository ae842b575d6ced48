"""The small commands: doctor, demo-data, verify-backbone."""

import shutil

from support import SOURCE, FolderTest, files, main, patchead

FIXTURES = SOURCE / "tests/data/parity"


class Tools(FolderTest):
    def test_doctor_tells_versions_and_speed(self):
        # The exit code depends on the machine's speed, so it is not asserted.
        text = patchead("doctor", check=False).stdout
        for fact in ("libtorch", "blas", "hdf5", "opencv", "mpi", "GFLOP/s", "MPI_THREAD_MULTIPLE"):
            self.assertIn(fact, text)

    def test_demo_data_is_a_function_of_its_options(self):
        small = ["--side", 64, "--train", 2, "--test-good", 1, "--per-defect", 1]
        for name, seed in (("a", 1), ("b", 1), ("c", 2)):
            patchead("demo-data", "--output", self.folder / name, "--seed", seed, *small)
        a, b, c = (files(self.folder / name) for name in "abc")
        self.assertEqual(a, b)
        self.assertEqual(a.keys(), c.keys())
        self.assertNotEqual(a, c)
        patchead("demo-data", "--output", self.folder / "a", "--seed", 1, *small)
        self.assertEqual(files(self.folder / "a"), b, "a second run changes nothing")

    def test_demo_data_needs_a_place(self):
        done = patchead("demo-data", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--output", done.stderr)

    def test_verify_backbone_passes_good_fixtures_and_names_bad_ones(self):
        fixture = next(path.parent for path in sorted(FIXTURES.rglob("outputs.safetensors")))
        done = patchead("verify-backbone", fixture)
        self.assertRegex(done.stdout, r"all \d within tolerance")
        spoilt = self.folder / fixture.name
        shutil.copytree(fixture, spoilt)
        outputs = bytearray((spoilt / "outputs.safetensors").read_bytes())
        outputs[-2] ^= 0x40  # The exponent of the last value.
        (spoilt / "outputs.safetensors").write_bytes(bytes(outputs))
        done = patchead("verify-backbone", fixture, spoilt, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("FAILED", done.stdout)
        self.assertRegex(done.stdout, r"\d of \d+ are NOT within tolerance")

    def test_verify_backbone_of_a_folder_that_is_no_fixture(self):
        done = patchead("verify-backbone", self.folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(self.folder), done.stderr)

    def test_inspect_of_something_else_is_refused(self):
        other = self.folder / "other.h5"
        other.write_text("no HDF5")
        done = patchead("inspect", other, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(other), done.stderr)


if __name__ == "__main__":
    main()
