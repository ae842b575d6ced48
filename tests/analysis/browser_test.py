"""The HTML report in a browser: no errors, sorting, filtering, keyboard, and without scripts."""

import pathlib
import shutil
import tempfile

from browser import BrowserTest
from made_run import Made, make_report, write_paper, write_rivals, write_run, write_tables
from pages import pages
from support import main

MADE = Made(["bolt", "nut & co"], images=40)


class InBrowser(BrowserTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        run = pathlib.Path(tempfile.mkdtemp(prefix="patchead-browser-"))
        cls.addClassCleanup(shutil.rmtree, run, ignore_errors=True)
        write_run(run, MADE, side=64)
        write_tables(run, MADE)
        write_paper(run)
        write_rivals(run, MADE)
        make_report(run)
        cls.pages = run / "report"


class WithScripts(InBrowser):
    def test_pages_load_without_errors_and_from_the_folder_only(self):
        for page in pages(self.pages):
            self.open(page)
            self.wait_for("return [...document.images].every((i) => i.loading === 'lazy' || i.complete)")
            self.assertEqual(self.driver.get_log("browser"), [], page)
            loaded = self.run_script("return performance.getEntriesByType('resource').map((e) => e.name)")
            self.assertTrue(all(name.startswith(("file:", "data:")) for name in loaded), loaded)

    def test_nothing_is_cut_off_at_any_width(self):
        for width in (1400, 420):
            self.set_width(width)
            for page in pages(self.pages):
                self.open(page)
                self.assertEqual(self.cut_off(), [], f"{page} at {width} px")
                self.assertLessEqual(self.run_script("return document.documentElement.scrollWidth"), width, page)

    def test_a_column_head_sorts_up_and_down_by_mouse_and_by_key(self):
        from selenium.webdriver.common.keys import Keys
        self.open("tables.html")
        # Backbone and size are the same in all rows: setting, shots, modules, seeds, I-AUROC are left.
        column = "#summary_made tbody td:nth-child(4)"
        falling = self.texts(column)
        head = self.one("#summary_made th:nth-child(4)")
        button = head.find_element("css selector", "button")
        button.click()
        self.assertEqual((self.texts(column), head.get_attribute("aria-sort")), (falling, "descending"))
        self.run_script("arguments[0].focus()", button)
        self.press(Keys.ENTER)
        self.assertEqual((self.texts(column), head.get_attribute("aria-sort")), (falling[::-1], "ascending"))
        self.one("#summary_made th:nth-child(3) button").click()
        modules = self.texts("#summary_made tbody td:nth-child(3)")
        self.assertEqual(modules, sorted(modules), "texts rise first")
        self.assertIsNone(head.get_attribute("aria-sort"))

    def test_what_has_no_value_is_sorted_last_either_way(self):
        self.open("paper.html")
        for _ in range(2):
            self.one("#table1-0 thead tr:last-child th:nth-child(4) button").click()
            self.assertEqual(self.texts("#table1-0 tbody td:nth-child(4)"), ["90.0 ± 0.1 † (95.0; -5.0)", "–"])
        order = "return ['', '2', '10', 'b', 'a'].sort((a, b) => report.compare(a, b, arguments[0]))"
        self.assertEqual(self.run_script(order, 1), ["2", "10", "a", "b", ""])
        self.assertEqual(self.run_script(order, -1)[-1], "")

    def test_rows_of_a_table_can_be_filtered(self):
        self.open("tables.html")
        shown = "return [...document.querySelectorAll('#summary_made tbody tr')].filter((r) => !r.hidden).length"
        self.assertEqual(self.run_script(shown), 4)
        self.one("input[data-filters=summary_made]").send_keys("MASK few")
        self.assertEqual(self.run_script(shown), 1)

    def count(self):
        return self.one("#count").text

    def test_maps_are_filtered_by_category_type_and_label(self):
        self.open("maps.html")
        # 8 of 40 images are on the wrong side of 80 % of the others, and most others of those 8.
        self.assertEqual(self.count(), "68 of 80 images")
        self.select("kind", "all")
        self.assertEqual(self.count(), "80 of 80 images")
        self.select("category", "bolt")
        self.assertEqual(self.count(), "40 of 80 images")
        self.select("type", "dent")
        self.assertEqual(self.count(), "10 of 80 images")
        self.assertTrue(all("bolt/test/dent" in name for name in self.texts(".card h4")))
        self.select("type", "all")
        self.select("kind", "false positives")
        self.assertTrue(all("/good/" in name for name in self.texts(".card h4")))
        self.select("kind", "false negatives")
        self.assertFalse(any("/good/" in name for name in self.texts(".card h4")))
        self.one("[name=text]").send_keys("015")
        self.assertEqual(self.texts(".card h4"), ["made · bolt/test/scratch/015"])

    def test_the_worst_come_first_and_other_orders_can_be_chosen(self):
        self.open("maps.html")
        share = [int(text.split(" % ")[0].split()[-1]) for text in self.texts(".card > p")]
        self.assertEqual(share, sorted(share, reverse=True))
        self.assertGreater(share[0], share[-1])
        self.select("kind", "all")
        self.select("order", "by name")
        names = self.texts(".card h4")
        self.assertEqual(names, [f"made · {id}" for id in sorted(MADE.ids("bolt"))[:24]])

    def test_each_image_shows_its_maps_and_truth(self):
        self.open("maps.html", "category=nut+%26+co&kind=all")
        self.wait_for("return document.querySelectorAll('.card .heat').length === 48")
        self.wait_for("const images = [...document.querySelectorAll('.card img')];"
                      "return images.every((image) => image.complete && image.naturalWidth > 0)")
        captions = self.texts(".card:first-child figcaption")
        self.assertRegex(" ".join(captions), r"^image (ground truth )?none · 0\.\d{3} mask · 0\.\d{3}$")
        self.select("group", "net, 224 px, 4-shot")
        self.wait_for("return document.querySelectorAll('.card .heat').length === 48")
        self.assertEqual(self.driver.get_log("browser"), [])

    def test_the_choice_is_in_the_address(self):
        self.open("maps.html", "category=bolt&kind=positive")
        self.assertTrue(all("bolt/test/good" in name for name in self.texts(".card h4")))
        self.select("kind", "normal")
        self.assertIn("kind=normal", self.driver.current_url)
        self.assertIn("category=bolt", self.driver.current_url)

    def test_the_keyboard_moves_enlarges_and_turns_pages(self):
        from selenium.webdriver.common.keys import Keys
        self.open("index.html")
        self.press(Keys.TAB)
        self.assertEqual(self.run_script("return document.activeElement.className"), "skip")
        self.open("maps.html", "kind=all")
        place = "return [...document.querySelectorAll('.card')].indexOf(document.activeElement)"
        self.run_script("document.querySelector('.card').focus()")
        self.press(Keys.ARROW_RIGHT)
        self.assertEqual(self.run_script(place), 1)
        self.press(Keys.ARROW_DOWN, Keys.ARROW_LEFT)
        style = "getComputedStyle(document.getElementById('cards')).gridTemplateColumns"
        columns = self.run_script(f"return {style}.split(' ').length")
        self.assertEqual(self.run_script(place), columns)
        self.wait_for("return document.activeElement.querySelector('.heat') !== null")
        name = self.run_script("return document.activeElement.querySelector('h4').textContent")
        self.press(Keys.ENTER)
        self.assertTrue(self.run_script("return document.getElementById('large').open"))
        self.assertEqual(self.texts("dialog h4"), [name])
        self.press(Keys.ESCAPE)
        self.assertFalse(self.run_script("return document.getElementById('large').open"))
        self.assertEqual(self.run_script(place), columns, "the focus is where it was")
        self.press(Keys.PAGE_DOWN)
        self.assertEqual(self.texts("#pager span"), ["page 2 of 4"])
        self.assertNotIn(name, self.texts(".card h4"))


class WithoutScripts(InBrowser):
    scripts = False

    def test_tables_and_the_worst_images_can_be_read(self):
        self.open("categories/made/bolt.html")
        self.assertEqual(self.all("th button"), [], "no scripts ran")
        self.assertIn("82.1 ± 1.8", self.one("main").text)
        self.assertIn("Worst false negatives", self.one("main").text)
        self.assertGreater(len(self.all(".card .heat")), 8)
        self.assertGreater(int(self.one(".card .heat").get_property("naturalWidth")), 0)

    def test_the_browser_of_maps_says_where_to_look_instead(self):
        self.open("maps.html")
        self.assertIn("needs scripts", self.one("main").text)
        self.assertFalse(self.one("#filters").is_displayed())


if __name__ == "__main__":
    main()
