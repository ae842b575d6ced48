"""Reads C++ as far as the checks beside it need: what a file declares, and where functions end.

Namespaces and classes are gone through, bodies of functions are skipped. In the head of a
declaration a `<` after a name opens template arguments; it compares nothing there.
"""

from typing import NamedTuple

from cpp_tokens import (TYPE_WORDS, SourceError, are_values, brackets_of, parameter_type, split,
                        tokens_of, without_default)

# Words before a parenthesis that holds no parameters.
NO_FUNCTIONS = {"alignas", "decltype", "explicit", "noexcept", "requires", "static_assert",
                "__attribute__"}
# What may stand before a name and is no type.
SPECIFIERS = {"constexpr", "consteval", "constinit", "extern", "friend", "inline", "static",
              "virtual", "[]"}


class Entity(NamedTuple):
    """A type or a function, members included, but nothing from the inside of functions."""

    kind: str  # "type", "function" (with its body) or "declaration" (of a function)
    name: str
    parameters: tuple[str, ...]  # Types of a function's parameters, in one spelling.
    namespace: tuple[str, ...]
    is_named: bool  # Whether other files could mean this by its name, and it is declared here.
    first: int  # Lines.
    last: int


class Item(NamedTuple):
    """A token of a declaration's head, or a bracket with what is in it."""

    text: str  # "()", "<>" and "[]" for brackets.
    line: int
    inner: list[str]


def type_name(items: list[Item]) -> Item | None:
    """The name of the type whose body comes next; nothing if it is not the body of a type.

    The text is empty if the type has no name or was declared elsewhere (`struct A::B`, `A<int>`).
    """
    key = next((at for at, item in enumerate(items) if item.text in TYPE_WORDS), None)
    if key is None:
        return None
    rest = items[key + 1:]
    while rest and rest[0].text in TYPE_WORDS | {"[]", "alignas", "()"}:
        rest = rest[1:]
    end = next((at for at, item in enumerate(rest) if item.text in ("final", ":")), len(rest))
    if end == 1:
        return rest[0]
    if all(item.text in ("::", "<>") for item in rest[1:end:2]):
        return Item("", items[key].line, [])
    return None


def function_at(items: list[Item]) -> tuple[int, int] | None:
    """Where the name of a function begins and its parameters are; nothing if it is none."""
    for at, item in enumerate(items):
        if item.text != "()" or at == 0 or are_values(item.inner):
            continue
        before = [other.text for other in items[:at]]
        if "operator" in before[-4:]:
            return at - 1 - before[::-1].index("operator"), at
        if before[-1] == "<>" and len(before) > 1:  # f<int>(...), a specialisation
            before.pop()
        if before[-1].isidentifier() and before[-1] not in NO_FUNCTIONS:
            return len(before) - 1 - (before[-2:-1] == ["~"]), at
    return None


