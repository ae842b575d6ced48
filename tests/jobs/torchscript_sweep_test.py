"""An exported encoder in whole sweeps: the numbers of the native one, and refusals before any work."""

import json
import re

import h5py
import numpy as np

from exporting import NORMALISATION, TINY, ExportTest
from support import DemoTest, main, rows


class Sweep(ExportTest, DemoTest):
    """The built-in backbone as a module of one's own, through a whole sweep."""

    QUICK = ["--image-size", 96, "--shots", 0, 1, "--seeds", 0, "--cache-dtype", "fp32"]

    def tiny(self, name="tiny", *options):
        return self.export_plain(name, TINY, 3, 16, 224, *options)

    def features(self):
        """Image -> its features in the store, of each backbone by its family."""
        found = {}
        for path in (self.folder / "store/features").rglob("*.h5"):
            with h5py.File(path) as file:
                family = json.loads(file.attrs["key"])["backbone.family"]
                for name, tokens, rows_ in zip(file["ids"], file["embeddings"], file["attention"]):
                    found.setdefault(family, {})[name] = (tokens, rows_)
        return found

    def test_features_and_results_are_those_of_the_native_network(self):
        module = self.tiny()
        self.sweep(*self.QUICK, "--modules", "none", "mask", "--backbone", "patchead_tiny",
                   f"torchscript:{module}", ranks=2)
        features = self.features()
        native, own = features["mae"], features["torchscript"]
        self.assertEqual(native.keys(), own.keys())
        for part, limit in ((0, 1e-4), (1, 1e-5)):
            worst = max(np.abs(native[name][part] - own[name][part]).max() for name in native)
            print(f"largest difference of {('embeddings', 'attention')[part]}: {worst:.1e}")
            self.assertLessEqual(worst, limit)
        table = rows(self.folder / "output")
        values = {name: [float(row["value"]) for row in table if row["backbone"] == name]
                  for name in ("patchead_tiny", "torchscript:tiny")}
        self.assertEqual(len(values["patchead_tiny"]), 3 * 2 * 2 * 8)
        np.testing.assert_allclose(values["torchscript:tiny"], values["patchead_tiny"], atol=0.002)

    def test_the_key_holds_module_and_description(self):
        module = self.tiny()
        run = ["--category", "fabric", *self.QUICK, "--backbone", f"torchscript:{module}"]

        def forwards():
            return int(re.search(r"(\d+) forwards, ", self.sweep(*run).stderr)[1])
        images = forwards()
        self.assertGreater(images, 5)
        self.assertEqual(forwards(), 0, "all is in the store")
        description = module.with_suffix(".json")
        description.write_text(description.read_text() + "\n")
        self.assertEqual(forwards(), images)
        text = description.read_text()
        self.export_plain("tiny", TINY, 6, 16, 224)
        self.assertNotEqual(forwards(), 0)
        description.write_text(text)
        self.assertEqual(forwards(), images, "other code beside the same description")

    def test_masking_without_attention_is_refused(self):
        module = self.export("plain_network:load_tokens_only", "tokens", "--arg",
                             f"weights={TINY}", "--arg", "heads=3", "--patch-size", 16,
                             "--image-size", 224, *NORMALISATION)
        run = [*self.QUICK, "--category", "fabric", "--backbone", f"torchscript:{module}"]
        done = self.sweep(*run, "--modules", "none", "mask", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("'torchscript:tokens' gives no class-token attention (masking needs it)",
                      done.stderr)
        self.assertFalse(list((self.folder / "store").rglob("*.h5")), "said before any work")
        self.sweep(*run, "--modules", "none")
        self.assertFalse([row for row in rows(self.folder / "output") if row["value"] == "nan"])

    def test_a_size_that_the_module_cannot_take_is_refused_before_any_work(self):
        module = self.tiny()
        description = module.with_suffix(".json")
        description.write_text(description.read_text().replace('"fixed_size": false',
                                                               '"fixed_size": true'))
        done = self.sweep(*self.QUICK, "--backbone", f"torchscript:{module}", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("it takes 224 px only", done.stderr)
        self.assertFalse(list((self.folder / "store").rglob("*.h5")))

    def test_two_modules_of_one_name_are_refused(self):
        module = self.tiny()
        (self.folder / "other").mkdir()
        for file in (module, module.with_suffix(".json")):
            (self.folder / "other" / file.name).write_bytes(file.read_bytes())
        twice = [f"torchscript:{module}", f"torchscript:{self.folder / 'other' / module.name}"]
        done = self.sweep(*self.QUICK, "--backbone", *twice, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("two backbones are called 'torchscript:tiny'", done.stderr)

    def test_a_path_may_be_relative(self):
        module = self.tiny()
        self.sweep(*self.QUICK, "--category", "fabric", "--backbone",
                   f"torchscript:{module.name}", cwd=self.folder, ranks=2)
        self.assertEqual({row["backbone"] for row in rows(self.folder / "output")},
                         {"torchscript:tiny"})

    def test_wrong_files_are_refused_in_one_message(self):
        module = self.tiny()
        description = module.with_suffix(".json")
        whole = description.read_text()

        def refusal(*options, name=module):
            done = self.sweep(*self.QUICK, "--backbone", f"torchscript:{name}", *options,
                              check=False)
            self.assertEqual(done.returncode, 1)
            messages = [line for line in done.stderr.splitlines() if line]
            self.assertEqual(len(messages), 1, done.stderr)
            return messages[0]
        self.assertIn("nowhere.pt", refusal(name=self.folder / "nowhere.pt"))
        description.write_text(whole.replace("patch_px", "patch_pxx"))
        self.assertIn("did you mean 'patch_px'", refusal())
        description.write_text(whole[:-10])
        self.assertIn("tiny.json' (it is not JSON)", refusal())
        description.unlink()
        self.assertIn("no description", refusal())
        description.write_text(whole)
        self.assertIn("multiple of 16", refusal("--image-size", 100))
        self.assertIn("no named options", refusal("--backbone-option", "torchscript:tiny:heads=3"))
        self.assertIn("'torchscript:tyny'", refusal("--weights", "torchscript:tyny=x.pt"))
        module.write_bytes(module.read_bytes()[:1000])
        self.assertIn("cannot be loaded", refusal())


if __name__ == "__main__":
    main()
