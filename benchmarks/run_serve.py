"""Serving, in pairs that take turns: filtered tables as CSV beside Datasette over the same release's SQLite file, and files
beside Python's own file server over the same folder.

Load is made by wrk (Debian's package) at 8 and at 64 connections. Each pair is one round of this server and one of the other, right
after it; what has to hold has to hold in each pair. Before it the answers are compared: both must have the same rows. Neither side
keeps answers. Then, of this server alone: seconds from its start to its first answer, keyed SDMX queries on the largest dataset, and
its own time for conditional requests.
"""

import contextlib
import csv
import io
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import click
import httpx

from borderstats.site import publish

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
DATASET = "cbp-encounters-state"
CONNECTIONS = (8, 64)
STATES = ("TX", "AZ", "CA", "NM", "NY", "FL", "WA", "MI")
CITIZENSHIPS = ("MEX", "GTM", "HND", "SLV", "CUB", "VEN", "COL", "IND")


@click.command()
@click.option(
    "--release", type=click.Path(path_type=Path), help="A release's folder.  [default: the newest of build]"
)
@click.option("--seconds", default=5, show_default=True, help="Of each round.")
@click.option("--pairs", "count", default=5, show_default=True, help="Of rounds.")
def main(release: Path | None, seconds: int, count: int) -> None:
    """Serve a release, its SQLite file with Datasette, and its folder with Python, under load."""
    release = release or max((ROOT / "build/releases").glob("*/"), key=lambda path: path.stat().st_mtime)
    with tempfile.TemporaryDirectory() as folder:
        public, log = Path(folder) / "public", Path(folder) / "log"
        publish.write(release, public)
        ours = f"/api/datasets/{DATASET}/observations"
        pairs = [(state, code) for state in STATES for code in CITIZENSHIPS]
        own_paths = [f"{ours}?{urlencode({'state': s, 'citizenship': c, 'format': 'csv'})}" for s, c in pairs]
        table = f"/borderstats/{DATASET.replace('-', '_')}.csv"
        peer_paths = [
            f"{table}?{urlencode({'state': s, 'citizenship': c, '_size': 'max'})}" for s, c in pairs
        ]
        cold(public, log)
        with borderstats(public, log) as here, datasette(release / "borderstats.sqlite") as there:
            rows = compare(here, own_paths, there, peer_paths)
            print(f"{len(pairs)} filtered tables of {DATASET}, {rows} rows in all, the same in both")
            for connections in CONNECTIONS:
                sides = (here, own_paths, ""), (there, peer_paths, "")
                took_turns(
                    f"filtered CSV, {connections} connections",
                    "datasette",
                    sides,
                    folder,
                    connections,
                    seconds,
                    count,
                    5,
                    0.5,
                )
            keyed(here)
            conditional(here, own_paths, log)
        with borderstats(public, log) as here, plain(public) as there:
            files = [
                "/index.html",
                f"/datasets/{DATASET}.html",
                f"/data/{DATASET}/latest.parquet",
                "/site.css",
            ]
            for connections in CONNECTIONS:
                for name, accept in (("as they are", ""), ("compressed", "gzip")):
                    sides = (here, files, accept), (there, files, "")
                    took_turns(
                        f"files {name}, {connections} connections",
                        "python -m http.server",
                        sides,
                        folder,
                        connections,
                        seconds,
                        count,
                        1,
                        None,
                    )


Side = tuple[str, list[str], str]


def took_turns(
    what: str,
    peer: str,
    sides: tuple[Side, Side],
    folder: str,
    connections: int,
    seconds: int,
    count: int,
    times: float,
    tail: float | None,
) -> None:
    """Rounds of two servers in turn: the ratio of their rates and of their 99th percentiles in each pair, and whether all hold."""
    held = True
    for number in range(1, count + 1):
        (rate, _, worst), (other, _, other_worst) = (
            load(*side, folder, connections, seconds) for side in sides
        )
        ratio, tails = rate / other, worst / other_worst
        held &= ratio >= times and (tail is None or tails <= tail)
        print(
            f"{what}, pair {number}: borderstats {rate:,.0f} a second, 99th percentile {worst:.1f} ms; {peer} {other:,.0f}, "
            f"{other_worst:.1f} ms; {ratio:.1f} times, 99th percentile {tails:.2f}"
        )
    wanted = f"at least {times:g} times" + (f", 99th percentile at most {tail:g}" if tail else "")
    print(f"{what}: {wanted} in each pair: {'yes' if held else 'NO'}")


