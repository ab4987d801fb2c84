"""Get and list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from kubetui.demo.call import Answer, Call
from kubetui.demo.clock import Clock
from kubetui.demo.continue_token import CURRENT, read_token, write_token
from kubetui.demo.entry import Entry, Resource
from kubetui.demo.forms import included, negotiate
from kubetui.demo.freshness import until_version
from kubetui.demo.key_order import Key
from kubetui.demo.list_options import EXACT, ListOptions, parse_version, read_options
from kubetui.demo.rendering import Renderer
from kubetui.demo.status import ApiError, bad_request, continue_expired, expired, not_found
from kubetui.demo.storage import Page, Storage


class Objects:
    """Answers get and list from the storage."""

    def __init__(self, storage: Storage, clock: Clock, pace: Clock) -> None:
        """``clock`` is the world's, for ages; ``pace`` the client's, for waiting."""
        self._storage = storage
        self._clock = clock
        self._pace = pace

    async def get(self, call: Call, resource: Resource) -> Answer:
        """One object; raises ``ApiError`` 404."""
        form = negotiate(call.accept)
        renderer = Renderer(resource, form, included(call.query, form))
        await self._fresh(call.query.get("resourceVersion", ""), resource)
        namespace = call.info.namespace if resource.namespaced else ""
        entry = self._storage.get(resource, namespace, call.info.name)
        if entry is None:
            raise not_found(resource.plural, resource.group, call.info.name)
        return Answer(renderer.single(entry, self._clock.now()), compress=True)

    async def list(self, call: Call, resource: Resource) -> Answer:
        """All objects that are selected, or a page of them."""
        form = negotiate(call.accept)
        renderer = Renderer(resource, form, included(call.query, form))
        options = read_options(call.query, resource, watch=False)
        namespace = call.info.namespace if resource.namespaced else ""
        if not options.token:
            await self._fresh(options.version, resource)
        page = self._page(options, resource, namespace)
        token, remaining = "", None
        if page.next_key is not None:
            token = write_token(page.version, page.next_key, namespace)
            remaining = None if options.selection else page.remaining
        chunks = renderer.collection(page.entries, page.version, token, remaining, self._clock.now())
        return Answer(chunks, compress=True)

    async def _fresh(self, version: str, resource: Resource) -> None:
        try:
            wanted = parse_version(version)
        except ValueError as problem:
            raise bad_request(f"invalid resource version: {problem}") from None
        await until_version(self._storage, self._pace, wanted, cached=resource.watch_cache)

    def _page(self, options: ListOptions, resource: Resource, namespace: str) -> Page:
        if options.token:
            return self._continued(options, resource, namespace)
        version = parse_version(options.version)
        limit = 0 if options.version == "0" and resource.watch_cache else max(options.limit, 0)
        exact = options.match == EXACT or (not options.match and limit > 0 and version > 0)
        try:
            return self._select(options, resource, namespace, version if exact else None, None, limit)
        except ApiError as refusal:
            if refusal.code != 410:
                raise
            raise expired("The resourceVersion for the provided list is too old.") from None

    def _continued(self, options: ListOptions, resource: Resource, namespace: str) -> Page:
        version, after = read_token(options.token, namespace, namespaced=resource.namespaced)
        if options.version not in ("", "0"):
            raise bad_request("specifying resource version is not allowed when using continue")
        limit = 0 if options.version == "0" and resource.watch_cache else max(options.limit, 0)
        try:
            exact = None if version == CURRENT else version
            return self._select(options, resource, namespace, exact, after, limit)
        except ApiError as refusal:
            if refusal.code != 410:
                raise
            raise continue_expired(write_token(CURRENT, after, namespace)) from None

    def _select(
        self,
        options: ListOptions,
        resource: Resource,
        namespace: str,
        exact: int | None,
        after: Key | None,
        limit: int,
    ) -> Page:
        """The page in the state ``exact``, or now; selectors look at objects until ``limit`` of them match."""
        wanted = 0 if options.selection else limit
        if exact is None:
            page = self._storage.page(resource, namespace, after=after, limit=wanted)
        else:
            page = self._storage.page_at(resource, namespace, exact, after=after, limit=wanted)
        return _selected(page, options, limit) if options.selection else page


def _selected(page: Page, options: ListOptions, limit: int) -> Page:
    """A token follows when objects remain, whether or not they match: the server has not looked at them."""
    matching = ((position, entry) for position, entry in enumerate(page.entries) if options.selection.matches(entry))
    found = list(islice(matching, limit)) if limit else list(matching)
    entries: Sequence[Entry] = [entry for _, entry in found]
    remaining = len(page.entries) - found[-1][0] - 1 if limit and len(found) == limit else 0
    last = (entries[-1].namespace, entries[-1].name) if remaining else None
    return Page(entries, page.version, last, remaining)
