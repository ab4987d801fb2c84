"""Azure's view of the machines, read again each minute while somebody looks, with its own visible backoff."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from kubetui.azure.changing_sets import changing_sets, with_read
from kubetui.azure.clouds import PUBLIC, Cloud
from kubetui.azure.machines import Machines, Place
from kubetui.azure.tenants import Tenant
from kubetui.cluster.clock import Clock, until_set
from kubetui.cluster.collector import collector_paused
from kubetui.cluster.errors import ClusterError, Forbidden, Overloaded, SignInFailed, Unauthorized
from kubetui.cluster.token import TokenSource

if TYPE_CHECKING:
    from kubetui.azure.resource_manager import ResourceManager

log = logging.getLogger(__name__)

PERIOD = 60.0
"""Seconds between two looks. The allowance of reads is shared with the cluster's own autoscaler and cloud provider:
who reads greedily can stop a cluster from scaling."""
SOON = 15.0
"""Seconds between two looks at a scale set that changes and is in view, one call each."""
UNSEEN = 10.0
"""Seconds after which nobody looks: the pane is open below another, and says nothing of being painted."""
LONGEST = 600.0
"""Seconds that the pause grows to while Azure refuses."""

Wanted = Mapping[Place, frozenset[str]]
"""Node resource groups, each with the machines without a scale set that nodes run on."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to reach a cloud's resource manager."""

    endpoint: str
    tokens: TokenSource


class PersonTokens(TokenSource, Protocol):
    """Tokens of a person who has to sign in first."""

    @property
    def ended(self) -> bool:
        """The sign-in is over: there will be no token before another one."""

    async def sign_in(self) -> None:
        """Ask them, once. Raises SignInFailed."""


class ByHand(Protocol):
    """How a person may sign in, who is asked only when they choose to be."""

    @property
    def endpoint(self) -> str:
        """The resource manager."""

    def tenants(self, subscriptions: Collection[str]) -> Sequence[Tenant]:
        """The tenants to choose from for nodes of these subscriptions; at least one. May read files."""

    def tokens(self, tenant: str) -> PersonTokens:
        """What signs in to a tenant."""


class Offer(Protocol):
    """Finds how to sign in without asking anybody; None where a person would have to. May read files."""

    def __call__(self) -> SignIn | None:
        """The way."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is known now, and what comes next. Times are Unix seconds."""

    machines: Machines | None = None
    error: ClusterError | None = None
    """Of the last look, if it failed; ``machines`` are older then."""
    next_at: float = 0.0
    """When Azure is asked again after a failure."""
    signed_out: bool = False
    """There is no credential that asks nobody."""


