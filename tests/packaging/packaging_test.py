"""Recipes of scripts/packaging and the files that describe the program: they parse, they run as far
as they can be run without what they are for, and they agree with CMakeLists.txt and each other."""

import ast
import os
import pathlib
import re
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "jobs"))

import stand_ins  # noqa: E402
from running import PACKAGING, run, skip  # noqa: E402
from support import BINARY, MPIEXEC, SOURCE, FolderTest, main  # noqa: E402

SPACK = PACKAGING / "spack_repo/patchead/packages/patchead/package.py"
CMAKE = (SOURCE / "CMakeLists.txt").read_text()
VERSION = re.search(r"project\(patchead VERSION (\S+)", CMAKE).group(1)
EASYCONFIG, = PACKAGING.glob("*.eb")

# What CMakeLists.txt looks for: its name in Spack, and in EasyBuild.
LIBRARIES = {
    "MPI": ("mpi", "foss"), "HDF5": ("hdf5", "HDF5"), "Torch": ("py-torch", "PyTorch"),
    "OpenCV": ("opencv", "OpenCV"), "TIFF": ("libtiff", "LibTIFF"), "Boost": ("boost", "Boost"),
    "nlohmann_json": ("nlohmann-json", "nlohmann_json"), "OpenSSL": ("openssl", "OpenSSL"),
    "PkgConfig": ("pkgconfig", "pkgconf"), "fmt": ("fmt", "fmt"), "libisal": ("isa-l", "ISA-L")}
OF_THE_COMPILER = {"Threads", "OpenMP"}


def looked_for():
    found = re.findall(r"^find_package\((\w+)", CMAKE, re.M)
    return (set(found) | set(re.findall(r"IMPORTED_TARGET (\w+)", CMAKE))) - OF_THE_COMPILER


def run_python(file, names):
    """Executes `file`, which may use `names` and Python's own; returns what it defines."""
    exec(compile(ast.parse(file.read_text(), str(file)), str(file), "exec"), names)
    return names


class Spack(unittest.TestCase):
    def setUp(self):
        self.said = stand_ins.Recorder()
        with stand_ins.installed(stand_ins.spack(self.said, VERSION)):
            self.package = run_python(SPACK, {"__name__": "patchead"})["Patchead"]

    def test_version_and_licence(self):
        self.assertEqual(self.said.calls("version"), [((VERSION,), {})])
        self.assertEqual(self.said.calls("license"), [(("Apache-2.0",), {})])

    def test_depends_on_what_cmake_looks_for(self):
        depends = {re.match(r"[\w-]+", spec).group() for (spec,), _ in self.said.calls("depends_on")}
        for name in looked_for():
            self.assertIn(name, LIBRARIES, "a new library: say here what Spack and EasyBuild call it")
            self.assertIn(LIBRARIES[name][0], depends)

    def test_gpus_of_pytorch_are_those_that_were_asked_for(self):
        whens = {options["when"]: spec for (spec,), options in self.said.calls("depends_on")
                 if "when" in options}
        self.assertEqual(whens["~cuda"], "py-torch~cuda")
        self.assertEqual(whens["+cuda cuda_arch=90"], "py-torch+cuda cuda_arch=90")

    def test_options_are_those_of_cmake(self):
        arguments = self.package().cmake_args()
        self.assertIn("-DBUILD_TESTING=OFF", arguments)
        for argument in arguments:
            name = re.match(r"-D(\w+)=", argument).group(1)
            self.assertTrue(name == "BUILD_TESTING" or f"option({name} " in CMAKE, name)

    def test_its_own_test_reads_the_version(self):
        made = self.package()
        made.prefix = stand_ins.types.SimpleNamespace(bin=stand_ins.types.SimpleNamespace(patchead=""))
        made.spec = stand_ins.types.SimpleNamespace(version=VERSION)
        made.test_version()

    def test_repository_has_the_layout_of_spack_1(self):
        text = (SPACK.parents[2] / "repo.yaml").read_text()
        self.assertIn(f"namespace: {SPACK.parents[2].name}\n", text)
        self.assertRegex(text, r"api: v2\.\d")


