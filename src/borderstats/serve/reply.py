"""Sending a file: conditions, ranges and codings by RFC 9110, from memory if it is small, piece by piece if it is large."""

import asyncio
import contextlib
import datetime
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from email.utils import format_datetime, parsedate_to_datetime
from io import FileIO
from typing import Any

from borderstats.serve import encode
from borderstats.serve.checked import Altered, Checks, Stamp, stamp
from borderstats.serve.files import SMALL, File, Held
from borderstats.serve.problem import Problem

ALWAYS_ASK = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"
SHORT = "public, max-age=300, must-revalidate"

Headers = Mapping[str, str]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Span = tuple[int, int]

_PIECE = 512_000
_BOUNDARY = "borderstats-part"
_RANGES = re.compile(r"bytes=([\d\s,\t-]+)", re.ASCII)
_RANGE = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)
_MOST_RANGES = 5


def unchanged(headers: Headers, sha256: str, at: datetime.datetime) -> bool:
    """Whether the client has the answer already: by its tag, or, if it names none, by the moment it came under its address.

    That moment has to be the same one, as nginx has it, and not a later one: after a release was taken back what is newest
    is older than what the client has. Raises Problem 412 if the client wants the answer only as it was.
    """
    tag = sha256[:32]
    if (wanted := headers.get("if-match")) is not None:
        # Strong comparison: the coding counts, and the client may have any of ours.
        strong = {encode.tag(sha256, packed) for packed in ("", *encode.CODINGS)}
        if wanted.strip() != "*" and not strong & {one.strip() for one in wanted.split(",")}:
            raise _otherwise()
    elif (since := _date(headers.get("if-unmodified-since"))) and at > since:
        raise _otherwise()
    if (tags := headers.get("if-none-match")) is not None:
        return any(one.strip() == "*" or encode.plain(one) == tag for one in tags.split(","))
    return _date(headers.get("if-modified-since")) == at


def _otherwise() -> Problem:
    return Problem(412, "what is under this address is not what you named; ask for it without the condition")


def _date(written: str | None) -> datetime.datetime | None:
    with contextlib.suppress(ValueError, TypeError):
        return parsedate_to_datetime(written or "")
    return None


def described(sha256: str, at: datetime.datetime, packed: str) -> dict[str, str]:
    """The headers of an answer by which it is known again."""
    return {"ETag": encode.tag(sha256, packed), "Last-Modified": format_datetime(at, usegmt=True)}


def ranges(headers: Headers, file: File) -> list[Span] | None:
    """The first and last bytes that are asked for; None for the whole file, also where the request makes no sense.

    Raises Problem 416 if none of them is in the file.
    """
    found = _RANGES.fullmatch(headers.get("range", "").strip())
    if not found or not _meant(headers.get("if-range"), file):
        return None
    spans = []
    parts = [part.strip() for part in found[1].split(",") if part.strip()]
    if len(parts) > _MOST_RANGES:
        raise Problem(
            416, f"at most {_MOST_RANGES} ranges at once", {"Content-Range": f"bytes */{file.size}"}
        )
    for part in parts:
        one = _RANGE.fullmatch(part)
        if not one or not (one[1] or one[2]) or (one[1] and one[2] and int(one[1]) > int(one[2])):
            return None
        if one[1]:
            first, last = int(one[1]), min(int(one[2] or file.size), file.size - 1)
        else:
            first, last = max(file.size - int(one[2]), 0), file.size - 1
            if not int(one[2]):
                first = file.size
        if first < file.size:
            spans.append((first, last))
    if not spans:
        raise Problem(
            416,
            f"the file has {file.size:,} bytes; ask for some of them",
            {"Content-Range": f"bytes */{file.size}"},
        )
    return spans


def _meant(condition: str | None, file: File) -> bool:
    """Whether a range is wanted of the file as it is (If-Range)."""
    if condition is None:
        return True
    return condition.strip() == encode.tag(file.sha256, "") or _date(condition) == file.at


async def file(checks: Checks, held: Held, one: File, request: Headers, send: Send, *, head: bool) -> None:
    """Send a file, whole or in parts, or word that the client has it already. Raises Problem, Altered."""
    packed = encode.coding(request.get("accept-encoding", "")) if one.compressible else ""
    if "range" in request and not one.data:
        packed = ""
    headers = {
        "Cache-Control": ALWAYS_ASK if one.data else IMMUTABLE if one.immutable else SHORT,
        **described(one.sha256, one.at, packed),
        "Vary": "Accept-Encoding",
        "Accept-Ranges": "none" if one.data else "bytes",
    }
    if unchanged(request, one.sha256, one.at):
        if not one.data and not checks.same(one):
            await _thread(checks.check, one)
        await _start(send, 304, headers)
        await send({"type": "http.response.body", "body": b""})
        return
    spans = None if one.data else ranges(request, one)
    if packed:
        headers["Content-Encoding"] = packed
    if spans is None and (one.data or packed or one.size <= SMALL):
        body = held.get(one, packed) if one.data or checks.same(one) else None
        if body is None:
            body = await _thread(held.fetch, checks, one, packed)
        await _start(send, 200, {**headers, "Content-Type": one.media, "Content-Length": str(len(body))})
        await send({"type": "http.response.body", "body": b"" if head else body})
        return
    opened = await _thread(checks.open, one)
    was = stamp(opened)
    try:
        await _parts(opened, was, one, headers, spans, send, head=head)
    finally:
        opened.close()


async def _parts(
    opened: FileIO,
    was: Stamp,
    one: File,
    headers: dict[str, str],
    spans: list[Span] | None,
    send: Send,
    *,
    head: bool,
) -> None:
    """Send a large file, or some ranges of one."""
    headers["Content-Type"] = one.media
    if spans is None:
        pieces: list[bytes | Span] = [(0, one.size - 1)]
    elif len(spans) == 1:
        pieces = list(spans)
        headers["Content-Range"] = "bytes {}-{}/{}".format(*spans[0], one.size)
    else:
        pieces = list(_multipart(one, spans))
        headers["Content-Type"] = f"multipart/byteranges; boundary={_BOUNDARY}"
    length = sum(len(part) if isinstance(part, bytes) else part[1] - part[0] + 1 for part in pieces)
    await _start(send, 206 if spans else 200, {**headers, "Content-Length": str(length)})
    if not head:
        for part in pieces:
            if isinstance(part, bytes):
                await send({"type": "http.response.body", "body": part, "more_body": True})
                continue
            first, last = part
            while first <= last:
                data = await _thread(_read, opened, was, one, first, min(_PIECE, last - first + 1))
                await send({"type": "http.response.body", "body": data, "more_body": True})
                first += len(data)
    await send({"type": "http.response.body", "body": b""})


def _read(opened: FileIO, was: Stamp, one: File, first: int, count: int) -> bytes:
    """Some bytes of a file that is still as it was when it was hashed."""
    opened.seek(first)
    data = opened.read(count)
    if not data or stamp(opened) != was:
        raise Altered(one.path, "it was changed while it was sent")
    return data


def _multipart(one: File, spans: Sequence[Span]) -> Iterator[bytes | Span]:
    for first, last in spans:
        yield (
            f"--{_BOUNDARY}\r\nContent-Type: {one.media}\r\nContent-Range: bytes {first}-{last}/{one.size}\r\n\r\n"
        ).encode()
        yield first, last
        yield b"\r\n"
    yield f"--{_BOUNDARY}--\r\n".encode()


async def _start(send: Send, status: int, headers: Headers) -> None:
    coded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": coded})


async def _thread(what: Callable[..., Any], *given: object) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, what, *given)
