"""How the app reaches clusters. ``compose.py`` fulfils it, so that nothing heavy comes before the first frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only a name here: the session brings HTTP with it, which comes after the first frame.
    from kubetui.azure.machine_feed import MachineFeed
    from kubetui.cluster.kubeconfig_watch import KubeconfigWatch
    from kubetui.cluster.session import Session
    from kubetui.cluster.sign_in import SignIns
    from kubetui.cluster.who import Account
    from kubetui.commands.place import ClusterPlace


@dataclass(frozen=True)
class Connected:
    """A session, and what its context says about where to look."""

    session: Session
    namespace: str
    """The context's namespace; ``""`` where it names none."""
    insecure: bool = False
    """The server's certificate is not checked (``insecure-skip-tls-verify``)."""
    sign_ins: SignIns | None = None
    """The session's sign-ins, for a person to look after."""
    account: Account | None = None
    """How the session signs in."""
    place: ClusterPlace | None = None
    """How commands to copy reach the cluster; None: ``kubectl`` alone does."""
    files: KubeconfigWatch | None = None
    """The kubeconfig files behind it, which may change."""
    azure: MachineFeed | None = None
    """The machines under the nodes, as Azure has them; asked for nothing until somebody looks."""


class Connector(Protocol):
    """Where sessions come from."""

    def hint(self) -> str:
        """The context's name for the first frame, at no cost; ``""`` where that can't be told."""

    async def contexts(self) -> Sequence[str]:
        """All contexts' names. Raises ClusterError types."""

    async def connect(self, context: str | None) -> Connected:
        """A session of ``context``, None: the current one. Raises ClusterError types.

        Nothing is asked of the server yet: whether it answers is each store's state.
        """

    def use_demo(self) -> None:
        """From now on, sessions are the demo's."""

    async def close(self) -> None:
        """The app ends: give back what stands behind the sessions."""
