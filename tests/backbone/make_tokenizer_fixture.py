#!/usr/bin/env python3
"""Writes tests/data/parity/tokenizer/small: a small vocabulary of CLIP's kind in two published forms,
and what plain Python makes of texts with it.

    tests/backbone/make_tokenizer_fixture.py

Written from the description of upstream's tokenizers (open_clip, tokenizer.py; ftfy 6.3.1), not from
src/backbone/text: it merges all pairs over and over, where that keeps a queue. Wrongly decoded text
is not repaired, as there.
"""

import collections
import html
import html.entities
import json
import pathlib
import re
import unicodedata

FOLDER = pathlib.Path(__file__).parents[1] / "data/parity/tokenizer/small"
CORPUS = """a photo of the flawless metal nut. a photo of a damaged hazelnut with flaw. a cropped photo of the
transistor without defect. a bright photo of a small screw for visual inspection. the capsule isn't broken,
it's perfect. caf\u00e9 schraube gr\u00f6\u00dfe \u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 100 1000 ... !!! a.b@c.org e-mail""" * 2
MERGES = 120
SPECIAL = {"open_clip": ("<start_of_text>", "<end_of_text>"), "openai": ("<|startoftext|>", "<|endoftext|>")}
TEXTS = [
    "a photo of the flawless metal nut.", "A CROPPED Photo of the hazelnut, without defect!", "", "   ", "\n\t",
    "it's DON'T we'll I'd they're I've I'm 'S'T", "rock'n'roll ''' 's", "pcb1 pcb22 100000", "\u00bd \u2155 \u2167 \u0663\u0664 \u4e09",
    "&amp; &lt;b&gt; &AMP &ampere &notit; &notin; &#38; &#x26; &#128; &#0; &#xd800; &#1114112; &#11; &;", "&amp;amp;lt; &amp;#38;",
    "&EACUTE; &NTILDE; &GTCC; &FRAC12; &eacute &eacute; &NoSuch; &#59; &#x3b;", "a<b &rsquo;s&ldquo;", "&rsquo;s &ldquo;",
    "line\r\nbreak\rone\u2028two\u2029three\u0085four", "first &rsquo;\n<tag> &rsquo;\nthird &rsquo;",
    "bell\u0007 vt\u000b nul\u0000 esc\u001b[1;31mred\u001b[0m \u001b[x \u001b[12 del\u007f bom\ufeff", "\u0080\u0091q\u0092 \u0099 \u0081",
    "\ufb01ne \ufb03 \ufb05 \u0132 \u01c4 \u0149", "\uff26\uff35\uff2c\uff2c \uff11\uff12 \uff71\uff9e \uffe3 \uff02 \u3000x", "\u2018a\u2019 \u201cb\u201d \u02bc\u201b",
    "cafe\u0301 \u1100\u1161\u11a8 \ud55c\uae00 \u212b \u1e9b\u0323 \u0958 q\u0323\u0307 q\u0307\u0323", "\u039f\u0394\u039f\u03a3 \u03a3 \u03a3\u0391\u03a3' \u0391\u03a3. \u03a3\u03a3 a\u03a3b \u1e9e \u0130 \u01c5",
    "\u043f\u0440\u0438\u0432\u0435\u0442 \u041c\u0418\u0420 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "\u2603\ufe0f \u2764 \U0001f600\U0001f3fd \u200d", "a\u00a0b\u2003c\u1680d\u202fe\u205ff\u001cg",
    "<start_of_text> a <end_of_text> b", "<|startoftext|> a <|endoftext|> b", "x<start_of_text>y (<start_of_text>) <START_OF_TEXT>",
    "aaaaaaaaaaaaaaa bbbbbbb abababab", "metal" * 30, "x " * 90, "photo of the " * 40, "\u00e9" * 50, "..!!..!?...", "\\ / | ~ ` ^", "\u0301\u0302 \u0345",
    "don\u2019t \u017f '\u017f", "\u1fb3 \u03b1\u0345", "\ud7a3\u11a8 \u1112\u1175 \uac00\u11a7", "\u0344 \u0340 \u2126 \u2f800 \uf900",
]
LIGATURES = {0x132: "IJ", 0x133: "ij", 0x149: "\u02bcn", 0x1C4: "D\u017d", 0x1C5: "D\u017e", 0x1C6: "d\u017e", 0x1C7: "LJ", 0x1C8: "Lj",
             0x1C9: "lj", 0x1CA: "NJ", 0x1CB: "Nj", 0x1CC: "nj", 0x1F1: "DZ", 0x1F2: "Dz", 0x1F3: "dz", 0xFB00: "ff", 0xFB01: "fi",
             0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "\u017ft", 0xFB06: "st"}


def known_entities() -> dict[str, str]:
    known = {}
    for name, text in html.entities.html5.items():
        if not name.endswith(";"):
            continue
        known["&" + name] = text
        capitals = "&" + name.upper()
        if name == name.lower() and html.unescape(capitals) == capitals:
            known[capitals] = text.upper()
    return known


ENTITIES = known_entities()


def closed_entity(match: re.Match) -> str:
    text = match.group()
    if text in ENTITIES or not text.startswith("&#"):
        return ENTITIES.get(text, text)
    decoded = html.unescape(text)
    return text if ";" in decoded else decoded


def from_windows(match: re.Match) -> str:
    try:
        return match.group().encode("latin-1").decode("cp1252")
    except UnicodeDecodeError:
        return match.group()


