#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets into their corpus: small files of every kind that is read.

    /usr/bin/python3 tests/fuzz/make_seeds.py

The same seeds every time, as far as NumPy and Pillow write the same files. Files that once failed
lie beside them and are not touched (docs/fuzzing.md).
"""

import io
import json
import pathlib
import struct
import zlib

import numpy
from PIL import Image

CORPUS = pathlib.Path(__file__).parent / "corpus"


def put(target: str, name: str, content: bytes | str) -> None:
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{name}").write_bytes(content if isinstance(content, bytes) else content.encode())


def safetensors(header: dict, data: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def text_of_pickle(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def tensor_of_pickle(shape: tuple[int, ...], strides: tuple[int, ...]) -> bytes:
    """What torch.save writes of a view of the storage "0" of 24 floats."""
    numbers = {0: b")"}
    storage = (b"(" + text_of_pickle("storage") + b"ctorch\nFloatStorage\n" + text_of_pickle("0")
               + text_of_pickle("cpu") + b"K\x18" + b"tQ")
    pair = [numbers[0] if not sides else b"(" + b"".join(b"K" + bytes([side]) for side in sides) + b"t"
            for sides in (shape, strides)]
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\x00" + pair[0] + pair[1]
            + b"\x89ccollections\nOrderedDict\n)RtR")


def checkpoints() -> None:
    two = {"a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
           "b": {"dtype": "U8", "shape": [3], "data_offsets": [16, 19]},
           "__metadata__": {"format": "pt"}}
    put("safetensors", "two", safetensors(two, bytes(range(19))))
    put("safetensors", "none", safetensors({}, b""))
    every = {kind: {"dtype": kind, "shape": [1], "data_offsets": [8 * i, 8 * i + size]}
             for i, (kind, size) in enumerate([("F64", 8), ("I64", 8)])}
    put("safetensors", "wide", safetensors(every, bytes(16)))

    weights = (b"\x80\x02}q\x00(" + text_of_pickle("blocks.0.weight") + tensor_of_pickle((2, 3), (3, 1))
               + text_of_pickle("pos_embed") + tensor_of_pickle((3, 2), (1, 3))
               + text_of_pickle("epoch") + b"K\x05u.")
    put("pickle", "weights", weights)
    put("pickle", "wrapped", b"\x80\x02}(" + text_of_pickle("state_dict") + weights[2:-1] + b"u.")
    put("pickle", "odd", b"\x80\x02}(" + text_of_pickle("x") + b"cposix\nsystem\n" + text_of_pickle("ls")
        + b"\x85R" + text_of_pickle("y") + b"]q\x01h\x01a" + text_of_pickle("z") + b"G" + bytes(8) + b"u.")
    put("pickle", "module", b"\x80\x02c__torch__.net\nNet\n)\x81}(" + text_of_pickle("weight")
        + tensor_of_pickle((2,), (1,)) + text_of_pickle("n") + b"J\xff\xff\xff\xffub.")


def archives() -> None:
    def packed(save, **arrays) -> bytes:
        out = io.BytesIO()
        save(out, **arrays)
        return out.getvalue()

    ramp = numpy.arange(6, dtype="<f4").reshape(2, 3)
    stored = packed(numpy.savez, map=ramp)
    put("zip", "stored", stored)
    put("zip", "two", packed(numpy.savez, a=ramp[0], b=ramp.astype("<i2")))
    put("npz", "stored", stored)
    put("npz", "deflated", packed(numpy.savez_compressed, map=ramp, other=ramp[:1]))
    put("npz", "columns", packed(numpy.savez_compressed, x=numpy.asfortranarray(ramp)))
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    put("npz", "bytes", b"\xff" + deflate.compress(b"a map a map a map" * 9) + deflate.flush())
    for kind in ("<f4", ">f8", "<f2", "<u2", ">i4", "<i8", ">u8", "|u1", "|b1"):
        out = io.BytesIO()
        numpy.save(out, ramp.astype(kind))
        put("npy", kind.strip("<>|") + ("-swapped" if kind[0] == ">" else ""), out.getvalue())
    out = io.BytesIO()
    numpy.save(out, numpy.asfortranarray(ramp)[None])
    put("npy", "columns", out.getvalue())


def picture(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pictures() -> None:
    ramp = numpy.arange(7 * 5 * 3, dtype="u1").reshape(7, 5, 3)
    rgb = Image.fromarray(ramp)
    gray = Image.fromarray(ramp[..., 0])
    deep = Image.fromarray(ramp[..., 0].astype("u2") * 257)
    real = Image.fromarray(ramp[..., 0].astype("f4") / 7)
    exif = Image.Exif()
    exif[0x0112] = 6
    files = {"rgb.png": picture(rgb, "PNG"), "gray.png": picture(gray, "PNG"),
             "palette.png": picture(rgb.convert("P"), "PNG"), "alpha.png": picture(rgb.convert("RGBA"), "PNG"),
             "deep.png": picture(deep, "PNG"), "exif.png": picture(rgb, "PNG", exif=exif),
             "rgb.jpg": picture(rgb, "JPEG", exif=exif), "progressive.jpg": picture(gray, "JPEG", progressive=True),
             "rgb.bmp": picture(rgb, "BMP"), "palette.bmp": picture(rgb.convert("P"), "BMP"),
             "rgb.tif": picture(rgb, "TIFF"), "lzw.tif": picture(rgb, "TIFF", compression="tiff_lzw"),
             "deflate.tif": picture(deep, "TIFF", compression="tiff_adobe_deflate"),
             "cmyk.tif": picture(rgb.convert("CMYK"), "TIFF"), "bits.tif": picture(gray.convert("1"), "TIFF"),
             "real.tif": picture(real, "TIFF"), "jpeg.tif": picture(rgb, "TIFF", compression="jpeg"),
             "lossy.webp": picture(rgb, "WEBP"), "lossless.webp": picture(rgb, "WEBP", lossless=True, exif=exif)}
    for name, content in files.items():
        put("image", name, content)
        if name.endswith((".tif", ".png", ".bmp")):
            put("mask", name, content)
    for name in ("deep.png", "gray.png", "deflate.tif", "real.tif"):
        put("map_picture", name, bytes([name.endswith(".png")]) + files[name])
    put("resize", "down", bytes([40, 30, 10, 7, 0, 1]) + ramp.tobytes())
    put("resize", "up", bytes([4, 6, 20, 19, 1, 0]) + ramp.tobytes()[:40])
    put("resize", "one", bytes([0, 0, 46, 0, 0, 0]) + b"\xff")


def data_texts() -> None:
    head = "id\tdataset\tcategory\tsplit\tdefect_type\tlabel\timage\tmask\ty0\ty1\tdigest"
    good = "a/train/good/0\tmvtec\ta\ttrain\tgood\t0\t/d/a/0.png\t\t\t\tabc"
    bad = "a/test/crack/0\tmvtec\ta\ttest\tcrack\t1\t/d/a/1.png\t/d/m/1.png\t3\t9\tdef"
    put("manifest", "plain", f"{head}\n{good}\n{bad}\n")
    put("manifest", "added", f"{head}\tmore_masks\tsaturation\tunseen\tgroup\n"
                             f"{bad}\t/m/2.png|/m/3.png\t254=1200 255=0.5r\t\tcap_01\n")
    put("manifest", "none", f"{head}\n")
    put("prompts", "set", "# a set\n[normal]\n{}\nflawless {}\n\n[anomalous]\ndamaged {}\n[templates]\n"
                          "a photo of a {}.\n[classes]\nmvtec/metal_nut = metal nut\nscrew = small screw\n")
    put("prompts", "windows", "[normal]\r\n{}\r\n[anomalous]\r\nbad {}\r\n[templates]\r\na {}.\r\n")
    entry = {"category": "cap", "anomaly_class": "OK", "image_path": "a.png", "mask_path": None}
    split = {"meta": {"prefix": "cap/", "normal_class": "OK"}, "train": [entry],
             "test": [{**entry, "image_path": "cap_01_C1_2023.jpg", "anomaly_class": "NG"},
                      {**entry, "image_path": "NG/b.png", "anomaly_class": "NG", "mask_path": "a.png"}]}
    put("json_split", "stem", "\0" + json.dumps(split))
    put("json_split", "path", "\1" + json.dumps({**split, "train": [{**entry, "sample": "x"}]}))
    put("json_split", "leaves", "\0" + json.dumps({**split, "train": [{**entry, "image_path": "../c.png"}]}))
    put("json_split", "out", "\0" + json.dumps({**split, "meta": {"prefix": "../", "normal_class": "OK"}}))


def options() -> None:
    put("config", "lines", "# a config\ndataset = mvtec \"a b\" # some\nseeds = 0 1 2\n\nreading = C\n"
                           "data-root = \"/d/a \\\"b\\\"\"\nverify =\nkp-fraction = 0.1\n")
    put("config", "words", 'a "b c" =\0x="y z"\0#\0\\\0"\0\t\0ä\x7f\0')
    for chosen in range(0, 60):
        for text in ("0.5", "1", "yes", "all"):
            if chosen % 4 == ("0.5", "1", "yes", "all").index(text):
                put("options", f"{chosen}-{text}", bytes([chosen]) + text.encode())
    put("options", "layers", bytes([201]) + b"3,6,9.raw,0.5.norm,last,middle,1")
    put("options", "plain-layers", bytes([200]) + b"0.25,0.5,1")
    put("options", "tokens", bytes([220]) + b"L12.norm.L3-12.raw.image.W2-3")
    put("options", "perturbation", bytes([230]) + b"noise-0.05-3")
    put("options", "saturation", bytes([250]) + b"254=1200 255=0.5r")


def networks() -> None:
    module = {"patch_px": 14, "prefix_tokens": 1, "image_px": 224, "mean": [0.5, 0.5, 0.5],
              "std": [0.25, 0.25, 0.25]}
    put("description", "small", json.dumps(module))
    put("description", "all", json.dumps(
        {**module, "interpolation": "bilinear", "fixed_size": True, "depth": 12, "name": "a", "title": "A",
         "licence": "MIT", "source": "here", "image_token": True, "parameters": 86000000, "input": "patches",
         "layers": [{"name": "one", "stride": 4, "channels": 256}, {"name": "two", "stride": 8, "channels": 512}]}))
    put("vocabulary", "merges", "mt h\nth e</w>\ni n\nin g</w>\n")
    put("vocabulary", "none", "m")
    put("vocabulary", "tokenizer", "t" + json.dumps(
        {"model": {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": {"a": 0, "b</w>": 1}, "merges": [["a", "b"]]},
         "added_tokens": [{"id": 2, "content": "<|endoftext|>"}]}))
    put("vocabulary", "vocab", "v" + json.dumps({"a": 0, "<|endoftext|>": 1}))
    put("vocabulary", "gzip", b"z" + b"\x1f\x8b\x08\0\0\0\0\0\0\3" + zlib.compress(b"#\na b\n")[2:-4] + bytes(8))
    put("vocabulary", "lines", "z#version\na b\nb c\n")
    for name, text in {"plain": "the man who is in the low good 01 isn't", "html": "a &lt;b&gt; &amp;amp; c<br>",
                       "accents": "e\u0301 \ufb01 \u2018x\u2019 \u00c5ngstr\u00f6m \u1e9e \u0345",
                       "special": "<start_of_text> a <end_of_text>", "controls": "a\x1b[31mb\0c\r\nd\u2028e",
                       "wide": "\uff21\uff42 \U0001f600 \u6f22\u5b57", "long": "manhood " * 40, "alike": "aaa aaaaa"}.items():
        put("text", name, text)


def runs() -> None:
    kinds = ["align", "embed", "match", "fit", "detect", "leave-out", "evaluate", "picture"]
    seconds = {kind: 1.5 for kind in kinds}
    state = {"state": "running", "ranks": 2, "process": "a.1", "started": "2026-11-25T03:00:00Z",
             "updated": "2026-11-25T03:00:09Z", "seconds": 9.5, "eta_seconds": 0,
             "units": {"total": 9, "done": 4, "failed": 1, "skipped": 1, "running": 2, "elsewhere": 0},
             "units_by_kind": {kind: {"total": 3, "done": 1} for kind in kinds}, "forwards": 12,
             "forwards_by": {"images": 10, "turned": 2, "aligned": 0}, "forwards_saved": 3, "matrix_products": 7,
             "rank_seconds": seconds, "model_seconds": seconds, "stacks": ["LibTorch"], "failures": ["a"],
             "troubles": []}
    put("run_state", "running", json.dumps(state))
    put("run_state", "drained", json.dumps({**state, "state": "drained", "ranks": 1}))
    part = lambda text: f"{len(text)}:{text}"  # noqa: E731
    put("messages", "int", "\0" + "-12")
    put("messages", "double", "\1" + "4607182418800017408")
    put("messages", "texts", "\2" + part("a") + part("") + part("b:c"))
    put("messages", "map", "\3" + part("a") + part(part("5")) + part("b") + part(""))
    put("messages", "flags", "\4" + "0110")
    sample = [part(text) for text in ("id", "d", "c", "s", "t", "1", "/i", "/m", part(part("3") + part("9")), "x",
                                      part("4") + part("5"), "", part("/m2"),
                                      part(part("255") + part("4607182418800017408") + part("0")), "0", "g", "0", "")]
    put("messages", "sample", "\5" + "".join(sample))
    put("messages", "nested", "\6" + part(part("k") + part(part(part("1") + part("0")))) + part(part("01"))
        + part(part("0") + part("1065353216")) + part("".join(sample)))
    put("messages", "request", b"\7" + struct.pack("<qdiiii", 3, 1.5, 1, 1, 0, 0) + b"report")
    put("messages", "reply", b"\x08" + struct.pack("<qq", -1, 1))


def tables() -> None:
    put("artifact", "features", bytes([0, 0]))
    put("artifact", "matches", bytes([1, 0, 40, 1, 0, 9]))
    put("artifact", "result", bytes([2, 0, 0, 2, 0, 255, 0, 4, 0, 7]))
    put("artifact", "alignments", bytes([3, 0]))
    put("artifact", "cut", bytes([0, 253]))
    put("artifact", "described", bytes([4, 0, 200, 0, 0, 1]))
    put("results_file", "results", bytes([0, 0]))
    put("results_file", "model", bytes([1, 0]))
    put("results_file", "changed", bytes([0, 0, 0, 3, 0, 1]))
    put("results_file", "cut", bytes([1, 254]))
    put("results_table", "none", b"")
    put("results_table", "ones", bytes(400))
    put("results_table", "twos", bytes([1] + [0, 1] * 300))


def hostile() -> None:
    """What readers took before there were targets: read wrongly, without bounds or without end."""
    void = {"a": {"dtype": "F32", "shape": [0, 1 << 62, 4], "data_offsets": [0, 0]}}
    put("safetensors", "hostile-sides", safetensors(void, b""))
    put("safetensors", "hostile-depth", safetensors({"a": [[[[[[]]]]]]}, b""))
    put("pickle", "hostile-names", b"\x80\x02c" + b"n" * 400 + b"\nx\n.")
    nested = b"ctorch\nCharStorage\n)R"
    for _ in range(9):
        nested = b"ctorch._utils\n_rebuild_tensor_v2\n(" + nested + b"K\x00))tR"
    put("pickle", "hostile-nested", b"\x80\x02" + nested + b".")
    put("pickle", "hostile-copies", b"\x80\x02](" + b"N" * 30 + b"eq\x00"
        + b"ctorch._utils\n_rebuild_parameter\n(h\x00tR" * 9 + b".")
    module = {"patch_px": 14, "prefix_tokens": 1, "image_px": 224, "mean": [0.5] * 3, "std": [0.25] * 3}
    put("description", "hostile-count", json.dumps({**module, "parameters": (1 << 64) - 1}))
    put("description", "hostile-mean", json.dumps({**module, "mean": [1e300, 0, 0]}))
    put("description", "hostile-depth", '{"mean": ' + "[" * 900 + "]" * 900 + "}")
    put("vocabulary", "hostile-depth", 't{"model": {"vocab": ' + "[" * 900 + "]" * 900 + "}}")
    head = "id\tdataset\tcategory\tsplit\tdefect_type\tlabel\timage\tmask\ty0\ty1\tdigest"
    line = "a\tmvtec\ta\ttest\tcrack\t1\t/1.png\t\t\t\t"
    for name, column, text in (("masks", "more_masks", "|"), ("unseen", "unseen", "yes"),
                               ("area", "saturation", "1=nan"), ("return", "group", "x\r")):
        put("manifest", f"hostile-{name}", f"{head}\t{column}\n{line}\t{text}\n")
    put("options", "hostile-area", bytes([250]) + b"1=nan")
    put("prompts", "hostile-returns", "[normal]\n{}\r\r\n[anomalous]\nbad {}\n[templates]\na {}\n")
    put("messages", "hostile-flag", b"\7" + struct.pack("<qdiiii", 3, 1.5, 1, 7, 0, 0))
    put("messages", "hostile-end", b"\7" + struct.pack("<qdiiii", 3, 1.5, 99, 1, 0, 0))
    put("messages", "hostile-task", b"\x08" + struct.pack("<qq", -7, 0))
    state = json.loads((CORPUS / "run_state/seed-running").read_text())
    put("run_state", "hostile-ranks", json.dumps({**state, "ranks": 1 << 40}))
    put("run_state", "hostile-part", json.dumps({**state, "units": {**state["units"], "total": 2.5}}))
    put("image", "hostile-size.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + b"\xff" * 8
        + bytes([8, 2, 0, 0, 0]) + bytes(4) + struct.pack(">I", 0) + b"IEND" + bytes(4))
    put("image", "hostile-format.pgm", b"P5 30000 30000 255\n")
    tags = {256: 40, 257: 40, 258: 16, 259: 1, 262: 1, 277: 1, 322: 1 << 20, 323: 1 << 20, 324: 8, 325: 8}
    put("mask", "hostile-tile.tif", b"II*\0" + struct.pack("<IH", 8, len(tags))
        + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items()) + bytes(64))


if __name__ == "__main__":
    for write in (checkpoints, archives, pictures, data_texts, options, networks, runs, tables, hostile):
        write()
