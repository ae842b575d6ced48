"""A sweep whose ranks are killed at random moments, again and again, until it is done all the same.

PATCHEAD_CHAOS_KILLS sets how often (25), PATCHEAD_CHAOS_SEED which moments (1).
"""

import os
import random
import signal
import time

from support import (DemoTest, files, leftovers, main, outcome, patchead, ranks_of, run_state,
                     wait_until)

KILLS = int(os.environ.get("PATCHEAD_CHAOS_KILLS", "25"))
SEED = int(os.environ.get("PATCHEAD_CHAOS_SEED", "1"))
RANKS = 3
# So many units that every life of the job adds only a few of them.
GRID = ["--image-size", 224, 256, 288, "--shots", 0, 1, 2, "--seeds", *range(max(2, KILLS // 6 - 2)),
        "--modules", "none", "mask", "--batch-size", 8, "--block-images", 1]
# Open MPI gives the other ranks a second between SIGTERM and SIGKILL, in which they go on.
os.environ["OMPI_MCA_odls_base_sigkill_timeout"] = "0"


class Chaos(DemoTest):
    def artifacts(self):
        """Path -> inode: a file that was made again has another one."""
        found = {}
        for path in (self.folder / "store").rglob("*.h5"):
            found[path] = path.stat().st_ino
        return found

    def kill_one(self, random_, total):
        """Runs the sweep until some units are done, or only for a moment, and kills a rank.

        False if it came to its end before that.
        """
        before = len(self.artifacts())
        process = self.start_sweep(*GRID, ranks=RANKS)
        if random_.random() < 0.2:  # While it starts up or reads its inputs.
            time.sleep(random_.uniform(0.1, 1.5))
        else:
            wanted = before + random_.randrange(1, max(2, total // (2 * KILLS)))
            wait_until(lambda: len(self.artifacts()) >= wanted, process, seconds=100)
            time.sleep(random_.uniform(0, 0.05))
        ranks = ranks_of(process)
        if not ranks or process.poll() is not None:
            process.wait()
            return False
        os.kill(random_.choice(ranks), signal.SIGKILL)
        self.assertNotEqual(process.wait(timeout=100), 0, self.log_of())
        return True

    def test_killed_ranks_cost_nothing_but_the_units_in_flight(self):
        calm, calm_store = self.folder / "calm", self.folder / "calm-store"
        self.sweep(*GRID, output="calm", store="calm-store", ranks=RANKS)
        total = len(list(calm_store.rglob("*.h5")))  # Units of equal key share one.
        random_ = random.Random(SEED)
        kills = 0
        whole = {}
        while kills < KILLS:
            kills += self.kill_one(random_, total)
            now = self.artifacts()
            for path, inode in whole.items():
                self.assertEqual(now.get(path), inode, f"{path} was made again")
            whole = now
            self.assertLess(len(whole), total, f"done after only {kills} kills")
        process = self.start_sweep(*GRID, ranks=RANKS)
        self.assertEqual(process.wait(timeout=200), 0, self.log_of())
        self.assertEqual(run_state(self.folder / "output")["state"], "finished")
        for path, inode in whole.items():
            self.assertEqual(path.stat().st_ino, inode, f"{path} was made again")
        self.assertEqual(outcome(self.folder / "output"), outcome(calm))
        self.assertEqual(files(self.folder / "store"), files(calm_store))
        self.assertEqual(leftovers(self.folder / "store", self.folder / "output"), [])
        print(f"chaos: {kills} kills, {len(whole)} of {total} artifacts survived from killed runs")


if __name__ == "__main__":
    main()
