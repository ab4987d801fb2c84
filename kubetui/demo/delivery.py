"""Sends an answer over HTTP: whole or in chunks, compressed when asked, spoiled when a fault says so."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import suppress

from aiohttp import web

from kubetui.demo.call import Answer, Body
from kubetui.demo.faults import Close, Cut, Effect, Stall

_COMPRESS_FROM = 128 * 1024
"""Bytes: the API server compresses what is larger."""
_PIECE = 256 * 1024
"""Bytes compressed or written at a time: some 3 ms of work."""
_GZIP = 31
"""zlib's window bits for a gzip header."""


async def deliver(
    request: web.BaseRequest, answer: Answer, headers: dict[str, str], effect: Effect | None
) -> web.StreamResponse:
    """Send everything; returns the response, finished, for the server."""
    body: Body = answer.body
    all_headers = {**headers, **answer.headers, "Content-Type": answer.content_type}
    if answer.compress and not isinstance(body, AsyncGenerator):
        body = _gathered(body)
        if not isinstance(body, bytes) and "gzip" in request.headers.get("Accept-Encoding", ""):
            all_headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            body = _gzipped(body)
    if isinstance(body, bytes) and not isinstance(effect, Cut | Close | Stall):
        response = web.Response(body=body, status=answer.status, headers=all_headers)
        with suppress(ConnectionResetError):
            await response.prepare(request)
            await response.write_eof()
        return response
    return await _stream(request, answer.status, body, all_headers, effect)


def _gathered(body: bytes | Iterator[bytes]) -> bytes | Iterator[bytes]:
    """Small bodies whole, with a Content-Length; large ones still to be made."""
    if isinstance(body, bytes):
        return body if len(body) <= _COMPRESS_FROM else iter((body,))
    held: list[bytes] = []
    size = 0
    for chunk in body:
        held.append(chunk)
        size += len(chunk)
        if size > _COMPRESS_FROM:
            return _chained(held, body)
    return b"".join(held)


def _chained(held: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    yield b"".join(held)
    yield from rest


def _gzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Level 1, as upstream."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            yield packer.compress(chunk[start : start + _PIECE])
    yield packer.flush()


async def _stream(
    request: web.BaseRequest, status: int, body: Body, headers: dict[str, str], effect: Effect | None
) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers=headers)
    if request.version >= (1, 1):
        response.enable_chunked_encoding()
    writer = await response.prepare(request)
    if writer is not None:
        writer.send_headers()  # a watch without events would else not even begin
    pieces = _spoiled(_pieces(body), effect)
    try:
        async for piece in pieces:
            if piece:
                await response.write(piece)
            await asyncio.sleep(0)  # writing to a fast client never waits: let the others have their turn
    except Dropped:
        if request.transport is not None:
            request.transport.abort()
        return response
    except ConnectionResetError:  # the client has left
        return response
    finally:
        await pieces.aclose()
    with suppress(ConnectionResetError):
        await response.write_eof()
    return response


async def _pieces(body: Body) -> AsyncGenerator[bytes, None]:
    if isinstance(body, bytes):
        yield body
    elif isinstance(body, Iterator):
        for chunk in body:
            yield chunk
    else:
        try:
            async for chunk in body:
                yield chunk
        finally:
            await body.aclose()


class Dropped(Exception):
    """The connection is to be cut here, whatever was still to be sent. A body may raise it."""


async def _spoiled(pieces: AsyncGenerator[bytes, None], effect: Effect | None) -> AsyncGenerator[bytes, None]:
    try:
        if not isinstance(effect, Cut | Close | Stall):
            async for piece in pieces:
                yield piece
            return
        async for piece in _first(pieces, effect.after_bytes, whole_lines=isinstance(effect, Close)):
            yield piece
        if isinstance(effect, Cut):
            await asyncio.sleep(0)
            raise Dropped
        if isinstance(effect, Stall):
            await asyncio.Event().wait()  # ends when the client leaves or the server stops
    finally:
        await pieces.aclose()


async def _first(pieces: AsyncIterator[bytes], size: int, *, whole_lines: bool) -> AsyncGenerator[bytes, None]:
    left = size
    while left > 0:
        piece = await anext(pieces, None)
        if piece is None:
            return
        kept = piece[:left]
        left -= len(kept)
        if left <= 0 and whole_lines:
            kept = kept[: kept.rfind(b"\n") + 1]
        yield kept
