"""What a filter line keeps."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubetui.kinds.kind import Column
from kubetui.store.filter import FilterError, parse_filter
from tests.unit.store.rows import Thing


def _read(text: str) -> float:
    """As those of columns of figures: ValueError where it is none."""
    return float(text)


COLUMNS: tuple[Column[Thing], ...] = (
    Column("NAME", lambda row, now: row.name, lambda row: row.name),
    Column("VALUE", lambda row, now: f"v{row.value}", lambda row: row.value),
    Column("CPU REQ", lambda row, now: f"{row.value}m", lambda row: row.value),
    Column("AGE", lambda row, now: "5m", lambda row: 0, timed=True),
    Column("MEMORY", lambda row, now: f"{row.value}Mi", lambda row: -1 if row.value == 2 else row.value, amount=_read),
    Column("MEM %", lambda row, now: f"{row.value * 10} %", lambda row: row.value / 10, amount=_read),
    Column("STATUS", lambda row, now: "Broken 7m", lambda row: 0, timed=True,
           searched=lambda row: "Broken" if row.value == 12 else "Ready"),
)  # fmt: skip
ROWS = [Thing("checkout-0", "shop", value=1), Thing("Checkout-1", "shop", value=2), Thing("cart-0", "blue", value=12)]
LABELS = {"checkout-0": [("app", "checkout"), ("tier", "web")], "Checkout-1": [("app", "checkout")], "cart-0": []}


def kept(text: str) -> list[str]:
    found = parse_filter(text, COLUMNS, lambda row: LABELS[row.name])
    return [row.name for row in ROWS if found is None or found.keep(row)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["checkout-0", "Checkout-1", "cart-0"]),
        ("   ", ["checkout-0", "Checkout-1", "cart-0"]),
        ("check", ["checkout-0", "Checkout-1"]),
        ("Check", ["Checkout-1"]),
        ("blue", ["cart-0"]),
        ("v12", ["cart-0"]),
        ("/^c.*-0$/", ["checkout-0", "cart-0"]),
        ("/^C/", ["Checkout-1"]),
        ("/^cart", ["cart-0"]),
        ("/", ["checkout-0", "Checkout-1", "cart-0"]),
        ("!check", ["cart-0"]),
        ("!/-0$/", ["Checkout-1"]),
        ("app=checkout", ["checkout-0", "Checkout-1"]),
        ("app=checkout tier=web", ["checkout-0"]),
        ("app!=checkout", ["cart-0"]),
        ("!tier=web", ["Checkout-1", "cart-0"]),
        ("VALUE:v1", ["checkout-0", "cart-0"]),
        ("value:/^v1$/", ["checkout-0"]),
        ("cpu-req:12m", ["cart-0"]),
        ("5m", []),
        ("7m", []),
        ("broken", ["cart-0"]),
        ("/^Ready/", ["checkout-0", "Checkout-1"]),
        ("status:broken", ["cart-0"]),
        ("MEMORY>1", ["cart-0"]),
        ("memory>=1", ["checkout-0", "cart-0"]),
        ("memory<5", ["checkout-0"]),
        ("memory<=0.5", []),
        ("!memory>1", ["checkout-0", "Checkout-1"]),
        ("mem>1", ["cart-0"]),
        ("mem%>0.15", ["Checkout-1", "cart-0"]),
        ("mem-%>0.15 checkout", ["Checkout-1"]),
        ("memory>", ["checkout-0", "Checkout-1", "cart-0"]),
        ("value>1", []),
        ("shop -0", ["checkout-0"]),
        ("/a b/", []),
    ],
)
def test_what_is_kept(text: str, names: list[str]) -> None:
    assert kept(text) == names


def test_a_bad_expression_says_why() -> None:
    with pytest.raises(FilterError, match="unterminated"):
        kept("/(/")


@pytest.mark.parametrize(
    ("text", "selector"),
    [("app=a tier!=b", "app=a,tier!=b"), ("app=a web", ""), ("!app=a", ""), ("web", "")],
)
def test_a_filter_of_labels_alone_is_a_selector_too(text: str, selector: str) -> None:
    found = parse_filter(text, COLUMNS, lambda row: ())
    assert found is not None
    assert found.selector == selector


@given(st.text(max_size=20))
def test_any_text_is_a_filter_or_a_filter_error(text: str) -> None:
    with contextlib.suppress(FilterError):
        assert set(kept(text)) <= {row.name for row in ROWS}


def test_a_filter_on_an_age_says_that_there_is_none() -> None:
    with pytest.raises(FilterError, match="AGE changes as time passes"):
        parse_filter("age:5m", COLUMNS, None)


def test_what_is_no_figure_says_so() -> None:
    with pytest.raises(FilterError, match="MEMORY>lots"):
        kept("memory>lots")
