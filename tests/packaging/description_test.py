"""The files that describe the program to others parse, and agree with CMakeLists.txt, with each
other, and with what is there."""

import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "jobs"))

from support import SOURCE, main, patchead, require_shared  # noqa: E402

VERSION = re.search(r"project\(patchead VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text()).group(1)
RECIPES = SOURCE / "scripts/packaging"


def citation():
    try:
        import yaml
    except ImportError:
        print("SKIPPED: there is no YAML parser (python3-yaml)", file=sys.stderr)
        raise unittest.SkipTest("no python3-yaml")
    return yaml.safe_load((SOURCE / "CITATION.cff").read_text())


def codemeta():
    return json.loads((SOURCE / "codemeta.json").read_text())


class Descriptions(unittest.TestCase):
    def test_citation_has_what_its_schema_wants(self):
        read = citation()
        self.assertEqual(read["cff-version"], "1.2.0")
        # Required by the schema, and all else that may stand at the top of one of software.
        self.assertLessEqual({"cff-version", "message", "title", "authors"}, set(read))
        self.assertLessEqual(set(read), {
            "cff-version", "message", "title", "authors", "type", "abstract", "version", "license",
            "keywords", "references", "contact", "date-released", "doi", "repository-code", "url"})
        self.assertEqual(read["type"], "software")
        for person in read["authors"] + read["references"][0]["authors"]:
            self.assertLessEqual(set(person), {"name", "family-names", "given-names", "affiliation",
                                               "orcid"})
        self.assertLessEqual({"type", "title", "authors"}, set(read["references"][0]))

    def test_versions_and_licence_agree(self):
        self.assertEqual(codemeta()["version"], VERSION)
        self.assertIn(f"patchead {VERSION} ", patchead("--version").stdout)
        self.assertIn("Apache License\n", (SOURCE / "LICENSE").read_text())
        self.assertTrue(codemeta()["license"].endswith("/Apache-2.0"))
        read = citation()
        self.assertEqual((str(read["version"]), read["license"]), (VERSION, "Apache-2.0"))

    def test_citation_and_codemeta_say_the_same(self):
        read, meta = citation(), codemeta()
        self.assertTrue(read["title"].startswith(meta["name"]))
        self.assertEqual(read["abstract"], meta["description"])
        self.assertEqual(read["keywords"], meta["keywords"])
        self.assertEqual([one["name"] for one in read["authors"]], [one["name"] for one in meta["author"]])
        paper, = read["references"]
        self.assertEqual(paper["title"], meta["referencePublication"]["name"])
        self.assertEqual(
            [(one["given-names"], one["family-names"], one["affiliation"]) for one in paper["authors"]],
            [(one["givenName"], one["familyName"], one["affiliation"]["name"])
             for one in meta["referencePublication"]["author"]])

    def test_paper_is_cited_as_it_calls_itself(self):
        text = require_shared("paper", "patchead.txt").read_text()
        paper = codemeta()["referencePublication"]
        self.assertIn(f"\n{paper['name']}\n", text)
        names = [f"{one['givenName']} {one['familyName']}" for one in paper["author"]]
        byline = next(line for line in text.splitlines() if line.startswith(names[0]))
        self.assertEqual([name.strip() for name in re.split(r"[¹²]", byline) if name.strip()], names)

    def test_codemeta_is_of_a_version_that_there_is(self):
        self.assertIn(codemeta()["@context"], ["https://w3id.org/codemeta/3.0"])
        self.assertEqual(codemeta()["@type"], "SoftwareSourceCode")

    def test_every_file_that_a_recipe_names_is_there(self):
        files = [path for path in RECIPES.rglob("*")
                 if path.is_file() and path.suffix != ".pyc"] + [SOURCE / "SECURITY.md"]
        self.assertGreater(len(files), 7)
        for file in files:
            text = file.read_text()
            named = re.findall(r"(?<![\w/])((?:scripts|docs|configs|analysis|slurm|tests)/[\w./*-]*[\w*])", text)
            named += [f"configs/{name}" for name in re.findall(r"share/patchead/configs/([\w.]+)", text)]
            for name in named:
                self.assertTrue(list(SOURCE.glob(name)), f"{file.name} names {name}")
            for link in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text):
                self.assertTrue((file.parent / link).exists(), f"{file.name} links to {link}")

    def test_readme_has_a_row_for_every_recipe(self):
        text = (RECIPES / "README.md").read_text()
        for path in RECIPES.iterdir():
            if path.name not in ("README.md", "__pycache__"):
                self.assertRegex(text, rf"(?m)^\| `{re.escape(path.name)}[`/]")

    def test_recipes_name_no_persons_and_hardly_an_address(self):
        """What is not known is left out: no address of this repository, no DOI, no e-mail."""
        known = ("https://download.pytorch.org/whl/", "https://w3id.org/codemeta/",
                 "https://spdx.org/licenses/")
        for file in (*RECIPES.rglob("*.*"), *map(SOURCE.joinpath, (
                "CITATION.cff", "codemeta.json", "SECURITY.md"))):
            if file.is_file() and file.suffix != ".pyc":
                text = file.read_text()
                self.assertFalse(re.findall(r"[\w.]+@[\w-]+\.[a-z]{2,}", text), file.name)
                for address in re.findall(r"https?://\S+", text):
                    self.assertTrue(address.startswith(known), f"{file.name}: {address}")


if __name__ == "__main__":
    main()
