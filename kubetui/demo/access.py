"""Who may do what in the demo: users with tokens and RBAC rules, and the words of a refusal."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from kubetui.demo.request_info import RequestInfo
from kubetui.demo.status import ApiError, unauthorized

_PUBLIC_PATHS = ("/healthz", "/livez", "/readyz", "/version", "/version/")
"""ClusterRole system:public-info-viewer, bound to everybody."""
_DISCOVERY_PATHS = (*_PUBLIC_PATHS, "/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*")
"""ClusterRole system:discovery, bound to all who sign in."""
_ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a role allows; ``*`` stands for everything."""

    verbs: tuple[str, ...]
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    """``pods`` or ``pods/log``; ``*`` covers subresources."""
    namespaces: tuple[str, ...] = (_ANYTHING,)
    """Where it holds; anything but ``*`` leaves out requests over all namespaces."""

    def allows(self, verb: str, group: str, resource: str, namespace: str) -> bool:
        """Whether this rule covers the request."""
        return (
            _covers(self.verbs, verb)
            and _covers(self.groups, group)
            and _covers(self.resources, resource)
            and _covers(self.namespaces, namespace)
        )


def _covers(granted: tuple[str, ...], wanted: str) -> bool:
    return _ANYTHING in granted or wanted in granted


BASIC = (
    Rule(("create",), ("authorization.k8s.io",), ("selfsubjectaccessreviews", "selfsubjectrulesreviews")),
    Rule(("create",), ("authentication.k8s.io",), ("selfsubjectreviews",)),
)
"""ClusterRole system:basic-user: everybody may ask who they are and what they may."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a token."""

    name: str
    rules: tuple[Rule, ...]
    groups: tuple[str, ...] = ("system:authenticated",)
    paths: tuple[str, ...] = ()
    """Non-resource paths beyond discovery and health."""
    home: str = ""
    """The namespace of the user's kubeconfig context."""
    azure: bool = False
    """Rights come from Azure RBAC by a webhook: a refusal says so, and rules cannot be listed."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    expires: float = float("inf")
    """Unix seconds of the demo's clock."""

    def may(self, verb: str, group: str, resource: str, namespace: str) -> bool:
        """Whether any rule allows it."""
        return any(rule.allows(verb, group, resource, namespace) for rule in BASIC + self.rules)

    @property
    def all_paths(self) -> tuple[str, ...]:
        """Paths that are no resources and open to the user; ``*`` at the end stands for anything."""
        return _DISCOVERY_PATHS + self.paths

    def may_visit(self, path: str) -> bool:
        """Whether a path that is no resource is open to the user."""
        return any(fnmatchcase(path, pattern) for pattern in self.all_paths)


_READ = ("get", "list", "watch")
_VIEW_CORE = (
    "bindings",
    "configmaps",
    "endpoints",
    "events",
    "limitranges",
    "persistentvolumeclaims",
    "pods",
    "pods/log",
    "pods/status",
    "replicationcontrollers",
    "resourcequotas",
    "serviceaccounts",
    "services",
)
_VIEW_GROUPS = (
    "apps",
    "autoscaling",
    "batch",
    "discovery.k8s.io",
    "networking.k8s.io",
    "policy",
    "metrics.k8s.io",
)


def cluster_reader() -> User:
    """Reads everything, nodes/proxy included; changes nothing."""
    return User("cluster-reader", (Rule(_READ, (_ANYTHING,), (_ANYTHING,)),), paths=(_ANYTHING,))


def namespace_reader(namespace: str) -> User:
    """ClusterRole view bound in one namespace: no nodes, no other namespace."""
    rules = (
        Rule(_READ, ("",), _VIEW_CORE, (namespace,)),
        Rule(_READ, _VIEW_GROUPS, (_ANYTHING,), (namespace,)),
        Rule(("get",), ("",), ("namespaces",), (namespace,)),
    )
    return User("namespace-reader", rules, home=namespace)


def node_lister() -> User:
    """May list everything but watch nothing cluster-wide that matters: nodes and pods have to be polled."""
    rules = (
        Rule(("get", "list"), ("",), ("nodes", "pods", "pods/log", "namespaces")),
        Rule(_READ, ("apps",), (_ANYTHING,)),
    )
    return User("node-lister", rules)


def azure_rbac_reader() -> User:
    """Azure Kubernetes Service RBAC Reader: no nodes, no pods/log, no leases, no secrets.

    Source: the role's data actions in Azure's built-in role definition.
    """
    core = tuple(resource for resource in _VIEW_CORE if resource not in ("pods/log", "bindings"))
    rules = (Rule(_READ, ("",), (*core, "namespaces")), Rule(_READ, _VIEW_GROUPS, (_ANYTHING,)))
    return User("azure-rbac-reader", rules, azure=True)


def log_reader(namespace: str) -> User:
    """May get pods and their logs in one namespace, by name: no lists, no watches."""
    return User("log-reader", (Rule(("get",), ("",), ("pods", "pods/log"), (namespace,)),), home=namespace)


def standard_users(namespace: str) -> tuple[User, ...]:
    """The users of the demo's kubeconfig, the reader of everything first."""
    return (cluster_reader(), namespace_reader(namespace), node_lister(), azure_rbac_reader(), log_reader(namespace))


class Gate:
    """Knows the tokens and decides."""

    def __init__(self, users: Iterable[User]) -> None:
        self._users = {user.token: user for user in users}

    @property
    def users(self) -> tuple[User, ...]:
        """Everybody with a token, in order."""
        return tuple(self._users.values())

    def expire(self, name: str, now: float) -> None:
        """Let a user's token end now; ValueError for an unknown user."""
        for token, user in self._users.items():
            if user.name == name:
                self._users[token] = replace(user, expires=now)
                return
        raise ValueError(f"there is no user {name!r}; there are: {', '.join(user.name for user in self.users)}")

    def identify(self, token: str, path: str, now: float) -> User | None:
        """The user with the token; None for a stranger on a public path; else ``ApiError`` 401."""
        user = self._users.get(token)
        if user is not None and now < user.expires:
            return user
        if not token and path in _PUBLIC_PATHS:
            return None
        raise unauthorized()

    @staticmethod
    def authorize(user: User | None, info: RequestInfo) -> None:
        """Raise ``ApiError`` 403 in RBAC's words unless the user may."""
        if user is None:
            return
        if not info.is_resource:
            if not user.may_visit(info.path):
                raise _forbidden_path(user, info.path)
        elif not user.may(info.verb, info.group, info.resource_path, info.namespace):
            raise _forbidden(user, info)


def bearer_token(authorization: str) -> str:
    """The token of an Authorization header, ``""`` for none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _forbidden_path(user: User, path: str) -> ApiError:
    return ApiError(403, "Forbidden", f'forbidden: User "{user.name}" cannot get path "{path}"', details={})


_AZURE_REFUSAL = ": User does not have access to the resource in Azure. Update role assignment to allow access."


def _forbidden(user: User, info: RequestInfo) -> ApiError:
    qualified = f"{info.resource}.{info.group}" if info.group else info.resource
    subject = f'{qualified} "{info.name}"' if info.name else qualified
    where = f'in the namespace "{info.namespace}"' if info.namespace else "at the cluster scope"
    message = (
        f'{subject} is forbidden: User "{user.name}" cannot {info.verb} resource "{info.resource_path}" '
        f'in API group "{info.group}" {where}'
    )
    details = {"name": info.name} if info.name else {}
    if info.group:
        details["group"] = info.group
    details["kind"] = info.resource
    return ApiError(403, "Forbidden", message + (_AZURE_REFUSAL if user.azure else ""), details=details)
