"""Around every request: security headers, reading from other sites, problems as JSON, meters, the log, slow readers."""

import asyncio
import contextlib
import datetime
import time
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import msgspec
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from borderstats.serve.checked import Altered
from borderstats.serve.door import Door
from borderstats.serve.negotiate import Form, choose
from borderstats.serve.problem import MEDIA, Problem

Message = MutableMapping[str, Any]
ROUTE = "borderstats.route"
"""Where a request's scope has the pattern of its address: nothing that a reader asked for is kept."""
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    b"script-src 'self'; connect-src 'self'"
)
_HEADERS = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Last-Modified, Content-Range, Content-Length, Accept-Ranges, Retry-After, Content-Language, X-Reason",
    ),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"interest-cohort=()"),
    (b"content-security-policy", _POLICY),
)
ALLOWED = ("GET", "HEAD", "OPTIONS")
_PREFLIGHT = (
    (b"access-control-allow-methods", ", ".join(ALLOWED).encode()),
    (
        b"access-control-allow-headers",
        b", ".join(
            (
                b"Accept",
                b"Accept-Language",
                b"Cache-Control",
                b"Content-Type",
                b"If-Match",
                b"If-Modified-Since",
                b"If-None-Match",
                b"If-Range",
                b"If-Unmodified-Since",
                b"Pragma",
                b"Range",
            )
        ),
    ),
    (b"access-control-max-age", b"86400"),
    (b"allow", ", ".join(ALLOWED).encode()),
)


class _Slow(Exception):  # noqa: N818
    """The reader does not take what is sent."""


class Log:
    """A line of JSON for each request: when, what kind, its status and time. No address and nothing that was asked for."""

    def __init__(self, out: TextIO | None) -> None:
        self.out = out

    def event(self, name: str, **details: object) -> None:
        """Write one line, with the time."""
        if self.out is not None:
            at = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
            self.out.write(msgspec.json.encode({"time": at, "event": name, **details}).decode() + "\n")
            self.out.flush()


class Meters:
    """What the server has done, for Prometheus."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "borderstats_requests",
            "Requests by route and status.",
            ("route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "borderstats_request_seconds",
            "Seconds of a request.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.releases = Counter(
            "borderstats_releases", "New releases taken since the start.", registry=self.registry
        )

    def text(self) -> bytes:
        found: bytes = generate_latest(self.registry)
        return found


class Edge:
    """An ASGI application around another one."""

    def __init__(self, inner: Callable[..., Any], meters: Meters, log: Log, door: Door) -> None:
        self.inner, self.meters, self.log, self.door, self.limits = inner, meters, log, door, door.limits

    async def __call__(self, scope: Message, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        started = time.perf_counter()
        sent = {"status": 0, "bytes": 0}

        async def out(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            else:
                sent["bytes"] += len(message.get("body", b""))
            # Who does not read for so long is let go: its memory is others'.
            try:
                async with asyncio.timeout(self.limits.reading):
                    await send(message)
            except TimeoutError:
                raise _Slow from None

        try:
            problem = await self._answered(scope, receive, out)
            if problem and not sent["status"]:
                await _send(out, problem, scope)
        except _Slow:
            sent["status"] = sent["status"] or 499
        finally:
            took = time.perf_counter() - started
            route = scope.get(ROUTE, "none")
            self.meters.requests.labels(route, str(sent["status"])).inc()
            self.meters.seconds.labels(route).observe(took)
            self.log.event(
                "request", method=scope["method"][:10], route=route, ms=round(took * 1e3, 2), **sent
            )

    def refused(self, status: int) -> None:
        """Note a request that was refused before it was read."""
        self.meters.requests.labels("none", str(status)).inc()
        self.log.event("refused", status=status)

    async def _answered(
        self, scope: Message, receive: Callable[..., Any], out: Callable[..., Any]
    ) -> Problem | None:
        """The problem with a request that could not be answered. What is our own fault is in the log."""
        try:
            with self.door.asked((scope.get("client") or ("",))[0], _forwarded(scope)):
                await self._respond(scope, receive, out)
        except Problem as problem:
            return problem
        except Altered as altered:
            self.log.event("not-sent", file=altered.path, reason=altered.reason)
            return Problem(500, f"{altered.path} is not as it was published, and is not sent; /health has it")
        except OSError as error:
            self.log.event("error", kind=type(error).__name__, reason=error.strerror or str(error))
            return Problem(500, "the server cannot read what it would send; it is in its log")
        except _Slow:
            raise
        except Exception as error:  # noqa: BLE001 - a reader gets an answer whatever happens; the log has its kind
            self.log.event("error", kind=type(error).__name__)
            return Problem(500, "the server made a mistake; it is in its log")
        return None

    async def _respond(self, scope: Message, receive: Callable[..., Any], out: Callable[..., Any]) -> None:
        if scope["method"] == "OPTIONS":
            await out({"type": "http.response.start", "status": 204, "headers": list(_PREFLIGHT)})
            await out({"type": "http.response.body", "body": b""})
            return
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self.limits.address:
            raise Problem(
                414, f"the address is longer than {self.limits.address:,} characters; ask for less at once"
            )
        if scope["path"].startswith(("/sdmx/", "/api/")) and scope["path"].endswith("/"):
            # pysdmx ends an address so where a part of it has been left out.
            scope["path"] = scope["path"].rstrip("/")
        await self.inner(scope, receive, out)


def header(scope: Message, name: bytes) -> str:
    """A header of a request; several of one name are one with commas."""
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def _forwarded(scope: Message) -> str:
    return header(scope, b"x-forwarded-for")


def headers_of(problem: Problem, media: str = MEDIA, size: int | None = None) -> list[tuple[bytes, bytes]]:
    """All headers of the answer that a problem is."""
    return [
        *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
        (b"content-type", media.encode()),
        (b"content-length", str(len(problem.body) if size is None else size).encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept"),
        *_HEADERS,
    ]


async def _send(out: Callable[..., Any], problem: Problem, scope: Message) -> None:
    media, body = MEDIA, problem.body
    if _is_browser(header(scope, b"accept")):
        media, body = "text/html; charset=utf-8", problem.page(scope["path"])
    # The headers that every answer has are added on the way out.
    headers = headers_of(problem, media, len(body))[: -len(_HEADERS)]
    await out({"type": "http.response.start", "status": problem.status, "headers": headers})
    await out({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _is_browser(accept: str) -> bool:
    """Whether a page is liked better than JSON."""
    with contextlib.suppress(Problem):
        return choose(accept or "*/*", "", _PAGES)[0].id == "html"
    return False


_PAGES = (Form("problem", MEDIA, ("application/json",)), Form("html", "text/html"))
