"""What people type for a figure in a filter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kubetui.ui.figures import amount, cpu_millicores, cpu_nanocores, memory_bytes, share

_GI = 1 << 30


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (cpu_nanocores, "500m", 500_000_000),
        (cpu_nanocores, "0.5", 500_000_000),
        (cpu_millicores, "2", 2_000),
        (memory_bytes, "1Gi", _GI),
        (memory_bytes, "1gi", _GI),
        (memory_bytes, "512mi", _GI // 2),
        (memory_bytes, "1000", 1_000),
        (share, "90", 0.9),
        (share, "90%", 0.9),
        (share, "2.5%", 0.025),
        (amount, "12", 12),
    ],
)
def test_figures_as_kubernetes_and_people_write_them(read: Callable[[str], float], text: str, value: float) -> None:
    assert read(text) == value


@pytest.mark.parametrize("read", [cpu_nanocores, cpu_millicores, memory_bytes, share, amount])
@pytest.mark.parametrize("text", ["lots", "-", "i", "ii", "1x", "٣", "9" * 400 + "x", "1e", ".", "%"])
def test_anything_else_is_refused(read: Callable[[str], float], text: str) -> None:
    with pytest.raises(ValueError, match=r"not a"):
        read(text)