def cold(public: Path, log: Path) -> None:
    """Seconds from the start of the command to the first page and the first answer."""
    for path in ("/", f"/api/datasets/{DATASET}/observations?state=TX&last=1"):
        times = []
        for _ in range(3):
            started = time.perf_counter()
            with borderstats(public, log) as here:
                httpx.get(here + path, timeout=30).raise_for_status()
                times.append(time.perf_counter() - started)
        print(f"cold start to {path.partition('?')[0]}: median {statistics.median(times):.2f} s (target 2)")


@contextlib.contextmanager
def plain(public: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        str(public),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(url, timeout=1)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def borderstats(public: Path, log: Path) -> Iterator[str]:
    with log.open("w") as errors:
        command = [sys.executable, "-m", "borderstats", "serve", str(public), "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            assert process.stdout is not None
            yield re.search(r"http://\S+?:\d+", process.stdout.readline())[0]  # type: ignore[index]
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def datasette(database: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(BIN / "datasette"), "-i", str(database), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{url}/-/versions.json", timeout=1)
                break
            time.sleep(0.1)
        yield url
    finally:
        process.kill()
        process.wait()


def compare(here: str, own_paths: list[str], there: str, peer_paths: list[str]) -> int:
    """How many rows both have; they must be the same figures."""
    count = 0
    for one, other in zip(own_paths, peer_paths, strict=True):
        values = []
        for url in (here + one, there + other):
            text = httpx.get(url, timeout=30).text
            values.append(sorted((row["period"], row["value"]) for row in csv.DictReader(io.StringIO(text))))
        assert values[0] == values[1], (one, len(values[0]), len(values[1]))
        count += len(values[0])
    return count


def load(
    url: str, paths: list[str], accept: str, folder: str, connections: int, seconds: int
) -> tuple[float, float, float]:
    """Requests a second, and milliseconds at the median and at the 99th percentile."""
    listed = ", ".join(f'"{path}"' for path in paths)
    script = Path(folder) / "paths.lua"
    script.write_text(
        f"paths = {{{listed}}}\nn = 0\nrequest = function()\n n = n % #paths + 1\n return wrk.format('GET', paths[n])\nend\n"
        "done = function(s, l, r)\n"
        " io.write(string.format('measured %f %f %f %d\\n', s.requests / (s.duration / 1e6), l:percentile(50) / 1e3, "
        "l:percentile(99) / 1e3, s.errors.status + s.errors.timeout + s.errors.read + s.errors.connect))\nend\n"
    )
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(script), url]
    if accept:
        command[1:1] = ["-H", f"Accept-Encoding: {accept}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rate, middle, worst, errors = re.search(r"measured (\S+) (\S+) (\S+) (\d+)", done.stdout).groups()  # type: ignore[union-attr]
    assert errors == "0", done.stdout
    return float(rate), float(middle), float(worst)


def keyed(here: str) -> None:
    """A key of the largest dataset as SDMX-ML, SDMX-JSON and CSV, each key asked for once in each form."""
    with httpx.Client(base_url=here) as client:
        for name, accept in (
            ("generic XML 2.1", "application/vnd.sdmx.genericdata+xml;version=2.1"),
            ("JSON 2.0", "application/vnd.sdmx.data+json;version=2.0.0"),
            ("CSV 2.0", "application/vnd.sdmx.data+csv;version=2.0.0"),
        ):
            times = []
            for state in STATES:
                for code in CITIZENSHIPS:
                    started = time.perf_counter()
                    response = client.get(
                        f"/sdmx/2.1/data/{DATASET}/M..{state}..{code}.", headers={"Accept": accept}
                    )
                    times.append((time.perf_counter() - started) * 1e3)
                    assert response.status_code in (200, 404)
            print(f"keyed SDMX query, {name}: median {statistics.median(times):.1f} ms (target 20)")


def conditional(here: str, paths: list[str], log: Path) -> None:
    """The server's own time for requests whose answer has not changed, from its log."""
    with httpx.Client(base_url=here) as client:
        tags = {path: client.get(path).headers["etag"] for path in paths}
        for path, tag in tags.items():
            assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    times = [line["ms"] for line in lines if line.get("status") == 304]
    print(f"conditional request: median {statistics.median(times):.2f} ms of server time (target 1)")


if __name__ == "__main__":
    main()