class EasyBuild(unittest.TestCase):
    def setUp(self):
        constants = {"SOURCE_TAR_GZ": "%(name)s-%(version)s.tar.gz", "SYSTEM": "system"}
        self.said = run_python(EASYCONFIG, {"__builtins__": {}, **constants})
        # EasyBuild knows no other names; what is local to a file begins with "local_".
        known = {"easyblock", "name", "version", "versionsuffix", "homepage", "description",
                 "toolchain", "sources", "builddependencies", "dependencies", "configopts",
                 "sanity_check_paths", "sanity_check_commands", "modextrapaths", "moduleclass"}
        self.assertEqual(set(self.said) - {"__builtins__", *constants}, known)

    def test_file_is_named_as_easybuild_wants_it(self):
        chain = self.said["toolchain"]
        self.assertEqual(EASYCONFIG.name,
                         f"{self.said['name']}-{VERSION}-{chain['name']}-{chain['version']}"
                         f"{self.said['versionsuffix']}.eb")
        self.assertEqual(self.said["version"], VERSION)

    def test_depends_on_what_cmake_looks_for(self):
        depends = {entry[0] for kind in ("dependencies", "builddependencies")
                   for entry in self.said[kind]} | {self.said["toolchain"]["name"]}
        for name in looked_for():
            self.assertIn(name, LIBRARIES, "a new library: say here what Spack and EasyBuild call it")
            self.assertIn(LIBRARIES[name][1], depends)

    def test_looks_for_what_is_installed(self):
        for folder in self.said["sanity_check_paths"]["dirs"]:
            self.assertTrue((SOURCE / pathlib.Path(folder).name).is_dir() or
                            (SOURCE / "configs" / pathlib.Path(folder).name).is_dir(), folder)
        for command in self.said["sanity_check_commands"]:
            run(BINARY, *command.split()[1:])


class ModuleFile(FolderTest):
    def test_module_file_names_what_is_installed(self):
        tclsh = shutil.which("tclsh") or skip("there is no tclsh to read the module file")
        text = (PACKAGING / "patchead.modulefile.in").read_text()
        self.assertTrue(text.startswith("#%Module"), "or it is no module file")
        (self.folder / "file").write_text(
            text.replace("@PREFIX@", "/a prefix").replace("@VERSION@", VERSION))
        script = """
foreach name {module-whatis conflict prepend-path append-path setenv} {
    proc $name args "puts \\[join \\[concat $name \\$args\\] |\\]"
}
source file
ModulesHelp
"""
        said = run(tclsh, input=script, cwd=self.folder).stdout.splitlines()
        self.assertIn("prepend-path|PATH|/a prefix/bin", said)
        self.assertIn("prepend-path|MANPATH|/a prefix/share/man", said)
        self.assertIn("setenv|PATCHEAD_HOME|/a prefix/share/patchead", said)
        self.assertIn(VERSION, said[0])
        self.assertNotIn("@", re.sub(r"#.*", "", (self.folder / "file").read_text()))


class ReFrame(FolderTest):
    """The check's own command lines, and what it says of what they leave."""

    def setUp(self):
        super().setUp()
        modules, checks = stand_ins.reframe()
        with stand_ins.installed(modules):
            self.names = run_python(PACKAGING / "reframe_check.py", {"__name__": "check"})
        self.check, self.selftest = checks

    def run_check(self, kind, launcher="", more="--image-size 96 --seeds 0 --shots 1 --modules none"):
        check = kind()
        check.config = SOURCE / "configs/demo.cfg"
        check.more = more
        check.stagedir = self.folder / f"stage{len(list(self.folder.iterdir()))}"
        check.stagedir.mkdir()
        check.say_what_to_run()
        programs = self.folder / "bin"
        programs.mkdir(exist_ok=True)
        if not (programs / "patchead").exists():
            (programs / "patchead").symlink_to(BINARY)
        lines = [*getattr(check, "prerun_cmds", []), " ".join([launcher, check.executable,
                                               *map(str, check.executable_opts)])]
        run("bash", "-ec", "\n".join(lines), cwd=check.stagedir,
            env={**os.environ, **check.env_vars, "PATH": f"{programs}:{os.environ['PATH']}"})
        return check

    def test_table_of_two_ranks_has_the_digest_of_one(self):
        alone = self.run_check(self.names["OneRank"])
        self.assertTrue(alone.table_is_there())
        both = self.run_check(self.check, launcher=f"{MPIEXEC} -n 2")
        both.one_rank = alone
        self.assertTrue(both.table_has_the_digest_of_one_rank())
        self.assertGreater(both.images_per_second(), 0)
        self.assertTrue(0 < both.efficiency() <= 1, both.efficiency())
        self.assertEqual(both.run_json()["ranks"], 2)
        both.digest = "0" * 64
        with self.assertRaisesRegex(stand_ins.SanityError, "not 0000"):
            both.table_has_the_digest_of_one_rank()
        both.digest = ""
        with open(both.file("results.csv"), "ab") as file:
            file.write(b"\n")
        with self.assertRaisesRegex(stand_ins.SanityError, "differs from one rank's"):
            both.table_has_the_digest_of_one_rank()

    def test_selftest_of_two_ranks(self):
        check = self.run_check(self.selftest, launcher=f"{MPIEXEC} -n 2",
                               more="--precision fp32 --image-size 56 --batch 1")
        self.assertTrue(check.all_checks_passed())
        self.assertGreater(check.images_per_second(), 0)
        file = check.stagedir / "selftest.json"
        file.write_text(file.read_text().replace('"failed"', '"x"').replace('"passed"', '"failed"'))
        with self.assertRaisesRegex(stand_ins.SanityError, "mae in fp32"):
            check.all_checks_passed()


if __name__ == "__main__":
    main()
