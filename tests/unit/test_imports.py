"""What is loaded when: the program answers and paints before anything heavy is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kubetui.demo.certificate import self_signed

CHECKOUT = Path(__file__).parents[2]
HEAVY = {"textual", "rich", "aiohttp", "kubernetes", "yaml", "msgspec", "python_socks"}
AFTER_THE_FIRST_FRAME = HEAVY - {"textual", "rich"}

_REPORT = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


def loaded_by(code: str) -> set[str]:
    """The top-level packages in memory after ``code`` ran in a Python of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_REPORT}"], cwd=CHECKOUT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout.splitlines()[-1]))


def test_version_loads_nothing_heavy() -> None:
    ran = """
        from kubetui.cli import main
        try:
            main(["--version"])
        except SystemExit as end:
            assert end.code == 0
    """
    assert loaded_by("\n".join(line[8:] for line in ran.splitlines())) & HEAVY == set()


def test_the_version_printed_is_the_packages() -> None:
    from kubetui import __version__

    ended = subprocess.run(
        [sys.executable, "-m", "kubetui", "--version"], cwd=CHECKOUT, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"kubetui {__version__}\n", "")


def test_the_first_frame_needs_textual_and_nothing_else_that_is_heavy() -> None:
    assert loaded_by("import kubetui.ui.app, kubetui.compose") & HEAVY == {"textual", "rich"}


def test_textual_is_loaded_by_the_user_interface_alone() -> None:
    modules = "kubetui.cluster.connect, kubetui.cluster.session, kubetui.insight.pools, kubetui.kinds.registry"
    assert loaded_by(f"import {modules}") & {"textual", "rich"} == set()


@pytest.mark.parametrize("credential", ["token", "client certificate"])
def test_signing_in_with_a_token_or_a_certificate_never_loads_the_client_package(
    credential: str, tmp_path: Path
) -> None:
    pair = self_signed()
    for name, text in (("ca.crt", pair.certificate), ("ca.key", pair.key)):
        (tmp_path / name).write_text(text)
    certificate = {"client-certificate": "ca.crt", "client-key": "ca.key"}
    user = {"token": "a-token"} if credential == "token" else certificate
    cluster = {"server": "https://127.0.0.1:1", "certificate-authority": "ca.crt"}
    path = tmp_path / "kubeconfig"
    path.write_text(
        json.dumps(
            {
                "current-context": "c",
                "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
                "clusters": [{"name": "c", "cluster": cluster}],
                "users": [{"name": "c", "user": user}],
            }
        )
    )
    asked = f"""
import asyncio
from pathlib import Path
from kubetui.cluster.errors import Unreachable
from kubetui.compose import KubeconfigConnector
from kubetui.demo.command_line import ServeOptions
from kubetui.demo_cluster import DemoCluster

async def ask():
    demo = DemoCluster(ServeOptions())
    connected = await KubeconfigConnector(Path({str(path)!r}), {{}}, demo).connect(None)
    try:
        await connected.session.version()
    except Unreachable:
        pass
    else:
        raise AssertionError("something answered on port 1")
    await connected.session.close()

asyncio.run(ask())
"""
    loaded = loaded_by(asked)
    assert {"aiohttp", "msgspec", "yaml"} <= loaded
    assert loaded & {"kubernetes", "pydantic"} == set()
    assert loaded & {"azure", "msal", "cryptography", "requests"} == set(), "Azure's come with the Nodes pane"
