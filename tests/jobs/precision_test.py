"""bf16 against fp32 features on real images, through whole sweeps."""

import json
import os
import pathlib
import shutil

import h5py
import numpy as np

from support import FolderTest, main, patchead, require_shared

SIDE = 224  # bf16 takes minutes at 448 px where the CPU has no instructions for it.
CPU = pathlib.Path("/proc/cpuinfo").read_text()
# Without AVX-512 LibTorch sums products of bf16 in bf16, and the sweep says so.
SUMS_IN_FP32 = "\nflags" not in CPU or all(f" avx512{x}" in CPU for x in ("bw", "vl", "dq"))


class Precision(FolderTest):
    def features(self, precision, *options):
        """Image -> its patch embeddings."""
        store = self.folder / f"store-{precision}"
        done = patchead("sweep", "--dataset", "folder", "--normal-dir", self.folder / "good",
                        "--abnormal-dir", self.folder / "bad", "--shots", 1, "--seeds", 0,
                        "--image-size", SIDE, "--cache-dtype", "fp32", "--precision", precision,
                        "--store", store, "--output", self.folder / "output", *options)
        self.assertEqual("without AVX-512" in done.stderr, precision == "bf16" and not SUMS_IN_FP32)
        found = {}
        for path in (store / "features").rglob("*.h5"):
            with h5py.File(path) as file:
                self.assertEqual(json.loads(file.attrs["key"])["backbone.precision"], precision)
                for name, tokens in zip(file["ids"], file["embeddings"]):
                    found[name] = np.array(tokens)
        return found

    def check(self, name, *options):
        exact, rough = self.features("fp32", *options), self.features("bf16", *options)
        self.assertEqual(exact.keys(), rough.keys())
        cosines = np.concatenate([
            (exact[key] * rough[key]).sum(1) /
            np.linalg.norm(exact[key], axis=1) / np.linalg.norm(rough[key], axis=1)
            for key in exact])
        print(f"{name}, {len(exact)} images of {SIDE} px: cosine of bf16 and fp32 patch "
              f"embeddings: mean {cosines.mean():.6f}, smallest {cosines.min():.6f}")
        self.assertGreater(len(exact), 4)
        self.assertGreaterEqual(cosines.mean(), 0.999 if SUMS_IN_FP32 else 0.98)
        self.assertLess(cosines.mean(), 0.9999999, "bf16 was not used")

    def test_bf16_embeddings_point_where_fp32_ones_do(self):
        images = require_shared("datasets", "mvtec_ad_512", "screw")
        for folder, source in (("good", "train/good"), ("bad", "test/scratch_head")):
            (self.folder / folder).mkdir()
            for path in sorted((images / source).glob("*.png"))[:4]:
                shutil.copy(path, self.folder / folder)
        self.check("patchead_tiny")
        # Full-size networks where somebody has them: PATCHEAD_WEIGHTS="mae_vitb16=FILE ..."
        for item in os.environ.get("PATCHEAD_WEIGHTS", "").split():
            name = item.split("=")[0]
            for store in pathlib.Path(self.folder).glob("store-*"):
                shutil.rmtree(store)
            self.check(name, "--backbone", name, "--weights", item)


if __name__ == "__main__":
    main()
