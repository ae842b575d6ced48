"""The likeliest mistakes with maps of other programs: each gets one clear message."""

import io
import os
import shutil
import struct
import zipfile

import numpy as np
from PIL import Image

from support import DemoTest, main, patchead

FIRST = "bracket/test/broken_edge/000"
SHAPE = (24, 24)


def array(shape, type="<f4", data=b""):
    """A .npy file that says what it likes."""
    header = f"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def picture(kind, size=SHAPE, mode="RGB"):
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


def archive(name, bytes, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as zip:
        for each in name if isinstance(name, list) else [name]:
            zip.writestr(each, bytes)
    return file.getvalue()


def of(values):
    file = io.BytesIO()
    np.save(file, values, allow_pickle=True)
    return file.getvalue()


class Mistakes(DemoTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls.shared_folder / "good"
        numbers = np.random.default_rng(0)
        root = cls.data / "mvtec-like"
        cls.ids = [str(path.relative_to(root))[:-4] for path in sorted(root.glob("*/test/*/*.png"))]
        for id in cls.ids:
            path = cls.good / f"{id}.npy"
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, numbers.random(SHAPE, np.float32))

    def setUp(self):
        super().setUp()
        self.maps = self.folder / "maps"
        shutil.copytree(self.good, self.maps, copy_function=os.link)

    def put(self, name, bytes):
        """Another file in place of, or beside, the good ones."""
        path = self.maps / name
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes)

    def measure(self, *arguments, maps=None, ranks=0, output="output"):
        return patchead("measure", "--maps", maps or self.maps, "--dataset", "mvtec-like", "--data-root", self.data,
                        "--output", self.folder / output, *arguments, check=False, ranks=ranks)

    def refused(self, *words, arguments=(), **options):
        """One message, with these words, and no results."""
        done = self.measure(*arguments, **options)
        told = [line for line in done.stderr.splitlines() if line.startswith("patchead:")]
        self.assertEqual((done.returncode, len(told)), (1, 1), done.stderr)
        for word in words:
            self.assertIn(word, told[0])
        self.assertIn(";", told[0], "what to do")
        self.assertFalse((self.folder / "output/results.csv").exists())

    def noted(self, *words, arguments=()):
        """A note with these words, and results."""
        done = self.measure(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        notes = [line for line in done.stderr.splitlines() if all(word in line for word in words)]
        self.assertEqual(len(notes), 1, done.stderr)
        self.assertTrue(notes[0].startswith("note: "))

    def test_folders(self):
        self.refused("there is no folder of maps", "nowhere", maps=self.folder / "nowhere")
        (self.folder / "empty").mkdir()
        self.refused("there are no maps in", "empty", "numpy.save", maps=self.folder / "empty")
        (self.folder / "empty/000.jpg").write_bytes(picture("JPEG"))
        self.refused("there are no maps in", "1 .jpg", maps=self.folder / "empty")
        self.refused("--output is the folder of --maps", output="maps")
        self.refused("unknown data set", "mvtec-like", arguments=["--dataset", "mvtec-lik"])
        self.refused("no_such", arguments=["--category", "no_such"])

    def test_options_that_are_left_out(self):
        maps, dataset, output = ["--maps", self.maps], ["--dataset", "mvtec-like"], ["--output", self.folder / "x"]
        for option, arguments in (("--maps", dataset + output), ("--dataset", maps + output),
                                  ("--output", maps + dataset), ("--data-root", maps + dataset + output)):
            done = patchead("measure", *arguments, check=False)
            self.assertEqual((done.returncode, done.stderr.count("patchead:")), (1, 1), done.stderr)
            self.assertIn(option, done.stderr)

    def test_which_map_is_whose(self):
        (self.maps / f"{FIRST}.npy").unlink()
        self.refused("1 of 33 test images has no map", FIRST, "no file is called so", "--list")
        self.put("bracket/test/broken_edge/0000.npy", of(np.ones(SHAPE)))
        self.refused(FIRST, "1 map is of no test image", "broken_edge/0000.npy")
        self.put(f"{FIRST}.npy", of(np.random.rand(*SHAPE)))
        self.put(f"{FIRST}.tiff", picture("TIFF", mode="F"))
        self.refused("two maps", FIRST, ".npy'", ".tiff'")
        (self.maps / f"{FIRST}.tiff").unlink()
        self.noted("1 map is of no test image here", "broken_edge/0000.npy", "left out")

    def test_names_that_fit_several_images(self):
        shutil.rmtree(self.maps)
        self.put("000.npy", of(np.ones(SHAPE)))
        self.refused("the map '000.npy' could be of", "its name fits both", "<category>")

    def test_numbers(self):
        for value, word in ((np.nan, "NaN"), (np.inf, "infinite")):
            values = np.zeros(SHAPE)
            values[3, 5] = value
            self.put(f"{FIRST}.npy", of(values))
            self.refused(f"{FIRST}.npy", word, "row 3, column 5")
        self.put(f"{FIRST}.npy", of(np.full(SHAPE, 1e300)))
        self.refused("infinite", "576", "as float32")

    def test_constant_and_equal_maps_are_told(self):
        self.put(f"{FIRST}.npy", of(np.full(SHAPE, 0.5)))
        self.noted("1 of 33 maps are constant", FIRST)
        for id in self.ids:
            self.put(f"{id}.npy", of(np.arange(576.0).reshape(SHAPE)))
        self.noted("all 33 maps are the same numbers")

    def test_scores_upside_down_are_told(self):
        for id in self.ids:
            path = self.data / "mvtec-like" / (id.replace("/test/", "/ground_truth/") + "_mask.png")
            truth = np.asarray(Image.open(path)) / 255.0 if path.exists() else np.zeros((96, 96))
            self.put(f"{id}.npy", of(1 - truth))
        self.put("list.csv", ("image,score\n" + "".join(f"{id},{int('/good/' in id)}\n" for id in self.ids)).encode())
        self.noted("score higher than anomalous ones in every category", arguments=["--list", self.maps / "list.csv"])

    def test_arrays_that_are_no_map(self):
        good = np.zeros(SHAPE, np.float32)
        for bytes, words in (
                (of(np.zeros((3, 24, 24))), ("three channels", "3 x 24 x 24")),
                (of(np.zeros((24, 24, 3))), ("three channels",)),
                (of(np.zeros((9, 24, 24))), ("several maps", "one file for each image")),
                (of(np.zeros(576)), ("height and width",)),
                (of(np.float32(1)), ("no sides",)),
                (of(np.zeros((0, 24))), ("is empty",)),
                (of(np.array([[{}]], dtype=object)), ("Python objects", "never read here")),
                (of(good > 0), ("true and false",)),
                (of(good.astype(np.uint8)), ("8 bits",)),
                (of(good.astype(complex)), ("complex",)),
                (of(good.astype("U3")), ("texts",)),
                (of(np.zeros(SHAPE, [("a", "f4"), ("b", "f4")])), ("plain numbers",)),
                (of(good)[:-40], ("is damaged", "2264 bytes")),
                (of(good) + b"more", ("is damaged",)),
                (array(f"{2**62}, 2"), ("is empty",)),
                (array(f"{2**31}, {2**20}"), ("too large",)),
                (array("24, -24"), ("plain numbers",)),
                (b"", ("no bytes",)),
                (b"\x80\x04K\x01.", ("no NumPy array",)),
                (picture("PNG"), ("no NumPy array",))):
            self.put(f"{FIRST}.npy", bytes)
            self.refused(f"{FIRST}.npy", *words)

    def test_archives(self):
        good = of(np.zeros(SHAPE, np.float32))
        (self.maps / f"{FIRST}.npy").unlink()
        zeros = array("8000, 8000") + bytes(256_000_000)
        bomb = archive("map.npy", zeros)

        def lying(content, size):
            """An archive that says that `content` has this size."""
            bytes = bytearray(archive("map.npy", content))
            at = bytes.rindex(b"PK\x01\x02")
            bytes[at + 24:at + 28] = struct.pack("<I", size)
            return bytes

        self.assertLess(len(bomb), 300_000)
        for content, words in ((archive(["a.npy", "b.npy"], good), ("2 arrays (a, b)", "'map'")),
                               (archive("notes.txt", good), ("no array",)),
                               (bomb.replace(struct.pack("<I", len(zeros)), b"\xf0\xff\xff\xff"),
                                ("too large", "unpacks to")),
                               (lying(good, 600), ("is damaged", "have 2304")),
                               (lying(good + b"more", len(good)), (f"more than {len(good)} bytes",)),
                               (archive("map.npy", good)[:-30], ("is damaged",)),
                               (good, ("is damaged",)),
                               (archive("map.npy", good, zipfile.ZIP_BZIP2), ("packed in a way",))):
            self.put(f"{FIRST}.npz", content)
            self.refused(f"{FIRST}.npz", *words)

    def test_pictures(self):
        (self.maps / f"{FIRST}.npy").unlink()
        for content, word in ((picture("PNG"), "8 bits"), (picture("PNG", mode="L"), "8 bits"),
                              (picture("JPEG"), "is a JPEG"), (of(np.zeros(SHAPE)), "no PNG or TIFF"),
                              (picture("PNG", mode="I;16")[:-20], "damaged")):
            self.put(f"{FIRST}.png", content)
            self.refused(f"{FIRST}.png", word)

    def test_a_map_on_its_side(self):
        for name in ("good/0.png", "good/1.png", "good/2.png", "good/3.png", "bad/4.png"):
            path = self.folder / "own" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.random.default_rng(len(name)).integers(0, 255, (40, 64, 3), np.uint8)).save(path)
        listed = patchead("sweep", "--dataset", "folder", "--normal-dir", self.folder / "own/good", "--abnormal-dir",
                          self.folder / "own/bad", "--shots", 1, "--seeds", 0, "--image-size", 32, "--maps", "all",
                          "--store", self.folder / "store", "--output", self.folder / "run")
        self.assertIn("P-AUROC", listed.stdout)
        own = ["--dataset", "folder", "--normal-dir", self.folder / "own/good", "--abnormal-dir",
               self.folder / "own/bad", "--output", self.folder / "output"]
        shutil.rmtree(self.maps)
        for stem in range(5):
            self.put(f"{stem}.npy", of(np.random.rand(64, 40)))
        done = patchead("measure", "--maps", self.maps, *own, check=False)
        self.assertEqual((done.returncode, done.stderr.count("patchead:")), (1, 1), done.stderr)
        self.assertIn("64 x 40 (height x width), and its image is 40 x 64", done.stderr)
        for stem in range(5):
            self.put(f"{stem}.npy", of(np.random.rand(40, 64)))
        done = patchead("measure", "--maps", self.maps, *own)  # Without masks: no pixel metrics, and no trouble.
        self.assertIn("no anomalous image has a mask", (self.folder / "output/results.csv").read_text())

    def test_lists(self):
        def with_list(text, *words, arguments=()):
            (self.folder / "list.csv").write_text(text)
            self.refused(*words, arguments=["--list", self.folder / "list.csv", *arguments])

        every = "".join(f"{id},{id}.npy\n" for id in self.ids)
        with_list("", "is empty")
        with_list(every, "line 1", "has a column")
        with_list("image,maps\n" + every, "a column 'maps'", "image,map,score")
        with_list("image\n", "names no columns")
        with_list("image,map\n" + every.replace(f"{FIRST}.npy", "gone.npy"), "line 2", "there is no map", "gone.npy")
        with_list("image,map\n" + every + every.splitlines()[0], f"'{FIRST}' stands in line 2")
        with_list("image,map\n" + every.split("\n", 1)[1], "1 of 33 test images has no map", FIRST)
        with_list("image,map\nbracket/000,x.npy\n", "could be several images")
        with_list("image,map\n" + every.replace("000.npy", '"000.npy', 1), "line 2", "quote that is not closed")
        with_list("image,map\na,b,c\n", "line 2", "3 fields")
        with_list("image,score\n" + "".join(f"{id},high\n" for id in self.ids), "line 2", "'high' is no finite number")
        with_list("image,score\n" + "".join(f"{id},nan\n" for id in self.ids), "'nan' is no finite number")
        with_list("image,score\n" + "".join(f"{id},1\n" for id in self.ids[1:]), "32 of 33 images")

    def test_rules_and_labels(self):
        self.refused("no image scores are given", arguments=["--image-score", "given"])
        self.refused("'mean' is no rule", "top:RHO", arguments=["--image-score", "mean"])
        self.refused("image-score", "2", arguments=["--image-score", "top:2"])
        self.refused("':published'", arguments=["--name", "mine:published"])
        self.refused("were not recorded by a sweep", arguments=["--point", "x"])

    def test_recorded_maps(self):
        run = self.folder / "run"
        self.sweep("--image-size", 96, "--shots", 1, "--seeds", 0, "--maps", 2, output="run")
        self.refused("has maps of 2 of the 11 test images", "--maps all", maps=run)
        self.refused("unknown recorded point 'x'", arguments=["--point", "x"], maps=run)
        self.refused("recorded by a sweep", "--name", arguments=["--name", "x"], maps=run)
        file = next(run.glob("maps/*/bracket/patchead*.h5"))
        file.write_bytes(file.read_bytes()[:-100])
        self.refused(file.name, maps=run)

    def test_ranks_tell_it_once(self):
        self.put(f"{FIRST}.npy", b"")
        self.refused("no bytes", ranks=3)
        self.refused("there is no folder of maps", maps=self.folder / "nowhere", ranks=3)


if __name__ == "__main__":
    main()
