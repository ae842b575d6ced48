"""Signals, failures that pass, several sweeps at once: what a run does when it is disturbed."""

import json
import re
import os
import shutil
import signal

from support import (PATIENCE, CalmTest, Hold, as_made, files, handles, leftovers, main, outcome,
                     patchead, ranks_of, run_state, wait_until)

# Units enough to be interrupted in, but a few seconds in all.
GRID = ["--image-size", 96, 160, 224, "--shots", 0, 1, 2, "--seeds", 0, 1, "--modules", "none",
        "mask", "--batch-size", 8, "--block-images", 2]
QUICK = ["--image-size", 96, "--shots", 1, "--seeds", 0]


class Interrupt(CalmTest):
    grid, calm_ranks = GRID, 2

    def check_same_as_calm(self, *outputs):
        for name in outputs:
            self.assertEqual(outcome(self.folder / name), outcome(self.calm))
        self.assertEqual(files(self.folder / "store"), files(self.calm_store))

    def hold(self, share):
        """So that a sweep does not come to an end before it is disturbed."""
        units = as_made(self.calm_store)
        return Hold(self.folder / "store", units[round(len(units) * (1 - share)):])

    def is_at_work(self, output="output"):
        state = run_state(self.folder / output)
        return state is not None and state["state"] == "running" and state["units"]["done"] > 0

    def interrupt(self, number, one_rank, ranks=3):
        """Starts a sweep and, when it is at work, sends a signal; gives the exit code."""
        held = self.hold(0.5)
        process = self.start_sweep(*GRID, ranks=ranks)
        self.assertTrue(wait_until(self.is_at_work, process), self.log_of())
        if one_rank:
            os.kill(ranks_of(process)[-1], number)
        else:
            process.send_signal(number)
        code = process.wait(timeout=PATIENCE)
        held.release()
        return code

    def check_drained(self):
        state = run_state(self.folder / "output")
        self.assertEqual(state["state"], "drained", self.log_of())
        self.assertLess(state["units"]["done"], state["units"]["total"])
        self.assertIn("run the same command again", self.log_of())
        self.assertEqual(leftovers(self.folder / "store", self.folder / "output"), [])
        self.assertFalse((self.folder / "output/results.csv").exists())
        self.assertIn("0 damaged", patchead("store", "verify", self.folder / "store").stdout)
        return state

    def check_goes_on(self, done):
        self.sweep(*GRID, ranks=2)
        state, calm = run_state(self.folder / "output"), run_state(self.calm)
        self.assertEqual((state["state"], calm["state"]), ("finished", "finished"))
        self.check_same_as_calm("output")
        self.assertEqual(state["units"]["done"] + done, calm["units"]["done"],
                         "what was done is not done again")

    def test_usr1_to_all_ranks_drains_and_the_next_run_goes_on(self):
        self.assertEqual(self.interrupt(signal.SIGUSR1, one_rank=False), 75)
        self.check_goes_on(self.check_drained()["units"]["done"])

    def test_term_to_a_single_rank_drains_all(self):
        self.assertEqual(self.interrupt(signal.SIGTERM, one_rank=True), 75)
        self.check_drained()
        status = patchead("status", self.folder / "output", check=False)
        self.assertEqual(status.returncode, 75)
        self.assertIn("drained", status.stdout)

    def test_a_run_without_mpirun_drains_too(self):
        self.assertEqual(self.interrupt(signal.SIGTERM, one_rank=False, ranks=0), 75)
        self.check_drained()

    def test_without_grace_a_unit_stops_between_two_forward_passes(self):
        # One unit for each category: it would take longer than all the rest of the test.
        long = ["--image-size", 448, "--shots", 1, "--seeds", 0, "--block-images", 1000,
                "--forward-batch", 1, "--category", "fabric", "--grace", 0]
        process = self.start_sweep(*long, ranks=2)
        self.assertTrue(wait_until(lambda: run_state(self.folder / "output") is not None, process))
        logs = self.folder / "output/logs"
        # One of the ranks has had a short unit.
        self.assertTrue(wait_until(lambda: list(logs.glob("*.log")), process), self.log_of())
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.wait(timeout=PATIENCE), 75, self.log_of())
        self.assertIn("interrupted", "".join(path.read_text() for path in logs.iterdir()))
        self.check_drained()

    def test_a_signal_before_the_work_begins_is_not_lost(self):
        self.hold(0.5)
        process = self.start_sweep(*GRID)
        wait_until(lambda: handles(process.pid, signal.SIGUSR1), process)
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.wait(timeout=PATIENCE), 75, self.log_of())

    def test_an_unreadable_file_is_tried_on_another_rank_and_then_fails_its_units(self):
        data = self.folder / "data"
        shutil.copytree(self.data, data)
        image = sorted((data / "mvtec-like/fabric/test/good").glob("*.png"))[0]
        # Its digest is taken before; then it is a name without a file, as on a lost mount.
        held = self.hold(1)
        process = self.start_sweep(*GRID, data=data, ranks=2)
        self.assertTrue(wait_until(lambda: run_state(self.folder / "output"), process))
        hidden = image.with_suffix(".hidden")
        image.rename(hidden)
        held.release()
        self.assertEqual(process.wait(timeout=PATIENCE), 76, self.log_of())
        hidden.rename(image)
        state = run_state(self.folder / "output")
        self.assertTrue([text for text in state["troubles"]
                         if "tried once more" in text and str(image) in text], state)
        self.assertTrue([text for text in state["failures"] if str(image) in text], state)
        self.sweep(*GRID, data=data)
        self.check_same_as_calm("output")

    def test_two_sweeps_at_once_on_one_store_share_the_work(self):
        held = self.hold(0.5)
        processes = []
        for name in "one", "two":  # One after the other: mpirun trips over another that starts, too.
            processes.append(self.start_sweep(*GRID, ranks=2, output=name))
            self.assertTrue(wait_until(lambda: run_state(self.folder / name), processes[-1]),
                            self.log_of(name))
        held.release()
        for process, name in zip(processes, ("one", "two")):
            self.assertEqual(process.wait(timeout=PATIENCE), 0, self.log_of(name))
        work = [run_state(folder) for folder in (self.folder / "one", self.folder / "two",
                                                 self.calm)]
        for count in "forwards", "matrix_products":
            self.assertEqual(work[0][count] + work[1][count], work[2][count], "done once in all")
        self.check_same_as_calm("one", "two")

    def test_array_tasks_share_a_sweep_without_mpi(self):
        names = ["0", "1", "2", "3"]
        processes = [self.start_sweep(*GRID, "--array-task", name) for name in names]
        for process in processes:
            self.assertEqual(process.wait(timeout=PATIENCE), 0, self.log_of())
        states = [run_state(self.folder / "output", f"run.{name}.json") for name in names]
        self.assertEqual(sum(state["forwards"] for state in states),
                         run_state(self.calm)["forwards"])
        self.check_same_as_calm("output")
        status = patchead("status", self.folder / "output")
        self.assertEqual(status.stdout.count("finished"), 4)

    def holds_a_claim(self, pid):
        for claim in (self.folder / "store").glob("claims/*"):
            try:
                if claim.read_text().endswith(f".{pid}"):
                    return True
            except FileNotFoundError:
                continue
        return False

    def test_a_killed_array_task_is_replaced_by_the_others(self):
        held = self.hold(0.5)
        killed = self.start_sweep(*GRID, "--array-task", "0")
        self.assertTrue(wait_until(lambda: self.holds_a_claim(killed.pid), killed), self.log_of())
        other = self.start_sweep(*GRID, "--array-task", "1")
        killed.kill()
        killed.wait()
        held.release()
        self.assertEqual(other.wait(timeout=PATIENCE), 0, self.log_of())
        self.check_same_as_calm("output")

    def test_the_timeline_has_every_unit(self):
        self.sweep(*QUICK, "--trace", ranks=2)
        events = json.loads((self.folder / "output/trace.json").read_text())["traceEvents"]
        state = run_state(self.folder / "output")
        self.assertEqual(len(events), state["units"]["total"])
        logs = sorted((self.folder / "output/logs").iterdir())
        self.assertEqual([log.name for log in logs],
                         [f"rank-{rank:04}.log" for rank in sorted({event["tid"] for event in events})])
        lines = "".join(log.read_text() for log in logs).splitlines()
        self.assertEqual(len([line for line in lines if line.endswith(": done")]),
                         state["units"]["total"])

    def test_prometheus_reads_the_state_of_the_run(self):
        file = self.folder / "patchead.prom"
        self.sweep(*QUICK, "--prometheus", file)
        state = run_state(self.folder / "output")
        values = {}
        for line in file.read_text().splitlines():
            if not line.startswith("#"):
                name, value = re.fullmatch(r'(patchead_\w+\{(?:\w+="[^"]*",?)+\}) (\S+)', line).groups()
                values[name] = float(value)
        run = f'run="{self.folder / "output"}"'
        for name, of in (("done", "done"), ("total", "total"), ("failed", "failed")):
            self.assertEqual(values[f'patchead_units{{{run},state="{name}"}}'], state["units"][of])
        self.assertEqual(values[f"patchead_forwards_total{{{run}}}"], state["forwards"])
        self.assertEqual(values[f'patchead_run_info{{{run},state="finished"}}'], 1)
        done = self.sweep(*QUICK, "--prometheus", self.folder / "none/patchead.prom", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such folder", done.stderr)


if __name__ == "__main__":
    main()
