"""Build the whole release, or write the whole site of one: whole.py release | site."""

import datetime
import sys
import tempfile
import time
from pathlib import Path

from borderstats import pipeline
from borderstats.site import site

with tempfile.TemporaryDirectory() as folder:
    started = time.perf_counter()
    release = pipeline.build(
        Path("standard"), Path("archive"), datetime.date(2026, 1, 1), Path(folder) / "releases"
    )
    if sys.argv[1] == "site":
        started = time.perf_counter()
        site.write(release.path, Path(folder) / "site")
    print(time.perf_counter() - started)