class Reader:
    """Goes through the declarations of one file."""

    def __init__(self, text: str):
        self.words, self.lines = tokens_of(text)
        self.ends = brackets_of(self.words, self.lines)
        self.at = 0
        self.found: list[Entity] = []
        self.aliases: dict[str, str] = {}  # Of namespaces.
        while self.at < len(self.words):
            self._scope((), visible=True, in_class=False)

    def _next(self, count: int = 1) -> list[str]:
        return self.words[self.at:self.at + count]

    def _angle(self, at: int) -> int:
        """Where the template bracket at `at` ends."""
        start, depth = at, 0
        while at < len(self.words) and self.words[at] not in (";", "}"):
            depth += (self.words[at] == "<") - (self.words[at] == ">")
            if depth == 0:
                return at
            at = self.ends.get(at, at) + 1
        raise SourceError(f"{self.lines[start]}: nothing closes this '<'")

    def _skip_to_semicolon(self) -> None:
        while self.at < len(self.words) and self.words[self.at] not in (";", "}"):
            self.at = self.ends.get(self.at, self.at) + 1
        self.at += self._next() == [";"]

    def _scope(self, namespace: tuple[str, ...], visible: bool, in_class: bool) -> None:
        """Reads to the end of a scope, its brace included."""
        while self.at < len(self.words):
            ahead = self._next(3)
            if ahead[0] == "}":
                self.at += 1
                return
            if ahead[0] == ";":
                self.at += 1
            elif in_class and ahead[0] in ("public", "private", "protected"):
                self.at += 2
            elif ahead[0] == "namespace" or ahead[:2] == ["inline", "namespace"]:
                self._namespace(namespace, visible)
            elif ahead[0] == "extern" and ahead[2:] == ["{"]:
                self.at += 3
                self._scope(namespace, visible, in_class)
            else:
                self._declaration(namespace, visible, in_class)

    def _namespace(self, outer: tuple[str, ...], visible: bool) -> None:
        names = []
        while self._next()[0] not in ("{", "=", ";"):
            names += [word for word in self._next() if word not in ("namespace", "inline", "::")]
            self.at += 1
        if self._next() != ["{"]:
            start = self.at + 1
            self._skip_to_semicolon()
            self.aliases[names[0]] = " ".join(self.words[start:self.at - 1])
            return
        self.at += 1
        self._scope(outer + tuple(names), visible and bool(names), in_class=False)

    def _template_heads(self) -> tuple[list[str], bool]:
        """Names of the template parameters that come next, and whether this is `template <>`."""
        names, is_special = [], False
        while self._next(2) == ["template", "<"]:
            end = self._angle(self.at + 1)
            parts = split(self.words[self.at + 2:end])
            is_special = is_special or not parts
            names += [without_default(part)[-1] for part in parts]
            self.at = end + 1
        return names, is_special

    def _item(self, before: str) -> Item:
        """The next token or bracket, which follows `before`."""
        start = self.at
        word = self.words[start]
        end = self.ends.get(start, start)
        if word == "<" and before.isidentifier() and before != "operator":
            end = self._angle(start)
        if before == "operator" and word == "(":  # The name operator().
            self.at = end + 1
            return Item("(call)", self.lines[start], [])
        self.at = end + 1
        return Item(word if end == start else word + self.words[end], self.lines[start],
                    self.words[start + 1:end])

    def _declaration(self, namespace: tuple[str, ...], visible: bool, in_class: bool) -> None:
        template, is_special = self._template_heads()
        visible = visible and not in_class and not is_special
        items: list[Item] = []
        while self.at < len(self.words) and self._next()[0] not in (";", "}"):
            before = items[-1].text if items else ""
            if self._next() == ["="] and before != "operator":
                break
            if self._next() != ["{"]:
                items.append(self._item(before))
            elif (name := type_name(items)) is not None:
                self._type(items, name, namespace, visible)
                return
            elif self._is_body(items):
                break
            elif not items or items[0].text in TYPE_WORDS:
                raise SourceError(f"{self.lines[self.at]}: it is not clear what this '{{' begins")
            else:  # `int x{1};`, or an initialiser of a constructor.
                self.at = self.ends[self.at] + 1
        self._end(items, template, namespace, visible)

    @staticmethod
    def _is_body(items: list[Item]) -> bool:
        function = function_at(items)
        if function is None or "requires" in [item.text for item in items[-2:]]:
            return False
        in_initialisers = ":" in [item.text for item in items[function[1]:]]
        return not in_initialisers or not (items[-1].text == "<>" or items[-1].text.isidentifier())

    def _type(self, items: list[Item], name: Item, namespace: tuple[str, ...],
              visible: bool) -> None:
        end = self.ends[self.at]
        self.found.append(Entity("type", name.text, (), namespace, visible and name.text != "",
                                 name.line, self.lines[end]))
        self.at += 1
        if any(item.text == "enum" for item in items):
            self.at = end + 1
        else:
            self._scope(namespace, visible=False, in_class=True)
        self._skip_to_semicolon()

    def _end(self, items: list[Item], template: list[str], namespace: tuple[str, ...],
             visible: bool) -> None:
        """Notes what was declared, at its semicolon, its initialiser or its body."""
        texts = [item.text for item in items]
        function = function_at(items)
        if texts[:1] == ["typedef"] or (texts[:1] in (["using"], ["concept"]) and
                                        self._next() == ["="]):
            name = items[-1 if texts[0] == "typedef" else 1]
            self.found.append(Entity("type", name.text, (), namespace, visible, name.line,
                                     name.line))
        elif function is not None and "template" not in texts[:2]:
            self.found.append(self._function(items, function, template, namespace, visible))
            if self._next() == ["{"]:
                self.at = self.ends[self.at] + 1
                return
        self._skip_to_semicolon()

    def _function(self, items: list[Item], function: tuple[int, int], template: list[str],
                  namespace: tuple[str, ...], visible: bool) -> Entity:
        name, end = function
        before = [item.text for item in items[:name]]
        renamed = {word: f"${at}" for at, word in enumerate(template)}
        arguments = f"<{', '.join(renamed.values())}>" if template else ""
        types = [parameter_type(part, self.aliases | renamed)
                 for part in split(items[end].inner)]
        # A qualified name is declared elsewhere; one that no type leads is that of a macro.
        is_named = visible and before[-1:] != ["::"] and "static" not in before and \
            items[end - 1].text != "<>" and not SPECIFIERS.issuperset(before)
        has_body = self._next() == ["{"]
        return Entity("function" if has_body else "declaration",
                      "".join(item.text for item in items[name:end]) + arguments,
                      tuple(types) if types != ["void"] else (), namespace, is_named,
                      items[0].line,
                      self.lines[self.ends[self.at]] if has_body else items[-1].line)


def entities_of(text: str) -> list[Entity]:
    """What a C++ file declares, in order. Throws SourceError."""
    return Reader(text).found
