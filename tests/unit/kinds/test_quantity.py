"""Quantities: the API server's grammar, checked against the Kubernetes client's own parser."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernetes.utils.quantity import parse_quantity

from kubetui.kinds.quantity import LIMIT, cpu_text, memory_text, millicores, request_limit, whole


@pytest.mark.parametrize(
    ("text", "milli"),
    [
        ("2", 2000),
        ("100m", 100),
        ("0.5", 500),
        (".5", 500),
        ("1.", 1000),
        ("1n", 1),
        ("1500u", 2),
        ("1k", 1_000_000),
        ("1e3", 1_000_000),
        ("1E-3", 1),
        ("0", 0),
        ("7820m", 7820),
        (2, 2000),
        (0.25, 250),
    ],
)
def test_cpu_in_millicores_is_rounded_up(text: str | float, milli: int) -> None:
    assert millicores(text) == milli


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512Mi", 512 << 20),
        ("30453516Ki", 30453516 << 10),
        ("1Gi", 1 << 30),
        ("1.5Gi", 3 << 29),
        ("100M", 10**8),
        ("119703055367", 119703055367),
        ("128974848000m", 128974848),
        ("1E", 10**18),
        ("2Ei", 2 << 60),
        ("12E6", 12_000_000),
    ],
)
def test_memory_in_bytes(text: str, size: int) -> None:
    assert whole(text) == size


@pytest.mark.parametrize(
    "text", ["", "m", "1x", "1 Gi", "1Ki3", "0x10", "1_000", "１", "1mi", "--1", "1e", ".", "1.2.3", "∞"]
)
def test_what_is_no_quantity_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="not a Kubernetes quantity"):
        whole(text)


@pytest.mark.parametrize("text", ["100Ei", "9e999999999", "1" * 64])
def test_nothing_is_larger_than_the_api_server_keeps(text: str) -> None:
    assert whole(text) == LIMIT


def test_the_smallest_amount_is_one() -> None:
    assert whole("1e-999999999") == 1


_numbers = st.one_of(st.integers(0, 10**9).map(str), st.decimals(0, 10**6, places=3).map(str))
_suffixes = st.sampled_from(["", "n", "u", "m", "k", "M", "G", "Ki", "Mi", "Gi", "Ti", "e3", "E2", "e-2"])


@given(_numbers, _suffixes)
def test_it_agrees_with_the_kubernetes_client(number: str, suffix: str) -> None:
    text = number + suffix
    expected: Decimal = parse_quantity(text)  # type: ignore[no-untyped-call]  # the client has no types
    assert millicores(text) == min(LIMIT, int((expected * Decimal(1000)).to_integral_value(ROUND_CEILING)))
    assert whole(text) == min(LIMIT, int(expected.to_integral_value(ROUND_CEILING)))


def test_they_print_as_kubectl_top_prints_them() -> None:
    assert (cpu_text(125), memory_text(512 << 20)) == ("125m", "512Mi")
    assert request_limit(cpu_text, 250, 0) == "250m/–"
    assert request_limit(memory_text, 0, 0) == ""
