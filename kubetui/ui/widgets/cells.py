"""Text measured and cut in terminal cells: CJK and emoji take two, combining marks none."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size


def width_of(text: str) -> int:
    """How many cells ``text`` takes, given that it went through ``safe``."""
    return len(text) if text.isascii() else cell_len(text)


def cut_middle(text: str, width: int, ellipsis: str = "…") -> str:
    """``text`` in at most ``width`` cells, cut in the middle: its beginning and, a little longer, its end stay."""
    if width_of(text) <= width:
        return text
    mark = width_of(ellipsis)
    if width <= mark + 2:
        return fit(text, width, ellipsis=ellipsis)
    tail = (width - mark + 1) // 2
    end = set_cell_size(text[::-1], tail)[::-1]
    return set_cell_size(text, width - mark - tail) + ellipsis + end


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
