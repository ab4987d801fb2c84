"""A real Kubernetes control plane on free ports of 127.0.0.1: etcd, API server, controller manager, scheduler.

Everything here blocks, because it starts and awaits processes: async tests call what takes long with
``asyncio.to_thread``. Several control planes may run at once; each has a temporary folder of its own.
"""

from __future__ import annotations

import itertools
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cluster import kubeconfig
from tests.cluster.api_client import ApiClient, Json, Refused
from tests.cluster.binaries import Binaries
from tests.cluster.certificates import Authority, Certificate, signing_key
from tests.cluster.etcd import Etcd
from tests.cluster.processes import Household, free_port

_READY_SECONDS = 120.0  # a loaded machine of two cores; an idle one takes six
_POLL_SECONDS = 0.1
_KUBECTL_SECONDS = 60.0

LOOPBACK = "127.0.0.1"
# The address in the `kubernetes` Service's endpoints: loopback is refused there, and without nodes nobody dials it.
_NOBODY = "192.0.2.1"
_SERVER_NAMES = ("DNS:localhost", "DNS:kubernetes", "DNS:kubernetes.default.svc")

API_SERVER = "kube-apiserver"
CONTROLLER_MANAGER = "kube-controller-manager"
SCHEDULER = "kube-scheduler"


class NotReady(Exception):
    """The control plane runs but did not become ready in time; the text holds the API server's last words."""


