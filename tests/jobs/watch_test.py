"""`patchead score --watch`: nothing is lost, nothing is done twice, however it ends."""

import json
import os
import shutil
import signal

from support import DemoTest, main, patchead, start, wait_until

SIZE = ["--image-size", 64]


class Watch(DemoTest):
    def setUp(self):
        super().setUp()
        part = next(self.data.rglob("gelcap/train/good")).parents[1]
        self.photos = sorted((part / "test").rglob("*.png"))
        self.incoming, self.output = self.folder / "incoming", self.folder / "scored"
        self.incoming.mkdir()
        patchead("fit", "--normal", part / "train/good", "--output", self.folder / "model.h5", *SIZE)

    def watch(self, log="log"):
        process = start("score", "--model", self.folder / "model.h5", "--watch", self.incoming, "--output", self.output,
                        log=self.folder / log)
        self.addCleanup(process.kill)
        wait_until(lambda: "watching" in (self.folder / log).read_text(), process)
        return process

    def lines(self):
        path = self.output / "scores.jsonl"
        text = path.read_text() if path.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def put(self, photo, name):
        """As those do who know that somebody watches: under another name first."""
        shutil.copy(photo, self.incoming / f"{name}.part")
        os.replace(self.incoming / f"{name}.part", self.incoming / name)

    def test_killed_at_any_moment_it_loses_nothing_and_repeats_nothing(self):
        names = [f"{number:02}.png" for number in range(18)]
        process = self.watch("log0")
        for number, name in enumerate(names):
            self.put(self.photos[number % len(self.photos)], name)
            if number % 6 == 5:
                wait_until(lambda: len(self.lines()) >= number - 3, process)
                process.kill()
                process.wait()
                if number == 5:  # Half a line, as a full disk may leave one.
                    with open(self.output / "scores.jsonl", "a") as file:
                        file.write('{"path": "' + str(self.incoming))
                process = self.watch(f"log{number}")
        wait_until(lambda: len(self.lines()) >= len(names), process)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 0)
        found = self.lines()
        self.assertEqual(sorted(line["path"] for line in found), [str(self.incoming / name) for name in names])
        patchead("score", "--model", self.folder / "model.h5", "--images", self.incoming, "--output", self.folder / "once",
                 "--page", "no")
        once = {image["path"]: image for image in json.loads((self.folder / "once/scores.json").read_text())["images"]}
        for line in found:
            self.assertEqual({key: line[key] for key in once[line["path"]]}, once[line["path"]])
            self.assertTrue((self.output / line["heatmap"]).is_file())

    def test_broken_and_growing_files_stop_nothing(self):
        process = self.watch()
        whole = self.photos[0].read_bytes()
        (self.incoming / "broken.png").write_bytes(whole[:100])
        (self.incoming / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic")
        with open(self.incoming / "growing.png", "wb") as file:
            for at in range(0, len(whole), len(whole) // 4 + 1):
                file.write(whole[at:at + len(whole) // 4 + 1])
                file.flush()
                wait_until(lambda: True)
        self.put(self.photos[1], "whole.png")
        wait_until(lambda: len(self.lines()) >= 4, process)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 0)
        found = {os.path.basename(line["path"]): line for line in self.lines()}
        self.assertEqual(set(found), {"broken.png", "phone.heic", "growing.png", "whole.png"})
        self.assertIn("HEIC", found["phone.heic"]["error"])
        self.assertIn("damaged", found["broken.png"]["error"])
        self.assertGreater(found["growing.png"]["score"], 0)
        printed = [json.loads(line) for line in (self.folder / "log").read_text().splitlines() if line.startswith("{")]
        self.assertEqual(printed, self.lines())


if __name__ == "__main__":
    main()
