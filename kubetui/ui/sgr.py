"""Colours that a log line asks for: its SGR sequences become styles, everything else in it stays text.

What SGR may do is limited: no blinking, nothing hidden, no links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rich.ansi import AnsiDecoder
from rich.style import Style

_SGR: Final = re.compile(r"\x1b\[([0-9;:]{0,64})m")
_TRUE: Final = re.compile(r"\b([345]8):2:(?:[0-9]*:)?([0-9]+):([0-9]+):([0-9]+)[0-9:]*")
_OF_256: Final = re.compile(r"\b([345]8):5:([0-9]+)")
_REST: Final = re.compile(r":[0-9:]*")
_TAME: Final = Style(blink=False, blink2=False, conceal=False)
_MOST: Final = 500
"""Colour changes of one line that are followed; the rest of the line keeps the last."""


def runs(text: str) -> Iterator[tuple[str, Style | None]]:
    """The line in runs of one style, without its SGR sequences; None: no colour is asked for."""
    style: Style | None = None
    at = 0
    for count, found in enumerate(_SGR.finditer(text)):
        if found.start() > at:
            yield text[at : found.start()], style
        at = found.end()
        if count < _MOST:
            style = _after(style, _plain(found[1]))
    if at < len(text):
        yield text[at:], style


def _plain(codes: str) -> str:
    """Colons, with which ITU T.416 joins the parts of one code, as the semicolons that are common: ``38:2::1:2:3``."""
    if ":" not in codes:
        return codes
    codes = _TRUE.sub(r"\1;2;\2;\3;\4", codes)
    codes = _OF_256.sub(r"\1;5;\2", codes)
    return _REST.sub("", codes)


@lru_cache(maxsize=1024)
def _after(style: Style | None, codes: str) -> Style | None:
    """The style that ``codes`` make of ``style``, as Rich reads them."""
    decoder = AnsiDecoder()
    if style is not None:
        decoder.style = style
    decoder.decode_line(f"\x1b[{codes}m")
    after = decoder.style
    return after + _TAME if after else None
