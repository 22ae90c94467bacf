"""What a release says of published figures: reproduced by a dataset, carried as a cited figure, or left over.

It reads the release alone, so that anybody can repeat it on a copy.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from borderstats import periods
from borderstats.errors import InputError, ReleaseError
from borderstats.package import manifest as manifests
from borderstats.periods import Calendar
from borderstats.standard.codelists import TOTAL

State = Literal["reproduced", "cited", "left over"]
_COLUMNS = ("id", "measure", "component", "geography", "dimension", "period", "value")
"""The columns that a list of further figures must have; it may have others."""


@dataclass(frozen=True)
class Outcome:
    """What came of one published figure, and the words for it."""

    id: str
    period: str
    value: float
    state: State
    words: str


@dataclass(frozen=True)
class Published:
    """The parts of a release that answer for published figures."""

    folder: Path

    def json(self, name: str) -> Any:
        try:
            return msgspec.json.decode((self.folder / name).read_bytes())
        except (OSError, msgspec.DecodeError) as error:
            raise ReleaseError(
                f"{self.folder / name}: missing or broken ({error}); build the release again"
            ) from None

    @cached_property
    def standard(self) -> Mapping[str, Any]:
        return dict(self.json("standard.json"))

    @cached_property
    def calendar(self) -> Calendar:
        try:
            return msgspec.convert(self.standard.get("calendar"), Calendar)
        except msgspec.ValidationError as error:
            raise ReleaseError(
                f"{self.folder / 'standard.json'}: calendar missing or broken ({error}); build the release again"
            ) from None

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        return tuple(self.json("release.json")["datasets"])

    @cached_property
    def waived(self) -> dict[str, str]:
        """The waiver of each check value that the gate lets pass although it differs: such a figure is cited."""
        return {
            finding["text"].split(":")[0]: finding["waiver"]
            for gate in self.json("gates.json")
            if gate["rule"] == "check_values"
            for finding in gate["waived"]
        }

    def value(self, dataset: str, key: Mapping[str, str], period: str) -> float | None:
        """The dataset's figure at a key (all else at its total); of a flow without it, its months together.

        None where there is none, or a part of it is not told.
        """
        table = self._tables.setdefault(dataset, self._table(dataset))
        meta, latest = table
        flags = np.ones(latest.num_rows, bool)
        for dimension in meta["dimensions"]:
            code = key.get(dimension["id"], TOTAL)
            if code != TOTAL or dimension["total"] == "published":
                flags &= pc.equal(latest[dimension["id"]], code).to_numpy(zero_copy_only=False)
        exact = flags & pc.equal(latest["period"], period).to_numpy(zero_copy_only=False)
        if not exact.any() and meta["measure"] == "flow":
            months = [periods.text(month) for month in self.calendar.parts(periods.parse(period), "month")]
            in_months = pc.is_in(latest["period"], pa.array(months, pa.string()))
            exact = flags & in_months.to_numpy(zero_copy_only=False)
        rows = latest.filter(pa.array(exact))
        empty = set(rows.filter(rows["value"].is_null())["status"].to_pylist())
        if empty - self._inapplicable:
            return None
        figures = rows["value"].drop_null()
        if len(figures):
            return float(pc.sum(figures).as_py())
        # Where every source calls an absent row a zero, a period that is covered has a zero.
        zero = all(source["absent_rows"] == "zero" for source in meta["sources"])
        return 0.0 if zero and pc.any(pc.equal(latest["period"], period)).as_py() else None

    @cached_property
    def _inapplicable(self) -> frozenset[str]:
        """The statuses of cells that can have no figure: they count nothing, where others leave a sum unknown."""
        statuses = self.standard["statuses"]
        return frozenset(one["code"] for one in statuses if one["role"] == "not_applicable")

    @cached_property
    def _tables(self) -> dict[str, tuple[Mapping[str, Any], pa.Table]]:
        return {}

    def _table(self, dataset: str) -> tuple[Mapping[str, Any], pa.Table]:
        folder = self.folder / "data" / dataset
        return self.json(f"data/{dataset}/metadata.json"), parquet.read_table(folder / "latest.parquet")


def what(*parts: str) -> str:
    """What a figure is, from its component, geography, dimension and note: empty parts and plain totals left out."""
    return ", ".join(part for part in parts if part and part != "total")


def outcomes(release: Path) -> Iterator[Outcome]:
    """What came of every published figure of the release's own standard. ReleaseError if the folder is none."""
    manifests.read(release)
    published = Published(release)
    for check in published.standard["checks"]:
        yield _outcome(published, check)


