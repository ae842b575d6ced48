"""`patchead backbones`, and how many images go through a network at a time."""

import hashlib

from support import SOURCE, DemoTest, files, main, patchead

TINY = SOURCE / "configs/backbones/patchead_tiny/model.safetensors"


class Backbones(DemoTest):
    def entry(self, name, *arguments, check=True):
        """What is printed about one backbone, and whether all that is here is good."""
        done = patchead("backbones", *arguments, check=check)
        found = [text for text in done.stdout.split("\n\n") if text.startswith(f"{name} (")]
        self.assertEqual(len(found), 1, done.stdout)
        return found[0], done.returncode == 0

    def test_the_list_says_what_is_needed_to_get_the_weights(self):
        text, _ = self.entry("dinov2_vitb14_reg")
        for fact in ("family dinov2_reg, 12 blocks of 768 channels, 14 px patches",
                     "448 px by default, bicubic, mean 0.485 0.456 0.406", "Apache-2.0",
                     "dinov2_vitb14_reg4_pretrain.pth from https://", "346334208 bytes",
                     "found      no"):
            self.assertIn(fact, text)
        self.assertIn("SHA-256 begins with 73cec8be", self.entry("dinov3_vitb16")[0])

    def test_check_prints_parameters_and_digest_of_what_is_here(self):
        text, good = self.entry("patchead_tiny", "--check")
        self.assertTrue(good)
        self.assertIn("family mae", text)
        content = TINY.read_bytes()
        numbers = len(content) - 8 - int.from_bytes(content[:8], "little")  # All of two bytes.
        self.assertIn(f"official layout, {numbers // 2} parameters, 192 channels, 3 heads", text)
        self.assertIn(hashlib.sha256(content).hexdigest(), text)
        self.assertNotIn("loaded", self.entry("mae_vitb16", "--check")[0])

    def test_check_says_which_file_is_not_what_it_should_be(self):
        (self.folder / "mae_vitb16.safetensors").write_bytes(TINY.read_bytes())
        (self.folder / "beitv2_vitb16.pth").write_bytes(b"PK\x03\x04 nothing")
        arguments = ["--check", "--weights-dir", self.folder]
        text, good = self.entry("mae_vitb16", *arguments, check=False)
        self.assertFalse(good)
        self.assertIn("FAILED", text)
        self.assertIn("6 blocks of 192 channels", text)
        self.assertIn("FAILED", self.entry("beitv2_vitb16", *arguments, check=False)[0])
        self.assertIn("loaded", self.entry("patchead_tiny", *arguments, check=False)[0])
        _, good = self.entry("patchead_tiny", "--backbone", "patchead_tiny", *arguments)
        self.assertTrue(good, "only what was asked for is checked")

    def test_unknown_names_and_folders_are_refused(self):
        done = patchead("backbones", "--backbone", "dinov2_vitb14_regs", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("did you mean 'dinov2_vitb14_reg'", done.stderr)
        done = patchead("backbones", "--weights-dir", self.folder / "none", check=False)
        self.assertIn("is no folder", done.stderr)

    def test_no_result_depends_on_how_many_images_are_in_memory(self):
        run = ["--image-size", 96, "--shots", 1, "--seeds", 0, "--category", "fabric"]
        for name, options in (("little", ["--forward-memory", 1]), ("much", []),
                              ("two", ["--forward-batch", 2])):
            self.sweep(*run, *options, store=f"store-{name}", output=name)
        tables = [files(self.folder / name / "tables") for name in ("little", "much", "two")]
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[0], tables[2])
        done = self.sweep(*run, "--forward-memory", 0, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--forward-memory", done.stderr)


if __name__ == "__main__":
    main()
