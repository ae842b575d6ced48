"""The page of `patchead score`: what it says, and how it is used by mouse, keyboard and without scripts."""

import json
import pathlib
import re
import shutil
import sys
import tempfile
import time

from browser import BrowserTest
from made_scores import FOLDER, NORMALS, make_page, name_of, score_of, write_scores
from pages import Page, broken_links
from support import FolderTest, files, main

COUNT = 150
HOSTILE = ["<script>alert(1)</script>.png", "\"><img src=x onerror=alert(2)>.jpg", "it's & \"so\" <b>.bmp",
           "<!--<script>.png", "日本語 ünïcode ☃.tiff", "a%2Fb?c#d;e.png", "javascript:alert(3)",
           "x" * 150 + ".png", "line\nbreak\u2028.png", "{{ 7 * 7 }}.png"]
FAILED = [("broken <b>.jpg", "it cannot be decoded (it ends too early); take the photo again"),
          ("phone.heic", "HEIC is not read here; save it as JPEG or PNG")]
SCORES = sorted((score_of(i) for i in range(COUNT)), reverse=True)
DEFECTS = sum(score > 0.4 for score in SCORES)


class OnPaper(FolderTest):
    """What needs no browser."""

    def test_it_is_one_file_that_loads_pictures_beside_it_only(self):
        make_page(write_scores(self.folder, 20, HOSTILE, failed=FAILED))
        self.assertEqual(broken_links(self.folder), [])
        page = Page(self.folder / "index.html")
        self.assertEqual(page.lang, "en")
        self.assertEqual(len(page.ids), len(set(page.ids)))
        text = (self.folder / "index.html").read_text(encoding="utf-8")
        self.assertIsNone(re.search(r"https?://|fetch\(|XMLHttpRequest|@import", text))
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text).group(1)
        self.assertIn("default-src &#39;none&#39;", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn("<script>alert", text)
        self.assertIn(FAILED[1][1], page.text)
        self.assertIn(f"In {FOLDER}", page.text, "said once, and left out of names")
        self.assertEqual(text.count(FOLDER), 1)

    def test_the_old_page_stays_until_the_new_one_is_whole(self):
        make_page(write_scores(self.folder, 3))
        before = (self.folder / "index.html").read_bytes()
        for damage in '{"version": 1', "[]", '{"version": 2}', '{"version": 1, "images": [{}]}', '"', "null":
            (self.folder / "scores.json").write_text(damage)
            done = make_page(self.folder, check=False)
            self.assertEqual(done.returncode, 1, damage)
            self.assertRegex(done.stderr, r"^make_score_page: '.*scores\.json' is .* run `patchead score` .*again\n$")
        (self.folder / "scores.json").unlink()
        self.assertRegex(make_page(self.folder, check=False).stderr, "^make_score_page: cannot read .*scores.json")
        self.assertEqual((self.folder / "index.html").read_bytes(), before)
        self.assertFalse([name for name in files(self.folder) if ".tmp" in name])

    def test_an_image_without_a_score_is_one_that_failed(self):
        write_scores(self.folder, 4)
        content = json.loads((self.folder / "scores.json").read_text())
        content["images"][2]["score"] = None
        (self.folder / "scores.json").write_text(json.dumps(content))
        make_page(self.folder)
        text = Page(self.folder / "index.html").text
        self.assertIn("3 images scored, 1 not", text)
        self.assertIn("its score is not a number", text)

    def test_nothing_scored_is_said(self):
        make_page(write_scores(self.folder, 0, failed=FAILED, normals=()))
        self.assertIn("0 images scored, 2 not", Page(self.folder / "index.html").text)


class InBrowser(BrowserTest):
    arguments = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pages = pathlib.Path(tempfile.mkdtemp(prefix="patchead-scores-"))
        cls.addClassCleanup(shutil.rmtree, cls.pages, ignore_errors=True)
        write_scores(cls.pages, **{"count": COUNT, "failed": FAILED, "notes": ["A note <of> the program."], **cls.arguments})
        make_page(cls.pages)

    def setUp(self):
        self.open("index.html")
        self.addCleanup(lambda: self.assertEqual(self.driver.get_log("browser"), []))

    def scores(self):
        return [float(text) for text in self.texts("#cards b")]

    def show(self, value):
        self.one(f"[name=show][value={value}]").click()

    def expect_focus(self, wanted, why=None):
        """What follows a key may come a moment after it: a dialog that closes hands the focus back in its own time."""
        from selenium.common.exceptions import TimeoutException
        now = "return document.activeElement.title || document.activeElement.id"
        try:
            self.wait_for(now.replace("return", "return (") + ") === arguments[0]", wanted)
        except TimeoutException:
            self.assertEqual(self.run_script(now), wanted, why)


class WithScripts(InBrowser):
    def test_the_highest_scores_come_first_and_other_orders_can_be_chosen(self):
        self.assertEqual(self.scores(), [float(f"{score:.5g}") for score in SCORES[:60]])
        self.select("order", "lowest score first")
        self.assertEqual(self.scores()[0], float(f"{SCORES[-1]:.5g}"))
        self.select("order", "by name")
        self.assertEqual(self.texts("#cards .name")[:3], [name.split("/")[1] for name in sorted(map(name_of, range(COUNT)))[:3]])
        self.select("order", "nearest to the threshold first")
        nearest = sorted(SCORES, key=lambda score: abs(score - 0.4))
        self.assertEqual(self.scores()[:5], [float(f"{score:.5g}") for score in nearest[:5]])

    def test_the_verdicts_at_the_models_threshold_are_those_of_the_program(self):
        said = [image["verdict"] for image in json.loads((self.pages / "scores.json").read_text())["images"]]
        self.assertEqual(self.texts("#verdicts .verdict"), [f"{said.count('defect')} defect", f"{said.count('ok')} ok"])
        self.assertEqual(self.texts("#filters fieldset span"), [str(COUNT), str(DEFECTS), str(COUNT - DEFECTS), "2"])
        self.assertTrue(self.one("#source").text.endswith("max"))

    def test_the_slider_counts_anew_by_keys_and_its_line_can_be_put_back(self):
        from selenium.webdriver.common.keys import Keys
        slider = self.one("#slider")
        before = self.one("#mark").get_attribute("transform")
        slider.send_keys(*[Keys.ARROW_RIGHT] * 3)
        line = float(self.one("#number").get_attribute("value"))
        self.assertGreater(line, 0.4)
        self.assertNotEqual(self.one("#mark").get_attribute("transform"), before)
        slider.send_keys(Keys.HOME)
        self.wait_for(f"return document.querySelector('#verdicts').textContent === '{COUNT} defect 0 ok'.replace(' 0', '0')")
        self.assertIn(f"{COUNT} defect", slider.get_attribute("aria-valuetext"))
        slider.send_keys(Keys.END)
        self.wait_for("return document.querySelector('#verdicts').textContent.startsWith('0 defect')")
        self.assertEqual(set(self.texts("#cards .verdict")), {"ok"})
        self.assertIn("line=", self.driver.current_url)
        self.one("#reset").click()
        self.wait_for(f"return document.querySelector('#verdicts').textContent.startsWith('{DEFECTS} defect')")
        self.expect_focus("slider")
        self.assertNotIn("line=", self.driver.current_url)

    def test_a_threshold_can_be_typed(self):
        number = self.one("#number")
        number.clear()
        number.send_keys("0.5")
        above = sum(score > 0.5 for score in SCORES)
        self.wait_for(f"return document.querySelector('#verdicts').textContent.startsWith('{above} defect')")
        self.show("high")
        self.assertEqual(self.one("#count").text, f"{above} of {COUNT} images")
        self.assertGreater(min(self.scores()), 0.5)

    def test_images_are_filtered_by_verdict_and_name_and_failed_files_say_why(self):
        self.show("high")
        self.assertEqual(len(self.scores()), DEFECTS)
        self.show("low")
        self.assertEqual(self.one("#count").text, f"{COUNT - DEFECTS} of {COUNT} images")
        self.one("[name=text]").send_keys("PART_0000")
        self.assertEqual(len(self.scores()), sum(score_of(i) <= 0.4 for i in range(10)))
        self.driver.get(self.driver.current_url)
        self.driver.refresh()
        self.assertEqual(len(self.scores()), sum(score_of(i) <= 0.4 for i in range(10)), "the choice is in the address")
        self.show("failed")
        self.assertFalse(self.one("#cards").is_displayed())
        self.assertEqual(self.texts("#failed tbody td"), [text for file in FAILED for text in file])

    def test_a_heat_map_lies_over_its_image_when_one_points_at_it(self):
        from selenium.webdriver import ActionChains
        self.assertEqual(self.all("#cards .heat"), [], "none is loaded unasked")
        ActionChains(self.driver).move_to_element(self.one("#cards button")).perform()
        self.wait_for("const h = document.querySelector('#cards .heat'); return h && h.naturalWidth > 0 && "
                      "getComputedStyle(h).opacity === '1'")
        image, heat = self.run_script("return [...document.querySelectorAll('#cards li:first-child img')].map((e) => "
                                      "[...['left', 'top', 'right', 'bottom'].map((n) => e.getBoundingClientRect()[n])])")
        width = image[2] - image[0]
        for side, expected in zip(heat, [image[0] - width, *image[1:]]):
            self.assertAlmostEqual(side, expected, delta=0.5, msg="its right half is the map")
        self.one("[name=heat]").click()
        self.wait_for("return document.querySelectorAll('#cards .heat').length === 60")

    def test_the_keyboard_moves_enlarges_and_turns_pages(self):
        from selenium.webdriver.common.keys import Keys
        self.press(Keys.TAB)
        self.assertEqual(self.run_script("return document.activeElement.className"), "skip")
        self.press(Keys.ENTER, Keys.TAB)
        order = [name_of(i) for i in sorted(range(COUNT), key=lambda i: -score_of(i))]
        self.expect_focus(order[0], "the skip link leads to the images")
        self.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT)
        self.expect_focus(order[1])
        self.press(Keys.ENTER)
        self.assertEqual(self.texts("dialog h2"), [order[1]])
        self.press(Keys.ARROW_RIGHT)
        self.assertEqual(self.texts("dialog h2"), [order[2]])
        self.assertIn("σ above normal", self.one("dialog").text)
        self.assertEqual(len(self.all("dialog .ring")), 2)
        self.press(Keys.ESCAPE)
        self.assertFalse(self.run_script("return document.getElementById('large').open"))
        self.expect_focus(order[2])
        self.press(Keys.PAGE_DOWN)
        self.expect_focus(order[60])
        self.press(Keys.SPACE)
        self.wait_for("return document.getElementById('large').open")
        self.press(Keys.ARROW_LEFT, Keys.ESCAPE)
        self.expect_focus(order[59], "on the page before")
        self.assertEqual(self.texts("#pager span"), ["page 1 of 3"])

    def test_everything_that_can_be_used_has_a_name(self):
        nameless = """return [...document.querySelectorAll("button, input, select, [tabindex='0']")].filter((e) =>
          !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length)).map((e) => e.outerHTML)"""
        self.assertEqual(self.run_script(nameless), [])
        label = self.one("#cards button").get_attribute("aria-label")
        self.assertRegex(label, r"^line 2/part_\d+\.jpg, defect, score 0\.\d+, \d\.\d σ above normal$")

    def test_nothing_is_cut_off_at_any_width(self):
        for width in (1400, 420):
            self.set_width(width)
            self.assertEqual(self.cut_off(), [], width)
            self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), width)
            self.one("#cards button").click()
            self.assertLessEqual(self.run_script("return document.getElementById('large').scrollWidth"), width)
            self.one("dialog .buttons button:last-child").click()


