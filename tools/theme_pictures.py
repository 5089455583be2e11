"""Take a picture of a page with notes in each theme, for the manual.

    python tools/theme_pictures.py [THEME ...]

Needs Chromium, Pillow and the packages of the themes. Those that are not installed are named
and left out, and so are those that fail; their old pictures stay.
"""

from __future__ import annotations

import io
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


def main(names: list[str]) -> int:
    """Take the pictures of the themes with *names*, of all by default."""
    PICTURES.mkdir(exist_ok=True)
    missing = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in names or THEMES:
            try:
                take(browser, theme)
            except subprocess.CalledProcessError as error:
                missing.append(f"{theme}: {' '.join(error.stderr.split())[:200]}")
        browser.close()
    print("\n".join(["left out:", *missing] if missing else ["none is left out"]))
    return 0


def take(browser: Browser, theme: str) -> None:
    """Write the picture of *theme*."""
    source = (AUTHORING / "examples" / "margin-figure.md").read_text("utf-8")
    figure = source.partition("```{list-table}")[0].replace("parallax.*", "parallax.svg")
    settings = {"extensions": EXTENSIONS, "html_theme": theme, **SETTINGS, **NEEDS.get(theme, {})}
    with TemporaryDirectory() as folder:
        here = Path(folder)
        conf = "\n".join(f"{name} = {value!r}" for name, value in settings.items())
        (here / "conf.py").write_text(conf, "utf-8")
        (here / "index.md").write_text(PAGE + figure + END, "utf-8")
        shutil.copy(AUTHORING / "parallax.svg", here)
        # A process of its own: what a theme registers stays for the next ones.
        command = [sys.executable, "-m", "sphinx", "-q", folder, str(here / "html")]
        subprocess.run(command, capture_output=True, text=True, check=True)
        page = browser.new_page(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")
        page.route("http*://**", lambda route: route.abort())
        page.goto((here / "html" / "index.html").as_uri(), wait_until="load")
        page.evaluate("document.fonts.ready")
        shot = page.screenshot(animations="disabled", caret="hide")
        page.close()
    save(shot, PICTURES / f"{theme}.png")


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
