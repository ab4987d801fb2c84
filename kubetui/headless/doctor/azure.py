"""Azure: what signs in to AKS here, and whether ``az`` is signed in."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping

from kubetui.azure.kubelogin import is_kubelogin
from kubetui.cluster.entra import entra_advice
from kubetui.cluster.kubeconfig import Target
from kubetui.cluster.process import run
from kubetui.cluster.status_errors import printable
from kubetui.headless.doctor.case import Case
from kubetui.headless.doctor.line import Line, finding, fine, unknown

LIMIT_S = 20.0


async def azure(case: Case) -> list[Line]:
    """Its lines; one only where the cluster is none of Azure's."""
    target = case.account.target
    if not target.is_aks and not _by_kubelogin(target):
        return [fine("Azure", "not an AKS cluster by its address: nothing was asked of Azure")]
    lines = [_kubelogin(target, case.environ)] if _by_kubelogin(target) else []
    return [*lines, await _az(case)]


def _by_kubelogin(target: Target) -> bool:
    entry = target.user.entry.exec if target.user else None
    return entry is not None and is_kubelogin(entry)


def _kubelogin(target: Target, environ: Mapping[str, str]) -> Line:
    assert target.user is not None
    assert target.user.entry.exec is not None
    found = shutil.which(target.user.entry.exec.command, path=environ.get("PATH"))
    if found:
        return fine("kubelogin", found)
    return fine(
        "kubelogin", "not installed: Azure's own library signs in in its place", "az aks install-cli installs it"
    )


async def _az(case: Case) -> Line:
    az = shutil.which("az", path=case.environ.get("PATH"))
    if az is None:
        advice = "only the machines behind the nodes need it: install the Azure CLI, then az login"
        return unknown("Azure", "az is not installed", advice)
    try:
        outcome = await run([az, "account", "show", "--query", "name", "-o", "tsv"], case.environ, _limit())
    except OSError as error:
        return unknown("Azure", f"az can't be started: {error.strerror}")
    if outcome.code is None:
        return unknown("Azure", f"az did not answer within {LIMIT_S:.0f} s", "run: az account show")
    said = printable(outcome.errors)
    if outcome.code:
        return finding("Azure", f"az is not signed in: {said}", entra_advice(said) or "run: az login")
    name = printable(outcome.output.decode("utf-8", "replace"))
    return fine("Azure", f"az is signed in, subscription {name}")


async def _limit() -> None:
    await asyncio.sleep(LIMIT_S)
