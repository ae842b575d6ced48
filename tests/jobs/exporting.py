"""What the tests of exported encoders share."""

import json
import os
import re
import runpy
import subprocess
import sys
import tempfile
import traceback
import unittest

import numpy as np

try:
    import torch  # noqa: F401: loaded once, for all exports.
except ImportError:
    torch = None

from support import SOURCE, FolderTest, patchead

SCRIPT = SOURCE / "analysis/export_torchscript.py"
SUPPORT = SOURCE / "tests/support"
GOLDEN = SOURCE / "tests/data/parity"
MAE = GOLDEN / "mae/native_64"
DINOV2 = GOLDEN / "dinov2_reg/down_56x70"
NORMALISATION = ["--mean", 0.485, 0.456, 0.406, "--std", 0.229, 0.224, 0.225]
TINY = SOURCE / "configs/backbones/patchead_tiny/model.safetensors"


def run_as_main(script, arguments, environment):
    """Exit code of `script` in this process, as if Python had been started with it."""
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(script), *arguments]
    sys.path[0:0] = [str(script.parent), *environment["PYTHONPATH"].split(os.pathsep)]
    try:
        runpy.run_path(str(script), run_name="__main__")
    except SystemExit as end:
        if not isinstance(end.code, (int, type(None))):
            print(end.code, file=sys.stderr)
            return 1
        return end.code or 0
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def forked_python(script, arguments, environment):
    """The finished process of `script`: a fork of this one, which has loaded PyTorch."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
                code = run_as_main(script, arguments, environment)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)  # Not on into the tests.
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess([str(script), *arguments], code, output.read(), errors.read())


class ExportTest(FolderTest):
    @classmethod
    def setUpClass(cls):
        if torch is None:
            print(f"SKIPPED: {sys.executable} has no torch (scripts/bootstrap)", file=sys.stderr)
            raise unittest.SkipTest("no torch")
        super().setUpClass()

    def export(self, source, name, *options, paths=(), check=True, start=False, end=".pt", **environment):
        """Runs the exporter, in a Python of its own if `start`; the module's path, or the finished process unless
        `check`."""
        output = self.folder / f"{name}{end}"
        arguments = [source, str(output), *map(str, options)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (SUPPORT, *paths))),
                       "PYTHONDONTWRITEBYTECODE": "1", **{key: str(value) for key, value in environment.items()}}
        done = subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, timeout=300,
                              env=environment) if start else forked_python(SCRIPT, arguments, environment)
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
        found = re.findall(r"^ok .* worst (\S+) of 1e-04 in \S+, (\S+) of 1e-05 in \S+$", text, re.M)
        self.assertTrue(found, text)
        return np.array(found, float).max(0)


def describe(module):
    return json.loads(module.with_suffix(".json").read_text())