class HostileNames(InBrowser):
    arguments = {"count": 30, "names": HOSTILE, "failed": [(name, name) for name in HOSTILE], "notes": HOSTILE}

    def test_names_are_shown_as_they_are_and_run_nothing(self):
        titles = self.run_script("return [...document.querySelectorAll('#cards button')].map((e) => e.title)")
        self.assertLessEqual(set(HOSTILE), set(titles))
        for place in range(30):
            self.run_script("document.querySelectorAll('#cards button')[arguments[0]].click()", place)
            self.assertEqual(self.run_script("return document.querySelector('dialog h2').textContent"), titles[place])
            self.run_script("document.getElementById('large').close()")
        self.assertEqual(self.run_script("return document.querySelectorAll('main b, img[src=x]').length"), 30)
        self.set_width(420)
        self.assertEqual(self.cut_off(), [])


class WithoutThreshold(InBrowser):
    arguments = {"threshold": None}

    def test_the_line_stands_at_the_highest_normal_score_and_is_no_verdict(self):
        self.assertEqual(float(self.one("#number").get_attribute("value")), max(NORMALS))
        above = sum(score > max(NORMALS) for score in SCORES)
        self.assertEqual(self.texts("#verdicts .verdict"), [f"{above} above the line", f"{COUNT - above} below the line"])
        text = self.one("main").text
        self.assertIn("No verdict.", text)
        self.assertNotIn(" ok", text.lower().replace("called a defect or ok", ""))


