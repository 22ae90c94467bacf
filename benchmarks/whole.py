"""Build the whole release of an office, `whole.py release OUT OFFICE`, or write its whole site, `whole.py site OUT`.

OFFICE is a folder with a standard and an archive; the release is built into OUT, and the site is that of the release there.
"""

import datetime
import shutil
import sys
import tempfile
import time
from pathlib import Path

from borderstats import pipeline
from borderstats.site import site


def build(out: Path, office: Path) -> float:
    """Seconds."""
    shutil.rmtree(out / "releases", ignore_errors=True)
    started = time.perf_counter()
    pipeline.build(office / "standard", office / "archive", datetime.date(2026, 11, 28), out / "releases")
    return time.perf_counter() - started


def write(out: Path) -> float:
    """Seconds."""
    (release,) = (out / "releases").glob("*/")
    with tempfile.TemporaryDirectory(dir=out) as folder:
        started = time.perf_counter()
        site.write(release, Path(folder) / "site")
        return time.perf_counter() - started


if __name__ == "__main__":
    print({"release": build, "site": write}[sys.argv[1]](*map(Path, sys.argv[2:])))
