"""A byte stream cut into lines, whatever the chunks; lines of any length up to a bound."""

from __future__ import annotations

from collections.abc import AsyncIterator

MAX_LINE = 16 * 2**20
"""Bytes. An API object is at most some 3 MB in etcd; a watch event carries one."""


class LineTooLong(ValueError):
    """A line passed the bound."""


async def split_lines(chunks: AsyncIterator[bytes], *, max_line: int = MAX_LINE) -> AsyncIterator[list[bytes]]:
    """The complete lines of each chunk, without their ends; empty lines are left out.

    What follows the last line end is kept for the next chunk, and dropped at the end of the stream: the API
    server ends each event with a line end, so an unfinished one was cut. Raises LineTooLong.
    """
    rest = bytearray()
    async for chunk in chunks:
        if b"\n" not in chunk:
            rest += chunk
            if len(rest) > max_line:
                raise LineTooLong(f"a line of more than {max_line} bytes")
            continue
        rest += chunk
        *lines, tail = bytes(rest).split(b"\n")
        rest = bytearray(tail)
        yield [line for line in lines if line]
