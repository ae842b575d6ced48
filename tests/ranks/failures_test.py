#!/usr/bin/env python3
"""What a user sees, and what a batch script gets, when a rank of a job fails outside of a task."""

import os
import subprocess
import unittest

JOB = os.environ["PATCHEAD_FAILING_JOB"]
MPIEXEC = os.environ["PATCHEAD_MPIEXEC"]
SECONDS = 200  # A job that hangs is killed; aborts take about one second.


def run(way, ranks=None):
    launcher = [MPIEXEC, "-n", str(ranks)] if ranks else []
    return subprocess.run(launcher + [JOB, way], capture_output=True, text=True, timeout=SECONDS)


class Failures(unittest.TestCase):
    def check(self, done, code, message):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr.count(message), 1, done.stderr)
        self.assertEqual(done.stderr.count("patchead: "), 1, done.stderr)

    def test_an_error_on_one_rank_ends_the_job_with_its_message(self):
        self.check(run("error", 3), 1, "patchead: rank 2 of 3: a.png is torn\n")

    def test_a_fault_of_the_program_has_its_own_exit_code(self):
        self.check(run("internal", 3), 70,
                   "patchead: rank 2 of 3: internal error: beyond the end\n")

    def test_so_has_an_exception_that_is_none_of_std(self):
        self.check(run("foreign", 2), 70, "patchead: rank 1 of 2: internal error: ")

    def test_a_fault_in_the_work_of_rank_0_ends_the_ranks_that_wait_for_its_result(self):
        self.check(run("root", 3), 70,
                   "patchead: rank 0 of 3: internal error: beyond the end\n")

    def test_an_error_in_the_manager_ends_the_ranks_that_wait_for_it(self):
        self.check(run("manager", 3), 1, "patchead: rank 0 of 3: disk full\n")

    def test_trouble_of_all_ranks_is_told_once(self):
        self.check(run("everywhere", 4), 1, "patchead: rank 0 of 4: w.pth is torn\n")

    def test_the_largest_result_is_the_exit_code(self):
        self.assertEqual(run("result", 3).returncode, 2)

    def test_a_frozen_rank_ends_the_job_as_unfinished(self):
        self.check(run("silent", 3), 75, "patchead: rank 2 is silent\n")

    def test_so_does_a_task_that_never_ends(self):
        self.check(run("stuck", 3), 75, "patchead: rank 2 is slow\n")

    def test_a_rank_alone_leaves_with_one_line(self):
        done = run("error")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "patchead: a.png is torn\n")

    def test_a_rank_alone_can_succeed(self):
        self.assertEqual(run("nothing").returncode, 0)


if __name__ == "__main__":
    unittest.main()
