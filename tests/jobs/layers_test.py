"""Layers and image tokens in the store: what they are, that they change nothing else, and who they serve."""

import json
import shutil

import h5py
import numpy as np

from support import DemoTest, main, outcome, patchead, run_state

GRID = ["--category", "fabric", "--image-size", 64, "--shots", 0, 1, "--seeds", 0, "--batch-size", 8]
ALIGNED = [*GRID, "--modules", "none", "align", "--align-border", "drop"]
LAYERS = ["--layers", "2,middle,1.0", "--image-token", "yes"]
NAME = ".L2-3-6.norm.image.h5"


class Layers(DemoTest):
    def features(self, store="store", end=".h5"):
        return sorted(path for path in (self.folder / store / "features").rglob("*.h5") if path.name.endswith(end))

    def content(self, store="store"):
        """Name of artifact and data set -> type and numbers."""
        found = {}

        def add(name, node):
            if isinstance(node, h5py.Dataset):
                found[path.name, name] = (node.dtype.str, node[...].tobytes())

        for path in self.features(store):
            with h5py.File(path) as file:
                file.visititems(add)
        return found

    def passes(self, output):
        return run_state(self.folder / output)["forwards"]

    def test_they_are_beside_embeddings_that_do_not_change(self):
        for kind in "fp16", "fp32":
            self.sweep(*ALIGNED, "--cache-dtype", kind, store=f"plain-{kind}", output=f"plain-{kind}")
            self.sweep(*ALIGNED, "--cache-dtype", kind, *LAYERS, store=kind, output=kind)
            self.assertEqual(outcome(self.folder / kind), outcome(self.folder / f"plain-{kind}"))
            plain, layered = self.features(f"plain-{kind}"), self.features(kind)
            self.assertEqual([path.name.replace(".h5", NAME) for path in plain], [path.name for path in layered])
            for old, new in zip(plain, layered):
                with h5py.File(old) as before, h5py.File(new) as file:
                    self.assertNotIn("layers", before)
                    self.assertNotIn("tokens", before.attrs)
                    self.assertEqual(file.attrs["key"], before.attrs["key"])
                    for name in "embeddings", "attention", "ids":
                        self.assertEqual(file[name][...].tobytes(), before[name][...].tobytes(), name)
                    images = len(file["ids"])
                    for layer in "2", "3", "6":
                        self.assertEqual(file[f"layers/{layer}/patches"].shape, (images, 16, 192))
                        self.assertEqual(file[f"layers/{layer}/patches"].dtype, file["embeddings"].dtype)
                        self.assertEqual(file[f"layers/{layer}/prefix"].shape, (images, 1, 192))
                    last = file["layers/6/patches"][...]
                    np.testing.assert_array_equal(last, file["embeddings"][...], "the last one, with the norm")
                    self.assertGreater(np.abs(file["layers/2/patches"][...] - last).max(), 0.1)
                    token = file["image/token"][...]
                    np.testing.assert_array_equal(token, file["layers/6/prefix"][:, 0], "the class token")
            for path in layered:
                self.assertIn("checksum OK", patchead("inspect", path).stdout)

    def test_more_serve_who_wants_fewer_and_a_pass_is_made_for_more(self):
        self.sweep(*GRID, *LAYERS, output="first")
        self.assertGreater(self.passes("first"), 0)
        kept = self.content()
        for i, fewer in enumerate((["--layers", "2,6"], ["--image-token", "yes"], [])):
            shutil.rmtree(self.folder / "store/match")
            shutil.rmtree(self.folder / "store/result")
            self.sweep(*GRID, *fewer, output=f"fewer{i}", ranks=2)
            self.assertEqual(self.passes(f"fewer{i}"), 0, fewer)
            self.assertEqual(outcome(self.folder / f"fewer{i}"), outcome(self.folder / "first"))
        self.assertEqual(self.content(), kept)
        self.sweep(*GRID, "--layers", "2,5", output="more")
        self.assertEqual(self.passes("more"), self.passes("first"), "results are there, layer 5 is not")
        self.sweep(*GRID, "--layers", "2", "--layer-form", "raw", output="raw")
        self.assertEqual(self.passes("raw"), self.passes("first"), "another form")
        self.sweep(*GRID, *LAYERS, output="again")
        self.assertEqual(self.passes("again"), 0)
        listed = patchead("store", "ls", self.folder / "store").stdout
        for name in "features L2-3-6.norm.image", "features L2-5.norm", "features L2.raw":
            self.assertIn(name, listed)

    def test_a_cache_keeps_more_than_was_asked_for(self):
        self.sweep(*GRID, "--layers", "6", "--cache-layers", "2,3", output="first")
        self.assertTrue(all(path.name.endswith(".L2-3-6.norm.h5") for path in self.features()))
        self.sweep(*GRID, "--layers", "2,3", output="second")
        self.assertEqual(self.passes("second"), 0)
        self.sweep(*GRID, "--cache-layers", "5", output="third")
        self.assertEqual(self.passes("third"), 0, "a cache asks for nothing")

    def test_two_forms_come_from_one_pass_and_are_those_of_two(self):
        forms = {"raw": ["2", "3"], "norm": ["3", "6"]}
        passes = []
        for form, layers in forms.items():
            self.sweep(*GRID, "--layers", ",".join(layers), "--layer-form", form, store=form, output=form)
            passes.append(self.passes(form))
        self.sweep(*GRID, "--layers", "3,6", "--cache-layers", "2.raw,0.5.raw", store="both", output="both")
        self.assertEqual({*passes, self.passes("both")}, {passes[0]}, "one pass of each image")
        self.assertEqual(outcome(self.folder / "both"), outcome(self.folder / "raw"))
        for path in self.features("both"):
            self.assertTrue(path.name.endswith(".L3-6.norm.L2-3.raw.h5"), path.name)
            digest = path.name.partition(".")[0]
            with h5py.File(path) as both:
                self.assertEqual(sorted(both["layers"]), ["2.raw", "3.norm", "3.raw", "6.norm"])
                for form, layers in forms.items():
                    with h5py.File(*self.features(form, f"{digest}.L{'-'.join(layers)}.{form}.h5")) as alone:
                        self.assertEqual(sorted(alone["layers"]), layers, "in one form: as ever")
                        for layer in layers:
                            for name in "patches", "prefix":
                                np.testing.assert_array_equal(both[f"layers/{layer}.{form}/{name}"][...],
                                                              alone[f"layers/{layer}/{name}"][...])
        for form, layers in forms.items():  # It serves who wants one of them.
            self.sweep(*GRID, "--layers", ",".join(layers), "--layer-form", form, store="both", output=f"served-{form}")
            self.assertEqual(self.passes(f"served-{form}"), 0)

    def test_they_are_the_same_for_any_number_of_ranks_and_after_a_restart(self):
        for ranks in 1, 2, 4:
            self.sweep(*ALIGNED, *LAYERS, ranks=ranks, store=f"store{ranks}", output=f"output{ranks}")
        expected = self.content("store1")
        for ranks in 2, 4:
            self.assertEqual(self.content(f"store{ranks}"), expected)
            self.assertEqual(outcome(self.folder / f"output{ranks}"), outcome(self.folder / "output1"))
        # What a run that was stopped leaves: some artifacts, a part of one, a damaged one.
        some = self.features("store2")
        some[0].unlink()
        some[1].rename(some[1].with_name(some[1].name + ".tmp.elsewhere:1:1.0"))
        some[2].write_bytes(some[2].read_bytes()[:5000])
        shutil.rmtree(self.folder / "store2/match")
        shutil.rmtree(self.folder / "store2/result")
        self.sweep(*ALIGNED, *LAYERS, "--verify", ranks=2, store="store2", output="output2")
        self.assertEqual(self.content("store2"), expected)
        self.assertEqual(outcome(self.folder / "output2"), outcome(self.folder / "output1"))

    def test_tiles_of_layers_are_put_together_as_those_of_embeddings(self):
        self.sweep(*GRID, "--tile", "32:16", "--layers", "3,last")
        for path in self.features(end=".L3-6.norm.h5"):
            with h5py.File(path) as file:
                np.testing.assert_array_equal(file["layers/6/patches"][...], file["embeddings"][...])
                self.assertEqual(file["layers/3/patches"].shape, file["embeddings"].shape)
                self.assertNotIn("prefix", file["layers/3"])

    def test_the_plan_counts_them(self):
        def planned(*arguments):
            told = patchead("plan", "--json", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                            self.folder / "store", *GRID, *arguments).stdout
            return json.loads(told)["kinds"]["embed"]

        plain, layered = planned(), planned("--layers", "2,3,6")
        self.assertEqual(layered["forwards"], plain["forwards"])
        of_image = 3 * (16 * 192 * 2 + 192 * 4)  # Patches in fp16, class tokens in fp32.
        self.assertEqual(layered["bytes"] - plain["bytes"], plain["forwards"] * of_image)
        self.sweep(*GRID, "--layers", "2,3,6")
        size = sum(len(numbers) for (_, name), (_, numbers) in self.content().items() if name.startswith("layers/"))
        self.assertEqual(size, plain["forwards"] * of_image)
        self.assertEqual(planned("--layers", "2,6")["to_do"], 0)
        self.assertGreater(planned("--layers", "5")["to_do"], 0)

    def test_what_cannot_be_is_refused_before_work_starts(self):
        for arguments, message in ((["--layers", "7"], "layer 7 of backbone 'patchead_tiny' (it has 6 blocks)"),
                                   (["--layers", "0"], "'0' is no layer (they are counted from 1)"),
                                   (["--layers", "1.5"], "above 0 and up to 1"),
                                   (["--layers", ""], "'' is no layer"),
                                   (["--layers", "3", "--layer-form", "norms"], "norm, raw"),
                                   (["--cache-layers", "none"], "'none' is no layer"),
                                   (["--cache-layers", "7.raw"], "layer 7 of backbone 'patchead_tiny'"),
                                   (["--layers", "2.raw"], "'2.raw' is no layer"),
                                   (["--image-token", "yes", "--tile", "32:0"], "--image-token with --tile")):
            done = self.sweep(*GRID, *arguments, check=False)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn(message, done.stderr)
            self.assertFalse((self.folder / "output/results.csv").exists())


if __name__ == "__main__":
    main()
