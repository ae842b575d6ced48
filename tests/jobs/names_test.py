"""Names that users and file systems have: they come out of every writer as they went in, or are refused before work starts."""

import csv
import json
import os
import shlex
import shutil
import subprocess

import h5py

from support import BINARY, SOURCE, DemoTest, main, patchead, rows

QUICK = ["--image-size", 32, "--shots", 1, "--seeds", 0, "--modules", "none"]
ODD = "a b, \"c\" <i>&amp; 50% #1 $x_y$ it's \u6b63\u5e38"
WEIGHTS = SOURCE / "configs/backbones/patchead_tiny/model.safetensors"


class Names(DemoTest):
    def odd_data(self, category=ODD, defect=ODD, image=ODD):
        """The demo's fabric under a category, and with a defect and images, of these names."""
        data = self.folder / "data & more"
        fabric = data / "mvtec-like" / category
        shutil.copytree(self.data / "mvtec-like/fabric", fabric)
        before = next(path.name for path in sorted((fabric / "ground_truth").iterdir()))
        for part in "test", "ground_truth":
            (fabric / part / before).rename(fabric / part / defect)
        for path in sorted((fabric / "train/good").iterdir()):
            path.rename(path.with_name(image[:240] + path.name))
        return data

    def refuse(self, done, *parts):
        self.assertEqual(done.returncode, 1, done.stderr)
        for part in parts:
            self.assertIn(str(part), done.stdout + done.stderr)
        self.assertNotIn("internal error", done.stderr)
        self.assertTrue((done.stdout + done.stderr).replace("\n", "").isprintable(), done.stderr)

    def test_odd_names_come_out_as_they_went_in(self):
        data = self.odd_data()
        self.sweep(*QUICK, "--heatmaps", 3, "--maps", 3, "--category", ODD, data=data, output="out put")
        output = self.folder / "out put"
        self.assertEqual({row["category"] for row in rows(output)}, {ODD})
        with h5py.File(output / "results.h5") as file:
            self.assertIn(ODD, file["prompts/id"][0].decode())
            self.assertIn("category = " + json.dumps(ODD, ensure_ascii=False), file.attrs["config"].decode())
        for table in (output / "tables").glob("*.json"):
            json.loads(table.read_text())
        for table in (output / "tables").glob("*.csv"):
            with open(table, newline="") as file:
                self.assertEqual(len({len(row) for row in csv.reader(file)}), 1, table)
        patchead("report", output, "--html", "--python", "/usr/bin/python3")
        page = output / "report/categories/mvtec-like" / f"{ODD}.html"
        self.assertIn("&lt;i&gt;&amp;amp;", page.read_text())
        self.assertNotIn("<i>", page.read_text())

    def test_the_command_of_explain_can_be_pasted(self):
        data = self.odd_data()
        self.sweep(*QUICK, "--category", ODD, data=data)
        cell = "summary_mvtec-like/patchead_tiny/32/few-shot/1/none/I-AUROC"
        told = json.loads(patchead("explain", self.folder / "output", cell, "--json").stdout)
        command = told["commands"][0]
        words = shlex.split(command.replace("\\\n", " "))
        self.assertIn(f"mvtec-like/{ODD}", words)
        places = {"--data-root": data, "--store": self.folder / "store", "--output": self.folder / "again"}
        for option, place in places.items():
            words[words.index(option) + 1] = str(place)
        del words[words.index("--weights-dir"):words.index("--weights-dir") + 2]
        subprocess.run([BINARY, *words[1:]], check=True, capture_output=True)
        self.assertEqual(rows(self.folder / "again"), rows(self.folder / "output"))

    def test_the_longest_names(self):
        data = self.odd_data(category="k" * 180, defect="d" * 255, image="i" * 240)
        self.sweep(*QUICK, "--heatmaps", 3, "--maps", 3, "--align-pictures", 1, "--modules", "align", data=data)
        self.assertEqual({row["category"] for row in rows(self.folder / "output")}, {"k" * 180})
        patchead("report", self.folder / "output", "--html", "--python", "/usr/bin/python3")

    def test_names_that_are_no_text_are_refused_before_work(self):
        for number, (name, shown) in enumerate([(b"b\xf6lt", "b\\xF6lt"), (b"a\x1b[31mb", "a\\x1B[31mb"),
                                                (b"two\nlines", "two\\nlines")]):
            data = self.folder / f"data{number}"
            shutil.copytree(self.data, data)
            good = os.fsencode(data / "mvtec-like/fabric/train/good")
            os.rename(os.path.join(good, sorted(os.listdir(good))[0]), os.path.join(good, name + b".png"))
            check = patchead("datasets", "check", "--dataset", "mvtec-like", "--data-root", data, check=False)
            self.refuse(check, shown, "convmv")
            for ranks in 0, 2:
                done = self.sweep(*QUICK, data=data, store=f"store{number}", check=False, ranks=ranks)
                self.refuse(done, shown, "train/good")
            self.assertFalse(any((self.folder / f"store{number}").rglob("*.h5")))

    def test_arguments_that_are_no_text_are_refused(self):
        for arguments in ["--output", b"o\xff"], ["--category", b"a\nb"], ["--weights", b"patchead_tiny=\xff"]:
            done = subprocess.run([os.fsencode(str(word)) for word in [BINARY, *self.arguments(*QUICK)]]
                                  + [word if isinstance(word, bytes) else word.encode() for word in arguments],
                                  capture_output=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"cannot be used", done.stderr)

    def test_paths_with_blanks_and_signs_from_a_config_file(self):
        weights = self.folder / "my weights #1.safetensors"
        shutil.copy(WEIGHTS, weights)
        data = self.odd_data()
        config = self.folder / "my sweep.cfg"
        config.write_bytes(b"\xef\xbb\xbf" + f"""# Saved by Notepad.
data-root = {data}
weights = patchead_tiny="{weights}"
category = {json.dumps(ODD, ensure_ascii=False)}   # the odd one
""".replace("\n", "\r\n").encode())
        patchead("sweep", "--config", config, "--dataset", "mvtec-like", "--store", self.folder / "s", "--output",
                 self.folder / "o", *QUICK)
        self.assertEqual({row["category"] for row in rows(self.folder / "o")}, {ODD})