def of_usual_width(character: str) -> str:
    if character == "\u3000":
        return " "
    return unicodedata.normalize("NFKC", character) if "\uff01" <= character < "\ufff0" else character


def fixed_once(text: str, has_entities: bool) -> str:
    if has_entities:
        text = re.sub("&#?[0-9A-Za-z]{1,24};", closed_entity, text)
    text = re.sub("[\x80-\x9f]", from_windows, text).translate(LIGATURES)
    text = "".join(map(of_usual_width, text))
    text = re.sub("[\u02bc\u2018-\u201b]", "'", text)
    text = re.sub("[\u201c-\u201f]", '"', text)
    text = re.sub("\r\n|[\r\u2028\u2029\x85]", "\n", text)
    text = re.sub("\x1b\\[[0-9;]*[a-zA-Z]", "", text)
    text = re.sub("[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]", "", text)
    return unicodedata.normalize("NFC", text)


def fixed(text: str) -> str:
    done, has_entities = "", True
    for line in re.findall("[^\n]*\n|[^\n]+", text):
        has_entities = has_entities and "<" not in line
        before = None
        while line != before:
            before, line = line, fixed_once(line, has_entities)
        done += line
    return done


def cleaned(text: str) -> str:
    return " ".join(html.unescape(html.unescape(fixed(text))).split()).lower()


def kind(character: str) -> str:
    """L, N, space, or other; U+0345 is in no piece of upstream's."""
    if character.isspace() or character == "\u0345":
        return " "
    category = unicodedata.category(character)[0]
    return category if category in "LN" else "?"


def pieces(text: str, special: tuple[str, str]) -> list[str]:
    words = (*special, "'s", "'\u017f", "'t", "'re", "'ve", "'m", "'ll", "'d")
    found = []
    while text:
        length = next((len(word) for word in words if text.startswith(word)), 0)
        if not length:
            first = kind(text[0])
            length = 1
            while first != "N" and length < len(text) and kind(text[length]) == first:
                length += 1
        if kind(text[0]) != " ":
            found.append(text[:length])
        text = text[length:]
    return found


DIRECT = [*range(33, 127), *range(161, 173), *range(174, 256)]
ORDER = DIRECT + [byte for byte in range(256) if byte not in DIRECT]
SYMBOL = {byte: chr(byte if i < len(DIRECT) else 256 + i - len(DIRECT)) for i, byte in enumerate(ORDER)}


def symbols(piece: str) -> list[str]:
    parts = [SYMBOL[byte] for byte in piece.encode()]
    return [*parts[:-1], parts[-1] + "</w>"]


def merged(parts: list[str], pair: tuple[str, str]) -> list[str]:
    """Every occurrence of `pair`, from left to right, as one."""
    result, at = [], 0
    while at < len(parts):
        is_pair = tuple(parts[at:at + 2]) == pair
        result.append("".join(pair) if is_pair else parts[at])
        at += 2 if is_pair else 1
    return result


def learn() -> list[tuple[str, str]]:
    words = [symbols(piece) for piece in pieces(cleaned(CORPUS), SPECIAL["openai"])]
    merges = []
    while len(merges) < MERGES:
        counts = collections.Counter(pair for word in words for pair in zip(word, word[1:]))
        known = {"".join(pair) for pair in merges}
        pair = min((pair for pair in counts if "".join(pair) not in known), key=lambda pair: (-counts[pair], pair))
        merges.append(pair)
        words = [merged(word, pair) for word in words]
    return merges


def ids(text: str, special: tuple[str, str], table: dict[str, int], ranks: dict) -> list[int]:
    found = [table["<|startoftext|>"]]
    for piece in pieces(cleaned(text), special):
        if piece in special:
            found.append(table[SPECIAL["openai"][special.index(piece)]])
            continue
        parts = symbols(piece)
        while pairs := [pair for pair in zip(parts, parts[1:]) if pair in ranks]:
            parts = merged(parts, min(pairs, key=ranks.get))
        found += [table[part] for part in parts]
    return found[:76] + [table["<|endoftext|>"]]


def main() -> None:
    merges = learn()
    byte_tokens = [SYMBOL[byte] for byte in ORDER]
    tokens = [*byte_tokens, *(token + "</w>" for token in byte_tokens), *map("".join, merges), *SPECIAL["openai"]]
    table = {token: number for number, token in enumerate(tokens)}
    assert len(table) == len(tokens)
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "vocab.json").write_text(json.dumps(table, ensure_ascii=False) + "\n")
    (FOLDER / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    specials = [{"id": table[token], "content": token, "special": True} for token in SPECIAL["openai"]]
    model = {"type": "BPE", "end_of_word_suffix": "</w>", "unk_token": "<|endoftext|>",
             "vocab": {token: number for token, number in table.items() if token not in SPECIAL["openai"]},
             "merges": [" ".join(pair) for pair in merges]}
    (FOLDER / "tokenizer.json").write_text(json.dumps({"added_tokens": specials, "model": model}) + "\n")
    lines = ["id\tflags\ttext_json\tcleaned_json\tids_open_clip\tids_openai"]
    for number, text in enumerate(TEXTS):
        one, other = (" ".join(map(str, ids(text, SPECIAL[name], table, ranks))) for name in ("open_clip", "openai"))
        lines.append("\t".join((str(number), "-", json.dumps(text), json.dumps(cleaned(text)), one,
                                "=" if one == other else other)))
    (FOLDER / "cases.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
