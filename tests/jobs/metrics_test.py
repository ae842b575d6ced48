"""Metrics that are asked for by name: what sweeps, stores and reports make of them."""

import csv
import json

from support import DemoTest, files, main, patchead, rows

POINT = ["--category", "fabric", "--image-size", 96, "--shots", 0, "--seeds", 0, "--batch-size", 8]
ASKED = ["P-AP", "P-F1max", "AUPRO@0.05", "AUPIMO@0.001:0.1", "I-TPR@FPR0.25", "SegF1@0.3",
         "sPRO", "S-AUROC", "pro:musc200", "pro:anomalib-1@0.05", "PRO@200"]


def metric_names(output):
    names = []
    for row in rows(output):
        if row["metric"] not in names:
            names.append(row["metric"])
    return names


class Asked(DemoTest):
    def names(self, output):
        return metric_names(self.folder / output)

    def results(self):
        return {file.name for file in (self.folder / "store/result").rglob("*.h5")}

    def test_a_store_that_is_warm_is_measured_again_and_default_files_stay_what_they_were(self):
        self.sweep(*POINT, output="first")
        before, keys = files(self.folder / "first"), self.results()
        said = self.sweep(*POINT, "--metrics", *ASKED, output="asked")
        self.assertIn("0 forward", said.stdout + said.stderr)
        self.assertEqual(self.results(), keys, "what is measured is in no key")
        self.assertEqual(self.names("asked"), ASKED, "columns stand in the order asked")
        self.sweep(*POINT, output="again")
        again = files(self.folder / "again")
        for name in ("results.csv", "tables/summary_mvtec-like.md", "tables/categories_mvtec-like.json"):
            self.assertEqual(again[name], before[name], name)
        self.assertNotIn("image_metrics.csv", again)
        by_name = {row["metric"]: row for row in rows(self.folder / "asked")}
        plain = {row["metric"]: row["value"] for row in rows(self.folder / "first")}
        for name in ("P-AP", "P-F1max", "PRO@200"):
            self.assertEqual(by_name[name]["value"], plain[name])
        self.assertAlmostEqual(float(by_name["pro:musc200"]["value"]), float(plain["PRO@200"]), 6)
        for name, reason in (("sPRO", "saturation"), ("S-AUROC", "views")):
            self.assertEqual(by_name[name]["value"], "nan")
            self.assertIn(reason, by_name[name]["reason"])

        with open(self.folder / "asked/image_metrics.csv", newline="") as file:
            images = list(csv.DictReader(file))
        values = [float(row["value"]) for row in images if row["value"] != "nan"]
        self.assertAlmostEqual(sum(values) / len(values), float(by_name["AUPIMO@0.001:0.1"]["value"]), 12)
        summary = (self.folder / "asked/tables/summary_mvtec-like.md").read_text()
        self.assertIn("pro:musc200 is emulated", summary)
        self.assertIn("pro:anomalib-1@0.05 is emulated", summary)

        patchead("report", self.folder / "asked", "--output", self.folder / "shown", "--worst", "--pooled",
                 "--metrics", "AUPRO@0.05", "P-AP")
        table = json.loads((self.folder / "shown/tables/summary_mvtec-like.json").read_text())
        self.assertEqual(table["value_columns"],
                         ["AUPRO@0.05", "P-AP", "worst AUPRO@0.05", "worst P-AP", "pooled I-AUROC"])
        self.assertEqual((self.folder / "shown/image_metrics.csv").read_bytes(),
                         (self.folder / "asked/image_metrics.csv").read_bytes())
        done = patchead("report", self.folder / "first", "--output", self.folder / "none",
                        "--metrics", "AUPIMO", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("AUPIMO", done.stderr)

    def test_ranks_do_not_show_and_all_are_more_than_the_default(self):
        self.sweep(*POINT, "--metrics", "all", output="one")
        self.sweep(*POINT, "--metrics", "all", output="two", store="store2", ranks=2)
        for name in ("results.csv",):
            self.assertEqual((self.folder / "one" / name).read_bytes(),
                             (self.folder / "two" / name).read_bytes())
        self.assertIn("AUPRO@0.01", self.names("one"))
        self.assertIn("AUPIMO", self.names("one"))
        self.assertFalse([name for name in self.names("one") if ":" in name], "none is emulated")

    def test_slips_are_told_before_work(self):
        for word, says in (("AUPR", "did you mean"), ("AUPRO@2", "rate above 0")):
            done = self.sweep(*POINT, "--metrics", word, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(says, done.stderr)


class Listed(DemoTest):
    def test_each_metric_is_listed_and_emulated_ones_with_what_is_wrong(self):
        text = patchead("metrics").stdout
        for word in ("I-AUROC", "AUPRO@<RATE>", "AUPIMO[@<LOW>:<HIGH>]", "pro:musc200", "wrong: "):
            self.assertIn(word, text)
        self.assertEqual(text.count("wrong: "), text.count("source: "))


if __name__ == "__main__":
    main()
