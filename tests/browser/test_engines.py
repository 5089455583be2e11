"""What a reader meets in Firefox and in WebKit, the engine of Safari; all other tests use Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sphinx_marginalia.testing import build
from tests.browser.engines import Visit, firefox, webkit
from tests.browser.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "index.md": """\
# Wells

```{toctree}
ropes
```

Water lies deep,{sidenote}`Thirty fathoms.` and is cold. See {ref}`ropes <ropes>`.

::::{pause-and-think} How deep?

Count.

:::{discussion}
Thirty.
:::
::::
""",
    "ropes.md": """\
(ropes)=
# Ropes

A rope holds a bucket.

$$
\\hat{x} \\quad f' \\quad \\frac{a}{b} \\quad \\sqrt{y}
$$
""",
}
#: Says where an element is, in units of the size of its text.
BOX = """
const em = parseFloat(getComputedStyle(document.querySelector("math")).fontSize);
const box = element => {
  const {left, right, top, bottom} = element.getBoundingClientRect();
  return [left, right, top, bottom].map(each => each / em);
};
const parts = name => [...document.querySelector(`math ${name}`).children].map(box);
"""
WAIT = "const wait = time => new Promise(done => setTimeout(done, time));"
#: Each with the page, the width of the window, and the script.
VISITS = {
    "beside": ("index", 1440, """
        const note = document.querySelector(".marginalia-sidenote").getBoundingClientRect();
        const text = document.querySelector("article p, [role=main] p").getBoundingClientRect();
        return {gap: note.left - text.right, height: note.height};"""),
    "tap": ("index", 500, f"""{WAIT}
        const note = document.querySelector(".marginalia-sidenote");
        const seen = [note.getClientRects().length > 0];
        document.querySelector("a.marginalia-note-mark").click();
        await wait(500);
        return [...seen, note.getClientRects().length > 0];"""),
    "fold": ("index", 1440, f"""{WAIT}
        const fold = document.querySelector("details.marginalia-pause");
        const seen = [fold.querySelector("p").checkVisibility()];
        fold.querySelector("summary").click();
        await wait(500);
        return [...seen, fold.querySelector("p").checkVisibility()];"""),
    "formulas": ("ropes", 1440, f"""{BOX}
        return {{
          hat: parts("mover"), prime: parts("msup"), fraction: parts("mfrac"),
          root: [box(document.querySelector("msqrt")), ...parts("msqrt")],
        }};"""),
    "preview": ("index", 1440, f"""{WAIT}
        document.querySelector("article a[href$='ropes'], [role=main] p a[href*='ropes.html']").focus();
        for (let tries = 0; tries < 50; tries += 1) {{
          const card = document.querySelector(".marginalia-preview-card");
          if (card && card.checkVisibility()) return card.textContent;
          await wait(100);
        }}
        return "";"""),
    "script": ("index", 1440, "return performance.getEntriesByType('resource').map(one => one.name);"),
}  # fmt: skip


@pytest.fixture(scope="module", params=[firefox, webkit], ids=["Firefox", "WebKit"])
def seen(
    request: pytest.FixtureRequest,
    program: Callable[[str, str], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    """Return what each visit found."""
    extensions = ("myst_parser", "sphinx_marginalia", "sphinx_marginalia.mathml")
    built = build(
        PAGES,
        tmp_path_factory.mktemp("engines"),
        extensions=(*extensions, "sphinx_marginalia.previews"),
        html_theme="furo",
    )
    assert built.warnings == ""
    with served(built.out, "default-src 'self' 'unsafe-inline' 'unsafe-eval' data:") as host:
        visits = [
            Visit(f"{host}/{page}.html", width, script) for page, width, script in VISITS.values()
        ]
        return dict(zip(VISITS, request.param(visits, program), strict=True))


def test_a_note_is_beside_the_text(seen: dict[str, Any]) -> None:
    assert seen["beside"]["gap"] > 0
    assert seen["beside"]["height"] > 10


def test_on_a_phone_a_note_opens_at_its_mark(seen: dict[str, Any]) -> None:
    assert seen["tap"] == [False, True]


def test_a_fold_opens(seen: dict[str, Any]) -> None:
    assert seen["fold"] == [False, True]


def test_a_hat_is_above_the_middle_of_its_letter(seen: dict[str, Any]) -> None:
    letter, hat = seen["formulas"]["hat"]
    assert abs((letter[0] + letter[1]) / 2 - (hat[0] + hat[1]) / 2) < 0.2
    # Firefox's boxes of letters are as high as their line: middles are compared.
    assert hat[2] + hat[3] < letter[2] + letter[3] - 0.4


def test_a_prime_is_behind_and_above(seen: dict[str, Any]) -> None:
    letter, prime = seen["formulas"]["prime"]
    assert prime[0] >= letter[1] - 0.2
    assert prime[2] < letter[2] + 0.3
    assert prime[0] - letter[1] < 0.3


def test_a_fraction_is_two_lines_and_a_root_is_around_its_letter(seen: dict[str, Any]) -> None:
    above, below = seen["formulas"]["fraction"]
    assert above[3] <= below[2] + 0.2
    root, letter = seen["formulas"]["root"]
    assert root[0] < letter[0]
    assert root[2] <= letter[2]


def test_the_focus_opens_a_preview(seen: dict[str, Any]) -> None:
    assert "A rope holds a bucket." in seen["preview"]


def test_a_page_asks_its_own_host_only(seen: dict[str, Any]) -> None:
    assert seen["script"]
    assert all(name.startswith("http://127.0.0.1:") for name in seen["script"])
