"""`borderstats serve`: the public folder over HTTP."""

import contextlib
import functools
import ipaddress
import logging
import resource
import socket
import sys
from pathlib import Path

import click
import uvicorn
from prometheus_client import start_http_server

from borderstats.errors import ReleaseError
from borderstats.serve.app import application
from borderstats.serve.connection import Connection
from borderstats.serve.door import Network
from borderstats.serve.edge import Edge, Log
from borderstats.serve.limits import Limits

FOLDER = click.Path(file_okay=False, path_type=Path)

_PORT = click.IntRange(0, 65535)


class _Networks(click.ParamType[Network]):
    """An address or a network, `10.0.0.0/8`."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Network:
        try:
            return ipaddress.ip_network(value, strict=False)
        except ValueError:
            self.fail(f"{value}: no address and no network; write 127.0.0.1 or 10.0.0.0/8", param, ctx)


@click.command()
@click.argument("public", type=FOLDER, default=Path("build/public"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=_PORT, default=8000, show_default=True, help="0: any free one.")
@click.option("--log/--no-log", default=True, help="A line of JSON on standard error for each request.")
@click.option(
    "--memory", type=click.IntRange(64), default=1_024, show_default=True, help="Megabytes for the figures."
)
@click.option(
    "--proxy",
    "proxies",
    type=_Networks(),
    multiple=True,
    help="The address or network of a proxy in front, whose X-Forwarded-For is believed. May be given several times.",
)
@click.option(
    "--connections",
    type=click.IntRange(1),
    default=Limits.connections_of_one,
    show_default=True,
    help="How many of one address may be open.",
)
@click.option(
    "--root",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Root metadata, kept by another way than PUBLIC: who may sign there. Nothing that they have not signed is served.",
)
@click.option(
    "--metrics",
    type=_PORT,
    help="A port on 127.0.0.1 with /metrics for Prometheus. There are none without it.",
)
def serve(
    public: Path,
    host: str,
    port: int,
    log: bool,
    memory: int,
    proxies: tuple[Network, ...],
    connections: int,
    root: Path | None,
    metrics: int | None,
) -> None:
    """Serve the releases in PUBLIC: pages, files, a plain JSON API, SDMX 2.1 and 3.0. Reads only.

    PUBLIC is what `borderstats publish RELEASE --static PUBLIC` writes. A release that is published there while the server
    runs is taken over within a second or two, without a dropped request. Only files with the hash that was published are sent.
    """
    limits = Limits(memory=memory, connections_of_one=connections)
    _allow_open(limits.connections + 200)
    app = application(
        public, limits, Log(sys.stderr if log else None), proxies, root.read_bytes() if root else None
    )
    listening = _listening(host, port)
    meters = _meters(app, metrics) if metrics is not None else None
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"serving {public} at http://{shown}:{listening.getsockname()[1]}/ (stop with Ctrl+C)")
    if meters is not None:
        click.echo(f"meters at http://127.0.0.1:{meters}/metrics")
    # What it says of connections is in the log already.
    logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())
    uvicorn.Server(
        uvicorn.Config(
            app,
            http=functools.partial(Connection, app.door, app),  # type: ignore[arg-type]
            ws="none",
            loop="uvloop",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            lifespan="on",
            timeout_keep_alive=int(limits.idle),
            timeout_graceful_shutdown=10,
        )
    ).run(sockets=[listening])


def _meters(app: Edge, port: int) -> int:
    """Serve the meters on a port of their own; the port."""
    try:
        started, _ = start_http_server(port, "127.0.0.1", app.meters.registry)
    except OSError as error:
        raise ReleaseError(
            f"port {port} at 127.0.0.1: {error.strerror or error}; give another with --metrics"
        ) from None
    return started.server_port


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2_048)
    except OSError as error:
        raise ReleaseError(
            f"port {port} at {host}: {error.strerror or error}; give another with --port"
        ) from None


def _allow_open(wanted: int) -> None:
    """Let this process have so many files and connections open, if the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
