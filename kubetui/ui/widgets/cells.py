"""Text measured and cut in terminal cells: CJK and emoji take two, combining marks none."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size


def width_of(text: str) -> int:
    """How many cells ``text`` takes, given that it went through ``safe``."""
    return len(text) if text.isascii() else cell_len(text)


def cut_middle(text: str, width: int, ellipsis: str = "…") -> str:
    """``text`` in at most ``width`` cells, cut in the middle: its beginning and its end stay, the end in whole words
    where that costs less than half of it."""
    if width_of(text) <= width:
        return text
    mark = width_of(ellipsis)
    if width <= mark + 2:
        return fit(text, width, ellipsis=ellipsis)
    end = set_cell_size(text[::-1], (width - mark + 1) // 2)[::-1]
    before, blank = text[: -len(end)], end.find(" ")
    whole = before[before.rfind(" ") + 1 :] + end
    if width_of(whole) <= (width + 2) // 2:
        end = whole
    elif 0 < blank <= len(end) // 2:
        end = end[blank:]
    return set_cell_size(text, width - mark - width_of(end)) + ellipsis + end


def fit(text: str, width: int, right: bool = False, ellipsis: str = "…") -> str:
    """``text`` in exactly ``width`` cells: padded opposite to its alignment, or cut with ``ellipsis``."""
    if width <= 0:
        return ""
    size = width_of(text)
    if size == width:
        return text
    if size < width:
        pad = " " * (width - size)
        return pad + text if right else text + pad
    return set_cell_size(text, width - 1) + ellipsis
