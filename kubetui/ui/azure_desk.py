"""Between a person who chooses to sign in to Azure and the feed of the machines: asks for the tenant, shows a code."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kubetui.ui.screens.choose import Choice, ChooseScreen

if TYPE_CHECKING:
    from kubetui.azure.machine_feed import MachineFeed
    from kubetui.ui.app import KubetuiApp
    from kubetui.ui.sign_in_desk import SignInDesk

_TITLE = "Sign in to Azure with a device code: which tenant?"
_NOTE = (
    "kubetui then reads VM states, scale sets and the managed cluster, with your rights, and changes nothing. The "
    "sign-in is kept in memory only and ends with the program. Another tenant can be typed."
)
_ABOUT = "Azure"
"""What its notices are about."""


class AzureDesk:
    """Of the session in view. Owns the task that a sign-in is, which nothing but a person begins."""

    def __init__(self, app: KubetuiApp, sign_ins: SignInDesk) -> None:
        self._app, self._sign_ins = app, sign_ins
        self._task: asyncio.Task[None] | None = None

    def offer(self) -> None:
        """Ask which tenant, unless there is nothing to sign in to."""
        feed = self._app.azure
        if feed is None or feed.by_hand is None:
            self._app.say("there is no Azure to sign in to here")
        elif feed.look.machines is not None and feed.look.error is None:
            self._app.say("Azure is read already")
        elif self._task is not None and not self._task.done():
            self._sign_ins.again()
        else:
            self._task = asyncio.create_task(self._sign_in(feed), name="sign in to Azure")

    def end(self) -> None:
        """The session is left."""
        self._app.warn("", _ABOUT)
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _sign_in(self, feed: MachineFeed) -> None:
        from kubetui.cluster.errors import SignInFailed

        tenant = await self._tenant(feed)
        if not tenant:
            return
        self._app.warn("", _ABOUT)
        try:
            await feed.sign_in(tenant)
        except SignInFailed as error:
            parts = (f"{error.tried}: {error.answer}", error.advice)
            self._app.warn(" – ".join(part for part in parts if part), _ABOUT)
        else:
            self._app.say("signed in to Azure")

    async def _tenant(self, feed: MachineFeed) -> str:
        """The one chosen; ``""`` for none."""
        assert feed.by_hand is not None
        found = await asyncio.to_thread(feed.by_hand.tenants, feed.subscriptions)
        chosen: asyncio.Future[frozenset[str] | None] = asyncio.get_running_loop().create_future()

        def tell(values: frozenset[str] | None) -> None:
            if not chosen.done():
                chosen.set_result(values)

        choices = [Choice(one.id, one.why) for one in found]
        self._app.push_screen(ChooseScreen(_TITLE, choices, free=True, note=_NOTE), tell)
        return next(iter(await chosen or ()), "")
