#!/usr/bin/env python3
"""The checks beside this file see what they are there for: faults planted in a copy of the tree."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
ROOT = pathlib.Path(sys.argv.pop(1) if sys.argv[1:2] and sys.argv[1][0] != "-" else HERE.parents[1])
POINT = "struct Point {\n    double x = 0;\n};\n"
# Nothing here is a second meaning of a name.
HARMLESS = """#include <string>

namespace patchead {
struct Point;  // Said to be somewhere: struct Point {};
const char* const kText = "struct Point {"; /* struct Point {}; */
#define POINT struct Point {};
struct HasPoint {
    struct Point {};
    std::string sha256(std::string_view text);
};
std::string sha256(std::string_view text, int times);
namespace {
struct Point {};
std::string sha256(std::string_view text) { return R"x(struct Point {)x" + std::string(text); }
}  // namespace
static std::string fnv1a(std::string_view text) { return std::string(text); }
}  // namespace patchead
"""


def inside(namespace: str, text: str) -> str:
    return f"namespace {namespace} {{\n{text}}}  // namespace {namespace}\n"


class Planted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.tree = pathlib.Path(cls.temporary.name) / "tree"
        for folder in ("include", "src", "jobs"):
            shutil.copytree(ROOT / folder, cls.tree / folder)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def run_check(self, check: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, HERE / check, self.tree], capture_output=True,
                              text=True)

    def check_planted(self, check: str, files: dict[str, str], named: str | None = None) -> None:
        """Plants `files`; `check` must refuse and name the last of them, or `named`."""
        done = self.plant(check, files)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn((named or list(files)[-1]) + ":", done.stdout)

    def plant(self, check: str, files: dict[str, str]) -> subprocess.CompletedProcess:
        for name, text in files.items():
            self.assertFalse((self.tree / name).exists())
            (self.tree / name).write_text(text)
            self.addCleanup((self.tree / name).unlink)
        done = self.run_check(check)
        self.assertEqual(done.stderr, "")
        return done

    def test_the_tree_itself_passes(self):
        for check in ("check_includes.py", "check_names.py", "check_sizes.py"):
            done = self.run_check(check)
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)

    def test_a_second_type_in_a_private_header(self):
        self.check_planted("check_names.py", {
            "src/metrics/planted.hpp": inside("patchead::inline metrics_detail", POINT)})

    def test_a_second_type_in_a_public_header(self):
        self.check_planted("check_names.py", {
            "include/patchead/metrics/planted.hpp": inside("patchead", POINT)})

    def test_a_second_type_in_a_source(self):
        self.check_planted("check_names.py", {
            "src/metrics/planted.cpp": inside("patchead", "enum class Point { here };\n")})

    def test_a_second_type_in_the_same_layer(self):
        self.check_planted("check_names.py", {
            "src/metrics/planted.hpp": inside("patchead::inline metrics_detail",
                                              "using Planted = int;\n"),
            "src/metrics/planted_too.hpp": inside("patchead::metrics_detail::deep",
                                                  "template <class T>\nclass Planted final {};\n")})

    def test_a_second_function_of_the_same_parameters(self):
        self.check_planted("check_names.py", {
            "src/metrics/planted.cpp": inside("patchead", "[[nodiscard]] inline std::string sha256("
                                              "const std::string_view words = {}) { return {}; }")})

    def test_a_second_function_template(self):
        self.check_planted("check_names.py", {
            "src/plan/planted.cpp": inside("patchead", "template <class A>\nint twice(A&& a);\n"),
            "src/pipeline/planted.cpp": inside("patchead", "template <typename Other>\n"
                                               "int twice(Other&& other) { return 2; }\n")})

    def test_a_private_header_in_the_namespace_of_all(self):
        self.check_planted("check_names.py", {
            "src/metrics/planted.hpp": inside("patchead", "struct Planted {};\n")})

    def test_a_private_header_in_the_namespace_of_another_layer(self):
        self.check_planted("check_names.py", {
            "src/metrics/planted.hpp": inside("patchead::inline plan_detail", "int planted();\n")})

    def test_what_is_no_second_meaning(self):
        done = self.plant("check_names.py", {"src/metrics/planted.cpp": HARMLESS})
        self.assertNotIn("planted", done.stdout)

    def test_source_that_cannot_be_followed(self):
        self.check_planted("check_names.py", {"src/metrics/planted.cpp": "namespace patchead {\n"})

    def test_forbidden_includes(self):
        for name, include in (("src/plan/planted.cpp", '"patchead/pipeline/worker.hpp"'),
                              ("src/report/planted.cpp", "<opencv2/core.hpp>"),
                              ("include/patchead/core/planted.hpp", "<openssl/evp.h>"),
                              ("jobs/planted.cpp", "<nlohmann/json.hpp>"),
                              ("src/plan/planted.cpp", '"judge.hpp"'),
                              ("src/plan/planted.cpp", '"alignment/judge.hpp"'),
                              ("src/plan/planted.cpp", '"../alignment/judge.hpp"'),
                              ("jobs/planted.cpp", '"judge.hpp"'),
                              ("src/engine/planted.cpp", '"options/parse_options.hpp"'),
                              ("include/patchead/alignment/planted.hpp", '"judge.hpp"')):
            with self.subTest(name=name, include=include):
                self.check_planted("check_includes.py", {name: f"#include {include}\n"})
                self.doCleanups()

    def test_sizes(self):
        for name, text in (("src/plan/planted.cpp", "\n" * 301),
                           ("src/plan/planted.hpp", "\n" * 151),
                           ("jobs/planted.cpp", "\n" * 151),
                           ("src/plan/planted.cpp", "void planted() {\n" + "\n" * 60 + "}\n"),
                           ("jobs/planted.cpp", "#include <thread>\n")):
            with self.subTest(name=name, text=text[:20]):
                self.check_planted("check_sizes.py", {name: text})
                self.doCleanups()

    def test_long_walks_and_circles_in_jobs(self):
        walk = {f"jobs/planted{k}.hpp": f'#include "planted{k + 1}.hpp"\n' for k in range(6)}
        self.check_planted("check_sizes.py", {**walk, "jobs/planted6.hpp": ""}, "jobs/planted0")
        self.doCleanups()
        self.check_planted("check_sizes.py", {"jobs/planted0.hpp": '#include "planted1.hpp"\n',
                                              "jobs/planted1.hpp": '#include "planted0.hpp"\n'},
                           "jobs/planted1")


if __name__ == "__main__":
    unittest.main()
