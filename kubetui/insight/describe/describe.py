"""An object's description: all sections of its kind, laid out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from kubetui.insight.describe.facts import Facts, Section
from kubetui.insight.describe.page import Entry, Line, Mark, Words, lay_out
from kubetui.insight.describe.registry import description_of
from kubetui.kinds.kind import Meaning

log = logging.getLogger(__name__)


def describe(facts: Facts, mark: Mark, first: Sequence[Entry] = ()) -> list[Line]:
    """The lines; ``first`` stands before all sections. Pure, and a section that fails leaves a mark."""
    sections = description_of(facts.found).sections
    return lay_out([first, *(_entries(section, facts) for section in sections)], mark)


def _entries(section: Section, facts: Facts) -> Iterable[Entry]:
    try:
        return list(section(facts))
    except Exception:
        # The boundary at which an object of a shape that no API server writes (aggregated APIs check nothing) costs
        # one section instead of the whole page.
        log.exception("section %s of a description", section.__name__)
        words = f"{section.__name__.replace('_', ' ')}: this part is not of the expected shape; y shows it as it is"
        return [Words(words, meaning=Meaning.LOOK)]