def _outcome(published: Published, check: Mapping[str, Any]) -> Outcome:
    name, period, wanted = check["id"], check["period"], check["value"]
    if check["dataset"] not in published.datasets:
        said = what(*(check[column] for column in _COLUMNS[1:5]), check["note"])
        return Outcome(name, period, wanted, "cited", f"{said}; {check['source']}".strip("; "))
    found = published.value(check["dataset"], check["key"], period)
    if found is not None and abs(found - wanted) <= check["tolerance"]:
        return Outcome(name, period, wanted, "reproduced", f"by {check['dataset']}")
    if name in published.waived:
        words = f"{check['dataset']} has {found:,.12g}, waived ({published.waived[name]}); {check['source']}"
        return Outcome(name, period, wanted, "cited", words)
    return Outcome(name, period, wanted, "left over", f"{check['dataset']} has {found}")


def further(release: Path, name: str, data: bytes) -> Iterator[Outcome]:
    """What came of the figures in a list of columns id, measure, component, geography, dimension, period, value.

    The standard's measures say which dataset and key a figure means. A figure that no dataset gives is cited if the
    release carries it, and left over otherwise. Raises InputError if the list cannot be read.
    """
    manifests.read(release)
    published = Published(release)
    measures: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in published.standard["measures"]:
        measures.setdefault(_words(row), []).append(row)
    cited: dict[str, list[float]] = {}
    for check in published.standard["checks"]:
        cited.setdefault(check["period"], []).append(check["value"])
    for row in _rows(name, data):
        yield _further(published, measures, cited, row)


def _further(
    published: Published,
    measures: Mapping[tuple[str, ...], Iterable[Mapping[str, Any]]],
    cited: Mapping[str, Iterable[float]],
    row: Mapping[str, str],
) -> Outcome:
    """A figure is reproduced if any of the datasets that hold its measure gives it."""
    name, period, wanted = row["id"], row["period"], float(row["value"])
    others = []
    for measure in measures.get(_words(row), ()) if _is_period(period) else ():
        dataset = measure["dataset"]
        found = published.value(dataset, measure["key"], period) if dataset in published.datasets else None
        if found is not None:
            if abs(found - wanted) <= measure["tolerance"]:
                return Outcome(name, period, wanted, "reproduced", f"by {dataset}")
            others.append(f"{dataset} has {found:,.12g}")
    if wanted in cited.get(period, ()):
        return Outcome(name, period, wanted, "cited", "the release carries this figure as a cited one")
    words = "; ".join(others) or "no dataset and no cited figure of this period"
    return Outcome(name, period, wanted, "left over", words)


def _words(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Measure, component, geography and dimension, by which a figure is known."""
    return tuple(str(row[column]).casefold() for column in _COLUMNS[1:5])


def _is_period(text: str) -> bool:
    try:
        periods.parse(text)
    except ValueError:
        return False
    return True


def _rows(name: str, data: bytes) -> Iterator[Mapping[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
            raise InputError(
                f"{name}: row 1: column {', '.join(sorted(missing))} is missing; a list of figures has {', '.join(_COLUMNS)}"
            )
        for row in reader:
            if None in row.values():
                raise InputError(f"{name}: row {reader.line_num}: too few cells")
            try:
                float(row["value"])
            except ValueError:
                raise InputError(
                    f"{name}: row {reader.line_num}, column 'value': {row['value']!r} is not a number"
                ) from None
            yield row
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{name}: cannot be read as a CSV in UTF-8 ({error})") from None
