"""patchead for Spack 1.0 and newer, built from a clone:

    spack repo add scripts/packaging/spack_repo/patchead
    spack env create patchead && spack env activate patchead
    spack develop --path $PWD patchead@0.1.0
    spack add patchead@0.1.0 && spack install
"""

from spack_repo.builtin.build_systems.cmake import CMakePackage, generator
from spack_repo.builtin.build_systems.cuda import CudaPackage

from spack.package import *


class Patchead(CMakePackage, CudaPackage):
    """Distributed benchmark of patch-exclusive anomaly detection: training-free, from the patch
    embeddings of frozen vision transformers."""

    license("Apache-2.0")

    # Nowhere to download it from, so without url and checksum: `spack develop` says where it lies.
    version("0.1.0")

    generator("ninja")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("pkgconfig", type="build")

    depends_on("mpi")
    depends_on("hdf5@1.10:~mpi")  # Each artifact is written by one rank.
    depends_on("opencv@4.6:+calib3d+features2d+flann+imgcodecs+imgproc+jpeg+png+tiff")
    depends_on("libtiff")
    depends_on("boost@1.74:+program_options")
    depends_on("nlohmann-json")
    depends_on("fmt")
    depends_on("openssl")
    depends_on("isa-l")

    # LibTorch comes as part of PyTorch. Nothing here is compiled for CUDA, but PyTorch's is.
    depends_on("py-torch@1.13:", type=("build", "link", "run"))
    depends_on("py-torch~cuda", when="~cuda", type=("build", "link", "run"))
    for _arch in CudaPackage.cuda_arch_values:
        depends_on(f"py-torch+cuda cuda_arch={_arch}", when=f"+cuda cuda_arch={_arch}",
                   type=("build", "link", "run"))
    conflicts("cuda_arch=none", when="+cuda", msg="say for which GPUs: cuda_arch=90, for example")
    # Without OpenMP in OpenBLAS, LibTorch is twenty times slower.
    requires("^openblas threads=openmp", when="^[virtuals=blas] openblas")

    # `patchead report --html` and --figures.
    depends_on("python@3.9:", type="run")
    for _package in ("py-numpy", "py-h5py~mpi", "py-pillow", "py-matplotlib", "py-jinja2"):
        depends_on(_package, type="run")

    conflicts("%gcc@:11", msg="C++20 as it is used here needs GCC 12")

    def cmake_args(self):
        return [self.define("BUILD_TESTING", False),
                self.define("PATCHEAD_WARNINGS_AS_ERRORS", False)]

    def setup_run_environment(self, env):
        # For slurm/*.sbatch; the program itself looks around its binary.
        env.set("PATCHEAD_HOME", self.prefix.share.patchead)
        env.set("PATCHEAD_PYTHON", self.spec["python"].command.path)

    def test_version(self):
        """the program starts and says its version"""
        program = which(self.prefix.bin.patchead)
        assert str(self.spec.version) in program("--version", output=str.split, error=str.split)
