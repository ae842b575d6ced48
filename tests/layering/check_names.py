#!/usr/bin/env python3
"""Fails if one name means two things.

Layers share `namespace patchead`, and what is private to one lies in an inline namespace of it
(`patchead::plan_detail`), so that names of two layers never clash for the linker. They would for
the reader, and for whoever includes both; so a type's name is defined once in the whole tree, and
a function of one name and the same parameters belongs to one layer.
"""

import pathlib
from collections import defaultdict
from typing import NamedTuple

from check_includes import LAYERS, layer_of, main, sources
from cpp_source import Entity, entities_of
from cpp_tokens import SourceError

ADVICE = "one name, one meaning: rename one of them"


class Site(NamedTuple):
    """Where a name is given a meaning."""

    layer: str
    file: str
    line: int


def namespace_problems(file: str, layer: str, entities: list[Entity]):
    """What lies in the namespace of another layer, or private in that of all."""
    is_private = file.startswith("src/") and file.endswith(".hpp")
    foreign = {f"{other}_detail" for other in LAYERS if other != layer}
    for entity in entities:
        if not entity.is_named:
            continue
        found = foreign & set(entity.namespace)
        if found:
            yield f"{file}:{entity.first}: '{entity.name}' of {layer} lies in {found.pop()}"
        elif is_private and len(entity.namespace) < 2:
            yield (f"{file}:{entity.first}: '{entity.name}' is private to {layer}; it belongs into "
                   f"namespace patchead::inline {layer}_detail")


def type_problems(types: dict[str, list[Site]]):
    for name, sites in types.items():
        for site in sites[1:]:
            first = sites[0]
            if first.file != site.file:
                by = "" if site.layer == first.layer else f" by {first.layer}"
                yield (f"{site.file}:{site.line}: '{name}' is defined{by} too "
                       f"({first.file}:{first.line}); {ADVICE}")


def function_problems(functions: dict[tuple, list[Site]]):
    for (name, parameters), sites in functions.items():
        for layer in dict.fromkeys(site.layer for site in sites[1:]):
            first, site = sites[0], next(site for site in sites if site.layer == layer)
            if layer != first.layer:
                yield (f"{site.file}:{site.line}: '{name}({', '.join(parameters)})' is declared by "
                       f"{first.layer} too ({first.file}:{first.line}); {ADVICE}")


def problems(root: pathlib.Path):
    root = root.resolve()
    types, functions = defaultdict(list), defaultdict(list)
    for path in sources(root):
        file, layer = str(path.relative_to(root)), layer_of(path, root)
        try:
            entities = entities_of(path.read_text())
        except SourceError as error:
            yield f"{file}:{error}"
            continue
        yield from namespace_problems(file, layer, entities)
        for entity in filter(lambda entity: entity.is_named, entities):
            site = Site(layer, file, entity.first)
            if entity.kind == "type":
                types[entity.name].append(site)
            else:
                functions[entity.name, entity.parameters].append(site)
    yield from type_problems(types)
    yield from function_problems(functions)


if __name__ == "__main__":
    main(problems, "every name has one meaning")
