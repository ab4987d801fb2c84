"""Names of log sources can be read on the light theme's background."""

from __future__ import annotations

import re

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from kubetui.ui.themes import TEXTUAL_NAMES
from kubetui.ui.widgets.line_view import LineView

READABLE = 4.5
"""WCAG 2.2, 1.4.3: contrast of text."""


def luminance(color: Color) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def series_of_light() -> dict[str, str]:
    block = LineView.DEFAULT_CSS.partition("LineView:light {")[2].partition("\n    }")[0]
    return dict(re.findall(r"line-view--(series\d) \{ color: (#[0-9a-f]{6});", block))


@pytest.mark.parametrize("series", [f"series{number}" for number in range(8)])
def test_each_colour_of_a_source_stands_out(series: str) -> None:
    background = BUILTIN_THEMES[TEXTUAL_NAMES["light"]].background
    assert background is not None
    assert contrast(Color.parse(series_of_light()[series]), Color.parse(background)) >= READABLE
