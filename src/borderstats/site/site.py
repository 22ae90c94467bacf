"""Write the static site of a release: pages that are complete without a script, and the files they link to.

It reads the release folder only. The same release gives the same bytes: no clock, no randomness, no network.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from borderstats.errors import ReleaseError
from borderstats.formats import described, feed
from borderstats.package import addresses, read
from borderstats.package.manifest import NAME as MANIFEST
from borderstats.package.manifest import Manifest
from borderstats.package.model import Package
from borderstats.package.notices import Notice
from borderstats.site import figures
from borderstats.site.pages import (
    cited,
    home,
    joined,
    method,
    provisions,
    quality,
    reconciliation,
    reporting,
    revisions,
    source,
    topic,
)
from borderstats.site.pages import dataset as dataset_page
from borderstats.words import labels, messages, periods

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE, NOTICES_SCRIPT = "site.css", "notices.js"
_SIGNATURE = "signature.json"


@dataclass(frozen=True)
class Site:
    """A site on the disk: its folder, its number of pages, its first headline as a sentence."""

    path: Path
    pages: int
    headline: str


@dataclass(frozen=True)
class Place:
    """Where pages stand: alone, or in a public folder, to whose root `up` leads from theirs.

    `permanent`: under the address where those of their release stay as they are.
    """

    up: str | None = None
    permanent: bool = False


ALONE, NEWEST, PERMANENT = Place(), Place(""), Place("../../", permanent=True)


@dataclass(frozen=True)
class Pages:
    """All pages of a release with what they show, to be written for one place or another."""

    package: Package
    shown: Sequence[tuple[str, str, Mapping[str, Any]]]
    headline: str

    def written(self, place: Place, notices: Sequence[Notice] = ()) -> Iterator[tuple[str, bytes]]:
        """The bytes of each page and of what it needs, by its path. `notices`: those that pages which do not stay show, too."""
        for path, template, context in self.shown:
            shown = {**context, "said": notices}
            yield path, rendered(self.package, path, template, shown, place).encode()
        for name in (_STYLE, *((NOTICES_SCRIPT,) if place.permanent else ())):
            yield name, (Path(__file__).parent / name).read_bytes()


def pages(release: Path) -> Pages:
    """The pages of a release folder. Raises ReleaseError if it is none, or a file of it is missing or broken."""
    package = read.package(release)
    by_dataset = {
        name: figures.facts(dataset, package.standard.calendar, package.standard.provisional)
        for name, dataset in package.datasets.items()
    }
    answers = home.answers(package, by_dataset)
    headline = answers[0].sentence if answers else ""
    return Pages(package, tuple(_pages(package, by_dataset, answers)), headline)


def write(release: Path, out: Path) -> Site:
    """Write the site of a release folder into `out`; an earlier site there is replaced once the new one is whole.

    Raises ReleaseError if the folder is no release, a file of it is missing or broken, or `out` holds anything
    but an earlier site.
    """
    made = pages(release)
    _check_target(release, out)
    with _building(out) as folder:
        put(folder, made.written(ALONE))
        put(folder, [(feed.NAME, feed.document(made.package))])
        copy_files(made.package.manifest, release, folder)
        _swap(folder, out)
    return Site(out, len(made.shown), made.headline)


def _pages(
    package: Package, by_dataset: Mapping[str, figures.Facts], answers: tuple[home.Answer, ...]
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each page with its template and what that shows."""
    yield ("index.html", "home.html", home.context(package, answers, by_dataset))
    for name, facts in by_dataset.items():
        yield (addresses.dataset(name), "dataset.html", dataset_page.context(package, facts))
    for defined in dataset_page.empty(package):
        yield (addresses.dataset(defined.id), "empty.html", dataset_page.without_figures(package, defined))
    if package.provisions:
        yield ("provisions.html", "provisions.html", provisions.overview(package))
    for provision in package.provisions:
        yield (addresses.provision(provision), "provision.html", provisions.context(package, provision))
    if package.reconciliations:
        yield ("reconciliation.html", "reconciliation.html", reconciliation.context(package))
    if package.joined:
        yield ("joined.html", "joined.html", joined.context(package))
    subjects = topic.subjects(package, by_dataset)
    if subjects:
        yield ("topics.html", "topics.html", topic.overview(by_dataset, subjects))
    for subject in subjects:
        yield (subject.path, "topic.html", topic.context(package, by_dataset, subject))
    yield ("reporting.html", "reporting.html", reporting.context(package))
    if package.cited:
        yield ("cited.html", "cited.html", cited.context(package))
    for one in source.used(package):
        yield (addresses.source(one.id), "source.html", source.context(package, one))
    yield ("revisions.html", "revisions.html", revisions.context(package))
    yield ("quality.html", "quality.html", quality.context(package))
    yield ("method.html", "method.html", method.context(package))


