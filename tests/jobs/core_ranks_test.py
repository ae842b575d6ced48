"""--core-ranks: ranks without a device beside those that have it. On a CPU, where both are the same."""

import re

from support import CalmTest, files, main, outcome, run_state

GRID = ["--device", "cpu", "--category", "bracket", "--image-size", 96, "--shots", 0, 1, "--seeds", 0,
        "--modules", "none", "align+mask", "--batch-size", 8, "--block-images", 4, "--align-size", 96,
        "--heatmaps", 1]
OF_CORES = {"align", "evaluate", "picture"}


class CoreRanks(CalmTest):
    grid = GRID

    def kinds(self, output, rank):
        """Of the units that a rank did."""
        log = output / f"logs/rank-{rank:04}.log"
        return set(re.findall(r" s  (\S+) ", log.read_text())) if log.exists() else set()

    def check_same(self, name):
        self.assertEqual(outcome(self.folder / name), outcome(self.calm), name)
        self.assertEqual(files(self.folder / f"store-{name}"), files(self.calm_store), name)

    def test_results_are_the_same_and_core_ranks_run_no_network(self):
        for ranks, core_ranks in (2, 1), (4, 1), (4, 3):
            name = f"{ranks}-{core_ranks}"
            done = self.sweep(*GRID, "--core-ranks", core_ranks, ranks=ranks, output=name,
                              store=f"store-{name}")
            self.assertNotIn("note: --core-ranks", done.stderr)
            self.check_same(name)
            of_cores = set()
            for rank in range(ranks - core_ranks, ranks):
                of_cores |= self.kinds(self.folder / name, rank)
            self.assertTrue(of_cores and of_cores <= OF_CORES, of_cores)
        self.assertEqual(self.kinds(self.calm, 0), OF_CORES | {"embed", "match"})

    def test_too_many_leave_one_for_the_networks_and_say_so(self):
        for ranks in 0, 2:
            done = self.sweep(*GRID, "--core-ranks", 2, ranks=ranks, output=str(ranks), store=f"store-{ranks}")
            self.assertEqual(done.stderr.count("note: --core-ranks 2: a machine has "
                                               f"{max(1, ranks)} rank"), 1, done.stderr)
            self.check_same(str(ranks))

    def test_one_stack_is_behind_the_results(self):
        self.sweep(*GRID, "--core-ranks", 1, "--same-stack", ranks=2)
        self.assertEqual(len(run_state(self.folder / "output")["stacks"]), 1)


if __name__ == "__main__":
    main()
