"""The server as an ASGI application: routes, conditional requests, limits, a new release without a dropped request."""

import asyncio
import contextlib
import datetime
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import anyio
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from borderstats import __version__
from borderstats.errors import ReleaseError
from borderstats.package import public_folder
from borderstats.serve import api, files, openapi, sdmx21, sdmx30
from borderstats.serve.edge import ROUTE, Edge, Log, Meters
from borderstats.serve.files import Compressed, File
from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem, missing
from borderstats.serve.request import Prepared, Request, pairs
from borderstats.serve.store import Store

Handler = Callable[[Store, Request], Prepared]

_IMMUTABLE = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=300, must-revalidate"
_WORTH = 1_000
"""Bytes from which on compressing an answer is worth it."""

_NOTHING = "there is nothing under this address; / is the start, /api/datasets lists the data"

_FLOW = "/sdmx/2.1/data/{flow}"
_DATA_3 = "/sdmx/3/data/{context}"
_AVAILABLE_2, _AVAILABLE_3 = "/sdmx/2.1/availableconstraint/{flow}", "/sdmx/3/availability/{context}"


def _growing(path: str, *names: str) -> list[str]:
    """A path, and the same with one more part after another."""
    found = [path]
    for name in names:
        found.append(f"{found[-1]}/{{{name}}}")
    return found


ROUTES: tuple[tuple[str, Handler], ...] = (
    ("/api/datasets", api.datasets),
    ("/api/datasets/{dataset}", api.dataset),
    ("/api/datasets/{dataset}/observations", api.observations),
    ("/api/series/{series:path}", api.series),
    ("/api/revisions", api.revisions),
    ("/api/provisions", api.provisions),
    ("/api/search", api.search),
    ("/api/openapi.json", openapi.document),
    *((path, sdmx21.data) for path in _growing(_FLOW, "key", "provider")),
    *((path, sdmx21.availability) for path in _growing(_AVAILABLE_2, "key", "provider", "component")),
    *((path, sdmx21.structure) for path in _growing("/sdmx/2.1/{kind}", "agency", "id", "version", "item")),
    *(
        (path, sdmx30.structure)
        for path in _growing("/sdmx/3/structure/{kind}", "agency", "id", "version", "item")
    ),
    *((path, sdmx30.schema) for path in _growing("/sdmx/3/schema/{context}/{agency}/{id}", "version")),
    *((path, sdmx30.data) for path in _growing(_DATA_3, "agency", "id", "version", "key")),
    *(
        (path, sdmx30.availability)
        for path in _growing(_AVAILABLE_3, "agency", "id", "version", "key", "component")
    ),
)
"""The address of every answer that is made of a request, and what makes it."""


@dataclass(frozen=True)
class Current:
    """A release as it is served: its store, when it became the newest, all files by their addresses, and why releases are gone."""

    store: Store
    at: datetime.datetime
    files: Mapping[str, File]
    gone: Mapping[str, str]

    def after(self, before: "Current", taken: datetime.datetime) -> "Current":
        """The same as it is served from a moment on: what differs from before came under its address then, and not sooner.

        Between publication and that moment readers had the old bytes, and may ask whether those of that time are still good.
        """

        def came(address: str, file: File) -> File:
            old = before.files.get(address)
            if old and old.sha256 == file.sha256:
                return replace(file, at=old.at)
            return replace(file, at=max(file.at, taken))

        at = before.at if before.store.id == self.store.id else max(self.at, taken)
        return replace(
            self, at=at, files={address: came(address, file) for address, file in self.files.items()}
        )


