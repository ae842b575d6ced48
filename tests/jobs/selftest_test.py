"""patchead selftest, and plan with what it writes."""

import json
import shutil

from support import SOURCE, FolderTest, fixed_rates, main, patchead

FIXTURES = SOURCE / "configs/selftest"
FAMILIES = {"mae", "dinov2", "dinov2_reg", "open_clip", "beitv2", "eva02", "pe_spatial", "dinov3", "pe_core",
            "siglip2", "tipsv2", "c_radio"}
QUICK = ["--device", "cpu", "--precision", "fp32", "--image-size", 56, "--batch", "1,2"]


class Selftest(FolderTest):
    def selftest(self, *arguments, **options):
        file = self.folder / "selftest.json"
        file.unlink(missing_ok=True)
        done = patchead("selftest", *QUICK, "--json", file, *arguments, **options)
        return done, json.loads(file.read_text())

    def verdicts(self, report):
        return {check["name"]: check["verdict"] for check in report["checks"]}

    def test_this_machine_passes_and_its_rates_plan_a_sweep(self):
        done, report = self.selftest()
        self.assertIn("selftest passed", done.stdout)
        self.assertIn("one rank\n", done.stdout)
        self.assertIn("mpirun -n 2 patchead selftest", done.stdout)
        self.assertIn("a GPU was not tried", done.stdout)
        verdicts = self.verdicts(report)
        for family in FAMILIES:
            for precision in "fp32", "bf16":
                self.assertEqual(verdicts.pop(f"{family} in {precision}"), "passed")
        self.assertEqual(verdicts.pop("ranks"), "not checked")
        self.assertIn(verdicts.pop("kernels in low precision"), ("passed", "warning"))
        self.assertEqual(verdicts, {"matching": "passed", "too little memory": "passed"})
        self.assertEqual([rate["batch"] for rate in report["rates"]], [1, 2])
        for rate in report["rates"]:
            self.assertGreater(rate["images_per_second"], 0)
            self.assertGreater(rate["peak_gflops"], 0)
        self.assertIn("libtorch", report["facts"])

        plan = self.plan("--rates", self.folder / "selftest.json", "--ranks", "1,8")
        self.assertNotIn("resources", plan)
        embed = plan["kinds"]["embed"]
        best = report["speed"]["forward_gflops"]["fp32"]
        seconds = embed["forwards"] * 0.01 + embed["gflop"] / best  # 10 ms to read an image.
        self.assertAlmostEqual(embed["rank_seconds"] / seconds, 1, places=6)
        done = patchead("plan", "--published", "--config", SOURCE / "configs/paper.cfg", "--store",
                        self.folder / "none", "--precision", "bf16", "--rates",
                        self.folder / "selftest.json", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no rate in bf16", done.stderr)

    def test_two_ranks_have_the_same_bits(self):
        done, report = self.selftest(ranks=2)
        self.assertEqual(self.verdicts(report)["ranks"], "passed")
        self.assertEqual(report["ranks"], 2)
        self.assertEqual(done.stdout.count("selftest passed"), 1)
        self.assertEqual(done.stdout.count("mae in fp32"), 1)

    def test_a_broken_fixture_is_named(self):
        fixtures = self.folder / "fixtures"
        for family in "mae", "pe_spatial":
            shutil.copytree(FIXTURES / family, fixtures / family)
        shutil.copy(FIXTURES / "match.json", fixtures)
        with open(fixtures / "pe_spatial/outputs.safetensors", "r+b") as file:
            file.seek(-1, 2)
            file.write(b"\x42")  # The exponent of the last embedding's last channel.
        done, report = self.selftest("--fixtures", fixtures, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(report["verdict"], "failed")
        verdicts = self.verdicts(report)
        self.assertEqual(verdicts["pe_spatial in fp32"], "failed")
        self.assertEqual(verdicts["mae in fp32"], "passed")
        self.assertIn("FAILED   pe_spatial in fp32", done.stdout)
        self.assertIn("verify-backbone", done.stdout, "what to do")
        done = patchead("plan", "--published", "--config", SOURCE / "configs/paper.cfg", "--store",
                        self.folder / "none", "--rates", self.folder / "selftest.json", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("failed (its speeds are of wrong numbers)", done.stderr)

    def test_wrong_words(self):
        for arguments, word in ((["--fixtures", self.folder], "no fixture"),
                                (["--network", "vit_bas"], "vit_base"),
                                (["--precision", "fp33"], "fp33"), (["--batch", "0"], "batch"),
                                (["--device", "gpu"], "gpu")):
            done = patchead("selftest", *arguments, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(word, done.stderr)

    def plan(self, *arguments):
        done = patchead("plan", "--json", "--published", "--config", SOURCE / "configs/paper.cfg",
                        "--store", self.folder / "none", *arguments)
        return json.loads(done.stdout)

    def test_two_resources_of_the_paper_on_gpus_that_are_not_here(self):
        rates = fixed_rates(self.folder)
        arguments = ["--rates", rates, "--device-rates", "h100", "--cores-per-rank", 16, "--ranks", "1,8"]
        plan = self.plan(*arguments)
        resources = plan["resources"]
        self.assertTrue(resources["assumed"])
        self.assertIn("not measured", resources["source"])
        one, eight = resources["on"]
        self.assertEqual([(run["gpus"], run["cores"]) for run in (one, eight)], [(1, 16), (8, 128)])
        for run in one, eight:
            limit = max("core", "gpu", key=lambda name: run[f"{name}_seconds"])
            self.assertEqual(run["limit"], {"core": "cores", "gpu": "gpus"}[limit])
            self.assertEqual(run["at_least_seconds"], run[f"{limit}_seconds"])
        self.assertAlmostEqual(one["gpu_seconds"] / eight["gpu_seconds"], 8, places=6)
        for run, played in zip((one, eight), plan["runs"]):
            self.assertLessEqual(run["at_least_seconds"], played["seconds"])
            self.assertLess(abs(played["seconds"] / run["one_after_other_seconds"] - 1), 0.25)
        low = self.plan(*arguments, "--precision", "bf16")["resources"]["on"][0]
        self.assertLess(low["gpu_seconds"], one["gpu_seconds"])
        self.assertAlmostEqual(low["core_seconds"], one["core_seconds"], places=6)
        text = patchead("plan", "--published", "--config", SOURCE / "configs/paper.cfg", "--store",
                        self.folder / "none", *arguments).stdout
        self.assertIn("assumed, not measured", text)
        self.assertRegex(text, r"\n +8 +128 .* (cores|GPUs)\n")

    def test_core_ranks_work_while_gpus_do(self):
        arguments = ["--rates", fixed_rates(self.folder), "--device-rates", "h100", "--precision", "bf16"]
        alone = self.plan(*arguments, "--cores-per-rank", 16, "--ranks", "1,8")
        lanes = self.plan(*arguments, "--cores-per-rank", 10, "--ranks", "4,32", "--core-ranks", 3,
                          "--ranks-per-node", 4, "--cores-per-core-rank", 2)
        for key in "gpus", "cores", "core_seconds", "gpu_seconds":
            self.assertEqual([round(run[key], 6) for run in alone["resources"]["on"]],
                             [round(run[key], 6) for run in lanes["resources"]["on"]], key)
        for one, other, limits in zip(alone["runs"], lanes["runs"], lanes["resources"]["on"]):
            self.assertEqual(other["core_ranks"], other["ranks"] * 3 / 4)
            self.assertLess(other["seconds"], one["seconds"])
            self.assertLessEqual(limits["at_least_seconds"], other["seconds"])

    def test_an_unknown_gpu_is_refused(self):
        done = patchead("plan", "--published", "--config", SOURCE / "configs/paper.cfg", "--store",
                        self.folder / "none", "--rates", fixed_rates(self.folder), "--device-rates",
                        "h10", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("h100", done.stderr)


if __name__ == "__main__":
    main()
