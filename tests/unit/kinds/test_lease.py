"""Leases as the API serves them."""

from __future__ import annotations

import msgspec
import pytest

from kubetui.kinds.age import unix
from kubetui.kinds.lease import LEASE
from kubetui.kinds.wire import decode_row
from tests.unit.kinds.fixture_files import NOW, raw, texts


def test_a_leaders_lease() -> None:
    row = decode_row(LEASE, raw("lease-kube-scheduler"))
    assert NOW - row.renewed == 1.75
    assert (row.duration, row.transitions) == (15, 7)
    assert row.acquired == unix("2026-11-20T03:10:11Z")
    assert texts(LEASE.columns, row) == {
        "NAMESPACE": "kube-system",
        "NAME": "kube-scheduler",
        "HOLDER": "kube-scheduler-7d4b9c6f5-x2x7k_6a1f0c2e-9f3b-4c58-8b6e-0d6b8e1a2c3d",
        "AGE": "92d",
    }


def test_a_lease_that_nobody_holds() -> None:
    row = decode_row(LEASE, b'{"metadata":{"name":"free","namespace":"a"},"spec":{}}')
    assert (row.holder, row.renewed, row.duration) == ("", 0.0, 0)


def test_a_renewal_that_is_no_time_is_an_unreadable_object() -> None:
    with pytest.raises(msgspec.ValidationError, match="not a time"):
        decode_row(LEASE, b'{"metadata":{"name":"x"},"spec":{"renewTime":"soon"}}')
