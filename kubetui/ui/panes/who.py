"""Who this account is, how it signed in, when that ends, and what it may do here. Asked when opened, and on ``^r``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from kubetui.cluster.errors import ApiError, ClusterError
from kubetui.cluster.rights import Need
from kubetui.cluster.session import Scope, Session
from kubetui.cluster.who import Account, Ending, Who, who_am_i
from kubetui.insight.pane_needs import PANE_NEEDS, PaneNeed, missing_in, needs_in
from kubetui.kinds.kind import Meaning
from kubetui.store.state import Phase, SyncState
from kubetui.ui.meanings import ascii_only, mark
from kubetui.ui.moments import moment
from kubetui.ui.panes.pane import Desk
from kubetui.ui.panes.text_pane import TextPane
from kubetui.ui.state_words import span
from kubetui.ui.widgets.line_source import Span, TextLines

_LABEL = 16


class WhoPane(TextPane):
    """Shows what the server says of the account."""

    def __init__(self, desk: Desk, session: Session, account: Account | None, scope: Scope) -> None:
        super().__init__(desk, session)
        self._account, self._scope = account, scope
        self._asking: asyncio.Task[None] | None = None
        self._who: Who | ClusterError | None = None
        self._ends: tuple[Ending, ...] | ClusterError | None = None
        self._rights: Mapping[Need, bool | None] = {}

    @property
    def heading(self) -> str:
        """What this is."""
        return f"Who am I  {self.session.context} · ^r asks anew"

    @property
    def state(self) -> SyncState:
        """Whether the server has answered."""
        if isinstance(self._who, ClusterError):
            return SyncState(Phase.FAILED, reason=str(self._who))
        return SyncState(Phase.LIVE if self._who is not None else Phase.CONNECTING)

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self._all_lines())

    def enter(self) -> None:
        """Ask."""
        if self._asking is None:
            self.lines.wrapped = True
            self._ask_anew()

    def leave(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
        self._asking = None

    def refetch(self) -> None:
        """Ask anew, rights too."""
        self.session.rights.forget()
        self.leave()
        self._ask_anew()

    def set_scope(self, scope: Scope) -> None:
        """Rights in other namespaces."""
        if scope != self._scope:
            self._scope = scope
            self.leave()
            self._ask_anew()

    def _ask_anew(self) -> None:
        self._asking = asyncio.create_task(self._ask(), name="who am I")

    async def _ask(self) -> None:
        self._show()
        try:
            self._who = await who_am_i(self.session.send)
        except ClusterError as error:
            self._who = error
        self._show()
        if self._account is not None:
            try:
                self._ends = await self._account.ends()
            except ClusterError as error:
                self._ends = error
            self._show()
        if isinstance(self._who, Who):
            wanted = [one.need for pane in PANE_NEEDS for one in needs_in(pane, self._scope.namespaces)]
            self._rights = await self.session.rights.may_all(wanted)
            self._show()

    def _show(self) -> None:
        self.lines.set_source(TextLines(self._all_lines(), _style))
        self.desk.request_tick()

    # --- the lines

    def _all_lines(self) -> list[str]:
        return [*self._who_lines(), *self._account_lines(), *self._right_lines()]

    def _who_lines(self) -> list[str]:
        lines = ["YOU", ""]
        if self._who is None:
            return [*lines, "  asking the server …", ""]
        if isinstance(self._who, ClusterError):
            error = self._who
            return [*lines, f"  {_act()} {error.tried}: {error.answer}", f"  {error.advice}", ""]
        who = self._who
        lines.append(_fact("name", who.name))
        if who.uid and who.uid != who.name:
            lines.append(_fact("uid", who.uid))
        lines += [_fact("groups" if number == 0 else "", group) for number, group in enumerate(who.groups)]
        lines += [_fact(key.rpartition("/")[2], value) for key, value in who.extra]
        return [*lines, ""]

    def _account_lines(self) -> list[str]:
        account = self._account
        if account is None:
            return []
        target = account.target
        lines = ["HOW YOU SIGN IN", ""]
        if target.user is not None:
            lines.append(_fact("user", f"{target.user.name} (kubeconfig)"))
            if target.user.entry.impersonate:
                lines.append(_fact("acting as", target.user.entry.impersonate))
        lines.append(_fact("by", account.signs_in))
        if isinstance(self._ends, ClusterError):
            lines.append(f"  {_act()} {self._ends.tried}: {self._ends.answer}; {self._ends.advice}")
        else:
            lines += [_fact(f"{end.what} ends", _end_words(end.at, self.desk.now())) for end in self._ends or ()]
        answered = isinstance(self._who, Who | ApiError)
        verified = "verified" if answered else "–  not known: the server has not answered"
        if target.insecure_skip_tls_verify:
            verified = "NOT verified (insecure-skip-tls-verify)"
        lines += [
            "",
            "CLUSTER",
            "",
            _fact("context", target.context),
            _fact("server", target.server),
            _fact("TLS", verified if target.server.startswith("https:") else "none: plain http"),
            _fact("proxy", str(account.proxy) if account.proxy else "none"),
            "",
        ]
        return lines

    def _right_lines(self) -> list[str]:
        if not self._rights:
            return []
        names = self._scope.namespaces
        where = "in all namespaces" if names is None else f"in {', '.join(sorted(names))}"
        lines = [f"WHAT YOU MAY SEE {where.upper() if names is None else where}", ""]
        for pane in PANE_NEEDS:
            lines += self._pane_lines(pane)
        return lines

    def _pane_lines(self, pane: str) -> list[str]:
        missing, unknown = missing_in(pane, self._scope.namespaces, self._rights)
        if not missing and not unknown:
            return [f"  {mark(Meaning.FINE, plain=ascii_only())} {pane:<{_LABEL - 2}}all it needs"]
        lines = [_missing_line(pane, one) for one in missing]
        lines += [f"  {mark(Meaning.UNKNOWN)} {pane:<{_LABEL - 2}}not known: {one.need.words}" for one in unknown]
        return lines


def _missing_line(pane: str, wanted: PaneNeed) -> str:
    sign = mark(Meaning.LOOK if wanted.without else Meaning.ACT, plain=ascii_only())
    rest = f"; {wanted.without}" if wanted.without else ""
    return f"  {sign} {pane:<{_LABEL - 2}}may not {wanted.need.words}{rest}"


def _act() -> str:
    return mark(Meaning.ACT, plain=ascii_only())


def _fact(label: str, value: str) -> str:
    return f"  {label:<{max(_LABEL, len(label) + 1)}}{value}"


def _end_words(at: float | None, now: float) -> str:
    if at is None:
        return "it does not say"
    when = moment(at)
    return f"in {span(at - now)} ({when})" if at > now else f"{span(now - at)} ago ({when})"


def _style(line: str) -> tuple[Span, ...]:
    if line and not line.startswith(" "):
        return (Span(line, "bold"),)
    sign = line.strip()[:1]
    if sign in (mark(Meaning.ACT), mark(Meaning.ACT, plain=True)) and line.startswith(f"  {sign} "):
        return (Span(line, "act"),)
    if sign in (mark(Meaning.LOOK), mark(Meaning.LOOK, plain=True)) and line.startswith(f"  {sign} "):
        return (Span(line, "look"),)
    return (Span(line[: _LABEL + 2], "key"), Span(line[_LABEL + 2 :]))