class WithoutNormals(InBrowser):
    arguments = {"threshold": None, "normals": (), "count": 41}

    def test_the_line_stands_at_the_median(self):
        median = sorted(score_of(i) for i in range(41))[20]
        self.assertAlmostEqual(float(self.one("#number").get_attribute("value")), median, delta=1e-5)
        self.assertIn("the median of these images", self.one("#no-verdict").text)


class WithoutScripts(InBrowser):
    scripts = False

    def test_the_highest_scores_and_failed_files_can_be_read(self):
        self.assertFalse(self.one("#filters").is_displayed())
        text = self.one("main").text
        self.assertIn(f"{DEFECTS} defect", text)
        self.assertIn(f"{SCORES[0]:.4f}", text)
        self.assertIn(FAILED[0][1], text)


class Many(InBrowser):
    arguments = {"count": 10000}

    def test_ten_thousand_images_are_a_page_that_stays_small(self):
        """Prints times, which depend on the machine, and asserts what bounds them."""
        self.assertLess((self.pages / "index.html").stat().st_size, 10000 * 200)
        self.assertLess(self.run_script("return document.querySelectorAll('*').length"), 1500)
        for what, script in (
                ("order by name", "document.querySelector('[name=order]').value = 'name';"
                                  "document.querySelector('[name=order]').dispatchEvent(new Event('change', {bubbles: true}))"),
                ("move the line", "const s = document.getElementById('slider'); s.value = 300;"
                                  "s.dispatchEvent(new Event('input', {bubbles: true}))")):
            start = time.monotonic()
            self.run_script(script)
            self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => setTimeout(done))")
            print(f"10,000 images: {what} in {1000 * (time.monotonic() - start):.0f} ms", file=sys.stderr)
        self.assertEqual(self.texts("#pager span"), ["page 1 of 167"])
        self.assertLess(self.run_script("return performance.getEntriesByType('resource').length"), 100)


if __name__ == "__main__":
    main()