class Server:
    """The newest release of a public folder, and those before it as files. A request keeps the release it began with."""

    def __init__(self, public: Path, limits: Limits, log: Log) -> None:
        self.public, self.limits, self.log = public, limits, log
        self.meters = Meters()
        self.compressed = Compressed()
        self.seen = self._stamp()
        self.current = self.load()
        self.running = asyncio.Semaphore(limits.at_once)
        self.waiting = 0

    def load(self) -> Current:
        """Read the newest release; ReleaseError if it is broken."""
        pointer = public_folder.pointer(self.public)
        store = Store(self.public / public_folder.RELEASES / pointer.release, self.limits)
        _ = store.database  # read now, and not while the first reader waits
        listed = {**files.releases(self.public, pointer), **files.current(self.public, pointer)}
        at = pointer.at or public_folder.midnight(pointer.date)
        return Current(store, at, listed, files.gone(self.public))

    def _stamp(self) -> tuple[int, int]:
        try:
            stat = (self.public / public_folder.LATEST).stat()
        except OSError:
            return (0, 0)
        return stat.st_mtime_ns, stat.st_ino

    async def follow(self, every: float = 1.0) -> None:
        """Look for a new release again and again; take it once it is whole, and keep the old one if it is not."""
        while True:
            await asyncio.sleep(every)
            stamp = self._stamp()
            if stamp in (self.seen, (0, 0)):
                continue
            self.seen = stamp
            try:
                fresh = await anyio.to_thread.run_sync(self.load)
            except (ReleaseError, OSError) as error:
                self.log.event("release-refused", reason=str(error).splitlines()[0])
                continue
            self.current = fresh.after(
                self.current, public_folder.second(datetime.datetime.now(datetime.UTC))
            )
            self.meters.releases.inc()
            self.log.event("release", id=fresh.store.id)

    async def make(self, prepared: Prepared, *, packed: bool) -> tuple[bytes, bool]:
        """Run a query in a thread, and compress what it gives if that is wanted and worth it; the body, and whether it is.

        So many at once, so many waiting, each for so long; the rest are told to come again.
        """
        if self.waiting >= self.limits.wait:
            raise _busy()
        self.waiting += 1
        try:
            await asyncio.wait_for(self.running.acquire(), self.limits.patience)
        except TimeoutError:
            raise _busy() from None
        finally:
            self.waiting -= 1
        try:
            return await anyio.to_thread.run_sync(_made, prepared, packed)
        finally:
            self.running.release()


def _busy() -> Problem:
    return Problem(503, "the server is busy; try again in a moment", {"Retry-After": "1"})


def _made(prepared: Prepared, packed: bool) -> tuple[bytes, bool]:
    body = prepared.make()
    if packed and len(body) > _WORTH:
        return files.compress(body), True
    return body, False


def application(public: Path, limits: Limits | None = None, log: Log | None = None) -> Edge:
    """The application over a public folder. Raises ReleaseError if no release is published there."""
    server = Server(public, limits or Limits(), log or Log(None))

    @contextlib.asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        following = asyncio.create_task(server.follow())
        yield
        following.cancel()

    endpoints = [
        *((path, _endpoint(server, handler)) for path, handler in ROUTES),
        ("/health", _health(server)),
        ("/metrics", _metrics(server)),
        ("/latest{rest:path}", _latest(server)),
        ("/{rest:path}", _file(server)),
    ]
    routes = [Route(path, _named(path, endpoint), methods=["GET", "HEAD"]) for path, endpoint in endpoints]
    # A router alone: what goes wrong is answered at the edge, not by a page of the framework.
    router = Router(routes, redirect_slashes=False, lifespan=lifespan, default=_nowhere)
    return Edge(router, server.meters, server.log, server.limits)


