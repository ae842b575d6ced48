"""What the tests of recipes share."""

import os
import pathlib
import subprocess
import sys
import unittest

PACKAGING = pathlib.Path(os.environ["PATCHEAD_SOURCE_DIR"]) / "scripts/packaging"


def run(*command, code=0, **options):
    """The finished process; what it says if it does not end with `code`."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != code:
        raise AssertionError(f"{command} exited with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


def skip(why):
    print(f"SKIPPED: {why}", file=sys.stderr)
    raise unittest.SkipTest(why)
