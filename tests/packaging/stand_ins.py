"""Modules that say what a recipe asks of Spack and ReFrame, so that it is run without them."""

import contextlib
import sys
import types


class Recorder:
    """Keeps what was called by name: `calls("depends_on")` is a list of (arguments, options)."""

    def __init__(self):
        self.all = []

    def calls(self, name):
        return [(arguments, options) for called, arguments, options in self.all if called == name]

    def function(self, name):
        return lambda *arguments, **options: self.all.append((name, arguments, options))


def module(name, **members):
    made = types.ModuleType(name)
    vars(made).update(members)
    return made


def under(name, leaf):
    """`leaf` by its dotted name, with the packages above it."""
    parts = name.split(".")
    above = [".".join(parts[:count]) for count in range(1, len(parts))]
    return {**{path: module(path, __path__=[]) for path in above}, name: leaf}


@contextlib.contextmanager
def installed(modules):
    """`modules` can be imported meanwhile, whatever else has their names."""
    kept = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, before in kept.items():
            if before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = before


def spack(recorder, version):
    """What `package.py` may use of Spack 1.0; any other name is an error, as it would be there."""
    directives = ("version", "variant", "depends_on", "conflicts", "requires", "license",
                  "maintainers")
    package = module("spack.package", __all__=[*directives, "which"],
                     which=lambda program: lambda *words, **options: f"patchead {version} {program}",
                     **{name: recorder.function(name) for name in directives})

    class CMakePackage:
        def define(self, name, value):
            return f"-D{name}={('OFF', 'ON')[value] if isinstance(value, bool) else value}"

    class CudaPackage:
        cuda_arch_values = ("80", "90")

    build_systems = "spack_repo.builtin.build_systems"
    return {
        **under("spack.package", package),
        **under(f"{build_systems}.cuda", module("cuda", CudaPackage=CudaPackage)),
        **under(f"{build_systems}.cmake", module("cmake", CMakePackage=CMakePackage,
                                                 generator=recorder.function("generator")))}


class SanityError(Exception):
    pass


def assert_eq(left, right, msg="{0} != {1}"):
    if left != right:
        raise SanityError(msg.format(left, right))
    return True


def assert_true(value, msg="not true"):
    if not value:
        raise SanityError(msg)
    return True


def reframe():
    """What a check may use of ReFrame 4. Decorated functions stay what they are; variables hold
    their value, parameters their values."""
    marked = lambda *arguments, **options: lambda function: function  # noqa: E731
    checks = []
    builtins = module(
        "reframe.core.builtins", parameter=list, run_before=marked, performance_function=marked,
        variable=lambda *kinds, value: value, fixture=lambda kind, scope: kind,
        sanity_function=lambda function: function)
    sanity = module("reframe.utility.sanity", assert_eq=assert_eq, assert_true=assert_true, all=all)
    top = module("reframe", __path__=[], RunOnlyRegressionTest=type("Test", (), {}),
                 simple_test=lambda check: checks.append(check) or check)
    modules = {**under("reframe.core.builtins", builtins),
               **under("reframe.utility.sanity", sanity), "reframe": top}
    modules["reframe.utility"].sanity = sanity
    top.utility = modules["reframe.utility"]
    return modules, checks