class MachineFeed:
    """One cluster's machines, for all panes together. ``follow`` begins, ``rest`` ends; what was read stays, with its
    age."""

    def __init__(
        self,
        offer: Offer,
        clock: Clock,
        *,
        cloud: Cloud = PUBLIC,
        by_hand: ByHand | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """``environ``: which proxy is on the way to Azure and whom TLS trusts; this process' own where None."""
        self.look = Look()
        self._environ = environ
        self.offer, self._clock = offer, clock
        self.cloud = cloud
        self.by_hand = by_hand
        """None where there is nothing that a person could sign in to."""
        self.reads = 0
        """Requests to Azure so far."""
        self._sign_in: SignIn | None = None
        self._person: PersonTokens | None = None
        """Who signed in by hand, while that lasts."""
        self._wanted: Wanted = {}
        self._followers: dict[object, tuple[Wanted, Callable[[], None]]] = {}
        self._asking: frozenset[str] = frozenset()
        """All followers look at the same nodes: who told last knows best."""
        self._task: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        self._due = 0.0
        """When all is read next, on the monotonic clock."""
        self._seen_at = 0.0
        self._in_view: Collection[str] = ()
        self._looked = asyncio.Event()

    def follow(
        self,
        wanted: Wanted,
        changed: Callable[[], None],
        who: object = None,
        asking: frozenset[str] = frozenset(),
    ) -> None:
        """Read ``wanted`` now, if that is not known, and each minute; other places are read at once.

        ``who`` follows: a pane that is open below another one goes on when that rests. All share one look.
        ``asking``: machines without a scale set whose nodes are not ready: of those Azure is asked first.
        """
        self._followers[who] = wanted, changed
        self._asking = asking
        self.seen()
        together = self._together()
        if not together:
            return
        if together.keys() - self._wanted.keys():
            self._again.set()
        self._wanted = together
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="Azure machines")

    def _together(self) -> dict[Place, frozenset[str]]:
        found: dict[Place, frozenset[str]] = {}
        for wanted, _ in self._followers.values():
            for place, singles in wanted.items():
                found[place] = found.get(place, frozenset()) | singles
        return found

    def seen(self, sets: Collection[str] = ()) -> None:
        """Somebody looks at the machines now; without this nothing more is read.

        ``sets``: ids of the scale sets in view. While they change they are read each ``SOON`` seconds.
        """
        self._seen_at, self._in_view = self._clock.monotonic(), sets
        self._looked.set()

    def rest(self, who: object = None) -> None:
        """``who`` looks no more; nothing is read once nobody does."""
        self._followers.pop(who, None)
        if not self._followers and self._task is not None:
            self._task.cancel()
            self._task = None

    def retry_now(self) -> None:
        """A person asks; not before the time that Azure named."""
        throttled = isinstance(self.look.error, Overloaded) and self.look.error.retry_after is not None
        if not throttled or self._clock.now() >= self.look.next_at:
            self._again.set()

    @property
    def subscriptions(self) -> frozenset[str]:
        """Those that the nodes are in."""
        return frozenset(place.subscription for place in self._wanted)

    async def sign_in(self, tenant: str) -> None:
        """Let a person sign in, who chose to, and read with their rights from now on. Raises SignInFailed."""
        if self.by_hand is None:
            raise SignInFailed("sign in to Azure", "there is nothing to sign in to")
        tokens = self.by_hand.tokens(tenant)
        await tokens.sign_in()
        self._person = tokens
        self._sign_in = SignIn(self.by_hand.endpoint, tokens)
        self.retry_now()

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                # Who leaves and comes back within the minute sees what was read then.
                await self._until_due()
                await self._somebody()
                self._again.clear()
                self._due = self._clock.monotonic() + PERIOD
                self._tell(await self._next_look())
                failures = 0
            except ClusterError as error:
                failures += 1
                self._failed(error, failures)
            except Exception as defect:  # nobody awaits this task: without words it would end in silence
                log.exception("reading Azure failed")
                failures += 1
                what = f"{type(defect).__name__}, a defect of kubetui"
                self._failed(ClusterError("read Azure", what, "the log file has the details"), failures)

    def _failed(self, error: ClusterError, failures: int) -> None:
        if self._person is not None and self._person.ended:
            self._person = self._sign_in = None  # what asks nobody may be there by now
        pause = pause_after(error, failures)
        self._due = self._clock.monotonic() + pause
        self._tell(Look(self.look.machines, error, self._clock.now() + pause))

    def _tell(self, look: Look) -> None:
        self.look = look
        for _, changed in tuple(self._followers.values()):
            changed()

    async def _until_due(self) -> None:
        """Until all is to be read again; what changes in view is read meanwhile. Raises ClusterError types."""
        while not self._again.is_set() and (left := self._due - self._clock.monotonic()) > 0:
            await until_set(self._again, self._clock, min(left, SOON))
            if left > SOON and not self._again.is_set():
                await self._read_changing()

    async def _read_changing(self) -> None:
        machines = self.look.machines
        if machines is None or self._sign_in is None or self.look.error is not None or not self._looked_at:
            return
        sets = changing_sets(machines, self._in_view)
        if not sets:
            return
        async with self._resource_manager(self._sign_in) as azure:
            from kubetui.azure.scale_sets import read_instances

            found = await read_instances(azure, sets, self._clock.now())
            self._tell(Look(with_read(machines, sets, found, azure.budget)))

    @property
    def _looked_at(self) -> bool:
        return self._clock.monotonic() - self._seen_at <= UNSEEN

    async def _somebody(self) -> None:
        while not self._looked_at:
            self._looked.clear()
            await self._looked.wait()

    async def _next_look(self) -> Look:
        if self._sign_in is None:
            self._sign_in = await asyncio.to_thread(self.offer)
        if self._sign_in is None:
            return Look(signed_out=True)
        # Half a second of imports, in a thread: the panes go on meanwhile.
        if "kubetui.azure.scale_sets" not in sys.modules:
            with collector_paused():  # what a library leaves is not garbage, and is not looked through ever after
                await asyncio.to_thread(import_module, "kubetui.azure.scale_sets")
        from kubetui.azure.quiet import log_to_our_file
        from kubetui.azure.scale_sets import read_machines

        log_to_our_file()
        async with self._resource_manager(self._sign_in) as azure:
            now, before = self._clock.now(), self.look.machines
            return Look(await read_machines(azure, self._wanted, now, before, self._asking))

    @asynccontextmanager
    async def _resource_manager(self, sign_in: SignIn) -> AsyncIterator[ResourceManager]:
        """Connections for one look alone: none of them would last the minute until the next."""
        from kubetui.azure.resource_manager import ResourceManager

        azure: ResourceManager
        async with ResourceManager(sign_in.endpoint, sign_in.tokens, self._environ) as azure:
            try:
                yield azure
            finally:
                self.reads += azure.reads


_SLOWLY: Final = (Forbidden, SignInFailed, Unauthorized)
"""What a person has to mend: asking each minute would only start ``az`` again and again."""


def pause_after(error: ClusterError, failures: int) -> float:
    """Seconds until Azure is asked again: twice as long after each failure, and never less than it asks for."""
    grown: float = min(PERIOD * 2 ** (failures - 1), LONGEST)
    if isinstance(error, _SLOWLY):
        return LONGEST
    if isinstance(error, Overloaded) and error.retry_after is not None:
        return max(error.retry_after, grown)
    return grown
