"""Encoders of one's own: modules that the exporter writes give what the native networks give."""

import json

from exporting import DINOV2, MAE, NORMALISATION, SUPPORT, ExportTest, describe
from support import SHARED, main, patchead, require_shared


class Export(ExportTest):
    def check_against_native(self, fixture, weights):
        """Both are within d of upstream, so they are within the sum of each other."""
        config = json.loads((fixture / "config.json").read_text())
        patch = config["patch_size"]
        module = self.export_plain("plain", weights, config["num_heads"], patch, 4 * patch)
        exported = self.verify(fixture, "--backbone", f"torchscript:{module}")
        native = self.verify(fixture)
        tokens, attention = exported + native
        print(f"{fixture.parent.name}/{fixture.name}: exported and native differ by at most "
              f"{tokens:.1e} (tokens), {attention:.1e} (attention)")
        self.assertLessEqual(tokens, 1e-4)
        self.assertLessEqual(attention, 1e-5)
        self.assertFalse(describe(module)["fixed_size"])

    def test_an_exported_mae_gives_what_the_native_one_gives(self):
        self.check_against_native(MAE, MAE / "weights.pth")

    def test_an_exported_dinov2_gives_what_the_native_one_gives(self):
        self.check_against_native(DINOV2, DINOV2 / "weights.safetensors")

    def test_so_do_all_sizes_of_the_reference_library(self):
        for case in ("mae/native_64", "mae/up_112", "mae/down_64", "dinov2_reg/native_98x98",
                     "dinov2_reg/up_126x112", "dinov2_reg/down_56x70"):
            fixture = require_shared("parity", case)
            self.check_against_native(fixture, fixture / "weights.safetensors")

    def test_a_module_of_another_network_fails_the_comparison(self):
        module = self.export_plain("mae", MAE / "weights.pth", 3, 16, 64)
        other = self.folder / "mae.json"
        other.write_text(other.read_text().replace('"patch_px": 16', '"patch_px": 32'))
        done = patchead("verify-backbone", MAE, "--backbone", f"torchscript:{module}", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("mae.pt", done.stderr)
        self.assertIn("2x2 patches", done.stderr)
        twisted = self.export_plain("twisted", MAE / "weights.pth", 4, 16, 64)
        done = patchead("verify-backbone", MAE, "--backbone", f"torchscript:{twisted}", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("FAILED", done.stdout)

    def test_the_references_networks_of_every_family(self):
        reference = require_shared("reference")
        for case in ("mae/native_64", "dinov2_reg/native_98x98", "open_clip/native_64x64",
                     "beitv2/shared_norm_4x4", "eva02/pt_norm_4x4", "pe_spatial/native_64x64",
                     "dinov3/grid4x4"):
            fixture = SHARED / "parity" / case
            config = json.loads((fixture / "config.json").read_text())
            module = self.export("reference_network:load", "reference", "--arg",
                                 f"fixture={fixture}", "--patch-size", config["patch_size"],
                                 "--image-size", config["image"][2], *NORMALISATION,
                                 paths=[reference])
            tokens, attention = self.verify(fixture, "--backbone", f"torchscript:{module}")
            print(f"{case}: tokens {tokens:.1e}, attention {attention:.1e}; "
                  f"{'one size' if describe(module)['fixed_size'] else 'any size'}")


class Libraries(ExportTest):
    """The exporter's way through timm, transformers and torch.hub, with stand-ins for them."""

    def export_from(self, source, name, fixture, weights, *options, **environment):
        return self.export(source, name, *options, paths=[SUPPORT / "libraries"],
                           LIBRARY_WEIGHTS=fixture / weights, LIBRARY_HEADS=3, **environment)

    def expect(self, module, fixture, **values):
        self.verify(fixture, "--backbone", f"torchscript:{module}")
        description = describe(module)
        self.assertEqual({key: description[key] for key in values}, values)
        self.assertIn("heads", patchead("backbones", "--check", "--backbone",
                                        f"torchscript:{module}").stdout)

    def test_timm(self):
        module = self.export_from("timm:vit_test", "timm", MAE, "weights.pth")
        self.expect(module, MAE, patch_px=16, prefix_tokens=1, image_px=64, mean=[0.1, 0.2, 0.3],
                    std=[0.4, 0.5, 0.6], interpolation="bilinear", fixed_size=False, depth=3,
                    source="timm 0.test vit_test")

    def test_transformers(self):
        module = self.export_from("hf:test/vit", "hf", MAE, "weights.pth")
        self.expect(module, MAE, patch_px=16, prefix_tokens=1, image_px=64, mean=[0.5] * 3,
                    std=[0.5] * 3, interpolation="bilinear", depth=3)

    def test_torch_hub(self):
        module = self.export_from(f"hub:{SUPPORT / 'libraries'}:vit_test", "hub", DINOV2,
                                  "weights.safetensors", "--image-size", 56, "--arg",
                                  "pretrained=true", TORCH_HOME=self.folder)
        self.expect(module, DINOV2, patch_px=14, prefix_tokens=0, image_px=56, depth=3,
                    mean=[0.485, 0.456, 0.406], interpolation="bicubic", fixed_size=False)

    def test_an_attention_of_another_kind_is_left_out_and_said(self):
        module = self.export_from("timm:vit_biased", "biased", MAE, "weights.pth")
        self.assertIn("no attention", self.messages)
        self.assertIn("BiasedAttention", self.messages)
        text = patchead("backbones", "--check", "--backbone", f"torchscript:{module}").stdout
        self.assertIn("no attention (no masking)", text)

    def test_what_is_missing_is_said(self):
        def refusal(source, *options, name="x.pt"):
            done = self.export(source, name[:-3], *options, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertFalse(list(self.folder.glob("x.*")))
            return done.stderr
        self.assertIn("pip install timm", refusal("timm:vit_test"))
        self.assertIn("pip install transformers", refusal("hf:test/vit"))
        self.assertIn("MODULE:CALLABLE", refusal("plain_network"))
        self.assertIn("hub:REPO:ENTRY", refusal("hub:vit"))
        arguments = ["--arg", f"weights={MAE / 'weights.pth'}", "--arg", "heads=3"]
        self.assertIn("give --patch-size", refusal("plain_network:load", *arguments))
        arguments += ["--patch-size", 16, *NORMALISATION]
        self.assertIn("give --image-size", refusal("plain_network:load", *arguments))
        self.assertIn("no multiple", refusal("plain_network:load", *arguments, "--image-size", 60))
        self.assertIn("a list; it must give", refusal("reference_network:nothing", "--arg", "x=1"))


class Refusals(ExportTest):
    """One line with the mend, whatever a module of one's own does; no traceback."""

    def refusal(self, source, text=None):
        if text is not None:
            (self.folder / "myvit.py").write_text(text)
        done = self.export(source, "own", "--patch-size", 16, "--image-size", 32, *NORMALISATION, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        return done.stderr

    def test_a_file_is_taken_by_its_path(self):
        (self.folder / "myvit.py").write_text(
            "import torch\nclass Net(torch.nn.Module):\n    def forward(self, x):\n"
            "        return torch.nn.functional.avg_pool2d(x, 16).flatten(2).transpose(1, 2)\ndef make():\n    return Net()\n")
        module = self.export(f"{self.folder}/myvit.py:make", "own", "--patch-size", 16, "--image-size", 32,
                             *NORMALISATION, start=True)
        self.assertEqual(describe(module)["patch_px"], 16)

    def test_what_cannot_be_imported_is_told(self):
        file = f"{self.folder}/myvit.py"
        self.assertRegex(self.refusal(f"{file}:make"), "no such file.*FILE.py:CALLABLE")
        self.assertRegex(self.refusal("no_such_vit:make"), "no module 'no_such_vit'; give its file")
        self.assertRegex(self.refusal(f"{file}:make", "import no_such_library"), "needs no_such_library.*pip install")
        self.assertRegex(self.refusal(f"{file}:make", "def make(:"), "fails when it is imported .SyntaxError")
        self.assertRegex(self.refusal(f"{file}:make", "def other(): pass"), "no callable 'make'; it has other")
        self.assertRegex(self.refusal(f"{file}:make", "def make(): return 1 / 0"), "fails .ZeroDivisionError.*--arg")
        self.assertRegex(self.refusal(f"{file}:make", "def make(): return 1"), "gave a int")


if __name__ == "__main__":
    main()
