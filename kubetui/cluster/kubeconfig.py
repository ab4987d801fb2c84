"""Which cluster to talk to and as whom: kubeconfig files merged as kubectl merges them, or a pod's own account.

Source of the rules: k8s.io/client-go/tools/clientcmd/loader.go (``ClientConfigLoadingRules.Load``): of a
KUBECONFIG list the first file wins, for entries by name and for ``current-context``; missing files are passed
over; relative paths stand beside the file they are written in. (kubernetes.aio lets the last current-context win.)
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from kubetui.cluster import kubeconfig_file as wire
from kubetui.cluster.errors import KubeconfigError, NoKubeconfig

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
IN_CLUSTER = "in-cluster"
OWN_RESOURCE_MANAGER = "kubetui.demo/resource-manager"
"""A cluster's extension: where the demo answers as Azure Resource Manager, ``{"endpoint": …, "token": …}``."""
_AKS_DOMAINS = (".azmk8s.io", ".cx.prod.service.azk8s.cn", ".cx.aks.containerservice.azure.us")
"""Public, China, US Government; private clusters' names end alike."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster entry; paths are absolute or relative to ``folder``. ``source``: where it stands, for messages."""

    name: str
    entry: wire.ClusterEntry
    folder: Path
    source: str


@dataclass(frozen=True, slots=True)
class User:
    """A user entry; paths are absolute or relative to ``folder``."""

    name: str
    entry: wire.UserEntry
    folder: Path


@dataclass(frozen=True, slots=True)
class Context:
    """A context: which cluster, as which user, in which namespace at first."""

    name: str
    cluster: str
    user: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Target:
    """All that is needed to reach one cluster as one user."""

    context: str
    namespace: str
    """The namespace that the context names; ``""`` where it names none."""
    server: str
    """URL without a slash at its end; it may have a path (Rancher)."""
    user: User | None = None
    """None: anonymous."""
    ca_file: Path | None = None
    ca_data: str | None = field(default=None, repr=False)
    """Base64 of PEM; wins over ``ca_file``."""
    tls_server_name: str | None = None
    insecure_skip_tls_verify: bool = False
    proxy_url: str | None = field(default=None, repr=False)  # may hold a password
    disable_compression: bool = False
    exec_config: object = None
    """The cluster's extension ``client.authentication.k8s.io/exec``, handed to exec plugins."""
    own_resource_manager: object = field(default=None, repr=False, hash=False)  # holds a token
    """The cluster's extension ``OWN_RESOURCE_MANAGER``, as it stands there: not checked."""
    cluster: str = ""
    source: str = ""
    """Where it comes from, for messages: the path of the file, in a pod that of the account's folder."""

    @property
    def is_aks(self) -> bool:
        """True where the server's name is one of Azure Kubernetes Service: advice may then name ``az``."""
        from urllib.parse import urlsplit

        return (urlsplit(self.server).hostname or "").endswith(_AKS_DOMAINS)

    @property
    def is_tunnel(self) -> bool:
        """True where the server's address is this machine, and its certificate another's: the near end of a tunnel."""
        from urllib.parse import urlsplit

        host = urlsplit(self.server).hostname or ""
        here = host in ("localhost", "::1") or host.startswith("127.")
        return here and (self.tls_server_name is not None or self.insecure_skip_tls_verify)


