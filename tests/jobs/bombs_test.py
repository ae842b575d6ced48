"""Files that claim more than there is, or never end: refused with a message, before memory is taken."""

import io
import os
import pathlib
import struct
import subprocess
import zipfile
import zlib

import h5py
import numpy as np

from support import BINARY, PATIENCE, DemoTest, FolderTest, main

MOST_MEMORY = 300  # MiB, of which LibTorch takes 170 as it is loaded.
SIDE = 60_000
TERABYTE = 1 << 40


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side, data=b""):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def packed_rows(side):
    """A whole picture of one colour, a thousandth of its size."""
    packer, rows = zlib.compressobj(9), []
    for _ in range(side):
        rows.append(packer.compress(bytes(1 + 3 * side)))
    return b"".join(rows) + packer.flush()


def tiff(side, compression):
    tags = {256: side, 257: side, 258: 8, 259: compression, 262: 1, 273: 8, 277: 1, 278: side, 279: 100}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(200)


PICTURES = {
    "a.png": png(SIDE),
    "b.png": png(11_000, zlib.compress(b"too little")),
    "c.jpg": b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, SIDE, SIDE, 1) + b"\1\x11\0\xff\xd9",
    "d.bmp": b"BM" + struct.pack("<IIIIiiHHIIIIII", 0, 0, 54, 40, SIDE, SIDE, 1, 8, 1, 0, 0, 0, 0, 0) + bytes(64),
    "e.tif": tiff(SIDE, 1),
    "f.tif": tiff(11_000, 8),
    "g.webp": b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<II", 10, 0)
              + (SIDE - 1).to_bytes(3, "little") * 2 + bytes(8),
}


def array(shape, data=b"", type="<f4"):
    header = f"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def claiming(archive, size):
    """The zip file with `size` in its directory for the unpacked size of its first entry."""
    at = archive.rindex(b"PK\x01\x02") + 24
    return archive[:at] + struct.pack("<I", size) + archive[at + 4:]


