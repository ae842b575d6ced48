"""verify and FAMILY:FILE: fixtures of every kind, and networks that have no name."""

import json
import shutil
import struct

from support import SOURCE, DemoTest, FolderTest, main, patchead, require_shared, rows

FIXTURES = SOURCE / "tests/data/parity"
TINY = SOURCE / "configs/backbones/patchead_tiny/model.safetensors"


class Verify(FolderTest):
    def test_all_fixtures_of_the_repository_pass_and_layers_are_compared(self):
        text = patchead("verify", FIXTURES).stdout
        self.assertIn("within tolerance", text.splitlines()[-1])
        self.assertNotIn("FAILED", text)
        for what in ("giant_swiglu_reg/weights.safetensors", "weights_jit.pt", "weights.npz",
                     "pickle/views_and_strides.pth", "tokens=projected", "15 outputs"):
            self.assertIn(what, text)

    def test_fixtures_of_the_reference_library_pass(self):
        folders = [require_shared(name) for name in ("parity", "parity_more")]
        text = patchead("verify", *folders).stdout
        self.assertRegex(text.splitlines()[-1], r"^all 1\d\d within tolerance$")
        self.assertIn("resize/up_20x17_to_42x28", text)
        left_out = [(before, line) for before, line in zip(text.splitlines(), text.splitlines()[1:])
                    if "not compared" in line]
        self.assertEqual(len(left_out), 1, "texts of a file that brings images only")
        self.assertIn("pe_core/b16_text/weights_timm.safetensors", left_out[0][0])

    def test_published_methods_give_what_their_implementations_gave(self):
        peers = require_shared("peers")
        text = patchead("verify", peers).stdout
        self.assertRegex(text.splitlines()[-1], r"^all \d\d+ within tolerance$")
        self.assertNotIn("not compared", text)
        self.assertRegex(text, "ok +metrics/b_ties +30 outputs")
        self.assertIn("winclip/prompts_metal_nut/prompts.json", text)

    def test_one_wrong_byte_of_a_resize_is_found_and_the_others_still_run(self):
        shutil.copytree(require_shared("parity", "resize"), self.folder / "resize")
        (self.folder / "resize").chmod(0o755)
        shutil.copytree(FIXTURES / "mae/native_64", self.folder / "mae")
        (self.folder / "broken").mkdir()
        (self.folder / "broken/config.json").write_text('{"family": "mae"}')
        victim = self.folder / "resize/noise_64x64_to_15x15/outputs.safetensors"
        victim.chmod(0o644)
        content = bytearray(victim.read_bytes())
        content[8 + int.from_bytes(content[:8], "little")] ^= 1  # The first byte of "bicubic".
        victim.write_bytes(bytes(content))
        done = patchead("verify", self.folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "FAILED resize/noise_64x64_to_15x15 .*1.0e.00 of 0e.00 in bicubic")
        self.assertRegex(done.stdout, "FAILED .*broken.*make the fixture again")
        self.assertRegex(done.stdout, "ok +.*mae/weights.pth")
        self.assertIn("2 of", done.stdout.splitlines()[-1])

    def test_one_wrong_number_of_a_metric_is_found(self):
        copy = self.folder / "b_ties"
        shutil.copytree(require_shared("peers", "metrics", "b_ties"), copy)
        for path in (copy, copy / "outputs.safetensors"):
            path.chmod(0o755)
        file = copy / "outputs.safetensors"
        content = bytearray(file.read_bytes())
        size = int.from_bytes(content[:8], "little")
        first, _ = json.loads(content[8:8 + size])["aupro_anomalib_old"]["data_offsets"]
        place = slice(8 + size + first, 8 + size + first + 8)
        content[place] = struct.pack("<d", struct.unpack("<d", content[place])[0] + 1e-4)
        file.write_bytes(bytes(content))
        done = patchead("verify", copy, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "FAILED .*b_ties .*1.0e-04 of 1e-05 in aupro_anomalib_old")

    def test_turns_of_what_is_no_picture_are_refused(self):
        header = json.dumps({"image.0": {"dtype": "U8", "shape": [2, 3], "data_offsets": [0, 6]}}).encode()
        for name in ("inputs", "outputs"):
            (self.folder / f"{name}.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(6))
        (self.folder / "config.json").write_text(json.dumps(
            {"method": "anomalydino_rotate", "parameters": {"angles": [45]}, "tolerance": 0}))
        done = patchead("verify", self.folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout + done.stderr, "cannot run the fixture.*no picture.*make it again")

    def test_folders_without_fixtures_are_refused(self):
        for folder in (self.folder, self.folder / "none"):
            done = patchead("verify", folder, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(str(folder), done.stderr)


class FamilyFile(DemoTest):
    def sweep(self, backbone, name, *options):
        patchead("sweep", "--dataset", "mvtec-like", "--data-root", self.data, "--category", "fabric",
                 "--backbone", backbone, "--image-size", 96, "--shots", 1, "--seeds", 0, "--modules",
                 "none", "mask", "--store", self.folder / "store", "--output", self.folder / name,
                 *options)
        return [{**row, "backbone": ""} for row in rows(self.folder / name)]

    def test_a_file_by_its_family_gives_the_numbers_of_the_named_backbone(self):
        file = self.folder / "my net.safetensors"
        shutil.copy(TINY, file)
        own = self.sweep(f"mae:{file}", "own")
        self.assertEqual(own, self.sweep("patchead_tiny", "named"))
        self.assertEqual(own, self.sweep(f"mae:{file}", "again", "--backbone-option",
                                         "mae:my_net:heads=3"))
        names = {row["backbone"] for row in rows(self.folder / "own")}
        self.assertEqual(names, {"mae:my_net"})

    def test_what_a_family_cannot_read_is_said_before_work(self):
        for backbone, words in ((f"mea:{TINY}", ["mea", "did you mean 'mae'"]),
                                (f"mae:{self.folder}/none.pth", ["none.pth", "mae:PATH"]),
                                (f"dinov3:{TINY}", [str(TINY), "none of the keys"])):
            done = patchead("backbones", "--backbone", backbone, "--check", check=False)
            self.assertEqual(done.returncode, 1)
            for word in words:
                self.assertIn(word, done.stdout + done.stderr)


if __name__ == "__main__":
    main()
