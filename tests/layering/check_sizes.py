#!/usr/bin/env python3
"""Fails if a file or a function is too long to be read at one sitting, or jobs/ grows a second
engine.

Commands in jobs/ turn options into calls. They start no threads and write no JSON, and from a
command to the last header of jobs/ it is a short walk.
"""

import ast
import pathlib

from check_includes import INCLUDE, main
from cpp_source import entities_of
from cpp_tokens import SourceError

FOLDERS = ("include", "src", "jobs", "tests", "analysis")
KINDS = (".cpp", ".hpp", ".py", ".def")
FILE_LINES = 300
HEADER_LINES = 150
FUNCTION_LINES = 60
JOBS_FILES = 25  # Directly in jobs/.
JOBS_LINES = 150
JOBS_ROOMS = 5
NOT_IN_JOBS = ("<thread>", "<nlohmann/")


def files(root: pathlib.Path):
    for folder in FOLDERS:
        yield from (path for path in sorted((root / folder).rglob("*")) if path.suffix in KINDS)


def most_lines(path: pathlib.Path, root: pathlib.Path) -> int:
    if path.is_relative_to(root / "jobs"):
        return JOBS_LINES
    return HEADER_LINES if path.suffix == ".hpp" else FILE_LINES


def functions(path: pathlib.Path, text: str):
    """Name, first and last line of each function."""
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.name, node.lineno, node.end_lineno
    elif path.suffix != ".def":
        for entity in entities_of(text):
            if entity.kind == "function":
                yield entity.name, entity.first, entity.last


def size_problems(root: pathlib.Path):
    for path in files(root):
        text, file = path.read_text(), path.relative_to(root)
        lines, most = text.count("\n"), most_lines(path, root)
        if lines > most:
            yield f"{file}: {lines} lines, and {most} is the most here; split it"
        try:
            for name, first, last in functions(path, text):
                if last - first + 1 > FUNCTION_LINES:
                    yield (f"{file}:{first}: '{name}' has {last - first + 1} lines, and "
                           f"{FUNCTION_LINES} is the most; split it")
        except SourceError as error:
            yield f"{file}:{error}"


def room_of(path: pathlib.Path, root: pathlib.Path) -> str:
    """A source and its header are one room."""
    return str(path.relative_to(root).with_suffix(""))


def rooms(root: pathlib.Path) -> dict[str, set[str]]:
    """The rooms of jobs/ and the doors from each to others there."""
    doors: dict[str, set[str]] = {}
    for path in sorted((root / "jobs").rglob("*.[ch]pp")):
        room = room_of(path, root)
        doors.setdefault(room, set())
        for name in INCLUDE.findall(path.read_text()):
            for folder in (path.parent, root / "jobs"):
                if name[0] == '"' and (folder / name[1:-1]).exists():
                    doors[room] |= {room_of(folder / name[1:-1], root)} - {room}
                    break
    return doors


def longest_walk(doors: dict[str, set[str]], room: str, path: tuple[str, ...] = ()) -> list[str]:
    """The longest walk from `room`; one that comes to a room again ends there."""
    if room in path:
        return [room]
    walks = [longest_walk(doors, other, path + (room,)) for other in sorted(doors.get(room, ()))]
    return [room] + max(walks, key=len, default=[])


def job_problems(root: pathlib.Path):
    jobs = [path for path in sorted((root / "jobs").iterdir()) if path.is_file()]
    if len(jobs) > JOBS_FILES:
        yield f"jobs/: {len(jobs)} files, and {JOBS_FILES} is the most"
    for path in sorted((root / "jobs").rglob("*.[ch]pp")):
        for name in INCLUDE.findall(path.read_text()):
            if name.startswith(NOT_IN_JOBS) and path.parent != root / "jobs/options":
                yield f"{path.relative_to(root)}: no {name} in jobs/"
    doors = rooms(root)
    for room in doors:
        walk = longest_walk(doors, room)
        if walk[-1] in walk[:-1]:
            yield f"{room}: a circle of includes: {' -> '.join(walk)}"
        elif len(walk) > JOBS_ROOMS:
            yield (f"{room}: {' -> '.join(walk)} are {len(walk)} rooms, and {JOBS_ROOMS} is "
                   f"the most")


def problems(root: pathlib.Path):
    root = root.resolve()
    yield from size_problems(root)
    yield from job_problems(root)


if __name__ == "__main__":
    main(problems, "no file and no function is too long")
