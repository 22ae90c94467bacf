"""The server as an ASGI application: routes, whether it is ready, a new release without a dropped request."""

import asyncio
import contextlib
import datetime
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from borderstats import __version__
from borderstats.errors import ReleaseError
from borderstats.package import manifest as manifests
from borderstats.package import public_folder, trust
from borderstats.serve import api, encode, files, openapi, reply, sdmx21, sdmx30
from borderstats.serve.checked import Altered, Checks
from borderstats.serve.door import Door, Network
from borderstats.serve.edge import ROUTE, Edge, Log, Meters
from borderstats.serve.files import File, Held
from borderstats.serve.limits import Limits
from borderstats.serve.problem import Problem, missing
from borderstats.serve.request import Prepared, Request, pairs
from borderstats.serve.store import Store
from borderstats.serve.trusted import Trust, Unsettled

Handler = Callable[[Store, Request], Prepared]

_FILE = "/{rest:path}"
_AGAIN = 30.0
"""Seconds until a release that was refused is looked at once more."""

_SIGNED = f"{trust.FOLDER}/timestamp.json"
_SETTLED = 5
"""How often a pointer is looked at that is not the signed one, until it is said."""

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
    """A release as it is served: its store, when it became the newest, until when the pointer to it is good (None: it is not signed),
    all files by their addresses, and why releases are gone.
    """

    store: Store
    at: datetime.datetime
    expires: datetime.datetime | None
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
        files = {address: came(address, file) for address, file in self.files.items()}
        # The same release has the same figures: those that were read stay.
        store = before.store if before.store.id == self.store.id else self.store
        return replace(self, store=store, at=at, files=files)


