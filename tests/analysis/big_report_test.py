"""A report of thousands of images with four maps each: its size, and how long it takes to open."""

import sys
import time
import unittest

from browser import address, browser, require_browser
from made_run import Made, make_report, write_maps, write_results
from pages import pages
from support import FolderTest, files, main


CATEGORIES, EACH = 6, 400  # More images than a page may have elements.


class BigReport(FolderTest):
    def test_it_stays_small_and_opens_at_once(self):
        made = Made([f"category{i:02}" for i in range(CATEGORIES)], images=EACH, seeds=(0,), grid=32)
        write_results(self.folder, made)
        write_maps(self.folder, made)
        make_report(self.folder)
        report = self.folder / "report"
        sizes = {name: len(data) for name, data in files(report).items()}
        images = CATEGORIES * EACH
        print(f"report of {images} images: {sum(sizes.values()) / 1e6:.0f} MB in {len(sizes)} files", file=sys.stderr)
        self.assertEqual(sum(name.startswith("thumbnails/") for name in sizes), images)
        self.assertLess(sum(sizes.values()), 30e6 + images * 17e3)
        found = pages(report)
        for name in "index.html", "maps.html":
            self.assertLess(found[name].elements, 1500, name)
        self.assertLess(sizes["maps/index.js"], images * 200, "read before the first image is shown")
        self.assertLess(max(size for name, size in sizes.items() if name.startswith("maps/made")), 3e5)
        self.open(report)

    def open(self, report):
        """Prints times, which depend on the machine, and asserts what bounds them."""
        try:
            require_browser()
        except unittest.SkipTest:
            return
        with browser() as driver:
            driver.get("about:blank")
            for page, ready in (("index.html", "return document.readyState === 'complete'"),
                                ("maps.html", "return document.querySelectorAll('.card .heat').length >= 48")):
                start = time.monotonic()
                driver.get(address(report, page))
                while not driver.execute_script(ready):
                    time.sleep(0.01)
                print(f"{page} opens in {time.monotonic() - start:.2f} s", file=sys.stderr)
                self.assertEqual(driver.get_log("browser"), [])
            self.assertLess(driver.execute_script("return document.querySelectorAll('*').length"), 1500)
            self.assertLess(driver.execute_script("return performance.getEntriesByType('resource').length"), 200)


if __name__ == "__main__":
    main()
