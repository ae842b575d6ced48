"""Bootstrap intervals, explain and compare, against an oracle that knows results.h5 only."""

import csv
import json

import h5py
import numpy

from support import DemoTest, main, patchead

COMMON = ["--image-size", 96, "--modules", "none", "mask"]
GRID = [*COMMON, "--shots", 0, 1, "--seeds", 0, 1]
RESAMPLES, SEED = 200, 5
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


class SplitMix:
    """The generator of docs/method.md: value i depends on name, seed and i alone."""

    def __init__(self, name, seed):
        state = 0xCBF29CE484222325  # FNV-1a.
        for byte in name.encode():
            state = (state ^ byte) * 0x100000001B3 & MASK
        self.state, self.count = state ^ (seed * GOLDEN & MASK), 0

    def bits(self):
        self.count += 1
        z = (self.state + self.count * GOLDEN) & MASK
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31

    def below(self, bound):
        rejected = (1 << 64) % bound
        while (value := self.bits()) < rejected:
            pass
        return value % bound


def auroc(scores, anomalous):
    """The chance that an anomalous image scores above a normal one, a tie counting one half."""
    difference = scores[anomalous][:, None] - scores[~anomalous][None, :]
    return ((difference > 0).sum() + 0.5 * (difference == 0).sum()) / difference.size


def resample(anomalous, name, seed):
    """Places of the images of each resample: normal ones first, then anomalous ones."""
    random = SplitMix("bootstrap " + name, seed)
    classes = [numpy.flatnonzero(~anomalous), numpy.flatnonzero(anomalous)]
    return [numpy.array([places[random.below(len(places))] for places in classes for _ in places])
            for _ in range(RESAMPLES)]


class Oracle:
    """I-AUROC of the points of results.h5 and of its resamples."""

    def __init__(self, path):
        with h5py.File(path) as file:
            points = {name: file["points"][name][...] for name in file["points"]}
            scores = {name: file["scores"][name][...] for name in file["scores"]}
            labels = file["images/anomalous"][...] != 0
        self.values, drawn = {}, {}
        for point, category in enumerate(points["category"]):
            mine = scores["point"] == point
            score, anomalous = scores["score"][mine], labels[scores["image"][mine]]
            name = f"{points['dataset'][point].decode()}/{category.decode()}"
            if name not in drawn:
                drawn[name] = resample(anomalous, name, SEED)
            key = (category.decode(), int(points["shots"][point]), int(points["seed"][point]),
                   points["modules"][point].decode())
            self.values[key] = numpy.array(
                [auroc(score, anomalous)] + [auroc(score[i], anomalous[i]) for i in drawn[name]])

    def mean(self, categories, shots, modules, seeds=(0, 1)):
        """The value, then its resamples."""
        return numpy.mean([self.values[category, shots, seed, modules]
                           for category in categories for seed in seeds], axis=0)


