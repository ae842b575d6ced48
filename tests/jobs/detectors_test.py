"""Detectors of the literature as an axis of a sweep: same bytes for any ranks, one pass for all, clear messages."""

import json
import re

import h5py
import numpy as np

from support import SOURCE, DemoTest, main, outcome, patchead, rows, run_state, value

GRID = ["--image-size", 64, "--shots", 1, 2, "--seeds", 0, 1, "--category", "fabric"]
BOTH = ["--detector", "patchead", "aprilgan"]


def forwards(output):
    return run_state(output)["forwards"]


class Detectors(DemoTest):
    def plain(self, *arguments, output="plain", **options):
        return self.sweep(*GRID, *arguments, output=output, **options)

    def test_every_rank_count_gives_the_same_bytes_and_a_second_run_computes_nothing(self):
        expected = None
        for ranks in 1, 2, 4:
            self.sweep(*GRID, *BOTH, "--block-images", 3, store=f"store{ranks}", output=f"run{ranks}", ranks=ranks)
            bytes_now = outcome(self.folder / f"run{ranks}")
            expected = expected or bytes_now
            self.assertEqual(bytes_now, expected, f"{ranks} ranks")
        self.sweep(*GRID, *BOTH, "--block-images", 3, store="store2", output="again")
        self.assertEqual(outcome(self.folder / "again"), expected)
        self.assertEqual(forwards(self.folder / "again"), 0)
        kinds = run_state(self.folder / "again")["units_by_kind"]
        self.assertEqual({name: kind["total"] for name, kind in kinds.items() if kind["total"]}, {})

    def test_layers_come_from_the_passes_of_patchead(self):
        self.plain(store="plain")
        self.sweep(*GRID, *BOTH)
        self.assertEqual(forwards(self.folder / "output"), forwards(self.folder / "plain"))
        # A store that lacks the layers needs the passes again, and says so.
        self.sweep(*GRID, *BOTH, store="plain", output="later")
        self.assertEqual(forwards(self.folder / "later"), forwards(self.folder / "plain"))
        self.assertEqual(outcome(self.folder / "later"), outcome(self.folder / "output"))

    def test_all_of_them_cost_a_finished_sweep_what_is_new_alone(self):
        """Raw layers, such with the final norm, image tokens and turned references: the detectors of configs/rivals.cfg."""
        names = re.search("^detector = (.*)$", (SOURCE / "configs/rivals.cfg").read_text(), re.MULTILINE)[1].split()
        few = ["--image-size", 64, "--shots", 0, 1, "--seeds", 0, "--category", "fabric", "--batch-size", 8]
        rivals = [*few, "--detector", *names, "--detector-options", "subspacead:rotations=3"]
        self.sweep(*few, store="plain", output="plain")
        images = forwards(self.folder / "plain")
        self.sweep(*rivals, output="whole")
        by = run_state(self.folder / "whole")["forwards_by"]
        self.assertEqual(by["images"], images, "two forms of layers come from one pass")
        self.assertEqual(by["turned"], 7 + 5 + 3, "of one prompt: anomalydino, visionad, subspacead")
        self.assertEqual({path.name.count(".norm") + path.name.count(".raw")
                          for path in (self.folder / "store/features").rglob("*.image.h5")}, {2})
        # The sweep had stored no layers.
        self.sweep(*rivals, store="plain", output="later", ranks=2)
        self.assertEqual(run_state(self.folder / "later")["forwards_by"], by)
        self.assertEqual(outcome(self.folder / "later"), outcome(self.folder / "whole"))
        # It had stored what a plan says.
        plan = patchead("plan", *self.arguments(*rivals, "--json", "--ranks", 1, store="cached")[1:]).stdout
        options = json.loads(plan)["tokens"]["patchead_tiny"]["options"].split()
        self.assertEqual(options[0], "--cache-layers")
        self.sweep(*few, *options, store="cached", output="cached")
        self.assertEqual(forwards(self.folder / "cached"), images)
        self.assertEqual((self.folder / "cached/results.csv").read_bytes(),
                         (self.folder / "plain/results.csv").read_bytes())
        done = self.sweep(*rivals, store="cached", output="added")
        self.assertEqual(run_state(self.folder / "added")["forwards_by"], {**by, "images": 0})
        self.assertIn(f"{by['turned']} forwards ({by['turned']} of turned or flipped references)", done.stderr)
        self.assertEqual(outcome(self.folder / "added"), outcome(self.folder / "whole"))

    def test_rows_of_patchead_stay_as_they_are(self):
        self.plain(store="plain")
        self.sweep(*GRID, *BOTH)
        both = (self.folder / "output" / "results.csv").read_text().splitlines()
        self.assertEqual(both[0], "dataset,category,backbone,image_size,setting,shots,seed,modules,detector,tuned,"
                                  "metric,value,reason")
        own = [both[0].replace("detector,tuned,", "")]
        own += [line.replace(",patchead,no,", ",") for line in both if ",patchead,no," in line]
        self.assertEqual(own, (self.folder / "plain" / "results.csv").read_text().splitlines())
        with h5py.File(self.folder / "plain" / "results.h5") as file:
            self.assertNotIn("detector", file["points"])
            self.assertNotIn("detector", file.attrs["config"].decode())

    def test_scores_are_sums_of_distances_to_the_nearest_reference_patch(self):
        self.sweep(*GRID, *BOTH, "--detector-options", "aprilgan:layers=2,4", "--cache-dtype", "fp32", "--maps", "all")
        self.sweep(*GRID, "--detector", "aprilgan", "--detector-options", "aprilgan:layers=2,4", "--cache-dtype", "fp32",
                   output="alone")
        both = rows(self.folder / "output")
        for metric in "I-AUROC", "P-AUROC", "AUPRO":
            for shots in 1, 2:
                where = {"detector": "aprilgan", "shots": shots, "seed": 1}
                self.assertEqual(value(both, metric, **where), value(rows(self.folder / "alone"), metric, **where))
        self.check_scores()

    def layers_of(self, ids):
        """Layer -> id -> patches [L, D] of all images that the store has with layers."""
        found = {}
        for path in (self.folder / "store" / "features").rglob("*.h5"):
            with h5py.File(path) as file:
                layers = {name: file[name][...] for name in layer_names(file)}
                for row, id in enumerate(file["ids"][...]):
                    found[id.decode()] = {name: data[row].astype(float) for name, data in layers.items()}
        self.assertTrue(set(ids) <= found.keys())
        return found

    def check_scores(self):
        with h5py.File(self.folder / "output/maps/mvtec-like/fabric/"
                       "patchead_tiny_64px_2-shot_none_aprilgan.h5") as file:
            ids = [id.decode() for id in file["images/id"][...]]
            patches = file["patches/score"][...].reshape(len(ids), -1)
            self.assertEqual(file["point/detector"][0], b"aprilgan")
        with h5py.File(self.folder / "output/results.h5") as file:
            points = file["points"]
            point = next(i for i, what in enumerate(zip(points["shots"], points["seed"], points["detector"]))
                         if what == (2, 0, b"aprilgan"))
            of_point = file["prompts/point"][...] == point
            prompts = [id.decode() for id in file["prompts/id"][...][of_point]]
        images = self.layers_of([*ids, *prompts])
        for id, own in zip(ids, patches):
            expected = 0
            for name, query in images[id].items():
                memory = np.concatenate([images[prompt][name] for prompt in prompts])
                unit = [matrix / np.linalg.norm(matrix, axis=1, keepdims=True) for matrix in (query, memory)]
                expected = expected + (1 - (unit[0] @ unit[1].T).max(axis=1))
            np.testing.assert_allclose(own, expected, atol=2e-5)

    def test_tables_tell_detectors_apart_and_say_what_was_ported(self):
        self.sweep(*GRID, *BOTH, "--detector-options", "aprilgan:layers=2,4")
        table = json.loads((self.folder / "output/tables/summary_mvtec-like.json").read_text())
        self.assertEqual([(row["shots"], row["detector"]) for row in table["rows"]],
                         [("1", "patchead"), ("1", "aprilgan"), ("2", "patchead"), ("2", "aprilgan")])
        self.assertTrue(any(note.startswith("aprilgan: ") for note in table["footnotes"]))
        again = patchead("report", self.folder / "output", "--bootstrap", 100,
                         "--against", "detector=patchead")
        self.assertIn("detector=patchead", again.stdout)
        told = patchead("explain", self.folder / "output",
                        "summary_mvtec-like/patchead_tiny/64/few-shot/2/none/aprilgan/I-AUROC").stdout
        self.assertIn("--detector aprilgan", told)
        self.assertIn("--detector-options aprilgan:layers=2,4", told)
        told = patchead("explain", self.folder / "output",
                        "summary_mvtec-like/patchead_tiny/64/few-shot/2/none/patchead/I-AUROC").stdout
        self.assertIn("--detector patchead", told)
        self.assertNotIn("--detector-options", told)

    def test_results_from_before_are_read_as_those_of_patchead(self):
        self.plain(store="plain")
        self.sweep(*GRID, *BOTH)
        done = patchead("compare", self.folder / "plain", self.folder / "output", "--exit-code", check=False)
        self.assertEqual(done.returncode, 2, "the other run has more points")
        self.assertIn("aprilgan on patchead_tiny", done.stdout)

    def test_modules_and_modes_that_a_detector_has_not_are_told(self):
        done = self.sweep("--category", "fabric", "--image-size", 64, "--shots", 0, 1, "--seeds", 0, "--modules", "none",
                          "mask", *BOTH)
        self.assertIn("note: detector aprilgan has no batch zero-shot mode", done.stderr)
        self.assertIn("note: detector aprilgan takes no modules", done.stderr)
        points = {(row["shots"], row["modules"]) for row in rows(self.folder / "output")
                  if row["detector"] == "aprilgan"}
        self.assertEqual(points, {("1", "none")})

    def test_maps_may_be_made_as_those_of_patchead(self):
        self.sweep(*GRID, *BOTH, output="published")
        self.sweep(*GRID, *BOTH, "--detector-maps", "common", output="common")
        self.assertEqual(forwards(self.folder / "common"), 0)
        one, other = (value(rows(self.folder / name), "P-AUROC", detector="aprilgan", shots=1, seed=0)
                      for name in ("published", "common"))
        self.assertNotEqual(one, other)  # Published: corners are aligned.

    def test_batches_are_scored_with_their_own_images_alone(self):
        arguments = ["--category", "fabric", "--image-size", 64, "--shots", 0, "--seeds", 0, "--detector", "patchead",
                     "musc", "musc:published", "--batch-size", 4]
        for ranks in 1, 2:
            self.sweep(*arguments, store=f"store{ranks}", output=f"run{ranks}", ranks=ranks)
        self.assertEqual(outcome(self.folder / "run1"), outcome(self.folder / "run2"))
        table = rows(self.folder / "run1")
        both = [value(table, "I-AUROC", detector=name) for name in ("musc", "musc:published")]
        self.assertEqual(*both)  # No option of this data set is published.
        self.assertEqual({(row["detector"], row["tuned"]) for row in table},
                         {("patchead", "no"), ("musc", "no"), ("musc:published", "yes")})
        text = (self.folder / "run1/tables/summary_mvtec-like.md").read_text()
        self.assertIn("musc:published: tuned on the test data", text)
        scores = [path for path in (self.folder / "store1/scores").rglob("*.h5")]
        images = []
        for path in scores:
            with h5py.File(path) as file:
                images += [id.decode() for id in file["ids"][...]]
        self.assertEqual(len(images), len(set(images)), "each image once, in whichever batch; one artifact for both")

    def test_turned_prompts_cost_their_own_passes_and_no_others(self):
        self.plain(store="plain")
        done = self.sweep(*GRID, "--detector", "patchead", "anomalydino")
        with h5py.File(self.folder / "plain/results.h5") as file:
            prompts = set(file["prompts/id"][...])
        self.assertEqual(forwards(self.folder / "output") - forwards(self.folder / "plain"), 7 * len(prompts))
        self.assertIn(f" ({forwards(self.folder / 'plain')} of images, {7 * len(prompts)} of turned or flipped references)",
                      done.stderr)
        self.sweep(*GRID, "--detector", "subspacead", "--detector-options", "subspacead:rotations=12", store="turns",
                   output="turns")
        by = run_state(self.folder / "turns")["forwards_by"]
        self.assertEqual(by["turned"], 12 * len(prompts))

    def test_slips_get_one_clear_message(self):
        for arguments, message in (
                (["--detector", "aprilgam"], "unknown detector 'aprilgam' (did you mean 'aprilgan'?)"),
                ([*BOTH, "--detector-options", "aprilgan:layer=3"], "unknown option of detector aprilgan 'layer'"),
                ([*BOTH, "--detector-options", "aprilgan"], "is not of the form NAME:OPTION=VALUE"),
                ([*BOTH, "--detector-options", "aprilgan:layers=99"], "layer 99 of backbone 'patchead_tiny'"),
                (["--detector-options", "aprilgan:layers=3"], "is none of the detectors of this sweep"),
                ([*BOTH, "--detector-maps", "own"], "option --detector-maps: 'own'"),
                (["--detector", "aprilgan:published"], "sets no option by data set")):
            with self.subTest(arguments=arguments):
                done = self.plain(*arguments, check=False, ranks=2)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(done.stderr.count(message), 1, done.stderr)

    def test_they_are_listed_with_their_options(self):
        self.assertIn("aprilgan", patchead("detectors").stdout)
        self.assertIn("layers=0.25,0.5,0.75,1", patchead("detectors", "aprilgan").stdout)
        self.assertEqual(patchead("detectors", "nobody", check=False).returncode, 1)


def layer_names(file):
    names = []
    file.visit(lambda name: names.append(name) if name.endswith("patches") else None)
    return sorted(names)


if __name__ == "__main__":
    main()
