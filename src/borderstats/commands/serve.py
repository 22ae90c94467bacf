"""`borderstats serve`: the public folder over HTTP."""

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

import click
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from borderstats.errors import ReleaseError
from borderstats.serve.app import application
from borderstats.serve.edge import Log
from borderstats.serve.limits import Limits

FOLDER = click.Path(file_okay=False, path_type=Path)

_SECONDS_TO_ASK = 15.0


class _Patient(HttpToolsProtocol):
    """A connection that is closed if a request has begun and its headers do not come for so long."""

    late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop()
        self.late = self.loop.call_later(_SECONDS_TO_ASK, self.transport.close)

    def _stop(self) -> None:
        if self.late is not None:
            self.late.cancel()
            self.late = None


@click.command()
@click.argument("public", type=FOLDER, default=Path("build/public"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one."
)
@click.option("--log/--no-log", default=True, help="A line of JSON on standard error for each request.")
@click.option(
    "--memory", type=click.IntRange(64), default=1_024, show_default=True, help="Megabytes for the figures."
)
def serve(public: Path, host: str, port: int, log: bool, memory: int) -> None:
    """Serve the releases in PUBLIC: pages, files, a plain JSON API, SDMX 2.1 and 3.0. Reads only.

    PUBLIC is what `borderstats publish RELEASE --static PUBLIC` writes. A release that is published there while the server
    runs is taken over within a second or two, without a dropped request.
    """
    limits = Limits(memory=memory)
    app = application(public, limits, Log(sys.stderr if log else None))
    try:
        listening = socket.create_server((host, port), backlog=2_048)
    except OSError as error:
        raise ReleaseError(
            f"port {port} at {host}: {error.strerror or error}; give another with --port"
        ) from None
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"serving {public} at http://{shown}:{listening.getsockname()[1]}/ (stop with Ctrl+C)")
    uvicorn.Server(
        uvicorn.Config(
            app,
            http=_Patient,
            loop="uvloop",
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="on",
            limit_concurrency=limits.connections,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=10,
        )
    ).run(sockets=[listening])
