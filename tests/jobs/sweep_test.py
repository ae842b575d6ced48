"""The main job from end to end: same results for any number of ranks and any state of the store."""

import json
import shutil

import h5py

from support import CalmTest, files, main, outcome, patchead, rows, value

GRID = ["--image-size", 96, "--shots", 0, 1, 2, "--seeds", 0, 1, "--modules", "none", "mask",
        "--batch-size", 8]


class Sweep(CalmTest):
    grid = GRID

    def copy_calm(self):
        """A finished run of the grid, which may be changed."""
        shutil.copytree(self.calm, self.folder / "output")
        shutil.copytree(self.calm_store, self.folder / "store")

    def test_tables_are_the_same_for_any_number_of_ranks_and_a_cold_or_warm_store(self):
        self.sweep(*GRID, ranks=1, output="1")
        expected = outcome(self.folder / "1")
        self.assertTrue({"summary_mvtec-like.md", "summary_mvtec-like.csv", "summary_mvtec-like.json",
                         "categories_mvtec-like.md", "results.csv"} <= set(expected))
        for ranks in 2, 3, 4:
            self.sweep(*GRID, ranks=ranks, output=str(ranks), store=f"store{ranks}")
            self.assertEqual(outcome(self.folder / str(ranks)), expected, f"{ranks} ranks, cold")
        self.sweep(*GRID, ranks=2, output="warm")
        self.assertEqual(outcome(self.folder / "warm"), expected, "warm store")
        self.assertEqual(outcome(self.calm), expected, "without mpirun")
        for one, other in (("store2", "store3"), ("store", self.calm_store)):
            self.assertEqual(files(self.folder / one), files(self.folder / other), "artifacts")

    def test_a_second_run_does_no_forward_and_no_matrix_product(self):
        self.copy_calm()
        first = json.loads((self.folder / "output/run.json").read_text())
        self.assertGreater(first["forwards"], 0)
        self.assertGreater(first["matrix_products"], 0)
        done = self.sweep(*GRID)
        second = json.loads((self.folder / "output/run.json").read_text())
        self.assertEqual((second["forwards"], second["matrix_products"]), (0, 0))
        self.assertEqual(second["forwards_saved"], first["forwards"])
        self.assertIn(f"{first['forwards']} saved by the store", done.stderr)

    def test_roofline_accounts_for_the_time_of_all_ranks(self):
        done = self.sweep(*GRID, "--roofline", ranks=2)
        profile = json.loads((self.folder / "output/profile.json").read_text())
        run = json.loads((self.folder / "output/run.json").read_text())
        for stage in "decode", "forward", "match", "metrics", "write":
            self.assertGreater(profile["stages"][stage]["seconds"], 0, stage)
            self.assertIn(f"\n{stage} ", done.stderr)
        for stage in "forward", "match":
            self.assertGreater(profile["stages"][stage]["flops"], 0, stage)
        written = sum(path.stat().st_size for path in (self.folder / "store").rglob("*.h5"))
        self.assertGreater(profile["stages"]["write"]["bytes"], 0.5 * written)
        self.assertLess(profile["stages"]["write"]["bytes"], written)
        busy = sum(rank["busy_seconds"] for rank in profile["by_rank"])
        self.assertAlmostEqual(busy, sum(run["rank_seconds"].values()), places=6)
        on_main_threads = sum(work["seconds"] for stage, work in profile["stages"].items()
                              if stage != "decode")
        # Features are written on another thread, at the same time.
        self.assertGreaterEqual(on_main_threads, busy * (1 - 1e-6))
        self.assertLessEqual(on_main_threads, (busy + profile["stages"]["write"]["seconds"]) * (1 + 1e-6))
        self.assertAlmostEqual(busy + profile["idle_seconds"], 2 * profile["seconds"],
                               delta=0.02 * profile["seconds"])

    def test_a_new_scoring_option_needs_no_forward_and_no_matrix_product(self):
        self.copy_calm()
        before = rows(self.folder / "output")
        self.sweep(*GRID, "--rho-zero", "0.1", "--kp-fraction", "0.5", "--mask-weight", "0.25")
        run = json.loads((self.folder / "output/run.json").read_text())
        self.assertEqual((run["forwards"], run["matrix_products"]), (0, 0))
        self.assertNotEqual(rows(self.folder / "output"), before)

    def test_features_alone_are_reused_when_matches_are_gone(self):
        self.copy_calm()
        expected = outcome(self.folder / "output")
        shutil.rmtree(self.folder / "store/match")
        shutil.rmtree(self.folder / "store/result")
        self.sweep(*GRID)
        run = json.loads((self.folder / "output/run.json").read_text())
        self.assertEqual(run["forwards"], 0)
        self.assertEqual(outcome(self.folder / "output"), expected)

    def test_results_have_every_point_and_metric(self):
        table = rows(self.calm)
        categories = {row["category"] for row in table}
        self.assertEqual(len(categories), 3)
        self.assertEqual(len(table), 3 * 3 * 2 * 2 * 8)
        for row in table:
            self.assertEqual(row["setting"], "few-shot" if int(row["shots"]) else "batch-zero-shot")
            self.assertTrue(0 <= float(row["value"]) <= 1, row)
        for category in categories:
            # More prompts can only lower scores; one prompt is one of the two of the same seed.
            self.assertGreater(value(table, "P-AUROC", category=category, shots=2, seed=0,
                                     modules="none"), 0.6, "far better than chance")

    def test_results_h5_holds_scores_and_what_made_them(self):
        with h5py.File(self.calm / "results.h5") as file:
            attributes = {name: str(text) for name, text in file.attrs.items()}
        text = json.dumps(attributes)
        for fact in ("git_revision", "weights.patchead_tiny", "id_digest.mvtec-like", "config",
                     "libtorch", "hdf5", "opencv", "mpi"):
            self.assertIn(fact, text)

    def test_report_makes_the_same_tables_again(self):
        done = patchead("report", self.calm, "--output", self.folder / "again")
        self.assertEqual(outcome(self.folder / "again"), outcome(self.calm))
        self.assertIn("I-AUROC", done.stdout)

    def test_report_leaves_out_tables_of_the_paper_of_which_nothing_is_there(self):
        self.sweep("--image-size", 96, "--shots", 1)
        done = patchead("report", self.folder / "output", "--paper", "--tables", "1,10", "--output",
                        self.folder / "again")
        for number in 1, 10:
            self.assertIn(f"Table {number} is left out", done.stdout)
        self.assertEqual([p.name for p in (self.folder / "again/paper").iterdir()], ["audit.md"])
        self.assertIn("cumulative means", (self.folder / "again/paper/audit.md").read_text())
        for wrong, what in ((["--paper", "--tables", "12"], "table of the paper"),
                            (["--tables", "1"], "--paper"), (["--std", "both"], "--std"),
                            (["--paper", "--pro", "PRO"], "--pro"),
                            (["--paper", "--stand-in", "DINOv2=tiny"], "--stand-in")):
            done = patchead("report", self.folder / "output", *wrong, check=False)
            self.assertEqual(done.returncode, 1, wrong)
            self.assertIn(what, done.stderr)

    def test_report_merges_runs_of_one_split_only(self):
        common = ["--image-size", 96, "--shots", 1, "--seeds"]
        self.sweep(*common, 0, output="first")
        self.sweep(*common, 1, output="second")
        self.sweep(*common, 0, 1, output="both")
        done = patchead("report", self.folder / "first", self.folder / "second", "--output",
                        self.folder / "merged")
        self.assertIn("I-AUROC", done.stdout)
        for name in "summary_mvtec-like.csv", "categories_mvtec-like.csv":
            self.assertEqual((self.folder / "merged/tables" / name).read_text(),
                             (self.folder / "both/tables" / name).read_text())
        patchead("report", self.folder / "merged/results.h5", "--output", self.folder / "again")
        done = patchead("report", self.folder / "first", self.folder / "both", "--output",
                        self.folder / "overlapping")
        self.assertIn("are in several runs and count once", done.stdout)
        self.assertEqual((self.folder / "overlapping/tables/summary_mvtec-like.csv").read_text(),
                         (self.folder / "both/tables/summary_mvtec-like.csv").read_text())
        self.sweep(*common, 0, "--category", "fabric", output="other")
        done = patchead("report", self.folder / "first", self.folder / "other", "--output",
                        self.folder / "no", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("mvtec-like", done.stderr)

    def test_explicit_prompts_do_not_depend_on_the_seed(self):
        prompts = self.folder / "prompts.tsv"
        categories = sorted(p.name for p in (self.data / "mvtec-like").iterdir() if p.is_dir())
        prompts.write_text("".join(f"mvtec-like\t{c}\ttrain/good/00{i}.png\n"
                                   for c in categories for i in (2, 0)))
        self.sweep("--image-size", 96, "--shots", 1, 2, "--prompts", prompts)
        table = rows(self.folder / "output")
        for row in table:
            same = {r["value"] for r in table if all(
                r[k] == row[k] for k in ("category", "shots", "metric"))}
            self.assertEqual(len(same), 1)

    def test_a_frozen_split_gives_the_same_numbers_and_notices_another_image(self):
        data = self.folder / "data"
        shutil.copytree(self.data, data)
        manifest = self.folder / "split.tsv"
        patchead("datasets", "freeze", "--data-root", data, "--dataset", "mvtec-like", "--output",
                 manifest)
        quick = ["--image-size", 96, "--shots", 1, "--seeds", 0]
        self.sweep(*quick, data=data)
        self.sweep(*quick, "--manifest", manifest, data=data, output="frozen", store="another")
        self.assertEqual(outcome(self.folder / "frozen"), outcome(self.folder / "output"))
        one, other = sorted((data / "mvtec-like/fabric/test/good").glob("*.png"))[:2]
        shutil.copy(one, other)
        done = self.sweep(*quick, "--manifest", manifest, data=data, output="changed", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(other.name, done.stderr)

    def test_folders_of_a_user_are_a_data_set(self):
        fabric = self.data / "mvtec-like/fabric"
        defect = sorted((fabric / "test").iterdir())[0]
        patchead("sweep", "--dataset", "folder", "--normal-dir", fabric / "train/good",
                 "--normal-test-dir", fabric / "test/good", "--abnormal-dir", defect, "--mask-dir",
                 fabric / "ground_truth" / defect.name, "--image-size", 96, "--shots", 2, "--seeds",
                 0, "--store", self.folder / "store", "--output", self.folder / "output")
        self.assertGreater(value(rows(self.folder / "output"), "P-AUROC"), 0.6)

    def test_options_come_from_config_files_and_the_command_line_wins(self):
        (self.folder / "a.cfg").write_text("shots = 1 2\nimage-size = 96\nseeds = 0\n")
        (self.folder / "b.cfg").write_text("shots = 1\n# a comment\nseeds = 0 1\n")
        self.sweep("--config", self.folder / "a.cfg", "--config", self.folder / "b.cfg",
                   "--seeds", 5)
        table = rows(self.folder / "output")
        self.assertEqual({row["shots"] for row in table}, {"1"})
        self.assertEqual({row["seed"] for row in table}, {"5"})

    def test_heat_maps_are_written_for_each_defect(self):
        self.sweep("--image-size", 96, "--shots", 2, "--seeds", 0, 1, "--heatmaps", 2)
        pictures = list((self.folder / "output/heatmaps").rglob("*.png"))
        self.assertEqual(len(pictures), 3 * 2, "two of each category, first seed only")
        for picture in pictures:
            self.assertEqual(picture.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")

    def test_readings_differ(self):
        values = {}
        for reading in "ABCD":
            self.sweep("--image-size", 96, "--shots", 0, 2, "--seeds", 0, "--reading", reading,
                       "--category", "fabric", output=reading)
            values[reading] = [row["value"] for row in rows(self.folder / reading)]
        self.assertEqual(len({tuple(v) for v in values.values()}), 4)

    def test_ablate_varies_options_without_forwards_or_matrix_products(self):
        self.copy_calm()
        common = ["--data-root", self.data, "--dataset", "mvtec-like", "--store",
                  self.folder / "store", *GRID]
        patchead("ablate", *common, "--output", self.folder / "ablation", "--over",
                 "rho=0,0.01,0.05", "--over", "kp=0.3,1", ranks=2)
        run = json.loads((self.folder / "ablation/run.json").read_text())
        self.assertEqual((run["forwards"], run["matrix_products"]), (0, 0))
        table = json.loads((self.folder / "ablation/tables/ablation_mvtec-like.json").read_text())
        self.assertEqual(table["row_columns"][:2], ["rho", "kp"])
        self.assertEqual(len(table["rows"]), 3 * 2 * (3 * 2))
        # A choice is what a sweep with these options gives.
        self.sweep(*GRID, "--rho-few", "0.05", "--rho-zero", "0.05", "--kp-fraction", "1",
                   output="direct")
        direct = (self.folder / "direct/tables/summary_mvtec-like.csv").read_text().splitlines()[1:]
        effect = (self.folder / "ablation/tables/ablation_mvtec-like.csv").read_text().splitlines()
        self.assertEqual([line[len("0.05,1,"):] for line in effect if line.startswith("0.05,1,")],
                         direct)

    def test_ablate_refuses_what_needs_a_matrix_product(self):
        self.copy_calm()
        done = patchead("ablate", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                        self.folder / "store", "--output", self.folder / "ablation", *GRID,
                        "--over", "reading=A,C", ranks=2, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("run patchead sweep", done.stderr)

    def test_inspect_tells_what_made_an_artifact(self):
        self.sweep("--image-size", 96, "--shots", 1, "--seeds", 0)
        for kind in "features", "match", "result":
            artifact = next((self.folder / "store" / kind).rglob("*.h5"))
            text = patchead("inspect", artifact).stdout
            self.assertIn(kind, text)
            self.assertIn("git_revision", text)
        self.assertIn("I-AUROC", patchead("inspect", self.folder / "output/results.h5").stdout)


if __name__ == "__main__":
    main()
