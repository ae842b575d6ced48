"""Chromium without a window."""

import contextlib
import pathlib
import shutil
import sys
import unittest

WINDOW = (1400, 1000)


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
