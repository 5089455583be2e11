"""Take the picture of the essay for the README, and those of an imported page for its docs.

    python tools/picture.py [essay] [import]

Needs Chromium, and for the essay the built book (make html).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pypandoc
from playwright.sync_api import Page, sync_playwright

from marginalia_import.importer import Options, import_site

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ESSAY = ROOT / "_site" / "html" / "field-assessment.html"
PICTURE = ROOT / "docs" / "figures" / "essay.png"
OLD_SITE = ROOT / "tests" / "importer" / "sites" / "tufte-html"
IMPORTED = ROOT / "docs" / "authoring"

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
#: How Tufte CSS looks, in a few lines; the example site names the style sheet and has none.
OLD_STYLE = """
  body { width: 87.5%; padding-left: 12.5%; font-family: et-book, Palatino, Georgia, serif;
         background: #fffff8; color: #111; counter-reset: sidenote; margin: 0; line-height: 2rem }
  h1, h2 { font-weight: 400; font-style: italic } h1 { font-size: 2.6rem }
  article > section > * { width: 55% } .marginnote, .sidenote { float: right; clear: right;
    width: 50%; margin-right: -60%; font-size: 0.9rem; line-height: 1.3; position: relative }
  .sidenote-number { counter-increment: sidenote } input { display: none }
  .sidenote-number::after, .sidenote::before { content: counter(sidenote); font-size: 0.8rem;
    position: relative; top: -0.5rem; padding-right: 0.2rem }
  label:not(.sidenote-number) { display: none }
  .newthought { font-variant: small-caps; font-size: 1.2em } blockquote { font-style: italic }
  .epigraph footer { text-align: right; font-style: normal } figure { margin: 1rem 0 }
"""


@contextmanager
def browser_page(width: int, height: int) -> Iterator[Page]:
    """Open a page that reaches no other host.

    :raises SystemExit: there is no Chromium
    """
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("error: chromium is missing. On Debian and Ubuntu: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        size = {"width": width, "height": height}
        page = browser.new_page(viewport=size, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
        page.route("http*://**", lambda route: route.abort())
        yield page
        browser.close()


def take(page: Page, picture: Path) -> None:
    """Write what the page shows."""
    page.wait_for_timeout(500)  # a theme marks the current section when it has been scrolled
    page.screenshot(path=picture, animations="disabled", caret="hide")
    print(f"{picture} has {picture.stat().st_size // 1000} kB")


def take_essay() -> None:
    """Take the picture of the essay."""
    if not ESSAY.exists():
        sys.exit("error: the book is not built yet. Run: make html")
    with browser_page(1440, 900) as page:
        page.goto(ESSAY.as_uri())
        page.evaluate("document.fonts.ready")
        page.evaluate(
            """id => scrollTo({
              top: document.getElementById(id).getBoundingClientRect().top - 24,
              behavior: "instant",
            })""",
            TOP,
        )
        take(page, PICTURE)


def take_import() -> None:
    """Take a page of the example site of Tufte CSS, and the same page when it is imported."""
    with tempfile.TemporaryDirectory() as folder, browser_page(1200, 280) as page:
        new, out = Path(folder) / "new", Path(folder) / "out"
        import_site(Options(OLD_SITE, new, project=True))
        with (new / "conf.py").open("a", encoding="utf-8") as conf:
            conf.write('extensions += ["sphinx_marginalia.mathml"]\n')  # formulas without scripts
        subprocess.run([sys.executable, "-m", "sphinx", "-q", new, out], check=True)
        old = (OLD_SITE / "lamps.html").read_text("utf-8")
        old = re.sub(r"\\\((.*?)\\\)", lambda match: formula(match[1]), old)
        page.set_content(old.replace("<style>", f"<style>{OLD_STYLE}"))
        take(page, IMPORTED / "import-before.png")
        page.goto((out / "lamps.html").as_uri())
        take(page, IMPORTED / "import-after.png")


def formula(tex: str) -> str:
    """Return a formula in MathML, which the old site left to a script."""
    html = pypandoc.convert_text(f"${tex}$", "html", "markdown", extra_args=["--mathml"])
    return str(html).removeprefix("<p>").removesuffix("</p>\n")


PICTURES = {"essay": take_essay, "import": take_import}


def main() -> int:
    """Take the pictures that are named, or all."""
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("picture", nargs="*", choices=[*PICTURES, []], help="by default all")
    for name in parser.parse_args().picture or PICTURES:
        PICTURES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