@dataclass(frozen=True, slots=True)
class KubeConfig:
    """The merged configuration."""

    contexts: Mapping[str, Context]
    clusters: Mapping[str, Cluster]
    users: Mapping[str, User]
    current: str = ""
    files: tuple[Path, ...] = ()

    @staticmethod
    def load(explicit: Path | None, environ: Mapping[str, str], service_account: Path = SERVICE_ACCOUNT) -> KubeConfig:
        """Read and merge, as kubectl does; a pod's own account where no kubeconfig exists.

        Reads files, so call it off the event loop where they may be on a network drive. Raises KubeconfigError.
        """
        if explicit is not None:
            return _merge([_read_explicit(explicit)])
        paths = kubeconfig_paths(environ)
        found = [(path, entries) for path in paths if (entries := _read_if_there(path)) is not None]
        if found:
            return _merge(found)
        in_cluster = _in_cluster(environ, service_account)
        if in_cluster is None:
            raise _nothing_found(paths, environ)
        return in_cluster

    def context_names(self) -> tuple[str, ...]:
        """All contexts, in the order of the files."""
        return tuple(self.contexts)

    def context(self, name: str | None = None) -> Target:
        """The target of the named context, or of the current one. Raises KubeconfigError."""
        wanted = name or self.current
        tried = f"use context {wanted}" if wanted else "use the current context"
        if not wanted:
            raise KubeconfigError(tried, f"none is set in {self._where()}", self._choose_advice(""))
        context = self.contexts.get(wanted)
        if context is None:
            raise KubeconfigError(tried, f"no such context in {self._where()}", self._choose_advice(wanted))
        return _target(context, self._cluster_of(context, tried), self._user_of(context, tried))

    def _cluster_of(self, context: Context, tried: str) -> Cluster:
        if context.cluster in self.clusters:
            return self.clusters[context.cluster]
        answer = f"it names the cluster {context.cluster!r}, which is not there" if context.cluster else "no cluster"
        raise KubeconfigError(tried, answer, _known("clusters", self.clusters, context.cluster))

    def _user_of(self, context: Context, tried: str) -> User | None:
        if not context.user:
            return None
        if context.user in self.users:
            return self.users[context.user]
        answer = f"it names the user {context.user!r}, which is not there"
        raise KubeconfigError(tried, answer, _known("users", self.users, context.user))

    def _where(self) -> str:
        return ", ".join(str(path) for path in self.files) or "the kubeconfig"

    def _choose_advice(self, wanted: str) -> str:
        if not self.contexts:
            return (
                "it has no contexts at all; for AKS run: az aks get-credentials --resource-group … --name …, "
                "or look around with: kubetui demo"
            )
        return _known("contexts", self.contexts, wanted) + "; choose with --context NAME"


