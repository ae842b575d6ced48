"""The words of C++ source, and one spelling of what they say about types."""

import re

TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>//(?:[^\n\\]|\\.)*|/\*.*?\*/|\#(?:[^\n\\]|\\.)*)
    | (?P<literal>(?:u8|[uUL])?(?:R"(?P<end>[^()\\\s]*)\(.*?\)(?P=end)"
                                 |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'))
    | (?P<number>\.?\d(?:[eEpP][+-]|['\w.])*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<sign><=>|\.\.\.|->|::|&&|\|\||<<|[=!<+*/%&|^-]=|\+\+|--|.)
    """,
    re.X | re.S,
)
LITERAL = '""'
CLOSING = {"(": ")", "[": "]", "{": "}"}
TYPE_WORDS = {"class", "struct", "union", "enum"}
BUILTIN = {"auto", "bool", "char", "const", "double", "float", "int", "long", "short", "signed",
           "unsigned", "void", "volatile"}


class SourceError(Exception):
    """Source that these checks cannot follow; begins with the line."""


def tokens_of(text: str) -> tuple[list[str], list[int]]:
    """Tokens and their lines, without comments and preprocessor lines; every literal is LITERAL."""
    words, lines, line = [], [], 1
    for match in TOKEN.finditer(text):
        token = match.group()
        if not match["space"] and not match["comment"]:
            words.append(LITERAL if match["literal"] else token)
            lines.append(line)
        line += token.count("\n")
    return words, lines


def brackets_of(words: list[str], lines: list[int]) -> dict[int, int]:
    """Where each `(`, `[` and `{` ends."""
    ends, opened = {}, []
    for at, word in enumerate(words):
        if word in CLOSING:
            opened.append(at)
        elif word in CLOSING.values():
            if not opened or CLOSING[words[opened[-1]]] != word:
                raise SourceError(f"{lines[at]}: '{word}' closes nothing")
            ends[opened.pop()] = at
    if opened:
        raise SourceError(f"{lines[opened[-1]]}: nothing closes this '{words[opened[-1]]}'")
    return ends


def split(words: list[str]) -> list[list[str]]:
    """The parts between commas that stand in no bracket."""
    parts, depth = [[]], 0
    for word in words:
        depth += (word in "([{<") - (word in ")]}>")
        if word == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


def without_default(words: list[str]) -> list[str]:
    return words[:words.index("=")] if "=" in words else words


def are_values(words: list[str]) -> bool:
    """Whether these are arguments and no parameters, as in `const std::regex kWord("...");`."""
    return any(LITERAL in without_default(part) for part in split(words))


def parameter_type(words: list[str], renamed: dict[str, str]) -> str:
    """One spelling of a parameter's type: no name, default, attribute or const of the value."""
    text = " ".join(word for word in without_default(words) if word not in TYPE_WORDS)
    text = re.sub(r"\[ \[.*?\] \] ?", "", text)
    text = re.sub(r"\( ([*&]+) \w+ \)", r"( \1 )", text)  # void (*name)(int)
    text = re.sub(r"( \w+)? \[.*\]$", " *", text)  # int name[3]
    words = text.split()
    kinds = [word for word in words[:-1] if word not in ("const", "volatile")]
    if kinds and words[-2] != "::" and words[-1].isidentifier() and words[-1] not in BUILTIN:
        words = words[:-1]
    if words[-1] == "const":
        words = words[:-1]
    if words[0] == "const" and words[-1] not in ("*", "&", "&&", ")"):
        words = words[1:]
    text = " ".join(renamed.get(word, word) for word in words).replace("patchead :: ", "")
    return re.sub(r" (?=[^\w$])|(?<=[:<(]) ", "", text)
