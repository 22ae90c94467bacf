"""The real server on loopback."""

import contextlib
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from borderstats.package import public_folder


@dataclass(frozen=True)
class Served:
    """A running server: its address, that of its meters, its public folder, its release, its log."""

    url: str
    meters: str
    public: Path
    release: str
    process: subprocess.Popen
    log: Path

    def get(self, path, **headers):
        return httpx.get(self.url + path, headers=headers, timeout=30)


@contextlib.contextmanager
def serving(public, log, *options):
    """The command `borderstats serve` on any free port; killed at the end."""
    command = [Path(sys.executable).with_name("borderstats"), "serve", public]
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*map(str, command), "--port", "0", "--metrics", "0", *options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            lines = process.stdout.readline() + process.stdout.readline()
            found = re.findall(r"http://\S+:\d+(?:/metrics)?", lines)
            assert len(found) == 2, lines + log.read_text()
            yield Served(*found, public, public_folder.pointer(public).release, process, log)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
