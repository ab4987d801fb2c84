"""Which columns of a table fit, where they stand and how wide they are. Pure arithmetic on cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kubetui.ui.widgets.row_source import ColumnSpec

MIN_GAP, MAX_GAP = 1, 3
"""Cells between two columns: the narrow screen's and the wide one's."""

HIDDEN_MARK = 4
"""Cells kept free at the right end of the titles for the ``+12`` that tells of hidden columns."""

_SHRINKS_TO, _DETAIL_SHRINKS_TO = 20, 32
"""A wide column gives way down to this before columns leave the table: the names in front, and the details behind,
where half a node's name says less than the column's place is worth."""

_MUST = 1
"""The highest priority of a column for which the names give way once more."""
_IN_FRONT = 2
"""The highest priority of a column in front."""


class Placed(NamedTuple):
    """One column on the screen: its index among the specs, first cell and width, in cells."""

    column: int
    x: int
    width: int


class Layout(NamedTuple):
    """The columns on the screen from left to right, and the ids of those that are not there."""

    columns: tuple[Placed, ...] = ()
    hidden: tuple[str, ...] = ()


def lay_out(specs: Sequence[ColumnSpec], seen: Sequence[int], width: int, shift: int = 0) -> Layout:
    """Place columns into ``width`` cells.

    ``seen`` holds the widest text met in each column. With ``shift`` 0 columns leave by priority until the rest
    fits; with n, the first column is followed by the columns after the n-th, in order, as many as fit.
    """
    if not specs or width <= 0:
        return Layout((), tuple(spec.id for spec in specs))
    wanted = [min(max(spec.min_width, cells), spec.max_width) for spec, cells in zip(specs, seen, strict=True)]
    floors = [_floor(spec, cells, width, i == 0) for i, (spec, cells) in enumerate(zip(specs, wanted, strict=True))]
    chosen = _scrolled(floors, width, shift) if shift else _by_priority(specs, floors, width)
    if not shift and any(spec.priority <= _MUST for i, spec in enumerate(specs) if i not in chosen):
        # Half a name beside what it is about says more than a whole name alone.
        tight = [_tight(spec, floor, i == 0) for i, (spec, floor) in enumerate(zip(specs, floors, strict=True))]
        more = _by_priority(specs, tight, width)
        if len(more) > len(chosen):
            floors, chosen = tight, more
    if len(chosen) == len(specs):
        return Layout(_place(chosen, floors, wanted, width))
    placed = _place(chosen, floors, wanted, max(1, width - HIDDEN_MARK))
    hidden = tuple(spec.id for index, spec in enumerate(specs) if index not in chosen)
    return Layout(_to_the_end(placed, specs, wanted, width), hidden)


def last_shift(specs: Sequence[ColumnSpec], seen: Sequence[int], width: int) -> int:
    """The furthest useful ``shift``: the first one that shows the last column; 0 where nothing is hidden."""
    if not lay_out(specs, seen, width).hidden:
        return 0
    last = len(specs) - 1
    for shift in range(1, last):
        if any(placed.column == last for placed in lay_out(specs, seen, width, shift).columns):
            return shift
    return max(0, last - 1)


def _to_the_end(
    placed: tuple[Placed, ...], specs: Sequence[ColumnSpec], wanted: Sequence[int], width: int
) -> tuple[Placed, ...]:
    """The mark stands in the line of titles: below it, a last column of words may go on where they need it."""
    last = placed[-1]
    if specs[last.column].right:
        return placed
    cells = min(max(last.width, wanted[last.column]), width - last.x)
    return (*placed[:-1], last._replace(width=cells))


def _floor(spec: ColumnSpec, wanted: int, width: int, first: bool) -> int:
    if first:
        return min(wanted, max(spec.min_width, _SHRINKS_TO, width // 2), width)
    if not spec.priority:
        return min(wanted, max(spec.min_width, _SHRINKS_TO, width // 3))
    shrinks_to = _SHRINKS_TO if spec.priority <= _IN_FRONT else _DETAIL_SHRINKS_TO
    return min(wanted, max(spec.min_width, spec.keep or shrinks_to))


def _tight(spec: ColumnSpec, floor: int, first: bool) -> int:
    return floor if first or spec.priority > _MUST else min(floor, max(spec.min_width, _SHRINKS_TO))


def _needs(floors: Sequence[int], chosen: Sequence[int]) -> int:
    return sum(floors[index] for index in chosen) + MIN_GAP * (len(chosen) - 1)


def _by_priority(specs: Sequence[ColumnSpec], floors: Sequence[int], width: int) -> list[int]:
    chosen = list(range(len(specs)))
    leaving = sorted((i for i in chosen[1:] if specs[i].priority), key=lambda i: (specs[i].priority, i))
    if _needs(floors, chosen) <= width:
        return chosen
    room = max(1, width - HIDDEN_MARK)
    while leaving and _needs(floors, chosen) > room:
        chosen.remove(leaving.pop())
    # Priority 0 never leaves by choice; what even then has no room cannot be drawn.
    while len(chosen) > 1 and _needs(floors, chosen) > room:
        chosen.pop()
    return chosen


def _scrolled(floors: Sequence[int], width: int, shift: int) -> list[int]:
    room = max(1, width - HIDDEN_MARK)
    chosen = [0]
    for index in range(1 + shift, len(floors)):
        # The first one always, cut where it must be: it is what was scrolled to.
        if len(chosen) > 1 and _needs(floors, [*chosen, index]) > room:
            break
        chosen.append(index)
    return chosen


def _place(chosen: Sequence[int], floors: Sequence[int], wanted: Sequence[int], width: int) -> tuple[Placed, ...]:
    widths = {index: floors[index] for index in chosen}
    spare = width - _needs(floors, chosen)
    for index in chosen:  # from the left: the first column is the one people read
        more = max(0, min(spare, wanted[index] - widths[index]))
        widths[index] += more
        spare -= more
    gap = MIN_GAP
    if len(chosen) > 1:
        gap = min(MAX_GAP, MIN_GAP + max(0, spare) // (len(chosen) - 1))
    placed = []
    x = 0
    for index in chosen:
        cells = min(widths[index], width - x)
        placed.append(Placed(index, x, cells))
        x += cells + gap
    return tuple(placed)
