"""Custom resources and whatever else kubectl can make, on a real API server: the pane's cells are ``kubectl get``'s."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from kubetui.cluster.clock import SystemClock
from kubetui.cluster.object_data import fetch_data, fetch_value
from kubetui.cluster.object_yaml import MASKED, fetch_object
from kubetui.cluster.session import Scope, Session
from kubetui.kinds.served_kind import SERVED_KIND, ServedKind, table_kind
from kubetui.kinds.server_columns import columns_for
from kubetui.kinds.server_table import TableRow
from kubetui.store.state import Phase
from kubetui.store.store import Store
from tests.cluster.control_plane import ControlPlane
from tests.cluster.fixtures import Scaled
from tests.contract.conftest import Api
from tests.contract.test_workloads import until

pytestmark = pytest.mark.cluster

PLACE = "kinds"
GROUP = "cert-manager.example.com"
COLUMNS: list[dict[str, Any]] = [
    {"name": "Ready", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'},
    {"name": "Secret", "type": "string", "jsonPath": ".spec.secretName"},
    {"name": "Issuer", "type": "string", "jsonPath": ".spec.issuerRef.name", "priority": 1},
    {"name": "Renewed", "type": "date", "jsonPath": ".status.renewed"},
    {"name": "Expires", "type": "date", "jsonPath": ".status.notAfter"},
    {"name": "Days", "type": "integer", "jsonPath": ".spec.days"},
    {"name": "Ratio", "type": "number", "jsonPath": ".spec.ratio"},
    {"name": "Auto", "type": "boolean", "jsonPath": ".spec.auto"},
    {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
]


def definition(columns: list[dict[str, Any]]) -> dict[str, Any]:
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "subresources": {"status": {}},
        "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
        "additionalPrinterColumns": columns,
    }
    names = {"plural": "certificates", "singular": "certificate", "kind": "Certificate", "shortNames": ["cert"]}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"certificates.{GROUP}"},
        "spec": {"group": GROUP, "scope": "Namespaced", "names": names, "versions": [version]},
    }


def apply(plane: ControlPlane, made: dict[str, Any]) -> None:
    plane.kubectl("apply", "-f", "-", stdin=json.dumps(made))


def certificate(name: str, days: int, **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": "Certificate",
        "metadata": {"name": name, "namespace": PLACE, **metadata},
        "spec": {"secretName": f"{name}-tls", "issuerRef": {"name": "ca"}, "days": days, "ratio": 0.25, "auto": True},
    }


def said(plane: ControlPlane, name: str, ready: str) -> None:
    status = {
        "renewed": "2026-01-02T03:04:05Z",
        "notAfter": "2999-01-01T00:00:00Z",
        "conditions": [{"type": "Ready", "status": ready}],
    }
    patch = json.dumps({"status": status})
    plane.kubectl("patch", "certificate", name, "-n", PLACE, "--subresource=status", "--type=merge", "-p", patch)


@pytest.fixture(scope="module")
def plane(scaled: Scaled) -> Iterator[ControlPlane]:
    """With a custom resource, and objects of kinds that print in many ways."""
    plane = scaled(3, 50)
    plane.create_namespace(PLACE)
    apply(plane, definition(COLUMNS))
    plane.kubectl("wait", "--for=condition=Established", f"crd/certificates.{GROUP}", "--timeout=30s")
    for name, days, ready in (("web", 90, "True"), ("shop", 9, "False")):
        apply(plane, certificate(name, days))
        said(plane, name, ready)
    plane.kubectl("create", "service", "externalname", "ext", "--external-name=db.example.com", "-n", PLACE)
    plane.kubectl("create", "service", "clusterip", "headless", "--clusterip=None", "--tcp=80", "-n", PLACE)
    plane.kubectl("create", "configmap", "two", "--from-literal=a=1", "--from-literal=b=2", "-n", PLACE)
    plane.kubectl("create", "secret", "generic", "db", "--from-literal=password=hunter2", "-n", PLACE)
    plane.kubectl("create", "cronjob", "nightly", "--image=x", "--schedule=0 3 * * *", "-n", PLACE, "--", "true")
    plane.kubectl("create", "ingress", "web", "--rule=web.example.com/*=web:80", "-n", PLACE)
    plane.kubectl("create", "quota", "some", "--hard=pods=100", "-n", PLACE)
    plane.kubectl("create", "poddisruptionbudget", "web", "--selector=app=web", "--min-available=1", "-n", PLACE)
    plane.kubectl("create", "role", "reader", "--verb=get", "--resource=pods", "-n", PLACE)
    yield plane
    plane.kubectl("delete", "crd", f"certificates.{GROUP}", "--wait=false")
    plane.kubectl("delete", "namespace", PLACE, "--wait=false")


@pytest.fixture(scope="module")
def api(plane: ControlPlane) -> Api:
    """The same control plane, as the app sees it."""
    return Api(plane.admin_kubeconfig, plane.admin_kubeconfig, real=True)


async def live(session: Session, name: str, scope: Scope | None = None) -> Store[TableRow]:
    """The store of a kind, in step."""
    served = await kind_of(session, name)
    store = session.open(table_kind(served), scope or Scope(frozenset({PLACE}))).store
    assert await until(lambda: _is(store.state.phase is Phase.LIVE))
    return store


async def kind_of(session: Session, name: str) -> ServedKind:
    store = session.open(SERVED_KIND).store
    assert await until(lambda: _is(store.state.phase is Phase.LIVE))
    return next(kind for kind in store if name in kind.names)


async def _is(truth: bool) -> bool | None:
    return truth or None


KINDS = [
    *("certificates", "services", "configmaps", "secrets", "cronjobs", "ingresses", "resourcequotas"),
    *("poddisruptionbudgets", "roles", "serviceaccounts", "endpointslices"),
]


@pytest.mark.parametrize("wide", [False, True], ids=["", "wide"])
@pytest.mark.parametrize("name", KINDS)
async def test_cells_are_those_of_kubectl_get(plane: ControlPlane, api: Api, name: str, wide: bool) -> None:
    async with api.session() as session:
        store = await live(session, name)
        printed = await asyncio.to_thread(plane.kubectl, "get", name, "-n", PLACE, *(["-o", "wide"] if wide else []))
        now = SystemClock().now()
        rows = sorted(store, key=lambda row: row.name)

    head, *lines = printed.splitlines()
    columns = [column for column in columns_for(rows[0].head)[1:-1] if wide or not column.wide]
    starts = [0] + [at for at in range(2, len(head)) if head[at - 2 : at].isspace() and not head[at].isspace()]
    assert [head[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)] == [
        column.title for column in columns
    ]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        cells = [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
        for theirs, column in zip(cells, columns, strict=True):
            ours = column.text(row, now)
            assert ours == theirs or (column.title == "AGE" and ours[-1] == theirs[-1]), (row.name, column.title)


async def test_a_change_and_a_deletion_come_by_the_watch(plane: ControlPlane, api: Api) -> None:
    async with api.session() as session:
        store = await live(session, "cert")
        await asyncio.to_thread(apply, plane, certificate("new", 30))
        assert await until(lambda: _is(store.get((PLACE, "new")) is not None))
        await asyncio.to_thread(said, plane, "new", "True")
        assert await until(lambda: _is("True" in _cells(store, "new")))
        await asyncio.to_thread(plane.kubectl, "delete", "certificate", "new", "-n", PLACE)
        assert await until(lambda: _is(store.get((PLACE, "new")) is None))
        assert store.state.phase is Phase.LIVE


def _cells(store: Store[TableRow], name: str) -> tuple[Any, ...]:
    row = store.get((PLACE, name))
    return row.cells if row is not None else ()


async def test_what_a_finalizer_holds_says_since_when(plane: ControlPlane, api: Api) -> None:
    async with api.session() as session:
        store = await live(session, "cert")
        await asyncio.to_thread(apply, plane, certificate("held", 1, finalizers=["example.com/hold"]))
        await asyncio.to_thread(plane.kubectl, "delete", "certificate", "held", "-n", PLACE, "--wait=false")
        try:

            async def going() -> TableRow | None:
                row = store.get((PLACE, "held"))
                return row if row is not None and row.deleted else None

            assert await until(going)
        finally:
            release = '{"metadata":{"finalizers":null}}'
            await asyncio.to_thread(
                plane.kubectl, "patch", "certificate", "held", "-n", PLACE, "--type=merge", "-p", release
            )


async def test_columns_of_a_definition_that_changes_are_taken_over(plane: ControlPlane, api: Api) -> None:
    async with api.session() as session:
        store = await live(session, "cert")
        assert "Days" in _titles(store)
        try:
            changed = [{**column, "name": "Lifetime"} if column["name"] == "Days" else column for column in COLUMNS]
            await asyncio.to_thread(apply, plane, definition(changed))

            async def taken() -> bool | None:
                session.retry_now()  # the server ends such watches late; a person presses ^r
                await asyncio.sleep(0.5)
                return "Lifetime" in _titles(store) or None

            assert await until(taken)
            assert "Days" not in _titles(store)
        finally:
            await asyncio.to_thread(apply, plane, definition(COLUMNS))


def _titles(store: Store[TableRow]) -> set[str]:
    return {column.name for row in store for column in row.head}


async def test_a_secret_is_watched_without_its_values_which_are_masked_unless_asked_for(api: Api) -> None:
    async with api.session() as session:
        store = await live(session, "secrets")
        kind, key = table_kind(await kind_of(session, "secrets")), (PLACE, "db")
        assert "hunter2" not in repr(list(store))
        assert [(row.name, row.size) for row in (await fetch_data(session, kind, key)).rows] == [("password", 7)]
        assert await fetch_value(session, kind, key, "password") == b"hunter2"
        assert (await fetch_object(session, kind, key))["data"] == {"password": MASKED}
        assert (await fetch_object(session, kind, key, values=True))["data"] == {"password": "aHVudGVyMg=="}


async def test_a_group_that_is_down_says_why_and_costs_nothing_else(plane: ControlPlane, api: Api) -> None:
    service = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1.down.example.com"},
        "spec": {
            "group": "down.example.com",
            "version": "v1",
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
            "insecureSkipTLSVerify": True,
            "service": {"namespace": PLACE, "name": "nobody"},
        },
    }
    await asyncio.to_thread(apply, plane, service)
    try:
        async with api.session() as session:
            store = session.open(SERVED_KIND).store

            async def told() -> ServedKind | None:
                session.retry_now()
                await asyncio.sleep(0.5)
                return store.get(("down.example.com", ""))

            down = await until(told)
            assert down is not None
            assert down.trouble.startswith("ServiceNotFound: ")
            assert store.get(("", "pods")) is not None
    finally:
        await asyncio.to_thread(plane.kubectl, "delete", "apiservice", "v1.down.example.com")
