"""The selftest and the demo as acceptance tests of a machine, for ReFrame 4 and newer:

    reframe -C SITE.py -c scripts/packaging/reframe_check.py -r --performance-report
    reframe ... -S PatcheadDemo.digest=SHA256 -S device=cuda -S modules=patchead

    reframe ... -n PatcheadSelftest -S device=cuda                # minutes less: numbers and speed only

Sanity of the demo: the table `results.csv` has the digest that one rank gives, since it may not depend on the
number of ranks. `digest` also asks for a certain one: that of a run before on the same numeric
stack (LibTorch, BLAS and processor; the last bits of features depend on them).
Performance: images/s and efficiency, from run.json. References are a site's own to set.
"""

import hashlib
import json
import os

import reframe as rfm
import reframe.utility.sanity as sn
from reframe.core.builtins import (fixture, parameter, performance_function, run_before,
                                   sanity_function, variable)


class Sweep(rfm.RunOnlyRegressionTest):
    """`patchead sweep` over the demo's data, with an empty store and without pictures."""

    valid_systems = ["*"]
    valid_prog_environs = ["*"]
    executable = "patchead"
    num_cpus_per_task = 1
    device = variable(str, value="cpu")
    # Of an installation, where `patchead` in PATH is; of a source tree, its configs/demo.cfg.
    config = variable(str, value='"$(dirname "$(command -v patchead)")"/../share/patchead/configs/demo.cfg')
    more = variable(str, value="")  # Options, e.g. --seeds 0: a shorter run, and another digest.

    @run_before("run")
    def say_what_to_run(self):
        self.env_vars = {"OMP_NUM_THREADS": "1", "HDF5_USE_FILE_LOCKING": "FALSE"}
        self.prerun_cmds = ["patchead demo-data --output data"]
        self.executable_opts = [
            "sweep", "--config", self.config, "--data-root", "data", "--store", "store",
            "--output", "output", "--device", self.device, "--threads", "1", "--heatmaps", "0",
            "--maps", "0", "--align-pictures", "0", *self.more.split()]

    def file(self, name):
        return os.path.join(self.stagedir, "output", name)

    def run_json(self):
        with open(self.file("run.json"), encoding="utf-8") as file:
            return json.load(file)

    def table_digest(self):
        with open(self.file("results.csv"), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    def finished(self):
        return sn.assert_eq(self.run_json()["state"], "finished")


class OneRank(Sweep):
    """What the others are compared with."""

    num_tasks = 1

    @sanity_function
    def table_is_there(self):
        return sn.all([self.finished(), sn.assert_true(self.table_digest())])


@rfm.simple_test
class PatcheadDemo(Sweep):
    ranks = parameter([2, 4, 8])
    one_rank = fixture(OneRank, scope="environment")
    digest = variable(str, value="")

    @run_before("run")
    def take_ranks(self):
        self.num_tasks = self.ranks

    @sanity_function
    def table_has_the_digest_of_one_rank(self):
        ours, theirs = self.table_digest(), self.one_rank.table_digest()
        return sn.all([
            self.finished(),
            sn.assert_eq(ours, theirs, msg="results.csv of {0} differs from one rank's, {1}"),
            sn.assert_eq(ours, self.digest or ours, msg="results.csv has digest {0}, not {1}")])

    @performance_function("images/s")
    def images_per_second(self):
        return self.run_json()["rates"]["images_per_second"]

    @performance_function("1")
    def efficiency(self):
        """The share of the ranks' time in which they worked."""
        return 1 - self.run_json()["rates"]["idle_share"]


@rfm.simple_test
class PatcheadSelftest(rfm.RunOnlyRegressionTest):
    """`patchead selftest` on two ranks: numbers against shipped ones, the same bits, images/s."""

    valid_systems = ["*"]
    valid_prog_environs = ["*"]
    executable = "patchead"
    num_tasks = 2
    num_cpus_per_task = 1
    device = variable(str, value="cpu")
    more = variable(str, value="")  # Options, e.g. --batch 64.

    @run_before("run")
    def say_what_to_run(self):
        self.env_vars = {"OMP_NUM_THREADS": "1"}
        self.executable_opts = ["selftest", "--device", self.device, "--json", "selftest.json",
                                *self.more.split()]

    def report(self):
        with open(os.path.join(self.stagedir, "selftest.json"), encoding="utf-8") as file:
            return json.load(file)

    @sanity_function
    def all_checks_passed(self):
        report = self.report()
        failed = [check["name"] for check in report["checks"] if check["verdict"] == "failed"]
        return sn.all([sn.assert_eq(report["verdict"], "passed", msg=f"failed: {failed}"),
                       sn.assert_eq(report["ranks"], self.num_tasks)])

    @performance_function("images/s")
    def images_per_second(self):
        """Of the fastest precision and batch."""
        return max(rate["images_per_second"] for rate in self.report()["rates"])
