"""Around every request: security headers, reading from other sites, problems as JSON, meters, the log, slow readers."""

import asyncio
import datetime
import time
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import msgspec
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from borderstats.serve.limits import Limits
from borderstats.serve.problem import MEDIA, Problem

Message = MutableMapping[str, Any]
_SECONDS_TO_READ = 30.0
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
        b"ETag, Last-Modified, Content-Range, Accept-Ranges, Retry-After, Content-Language",
    ),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"interest-cohort=()"),
    (b"content-security-policy", _POLICY),
)
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Accept, Accept-Language, If-None-Match, If-Modified-Since, If-Range, Range",
    ),
    (b"access-control-max-age", b"86400"),
    (b"allow", b"GET, HEAD, OPTIONS"),
)


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

    def __init__(self, inner: Callable[..., Any], meters: Meters, log: Log, limits: Limits) -> None:
        self.inner, self.meters, self.log, self.limits = inner, meters, log, limits

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
            await asyncio.wait_for(send(message), _SECONDS_TO_READ)

        try:
            await self._respond(scope, receive, out)
        except Problem as problem:
            if not sent["status"]:
                await _send(out, problem, scope["method"])
        except (TimeoutError, OSError):
            # The client is gone or does not read.
            sent["status"] = sent["status"] or 499
        except Exception as error:  # noqa: BLE001 - a reader gets an answer whatever happens; the log has its kind
            self.log.event("error", kind=type(error).__name__)
            if not sent["status"]:
                await _send(out, Problem(500, "the server made a mistake; it is in its log"), scope["method"])
        finally:
            took = time.perf_counter() - started
            route = scope.get(ROUTE, "none")
            self.meters.requests.labels(route, str(sent["status"])).inc()
            self.meters.seconds.labels(route).observe(took)
            self.log.event(
                "request", method=scope["method"][:10], route=route, ms=round(took * 1e3, 2), **sent
            )

    async def _respond(self, scope: Message, receive: Callable[..., Any], out: Callable[..., Any]) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await out({"type": "http.response.start", "status": 204, "headers": list(_PREFLIGHT)})
            await out({"type": "http.response.body", "body": b""})
            return
        if method not in ("GET", "HEAD"):
            raise Problem(
                405, "this is for reading only: GET, HEAD or OPTIONS", {"Allow": "GET, HEAD, OPTIONS"}
            )
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self.limits.address:
            raise Problem(
                414, f"the address is longer than {self.limits.address:,} characters; ask for less at once"
            )
        if scope["path"].startswith(("/sdmx/", "/api/")) and scope["path"].endswith("/"):
            # pysdmx ends an address so where a part of it has been left out.
            scope["path"] = scope["path"].rstrip("/")
        await self.inner(scope, receive, out)


async def _send(out: Callable[..., Any], problem: Problem, method: str) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    body = problem.body
    headers += [
        (b"content-type", MEDIA.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await out({"type": "http.response.start", "status": problem.status, "headers": headers})
    await out({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
