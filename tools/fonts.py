# /// script
# dependencies = ["fonttools", "brotli", "ziamath"]
# ///
"""Cut the fonts of the book's web site to the characters that it uses.

    npm install --prefix FOLDER --ignore-scripts @fontsource-variable/source-serif-4 \
        @fontsource/stix-two-math
    uv run tools/fonts.py FOLDER/node_modules

Writes ``docs/_static/fonts``: Source Serif 4 (roman, semibold and italic), its letters of European
names, and STIX Two Math, with their licences. ``docs/_static/fonts.css`` says which characters are
in which file; the ranges below are the same. The book has no Greek outside of
formulas. Needs fonttools and brotli, and ziamath, which has STIX Two Math with its primes;
``uv run`` installs them for this one run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "docs" / "_static" / "fonts"
SERIF = Path("@fontsource-variable/source-serif-4")
MATH = Path("@fontsource/stix-two-math")
#: ASCII, Latin-1, punctuation, the minus.
LATIN = "U+20-7E,U+A0-FF,U+131,U+2BC,U+2C6,U+2DA,U+2DC,U+2010-2027,U+2030,U+2032-2033,U+2212"
#: Letters of European names, in the bibliography.
EUROPEAN = "U+100-130,U+132-17F,U+218-21B"
#: Accents, Greek, letters of other alphabets, operators, arrows, brackets, and the letters that
#: MathML makes of them: bold, italic, double-struck.
MATHEMATICS = (
    "U+20-7E,U+A0-B7,U+D7,U+F7,U+2C6-2DD,U+300-338,U+391-3F5,U+2016-2026,U+2032-2034,U+2061-2064,"
    "U+20D7,U+2102,U+2110-2115,U+211A-211D,U+2124,U+2190-2199,U+21A6,U+21D0-21D4,U+2200-222B,"
    "U+2234-224D,U+2260-2293,U+2295-2299,U+22A4-22A5,U+22C0-22C5,U+2308-230B,U+23DE-23DF,"
    "U+27E8-27E9,U+27F5-27FA,U+1D400-1D467,U+1D538-1D550,U+1D6FC-1D71B"
)
#: A browser without the large forms of these for exponents shows the small ones, and smaller.
PRIMES = (0x2032, 0x2033, 0x2034)
#: ``ssty`` and ``dtls`` are the primes of exponents and the letters without a dot below a hat.
OPTIONS = (
    "--flavor=woff2",
    "--no-hinting",
    "--desubroutinize",
    "--layout-features+=ssty,dtls",
)


class Cut(NamedTuple):
    """A file to write."""

    name: str
    source: Path
    characters: str
    #: The weight of a variable font. A variable one would be in a PDF as drawings of its letters.
    axis: str = ""


ROMAN = SERIF / "files/source-serif-4-latin-wght-normal.woff2"
CUTS = (
    Cut("serif.woff2", ROMAN, LATIN, axis="wght=400"),
    Cut("serif-bold.woff2", ROMAN, LATIN, axis="wght=600"),
    Cut(
        "serif-italic.woff2",
        SERIF / "files/source-serif-4-latin-wght-italic.woff2",
        LATIN,
        axis="wght=400",
    ),
    Cut(
        "serif-european.woff2",
        SERIF / "files/source-serif-4-latin-ext-wght-normal.woff2",
        EUROPEAN,
        axis="wght=400",
    ),
    Cut("math.woff2", Path(), MATHEMATICS),  # see mathematical()
)
LICENCES = {"serif-LICENSE.txt": SERIF / "LICENSE", "math-LICENSE.txt": MATH / "LICENSE"}


def fonttools(*arguments: str) -> None:
    """Run a program of fonttools."""
    subprocess.run([sys.executable, "-m", "fontTools", *arguments], check=True)


def mathematical(folder: Path) -> Path:
    """Return STIX Two Math with the forms of exponents for primes alone: of letters they are heavy.

    They are put into all scripts, since Chromium does not shape formulas as those of mathematics.
    """
    spec = find_spec("ziamath")
    assert spec
    assert spec.origin
    font = TTFont(Path(spec.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf")
    primes = {font.getBestCmap()[code] for code in PRIMES}
    table = font["GSUB"].table
    for number, record in enumerate(table.FeatureList.FeatureRecord):
        if record.FeatureTag != "ssty":
            continue
        for lookup in (table.LookupList.Lookup[index] for index in record.Feature.LookupListIndex):
            for part in (getattr(part, "ExtSubTable", part) for part in lookup.SubTable):
                forms = part.alternates
                part.alternates = {name: forms[name] for name in forms if name in primes}
        for script in table.ScriptList.ScriptRecord:
            features = script.Script.DefaultLangSys.FeatureIndex
            features += [number] if number not in features else []
    font.save(folder / "mathematical.ttf")
    return folder / "mathematical.ttf"


def write(cut: Cut, packages: Path, folder: Path) -> None:
    """Write the font that *cut* describes to *folder*."""
    source = mathematical(folder) if cut.name == "math.woff2" else packages / cut.source
    if cut.axis:
        narrowed = folder / "narrowed.ttf"
        fonttools("varLib.instancer", "--quiet", str(source), cut.axis, "-o", str(narrowed))
        source = narrowed
    written = FONTS / cut.name
    fonttools(
        "subset", str(source), f"--unicodes={cut.characters}", f"--output-file={written}", *OPTIONS
    )
    print(f"{written.relative_to(Path.cwd())}: {written.stat().st_size} bytes")


def main(packages: Path) -> None:
    """Write all fonts and their licences."""
    FONTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for cut in CUTS:
            write(cut, packages, Path(folder))
    for name, source in LICENCES.items():
        shutil.copy(packages / source, FONTS / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
