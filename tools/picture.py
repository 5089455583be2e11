"""Take the picture of the essay for the README.

    python tools/picture.py

Needs the built book (make html) and Chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "_site" / "html" / "field-assessment.html"
PICTURE = ROOT / "docs" / "figures" / "essay.png"

# Nothing that differs from run to run: no other host, no animation, no marks of the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]
#: What stands at the top of the picture: from here on there are notes and a formula.
TOP = "key-idea-superposition"


def main() -> int:
    """Take the picture, or say what is missing."""
    chromium = shutil.which("chromium")
    if not chromium:
        print("error: chromium is missing. On Debian and Ubuntu: apt install chromium")
        return 1
    if not PAGE.exists():
        print("error: the book is not built yet. Run: make html")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(
            viewport={"width": 1440, "height": 900}, color_scheme="light", reduced_motion="reduce"
        )
        page.route("http*://**", lambda route: route.abort())
        page.goto(PAGE.as_uri())
        page.evaluate("document.fonts.ready")
        page.evaluate(
            """id => scrollTo({
              top: document.getElementById(id).getBoundingClientRect().top - 24,
              behavior: "instant",
            })""",
            TOP,
        )
        page.wait_for_timeout(500)  # a theme marks the current section when it has been scrolled
        page.screenshot(path=PICTURE, animations="disabled", caret="hide")
        browser.close()
    print(f"{PICTURE} has {PICTURE.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
