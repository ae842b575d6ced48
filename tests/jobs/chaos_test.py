"""A sweep whose ranks are killed at random moments, again and again, until it is done all the same.

PATCHEAD_CHAOS_KILLS sets how often (25), PATCHEAD_CHAOS_SEED which moments (1).
"""

import os
import random
import signal
import time

from support import (PATIENCE, DemoTest, Hold, as_made, files, leftovers, main, outcome, ranks_of,
                     run_state, wait_until)

KILLS = int(os.environ.get("PATCHEAD_CHAOS_KILLS", "25"))
SEED = int(os.environ.get("PATCHEAD_CHAOS_SEED", "1"))
RANKS = 3
# More units than kills.
GRID = ["--image-size", 224, 256, 288, "--shots", 0, 1, 2, "--seeds", *range(max(2, KILLS // 6 - 2)),
        "--modules", "none", "mask", "--batch-size", 8, "--block-images", 1]
# Open MPI 4 gives the other ranks a second between SIGTERM and SIGKILL, in which they go on.
os.environ["OMPI_MCA_odls_base_sigkill_timeout"] = "0"


class Chaos(DemoTest):
    def artifacts(self):
        """Path -> inode: a file that was made again has another one."""
        found = {}
        for path in (self.folder / "store").rglob("*.h5"):
            found[path] = path.stat().st_ino
        return found

    def kill_one(self, random_, possible):
        """Runs the sweep until some of the `possible` units are done, or only for a moment, and
        kills a rank."""
        wanted = random_.randint(len(self.artifacts()) + 1, possible)
        process = self.start_sweep(*GRID, ranks=RANKS)
        if random_.random() < 0.2:  # While it starts up or reads its inputs.
            wait_until(lambda: ranks_of(process), process)
            time.sleep(random_.uniform(0, 1.4))
        else:
            wait_until(lambda: len(self.artifacts()) >= wanted, process)
            time.sleep(random_.uniform(0, 0.05))
        self.assertIsNone(process.poll(), self.log_of())
        os.kill(random_.choice(ranks_of(process)), signal.SIGKILL)
        self.assertNotEqual(process.wait(timeout=PATIENCE), 0, self.log_of())

    def test_killed_ranks_cost_nothing_but_the_units_in_flight(self):
        calm, calm_store = self.folder / "calm", self.folder / "calm-store"
        self.sweep(*GRID, output="calm", store="calm-store", ranks=RANKS)
        units = as_made(calm_store)
        self.assertGreater(len(units), KILLS)
        # Each life of the job may do its share of the units, in the order in which they can be
        # done, and so none comes to an end, however much it does before it is killed.
        held = Hold(self.folder / "store", units)
        random_ = random.Random(SEED)
        whole = {}
        for kill in range(1, KILLS + 1):
            possible = len(units) * kill // (KILLS + 1)
            held.release(possible - (len(units) - len(held.claims)))
            self.kill_one(random_, possible)
            now = self.artifacts()
            for path, inode in whole.items():
                self.assertEqual(now.get(path), inode, f"{path} was made again")
            whole = now
        held.release()
        process = self.start_sweep(*GRID, ranks=RANKS)
        self.assertEqual(process.wait(timeout=PATIENCE), 0, self.log_of())
        self.assertEqual(run_state(self.folder / "output")["state"], "finished")
        for path, inode in whole.items():
            self.assertEqual(path.stat().st_ino, inode, f"{path} was made again")
        self.assertEqual(outcome(self.folder / "output"), outcome(calm))
        self.assertEqual(files(self.folder / "store"), files(calm_store))
        self.assertEqual(leftovers(self.folder / "store", self.folder / "output"), [])
        print(f"chaos: {KILLS} kills, {len(whole)} of {len(units)} artifacts survived from killed runs")


if __name__ == "__main__":
    main()
