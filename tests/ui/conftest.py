"""Options of the user interface's tests."""

from __future__ import annotations

import pytest

from tests.ui.snapshot import SnapshotMode


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--snapshot-update", action="store_true", help="write the text snapshots instead of comparing")


def pytest_configure(config: pytest.Config) -> None:
    SnapshotMode.update = bool(config.getoption("--snapshot-update"))
