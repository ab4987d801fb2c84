"""What the command line asks for, in words and arguments."""

from __future__ import annotations

import pytest

from tests.cluster.__main__ import main
from tests.cluster.programs import KUBERNETES
from tests.cluster.wanted import NoSuchRelease, Wanted, release


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(), "0 nodes, 0 pods"),
        (Wanted(3, 50), "3 nodes, 50 pods"),
        (Wanted(real=True), "a real node"),
        (Wanted(real=True, kubernetes="1.34.2"), "a real node, Kubernetes 1.34.2"),
    ],
)
def test_it_says_what_it_is(wanted: Wanted, words: str) -> None:
    assert str(wanted) == words


def test_a_full_release_is_taken_as_it_is() -> None:
    assert release(KUBERNETES) == KUBERNETES
    assert release("v1.34.2") == "1.34.2"


@pytest.mark.parametrize("name", ["", "2.0", "1", "latest", "1.34.x", "../../etc"])
def test_what_is_no_release_is_refused(name: str) -> None:
    with pytest.raises(NoSuchRelease, match=r"is no release of Kubernetes: say 1\.34 or 1\.34\.2"):
        release(name)


def test_a_real_node_comes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "--real", "--nodes", "3", "--name", "never-up"]) == 1
    assert "--real has one real node and no played ones" in capsys.readouterr().err


def test_a_fault_on_what_is_not_up_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fault", "never-up", "heal"]) == 1
    assert "no control plane named never-up is up" in capsys.readouterr().err
