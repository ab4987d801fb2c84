"""Several things marked in a text at once, each in a colour of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from kubetui.expression import Expression
from kubetui.ui.widgets.line_search import compile_search
from kubetui.ui.widgets.line_source import Span, TextStyle

LIGHTS: Final[tuple[TextStyle, ...]] = ("light0", "light1", "light2", "light3")
_MOST_FOUND: Final = 200
"""Places marked in one line."""


class Highlights:
    """At most one for each colour; a further one takes the place of the oldest."""

    def __init__(self) -> None:
        self._typed: list[str] = []
        self._patterns: list[Expression[str]] = []

    @property
    def typed(self) -> Sequence[str]:
        """What is marked, as it was typed."""
        return tuple(self._typed)

    def toggle(self, typed: str) -> None:
        """Mark all places of a substring or ``/regular expression/``, or no longer. Raises BadPattern."""
        if typed in self._typed:
            at = self._typed.index(typed)
            del self._typed[at], self._patterns[at]
            return
        pattern = compile_search(typed)
        if len(self._typed) == len(LIGHTS):
            del self._typed[0], self._patterns[0]
        self._typed.append(typed)
        self._patterns.append(pattern)

    def clear(self) -> None:
        """Mark nothing."""
        self._typed.clear()
        self._patterns.clear()

    def divide(self, spans: list[Span]) -> list[Span]:
        """The same text, divided where a marked place begins or ends. Places may reach over several spans."""
        if not self._patterns:
            return spans
        text = "".join(span.text for span in spans)
        lit = self._places(text)
        return list(_divided(spans, lit)) if lit else spans

    def _places(self, text: str) -> list[tuple[int, int, TextStyle]]:
        """Places in order, none over another: where two patterns meet, what begins first counts."""
        found = [
            (*match.span(), light)
            for pattern, light in zip(self._patterns, LIGHTS, strict=False)
            for match, _ in zip(pattern.places(text), range(_MOST_FOUND), strict=False)
            if match.start() < match.end()
        ]
        places: list[tuple[int, int, TextStyle]] = []
        for start, end, light in sorted(found):
            if not places or start >= places[-1][1]:
                places.append((start, end, light))
        return places


def _divided(spans: Sequence[Span], places: Sequence[tuple[int, int, TextStyle]]) -> Iterable[Span]:
    at = 0
    for span in spans:
        end, done = at + len(span.text), at
        for start, stop, light in places:
            left, right = max(start, at), min(stop, end)
            if left >= right:
                continue
            if left > done:
                yield Span(span.text[done - at : left - at], span.style, span.painted)
            yield Span(span.text[left - at : right - at], light)
            done = right
        if done < end:
            yield Span(span.text[done - at :], span.style, span.painted)
        at = end
