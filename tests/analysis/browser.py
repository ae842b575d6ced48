"""Chromium without a window."""

import contextlib
import pathlib
import shutil
import sys
import unittest

WINDOW = (1400, 1000)
# What is wider than the window must lie in something that scrolls; captions must not need it.
CUT_OFF = """return [...document.querySelectorAll("main *")].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width > 0 && box.right > innerWidth + 1 && (!e.closest(".scroll, .plot a, pre") || e.matches("caption span"));
}).map((e) => e.outerHTML.slice(0, 80))"""


def require_browser():
    """Skips the test, loudly, where Chromium or its driver are not installed."""
    try:
        import selenium  # noqa: F401
    except ImportError:
        missing = "python3-selenium"
    else:
        missing = next((name for name in ("chromium", "chromedriver") if shutil.which(name) is None), None)
    if missing:
        print(f"SKIPPED: {missing} is not installed (scripts/bootstrap)", file=sys.stderr)
        raise unittest.SkipTest(f"{missing} is not installed")


@contextlib.contextmanager
def browser(scripts=True):
    """A WebDriver; without `scripts`, pages may run none."""
    from selenium import webdriver
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--host-resolver-rules=MAP * ~NOTFOUND", f"--window-size={WINDOW[0]},{WINDOW[1]}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=webdriver.chrome.service.Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def address(report, page, fragment=""):
    return (pathlib.Path(report).resolve() / page).as_uri() + (f"#{fragment}" if fragment else "")


class BrowserTest(unittest.TestCase):
    """Pages below the folder `pages`, in one browser for all tests of the class."""

    scripts = True

    @classmethod
    def setUpClass(cls):
        require_browser()
        cls.driver = cls.enterClassContext(browser(cls.scripts))

    def open(self, page, fragment=""):
        self.driver.get("about:blank")
        self.driver.get(address(self.pages, page, fragment))

    def run_script(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def texts(self, selector):
        return self.run_script("const found = [...document.querySelectorAll(arguments[0])];"
                               "return found.map((element) => element.textContent.trim())", selector)

    def wait_for(self, script, *arguments):
        from selenium.webdriver.support.wait import WebDriverWait
        return WebDriverWait(self.driver, 10, 0.05).until(lambda _: self.run_script(script, *arguments), script)

    def press(self, *keys):
        from selenium.webdriver import ActionChains
        ActionChains(self.driver).send_keys(*keys).perform()

    def select(self, name, text):
        self.one(f"[name={name}] option").location_once_scrolled_into_view
        options = self.all(f"[name={name}] option")
        next(option for option in options if option.text == text).click()

    def set_width(self, width, height=900):
        """Until the test ends."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.addCleanup(self.driver.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})

    def cut_off(self):
        """What the window cuts off."""
        return self.run_script(CUT_OFF)
