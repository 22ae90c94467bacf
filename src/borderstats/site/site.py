"""Write the static site of a release: pages that are complete without a script, and the files they link to.

It reads the release folder only. The same release gives the same bytes: no clock, no randomness, no network.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from borderstats.errors import ReleaseError
from borderstats.formats import feed
from borderstats.package import addresses, read
from borderstats.package.manifest import NAME as MANIFEST
from borderstats.package.manifest import Manifest
from borderstats.package.model import Package
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
)
from borderstats.site.pages import dataset as dataset_page
from borderstats.words import labels, messages, periods

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = "site.css"
_SIGNATURE = "signature.json"


@dataclass(frozen=True)
class Site:
    """A site on the disk: its folder, its number of pages, its first headline as a sentence, its language."""

    path: Path
    pages: int
    headline: str
    language: str


def write(release: Path, out: Path, published: Collection[Manifest] = ()) -> Site:
    """Write the site of a release folder into `out`; an earlier site there is replaced once the new one is whole.

    `published`: the releases of the public folder that the site is for, this one among them; its feed lists them.

    Raises ReleaseError if the folder is no release, a file of it is missing or broken, or `out` holds anything
    but an earlier site.
    """
    package = read.package(release)
    _check_target(release, out)
    by_dataset = {
        name: figures.facts(dataset, package.standard.calendar, package.standard.provisional)
        for name, dataset in package.datasets.items()
    }
    with _building(out) as folder:
        answers = home.answers(package, by_dataset)
        count = 0
        for path, text in _pages(package, by_dataset, answers):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
            count += 1
        shutil.copyfile(Path(__file__).parent / _STYLE, folder / _STYLE)
        (folder / feed.NAME).write_bytes(feed.document(package, published))
        _copy_files(package, release, folder)
        _swap(folder, out)
    headline = answers[0].sentence if answers else ""
    return Site(out, count, headline, package.standard.office.languages[0])


def _pages(
    package: Package, by_dataset: Mapping[str, figures.Facts], answers: tuple[home.Answer, ...]
) -> Iterator[tuple[str, str]]:
    templates, menu = environment(), _menu(package)

    def render(path: str, template: str, context: Mapping[str, Any]) -> tuple[str, str]:
        page = templates.get_template(template)
        up = "../" * path.count("/")
        return path, page.render(
            package=package,
            office=package.standard.office,
            language=package.standard.office.languages[0],
            program=package.provisions[0].document if package.provisions else None,
            menu=menu,
            root=up,
            page=path,
            **context,
        )

    yield render("index.html", "home.html", home.context(package, answers, by_dataset))
    for name, facts in by_dataset.items():
        yield render(addresses.dataset(name), "dataset.html", dataset_page.context(package, facts))
    for defined in dataset_page.empty(package):
        yield render(
            addresses.dataset(defined.id), "empty.html", dataset_page.without_figures(package, defined)
        )
    if package.provisions:
        yield render("provisions.html", "provisions.html", provisions.overview(package))
    for provision in package.provisions:
        yield render(addresses.provision(provision), "provision.html", provisions.context(package, provision))
    if package.reconciliations:
        yield render("reconciliation.html", "reconciliation.html", reconciliation.context(package))
    if package.joined:
        yield render("joined.html", "joined.html", joined.context(package))
    yield render("reporting.html", "reporting.html", reporting.context(package))
    if package.cited:
        yield render("cited.html", "cited.html", cited.context(package))
    for one in source.used(package):
        yield render(addresses.source(one.id), "source.html", source.context(package, one))
    yield render("revisions.html", "revisions.html", revisions.context(package))
    yield render("quality.html", "quality.html", quality.context(package))
    yield render("method.html", "method.html", method.context(package))


def _menu(package: Package) -> list[tuple[str, str]]:
    """The pages that every page leads to, with their names: those that the release has something for."""
    pages = (
        ("index.html", "menu.home", True),
        ("provisions.html", "menu.provisions", package.provisions),
        ("reconciliation.html", "menu.reconciliation", package.reconciliations),
        ("reporting.html", "menu.reporting", True),
        ("revisions.html", "menu.revisions", True),
        ("quality.html", "menu.quality", True),
        ("method.html", "menu.method", True),
    )
    return [(path, messages.text(name)) for path, name, there in pages if there]


def _counted(key: str, amount: int, **values: object) -> Markup:
    """A message about an amount as HTML, its values escaped."""
    return Markup(messages.plural(key, amount)) % {"num": f"{amount:,}", **values}  # noqa: S704 (our own words)


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
    environment.globals["counted"] = _counted
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


def _copy_files(package: Package, release: Path, folder: Path) -> None:
    """Every file of the release under its own path, so that what the files say of each other is true in the site, too.

    Copies: nothing done to the site can touch the release.
    """
    paths = [*package.files, MANIFEST]
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