def read(path):
    with open(path, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


class Statistics(DemoTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.swept = cls.shared_folder / "run"
        patchead("sweep", "--data-root", cls.data, "--dataset", "mvtec-like", "--store",
                 cls.shared_folder / "store", "--output", cls.swept, *GRID)
        cls.report = cls.shared_folder / "report"
        patchead("report", cls.swept, "--output", cls.report, "--bootstrap", RESAMPLES,
                 "--bootstrap-seed", SEED)
        cls.oracle = Oracle(cls.swept / "results.h5")
        cls.categories = sorted({key[0] for key in cls.oracle.values})

    def check(self, line, values, prefix=""):
        """The interval of a line, and its value under the name `prefix` or "value"."""
        low, high = numpy.percentile(values[1:], [2.5, 97.5])
        low_name, high_name = (f"{prefix}_low", f"{prefix}_high") if prefix else ("low", "high")
        self.assertAlmostEqual(float(line[low_name]), low, places=12)
        self.assertAlmostEqual(float(line[high_name]), high, places=12)

    def test_intervals_of_every_point(self):
        lines = read(self.report / "bootstrap.csv")
        self.assertEqual(len(lines), len(self.oracle.values))
        for line in lines:
            values = self.oracle.values[line["category"], int(line["shots"]), int(line["seed"]),
                                        line["modules"]]
            self.assertEqual(float(line["value"]), values[0])
            self.check(line, values)

    def test_intervals_of_means(self):
        for line in read(self.report / "tables/summary_mvtec-like.csv"):
            values = self.oracle.mean(self.categories, int(line["shots"]), line["modules"])
            self.assertAlmostEqual(float(line["I-AUROC"]), values[0], places=12)
            self.check(line, values, "I-AUROC")
        for line in read(self.report / "tables/categories_mvtec-like.csv"):
            mine = self.categories if line["category"] == "Average" else [line["category"]]
            self.check(line, self.oracle.mean(mine, int(line["shots"]), line["modules"]),
                       "I-AUROC")

    def check_difference(self, line, difference):
        self.assertAlmostEqual(float(line["difference"]), difference[0], places=12)
        self.check(line, difference)
        # Means of equal counts may differ in a last bit.
        exact = numpy.where(numpy.abs(difference[1:]) < 1e-12, 0, difference[1:])
        rarer = 1 + min((exact <= 0).sum(), (exact >= 0).sum())
        self.assertAlmostEqual(float(line["p"]), min(1, 2 * rarer / (RESAMPLES + 1)))

    def test_differences_between_methods(self):
        lines = read(self.report / "tables/differences_mvtec-like.csv")
        self.assertEqual(len(lines), 2 * (len(self.categories) + 1))  # Shots.
        for line in lines:
            mine = self.categories if line["category"] == "Average" else [line["category"]]
            self.check_difference(line, self.oracle.mean(mine, int(line["shots"]), "mask")
                                  - self.oracle.mean(mine, int(line["shots"]), "none"))

    def test_differences_between_shots(self):
        patchead("report", self.swept, "--output", self.folder, "--bootstrap", RESAMPLES,
                 "--bootstrap-seed", SEED, "--against", "shots=0")
        for line in read(self.folder / "tables/differences_mvtec-like.csv"):
            mine = self.categories if line["category"] == "Average" else [line["category"]]
            self.check_difference(line, self.oracle.mean(mine, 1, line["modules"])
                                  - self.oracle.mean(mine, 0, line["modules"]))

    def test_without_a_bootstrap_nothing_else_changes(self):
        patchead("report", self.swept, "--output", self.folder)
        self.assertFalse((self.folder / "bootstrap.csv").exists())
        plain = read(self.folder / "tables/summary_mvtec-like.csv")
        for line, other in zip(plain, read(self.report / "tables/summary_mvtec-like.csv")):
            self.assertEqual(line, {name: other[name] for name in line})

    def test_wrong_options_of_the_bootstrap(self):
        for wrong, word in ((["--bootstrap", 99], "99"), (["--bootstrap", "many"], "many"),
                            (["--bootstrap", 1000, "--bootstrap-seed", -1], "-1"),
                            (["--against", "shots=0"], "--bootstrap"),
                            (["--bootstrap", 1000, "--against", "shot=0"], "shots")):
            done = patchead("report", self.swept, "--output", self.folder / "none", *wrong,
                            check=False)
            self.assertEqual(done.returncode, 1, wrong)
            self.assertIn(word, done.stderr)
            self.assertFalse((self.folder / "none").exists())

    # --- explain ----------------------------------------------------------------------------------

    def explain(self, *words, check=True):
        return patchead("explain", *words, check=check)

    def test_explain_makes_a_cell_again_from_its_scores(self):
        found = json.loads(self.explain(
            self.swept, "summary_mvtec-like/patchead_tiny/96/few-shot/1/mask/I-AUROC",
            "--json").stdout)
        self.assertTrue(found["holds"])
        for value in found["values"]:
            expected = self.oracle.values[value["category"], 1, value["seed"], "mask"][0]
            self.assertEqual(value["value"], expected)
            self.assertEqual(value["again"], expected)
            self.assertEqual(len(value["prompts"]), 1)
            artifact = value["artifact"]
            path = self.shared_folder / "store/result" / artifact[:2] / f"{artifact}.h5"
            self.assertIn(value["category"], patchead("inspect", path).stdout)
        with h5py.File(self.swept / "results.h5") as file:
            self.assertEqual(found["provenance"]["weights.patchead_tiny"],
                             file.attrs["weights.patchead_tiny"].decode())

    def test_the_command_that_explain_gives_makes_the_values_again(self):
        cell = "categories_mvtec-like/patchead_tiny/96/few-shot/1/mask/gelcap/AUPRO"
        found = json.loads(self.explain(self.swept, cell, "--json").stdout)
        self.assertIsNone(found["holds"])
        words = found["commands"][0].replace("\\\n", " ").split()
        self.assertEqual(words[:2], ["patchead", "sweep"])
        places = {"--data-root": self.data, "--store": self.folder / "store",
                  "--output": self.folder / "again"}
        where = words.index("--data-root")
        arguments = words[1:where]
        for name, place in places.items():
            arguments += [name, place]
        patchead(*arguments)
        again = json.loads(self.explain(self.folder / "again", cell, "--json").stdout)
        self.assertEqual(again["values"], found["values"])
        self.assertEqual(again["cell"], found["cell"])

    def test_explain_reports_scores_that_do_not_fit(self):
        changed = self.folder / "results.h5"
        changed.write_bytes((self.swept / "results.h5").read_bytes())
        with h5py.File(changed, "r+") as file:
            values = file["metrics/value"][...]
            metric = file["metrics/metric"][...]
            values[numpy.flatnonzero(metric == b"I-AUROC")] = 0.5
            file["metrics/value"][...] = values
            file["metrics/value"].attrs["crc32c"] = numpy.uint32([crc32c(values.tobytes())])
        done = self.explain(changed, "summary_mvtec-like/patchead_tiny/96/few-shot/1/mask/I-AUROC",
                            check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("IT DIFFERS", done.stdout)
        self.assertIn("not those of the stored image scores", done.stderr)

    def test_explain_of_no_cell_says_what_there_is(self):
        done = self.explain(self.swept, "summary_mvtec-like/patchead_tini/96", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("did you mean 'patchead_tiny'?", done.stderr)
        self.assertEqual(self.explain(self.swept, check=False).returncode, 1)

    # --- compare ----------------------------------------------------------------------------------

    def test_compare_a_run_with_another_scoring(self):
        other = self.folder / "other"
        patchead("sweep", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                 self.shared_folder / "store", "--output", other, *COMMON, "--rho-few", 0.3,
                 "--shots", 0, 1, "--seeds", 1, 2)
        output = self.folder / "compared"
        done = patchead("compare", self.swept, other, "--output", output, "--bootstrap", RESAMPLES,
                        "--bootstrap-seed", SEED)
        self.assertIn("rho-few = 0.3", done.stdout)
        found = json.loads((output / "compare.json").read_text())
        self.assertEqual(found["points"], 12)  # Three categories, two shots and modules, a seed.
        self.assertFalse(found["equal"])
        self.assertEqual(len(found["only_one"]), 4)  # Shots and modules.
        self.assertEqual(len(found["only_other"]), 4)
        theirs = Oracle(other / "results.h5")
        for line in read(output / "means_mvtec-like.csv"):
            if line["metric"] == "I-AUROC":
                mine = (self.categories, int(line["shots"]), line["modules"], [1])
                self.check_difference(line, theirs.mean(*mine) - self.oracle.mean(*mine))
        pairs = [line for line in read(output / "points.csv") if line["metric"] == "I-AUROC"]
        self.assertEqual(len(pairs), 12)
        for line in pairs:
            key = (line["category"], int(line["shots"]), int(line["seed"]), line["modules"])
            self.assertEqual(float(line["one"]), self.oracle.values[key][0])
            self.assertEqual(float(line["other"]), theirs.values[key][0])

    def test_exit_codes_of_compare(self):
        def code(*arguments):
            return patchead("compare", *arguments, check=False).returncode
        other = self.folder / "other"
        patchead("sweep", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                 self.shared_folder / "store", "--output", other, *COMMON, "--shots", 1,
                 "--seeds", 0, 1)
        self.assertEqual(code(self.swept, self.swept, "--exit-code"), 0)
        self.assertEqual(code(self.swept, other), 0)
        self.assertEqual(code(self.swept, other, "--exit-code"), 2)
        self.assertEqual(code(self.swept), 1)
        self.assertEqual(code(self.swept, self.folder / "nowhere"), 1)
        self.assertEqual(code(self.swept, other, "--bootstrap", 7), 1)


def crc32c(content):
    """Bit by bit, as RFC 3720 defines it."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


if __name__ == "__main__":
    main()
