"""What the tests of exported encoders share."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import unittest

import numpy as np

from support import SOURCE, FolderTest, patchead

SCRIPT = SOURCE / "analysis/export_torchscript.py"
SUPPORT = SOURCE / "tests/support"
GOLDEN = SOURCE / "tests/data/parity"
MAE = GOLDEN / "mae/native_64"
DINOV2 = GOLDEN / "dinov2_reg/down_56x70"
NORMALISATION = ["--mean", 0.485, 0.456, 0.406, "--std", 0.229, 0.224, 0.225]
TINY = SOURCE / "configs/backbones/patchead_tiny/model.safetensors"


class ExportTest(FolderTest):
    @classmethod
    def setUpClass(cls):
        if importlib.util.find_spec("torch") is None:
            print(f"SKIPPED: {sys.executable} has no torch (scripts/bootstrap)", file=sys.stderr)
            raise unittest.SkipTest("no torch")
        super().setUpClass()

    def export(self, source, name, *options, paths=(), check=True, **environment):
        """Runs the exporter; the module's path, or the finished process unless `check`."""
        path = os.pathsep.join(map(str, (SUPPORT, *paths)))
        output = self.folder / f"{name}.pt"
        done = subprocess.run(
            [sys.executable, SCRIPT, source, output, *map(str, options)], capture_output=True,
            text=True, timeout=300,
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1",
                 **{key: str(value) for key, value in environment.items()}})
        if not check:
            return done
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.messages = done.stderr
        return output

    def export_plain(self, name, weights, heads, patch, side, *options):
        return self.export("plain_network:load", name, "--arg", f"weights={weights}", "--arg",
                           f"heads={heads}", "--patch-size", patch, "--image-size", side,
                           *NORMALISATION, *options)

    def verify(self, fixture, *options):
        """Largest differences (tokens, attention) from upstream; all must pass."""
        text = patchead("verify-backbone", fixture, *options).stdout
        found = re.findall(r"^ok .* tokens (\S+) +attention (\S+)$", text, re.M)
        self.assertTrue(found, text)
        return np.array(found, float).max(0)


def describe(module):
    return json.loads(module.with_suffix(".json").read_text())
