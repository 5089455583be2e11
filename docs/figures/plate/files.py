"""Files that a second run writes again, byte for byte, and the results that figures show."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import cairocffi
from cairosvg.surface import PDFSurface

RESULTS = Path(__file__).parents[3] / "lab" / "results"
PRINT_FONT = "TeX Gyre Pagella"
PRINT_SCALE = 0.8  # the smallest text is then 9 points high
PDF_DATE = "2026-06-01T00:00:00Z"  # a fixed one, for cairo would stamp in the present time


def serialise(root: ET.Element) -> bytes:
    """Indented, so that a change of the figure reads well as a diff."""
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def measured(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The numbers and the data of an experiment of the laboratory."""
    content = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return content["numbers"], content["data"]


def dated_surface(title: str) -> type[PDFSurface]:
    """CairoSVG's PDF output, with a fixed date and the title in its document information."""

    class DatedPDFSurface(PDFSurface):
        def _create_surface(self, width: float, height: float) -> tuple[object, float, float]:
            surface, width, height = super()._create_surface(width, height)
            surface.set_metadata(cairocffi.PDF_METADATA_CREATE_DATE, PDF_DATE)
            surface.set_metadata(cairocffi.PDF_METADATA_TITLE, title)
            return surface, width, height

    return DatedPDFSurface


def save(root: ET.Element, program: Path, title: str, scale: float = PRINT_SCALE) -> None:
    """Write SVG and PDF beside the program; the PDF differs only in font and scale."""
    program.with_suffix(".svg").write_bytes(serialise(root))
    screen_font = root.get("font-family", "")
    root.set("font-family", PRINT_FONT)
    pdf = dated_surface(title).convert(bytestring=serialise(root), scale=scale)
    root.set("font-family", screen_font)
    program.with_suffix(".pdf").write_bytes(pdf)
