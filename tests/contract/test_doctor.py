"""``kubetui doctor`` as a program, on the demo and on a real API server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.contract.conftest import Api

CHECKOUT = Path(__file__).parents[2]


def run(kubeconfig: Path, *arguments: str) -> tuple[int, str]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(kubeconfig.parent), "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "kubetui", "--kubeconfig", str(kubeconfig), *arguments]
    ended = subprocess.run(
        command, cwd=CHECKOUT, env=environ, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def findings(kubeconfig: Path) -> tuple[int, dict[str, Any]]:
    code, printed = run(kubeconfig, "doctor", "-o", "json")
    document = json.loads(printed)
    assert document["exitCode"] == code
    return code, {line["subject"]: line for line in document["lines"]}


def test_who_may_everything_is_told_so_pane_by_pane(api: Api) -> None:
    _, lines = findings(api.kubeconfig)
    wanted = ("context", "server", "TLS", "sign-in", "rights: Nodes", "rights: Pods", "rights: Logs", "rights: Configz")
    assert {subject: lines[subject]["verdict"] for subject in wanted} == dict.fromkeys(wanted, "fine")
    assert "verified" in lines["TLS"]["found"]
    assert {"tunnel", "metrics", "Azure"} <= lines.keys()


def test_what_an_account_lacks_is_a_finding_that_names_verb_and_resource(api: Api) -> None:
    code, lines = findings(api.nobody)
    assert code == 1
    assert lines["rights: Nodes"]["verdict"] == "finding"
    assert "list nodes" in lines["rights: Nodes"]["found"]
    assert "list nodes" in lines["rights: Nodes"]["advice"]


def test_a_server_that_is_not_there_leaves_the_rest_untold(api: Api, tmp_path: Path) -> None:
    import yaml

    config = yaml.safe_load(api.kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    code, lines = findings(path)
    assert code == 1
    assert "refused the connection" in lines["server"]["found"]
    assert {lines[subject]["verdict"] for subject in ("sign-in", "rights", "tunnel", "metrics")} == {"unknown"}


def test_as_text_each_finding_has_what_to_do_under_it(api: Api) -> None:
    code, printed = run(api.nobody, "doctor")
    lines = printed.splitlines()
    assert code == 1
    at = next(number for number, line in enumerate(lines) if line.startswith("!!  rights: Nodes"))
    assert lines[at + 1].strip().startswith("→ ask for a role that allows to list nodes")
    assert "to look at" in lines[-1]
