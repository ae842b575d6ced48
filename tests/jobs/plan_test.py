"""patchead plan: what a sweep expands to, checked against the sweep itself."""

import json

from support import DemoTest, fixed_rates, main, patchead, run_state

GRID = ["--image-size", 96, 160, "--shots", 0, 1, 2, "--seeds", 0, 1, "--modules", "none", "mask",
        "--batch-size", 8]
PAPER = ["mvtec", "visa", "mpdd", "btad", "ksdd", "dagm", "dtd-synthetic"]


class Plan(DemoTest):
    def plan(self, *arguments, **options):
        done = patchead("plan", "--json", *arguments, "--data-root", self.data, "--dataset",
                        "mvtec-like", "--store", self.folder / "store", *GRID, **options)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    def test_counts_are_those_of_the_sweep(self):
        plan = self.plan("--ranks", "1,2")
        self.assertFalse((self.folder / "store").exists(), "a plan makes nothing")
        self.sweep(*GRID)
        state = run_state(self.folder / "output")
        for kind, count in state["units_by_kind"].items():
            self.assertEqual(plan["kinds"][kind]["to_do"], count["total"], kind)
        self.assertEqual(plan["kinds"]["embed"]["forwards"], state["forwards"])
        size = sum(path.stat().st_size for path in (self.folder / "store/features").rglob("*.h5"))
        self.assertLess(abs(plan["kinds"]["embed"]["bytes"] / size - 1), 0.2)
        self.assertEqual([run["ranks"] for run in plan["runs"]], [1, 2])
        for run in plan["runs"]:
            self.assertLessEqual(run["rank_seconds"] / run["ranks"], run["seconds"])
            self.assertTrue(0 <= run["idle_share"] < 1)
        # Now all of it is in the store.
        again = self.plan()
        for kind in "embed", "match", "evaluate":
            self.assertEqual(again["kinds"][kind]["to_do"], 0)
            self.assertEqual(again["kinds"][kind]["planned"], plan["kinds"][kind]["planned"])

    def test_rates_of_a_finished_run_predict_its_rank_time(self):
        self.sweep(*GRID)
        state = run_state(self.folder / "output")
        done = patchead("plan", "--json", "--rates", self.folder / "output/run.json", "--ranks", 1,
                        "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                        self.folder / "empty", *GRID)
        plan = json.loads(done.stdout)
        for kind in "embed", "match", "evaluate":
            self.assertAlmostEqual(plan["kinds"][kind]["rank_seconds"],
                                   state["rank_seconds"][kind], places=6)

    def test_without_any_data_on_disk(self):
        done = patchead("plan", "--json", "--simulate", "--published", "--rates",
                        fixed_rates(self.folder), "--dataset", *PAPER, "--backbone",
                        "dinov2_vitb14_reg", "mae_vitb16", "openclip_vitb16_plus_240",
                        "--store", self.folder / "none", "--image-size", "default", 448,
                        "--modules", "none", "mask", "--shots", 0, 1, 2, 4, "--seeds", 0, 1, 2)
        plan = json.loads(done.stdout)
        runs = {run["ranks"]: run for run in plan["runs"]}
        self.assertEqual(sorted(runs), [8, 64, 512, 4096])
        self.assertGreaterEqual(runs[512]["efficiency"], 0.95)
        self.assertTrue(runs[4096]["efficiency"] >= 0.95 or runs[4096]["reason"])

    def test_core_ranks_are_the_last_ones_of_each_machine(self):
        runs = self.plan("--rates", fixed_rates(self.folder), "--ranks", "1,2,5", "--core-ranks", 2,
                         "--ranks-per-node", 3)["runs"]
        self.assertEqual([(run["ranks"], run["core_ranks"]) for run in runs],
                         [(1, 0), (2, 1), (5, 3)], "one rank of a machine is left for the device")
        text = patchead("plan", "--rates", fixed_rates(self.folder), "--ranks", 2, "--core-ranks", 1,
                        "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                        self.folder / "store", *GRID).stdout
        self.assertRegex(text, r"\n ranks core ranks .*\n +2 +1 ")

    def test_wrong_words(self):
        for arguments, word in ((["--ranks", "2,x"], "ranks"), (["--ranks"], "--ranks"),
                                (["--ranks-per-node", -1], "ranks-per-node"),
                                (["--rates", self.data / "none"], "none"),
                                (["--image-sise", 3], "--image-size")):
            done = patchead("plan", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                            self.folder, *arguments, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(word, done.stderr)


if __name__ == "__main__":
    main()