class Prompts(DemoTest):
    def setUp(self):
        super().setUp()
        self.mine = self.folder / "my own"
        fabric = self.data / "mvtec-like/fabric"
        shutil.copytree(fabric / "train/good", self.mine / "normal")
        shutil.copytree(fabric / "test/good", self.mine / "abnormal")

    def own(self, line, *where, check=True, number=[0]):
        number[0] += 1
        prompts = self.folder / "prompts.tsv"
        prompts.write_bytes(b"\xef\xbb\xbffolder\tfolder\t" + line.encode() + b"\r\n")
        return patchead("sweep", "--dataset", "folder", *where, "--prompts", prompts, *QUICK, "--store",
                        self.folder / "store", "--output", self.folder / f"o{number[0]}", check=check)

    def test_of_own_folders_are_found_in_every_spelling(self):
        root = ["--data-root", self.mine]
        dirs = ["--normal-dir", self.mine / "normal", "--abnormal-dir", self.mine / "abnormal"]
        patchead("sweep", "--dataset", "folder", *root, *QUICK, "--store", self.folder / "store", "--output",
                 self.folder / "drawn")
        with h5py.File(self.folder / "drawn/results.h5") as file:
            drawn = file["prompts/id"][0].decode()
        name = drawn.split("/")[-1] + ".png"
        for line in drawn, name, f"normal/{name}", f"my own/normal/{name}", str(self.mine / "normal" / name):
            for where in root, dirs:
                done = self.own(line, *where, check=False)
                self.assertEqual(done.returncode, 0, line + ": " + done.stderr)

    def test_that_are_no_image_are_named_by_their_line(self):
        done = self.own("normal/999.png", "--data-root", self.mine, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("prompts.tsv' line 1: 'normal/999.png' is no image", done.stderr)


if __name__ == "__main__":
    main()
