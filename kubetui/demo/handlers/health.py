"""/livez, /readyz, /healthz: plain text as the API server prints it."""

from __future__ import annotations

from collections.abc import Mapping

from kubetui.demo.call import Answer, Call
from kubetui.demo.status import NoSuchPath

_TEXT = "text/plain; charset=utf-8"
_NO_SNIFF = {"X-Content-Type-Options": "nosniff"}
_HOOKS = (
    "start-apiserver-admission-initializer",
    "generic-apiserver-start-informers",
    "priority-and-fairness-config-consumer",
    "priority-and-fairness-filter",
    "storage-object-count-tracker-hook",
    "start-apiextensions-informers",
    "start-apiextensions-controllers",
    "crd-informer-synced",
    "start-system-namespaces-controller",
    "start-cluster-authentication-info-controller",
    "start-kube-apiserver-identity-lease-controller",
    "start-legacy-token-tracking-controller",
    "rbac/bootstrap-roles",
    "scheduling/bootstrap-system-priority-classes",
    "priority-and-fairness-config-producer",
    "bootstrap-controller",
    "start-kube-aggregator-informers",
    "apiservice-status-local-available-controller",
    "apiservice-status-remote-available-controller",
    "apiservice-registration-controller",
    "apiservice-discovery-controller",
    "kube-apiserver-autoregistration",
    "apiservice-openapi-controller",
    "apiservice-openapiv3-controller",
)
_ENDPOINTS = {
    "livez": ("ping", "log", "etcd"),
    "readyz": ("ping", "log", "etcd", "etcd-readiness", "informer-sync"),
    "healthz": ("ping", "log", "etcd"),
}


class Health:
    """The server's own checks; all pass until the world says otherwise."""

    def __init__(self) -> None:
        self._failing: set[str] = set()

    @property
    def failing(self) -> frozenset[str]:
        """The checks that fail."""
        return frozenset(self._failing)

    def fail(self, check: str) -> None:
        """Let a check fail: ``etcd``, ``poststarthook/rbac/bootstrap-roles``; ValueError for an unknown one."""
        if not any(check in _checks(endpoint) for endpoint in _ENDPOINTS):
            raise ValueError(f"there is no health check {check!r}; see /readyz?verbose")
        self._failing.add(check)

    def recover(self, check: str) -> None:
        """Let it pass again."""
        self._failing.discard(check)

    def answer(self, call: Call) -> Answer:
        """An endpoint, or one check of it; raises ``NoSuchPath``."""
        endpoint, _, check = call.info.path[1:].partition("/")
        checks = _checks(endpoint)
        if check:
            return self._one(endpoint, check, checks)
        excluded = call.query.get("exclude", "").split(",")
        lines = [self._line(name, excluded) for name in checks]
        failed = any(line.startswith("[-]") for line in lines)
        if failed:
            return _plain("\n".join([*lines, f"{endpoint} check failed", ""]), 500)
        if "verbose" not in call.query:
            return _plain("ok", 200)
        return _plain("\n".join([*lines, f"{endpoint} check passed", ""]), 200)

    def _line(self, name: str, excluded: list[str]) -> str:
        if name in excluded:
            return f"[+]{name} excluded: ok"
        return f"[-]{name} failed: reason withheld" if name in self._failing else f"[+]{name} ok"

    def _one(self, endpoint: str, check: str, checks: tuple[str, ...]) -> Answer:
        if check not in checks:
            raise NoSuchPath(f"/{endpoint}/{check}")
        if check in self._failing:
            return _plain(f"internal server error: {check} failed\n", 500)
        return _plain("ok", 200)


def is_health_path(path: str) -> bool:
    """Whether the path belongs to these endpoints."""
    endpoint, slash, check = path[1:].partition("/")
    return endpoint in _ENDPOINTS and bool(check or not slash)


def _checks(endpoint: str) -> tuple[str, ...]:
    late = ("shutdown",) if endpoint == "readyz" else ()
    return (*_ENDPOINTS[endpoint], *(f"poststarthook/{hook}" for hook in _HOOKS), *late)


def _plain(text: str, status: int) -> Answer:
    headers: Mapping[str, str] = _NO_SNIFF
    return Answer(text.encode(), status, _TEXT, headers)
