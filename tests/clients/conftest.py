"""Two releases of the second office under every kind of address at which anybody may meet them."""

import datetime
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from borderstats import pipeline
from borderstats.package import read
from borderstats.package.model import Package
from borderstats.serve import exact
from borderstats.site import publish
from borderstats.site import site as publishing
from plain_host import plain_host
from serving import serving

OFFICE = Path(__file__).parents[1] / "second_office"
DATES = datetime.date(2025, 8, 1), datetime.date(2025, 9, 1)

HOSTS = ("release", "site", "public", "prefix", "permanent", "server", "server-permanent")
"""A release folder, a site and a public folder on a plain host, that folder below a path, a release in it, the server."""


@dataclass(frozen=True)
class Host:
    """An address, the folder that lies there, and the address that the publisher's own stands for, if its pages are there."""

    url: str
    folder: Path
    home: str


@dataclass(frozen=True)
class Office:
    """The newer of two releases, its folder, and every host of it by name."""

    package: Package
    release: Path
    hosts: dict[str, Host]


@pytest.fixture(scope="session")
def office_folders(once):
    """Both releases, the site of the newer one, and the public folder of both."""

    def make(out):
        for date in DATES:
            made = pipeline.build(OFFICE / "standard", OFFICE / "archive", date, out / "releases").path
            publish.write(made, out / "public", exact.documents(made))
        publishing.write(made, out / "site")
        return out

    return once("clients-office", make)


@pytest.fixture(scope="session")
def at(office_folders, tmp_path_factory):
    """Every host of the second office, running."""
    work = tmp_path_factory.mktemp("hosts")
    public, site = office_folders / "public", office_folders / "site"
    release = max((office_folders / "releases").iterdir())
    older = f"releases/{min(path.name for path in (office_folders / 'releases').iterdir())}/"
    with ExitStack() as running:

        def host(name, folder, prefix=""):
            return running.enter_context(plain_host(folder, work / name, prefix))

        root, below = host("public", public), host("prefix", public, "/statistics/of/ports")
        served = f"{running.enter_context(serving(public, work / 'log.jsonl')).url}/"
        own = host("site", site)
        hosts = {
            "release": Host(host("release", release), release, ""),
            # A site alone cites what is in the public folder of its publisher.
            "site": Host(own, site, root),
            "public": Host(root, public, root),
            "prefix": Host(below, public, below),
            "permanent": Host(root + older, public / older, root),
            "server": Host(served, public, served),
            "server-permanent": Host(served + older, public / older, served),
        }
        yield Office(read.package(release), release, hosts)


@pytest.fixture(params=HOSTS)
def host(request, at):
    """Each host, one after the other."""
    return at.hosts[request.param]
