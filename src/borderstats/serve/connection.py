"""A connection to a reader, with bounds on what is sent before an answer: headers, bodies, time (HTTP/1.1, RFC 9112)."""

import asyncio
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from borderstats.serve.door import Door
from borderstats.serve.edge import ALLOWED, Edge, headers_of
from borderstats.serve.problem import Problem, bad

_LINGER = 2.0
_MOST_UNREAD = 1_000_000


class Connection(HttpToolsProtocol):
    """What uvicorn makes of a connection. A request that is refused here never comes to the application.

    Its answer is sent, what still comes is read for a moment and thrown away, so that the reader sees the answer, and then the
    connection is closed.
    """

    def __init__(self, door: Door, edge: Edge, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.door, self.edge, self.limits = door, edge, door.limits
        self.late: asyncio.TimerHandle | None = None
        self.asking = self.refused = False
        self.begun = self.unread = 0
        self.problem: Problem | None = None

    @property
    def idle(self) -> bool:
        """Whether no answer is under way."""
        return not self.pipeline and (self.cycle is None or self.cycle.response_complete)

    def let_go(self) -> None:
        """Close at once, for one that came later."""
        self.refused = True
        self.door.leave(self)
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.limits.asking)
        if problem := self.door.enter(self, self.client[0] if self.client else ""):
            self.refuse(problem)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self.door.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self.refused:
            asking, begun = self.asking, self.begun
            super().data_received(data)
            if self.asking:
                # Where several begin in one piece, it is not known what of it belongs to the last.
                self.unread += len(data) if asking or self.begun == begun + 1 else 0
                if self.unread > self.limits.headers:
                    self.refuse(self._too_long())
        elif (unread := self.unread + len(data)) > _MOST_UNREAD:
            self.transport.abort()
        else:
            self.unread = unread

    def on_message_begin(self) -> None:
        if not self.refused:
            self.asking, self.unread, self.begun = True, 0, self.begun + 1
            self._wait(self.limits.asking)
            super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self.refused:
            return
        self.asking = False
        self._stop()
        if problem := self._problem():
            self.refuse(problem)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Nothing comes here: a request with a body is refused before it."""

    def on_message_complete(self) -> None:
        if not self.refused:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self.refuse(bad(f"this is no request of HTTP/1.1: {msg.lower().rstrip('.')}"))

    def refuse(self, problem: Problem) -> None:
        """Answer with a problem, after the answers that are under way, and close."""
        if self.refused:
            return
        idle, self.refused, self.unread, self.problem = self.idle, True, 0, problem
        self.edge.refused(problem.status)
        self._stop()
        if idle:
            self._say(problem)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.problem and self.idle:
            self._say(self.problem)

    def _say(self, problem: Problem) -> None:
        self.problem = None
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        head = b"".join(b"%s: %s\r\n" % header for header in headers_of(problem))
        self.transport.write(STATUS_LINE[problem.status] + head + b"connection: close\r\n\r\n" + problem.body)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.late = self.loop.call_later(_LINGER, self.transport.abort)

    def _problem(self) -> Problem | None:
        """What is wrong with a request whose headers are known."""
        method = self.parser.get_method().decode("ascii")
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        hosts = sum(name == b"host" for name, _ in self.headers)
        if size > self.limits.headers:
            return self._too_long()
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            return bad(f"a request names its host once, this one {hosts} times (RFC 9112, 3.2)")
        if method not in ALLOWED:
            return Problem(
                405, "this is for reading only: GET, HEAD or OPTIONS", {"Allow": ", ".join(ALLOWED)}
            )
        if any(
            name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 "))
            for name, value in self.headers
        ):
            return Problem(413, "requests have no body here; what is wanted stands in the address")
        try:
            path = httptools.parse_url(self.url).path
        except httptools.HttpParserInvalidURLError:
            path = None
        return None if path else bad("the address of the request is none, or has no path")

    def _too_long(self) -> Problem:
        if len(self.url) > self.limits.address:
            return Problem(
                414, f"the address is longer than {self.limits.address:,} characters; ask for less at once"
            )
        return Problem(431, f"the headers are longer than {self.limits.headers:,} bytes; send fewer")

    def _wait(self, seconds: float) -> None:
        self._stop()
        self.late = self.loop.call_later(seconds, self.transport.abort)

    def _stop(self) -> None:
        if self.late is not None:
            self.late.cancel()
            self.late = None