async def _nowhere(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """An address that no route has, such as one with a line break in it."""
    raise missing(_NOTHING)


Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def _named(path: str, endpoint: Endpoint) -> Endpoint:
    """The endpoint, with the pattern of its address noted for the log and the meters."""

    async def respond(request: HttpRequest) -> Response:
        request.scope[ROUTE] = path
        return await endpoint(request)

    return respond


def _endpoint(server: Server, handler: Handler) -> Endpoint:
    async def respond(request: HttpRequest) -> Response:
        current = server.current
        if request.url.path in current.files:
            return await _sent(server, request, current.files[request.url.path])
        query = request.scope["query_string"].decode("latin-1")
        found = pairs(query, plus=not request.url.path.startswith("/sdmx"))
        accept = request.headers.get("accept", "*/*")
        prepared = handler(current.store, Request(request.path_params, found, accept))
        text = f"{current.store.id} {__version__} {request.url.path}?{query} {prepared.media}"
        tag = hashlib.sha256(text.encode()).hexdigest()[:32]
        packed = _packs(request)
        headers = {
            "Vary": "Accept, Accept-Encoding",
            "Cache-Control": _SHORT,
            "ETag": f'"{tag}{"-gz" if packed else ""}"',
            "Last-Modified": format_datetime(current.at, usegmt=True),
            "Content-Language": prepared.language,
            **prepared.headers,
        }
        if _has(request, tag, current.at):
            return Response(status_code=304, headers=headers)
        body, is_packed = await server.make(prepared, packed=packed)
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        return Response(body, headers={**headers, "Content-Type": prepared.media})

    return respond


def _packs(request: HttpRequest) -> bool:
    accepted = (part.split(";") for part in request.headers.get("accept-encoding", "").lower().split(","))
    return any(name.strip() == "gzip" and "q=0" not in [p.strip() for p in rest] for name, *rest in accepted)


def _has(request: HttpRequest, tag: str, at: datetime.datetime) -> bool:
    """Whether the client has the answer already: by its tag, or, if it names none, by when it came under its address."""
    if (tags := request.headers.get("if-none-match")) is not None:
        named = (one.strip().removeprefix("W/").strip('"').removesuffix("-gz") for one in tags.split(","))
        return any(one in (tag, "*") for one in named)
    if since := request.headers.get("if-modified-since"):
        with contextlib.suppress(ValueError, TypeError):
            return parsedate_to_datetime(since) >= at
    return False


def _file(server: Server) -> Endpoint:
    async def respond(request: HttpRequest) -> Response:
        current = server.current
        file = current.files.get(request.url.path)
        if file is None:
            raise _gone(current, request.url.path) or missing(_NOTHING)
        return await _sent(server, request, file)

    return respond


def _gone(current: Current, path: str) -> Problem | None:
    """Word of a release that was withdrawn, to whoever asks for a file of it."""
    start, _, rest = path.lstrip("/").partition("/")
    name = rest.partition("/")[0]
    if start != public_folder.RELEASES or name not in current.gone:
        return None
    return Problem(410, f"release {name} was withdrawn: {current.gone[name]} (see /notices/{name}.json)")


async def _sent(server: Server, request: HttpRequest, file: File) -> Response:
    """A file, whole or in parts, or word that the client has it already."""
    tag = file.sha256[:32]
    packed = _packs(request) and "range" not in request.headers and file.compressible
    headers = {
        "Cache-Control": _IMMUTABLE if file.immutable else _SHORT,
        "ETag": f'"{tag}{"-gz" if packed else ""}"',
        "Last-Modified": format_datetime(file.at, usegmt=True),
        "Vary": "Accept-Encoding",
        "Accept-Ranges": "bytes",
    }
    if _has(request, tag, file.at):
        return Response(status_code=304, headers=headers)
    if request.headers.get("range", "").count(",") > 4:
        raise Problem(416, "at most five ranges at once")
    if packed:
        body = await anyio.to_thread.run_sync(server.compressed.get, file)
        return Response(body, headers={**headers, "Content-Encoding": "gzip", "Content-Type": file.media})
    return FileResponse(file.path, headers=headers, media_type=file.media)


def _latest(server: Server) -> Endpoint:
    async def respond(request: HttpRequest) -> Response:
        rest = request.path_params["rest"].lstrip("/")
        target = f"/{public_folder.RELEASES}/{server.current.store.id}/{rest or 'manifest.json'}"
        if target not in server.current.files:
            raise missing("the latest release has no such file; its manifest.json lists them all")
        return RedirectResponse(target, status_code=302, headers={"Cache-Control": _SHORT})

    return respond


def _health(server: Server) -> Endpoint:
    async def respond(_: HttpRequest) -> Response:
        body = api.written({"status": "ok", "release": server.current.store.id, "version": __version__})
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    return respond


def _metrics(server: Server) -> Endpoint:
    async def respond(_: HttpRequest) -> Response:
        return Response(
            server.meters.text(),
            media_type="text/plain; version=0.0.4",
            headers={"Cache-Control": "no-store"},
        )

    return respond