class Server:
    """The newest release of a public folder, and those before it as files. A request keeps the release it began with."""

    def __init__(self, public: Path, limits: Limits, log: Log, pinned: bytes | None) -> None:
        self.public, self.limits, self.log = public, limits, log
        self.meters = Meters()
        self.checks = Checks(public, self._found)
        self.held = Held()
        self.trust = Trust(public, pinned)
        self.refused: str | None = None
        self.seen = self._stamp()
        self.current = self.load()
        self.running = asyncio.Semaphore(limits.at_once)
        self.waiting = 0

    def load(self) -> Current:
        """Read the words of the newest release; ReleaseError if it is broken or a file is not what its hash says."""
        pointer = public_folder.pointer(self.public)
        raw = (self.public / public_folder.LATEST).read_bytes()
        signed = self.trust.signed(raw)
        self.checks.anew()
        released = files.releases(self.checks, pointer, signed)
        listed = {**released, **files.current(self.checks, pointer, signed)}
        at = pointer.at or public_folder.midnight(pointer.date)
        listed[f"/{public_folder.LATEST}"] = files.held(public_folder.LATEST, raw, at)
        if signed:
            listed |= files.metadata(self.checks)
        folder = self.public / public_folder.RELEASES / pointer.release
        if f"/{public_folder.RELEASES}/{pointer.release}/{manifests.NAME}" not in released:
            manifests.read(folder)
            raise ReleaseError(
                f"{folder / manifests.NAME}: altered: it does not make the id of the release; publish the release again"
            )

        def source(path: Path) -> bytes:
            address = f"/{path.relative_to(self.public).as_posix()}"
            if address not in released:
                raise FileNotFoundError(path)
            return self.checks.read(released[address])

        try:
            store = Store(folder, self.limits, source)
        except Altered as altered:
            raise ReleaseError(
                f"{self.public / altered.path}: {altered.reason}; publish the release again"
            ) from None
        return Current(store, at, signed.expires if signed else None, listed, files.gone(self.public))

    def take(self) -> Current:
        """As `load`, and every file of the release and its pages is what its hash says. Raises ReleaseError, Altered."""
        fresh = self.load()
        for file in fresh.files.values():
            if file.data:
                continue
            if not file.immutable or file.path.startswith(f"{public_folder.RELEASES}/{fresh.store.id}/"):
                self.checks.check(file)
        return fresh

    def _found(self, path: str, reason: str) -> None:
        """Say in the log what a look at a file has found."""
        if reason:
            self.log.event("file-refused", file=path, reason=reason)
        else:
            self.log.event("file-whole", file=path)

    def faults(self) -> dict[str, str]:
        """What is wrong, by the file that it is with; nothing if the server is ready."""
        found = self.checks.again()
        if not self._stamp():
            found[public_folder.LATEST] = "missing: nothing is published here any more"
        elif self.refused:
            found[public_folder.LATEST] = f"not taken, the release before is served: {self.refused}"
        expires = self.current.expires
        if expires and expires < datetime.datetime.now(datetime.UTC):
            found[_SIGNED] = (
                f"expired on {expires:%Y-%m-%d %H:%M} UTC; sign it anew with borderstats trust renew"
            )
        return found

    async def look(self, after: float = 2.0) -> None:
        """Look at every file of the newest release and its pages, once the first readers are served. What is not whole is noted."""
        await asyncio.sleep(after)
        await anyio.to_thread.run_sync(self._look, self.current, abandon_on_cancel=True)

    def _look(self, current: Current) -> None:
        for file in current.files.values():
            if not file.immutable and not file.data:
                with contextlib.suppress(Altered):
                    self.checks.check(file)

    def _stamp(self) -> tuple[int, ...]:
        """What changes with the pointer and its signature; empty if there is no pointer."""
        found: list[int] = []
        for name in (public_folder.LATEST, _SIGNED):
            try:
                stat = (self.public / name).stat()
                found += stat.st_mtime_ns, stat.st_ino
            except OSError:
                if name == public_folder.LATEST:
                    return ()
        return tuple(found)

    async def follow(self, every: float = 1.0) -> None:
        """Look for a new release again and again; take it once it is whole, and keep the old one if it is not."""
        again, unsettled = 0.0, 0
        while True:
            await asyncio.sleep(every)
            stamp, now = self._stamp(), asyncio.get_running_loop().time()
            if not stamp or (stamp == self.seen and not (self.refused and now > again)):
                continue
            self.seen, again = stamp, now + _AGAIN
            try:
                fresh = await anyio.to_thread.run_sync(self.take, abandon_on_cancel=True)
            except Unsettled as error:
                # The pointer is written first, and signed then.
                unsettled += 1
                self.seen = ()
                if unsettled > _SETTLED:
                    self._refuse(str(error))
                continue
            except (ReleaseError, Altered, OSError) as error:
                self._refuse(str(error))
                continue
            self.refused, unsettled = None, 0
            self.current = fresh.after(
                self.current, public_folder.second(datetime.datetime.now(datetime.UTC))
            )
            self.meters.releases.inc()
            self.log.event("release", id=fresh.store.id)

    def _refuse(self, error: str) -> None:
        # Where the folder lies is nobody's business.
        reason = error.splitlines()[0].replace(f"{self.public}/", "")
        if self.refused != reason:
            self.log.event("release-refused", reason=reason)
        self.refused = reason

    async def make(self, prepared: Prepared, packed: str) -> bytes:
        """Run a query in a thread, and pack what it gives if that is wanted.

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


def _made(prepared: Prepared, packed: str) -> bytes:
    body = prepared.make()
    return encode.CODINGS[packed](body) if packed else body


def application(
    public: Path,
    limits: Limits | None = None,
    log: Log | None = None,
    proxies: Sequence[Network] = (),
    pinned: bytes | None = None,
) -> Edge:
    """The application over a public folder, behind trusted `proxies`; `pinned` is root metadata without which nothing is believed.

    Raises ReleaseError if no release is published there, or what is there is not to be believed.
    """
    limits = limits or Limits()
    server = Server(public, limits, log or Log(None), pinned)

    @contextlib.asynccontextmanager
    async def lifespan(_: Router) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(one) for one in (server.follow(), server.look())]
        yield
        for task in tasks:
            task.cancel()

    endpoints = [
        *((path, _endpoint(server, handler)) for path, handler in ROUTES),
        ("/live", _live),
        ("/health", _health(server)),
        ("/latest{rest:path}", _latest(server)),
    ]
    routes = [Route(path, _named(path, endpoint), methods=["GET", "HEAD"]) for path, endpoint in endpoints]
    # A router alone: what goes wrong is answered at the edge, not by a page of the framework.
    router = Router(routes, redirect_slashes=False, lifespan=lifespan, default=_nowhere)

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await router(scope, receive, send)
            return
        current = server.current
        file = current.files.get(scope["path"])
        if file is None:
            if gone := _gone(current, scope["path"]):
                raise gone
            await router(scope, receive, send)
            return
        scope[ROUTE] = _FILE
        headers = Headers(scope=scope)
        await reply.file(server.checks, server.held, file, headers, send, head=scope["method"] == "HEAD")

    return Edge(respond, server.meters, server.log, Door(limits, proxies))


def _gone(current: Current, path: str) -> Problem | None:
    """Word of a release that was withdrawn, to whoever asks for a file of it."""
    start, _, rest = path.lstrip("/").partition("/")
    name = rest.partition("/")[0]
    if start != public_folder.RELEASES or name not in current.gone:
        return None
    return Problem(410, f"release {name} was withdrawn: {current.gone[name]} (see /notices/{name}.json)")


async def _nowhere(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """An address that no route and no file has."""
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
        query = request.scope["query_string"].decode("latin-1")
        found = pairs(query, plus=not request.url.path.startswith("/sdmx"))
        accept = request.headers.get("accept", "*/*")
        prepared = await anyio.to_thread.run_sync(
            handler, current.store, Request(request.path_params, found, accept)
        )
        text = f"{current.store.id} {__version__} {request.url.path}?{query} {prepared.media}"
        tag = hashlib.sha256(text.encode()).hexdigest()
        packed = encode.coding(request.headers.get("accept-encoding", ""))
        headers = {
            **reply.described(tag, current.at, packed),
            "Vary": "Accept, Accept-Encoding",
            "Cache-Control": reply.SHORT,
            "Content-Language": prepared.language,
            **prepared.headers,
        }
        if reply.unchanged(request.headers, tag, current.at):
            return Response(status_code=304, headers=headers)
        body = await server.make(prepared, packed)
        if packed:
            headers["Content-Encoding"] = packed
        return Response(body, headers={**headers, "Content-Type": prepared.media})

    return respond


def _latest(server: Server) -> Endpoint:
    async def respond(request: HttpRequest) -> Response:
        rest = request.path_params["rest"].lstrip("/")
        target = f"{public_folder.RELEASES}/{server.current.store.id}/{rest or manifests.NAME}"
        if f"/{target}" not in server.current.files:
            raise missing("the latest release has no such file; its manifest.json lists them all")
        # Relative, so that it holds under whatever address a proxy has put this.
        up = "../" * (request.scope["path"].count("/") - 1)
        return Response(status_code=302, headers={"Location": f"{up}{target}", "Cache-Control": reply.SHORT})

    return respond


async def _live(_: HttpRequest) -> Response:
    return _status(200, {"status": "ok", "version": __version__})


def _health(server: Server) -> Endpoint:
    async def respond(_: HttpRequest) -> Response:
        faults = await anyio.to_thread.run_sync(server.faults)
        about = {"release": server.current.store.id, "version": __version__}
        if not faults:
            return _status(200, {"status": "ok", **about})
        return _status(503, {"status": "faulty", **about, "faults": faults})

    return respond


def _status(status: int, body: dict[str, object]) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(api.written(body), status, headers, media_type="application/json")
