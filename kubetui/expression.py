"""Regular expressions that people type, run so that none stalls the program.

Python's ``re`` can't be interrupted: ``(a+)+$`` on a line of forty letters takes hours, ``a*b`` on one of 256 KiB half
a minute. Whatever repeats something is therefore run by ``regex``, each search with a time that it may take. What is
an expression at all ``re`` decides, whose words about mistakes people know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, AnyStr, Final, Generic, Protocol

TIME: Final = 0.001
TIME_A_BYTE: Final = 20e-9
"""Seconds of CPU a search may take: thousands of times what it takes as a rule."""
MOST_STRIKES: Final = 8
"""Searches cut short after which an expression is run no more."""
_REPEATS: Final = re.compile(r"[*+?{]")
_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)


class Found(Protocol):
    """A place that matches."""

    def start(self) -> int:
        """Where it begins."""

    def end(self) -> int:
        """Where it ends."""

    def span(self) -> tuple[int, int]:
        """Both."""


class TooSlow(Exception):
    """A search was cut short: whether the text matches is not known."""


class Expression(Generic[AnyStr]):
    """One expression over ``str`` or ``bytes``. Raises ``re.error``, OverflowError, RecursionError where it is none."""

    def __init__(self, source: AnyStr, *, ignore_case: bool = False, multiline: bool = False) -> None:
        flags = int(re.IGNORECASE) * ignore_case | int(re.MULTILINE) * multiline  # the same numbers for both
        plain = re.compile(source, flags)
        self.strikes = 0
        """Searches that were cut short."""
        self._search: Any = plain.search
        self._finditer: Any = plain.finditer
        self._bounded = _repeats(source)
        if self._bounded:
            import regex

            try:
                bounded = regex.compile(source, flags)
            except regex.error as error:  # what only `re` understands
                raise re.error(str(error)) from error
            self._search, self._finditer = bounded.search, bounded.finditer

    @property
    def gave_up(self) -> bool:
        """It was cut short so often that it is run no more: every search raises TooSlow."""
        return self.strikes >= MOST_STRIKES

    def search(self, text: AnyStr, start: int = 0, end: int | None = None) -> Found | None:
        """The first place that matches. Raises TooSlow."""
        stop = len(text) if end is None else end
        if not self._bounded:
            found: Found | None = self._search(text, start, stop)
            return found
        if self.gave_up:
            raise TooSlow
        try:
            found = self._search(text, start, stop, timeout=TIME + TIME_A_BYTE * (stop - start))
        except TimeoutError:
            self.strikes += 1
            raise TooSlow from None
        return found

    def matches(self, text: AnyStr, *, unsure: bool = False) -> bool:
        """Whether it is found in ``text``; ``unsure`` where that takes too long."""
        try:
            return self.search(text) is not None
        except TooSlow:
            return unsure

    def places(self, text: AnyStr) -> Iterator[Found]:
        """All places that match, up to where that takes too long."""
        if not self._bounded:
            yield from self._finditer(text)
        elif not self.gave_up:
            try:
                yield from self._finditer(text, timeout=TIME + TIME_A_BYTE * len(text))
            except TimeoutError:
                self.strikes += 1


def too_slow_words(source: str) -> str:
    """What to tell about an expression that gave up."""
    return f"/{source}/ takes too long on these lines and was stopped: write it without repeats within repeats"


def _repeats(source: str | bytes) -> bool:
    text = source if isinstance(source, str) else source.decode("latin-1")
    return _REPEATS.search(_ESCAPED.sub("", text)) is not None