class ControlPlane:
    """One control plane; ``start`` it, or use it as a context manager; ``down`` leaves nothing behind.

    ``data``: a folder with ``etcd`` and ``pki`` to begin with instead of an empty cluster (it is taken over by
    moving; see ``snapshot.py``). ``api_server_args``, ``controller_manager_args``: flags beside the usual ones.
    ``address``: where store and API server listen, if not on loopback.
    """

    def __init__(
        self,
        binaries: Binaries,
        *,
        api_server_args: Sequence[str] = (),
        controller_manager_args: Sequence[str] = (),
        data: Path | None = None,
        address: str = LOOPBACK,
    ) -> None:
        self.binaries = binaries
        self.household = Household()
        self.folder = self.household.folder
        self.port = free_port()
        self.address = address
        self.server = f"https://{address}:{self.port}"
        self.etcd = Etcd(free_port(), address)
        self._etcd_peer_port = free_port()
        self._args = tuple(api_server_args)
        self._controller_manager_args = tuple(controller_manager_args)
        self._numbers = itertools.count()
        self._controllers: list[str] = []  # those that are to run
        if data:
            for part in ("etcd", "pki"):
                shutil.move(data / part, self.folder / part)
        self._make_certificates()

    # -- life

    def start(self) -> Self:
        """Start everything and wait until it is ready; on failure everything is taken down again."""
        try:
            self.start_etcd()
            self.start_api_server()
            self.start_controllers()
            for namespace in ("default", "kube-system"):
                self._await_service_account(namespace)
        except BaseException:
            self.down()
            raise
        return self

    def down(self) -> None:
        """End every process and remove the folder; may be called twice."""
        self.household.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    # -- parts

    def start_etcd(self) -> None:
        """Start the store; it is ready when the API server is."""
        client, peer = (f"http://{self.address}:{port}" for port in (self.etcd.port, self._etcd_peer_port))
        self._run(
            "etcd",
            [
                str(self.binaries["etcd"]),
                f"--data-dir={self.folder / 'etcd'}",
                f"--listen-client-urls={client}",
                f"--advertise-client-urls={client}",
                f"--listen-peer-urls={peer}",
                f"--initial-advertise-peer-urls={peer}",
                f"--initial-cluster=default={peer}",
                "--log-level=warn",
                "--quota-backend-bytes=6000000000",
                "--max-request-bytes=10000000",  # so that a filling test may write some hundred objects at once
                "--max-txn-ops=1024",
                "--unsafe-no-fsync",  # nothing here must survive a power cut
            ],
        )

    def stop_etcd(self) -> None:
        """Stop the store; the API server goes on, unready, and answers reads from its caches or not at all."""
        self.household.stop("etcd")

    def start_api_server(self, *more_args: str) -> None:
        """Start the API server, with further flags if given, and wait for /readyz; same port and data as before.

        Controllers that gave up meanwhile (they do when they cannot renew their lease for ten seconds) come back.
        """
        self._run(API_SERVER, [*self._api_server_command(), *self._args, *more_args])
        self._await("/readyz", lambda: self.admin.get("/readyz") == "ok")
        for name in self._controllers:
            if not self.household.running(name):
                self._start_controller(name)

    def stop_api_server(self, *, grace: float = 1.0) -> None:
        """Stop the API server and wait until it is gone.

        It is asked politely and killed after ``grace`` seconds, since it would wait a minute for its watchers to
        go; 0 kills it at once, as a crash would.
        """
        self.household.stop(API_SERVER, grace=grace)

    def restart_api_server(self, *more_args: str, grace: float = 1.0) -> None:
        """Stop, then start with further flags, which hold until the next restart."""
        self.stop_api_server(grace=grace)
        self.start_api_server(*more_args)

    def start_controllers(self) -> None:
        """Start controller manager and scheduler (they elect themselves leaders at once)."""
        for name in (CONTROLLER_MANAGER, SCHEDULER):
            self._start_controller(name)
            self._controllers.append(name)

    def stop_controllers(self) -> None:
        """Stop controller manager and scheduler: nothing reconciles until they are started again."""
        for name in self._controllers:
            self.household.stop(name, grace=0)  # they hold nothing that a polite end would save
        self._controllers.clear()

    def compact_etcd(self) -> int:
        """Forget all history of the store, and give the revision up to which it is forgotten.

        Continuing an older list then gets a real 410. A watch from an older version gets it only once the API
        server's own memory of changes is gone too: restart it, or run it with ``--watch-cache=false``.
        """
        revision = self.etcd.revision()
        self.etcd.compact(revision)
        return revision

    # -- identities

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        """A kubeconfig with a fresh client certificate for this user; what it may do is up to RBAC."""
        return self._kubeconfig(f"user-{next(self._numbers)}", user, groups)

    def kubeconfig_with_token(self, token: str) -> Path:
        """A kubeconfig that signs in with a bearer token."""
        path = self.folder / f"token-{next(self._numbers)}.kubeconfig"
        return kubeconfig.write(path, self.server, self.authority.root.certificate, token=token)

    def service_account_token(self, namespace: str, name: str, seconds: int = 3600) -> str:
        """A fresh token of a ServiceAccount, by TokenRequest; ten minutes is the shortest the server grants."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token"
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": seconds},
        }
        return str(self.admin.post(path, request)["status"]["token"])

    def client_for(self, user: str, groups: Sequence[str] = ()) -> ApiClient:
        """A plain client with a fresh client certificate for this user."""
        return self._client(self.authority.issue(f"user-{next(self._numbers)}", user, organizations=groups))

    def client_with_token(self, token: str) -> ApiClient:
        """A plain client that signs in with a bearer token."""
        return ApiClient(self.server, self._tls(), token)

    def grant(self, user: str, role: str, *, namespace: str | None = None) -> None:
        """Bind a ClusterRole (``view``, ``cluster-admin``) to a user, in one namespace or in all."""
        kind = "RoleBinding" if namespace else "ClusterRoleBinding"
        within = f"/namespaces/{namespace}" if namespace else ""
        api = "rbac.authorization.k8s.io"
        self.admin.post(
            f"/apis/{api}/v1{within}/{kind.lower()}s",
            {
                "metadata": {"generateName": "granted-"},
                "roleRef": {"apiGroup": api, "kind": "ClusterRole", "name": role},
                "subjects": [{"apiGroup": api, "kind": "User", "name": user}],
            },
        )

    # -- tools

    def create_namespace(self, name: str) -> None:
        """Create a namespace with its default ServiceAccount, without which no pod is admitted.

        The controller manager would make the account too, but seconds later if the API server was away before.
        """
        self.admin.post("/api/v1/namespaces", {"metadata": {"name": name}})
        try:
            self.admin.post(f"/api/v1/namespaces/{name}/serviceaccounts", {"metadata": {"name": "default"}})
        except Refused as refused:
            if refused.status != 409:  # the controller manager was faster
                raise

    def kubectl(self, *arguments: str, stdin: str | None = None, kubeconfig: Path | None = None) -> str:
        """Run kubectl, as admin unless told otherwise; its output, or ``CalledProcessError``."""
        command = [
            str(self.binaries["kubectl"]),
            f"--kubeconfig={kubeconfig or self.admin_kubeconfig}",
            *arguments,
        ]
        done = subprocess.run(command, input=stdin, text=True, capture_output=True, timeout=_KUBECTL_SECONDS)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        return done.stdout

    def logs(self) -> str:
        """The end of every program's log, for messages."""
        names = sorted(path.stem for path in (self.folder / "log").glob("*.log"))
        return "\n".join(f"--- {name}\n{self.household.tail(name)}" for name in names)

    # -- inside

    def _make_certificates(self) -> None:
        pki = self.folder / "pki"
        self.authority = Authority(pki, "kubernetes-ca")
        self._front = Authority(pki, "front-proxy-ca")
        signing_key(pki / "sa.key", pki / "sa.pub")
        addresses = sorted({LOOPBACK, "10.0.0.1", self.address})
        self._serving = self.authority.issue(
            "apiserver",
            "kube-apiserver",
            alternatives=",".join([*(f"IP:{address}" for address in addresses), *_SERVER_NAMES]),
        )
        self._kubelet_client = self.authority.issue(
            "kubelet-client", "kube-apiserver-kubelet-client", organizations=["system:masters"]
        )
        self._front_client = self._front.issue("front-proxy-client", "front-proxy-client")
        admin = self.authority.issue("admin", "admin", organizations=["system:masters"])
        self.admin = self._client(admin)
        self.admin_kubeconfig = kubeconfig.write(
            self.folder / "admin.kubeconfig", self.server, self.authority.root.certificate, certificate=admin
        )

    def _api_server_command(self) -> list[str]:
        pki = self.folder / "pki"
        return [
            str(self.binaries[API_SERVER]),
            f"--etcd-servers=http://{self.address}:{self.etcd.port}",
            f"--secure-port={self.port}",
            f"--bind-address={self.address}",
            f"--advertise-address={_NOBODY if self.address == LOOPBACK else self.address}",
            f"--tls-cert-file={self._serving.certificate}",
            f"--tls-private-key-file={self._serving.key}",
            f"--client-ca-file={self.authority.root.certificate}",
            f"--service-account-key-file={pki / 'sa.pub'}",
            f"--service-account-signing-key-file={pki / 'sa.key'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-cluster-ip-range=10.0.0.0/16",
            "--authorization-mode=Node,RBAC",
            "--allow-privileged=true",
            "--enable-aggregator-routing=true",
            f"--kubelet-client-certificate={self._kubelet_client.certificate}",
            f"--kubelet-client-key={self._kubelet_client.key}",
            "--kubelet-preferred-address-types=InternalIP,Hostname",
            f"--requestheader-client-ca-file={self._front.root.certificate}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-username-headers=X-Remote-User",
            f"--proxy-client-cert-file={self._front_client.certificate}",
            f"--proxy-client-key-file={self._front_client.key}",
        ]

    def _start_controller(self, name: str) -> None:
        self._forget_leader(name)
        self._run(name, self._controller_command(name))

    def _run(self, name: str, command: list[str]) -> None:
        """Start one of the programs."""
        self.household.start(name, command)

    def _controller_command(self, name: str) -> list[str]:
        command = [
            str(self.binaries[name]),
            f"--kubeconfig={self._component_kubeconfig(name)}",
            "--secure-port=0",
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
        ]
        if name == CONTROLLER_MANAGER:
            root = self.authority.root
            command += [
                f"--service-account-private-key-file={self.folder / 'pki' / 'sa.key'}",
                f"--root-ca-file={root.certificate}",
                f"--cluster-signing-cert-file={root.certificate}",
                f"--cluster-signing-key-file={root.key}",
                "--use-service-account-credentials=true",
                *self._controller_manager_args,
            ]
        return command

    def _component_kubeconfig(self, name: str) -> Path:
        path = self.folder / f"{name}.kubeconfig"
        return path if path.exists() else self._kubeconfig(name, f"system:{name}", ())

    def _kubeconfig(self, file_name: str, user: str, groups: Sequence[str]) -> Path:
        made = self.authority.issue(file_name, user, organizations=groups)
        path = self.folder / f"{file_name}.kubeconfig"
        return kubeconfig.write(path, self.server, self.authority.root.certificate, certificate=made)

    def _client(self, certificate: Certificate) -> ApiClient:
        tls = self._tls()
        tls.load_cert_chain(certificate.certificate, certificate.key)
        return ApiClient(self.server, tls)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority.root.certificate))

    def _forget_leader(self, name: str) -> None:
        """Remove a former leader's lease: who it named is gone, and waiting for it to lapse takes 15 seconds."""
        try:
            self.admin.delete(f"/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/{name}")
        except Refused as refused:
            if refused.status != 404:
                raise

    def _await_service_account(self, namespace: str) -> None:
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
        self._await(path, partial(self.admin.get, path), CONTROLLER_MANAGER)

    def _await(self, what: str, done: Callable[[], Json], *programs: str) -> None:
        """Ask until ``done``; raises ``Died`` if a program it needs is gone, ``NotReady`` after two minutes."""
        deadline, last = time.monotonic() + _READY_SECONDS, "nothing"
        while time.monotonic() < deadline:
            for program in ("etcd", API_SERVER, *programs):
                self.household.check(program)
            try:
                if done():
                    return
            except (OSError, Refused) as refusal:
                last = str(refusal)
            time.sleep(_POLL_SECONDS)
        raise NotReady(f"no {what} after {_READY_SECONDS:.0f} s: {last}\n{self.logs()}")