def deflated(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("map.npy", "w") as entry:
            entry.write(content)
            for _ in range(600):
                entry.write(bytes(1 << 20))
    return file.getvalue()


def stored(program):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a/data.pkl", program)
    return file.getvalue()


def weights():
    """Checkpoints by name, and a part of the message about each."""
    yield "promise.safetensors", struct.pack("<Q", 1 << 63) + b"{}" + bytes(99), "claims a header"
    brackets = b'{"a":' + b"[" * (1 << 21) + b"]" * (1 << 21) + b"}"
    yield "deep.safetensors", struct.pack("<Q", len(brackets)) + brackets, "byte 0|nested deeper"
    zeros = b'{"a":[' + b"0," * 20_000_000 + b"0]}"
    yield "long.safetensors", struct.pack("<Q", len(zeros)) + zeros + b"\xff", "claims a header"
    yield "objects.pt", stored(b"\x80\x02" + b"N" * 5_000_000 + b"."), "more than"
    yield "program.pt", stored(b"\x80\x02" + b"N" * 50_000_000 + b"."), "are the most"
    yield "names.pt", stored(b"\x80\x02c" + b"n" * 4096 + b"\nx\n."), "a name of more than"
    wrapped = b"\x80\x02c__torch__.a\nB\n)R" + b"c__torch__.a\nB\n}" + b"(" + b"NN" * 400_000 + b"u" + b"\x940" * 0
    yield "attributes.pt", stored(wrapped + b"q\x00" + b"0c__torch__.a\nB\n)Rh\x00b" * 50 + b"."), "more than"
    yield "terabyte.pt", claiming(stored(b"\x80\x02}."), 0xFFFFFFF0), "compressed or encrypted"


class Bombs(FolderTest):
    def refused(self, *arguments, says, code=1):
        """The program refuses in one message, with little memory."""
        with open(self.folder / "log", "w+") as log:
            process = subprocess.Popen([BINARY, *map(str, arguments)], stdout=log, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            log.seek(0)
            text = log.read()
        self.assertEqual(process.returncode, code, text[-2000:])
        self.assertTrue(any(part in text for part in says.split("|")), text[-2000:])
        self.assertNotIn("internal error", text)
        self.assertLess(usage.ru_maxrss / 1024, MOST_MEMORY, f"MiB for {arguments}")

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def fit(self, *places, says):
        self.refused("fit", "--normal", *places, "--output", self.folder / "model.h5", "--image-size", 96, says=says)

    def test_pictures_that_claim_more_than_they_hold(self):
        for name, content in PICTURES.items():
            with self.subTest(name):
                self.fit(self.write(name, content), says="is too large|cannot hold")

    def test_a_whole_picture_beyond_the_limit(self):
        path = self.write("whole.png", png(4000, packed_rows(4000)))
        self.refused("fit", "--normal", path, "--output", self.folder / "m.h5", "--max-pixels", 1_000_000,
                     says="raise --max-pixels")

    def test_a_file_of_a_terabyte(self):
        path = self.write("sparse.png", b"\x89PNG\r\n\x1a\n")
        os.truncate(path, TERABYTE)
        self.fit(path, says=f"it has {TERABYTE} bytes")

    def test_pipes_devices_and_circles(self):
        os.mkfifo(self.folder / "pipe.png")
        os.symlink("/dev/zero", self.folder / "zero.png")
        os.symlink("self.png", self.folder / "self.png")
        for name, says in ("pipe.png", "a pipe or a device"), ("zero.png", "a pipe or a device"), ("self.png", "links"):
            with self.subTest(name):
                self.fit(self.folder / name, says=says)
                self.refused("inspect", self.folder / name, says=name)
                self.refused("backbones", "--backbone", "mae_vitb16", "--weights", f"mae_vitb16={self.folder / name}",
                             "--check", says=name)

    def test_folders_in_a_circle(self):
        os.makedirs(self.folder / "data/mvtec/a/train/good")
        os.symlink("..", self.folder / "data/mvtec/a/train/good/again")
        os.symlink(self.folder / "data", self.folder / "data/mvtec/a/test")
        self.refused("datasets", "check", "--data-root", self.folder / "data", "--dataset", "mvtec", says="mvtec")

    def test_checkpoints(self):
        for name, content, says in weights():
            with self.subTest(name):
                self.refused("backbones", "--backbone", "mae_vitb16", "--weights",
                             f"mae_vitb16={self.write(name, content)}", "--check", says=says)

    def test_a_hundred_thousand_categories(self):
        root = self.folder / "data/mvtec"
        root.mkdir(parents=True)
        for i in range(100_000):
            os.mkdir(root / str(i))
        self.refused("datasets", "check", "--data-root", self.folder / "data", "--dataset", "mvtec",
                     says="more than 20000 folders")

    def test_names_of_four_kilobytes(self):
        name = "n" * 4096
        self.refused("fit", "--normal", name, "--output", self.folder / "m.h5", says="too long|no such file")
        self.refused("plan", "--data-root", name, "--dataset", name, "--store", self.folder / "store", says="unknown data set|no data root")
        self.refused("sweep", f"--{name}", says="unknown option")
        config = self.write("a.cfg", f"dataset = {name}\n{name} = 1\n".encode())
        self.refused("sweep", "--config", config, says="unknown option")

    def test_results_that_claim_terabytes(self):
        path = self.folder / "results.h5"
        with h5py.File(path, "w", libver="v108") as file:
            for attribute, value in ("format", b"patchead table"), ("schema", np.int32(1)), ("complete", np.int32(1)):
                file.attrs[attribute] = np.bytes_(value) if isinstance(value, bytes) else value
            file.attrs["crc32c"] = np.zeros(1, "<u4")
            column = file.create_dataset("points/seed", (TERABYTE,), "<i8")
            column.attrs["crc32c"] = np.zeros(1, "<u4")
        self.refused("inspect", path, says="the file is smaller than that", code=0)
        self.refused("report", "--results", path, "--output", self.folder / "out", says="results.h5")


class BombsAmongMaps(DemoTest):
    refused = Bombs.refused

    def test_arrays_that_claim_terabytes(self):
        whole = deflated(array("12000, 12000"))
        for name, content, says in (
                ("sides.npy", array("4611686018427387904, 4611686018427387904"), "is empty|is too large"),
                ("large.npy", array("11000, 11000"), "is damaged"),
                ("said.npz", claiming(whole, 0xFFFFFFF0), "is too large"),
                ("other.npz", deflated(array("4, 4")), "is damaged"),
                ("header.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", 1 << 31) + bytes(64), "has 2147483648 bytes")):
            with self.subTest(name):
                maps = self.folder / name
                target = maps / "fabric/test/good" / f"000{pathlib.Path(name).suffix}"
                target.parent.mkdir(parents=True)
                target.write_bytes(content)
                listed = self.folder / "list.csv"
                image = next((self.data / "mvtec-like/fabric/test/good").iterdir())
                listed.write_text(f"image,map\n{image},{target}\n")
                self.refused("measure", "--maps", maps, "--dataset", "mvtec-like", "--data-root", self.data,
                             "--output", self.folder / "out", says=f"{says}|no map")


if __name__ == "__main__":
    main()
