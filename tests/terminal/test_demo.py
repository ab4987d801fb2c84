"""Looking around without a cluster: the demo opens in a child process and ends with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.terminal.conftest import Start


@pytest.mark.parametrize("arguments", [("demo",), ("--or-demo",)], ids=" ".join)
def test_the_demo_opens_shows_rows_and_ends_with_the_program(
    arguments: tuple[str, ...], start: Start, environ: dict[str, str], tmp_path: Path
) -> None:
    environ["TMPDIR"] = str(tmp_path)
    with start(*arguments) as program:
        program.wait_for("kubetui-demo", "live")
        program.type("A")
        program.wait_for("Pods all namespaces", "azure-cns-")
        kept = list(tmp_path.glob("kubetui-demo-*"))
        assert kept, "the demo's kubeconfig"

        program.type("q")
        assert program.wait_for_end() == 0

    assert [folder for folder in kept if folder.exists()] == [], "the demo ended and took its kubeconfig along"


def test_a_key_opens_it_where_there_is_no_kubeconfig(start: Start) -> None:
    with start() as program:
        program.wait_for("find a kubeconfig", "D opens a simulated cluster")
        program.type("D")
        program.wait_for("kubetui-demo", "live")
        program.type("q")
        assert program.wait_for_end() == 0