def kubeconfig_paths(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where kubectl would look: KUBECONFIG's list, else ``~/.kube/config``."""
    listed = [part for part in environ.get("KUBECONFIG", "").split(os.pathsep) if part]
    if listed:
        return tuple(dict.fromkeys(Path(part) for part in listed))
    home = environ.get("HOME") or environ.get("USERPROFILE") or ""
    return (Path(home) / ".kube" / "config",) if home else ()


def current_context_hint(environ: Mapping[str, str], explicit: Path | None = None) -> str | None:
    """The current context's name for the first frame, by a scan of lines; None if unknown. Never raises."""
    for path in (explicit,) if explicit else kubeconfig_paths(environ):
        try:
            if not path.is_file():  # a pipe can be read once only, and not here
                continue
            with path.open("rb") as file:
                text = file.read(wire.MAX_BYTES).decode("utf-8", "replace")
        except (OSError, ValueError):
            continue
        for line in text.splitlines():
            if line.startswith("current-context:"):
                name = line.partition(":")[2].partition(" #")[0].strip().strip("\"'")
                if name:
                    return name
    return None


def _read_explicit(path: Path) -> tuple[Path, wire.KubeconfigFile]:
    try:
        return path, wire.read(path)
    except FileNotFoundError:
        raise KubeconfigError(f"read kubeconfig {path}", "no such file", "check --kubeconfig") from None


def _read_if_there(path: Path) -> wire.KubeconfigFile | None:
    try:
        return wire.read(path)
    except FileNotFoundError:
        return None


def _merge(files: Iterable[tuple[Path, wire.KubeconfigFile]]) -> KubeConfig:
    """First wins, by name."""
    contexts: dict[str, Context] = {}
    clusters: dict[str, Cluster] = {}
    users: dict[str, User] = {}
    current = ""
    paths: list[Path] = []
    for path, file in files:
        paths.append(path)
        folder = Path(os.path.abspath(path)).parent
        for cluster in _distinct(path, "clusters", file.clusters):
            entry = cluster.cluster or wire.ClusterEntry()
            clusters.setdefault(cluster.name, Cluster(cluster.name, entry, folder, str(path)))
        for user in _distinct(path, "users", file.users):
            users.setdefault(user.name, User(user.name, user.user or wire.UserEntry(), folder))
        for context in _distinct(path, "contexts", file.contexts):
            contexts.setdefault(context.name, _context(context))
        current = current or file.current_context or ""
    return KubeConfig(contexts, clusters, users, current, tuple(paths))


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def _distinct(path: Path, section: str, entries: list[_N] | None) -> list[_N]:
    """The entries; raises KubeconfigError where one file names two alike, as kubectl does."""
    seen: set[str] = set()
    for entry in entries or ():
        if entry.name in seen:
            answer = f"{section} has two entries named {entry.name!r}"
            raise KubeconfigError(f"read kubeconfig {path}", answer, "remove one of them")
        seen.add(entry.name)
    return entries or []


def _context(named: wire.NamedContext) -> Context:
    entry = named.context or wire.ContextEntry()
    return Context(named.name, entry.cluster or "", entry.user or "", entry.namespace or "")


def _target(context: Context, cluster: Cluster, user: User | None) -> Target:
    entry = cluster.entry
    return Target(
        context=context.name,
        namespace=context.namespace,
        server=_server(context.name, cluster),
        user=user,
        ca_file=cluster.folder / entry.certificate_authority if entry.certificate_authority else None,
        ca_data=entry.certificate_authority_data or None,
        tls_server_name=entry.tls_server_name or None,
        insecure_skip_tls_verify=bool(entry.insecure_skip_tls_verify),
        proxy_url=entry.proxy_url or None,
        disable_compression=bool(entry.disable_compression),
        exec_config=_extension(entry, "client.authentication.k8s.io/exec"),
        own_resource_manager=_extension(entry, OWN_RESOURCE_MANAGER),
        cluster=cluster.name,
        source=cluster.source,
    )


def _extension(entry: wire.ClusterEntry, name: str) -> object:
    return next((item.extension for item in entry.extensions or () if item.name == name), None)


def _server(context: str, cluster: Cluster) -> str:
    """The server's URL, checked. A bare ``host:port`` is taken as http, as client-go does."""
    from urllib.parse import urlsplit

    tried = f"use context {context}"
    server = (cluster.entry.server or "").strip()
    if not server:
        raise KubeconfigError(tried, f"the cluster {cluster.name!r} has no server", "add its server: https://…")
    if "://" not in server:
        server = f"http://{server}"
    try:
        parts = urlsplit(server)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.password or any(c.isspace() or not c.isprintable() for c in server):
        answer = f"the cluster {cluster.name!r} has a server that is no http(s) address"
        raise KubeconfigError(tried, answer, "write it as https://host:port")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _known(what: str, names: Iterable[str], wanted: str) -> str:
    """``known contexts: b, a``: the most alike first, at most ten."""
    from difflib import SequenceMatcher

    if not (known := list(names)):
        return f"there are no {what} at all"
    if wanted:
        known.sort(key=lambda name: -SequenceMatcher(None, name.lower(), wanted.lower()).ratio())
    more = f" and {len(known) - 10} more" if len(known) > 10 else ""
    return f"known {what}: {', '.join(known[:10])}{more}"


def _in_cluster(environ: Mapping[str, str], folder: Path) -> KubeConfig | None:
    """The pod's own service account, where this runs in a pod; None elsewhere."""
    host, port = environ.get("KUBERNETES_SERVICE_HOST"), environ.get("KUBERNETES_SERVICE_PORT")
    if not host or not port or not (folder / "token").is_file():
        return None
    try:
        namespace = (folder / "namespace").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        namespace = ""
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    cluster = wire.ClusterEntry(server=server, certificate_authority="ca.crt")
    return KubeConfig(
        contexts={IN_CLUSTER: Context(IN_CLUSTER, IN_CLUSTER, IN_CLUSTER, namespace)},
        clusters={IN_CLUSTER: Cluster(IN_CLUSTER, cluster, folder, str(folder))},
        users={IN_CLUSTER: User(IN_CLUSTER, wire.UserEntry(token_file="token"), folder)},  # noqa: S106 – a file's name
        current=IN_CLUSTER,
    )


def _nothing_found(paths: tuple[Path, ...], environ: Mapping[str, str]) -> NoKubeconfig:
    looked = ", ".join(str(path) for path in paths) or "~/.kube/config (but HOME is not set)"
    why = " (from KUBECONFIG)" if environ.get("KUBECONFIG") else ""
    return NoKubeconfig(
        "find a kubeconfig",
        f"nothing at {looked}{why}, and this is no pod with a service account",
        "for AKS run: az login, then az aks get-credentials --resource-group … --name …; "
        "without a cluster, look around with: kubetui demo",
    )
