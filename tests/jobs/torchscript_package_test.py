"""Packages of AOTInductor: the exporter writes them where PyTorch is new enough, and what reads them says where LibTorch
is not."""

import re
import sys
import unittest

import numpy as np

from feature_maps_test import LAYERS
from exporting import NORMALISATION, ExportTest, describe, torch
from support import DemoTest, main, outcome, patchead, rows, run_state

CNN = [*LAYERS, "--embedding-layer", "layer3", "--image-token", "avgpool", "--image-size", 96, "--interpolation",
       "bilinear", *NORMALISATION]
GRID = ["--category", "fabric", "--shots", 1, "--seeds", 0, "--cache-dtype", "fp32"]


def version(text):
    return tuple(map(int, text.split(".")[:2]))


def libtorch():
    """The version that patchead was built with."""
    return version(re.search(r"^libtorch +(\S+)", patchead("doctor", check=False).stdout, re.M)[1])


class Package(ExportTest, DemoTest):
    def package(self, name="cnn", **how):
        return self.export("plain_cnn:make", name, *CNN, **how)

    def test_what_is_too_old_says_so(self):
        if version(torch.__version__) < (2, 6):
            done = self.export("plain_cnn:make", "x", *CNN, check=False, end=".pt2")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"needs PyTorch 2.6 or newer, this is {torch.__version__}; give OUTPUT.pt", done.stderr)
            self.assertFalse(list(self.folder.glob("x.*")))
        if libtorch() >= (2, 6):
            return
        module = self.package()
        module.rename(module.with_suffix(".pt2"))
        done = self.sweep(*GRID, "--backbone", f"pt2:{module.with_suffix('.pt2')}", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"cnn.pt2' cannot be loaded \(packages of AOTInductor need LibTorch 2.6 or newer, "
                                      r"this program has 1.*export the network as TorchScript")

    def test_it_gives_what_the_module_gives(self):
        for what, found in (("PyTorch", version(torch.__version__)), ("LibTorch", libtorch())):
            if found < (2, 6):
                print(f"SKIPPED: {what} {'.'.join(map(str, found))} has no packages (2.6 and newer)", file=sys.stderr)
                raise unittest.SkipTest("no packages")
        module = self.package()
        package = self.package("packed", end=".pt2", start=True)  # PyTorch's compiler starts processes of its own.
        self.assertEqual(describe(package)["input"], "patches", self.messages)
        self.assertFalse(describe(package)["fixed_size"])
        self.assertIn("layer2: 16 channels on 8 px",
                      patchead("backbones", "--check", "--backbone", f"pt2:{package}").stdout)
        for side in 64, 96:
            for kind, file in ("torchscript", module), ("pt2", package):
                self.sweep(*GRID, "--backbone", f"{kind}:{file}", "--image-size", side, "--detector", "patchead", "padim",
                           store=kind, output=f"{kind}{side}")
            values = [[float(row["value"]) for row in rows(self.folder / f"{kind}{side}")]
                      for kind in ("torchscript", "pt2")]
            np.testing.assert_allclose(*values, atol=0.01)
        self.sweep(*GRID, "--backbone", f"pt2:{package}", "--image-size", 96, "--detector", "patchead", "padim",
                   store="two", output="two", ranks=2)
        self.assertEqual(outcome(self.folder / "two"), outcome(self.folder / "pt296"))
        self.sweep(*GRID, "--backbone", f"pt2:{package}", "--image-size", 96, "--detector", "patchead", "padim",
                   store="two", output="again")
        self.assertEqual(run_state(self.folder / "again")["forwards"], 0)
        done = self.sweep(*GRID, "--backbone", f"pt2:{package}", "--image-size", 32, output="small", check=False)
        self.assertIn("from 64 px on", done.stderr)


if __name__ == "__main__":
    main()
