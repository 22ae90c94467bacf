"""Read `standard/` into frozen values; every error names the file and the path in it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from borderstats.errors import StandardError
from borderstats.periods import Calendar
from borderstats.standard import decode, files
from borderstats.standard.check import contradictions
from borderstats.standard.codelists import CodeList
from borderstats.standard.model import Standard


def load(folder: Path) -> Standard:
    """The whole standard in `folder`, cross-checked.

    It must have an office, concepts, code lists, datasets and sources; every other file may be absent.

    Raises StandardError with one line for each thing that is wrong: first what cannot be read, then, once all
    can be read, every reference that leads nowhere.
    """
    if not (folder / "concepts.toml").is_file():
        raise StandardError(
            [
                f"{folder}: no standard here (concepts.toml is missing); run borderstats in the project's folder or give --standard"
            ]
        )
    read, hashes = _Reader(folder), _hashes(folder)
    announced = read.toml("provisions.toml")
    standard = Standard(
        calendar=read.toml("calendar.toml") or Calendar(),
        concepts=read.toml("concepts.toml") or {},
        codelists={
            path.stem: CodeList(path.stem, read.rows(f"codelists/{path.name}"))
            for path in sorted((folder / "codelists").glob("*.csv"))
        },
        datasets=read.by_id("datasets"),
        sources=read.by_id("sources"),
        breaks=read.rows("breaks.csv"),
        checks=read.rows("checks.csv"),
        cited=read.rows("cited.csv"),
        measures=read.rows("measures.csv"),
        waivers=read.rows("waivers.csv"),
        headlines=getattr(read.toml("home.toml"), "headlines", ()),
        topics=getattr(read.toml("topics.toml"), "topics", ()),
        document=getattr(announced, "document", None),
        provisions=getattr(announced, "provisions", ()),
        milestones=read.rows("milestones.csv"),
        searched=read.rows("searched.csv"),
        parameters=read.rows("parameters.csv"),
        reconciliations=getattr(read.toml("reconciliations.toml"), "reconciliations", ()),
        joined=getattr(read.toml("joined.toml"), "joined", ()),
        families=read.by_id("records"),
        layouts=read.by_id("layouts"),
        tables=read.by_id("tables"),
        protections=getattr(read.toml("protection.toml"), "protections", ()),
        simulation=read.toml("simulation.toml"),
        office=read.toml("office.toml"),
        announcements=read.rows("announcements.csv"),
        versions=read.rows("versions.csv"),
        hash=_overall(hashes),
        files=hashes,
    )
    findings = [*read.findings, *_unknown(folder)] or list(contradictions(standard))
    if findings:
        raise StandardError(f"{folder.name}/{finding}" for finding in findings)
    return standard


@dataclass(frozen=True)
class _Reader:
    """Reads the files of a standard, and keeps what is wrong with them."""

    folder: Path
    findings: list[str] = field(default_factory=list)

    def toml(self, name: str) -> Any:
        """What stands in a TOML file; None if it cannot be read, or is not there and need not be."""
        path = self.folder / name
        if not path.exists():
            if name in files.REQUIRED:
                self.findings.append(f"{name}: missing; a standard cannot do without it")
            return None
        try:
            return decode.toml(path.read_bytes(), files.holds(name))
        except (decode.DecodeError, OSError) as error:
            self.findings.append(f"{name}: {error}")
            return None

    def by_id(self, folder: str) -> dict[str, Any]:
        """What stands in the TOML files of a folder, each called as it is itself."""
        found = {}
        for path in sorted((self.folder / folder).glob("*.toml")):
            name = f"{folder}/{path.name}"
            if one := self.toml(name):
                if one.id != path.stem:
                    self.findings.append(
                        f"{name}: $.id: {one.id!r} is not the name of its file; they must be equal"
                    )
                found[path.stem] = one
        return found

    def rows(self, name: str) -> tuple[Any, ...]:
        """The rows of a CSV file; none if there is no such file."""
        path = self.folder / name
        if not path.exists():
            return ()
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.findings.append(f"{name}: {error}")
            return ()
        found = list(decode.rows(text, files.holds(name)))
        self.findings.extend(f"{name}: {one}" for one in found if isinstance(one, str))
        return tuple(one for one in found if not isinstance(one, str))


def _unknown(folder: Path) -> Iterator[str]:
    """Files that would be overlooked: their names are slips of the pen, as those of optional files can be."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".toml", ".csv"))
    for name in (path.relative_to(folder).as_posix() for path in paths):
        if not files.holds(name):
            yield f"{name}: no part of a standard; known are {', '.join(files.FILES)}"


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each of the standard's files by its path, in the order of their paths."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".toml", ".csv")
    }


def _overall(hashes: Mapping[str, str]) -> str:
    """SHA-256 over the paths and hashes of all files."""
    digest = hashlib.sha256()
    for path, sha256 in hashes.items():
        digest.update(path.encode() + b"\0" + bytes.fromhex(sha256))
    return digest.hexdigest()
