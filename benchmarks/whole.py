"""Build the whole release of an office, or write the whole site of one: `whole.py release | site OFFICE`.

OFFICE is a folder with a standard and an archive.
"""

import datetime
import sys
import tempfile
import time
from pathlib import Path

from borderstats import pipeline
from borderstats.site import site


def main(task: str, office: Path) -> None:
    """Run once."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        release = pipeline.build(
            office / "standard", office / "archive", datetime.date(2026, 1, 1), Path(folder) / "releases"
        )
        if task == "site":
            started = time.perf_counter()
            site.write(release.path, Path(folder) / "site")
        print(time.perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
