#!/usr/bin/env python3
"""Fails if a file includes a layer below which it does not stand, a private header of another
layer, or a library it may not see.

The table is the architecture (docs/architecture.md): a layer may include itself and the layers
named beside it.
"""

import pathlib
import re
import sys

LAYERS = {
    "core": (),
    "data": ("core",),
    "backbone": ("core",),
    "alignment": ("core",),
    "scoring": ("core",),
    "detectors": ("core",),
    "metrics": ("core",),
    "cache": ("core",),
    "plan": ("core",),
    "ranks": ("core", "plan"),
    "pipeline": ("core", "plan", "data", "backbone", "alignment", "scoring", "detectors", "metrics",
                 "cache"),
    "results": ("core", "metrics", "cache"),
    "pictures": ("core",),
    "report": ("core", "metrics", "results"),
    "setup": ("core", "plan", "data", "backbone", "alignment", "scoring", "detectors", "metrics",
              "cache", "pipeline"),
    "outputs": ("core", "data", "plan", "cache", "pipeline", "results", "pictures", "report"),
    "engine": ("core", "plan", "data", "backbone", "cache", "ranks", "pipeline", "results",
               "outputs"),
    "options": ("core", "plan", "data", "cache", "setup", "engine", "report", "results"),
}
LAYERS["jobs"] = tuple(LAYERS)
# Header of a library -> layers whose .cpp and private headers may include it.
LIBRARIES = {
    "mpi.h": ("ranks",),
    "hdf5.h": ("cache",),
    "torch/": ("backbone",),
    "ATen/": ("backbone", "scoring", "detectors"),
    "c10/": ("backbone", "scoring", "detectors"),
    "opencv2/": ("data", "alignment", "detectors", "pictures"),
    "tiffio.h": ("data",),
    "openssl/": ("core",),
    "isa-l/": ("core",),
    "boost/": ("options",),
    "nlohmann/": ("core", "data", "backbone", "detectors", "cache", "report", "setup", "engine"),
}
# Made by the build.
GENERATED = ("revision.hpp",)
INCLUDE = re.compile(r'^\s*#\s*include\s*(<[^>]+>|"[^"]+")', re.M)


def sources(root: pathlib.Path) -> list[pathlib.Path]:
    """The C++ files that belong to a layer."""
    return [path for top in ("include", "src", "jobs")
            for path in sorted((root / top).rglob("*.[ch]pp"))]


def layer_of(path: pathlib.Path, root: pathlib.Path) -> str:
    top, *folders = path.relative_to(root).parts[:-1]
    if top == "jobs":
        return "options" if folders[:1] == ["options"] else "jobs"
    return folders[{"include": 1, "src": 0}[top]]


def folder_of(layer: str, root: pathlib.Path) -> pathlib.Path:
    """From where a layer's private headers are included."""
    return root / "jobs" if layer in ("jobs", "options") else root / "src" / layer


def layer_problem(name: str, layer: str) -> str | None:
    other = name.split("/")[1]
    if other == layer or other in LAYERS[layer]:
        return None
    return f"{layer} may not include {name}"


def private_problem(name: str, path: pathlib.Path, layer: str, root: pathlib.Path) -> str | None:
    """What is wrong with including `name`, which is no public header."""
    if path.is_relative_to(root / "include"):
        return f"a public header may not include the private {name}"
    others = sorted((root / "src").iterdir())
    for folder in (path.parent, folder_of(layer, root), root / "src", *others):
        if (folder / name).exists():
            other = layer_of((folder / name).resolve(), root)
            if other == layer or (layer, other) == ("jobs", "options"):
                return None
            return f"{layer} may not include {name}, a private header of {other}"
    return None if name in GENERATED else f"{layer} has no private header {name}"


def problems(root: pathlib.Path):
    root = root.resolve()
    for path in sources(root):
        layer = layer_of(path, root)
        if layer not in LAYERS:
            yield f"{path.relative_to(root)}: '{layer}' is no layer"
            continue
        for quoted in INCLUDE.findall(path.read_text()):
            name, found = quoted[1:-1], []
            if name.startswith("patchead/"):
                found.append(layer_problem(name, layer))
            elif quoted[0] == '"':
                found.append(private_problem(name, path, layer, root))
            found += [f"{layer} may not include <{name}> here"
                      for library, allowed in LIBRARIES.items() if name.startswith(library) and
                      (layer not in allowed or path.is_relative_to(root / "include"))]
            for problem in filter(None, found):
                yield f"{path.relative_to(root)}: {problem}"


def main(find_problems, verdict: str) -> None:
    """Runs a check on the tree named on the command line, or on this one."""
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
    found = list(find_problems(pathlib.Path(root)))
    print("\n".join(found) or verdict)
    sys.exit(bool(found))


if __name__ == "__main__":
    import check_names  # Which includes this file.

    main(lambda root: (*problems(root), *check_names.problems(root)),
         "layers hold, every name has one meaning")
