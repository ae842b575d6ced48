"""Wrong input: one clear message that names the file, the reason and the mend; nothing half-written."""

import pathlib
import shutil
import struct
import subprocess
import zlib

from support import SOURCE, DemoTest, files, main, patchead, rows

WEIGHTS = SOURCE / "configs/backbones/patchead_tiny/model.safetensors"
QUICK = ["--image-size", 96, "--shots", 1, "--seeds", 0]


class Errors(DemoTest):
    def refuse(self, done, *parts, code=1):
        """The run failed with `code` and said each of `parts` in one message, once."""
        self.assertEqual(done.returncode, code, done.stderr)
        messages = [line for line in done.stderr.splitlines() if line.startswith("patchead: ")]
        self.assertEqual(len(messages), 1, done.stderr)
        for part in parts:
            self.assertIn(str(part), messages[0])
        self.assertNotIn("internal error", done.stderr)

    def copy_of_data(self):
        data = self.folder / "data"
        shutil.copytree(self.data, data)
        return data, data / "mvtec-like/fabric"

    def test_missing_data_root(self):
        for ranks in 0, 2:
            done = self.sweep(*QUICK, data=self.folder / "nowhere", check=False, ranks=ranks)
            self.refuse(done, self.folder / "nowhere", "no data root", "pass the folder")

    def test_unknown_option_names_the_nearest(self):
        for ranks in 0, 2:
            self.refuse(self.sweep("--image-sise", 96, check=False, ranks=ranks),
                        "--image-sise", "did you mean '--image-size'")

    def test_unknown_option_in_a_config_file_names_the_file(self):
        config = self.folder / "bad.cfg"
        config.write_text("shot = 1\n")
        self.refuse(self.sweep("--config", config, check=False), config, "--shots")

    def test_unknown_names_of_backbone_data_set_category_and_command(self):
        self.refuse(self.sweep("--backbone", "patchead_tinny", check=False), "patchead_tiny")
        self.refuse(self.sweep("--category", "fabrik", check=False), "fabric")
        self.refuse(patchead("swep", check=False), "did you mean 'sweep'")
        self.refuse(patchead("sweep", "--data-root", self.data, "--dataset", "mvtek", "--store",
                             self.folder / "s", "--output", self.folder / "o", check=False), "mvtec")

    def test_values_out_of_range(self):
        self.refuse(self.sweep("--shots", "two", check=False), "--shots", "two")
        self.refuse(self.sweep("--rho-zero", "1.5", check=False), "--rho-zero")
        self.refuse(self.sweep("--image-size", 100, check=False), "100", "multiple of 16")
        self.refuse(self.sweep("--shots", 99, check=False), "99", "fewer shots")
        self.refuse(self.sweep("--modules", "masks", check=False), "mask")

    def test_no_weights_says_where_to_get_them(self):
        self.refuse(self.sweep("--backbone", "mae_vitb16", check=False), "mae_vitb16", "--weights")

    def test_truncated_weights(self):
        for size in 4, 100, 40_000, WEIGHTS.stat().st_size - 1:
            broken = self.folder / "broken.safetensors"
            broken.write_bytes(WEIGHTS.read_bytes()[:size])
            self.refuse(self.sweep(*QUICK, "--weights", f"patchead_tiny={broken}", check=False), broken)

    def test_wrong_shape_weights(self):
        content = WEIGHTS.read_bytes()
        length = struct.unpack("<Q", content[:8])[0]
        header = content[8:8 + length]
        self.assertIn(b'"shape": [576, 192]', header)
        header = header.replace(b'"shape": [576, 192]', b'"shape": [192, 576]', 1)
        broken = self.folder / "broken.safetensors"
        broken.write_bytes(content[:8] + header + content[8 + length:])
        self.refuse(self.sweep(*QUICK, "--weights", f"patchead_tiny={broken}", check=False), broken,
                    "qkv")

    def test_a_corrupt_image_fails_its_units_only(self):
        data, fabric = self.copy_of_data()
        broken = next((fabric / "test/good").glob("*.png"))
        broken.write_bytes(broken.read_bytes()[:-200])
        done = self.sweep(*QUICK, data=data, check=False, ranks=2)
        self.refuse(done, "1 unit failed", "again", code=76)
        self.assertIn(str(broken), done.stderr)
        table = rows(self.folder / "output")
        gaps = {row["category"] for row in table if row["value"] == "nan"}
        self.assertEqual(gaps, {"fabric"})
        self.assertEqual(len({row["category"] for row in table}), 3)
        self.assertTrue(all(str(broken) in row["reason"] or "fabric" in row["reason"]
                            for row in table if row["value"] == "nan"))
        markdown = (self.folder / "output/tables/categories_mvtec-like.md").read_text()
        self.assertIn("–", markdown)
        # Mended, the same command completes what is missing.
        shutil.copy(self.data / broken.relative_to(data), broken)
        self.sweep(*QUICK, data=data)
        self.assertFalse([row for row in rows(self.folder / "output") if row["value"] == "nan"])

    def test_a_mask_of_the_wrong_size_fails_its_units_only(self):
        data, fabric = self.copy_of_data()
        broken = next((fabric / "ground_truth").rglob("*.png"))
        broken.write_bytes(gray_png(40, 30))
        done = self.sweep(*QUICK, data=data, check=False)
        self.refuse(done, "1 unit failed", code=76)
        self.assertIn(str(broken), done.stderr)
        self.assertIn("40", done.stderr)
        self.assertEqual({row["category"] for row in rows(self.folder / "output")
                          if row["value"] == "nan"}, {"fabric"})

    def test_a_missing_mask_is_said_and_leaves_out_the_pixel_metrics_of_its_category(self):
        data, fabric = self.copy_of_data()
        gone = next((fabric / "ground_truth").rglob("*.png"))
        gone.unlink()
        done = self.sweep(*QUICK, data=data)
        self.assertRegex(done.stderr, "fabric: 1 of 8 anomalous images ha[sv]e? no mask")
        missing = [row for row in rows(self.folder / "output") if row["value"] == "nan"]
        self.assertEqual({row["category"] for row in missing}, {"fabric"})
        self.assertFalse([row for row in missing if row["metric"].startswith("I-")])
        self.assertTrue(all("mask" in row["reason"] for row in missing))

    def test_output_or_store_that_cannot_be_written(self):
        (self.folder / "file").write_text("in the way")
        for output, store in (("file/output", "store"), ("output", "file/store")):
            self.refuse(self.sweep(*QUICK, output=output, store=store, check=False, ranks=2),
                        self.folder / "file", "choose another folder")
        self.refuse(self.sweep(*QUICK, output="/proc/patchead", check=False), "/proc/patchead")

    def test_a_read_only_output(self):
        read_only = self.folder / "read-only"
        read_only.mkdir()
        try:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", read_only], check=True,
                           capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("mounting a read-only folder needs root")
        self.addCleanup(subprocess.run, ["umount", read_only])
        self.refuse(self.sweep(*QUICK, output="read-only/output", check=False),
                    read_only, "Read-only file system")

    def test_damaged_artifacts_are_never_used(self):
        self.sweep(*QUICK)
        expected = files(self.folder / "output/tables")
        for kind in "features", "match", "result":
            artifact = sorted((self.folder / "store" / kind).rglob("*.h5"))[0]
            content = bytearray(artifact.read_bytes())
            for dependent in {"features": ("match", "result"), "match": ("result",)}.get(kind, ()):
                shutil.rmtree(self.folder / "store" / dependent)
            content[len(content) // 2] ^= 0xFF
            artifact.write_bytes(bytes(content))
            done = self.sweep(*QUICK, check=False)
            self.assertEqual(done.returncode, 0, "made again in the same run: " + done.stderr)
            self.assertEqual(files(self.folder / "output/tables"), expected, kind)

    def test_a_truncated_artifact_is_never_used(self):
        self.sweep(*QUICK)
        expected = files(self.folder / "output/tables")
        for artifact in sorted((self.folder / "store/result").rglob("*.h5")):
            artifact.write_bytes(artifact.read_bytes()[:1000])
        self.sweep(*QUICK)
        self.assertEqual(files(self.folder / "output/tables"), expected)

    def test_no_temporary_file_is_left(self):
        self.sweep(*QUICK, ranks=2)
        left = [p for p in pathlib.Path(self.folder).rglob("*.tmp.*")]
        self.assertEqual(left, [])

    def test_help_of_every_command(self):
        for command in ("sweep", "ablate", "report", "demo-data", "inspect", "verify", "doctor"):
            done = patchead(command, "--help")
            self.assertIn(f"usage: patchead {command}", done.stdout)
            self.assertIn("--config", done.stdout)
            self.assertIn(command, patchead("--help").stdout)


def gray_png(width, height):
    """A valid 8-bit gray PNG, all zero."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * ((width + 1) * height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) +
            chunk(b"IEND", b""))


if __name__ == "__main__":
    main()
