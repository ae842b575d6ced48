"""The recipes for containers: what they install, build and call."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "jobs"))

from running import PACKAGING, run, skip  # noqa: E402
from support import SOURCE, FolderTest, main  # noqa: E402


class Containers(FolderTest):
    # Stand-ins that write down how they are called; a prefix gets a program that does nothing.
    PROGRAM = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case "$(basename "$0") $*" in
  sudo*) exec "$@" ;;
  dpkg-query*) echo not-installed ;;
  apt-cache*)
    shift
    for name; do
      case " $UNKNOWN " in
        *" $name "*) printf '%s:\\n  Candidate: (none)\\n' "$name" ;;
        *) printf '%s:\\n  Installed: (none)\\n  Candidate: 1.0\\n' "$name" ;;
      esac
    done ;;
  # An empty prefix would be the machine's own.
  "cmake --install"*) mkdir -p "${4:?}/bin"; cp "$0" "$4/bin/patchead" ;;
  "python3 -m venv"*) mkdir -p "${4:?}/bin"; cp "$0" "$4/bin/pip"; cp "$0" "$4/bin/python3" ;;
  "python3 -c"*) echo /where/torch/is ;;
esac
"""

    def calls(self, *command, unknown="", code=0):
        """How `command`, which ends with `code`, calls what would install and build; apt knows no `unknown`."""
        tools, log = self.folder / "tools", self.folder / "calls"
        tools.mkdir(exist_ok=True)
        for name in ("apt-get", "apt-cache", "dpkg-query", "sudo", "cmake", "python3"):
            (tools / name).write_text(self.PROGRAM)
            (tools / name).chmod(0o755)
        log.write_text("")
        self.done = run(*command, code=code, env={
            "PATH": f"{tools}:/usr/bin:/bin", "CALLS": str(log), "PATCHEAD_JOBS": "3",
            "UNKNOWN": unknown, "PATCHEAD_TORCH": str(self.folder / "torch")})
        return log.read_text().splitlines()

    def packages(self, calls):
        line, = (call for call in calls if call.startswith("apt-get install"))
        return {word for word in line.split()[2:] if not word.startswith("-")}

    def test_packages_are_those_of_bootstrap(self):
        everything = self.packages(self.calls(SOURCE / "scripts/bootstrap"))
        without = self.packages(self.calls(SOURCE / "scripts/bootstrap", "--without", "tests"))
        installed = self.packages(self.calls(PACKAGING / "install", self.folder / "prefix"))
        self.assertEqual(installed, without)
        self.assertLess(without, everything)
        self.assertIn("libtorch-dev", without)
        self.assertFalse({"libgtest-dev", "slurm-wlm", "chromium"} & without)
        for recipe in ("install", "Dockerfile", "patchead.def"):
            commands = re.sub(r"#.*", "", (PACKAGING / recipe).read_text())
            self.assertNotIn("apt-get", commands, f"{recipe} lists packages a second time")

    def test_names_of_another_system_are_tried_and_what_apt_has_not_is_said(self):
        packages = self.packages(self.calls(SOURCE / "scripts/bootstrap", unknown="chromium libisal-dev"))
        self.assertIn("chromium-browser", packages)
        self.assertFalse({"chromium", "libisal-dev", "chromium-chromedriver"} & packages)
        self.assertRegex(self.done.stderr, r"cannot install: libisal-dev \*")
        self.calls(SOURCE / "scripts/bootstrap", unknown="libtorch-dev", code=1)
        self.assertIn("--without torch", self.done.stderr)

    def test_configures_builds_and_installs(self):
        calls = self.calls(PACKAGING / "install", self.folder / "prefix")
        configure, build, install = (call for call in calls if call.startswith("cmake "))
        folder = re.match(r"cmake --preset release -B (\S+) -DBUILD_TESTING=OFF ", configure).group(1)
        self.assertEqual(build, f"cmake --build {folder} --target patchead --parallel 3")
        self.assertEqual(install, f"cmake --install {folder} --prefix {self.folder}/prefix")
        self.assertEqual(calls[-1], "patchead --version")
        self.assertFalse(pathlib.Path(folder).exists())

    def test_libtorch_of_a_wheel_instead_of_the_systems(self):
        calls = self.calls(PACKAGING / "install", self.folder / "prefix", "--torch-wheel", "INDEX")
        packages = self.packages(calls)
        self.assertFalse({"libtorch-dev", "python3-torch"} & packages)
        self.assertIn("python3-venv", packages)
        self.assertTrue(any(re.match(r"pip install .*--index-url INDEX torch==", call) for call in calls))
        self.assertTrue(any(call.endswith("-DCMAKE_PREFIX_PATH=/where/torch/is") for call in calls))

    def test_recipes_call_the_same_script_with_both_kinds_of_libtorch(self):
        for recipe in ("Dockerfile", "patchead.def"):
            text = (PACKAGING / recipe).read_text()
            called = re.findall(r"/usr/src/patchead/(\S+) /usr/local", text)
            self.assertEqual(set(called), {"scripts/packaging/install"}, recipe)
            self.assertIn("--torch-wheel", text)
            self.assertRegex(text, r"(?m)^(COPY|    )? ?\. /usr/src/patchead$")
            self.assertRegex(text, r"BASE=debian:1[23]-slim")
            for option in re.findall(r"--build-arg (\w+)=", text):
                self.assertRegex(text, rf"(?m)^(ARG|   ) {option}=", f"{recipe} has no {option}")

    def test_dockerfile_has_only_instructions(self):
        joined = re.sub(r"\\\n", " ", (PACKAGING / "Dockerfile").read_text())
        words = [line.split()[0] for line in joined.splitlines() if line and not line.startswith("#")]
        self.assertLessEqual(set(words), {"ARG", "FROM", "COPY", "RUN", "USER", "WORKDIR",
                                          "ENTRYPOINT", "CMD"})

    def test_shell_in_the_definition_is_right(self):
        parts = re.split(r"(?m)^%(\w+)$", (PACKAGING / "patchead.def").read_text())
        sections = dict(zip(parts[1::2], parts[2::2]))
        self.assertEqual(set(sections), {"arguments", "files", "post", "environment", "runscript",
                                         "test", "help"})
        for name in ("post", "environment", "runscript", "test"):
            run("sh", "-n", input=sections[name])


if __name__ == "__main__":
    main()
