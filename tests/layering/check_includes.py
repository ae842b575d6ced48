#!/usr/bin/env python3
"""Fails if a file includes a layer below which it does not stand, or a library it may not see.

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
    "metrics": ("core",),
    "cache": ("core",),
    "plan": ("core",),
    "dist": ("core", "plan"),
    "pipeline": ("core", "plan", "data", "backbone", "alignment", "scoring", "metrics", "cache"),
    "report": ("core", "plan", "cache", "metrics"),
    "jobs": ("core", "plan", "data", "backbone", "alignment", "scoring", "metrics", "cache", "dist",
             "pipeline", "report"),
}
# Header of a library -> layers whose .cpp and private headers may include it.
LIBRARIES = {
    "mpi.h": ("dist",),
    "hdf5.h": ("cache",),
    "torch/": ("backbone",),
    "ATen/": ("backbone", "scoring"),
    "c10/": ("backbone", "scoring"),
    "opencv2/": ("data", "alignment", "metrics", "report"),
    "openssl/": ("core",),
    "boost/program_options": ("jobs",),
    "nlohmann/": ("core", "backbone", "cache", "report", "jobs"),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def layer_of(path: pathlib.Path, root: pathlib.Path) -> str:
    parts = path.relative_to(root).parts
    return "jobs" if parts[0] == "jobs" else parts[{"include": 2, "src": 1}[parts[0]]]


def problems(root: pathlib.Path):
    for top in ("include", "src", "jobs"):
        for path in sorted((root / top).rglob("*.[ch]pp")):
            layer = layer_of(path, root)
            for name in INCLUDE.findall(path.read_text()):
                if name.startswith("patchead/"):
                    other = name.split("/")[1]
                    if other != layer and other not in LAYERS[layer]:
                        yield f"{path}: {layer} may not include {name}"
                for library, allowed in LIBRARIES.items():
                    if name.startswith(library) and (layer not in allowed or top == "include"):
                        yield f"{path}: {layer} may not include <{name}> here"


if __name__ == "__main__":
    found = list(problems(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "layers hold")
    sys.exit(bool(found))
