#!/usr/bin/env python3
"""Writes src/backbone/text/characters.txt: what CLIP's tokenizer must know of Unicode and HTML.

    scripts/make_character_tables.py > src/backbone/text/characters.txt

All of it comes from Python's own `unicodedata` and `html.entities`, by which upstream's tokenizer
cleans its texts, too. Numbers are hexadecimal code points.
"""

import html.entities
import sys
import textwrap
import unicodedata

ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # Composed by arithmetic.


def number(character: str) -> str:
    return f"{ord(character):X}"


def numbers(text: str) -> str:
    return "+".join(map(number, text))


def ranges(is_in) -> list[str]:
    """"41-5A" for each run of characters that are in."""
    found: list[list[int]] = []
    for code in (ord(character) for character in ALL if is_in(character)):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return [f"{a:X}-{b:X}" if a < b else f"{a:X}" for a, b in found]


def shifts(image) -> list[str]:
    """"41-5A/1>61": characters from 41 to 5A, in steps of 1, become 61 and following."""
    found: list[list[int]] = []
    for code in map(ord, ALL):
        target = image(chr(code))
        if target is None:
            continue
        if found:
            first, last, step, to = found[-1]
            gap = code - last
            if gap in (1, 2) and step in (0, gap) and target - to == code - first:
                found[-1] = [first, code, gap, to]
                continue
        found.append([code, code, 0, target])
    return [f"{a:X}-{b:X}/{step or 1}>{to:X}" for a, b, step, to in found]


def lower(character: str) -> int | None:
    """Not of U+0130, whose two stand in the program."""
    low = character.lower()
    return ord(low) if len(low) == 1 and low != character else None


def narrow(character: str) -> int | None:
    """Full-width and half-width forms, as others are. U+FFE3, which is two, stands in the program."""
    usual = unicodedata.normalize("NFKC", character)
    is_form = 0xFF01 <= ord(character) < 0xFFF0 and usual != character and len(usual) == 1
    return ord(usual) if is_form else None


def is_cased(character: str) -> bool:
    return (character + "\u03a3").lower().endswith("\u03c2")


def is_passed_over(character: str) -> bool:
    """By the rule of the final sigma."""
    return ("a" + character + "\u03a3").lower().endswith("\u03c2") and not is_cased(character)


def decompositions() -> list[str]:
    """"C0=41+300"; with "!" in front what is never composed again."""
    found = []
    for character in ALL:
        parts = unicodedata.decomposition(character)
        if not parts or parts.startswith("<") or ord(character) in HANGUL:
            continue
        text = "".join(chr(int(part, 16)) for part in parts.split())
        is_composed = len(text) == 2 and unicodedata.normalize("NFC", text) == character
        found.append(f"{'' if is_composed else '!'}{number(character)}={numbers(text)}")
    return found


def classes() -> list[str]:
    """"300-314:E6": combining classes."""
    values = sorted({unicodedata.combining(character) for character in ALL} - {0})
    return [f"{part}:{value:X}" for value in values
            for part in ranges(lambda character: unicodedata.combining(character) == value)]


def entities() -> list[str]:
    """"AElig!=C6"; "!" where the semicolon may be missing."""
    names = html.entities.html5
    return [f"{name[:-1]}{'!' if name[:-1] in names else ''}={numbers(text)}"
            for name, text in sorted(names.items()) if name.endswith(";")]


def capitals() -> list[str]:
    """Of the characters that lower-case entities stand for: ftfy knows their names in capitals."""
    names = html.entities.html5
    texts = {text for name, text in names.items() if name == name.lower() and text != text.upper()}
    return [f"{numbers(text)}={numbers(text.upper())}" for text in sorted(texts)]


def main() -> None:
    print(f"# Unicode {unicodedata.unidata_version} and HTML 5, by scripts/make_character_tables.py of "
          f"Python {sys.version_info.major}.{sys.version_info.minor}.")
    category = unicodedata.category
    for name, items in (
            ("letters", ranges(lambda character: category(character)[0] == "L")),
            ("numbers", ranges(lambda character: category(character)[0] == "N")),
            ("lower", shifts(lower)),
            ("cased", ranges(is_cased)),
            ("passed_over", ranges(is_passed_over)),
            ("narrow", shifts(narrow)),
            ("classes", classes()),
            ("decompositions", decompositions()),
            ("entities", entities()),
            ("capitals", capitals())):
        print(f"[{name}]")
        print(textwrap.fill(" ".join(items), 120, break_long_words=False, break_on_hyphens=False))


if __name__ == "__main__":
    main()
