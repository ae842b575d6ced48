"""`cmake --install`, moved, without the source and build trees: everything is found where it is."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "jobs"))

from support import BINARY, SOURCE, FolderTest, main  # noqa: E402

BUILD = pathlib.Path(BINARY).resolve().parent
FEW = ["--train", 4, "--test-good", 3, "--per-defect", 2]  # Images of the demo.


def can_hide():
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0


class Install(FolderTest):
    @classmethod
    def setUpClass(cls):
        if not can_hide():
            print("SKIPPED: only root can hide the source tree (unshare --mount)", file=sys.stderr)
            raise unittest.SkipTest("no mount namespace")
        super().setUpClass()
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="patchead-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.place)
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.place / "first"], check=True,
                       capture_output=True, text=True)
        cls.prefix = cls.place / "moved/prefix"
        cls.prefix.parent.mkdir()
        (cls.place / "first").rename(cls.prefix)
        cls.share = cls.prefix / "share/patchead"

    def run_hidden(self, *command, check=True, **environment):
        """Runs it where there is neither source nor build tree."""
        hide = f"mount -t tmpfs none '{SOURCE}'"
        if not BUILD.is_relative_to(SOURCE):
            hide += f" && mount -t tmpfs none '{BUILD}'"
        kept = {key: value for key, value in os.environ.items()
                if not key.startswith("PATCHEAD_") and key != "PYTHONPATH"}
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", hide + ' && cd "$1" && shift && exec "$@"', "sh",
             self.folder, *map(str, command)], capture_output=True, text=True, timeout=600,
            env={**kept, **{key: str(value) for key, value in environment.items()}})
        if check:
            self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
        return done

    def patchead(self, *words, **more):
        return self.run_hidden(self.prefix / "bin/patchead", *words, **more)

    def test_a_first_evening_from_a_moved_prefix(self):
        self.assertFalse(pathlib.Path(self.run_hidden("ls", "-A", SOURCE).stdout.strip()).parts)
        self.assertIn("all well", self.patchead("doctor").stdout)
        self.patchead("demo-data", "--output", "data", "--side", 96, *FEW)
        self.patchead("sweep", "--config", self.share / "configs/demo.cfg", "--data-root", "data",
                      "--store", "store", "--output", "run", "--image-size", 96, "--seeds", 0,
                      "--shots", 0, 1, "--maps", 2)
        done = self.patchead("report", "run", "--html", "--figures")
        self.assertIn("make_report.py is run by", done.stderr)
        for file in ("report/index.html", "results.csv", "results.h5"):
            self.assertTrue((self.folder / "run" / file).stat().st_size, file)
        self.assertTrue(list((self.folder / "run/figures").glob("*.png")))
        self.run_hidden(sys.executable, self.prefix / "libexec/patchead/analysis/example.py", "run")

    def test_selftest_finds_its_fixtures(self):
        done = self.patchead("selftest", "--device", "cpu", "--precision", "fp32", "--image-size", 56,
                             "--batch", 1)
        self.assertIn("selftest passed", done.stdout)
        self.assertIn("dinov3 in bf16", done.stdout)

    def test_batch_scripts_find_program_and_profile(self):
        done = self.run_hidden("bash", "-c", f"home='{self.share}'; . '{self.share}/slurm/home.sh' && "
                               "echo $PATCHEAD_RANKS_PER_NODE && $patchead --version")
        self.assertRegex(done.stdout, r"^\d+\npatchead ")

    def test_help_says_more_when_it_is_asked_to(self):
        short = self.patchead("help", "sweep").stdout
        long = self.patchead("sweep", "--help-all").stdout
        self.assertEqual(short.count("\n  patchead sweep ") + short.count("\n  mpirun "), 3)
        self.assertLess(short.count("\n"), 50)
        self.assertNotIn("--metric", short)
        self.assertGreater(long.count("\n  --"), short.count("\n  --") + 20)

    def test_bash_completes_commands_parts_and_options(self):
        file = self.prefix / "share/bash-completion/completions/patchead"

        def complete(*words):
            typed = " ".join(f"'{word}'" for word in words)
            return self.run_hidden(
                "bash", "-c", f". '{file}'; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; "
                "_patchead; echo ${COMPREPLY[@]}").stdout.split()
        self.assertEqual(complete("patchead", "swe"), ["sweep"])
        self.assertEqual(complete("patchead", "sweep", "--sto"), ["--store", "--store-limit"])
        self.assertEqual(complete("patchead", "store", ""), ["ls", "gc", "verify"])
        self.assertEqual(complete("patchead", "store", "gc", "STORE", "--li"), ["--limit"])
        self.assertEqual(complete("patchead", "sweep", "--config", "dem"), [], "a file's name")

    def test_zsh_and_man_can_read_theirs(self):
        options = self.patchead("sweep", "--help-all").stdout
        zsh = (self.prefix / "share/zsh/site-functions/_patchead").read_text()
        man = (self.prefix / "share/man/man1/patchead.1").read_text()
        self.assertTrue(zsh.startswith("#compdef patchead\n"))
        for name in ("--data-root", "--store", "--mask-resize"):
            self.assertIn(name, options)
            self.assertIn(f"'*{name}[", zsh)
            self.assertIn(name.replace("-", "\\-"), man)
        for program, file in (("zsh", "share/zsh/site-functions/_patchead"),
                              ("groff", "share/man/man1/patchead.1")):
            if shutil.which(program):
                flags = {"zsh": ["-n"], "groff": ["-man", "-ww", "-z"]}[program]
                done = self.run_hidden(program, *flags, self.prefix / file)
                self.assertEqual(done.stderr, "")

    def test_a_copied_binary_says_what_it_lacks(self):
        lone = self.folder / "lone"
        shutil.copy(self.prefix / "bin/patchead", lone)
        self.patchead("demo-data", "--output", "data", "--side", 64, *FEW)
        sweep = [lone, "sweep", "--data-root", "data", "--dataset", "mvtec-like", "--category", "fabric",
                 "--image-size", 64, "--shots", 1, "--seeds", 0, "--store", "store", "--output", "run"]
        done = self.run_hidden(*sweep, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("patchead_tiny/model.safetensors is not at hand", done.stderr)
        self.run_hidden(*sweep, PATCHEAD_HOME=self.prefix)
        done = self.run_hidden(lone, "report", "run", "--html", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("'analysis/make_report.py' is not at hand", done.stderr)
        self.assertIn("PATCHEAD_HOME", done.stderr)



if __name__ == "__main__":
    main()
