"""Take a picture of a page with notes in each theme, for the manual.

    python tools/theme_pictures.py [--review FOLDER] [THEME ...]

Needs Chromium, Pillow and the packages of the themes. Those that are not installed are named
and left out, and so are those that fail; their old pictures stay.

With ``--review`` the whole page is put into FOLDER instead, for a desk, a tablet and a phone, light
and dark, with all that is folded open. Look at them before a release: does anything overlap, is
anything cut, twice, or too faint to read? A theme without a dark mode has two equal pictures.
"""

from __future__ import annotations

import argparse
import io
import itertools
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

from sphinx_marginalia.testing import EXTENSIONS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AUTHORING = Path(__file__).parent.parent / "docs" / "authoring"
PICTURES = AUTHORING / "themes"
#: The themes of other packages, those that come with Sphinx, and what only one of them needs.
THEMES = (
    *("alabaster", "furo", "pydata_sphinx_theme", "sphinx_book_theme", "sphinx_rtd_theme"),
    *("sphinx_immaterial", "shibuya", "sphinxawesome_theme", "piccolo_theme"),
    *("sphinx_wagtail_theme", "basic", "bizstyle", "classic", "nature", "pyramid", "scrolls"),
    *("traditional", "agogo", "haiku", "sphinxdoc"),
)
NEEDS: dict[str, dict[str, Any]] = {
    "sphinx_rtd_theme": {"extensions": (*EXTENSIONS, "sphinx_rtd_theme")},
    "sphinx_immaterial": {
        "extensions": (*EXTENSIONS, "sphinx_immaterial"),
        "html_theme_options": {"font": False},  # It would ask Google for its fonts.
    },
    "sphinx_wagtail_theme": {"extensions": (*EXTENSIONS, "sphinx_wagtail_theme")},
}
SETTINGS = {"project": "Stars", "author": "Ada", "html_title": "Stars", "html_permalinks": False}
PAGE = """# How far away are the stars?

In 1838 Bessel measured the distance of a star.{sidenote}`It was 61 Cygni, a faint star that
moves faster than most.` For three centuries nobody could, and the silence of the sky was an
argument against Copernicus: either the Earth stands still, or the stars are farther away than
anybody could imagine. They were.{sidenote}`Tycho Brahe called such distances absurd.`

"""
END = """
## What came next

Each method measures where the one before ends.{sidenote}`So a mistake in the first is in all.` \
Distances of galaxies rest on those of stars, and these on the orbit of the Earth.

- Pulsating stars are known by their periods.
- Exploding stars are seen across half the universe.{sidenote}`Fainter than expected.`
"""
WINDOW = {"width": 1440, "height": 900}
SIZE, COLOURS, LARGEST = (560, 350), 64, 25_000
#: What a review looks at, and how: some themes follow the system, some an attribute or a class.
WIDTHS, LIGHTS = (1440, 1024, 390), ("light", "dark")
PREPARE = """light => {
  document.documentElement.dataset.theme = light
  document.documentElement.classList.toggle("dark", light === "dark")
  for (const block of document.querySelectorAll("details")) block.open = true
  for (const mark of document.querySelectorAll("a.marginalia-note-mark[aria-expanded=false]"))
    if (mark.checkVisibility()) mark.click()
}"""


def main(argv: list[str]) -> int:
    """Take the pictures of the themes that are named, of all by default."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("themes", nargs="*", default=THEMES)
    parser.add_argument("--review", type=Path, help="put the whole page in this folder")
    arguments = parser.parse_args(argv)
    (arguments.review or PICTURES).mkdir(parents=True, exist_ok=True)
    missing = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in arguments.themes:
            try:
                take(browser, theme, arguments.review)
            except subprocess.CalledProcessError as error:
                missing.append(f"{theme}: {' '.join(error.stderr.split())[:200]}")
        browser.close()
    print("\n".join(["left out:", *missing] if missing else ["none is left out"]))
    return 0


def take(browser: Browser, theme: str, review: Path | None) -> None:
    """Write the picture of *theme* for the manual, or all of them to the folder *review*."""
    with TemporaryDirectory() as folder:
        page = build(Path(folder), theme)
        if review is None:
            save(shoot(browser, page), PICTURES / f"{theme}.png")
            return
        for width, light in itertools.product(WIDTHS, LIGHTS):
            shot = shoot(browser, page, width=width, light=light, whole=True)
            (review / f"{theme}-{width}-{light}.png").write_bytes(shot)


def build(folder: Path, theme: str) -> Path:
    """Build the page in *theme*, and return its file."""
    source = (AUTHORING / "examples" / "margin-figure.md").read_text("utf-8")
    figure = source.partition("```{list-table}")[0].replace("parallax.*", "parallax.svg")
    settings = {"extensions": EXTENSIONS, "html_theme": theme, **SETTINGS, **NEEDS.get(theme, {})}
    conf = "\n".join(f"{name} = {value!r}" for name, value in settings.items())
    (folder / "conf.py").write_text(conf, "utf-8")
    (folder / "index.md").write_text(PAGE + figure + END, "utf-8")
    shutil.copy(AUTHORING / "parallax.svg", folder)
    # A process of its own: what a theme registers stays for the next ones.
    command = [sys.executable, "-m", "sphinx", "-q", str(folder), str(folder / "html")]
    subprocess.run(command, capture_output=True, text=True, check=True)
    return folder / "html" / "index.html"


def shoot(
    browser: Browser, file: Path, *, width: int = 1440, light: str = "light", whole: bool = False
) -> bytes:
    """Return a picture of the page, or of all that it contains if *whole*."""
    window: Any = {**WINDOW, "width": width}
    scheme: Any = light
    page = browser.new_page(viewport=window, color_scheme=scheme, reduced_motion="reduce")
    page.route("http*://**", lambda route: route.abort())
    page.goto(file.as_uri(), wait_until="load")
    page.evaluate("document.fonts.ready")
    if whole:
        page.evaluate(PREPARE, light)
    shot = page.screenshot(animations="disabled", caret="hide", full_page=whole)
    page.close()
    return shot


def save(shot: bytes, file: Path) -> None:
    """Write *shot* smaller, with as many colours as keep the file small."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    colours = COLOURS
    while True:
        picture.quantize(colours, Image.Quantize.MAXCOVERAGE).save(file, optimize=True)
        if file.stat().st_size <= LARGEST or colours <= 4:
            break
        colours //= 2
    print(f"{file.name} has {file.stat().st_size / 1000:.0f} kB and {colours} colours")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