def rendered(
    package: Package,
    path: str,
    template: str,
    context: Mapping[str, Any],
    place: Place,
    *,
    stays: bool = True,
) -> str:
    """A page of a release, by its path from where its pages stand. `stays`: whether it has a permanent address, too."""
    root = "../" * path.count("/")
    page: str = (
        environment()
        .get_template(template)
        .render(
            package=package,
            office=package.standard.office,
            language=package.standard.office.languages[0],
            program=package.provisions[0].document if package.provisions else None,
            menu=_menu(package),
            root=root,
            public=None if place.up is None else root + place.up,
            permanent=place.permanent,
            stays=stays,
            page=path,
            **{"said": (), **context},
        )
    )
    return page


def put(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into a folder, each under its path."""
    for path, data in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _menu(package: Package) -> list[tuple[str, str]]:
    """The pages that every page leads to, with their names: those that the release has something for."""
    pages = (
        ("index.html", "menu.home", True),
        ("topics.html", "menu.topics", _has_topics(package)),
        ("provisions.html", "menu.provisions", package.provisions),
        ("reconciliation.html", "menu.reconciliation", package.reconciliations),
        ("reporting.html", "menu.reporting", True),
        ("revisions.html", "menu.revisions", True),
        ("quality.html", "menu.quality", True),
        ("method.html", "menu.method", True),
    )
    return [(path, messages.text(name)) for path, name, there in pages if there]


def _has_topics(package: Package) -> bool:
    """Whether a dataset of the pages of places and groups is there."""
    return any(
        one.dataset in package.datasets for topic in package.standard.topics for one in topic.headlines
    )


def _counted(key: str, amount: int, **values: object) -> Markup:
    """A message about an amount as HTML, its values escaped."""
    return Markup(messages.plural(key, amount)) % {"num": f"{amount:,}", **values}  # noqa: S704 (our own words)


@cache
def environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        extensions=["jinja2.ext.i18n"],
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        messages.message, lambda key, _, amount: messages.plural(key, amount), newstyle=True
    )
    environment.globals.update(
        counted=_counted,
        permanent_address=described.permanent,
        kept_address=addresses.permanent,
        notices_address=addresses.notices,
    )
    environment.filters.update(
        noun=periods.noun,
        nouns=periods.nouns,
        named=lambda value, family: messages.named(family, value),
        number=labels.number,
        signed=labels.signed,
        date=labels.date,
        as_of=labels.as_of,
        period=labels.period,
        size=labels.size,
        coded=labels.coded,
        sentence=labels.sentence,
        stopped=labels.stopped,
        address=labels.address,
        lowered=labels.lowered,
    )
    return environment


def copy_files(manifest: Manifest, release: Path, folder: Path) -> None:
    """Every file of the release under its own path, so that what the files say of each other is true in the site, too.

    Copies: nothing done to the site can touch the release.
    """
    paths = [*(file.path for file in manifest.files), MANIFEST]
    if (release / _SIGNATURE).exists():
        paths.append(_SIGNATURE)
    for path in paths:
        source = release / path
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not source.is_file():
            raise ReleaseError(f"{source}: missing from the release; build it again")
        shutil.copyfile(source, target)


def _check_target(release: Path, out: Path) -> None:
    inside = out.resolve().is_relative_to(release.resolve())
    if inside or release.resolve().is_relative_to(out.resolve()):
        raise ReleaseError(f"{out}: the site and the release {release} must not lie in each other")
    if out.exists() and not (out.is_dir() and (_is_site(out) or not any(out.iterdir()))):
        raise ReleaseError(
            f"{out}: holds something else than a site of borderstats; give another folder or move it away"
        )


def _is_site(folder: Path) -> bool:
    # Sites of before have the manifest in data/.
    manifests = (folder / MANIFEST, folder / "data" / MANIFEST)
    return (folder / _STYLE).is_file() and any(path.is_file() for path in manifests)


@contextmanager
def _building(out: Path) -> Iterator[Path]:
    """An empty folder beside `out`, gone again unless it has been swapped into place."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = out.with_name(f".{out.name}.building-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _swap(folder: Path, out: Path) -> None:
    """Two renames, so that `out` is the old site, for an instant nothing, then the new site: never half of one."""
    if not out.exists():
        folder.rename(out)
        return
    old = out.with_name(f".{out.name}.replaced-{os.getpid()}")
    out.rename(old)
    try:
        folder.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
