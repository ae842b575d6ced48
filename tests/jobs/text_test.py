"""Texts: what a checkpoint brings for them, and folders of texts and tokens."""

import json
import shutil

from clip_files import VOCABULARY, SmallClip, write_safetensors
from support import FolderTest, main, patchead, require_shared


class TextTower(FolderTest):
    def check(self, file, *options):
        done = patchead("backbones", "--backbone", f"open_clip:{file}", "--check", *options, check=False)
        return done.stdout, done.returncode == 0

    def test_check_says_what_a_checkpoint_brings_for_texts(self):
        text, good = self.check(SmallClip().write(self.folder / "whole"))
        self.assertTrue(good, text)
        self.assertIn("tower of 2 blocks of 64 channels in 1 heads", text)
        self.assertIn("32 channels shared with images, 77 tokens a text", text)
        self.assertRegex(text, r"vocabulary +\S+/vocab.json, 634 tokens")

    def test_check_says_that_there_is_no_vocabulary_or_no_text_tower(self):
        file = SmallClip().write(self.folder / "alone", vocabulary=False)
        text, good = self.check(file)
        self.assertTrue(good, text)
        self.assertIn("none beside it; texts need one of 634 tokens", text)
        for named in (VOCABULARY, VOCABULARY / "tokenizer.json"):
            text, good = self.check(file, "--vocabulary", named)
            self.assertTrue(good, text)
            self.assertRegex(text, r"vocabulary +\S+/tokenizer.json, 634 tokens")
        text, good = self.check(file, "--vocabulary", self.folder)
        self.assertFalse(good)
        self.assertRegex(text, "FAILED.*no vocabulary in .*bpe_simple_vocab_16e6.txt.gz")
        images = {name: values for name, values in SmallClip().tensors.items() if name.startswith("visual.")}
        text, good = self.check(write_safetensors(self.folder / "images.safetensors", images))
        self.assertTrue(good, text)
        self.assertIn("no text tower in this file", text)
        self.assertIn("no text tower", patchead("backbones", "--backbone", "patchead_tiny", "--check").stdout)

    def test_check_refuses_a_text_tower_or_a_vocabulary_that_does_not_fit(self):
        broken = SmallClip()
        del broken.tensors["transformer.resblocks.1.ln_2.bias"]
        text, good = self.check(broken.write(self.folder / "broken"))
        self.assertFalse(good)
        self.assertRegex(text, "FAILED.*transformer.resblocks.1.ln_2.bias' is missing")
        file = SmallClip().write(self.folder / "cut")
        merges = file.parent / "merges.txt"
        merges.write_text("".join(merges.read_text().splitlines(keepends=True)[:-1]))
        text, good = self.check(file)
        self.assertFalse(good)
        self.assertRegex(text, "FAILED.*vocab.json.*need 120 merges, and it has 119")


class TokenizerFolder(FolderTest):
    def test_published_tokens_are_given_in_every_form_of_the_vocabulary(self):
        text = patchead("verify", require_shared("tokenizer")).stdout
        self.assertEqual(text.splitlines()[-1], "all 4 within tolerance")
        for form in ("bpe_simple_vocab_16e6.txt.gz ", "as bpe_simple_vocab_16e6.txt", "as merges.txt + vocab.json",
                     "as tokenizer.json"):
            self.assertIn(form, text)
        self.assertIn("not compared, since nothing here gives them: case 54 (ftfy_encoding)", text)

    def copy(self):
        shutil.copytree(VOCABULARY, self.folder / "words")
        return self.folder / "words"

    def test_one_wrong_token_is_found_and_named(self):
        folder = self.copy()
        lines = (folder / "cases.tsv").read_text().split("\n")
        lines[4] = lines[4].replace("632 633", "632 0 633")
        (folder / "cases.tsv").write_text("\n".join(lines))
        done = patchead("verify", self.folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "FAILED .*words/vocab.json .*1.0e.00 of 0e.00 in ids_open_clip of case 3")

    def test_what_is_no_such_folder_is_refused(self):
        folder = self.copy()
        vocabulary = json.loads((folder / "vocab.json").read_text())
        vocabulary.pop("a")
        (folder / "vocab.json").write_text(json.dumps(vocabulary))
        done = patchead("verify", folder, check=False)
        self.assertRegex(done.stdout, "FAILED .*no whole vocabulary in '.*vocab.json'")
        self.assertRegex(done.stdout, "ok .*words/tokenizer.json")
        for name in ("vocab.json", "tokenizer.json"):
            (folder / name).unlink()
        done = patchead("verify", folder, check=False)
        self.assertRegex(done.stdout, "FAILED .*no vocabulary in")
        (folder / "cases.tsv").write_text("id\tflags\n1\t-\t\"a\"\n")
        done = patchead("verify", folder, check=False)
        self.assertRegex(done.stdout, "FAILED .*line 2 of .*cases.tsv.* has 3 fields")


if __name__ == "__main__":
    main()
