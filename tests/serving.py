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
    """A running server: its address, its public folder, its release, its log."""

    url: str
    public: Path
    release: str
    process: subprocess.Popen
    log: Path

    def get(self, path, **headers):
        return httpx.get(self.url + path, headers=headers, timeout=30)


@contextlib.contextmanager
def serving(public, log):
    """The command `borderstats serve` on any free port; killed at the end."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("borderstats")), "serve", str(public), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            line = process.stdout.readline()
            found = re.search(r"http://\S+:\d+", line)
            assert found, line + log.read_text()
            yield Served(found[0], public, public_folder.pointer(public).release, process, log)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
